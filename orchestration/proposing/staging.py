"""The source description and the staging model of a raw table, made from the catalogue alone."""

from __future__ import annotations

from typing import Any

from orchestration.landing.map.catalogue import COLUMNS, Column, Dataset, read_datasets, read_rows
from orchestration.proposing.project_yaml import LINE_LENGTH

SELECT_INDENT = 8
TYPES = {
    "number": "double",
    "integer": "integer",
    "year": "integer",
    "month": "integer",
    "boolean": "boolean",
}
# Column of every raw table: label zh, label en.
PROVENANCE = {
    "_load_id": ("装载编号", "Load"),
    "_file_name": ("文件", "File"),
    "_sheet_name": ("工作表", "Sheet"),
    "_row_number": ("行号", "Row"),
    "_column_number": ("列号", "Column"),
    "_column_name": ("列名", "Column heading"),
    "_vintage": ("版次", "Edition"),
    "_source_id": ("来源", "Source"),
    "_origin": ("来源性质", "Origin"),
}
CELL = {
    "region_label": ("地区标签", "Region label"),
    "year_label": ("年份标签", "Year label"),
    "item_label": ("项目标签", "Item label"),
    "fuel_label": ("能源品种标签", "Fuel label"),
    "indicator_label": ("指标标签", "Indicator label"),
    "region_code": ("地区代码", "Region code"),
    "year": ("年份", "Year"),
    "balance_item": ("平衡表项目", "Balance item"),
    "industry_code": ("行业代码", "Industry code"),
    "fuel_code": ("能源品种代码", "Fuel code"),
    "indicator": ("指标", "Indicator"),
    "unit_label": ("印刷单位", "Printed unit"),
    "unit": ("单位", "Unit"),
    "to_unit_factor": ("单位换算系数", "Unit factor"),
    "value_text": ("原文数值", "Value as printed"),
    "number_text": ("数值文本", "Number as text"),
    "value_status": ("数值状态", "Value status"),
    "_correction_id": ("更正编号", "Correction"),
}
# The tables of cells that staging knows how to turn into codes, and what their key is.
MATRICES = {
    frozenset(("region", "year", "item", "fuel")): (
        "energy",
        "quantity",
        ["region_code", "year", "balance_item", "industry_code", "fuel_code"],
    ),
    frozenset(("region", "year", "indicator")): (
        "economy",
        "value_10k_cny",
        ["region_code", "year", "indicator"],
    ),
}
VALUE_STATUSES = ["reported", "zero", "below_unit", "not_available", "suppressed", "imputed"]


def sources(tables: list[dict[str, Any]]) -> dict[str, Any]:
    """The document of a publisher's raw tables, in the order of the catalogue."""
    order = list(read_datasets())
    return {
        "version": 2,
        "sources": [
            {
                "name": "raw",
                "schema": "raw",
                "description": "Raw tables as landed: text, with file, row and column.",
                "tables": sorted(tables, key=lambda table: order.index(table["name"])),
            }
        ],
    }


def source_table(dataset: Dataset) -> dict[str, Any]:
    """The entry of a raw table under `sources` of dbt, with every column described."""
    columns = [_documented(name, labels) for name, labels in PROVENANCE.items()]
    if dataset.kind == "matrix":
        names = (*dataset.raw_columns, "_correction_id")
        columns += [_documented(name, CELL[name]) for name in names]
    else:
        columns += _described_columns(dataset)
    return {
        "name": dataset.name,
        "description": f"{dataset.label_zh}\n{dataset.label_en}, as landed.\n",
        "columns": columns,
    }


def _described_columns(dataset: Dataset) -> list[dict[str, Any]]:
    rows = {row["column_name"]: row for row in read_rows(COLUMNS) if row["dataset"] == dataset.name}
    has_unit_column = "unit" in rows
    columns = []
    for column in dataset.columns:
        row = rows[column.name]
        meta = {"label_zh": column.label_zh, "label_en": column.label_en}
        if column.unit:
            meta["unit"] = column.unit
        elif has_unit_column and column.type == "number":
            meta["unit"] = "see unit"
        columns.append(
            {
                "name": column.name,
                "description": f"{row['description_zh']}\n{row['description_en']}\n",
                "config": {"meta": meta},
            }
        )
    return columns


def _documented(name: str, labels: tuple[str, str]) -> dict[str, Any]:
    return {
        **_by_block(name),
        "config": {"meta": {"label_zh": labels[0], "label_en": labels[1]}},
    }


