"""Joins in a plan of DuckDB that compare rows with rows instead of looking them up."""

from __future__ import annotations

import json
from typing import Any

import duckdb

Plan = dict[str, Any]

COMPARING = frozenset({"NESTED_LOOP_JOIN", "BLOCKWISE_NL_JOIN", "IE_JOIN", "PIECEWISE_MERGE_JOIN"})
ONE_ROW = frozenset({"UNGROUPED_AGGREGATE", "DUMMY_SCAN"})
PASSING_ON = frozenset({"PROJECTION", "FILTER", "ORDER_BY", "WINDOW", "STREAMING_WINDOW"})


def comparing_joins(connection: duckdb.DuckDBPyConnection, sql: str) -> list[str]:
    """The joins of a statement that are not by equality, and products of two sides of many rows."""
    ((_, text),) = connection.execute(f"explain (format json) {sql}").fetchall()
    nodes = [node for plan in json.loads(text) for node in _below(plan)]
    tables = {
        node["extra_info"]["Table Index"]: node["children"][0]
        for node in nodes
        if _name(node) == "CTE"
    }
    return sorted(
        _name(node)
        for node in nodes
        if _name(node) in COMPARING
        or (
            _name(node) == "CROSS_PRODUCT"
            and not any(_is_one_row(child, tables) for child in node["children"])
        )
    )


def _name(node: Plan) -> str:
    return node["name"].strip()


def _below(node: Plan) -> list[Plan]:
    return [node, *(found for child in node["children"] for found in _below(child))]


def _is_one_row(node: Plan, tables: dict[str, Plan]) -> bool:
    """Whether a side of a join has one row by its form, whatever the data are."""
    name, children = _name(node), node["children"]
    if name in ONE_ROW:
        return True
    if name == "CTE_SCAN":
        table = tables.get(node["extra_info"]["CTE Index"])
        return table is not None and _is_one_row(table, tables)
    if name == "CTE":
        return _is_one_row(children[1], tables)
    if name == "CROSS_PRODUCT":
        return all(_is_one_row(child, tables) for child in children)
    return name in PASSING_ON and _is_one_row(children[0], tables)
