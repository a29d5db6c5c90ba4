"""A mart that judges says in every row which clause it judges by, and the state of that clause."""

from __future__ import annotations

import re
from typing import Any

import duckdb
from test_explain_score import MARTS

from orchestration.settings import PROJECT_ROOT

PAGE = PROJECT_ROOT / "docs" / "judging.md"
CLAUSE = {"clause_id", "clause_status"}
RULES = "/standards/"
# What reads a rule or a mart that judges, and judges nothing by it.
NO_JUDGE = {
    "park_evaluation_values": "measures what the sets ask for; park_evaluation_indicators judges",
    "early_warnings": "beside thresholds of this warehouse, each a row with its source",
    "target_indicators": "measures; what is aimed at is a plan, with its own source",
    "target_tracking": "beside the plan of the region, whose source and provenance it names",
}
# Where nothing is a rule, nothing is named: an account by a method without bounds, a market
# whose rules for the industry and year are not held.
MAY_BE_WITHOUT = {"park_core_ratio", "ets_positions"}


def judging_marts(manifest: dict[str, Any]) -> dict[str, set[str]]:
    """The marts of indicators that read a rule or a judging mart by way of no other, those that
    docs/judging.md names, and any that names a clause; with their columns."""
    named = set(re.findall(r"`(?:\w+\.)?(\w+)`", PAGE.read_text(encoding="utf-8")))
    nodes = manifest["nodes"]
    marts = {
        key: node
        for key, node in nodes.items()
        if node["resource_type"] == "model" and "/marts/" in node["original_file_path"]
    }
    judges = {"core_ratio_bounds", *MARTS.values()}

    def reads(key: str) -> bool:
        waiting, seen = [*nodes[key]["depends_on"]["nodes"]], set[str]()
        while waiting:
            above = waiting.pop()
            if above in seen or above not in nodes:
                continue
            seen.add(above)
            node = nodes[above]
            if node["resource_type"] == "seed":
                if RULES in node["original_file_path"]:
                    return True
            elif above not in marts:
                waiting += node["depends_on"]["nodes"]
            elif node["name"] in judges or node["columns"].keys() >= CLAUSE:
                return True
        return False

    return {
        node["name"]: set(node["columns"])
        for key, node in marts.items()
        if (node["schema"] == "indicators" and (node["name"] in named | judges or reads(key)))
        or (node["schema"] == "emissions" and "clause_id" in node["columns"])
    }


def test_every_mart_that_judges_names_clause_and_state(manifest: dict[str, Any]) -> None:
    found = judging_marts(manifest)
    assert len(found) > len(MARTS) and not NO_JUDGE.keys() - found.keys()
    without = {name for name, columns in found.items() if not columns >= CLAUSE}
    assert without == NO_JUDGE.keys(), "name the clause, or say why it judges nothing"


def test_every_row_has_its_clause(
    manifest: dict[str, Any], warehouse: duckdb.DuckDBPyConnection
) -> None:
    for name in judging_marts(manifest).keys() - NO_JUDGE.keys():
        rows = warehouse.execute(
            f"""
            select count(*) from all_levels.{name} as judged
            left join reference.standards as known using (clause_id)
            where known.clause_status is distinct from judged.clause_status
                or (judged.clause_id is null and not {name in MAY_BE_WITHOUT})
            """
        ).fetchone()
        assert rows == (0,), name
