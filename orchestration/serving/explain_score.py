"""From a score to the landed cells it is made of, for people; the SQL is the macro's."""

from __future__ import annotations

from itertools import groupby
from typing import Any

import duckdb

from orchestration import words
from orchestration.errors import GreenparkError
from orchestration.serving import output, query
from orchestration.serving.codes import Codes

Row = dict[str, Any]
# Of each score, the columns whose codes its variants, parts and results are.
CODED: dict[str, tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]] = {
    "assessment": (("assessment_class",), (), ("path_status", "refusal", "item_result")),
    "assessment_account": (("account_id",), (), ("refusal",)),
    "carbon_budget": (
        ("budget_level",), (), ("budget_basis", "allocation_status", "budget_status"),
    ),
    "coupling": (("coupling_set",), ("resource",), ("coupling_state", "refusal")),
    "enterprise_carbon_code": (("scheme_id",), (), ("colour", "refusal")),
    "ets_position": (("price_id",), (), ("refusal", "emission_basis")),
    "evaluation": (
        ("set_id", "weighting"), ("indicator", "measure"), ("reference_answer", "refusal"),
    ),
    "frontier": ((), ("resource",), ("refusal",)),
    "management": ((), ("criterion",), ("condition",)),
    "park_carbon_code": (("scheme_id",), (), ("colour", "refusal")),
    "path": ((), (), ("bound_status", "path_fault")),
    "path_measure": (("method",), ("path_measure_kind",), ("measure_basis",)),
    "resource_intensity": ((), ("resource",), ("refusal",)),
    "synergy": (("boundary",), ("pollutant",), ("synergy_state", "refusal")),
    "zero_carbon_gap": (("method",), ("gap_item",), ("gap_result",)),
}  # fmt: skip
# Parts that are no codes of a column.
PARTS = {
    "budget": "budget of the year",
    "carried": "carried over from the years before",
    "efficiency": "ratio to the benchmark",
    "intensity": "CO2 per product",
    "neutrality": "rate of neutrality",
    "path": "ratio on the path",
    "share_base": "CO2 of the base year",
    "shortfall": "shortfall of allowances",
    "spent": "spending of the year",
}


def select(
    connection: duckdb.DuckDBPyConnection,
    kind: str,
    subject: str,
    year: int,
    peers: bool = False,
    lang: str = "en",
) -> list[Row]:
    """The parts of a score, each with its cells.

    Raises GreenparkError, with what there is, for a score that is not known or not held.
    """
    say = words.Speaker(lang)
    query.need_table(connection, "reference", "score_inputs")
    kinds = [
        row["score_kind"]
        for row in query.records(
            connection, "select distinct score_kind from reference.score_inputs order by all"
        )
    ]
    if kind not in kinds:
        raise GreenparkError(
            say("there is no score {kind}").format(kind=kind),
            say("there is {column}: {values}").format(column="--score", values=", ".join(kinds)),
        )
    call = f"from explain_score(?, ?, ?, peers := {str(peers).lower()})"
    rows = query.records(connection, call, (kind, subject, year))
    if not rows:
        raise GreenparkError(
            say("there is no {kind} of {subject} for {year}").format(
                kind=kind, subject=subject, year=year
            ),
            say("see docs/judging.md for the table that it is in"),
        )
    cited = {
        row["clause_id"]: row
        for row in query.records(
            connection, "select clause_id, citation_zh, citation_en from reference.standards"
        )
    }
    nothing = {"citation_zh": None, "citation_en": None}
    return [row | nothing | cited.get(row["clause_id"], {}) for row in rows]


def _said(code: str | None, columns: tuple[str, ...], codes: Codes) -> str | None:
    """A code in words, by the first of these columns that has it."""
    if code is None:
        return None
    return next((said for name in columns if (said := codes(name, code)) != code), code)


def render(rows: list[Row], lang: str, width: int | None, codes: Codes) -> str:
    """One block for each part: what it is and which clause it rests on, then its cells."""
    say = words.Speaker(lang)
    columns = say.each(
        "subject", "year", "file", "row", "column", "printed", "weight", "factor", "source"
    )
    blocks = []
    for (variant, part), group in groupby(
        rows, key=lambda row: (row["score_variant"], row["score_part"])
    ):
        cells = list(group)
        first = cells[0]
        kind = codes("score_kind", first["score_kind"])
        of_variant, of_part, of_result = CODED.get(first["score_kind"], ((), (), ()))
        variants = [_said(code, of_variant, codes) for code in (variant or "").split("/")]
        told = _said(part, of_part, codes)
        told = say(PARTS[told]) if told in PARTS else told
        name = " / ".join(filter(None, (kind, *variants, told)))
        value = "" if first["part_value"] is None else output.number(first["part_value"])
        said = " ".join(filter(None, (value, _said(first["part_result"], of_result, codes))))
        status = _said(first["clause_status"], ("clause_status",), codes)
        clause = say(", ").join(filter(None, (first[f"citation_{lang}"], status)))
        line = f"{first['subject']} {first['year']}: {name}: {said}" + (
            f"  ({say('Clause')} {clause})" if clause else ""
        )
        line = "\n".join(output.fold_indented(line, width))
        held = [cell for cell in cells if cell["file_name"] is not None]
        if not held:
            blocks.append(f"{line}\n  {say('nobody returned a cell of it')}\n")
            continue
        printed = [
            [
                cell["input_subject"],
                cell["input_year"],
                f"{cell['file_name']} {cell['sheet_name'] or ''}".rstrip(),
                cell["row_number"],
                " ".join(str(cell[n]) for n in ("column_number", "column_name") if cell[n]),
                cell["value_text"],
                cell["weight"],
                cell["factor_id"],
                cell["source_id"],
            ]
            for cell in held
        ]
        blocks.append(f"{line}\n{output.table(columns, printed, width)}")
    closing = say("Files are below seeds/raw, or below the folder given with --data.")
    return "\n".join(blocks) + closing + "\n"
