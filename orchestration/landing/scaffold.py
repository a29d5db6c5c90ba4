"""Write what a new dataset needs beside its data: the description of its raw table, a model."""

from __future__ import annotations

from typing import Any

from orchestration.landing.catalogue import Column, Dataset, read_rows

LINE_LENGTH = 100
# Column of every raw table: label zh, label en, and the doc block that describes it.
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
    "unit_label": ("印刷单位", "Printed unit"),
    "value_text": ("原文数值", "Value as printed"),
    "number_text": ("数值文本", "Number as text"),
    "value_status": ("数值状态", "Value status"),
    "_correction_id": ("更正编号", "Correction"),
}


def source_table(dataset: Dataset) -> dict[str, Any]:
    """The entry of a raw table under `sources` of dbt, with every column described."""
    columns = [_documented(name, labels) for name, labels in PROVENANCE.items()]
    if dataset.kind == "matrix":
        names = (*dataset.raw_columns, "_correction_id")
        columns += [_documented(name, CELL[name]) for name in names]
    else:
        described = {
            row["column_name"]: row
            for row in read_rows("catalog/dataset_columns.csv")
            if row["dataset"] == dataset.name
        }
        for column in dataset.columns:
            row = described[column.name]
            meta = {"label_zh": column.label_zh, "label_en": column.label_en}
            if column.unit:
                meta["unit"] = column.unit
            columns.append(
                {
                    "name": column.name,
                    "description": f"{row['description_zh']}\n{row['description_en']}",
                    "config": {"meta": meta},
                }
            )
    return {
        "name": dataset.name,
        "description": f"{dataset.label_zh}\n{dataset.label_en}, as landed.",
        "columns": columns,
    }


def _documented(name: str, labels: tuple[str, str]) -> dict[str, Any]:
    block = f"col_raw{name}" if name.startswith("_") else f"col_{name}"
    return {
        "name": name,
        "description": f'{{{{ doc("{block}") }}}}',
        "config": {"meta": {"label_zh": labels[0], "label_en": labels[1]}},
    }


def staging_sql(dataset: Dataset) -> str:
    """The staging model of a raw table: codes and types in place of printed text."""
    if dataset.kind == "matrix":
        macro = "energy" if "fuel" in dataset.concepts else "economy"
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


def staging_properties(dataset: Dataset) -> dict[str, Any]:
    """The YAML of a list's staging model: every column described, keys and row count tested."""
    name = model_name(dataset)
    described = {column["name"]: column for column in source_table(dataset)["columns"]}
    columns = [described[column.name] for column in dataset.columns]
    for stored, block in (
        ("vintage", "col_raw_vintage"),
        ("source_id", "col_raw_source_id"),
        ("origin", "col_raw_origin"),
    ):
        columns.append({"name": stored, "description": f'{{{{ doc("{block}") }}}}'})
    for stored in ("_load_id", "_file_name", "_sheet_name", "_row_number"):
        columns.append({"name": stored, "description": f'{{{{ doc("col_raw{stored}") }}}}'})
    keys = [column.name for column in dataset.columns if column.is_key]
    raw = f"source('raw', '{dataset.name}')"
    return {
        "name": name,
        "description": f"{dataset.label_zh}\n{dataset.label_en}, with types.",
        "config": {"meta": {"grain": f"one row per {', '.join(keys)} and edition"}},
        "data_tests": [
            {
                "row_count_equals": {
                    "name": f"{name}__rows_equal_raw",
                    "arguments": {"relations": [raw]},
                }
            },
            {
                "unique_combination": {
                    "name": f"{name}__key_is_unique",
                    "arguments": {"columns": [*keys, "vintage"]},
                }
            },
            {"columns_are_described": {"name": f"{name}__columns_are_described"}},
        ],
        "columns": columns,
    }


def model_name(dataset: Dataset) -> str:
    """`stg_<publisher>__<things>`."""
    return f"stg_{dataset.publisher}__{dataset.name.removeprefix(dataset.publisher + '_')}"


def _typed(column: Column) -> str:
    types = {
        "number": "double",
        "integer": "integer",
        "year": "integer",
        "month": "integer",
        "boolean": "boolean",
    }
    if column.type not in types:
        return column.name
    cast = f"cast({column.name} as {types[column.type]})"
    line = f"{cast} as {column.name}"
    return line if len(line) <= LINE_LENGTH - 9 else f"{cast}\n            as {column.name}"
