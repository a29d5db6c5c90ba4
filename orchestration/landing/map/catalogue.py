"""The catalogue of datasets, their columns and codes, and the rows of the reference tables."""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from orchestration.settings import PROJECT_ROOT

REFERENCE = PROJECT_ROOT / "seeds" / "reference"
CONCEPTS = ("region", "year", "item", "fuel", "indicator")
CONCEPTS_ZH = dict(
    zip(CONCEPTS, ("地区", "年份", "项目", "能源品种", "指标"), strict=True)
)  # in what is said to people
# What a matrix keeps beside the printed label of a concept: the codes that it means.
CODES = {
    "region": ("region_code",),
    "year": ("year",),
    "item": ("balance_item", "industry_code"),
    "fuel": ("fuel_code",),
    "indicator": ("indicator",),
}
UNIT_LABELS = "units/unit_labels.csv"
# The lists that stand in tables of their own; all others are in code_list_entries.csv.
CODE_TABLES = {
    "regions": ("codes/region_codes.csv", "region_code"),
    "industries": ("codes/industry_codes.csv", "industry_code"),
    "fuels": ("codes/fuel_codes.csv", "fuel_code"),
    "unit_labels": (UNIT_LABELS, "unit_label"),
}
CODE_LISTS = "codes/code_list_entries.csv"
DATASETS = "catalog/datasets.csv"
DATASET_COLUMNS = "catalog/dataset_columns.csv"  # of datasets of kind `records`
# What every column of the warehouse is: type, unit, labels and meaning in both languages.
COLUMNS = "catalog/columns.csv"
FRACTION = ("小数", "fraction")  # what a label says of a number without a unit
HAN = re.compile(r"[\u2e80-\u9fff]")


@dataclass(frozen=True)
class Column:
    """One column of a dataset of kind `records`; a row of `catalog/dataset_columns.csv`."""

    name: str
    label_zh: str
    label_en: str
    type: str
    unit: str
    is_required: bool
    is_key: bool
    code_list: str
    is_non_negative: bool
    maximum_threshold_id: str

    @property
    def is_number(self) -> bool:
        return self.type in ("number", "integer", "year", "month")

    @property
    def is_measure(self) -> bool:
        """Is it a quantity that a row gives, and no part of what the row is about?"""
        return self.type in ("number", "integer") and not self.is_key


@dataclass(frozen=True)
class Dataset:
    """One row of `catalog/datasets.csv`: a raw table and what its rows hold."""

    name: str
    label_zh: str
    label_en: str
    kind: str
    concepts: tuple[str, ...]
    columns: tuple[Column, ...] = ()

    @property
    def publisher(self) -> str:
        """The publisher and product that its name begins with: two words, as folders have them."""
        return "_".join(self.name.split("_")[:2]) if "_" in self.name else self.name

    @property
    def raw_columns(self) -> tuple[str, ...]:
        """The columns of the raw table beside the provenance, in order."""
        if self.kind == "records":
            return tuple(column.name for column in self.columns)
        labels = tuple(f"{concept}_label" for concept in self.concepts)
        units = ("unit_label", "unit", "to_unit_factor")
        return (*labels, *self.codes, *units, "value_text", "number_text", "value_status")

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes of a row of a matrix, in the order of its concepts."""
        return tuple(code for concept in self.concepts for code in CODES[concept])


def read_rows(path: str) -> list[dict[str, str]]:
    """The rows of a CSV below `seeds/reference`."""
    with (REFERENCE / path).open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def code_rows(code_list: str) -> tuple[list[dict[str, str]], str]:
    """The rows that a list takes its codes from, and which of their columns the code is.

    What adds up others (all coal, all energy) is no code of a return.
    """
    if code_list not in CODE_TABLES:
        return [row for row in read_rows(CODE_LISTS) if row["code_list"] == code_list], "code"
    path, column = CODE_TABLES[code_list]
    return [row for row in read_rows(path) if row.get("is_aggregate") != "true"], column


def column_catalogue() -> dict[str, dict[str, str]]:
    """The rows of `catalog/columns.csv`, by name of the column."""
    return {row["column_name"]: row for row in read_rows(COLUMNS)}


def unit_names(unit: str, labels: Sequence[dict[str, str]] = ()) -> tuple[str, str]:
    """What a label prints of the unit it is kept in, in Chinese and in Latin letters.

    `labels` are the rows of `units/unit_labels.csv`, where they have been read.
    """
    if unit == "1":
        return FRACTION
    whole = [
        row["unit_label"]
        for row in labels or read_rows(UNIT_LABELS)
        if row["unit"] == unit and float(row["to_unit_factor"]) == 1
    ]
    chinese = next((label for label in whole if HAN.search(label)), unit)
    return chinese, next((label for label in whole if not HAN.search(label)), unit)


def dataset_columns() -> list[dict[str, str]]:
    """The rows of `catalog/dataset_columns.csv`, by position.

    A label or description left blank is that of the catalogue; to a label the unit is added.
    """
    known, labels = column_catalogue(), read_rows(UNIT_LABELS)
    rows = sorted(read_rows(DATASET_COLUMNS), key=lambda r: int(r["position"]))
    for row in rows:
        meaning = known.get(row["column_name"], {})
        is_count = row["unit"] == "1" and row["type"] != "number"
        units = unit_names(row["unit"], labels) if row["unit"] and not is_count else ("", "")
        marks = (f"（{units[0]}）", f" ({units[1]})") if units[0] else units
        for field_name, mark in zip(("label_zh", "label_en"), marks, strict=True):
            row[field_name] = row[field_name] or meaning.get(field_name, "") + mark
        for field_name in ("description_zh", "description_en"):
            row[field_name] = row[field_name] or meaning.get(field_name, "")
    return rows


def read_datasets() -> dict[str, Dataset]:
    """The datasets the warehouse knows, by name."""
    columns: dict[str, list[Column]] = {}
    for row in dataset_columns():
        columns.setdefault(row["dataset"], []).append(
            Column(
                row["column_name"],
                row["label_zh"],
                row["label_en"],
                row["type"],
                row["unit"],
                row["is_required"] == "true",
                row["is_key_column"] == "true",
                row["code_list"],
                row["is_non_negative"] == "true",
                row["maximum_threshold_id"],
            )
        )
    return {
        row["dataset"]: Dataset(
            row["dataset"],
            row["label_zh"],
            row["label_en"],
            row["kind"],
            tuple(part for part in row["concepts"].split("|") if part),
            tuple(columns.get(row["dataset"], ())),
        )
        for row in read_rows(DATASETS)
    }


def yearly_returns() -> list[dict[str, Any]]:
    """The return forms of a year that ask for numbers: their key beside the year, their numbers."""
    prefix = "park_returns_"
    return [
        {
            "name": dataset.name.removeprefix(prefix),
            "key_columns": [c.name for c in dataset.columns if c.is_key and c.type != "year"],
            "numbers": numbers,
            "has_unit": any(column.name == "unit" for column in dataset.columns),
        }
        for dataset in read_datasets().values()
        if dataset.name.startswith(prefix)
        and any(column.is_key and column.name == "year" for column in dataset.columns)
        and (numbers := [column.name for column in dataset.columns if column.is_measure])
    ]


def reference_path(name: str) -> Path:
    return REFERENCE / name