def _by_block(name: str, block: str | None = None) -> dict[str, Any]:
    """A column that a doc block describes."""
    block = block or (f"col_raw{name}" if name.startswith("_") else f"col_{name}")
    return {"name": name, "description": f'{{{{ doc("{block}") }}}}'}


def model_name(dataset: Dataset) -> str:
    """`stg_<publisher>__<things>`."""
    return f"stg_{dataset.publisher}__{dataset.name.removeprefix(dataset.publisher + '_')}"


def staging_sql(dataset: Dataset) -> str:
    """The staging model of a raw table: codes and types in place of printed text."""
    if dataset.kind == "matrix":
        macro = MATRICES[frozenset(dataset.concepts)][0]
        return f"{{{{ stage_{macro}_table('{dataset.name}') }}}}\n"
    columns = ",\n".join(f"        {_typed(column)}" for column in dataset.columns)
    return f"""with raw_records as (

    select * from {{{{ source('raw', '{dataset.name}') }}}}

),

final as (

    select
{columns},
        _vintage as vintage,
        _source_id as source_id,
        _origin as origin,
        _load_id,
        _file_name,
        _sheet_name,
        _row_number
    from raw_records

)

select * from final
"""


def _typed(column: Column) -> str:
    if column.type not in TYPES:
        return column.name
    cast = f"cast({column.name} as {TYPES[column.type]})"
    line = f"{cast} as {column.name}"
    fits = len(line) < LINE_LENGTH - SELECT_INDENT
    return line if fits else f"{cast}\n            as {column.name}"


def staging_properties(dataset: Dataset) -> dict[str, Any]:
    """The YAML of a staging model: every column described, keys and row count tested."""
    return _matrix_properties(dataset) if dataset.kind == "matrix" else _list_properties(dataset)


def _list_properties(dataset: Dataset) -> dict[str, Any]:
    name = model_name(dataset)
    columns = _described_columns(dataset)
    columns += [
        _by_block(stored, f"col_raw_{stored}") for stored in ("vintage", "source_id", "origin")
    ]
    columns += [
        _by_block(stored) for stored in ("_load_id", "_file_name", "_sheet_name", "_row_number")
    ]
    keys = [column.name for column in dataset.columns if column.is_key]
    return {
        "name": name,
        "description": f"{dataset.label_zh}\n{dataset.label_en}, with types.\n",
        "config": {"meta": {"grain": f"one row per {', '.join(keys)} and edition"}},
        "data_tests": [_is_sound(dataset, [*keys, "vintage"])],
        "columns": columns,
    }


def _matrix_properties(dataset: Dataset) -> dict[str, Any]:
    name = model_name(dataset)
    macro, value, keys = MATRICES[frozenset(dataset.concepts)]
    is_energy = macro == "energy"
    measured: list[dict[str, Any]] = [
        {
            **_by_block(value),
            "config": {"meta": {"unit": "see unit" if is_energy else "10k_cny"}},
        }
    ]
    if is_energy:
        measured.append(_by_block("unit"))
    factor = _by_block("to_unit_factor")
    factor["config"] = {"meta": {"unit": "unit per printed unit"}}
    place = ("_load_id", "_file_name", "_sheet_name", "_row_number", "_column_number")
    given = [*keys, "vintage", *(["unit"] if is_energy else []), "value_status", "to_unit_factor"]
    return {
        "name": name,
        "description": f"{dataset.label_zh}\n{dataset.label_en} with codes in place of labels.\n",
        "config": {"meta": {"grain": "one row per raw cell"}},
        "data_tests": [
            _is_sound(
                dataset,
                list(place[1:]),
                given=[*given, "origin", "source_id"],
                values={"value_status": VALUE_STATUSES},
                printed_number=value,
            )
        ],
        "columns": [
            _by_block("dataset"),
            *(_by_block(key) for key in keys),
            _by_block("vintage"),
            *measured,
            _by_block("value_text"),
            _by_block("number_text"),
            _by_block("value_status"),
            _by_block("unit_label"),
            factor,
            _by_block("origin"),
            _by_block("source_id"),
            *(_by_block(name) for name in (*place, "_column_name", "_correction_id")),
        ],
    }


def _is_sound(dataset: Dataset, key: list[str], **declared: Any) -> dict[str, Any]:
    rows_of = [f"source('raw', '{dataset.name}')"]
    return {
        "is_sound": {
            "name": f"{model_name(dataset)}__is_sound",
            "arguments": {"key": key, **declared, "rows_of": rows_of},
        }
    }
