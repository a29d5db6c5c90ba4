"""What the public file may have is listed with its ground, and so is what names an enterprise."""

from __future__ import annotations

import csv
from typing import Any

import pytest

from orchestration.publishing.audiences import IDENTIFYING, PUBLIC, audience
from orchestration.publishing.fresh import FRAME, RUN_TABLES

Node = dict[str, Any]
# What parks and enterprises return, of which each dataset begins so.
RETURNS = "park_returns_"
# Columns that may name an enterprise or whom it deals with, in a table that has enterprises.
NAMES = ("name_zh", "name_en", "unified_social_credit_code", "seller", "buyer", "counterpart")
HOLDER = "_holder"
MESSAGES = ("message", "message_zh")  # of a table that has holders: they name them


def rows_of(path: Any) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def sources(manifest: Node, model: str) -> set[str]:
    """The raw tables that a model is made of, whatever lies between."""
    seen: set[str] = set()
    waiting = [model]
    while waiting:
        name = waiting.pop()
        if name not in seen:
            seen.add(name)
            waiting += manifest["parent_map"].get(name, [])
    return {name.split(".")[-1] for name in seen if name.startswith("source.")}


@pytest.fixture
def marts(manifest: Node) -> dict[str, Node]:
    """The marts that are tables, by schema and name."""
    return {
        f"{node['schema']}.{node['name']}": node
        for node in manifest["nodes"].values()
        if node["resource_type"] == "model"
        and "/marts/" in node["original_file_path"]
        and node["config"]["materialized"] == "table"
    }


def test_what_is_public_is_a_table_with_these_columns(marts: dict[str, Node]) -> None:
    written = {f"quality.{name}" for name in (*RUN_TABLES, "doubtful_rows")}
    for table, parts in audience("public").tables.items():
        assert table in marts or table in written, table
        for part in parts:
            assert set(part.hidden) <= {*marts.get(table, {"columns": part.hidden})["columns"]}
    assert all(audience("public").is_whole(table) for table in FRAME)


def test_what_says_it_rests_on_no_return_does(manifest: Node, marts: dict[str, Node]) -> None:
    said = [row for row in rows_of(PUBLIC) if row["public_basis"] == "no_returns"]
    assert len(said) > 50
    wrong = {
        f"{row['schema_name']}.{row['table_name']}": found
        for row in said
        if (
            found := [
                name
                for name in sources(manifest, f"model.greenpark.{row['table_name']}")
                if name.startswith(RETURNS)
            ]
        )
    }
    assert wrong == {}
    # The look at the graph can find one.
    assert any(
        name.startswith(RETURNS)
        for name in sources(manifest, "model.greenpark.park_disclosed_year")
    )


def test_no_whole_table_of_the_public_has_enterprises(marts: dict[str, Node]) -> None:
    readers = audience("public")
    assert [
        table
        for table, node in marts.items()
        if readers.is_whole(table) and any("enterprise_id" in name for name in node["columns"])
    ] == []


def test_every_name_of_an_enterprise_is_listed(marts: dict[str, Node]) -> None:
    listed = {
        (f"{row['schema_name']}.{row['table_name']}", row["column_name"])
        for row in rows_of(IDENTIFYING)
    }
    found = {
        (table, name)
        for table, node in marts.items()
        for name in node["columns"]
        if name.endswith(HOLDER)
        or name in NAMES[2:]
        or (name in MESSAGES and any(column.endswith(HOLDER) for column in node["columns"]))
        or (name in NAMES and any("enterprise_id" in column for column in node["columns"]))
    }
    assert found <= listed
    assert {entry for entry in listed if entry[1]} <= found
