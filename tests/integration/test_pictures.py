"""The pictures of docs/pictures.md say what the warehouse says.

GREENPARK_SNAPSHOT=write rewrites the two that are made from it.
"""

from __future__ import annotations

import os
import re
from collections import defaultdict
from typing import Any

import duckdb
import pytest

from orchestration.settings import PROJECT_ROOT

PICTURES = PROJECT_ROOT / "docs" / "pictures.md"
# One printed cell, through one factor, to one row.
WALKED = "region_code = '320000' and year = 2020 and method = 'ceads' and fuel_code = 'raw_coal'"


def _check(name: str, drawn: str) -> None:
    """The part of the document between the marks is this picture."""
    text = PICTURES.read_text(encoding="utf-8")
    begin, end = f"<!-- {name}: begin -->\n", f"<!-- {name}: end -->"
    head, rest = text.split(begin)
    shown, tail = rest.split(end)
    if os.environ.get("GREENPARK_SNAPSHOT") == "write":
        PICTURES.write_text(head + begin + drawn + end + tail, encoding="utf-8")
        return
    assert shown == drawn, "rewrite it: GREENPARK_SNAPSHOT=write make test ARGS=" + __file__


def test_the_number_walked_is_the_published_one(warehouse: duckdb.DuckDBPyConnection) -> None:
    rows = warehouse.execute(
        "select co2_t, co2_t_per_quantity, quantity, factor_id, cell_quantity, weight, unit, "
        "value_text, unit_label, file_name, row_number, column_name, activity_source_en, "
        "factor_source_en, industry_code "
        f"from quality.explain where {WALKED} and account = 'territorial' "
        "and balance_item = 'final_consumption' and industry_code = '31'"
    ).fetchall()
    ((co2, per, quantity, factor, cell, weight, unit, printed, printed_unit, file, row, column,
      source, factor_source, industry),) = rows  # fmt: skip
    assert quantity == pytest.approx(cell * weight)
    assert co2 == pytest.approx(quantity * per)
    _check(
        "one number",
        f"""```mermaid
flowchart LR
    cell["printed cell 印刷单元格<br/>{printed} {printed_unit}<br/>row {row}, {column}<br/>{file}"]
    cell --> quantity["quantity 实物量<br/>{cell:,.0f} {unit} × {weight:g}<br/>{source}"]
    quantity --> product(("×"))
    factor["factor 排放因子<br/>{per:.5f} t CO2 / {unit}<br/>{factor}<br/>{factor_source}"]
    factor --> product
    product --> row["emissions.province_co2_by_method<br/>{co2:,.0f} t CO2<br/>industry {industry}"]
    row --> total["indicators.province_year_by_method<br/>co2_t"]
```
""",
    )


def test_every_mart_is_drawn_with_its_key(manifest: dict[str, Any]) -> None:
    nodes = manifest["nodes"]
    keys = {
        node["attached_node"]: node["test_metadata"]["kwargs"]["key"]
        for node in nodes.values()
        if (node.get("test_metadata") or {}).get("kwargs", {}).get("key")
    }
    schemas: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for unique_id, node in sorted(nodes.items()):
        if node["resource_type"] == "model" and node["fqn"][1] == "marts":
            # Keys too long for one check, or with nulls, are told by the grain.
            key = keys.get(unique_id, [node["config"]["meta"]["grain"]])
            schemas[node["schema"]][", ".join(key)].append(node["alias"])
    lines = []
    for schema, tables in sorted(schemas.items()):
        lines += ["```mermaid", "flowchart LR", f'    subgraph {schema}["{schema}"]']
        for place, (key, names) in enumerate(sorted(tables.items(), key=lambda pair: pair[1])):
            table = f"{schema}_{place}"
            lines.append(f'        {table}["<b>{"<br/>".join(names)}</b>"]')
            lines.append(f'        {table}_key(["{key}"]) --- {table}')
        lines += ["    end", "```", ""]
    _check("marts", "\n".join(lines))


def test_the_glossary_speaks_of_what_there_is(
    warehouse: duckdb.DuckDBPyConnection, manifest: dict[str, Any]
) -> None:
    """Every word in code letters is a table, a column, a command, or a code."""
    text = (PROJECT_ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
    known = {name for (name,) in warehouse.execute(
        "select table_schema || '.' || table_name from information_schema.tables "
        "union select column_name from information_schema.columns"
    ).fetchall()}  # fmt: skip
    code = "\n".join(
        path.read_text(encoding="utf-8")
        for folder, ending in (("seeds/reference", "csv"), ("orchestration", "py"))
        for path in (PROJECT_ROOT / folder).rglob(f"*.{ending}")
    ) + "\n".join(node.get("raw_code", "") for node in manifest["nodes"].values())
    words = [word.split()[-1].strip("-") for word in re.findall(r"`([^`]+)`", text)]
    assert len(words) > 30
    unknown = [word for word in words if word not in known and word != ".yml"]
    assert [word for word in unknown if not re.search(rf"\b{re.escape(word)}\b", code)] == []
