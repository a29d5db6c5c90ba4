"""docs/connect.md: a recipe marked tested runs as it stands and reads the same numbers."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

import duckdb
import pytest

from orchestration.settings import PROJECT_ROOT, Home

PAGE = PROJECT_ROOT / "docs" / "connect.md"
PATH = "warehouse/current/greenpark.duckdb"
SECTION = re.compile(r"^## (?P<tool>[^\n]+) · tested\n(?P<text>.*?)(?=^## |\Z)", re.M | re.S)
BLOCK = re.compile(r"```python\n(.*?)```", re.S)
RECIPES = [
    (section["tool"], block)
    for section in SECTION.finditer(PAGE.read_text(encoding="utf-8"))
    for block in BLOCK.findall(section["text"])
]


def test_the_recipes_are_found() -> None:
    tools = {tool for tool, _ in RECIPES}
    assert tools == {
        *("Python", "polars", "Arrow", "pandas", "SQLAlchemy", "Another database"),
        *("Again, if a version went", "Parquet"),
    }


def test_the_recipe_of_parquet_reads_the_landed_rows(
    published_home: Home, warehouse: duckdb.DuckDBPyConnection
) -> None:
    ((_, code),) = [recipe for recipe in RECIPES if recipe[0] == "Parquet"]
    found: dict[str, Any] = {}
    assert '"warehouse"' in code
    exec(code.replace('"warehouse"', repr(str(published_home.root))), found)
    expected = "from raw.energy_yearbook_energy_balance group by all order by all"
    assert found["rows"] == warehouse.execute(f"select _vintage, count(*) {expected}").fetchall()
    version = published_home.current.resolve().name
    assert all(f"/releases/{version}/landing/" in file for file in found["files"])


@pytest.mark.parametrize(("tool", "code"), [r for r in RECIPES if r[0] != "Parquet"])
def test_a_recipe_reads_the_published_numbers(
    tool: str, code: str, published_home: Home, warehouse: duckdb.DuckDBPyConnection
) -> None:
    assert PATH in code
    assert "read_only" in code
    found: dict[str, Any] = {}
    exec(code.replace(PATH, str(published_home.database)), found)
    (query,) = re.findall(r"\"(select [^\"]+from [a-z.]*bi\.[^\"]+)\"", code)
    expected = warehouse.execute(query.replace("gp.", "")).fetchall()
    assert len(expected) > 0

    def same(rows: Iterable[tuple[object, ...]]) -> list[tuple[object, ...]]:
        # pandas has NaN where there is no number
        return [tuple(None if v is None or v != v else v for v in row) for row in rows]

    assert same(found["rows"]) == expected
    if "tj" in found:
        assert found["tj"] == [(pytest.approx(293.07),)]
