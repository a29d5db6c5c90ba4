"""The figures of the reports beside ours, report by report and table by table."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

import duckdb

from orchestration import words
from orchestration.errors import GreenparkError
from orchestration.serving import evidence, output, query
from orchestration.serving.codes import Codes


def select(
    connection: duckdb.DuckDBPyConnection,
    sections: Sequence[str] = (),
    report_id: str | None = None,
) -> list[dict[str, Any]]:
    """The rows of `quality.reconciliation` in the order of the report, of one or of all reports.

    `sections` such as `2.1` or `3` also take in the sections below them. Raises GreenparkError
    for a report there is not, or a section that none has.
    """
    query.need_table(connection, "quality", "reconciliation")
    rows = query.records(connection, "select * from quality.reconciliation")
    if report_id:
        reports = sorted({row["report_id"] for row in rows})
        if report_id not in reports:
            raise GreenparkError(
                f"there is no report {report_id}",
                f"the reports there are: {', '.join(reports) or 'none'}",
            )
        rows = [row for row in rows if row["report_id"] == report_id]
    rows.sort(
        key=lambda row: (
            row["report_id"],
            _natural(row["section"]),
            _natural(row["table_or_figure"]),
            _natural(row["figure_id"]),
        )
    )
    known = list(dict.fromkeys(row["section"] or "" for row in rows))
    for section in sections:
        if not any(_within(name, section) for name in known):
            raise GreenparkError(
                f"no figure of the report is in section {section}",
                f"the sections there are: {', '.join(known) or 'none'}",
            )
    return [
        row
        for row in rows
        if not sections or any(_within(row["section"] or "", section) for section in sections)
    ]


def computed(rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rows that have a computed value or computed words."""
    return [
        row
        for row in rows
        if row["computed_value"] is not None or row.get("computed_text") is not None
    ]


def count_line(rows: Sequence[dict[str, Any]], shown: int, codes: Codes) -> str:
    """What agreement is worth, how many figures differ, and how many of them are not shown."""
    say = words.Speaker(codes.lang)
    text = say("{figures} figures. {counts}").format(
        figures=len(rows), counts=evidence.line(evidence.count(rows), codes)
    )
    if hidden := len(rows) - shown:
        note = say(" ({hidden} without a computed value not shown; --all shows them)")
        text += note.format(hidden=hidden)
    return text


def lists(
    connection: duckdb.DuckDBPyConnection, rows: Sequence[dict[str, Any]]
) -> list[dict[str, Any]]:
    """The lists of names of which a figure is among `rows`, from `quality.list_agreement`."""
    if not query.has_table(connection, "quality", "list_agreement"):
        return []
    return query.records(
        connection,
        """
        with shown as (select unnest(?) as report_id, unnest(?) as figure_id)
        select list_agreement.*
        from quality.list_agreement
        where exists (
            select 1 from shown
            where
                shown.report_id = list_agreement.report_id
                and starts_with(shown.figure_id, list_agreement.figure_prefix)
        )
        order by list_agreement.report_id, list_agreement.list_id
        """,
        [[row["report_id"] for row in rows], [row["figure_id"] for row in rows]],
    )


DIFFERENCE = 7  # its place among the columns of a figure


def titles(
    connection: duckdb.DuckDBPyConnection, rows: Sequence[dict[str, Any]], lang: str
) -> dict[str, str]:
    """What each report is headed with where there are several; nothing for one alone."""
    found = sorted({row["report_id"] for row in rows})
    if len(found) < 2 or not query.has_table(connection, "reference", "reports"):
        return {}
    named = query.records(connection, "select * from reference.reports")
    return {row["report_id"]: f"{row[f'title_{lang}']} ({row['report_id']})" for row in named}


