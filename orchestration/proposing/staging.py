"""The source description and the staging model of a raw table, made from the catalogue alone."""

from __future__ import annotations

from typing import Any

from orchestration.landing.map.catalogue import Column, Dataset, read_datasets
from orchestration.proposing.project_yaml import LINE_LENGTH, Packed

SELECT_INDENT = 8
TYPES = {
    "number": "double",
    "integer": "integer",
    "year": "integer",
    "month": "integer",
    "boolean": "boolean",
}
# The columns of every raw table.
PROVENANCE = (
    "_load_id",
    "_file_name",
    "_sheet_name",
    "_row_number",
    "_column_number",
    "_column_name",
    "_vintage",
    "_source_id",
    "_origin",
)
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
    """The entry of a raw table under `sources` of dbt; the catalogue says what a column means."""
    own = [*dataset.raw_columns, *(["_correction_id"] if dataset.kind == "matrix" else [])]
    return {
        "name": dataset.name,
        "description": f"{dataset.label_zh}\n{dataset.label_en}, as landed.\n",
        "columns": _named(*PROVENANCE, *own),
    }


def _named(*names: str) -> Packed:
    return Packed({"name": name} for name in names)


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
    keys = [column.name for column in dataset.columns if column.is_key]
    names = [column.name for column in dataset.columns]
    return {
        "name": model_name(dataset),
        "description": f"{dataset.label_zh}\n{dataset.label_en}, with types.\n",
        "config": {"meta": {"grain": f"one row per {', '.join(keys)} and edition"}},
        "data_tests": [_is_sound(dataset, [*keys, "vintage"])],
        "columns": _named(*names, "vintage", "source_id", "origin", *PROVENANCE[:4]),
    }


def _matrix_properties(dataset: Dataset) -> dict[str, Any]:
    macro, value, keys = MATRICES[frozenset(dataset.concepts)]
    measured = [value, "unit"] if macro == "energy" else [value]
    given = [*keys, "vintage", *measured[1:], "value_status", "to_unit_factor"]
    printed = ("value_text", "number_text", "value_status", "unit_label", "to_unit_factor")
    return {
        "name": model_name(dataset),
        "description": f"{dataset.label_zh}\n{dataset.label_en} with codes in place of labels.\n",
        "config": {"meta": {"grain": "one row per raw cell"}},
        "data_tests": [
            _is_sound(
                dataset,
                list(PROVENANCE[1:5]),
                given=[*given, "origin", "source_id"],
                values={"value_status": VALUE_STATUSES},
                printed_number=value,
            )
        ],
        "columns": _named(
            *("dataset", *keys, "vintage", *measured, *printed, "origin", "source_id"),
            *(*PROVENANCE[:6], "_correction_id"),
        ),
    }


def _is_sound(dataset: Dataset, key: list[str], **declared: Any) -> dict[str, Any]:
    rows_of = [f"source('raw', '{dataset.name}')"]
    return {
        "is_sound": {
            "name": f"{model_name(dataset)}__is_sound",
            "arguments": {"key": key, **declared, "rows_of": rows_of},
        }
    }
