"""The questions of the cookbook, with the answers of the file that the site is made of."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from pathlib import Path

import duckdb

from orchestration.site.sections import CHINESE


def recipes(
    folder: Path, connection: duckdb.DuckDBPyConnection, langs: Sequence[str]
) -> dict[str, list[dict[str, str]]]:
    """Each file of SQL of a folder, by language: the comments that it begins with are the question.

    A question that the file has no answer to is shown without one.
    """
    found: dict[str, list[dict[str, str]]] = {lang: [] for lang in langs}
    for path in sorted(folder.glob("*.sql")):
        lines = path.read_text(encoding="utf-8").strip().splitlines()
        lead = list(itertools.takewhile(lambda line: line.startswith("--"), lines))
        asked = [line.removeprefix("--").strip() for line in lead]
        sql = "\n".join(lines[len(lead) :])
        try:
            answer = printed(connection, sql).strip()
        except duckdb.Error:
            answer = ""
        for lang in langs:
            own = [text for text in asked if bool(CHINESE.search(text)) is (lang == "zh")]
            found[lang].append(
                {
                    "name": path.stem,
                    "question": " ".join(own or asked) or path.stem,
                    "sql": sql,
                    "answer": answer if "\n" in answer else "",
                }
            )
    return found


def printed(connection: duckdb.DuckDBPyConnection, sql: str) -> str:
    """The answer as a page prints it: a heading, a row a line, numbers to five digits.

    A Chinese sign is as wide as two letters, as in a terminal.
    """
    from rich.cells import cell_len, set_cell_size

    found = connection.execute(sql)
    names = [column[0] for column in found.description or []]
    cells = [[_cell(value) for value in row] for row in found.fetchall()]
    widths = [max(map(cell_len, column)) for column in zip(names, *cells, strict=True)]
    lines = [
        "  ".join(
            set_cell_size(text, width) for text, width in zip(row, widths, strict=True)
        ).rstrip()
        for row in [names, *cells]
    ]
    return "\n".join(lines) + "\n"


def _cell(value: object) -> str:
    if value is None:
        return "-"
    if isinstance(value, bool):
        return str(value).lower()
    return f"{value:.5g}" if isinstance(value, float) else str(value)