def render_lists(found: Sequence[dict[str, Any]], codes: Codes, fmt: str, width: int | None) -> str:
    """The lists, false positives counted, as `table` or `markdown`; nothing if there are none."""
    if not found:
        return ""
    say = words.Speaker(codes.lang)
    lines = [
        [
            row[f"label_{codes.lang}"],
            evidence.said(codes, "evidence", row["evidence"] or ""),
            row["listed"],
            row["found"],
            row["false_positives"],
            row["missed"],
            f"{row['precision_share']:.0%}" if row["precision_share"] is not None else None,
            f"{row['recall_share']:.0%}" if row["recall_share"] is not None else None,
        ]
        for row in found
    ]
    heading = say("Lists of names")
    columns = say.each(
        "list", "evidence", "listed", "found", "false positives", "missed", "precision", "recall"
    )
    if fmt == "markdown":
        sink = _Text()
        output.write_markdown(sink, columns, lines)
        return f"## {heading}\n\n{sink.text}"
    return f"{heading}\n{output.table(columns, lines, width)}"


def render(
    rows: Sequence[dict[str, Any]],
    codes: Codes,
    fmt: str,
    width: int | None,
    titles: Mapping[str, str] | None = None,
) -> str:
    """The figures grouped by table or figure of the report, as `table` or `markdown`.

    `titles` head each report, by its id.
    """
    say = words.Speaker(codes.lang)
    columns = say.each(
        "figure",
        "of",
        "year",
        "indicator",
        "as published",
        "computed",
        "unit",
        "difference",
        "relative",
        "evidence",
        "status",
        "explanation",
    )
    blocks = []
    before = None
    for (report_id, section, name), group in groupby(
        rows, key=lambda row: (row["report_id"], row["section"], row["table_or_figure"])
    ):
        if report_id != before and titles and report_id in titles:
            blocks.append(f"{'# ' if fmt == 'markdown' else ''}{titles[report_id]}\n")
        before = report_id
        lines = [_line(row, codes) for row in group]
        if fmt == "markdown":
            sink = _Text()
            output.write_markdown(sink, columns, lines)
            blocks.append(f"## {section} {name}\n\n{sink.text}")
        else:
            blocks.append(f"{section} {name}\n{_tables(columns, lines, width)}")
    return "\n".join(blocks)


def _tables(columns: Sequence[str], lines: Sequence[Sequence[Any]], width: int | None) -> str:
    """The figures side by side, and below them the explanations, which are sentences.

    The difference is left out: the relative one says as much.
    """
    kept = [place for place in range(len(columns) - 1) if place != DIFFERENCE]
    drawn = output.table(
        [columns[place] for place in kept],
        [[line[place] for place in kept] for line in lines],
        width,
    )
    explained = [[line[0], line[-1]] for line in lines if line[-1]]
    if explained:
        drawn += "\n" + output.table([columns[0], columns[-1]], explained, width)
    return drawn


class _Text:
    def __init__(self) -> None:
        self.text = ""

    def write(self, text: str) -> None:
        self.text += text


def _line(row: dict[str, Any], codes: Codes) -> list[Any]:
    relative = row["relative_difference"]
    return [
        row["figure_id"],
        codes("entity", row["entity"])
        if row["entity"]
        else codes("region_code", row["region_code"]),
        row["year"],
        codes("indicator", row["indicator"]),
        row["published_text"] or output.number(row["published_value"]),
        row.get("computed_text") or output.number(row["computed_value"]),
        codes("unit", row["unit"]) if row["unit"] else None,
        output.number(row["difference"]),
        None if relative is None else f"{relative:+.2%}",
        evidence.said(codes, "evidence", row.get("evidence") or ""),
        evidence.said(codes, "status", row["status"]),
        row[f"explanation_{codes.lang}"],
    ]


def _within(section: str, asked: str) -> bool:
    return section == asked or section.startswith(f"{asked}.")


def _natural(text: str | None) -> list[tuple[int, int, str]]:
    """Sort key that puts `2.10` after `2.9`, and words before numbers (`front` before `2.1`)."""
    parts = re.findall(r"\d+|\D+", text or "")
    return [(1, int(part), "") if part.isdecimal() else (0, 0, part) for part in parts]
