"""The catalogue of the return forms: every name in it stands where it says it does."""

from __future__ import annotations

import csv
import re
from collections import Counter, defaultdict
from typing import Any

import pytest
import yaml

from expectations.suites.marts import emissions__park_energy as park_energy
from orchestration.landing.map.catalogue import CODE_TABLES, dataset_columns, read_datasets
from orchestration.landing.map.columns import EVERY
from orchestration.proposing import scaffold, staging
from orchestration.settings import PROJECT_ROOT

REFERENCE = PROJECT_ROOT / "seeds" / "reference"
CHINESE = re.compile(r"[\u4e00-\u9fff]")
SNAKE_CASE = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
BRACKETED = re.compile(r"(?:（([^（）]*)）| \(([^()]*)\))$")
TYPES = {"text", "integer", "number", "boolean", "year", "month", "date"}
# The lists that stand in tables of their own.
LISTS_ELSEWHERE = {name: path for name, (path, _) in CODE_TABLES.items()}
# The end of a column name that says its unit; the longest that fits decides.
UNIT_OF_SUFFIX = {
    "_t_per_mwh": "t per mwh",
    "_t_per_gj": "t per gj",
    "_t_per_t": "t per t",
    "_tc_per_gj": "t_c per gj",
    "_tce_per_10k_cny": "tce_per_10k_cny",
    "_t_per_10k_cny": "t_per_10k_cny",
    "_tce_per_industrial_va": "tce_per_10k_cny",
    "_t_per_gdp": "t_per_10k_cny",
    "_10k_cny": "10k_cny",
    "_tce": "tce",
    "_gj": "gj",
    "_mwh": "mwh",
    "_mw": "mw",
    "_m3": "m3",
    "_ha": "ha",
    "_t": "t",
    "_share": "1",
    "_rate": "1",
}
# What the label of a number without a unit says at its end.
FRACTION = ("小数", "fraction")

Row = dict[str, str]


def rows(path: str) -> list[Row]:
    with (REFERENCE / path).open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


DATASETS = {row["dataset"]: row for row in rows("catalog/datasets.csv")}
COLUMNS = dataset_columns()
LIMITS = rows("catalog/dataset_ratio_limits.csv")
ENTRIES = rows("codes/code_list_entries.csv")
UNITS = {row["unit_label"]: row for row in rows("units/unit_labels.csv")}
THRESHOLDS = {row["threshold_id"]: float(row["value"]) for row in rows("thresholds/thresholds.csv")}
BY_DATASET: dict[str, list[Row]] = defaultdict(list)
for column in COLUMNS:
    BY_DATASET[column["dataset"]].append(column)


def name(row: Row) -> tuple[str, str]:
    return row["dataset"], row["column_name"]


def bracketed(label: str) -> str:
    """The unit at the end of a label; '' if there is none."""
    found = BRACKETED.search(label)
    return next(part for part in found.groups() if part is not None) if found else ""


def test_every_records_dataset_has_columns_and_no_other_has() -> None:
    records = {name for name, row in DATASETS.items() if row["kind"] == "records"}
    assert set(BY_DATASET) == records


def test_positions_count_from_one() -> None:
    wrong = [
        dataset
        for dataset, columns in BY_DATASET.items()
        if [int(column["position"]) for column in columns] != list(range(1, len(columns) + 1))
    ]
    assert wrong == []


def test_every_dataset_has_a_key_and_a_required_column() -> None:
    for flag in ("is_key_column", "is_required"):
        assert [d for d, cs in BY_DATASET.items() if all(c[flag] != "true" for c in cs)] == []


def test_names_labels_and_types_are_well_formed() -> None:
    wrong = [
        name(row)
        for row in COLUMNS
        if not SNAKE_CASE.fullmatch(row["column_name"])
        or row["type"] not in TYPES
        or not CHINESE.search(row["label_zh"] + row["description_zh"])
        or CHINESE.search(row["label_en"])
        or not row["description_zh"]
        or not row["description_en"]
        or any(row[f] not in ("true", "false") for f in row if f.startswith("is_"))
    ]
    assert wrong == []


@pytest.mark.parametrize("dataset", sorted(BY_DATASET))
def test_a_heading_means_one_column(dataset: str) -> None:
    """By name or by either label, with its unit or without: a heading has to be unambiguous."""
    meanings = defaultdict(set)
    for row in BY_DATASET[dataset]:
        for heading in (row["column_name"], row["label_zh"], row["label_en"]):
            for printed in (heading, BRACKETED.sub("", heading)):
                meanings[printed.lower()].add(row["column_name"])
    assert {heading: found for heading, found in meanings.items() if len(found) > 1} == {}


def test_every_form_of_parks_is_held_to_the_registries() -> None:
    """A return of one that nobody registered is in no sum: the gate says so of every form."""
    forms = {
        row["dataset"].removeprefix("park_returns_"): False
        for row in COLUMNS
        if row["dataset"].startswith("park_returns_") and row["column_name"] == "park_id"
    }
    for row in COLUMNS:
        form = row["dataset"].removeprefix("park_returns_")
        forms |= {form: True} if row["column_name"] == "enterprise_id" and form in forms else {}
    own = {"parks", "enterprises", "park_boundaries", "boundary_members"}
    assert {form for form, of in forms.items() if not of} - own == set(park_energy.OF_PARKS)
    assert {form for form, of in forms.items() if of} - own == set(park_energy.OF_ENTERPRISES)


def test_an_alias_of_a_column_means_it_alone() -> None:
    """An alias stands for one column of one list, and is no label of another."""
    meanings: dict[tuple[str, str], set[str]] = defaultdict(set)
    for row in COLUMNS:
        for label in (row["column_name"], row["label_zh"], row["label_en"]):
            meanings[row["dataset"], label.casefold()].add(row["column_name"])
    for row in rows("mappings/dataset_column_aliases.csv"):
        if row["dataset"] == EVERY:
            assert row["column_name"] == "" and row["alias"], row
            continue
        known = {column["column_name"] for column in BY_DATASET[row["dataset"]]}
        assert row["column_name"] in known, row
        meanings[row["dataset"], row["alias"].casefold()].add(row["column_name"])
    assert {key: found for key, found in meanings.items() if len(found) > 1} == {}


def test_the_name_of_a_column_says_its_unit() -> None:
    wrong = []
    for row in COLUMNS:
        suffixes = [suffix for suffix in UNIT_OF_SUFFIX if row["column_name"].endswith(suffix)]
        expected = UNIT_OF_SUFFIX[max(suffixes, key=len)] if suffixes else None
        # A suffix wants its unit; a unit wants its suffix, unless it is that of a count.
        if row["type"] == "number" and row["unit"] != (expected or ""):
            wrong.append(name(row))
        if row["unit"] and row["type"] not in ("number", "integer"):
            wrong.append(name(row))
    assert wrong == []


def test_labels_print_the_unit_of_the_column() -> None:
    """A form without units invites tonnes for 10^4 t; a label with another unit would be worse."""
    known = {row["unit"] for row in UNITS.values()}
    assert {row["unit"] for row in COLUMNS} <= known | {""}
    wrong = []
    for row in COLUMNS:
        if not row["unit"]:
            continue
        for label, fraction in zip((row["label_zh"], row["label_en"]), FRACTION, strict=True):
            printed = bracketed(label)
            unit = UNITS.get(printed, {})
            is_its_unit = unit.get("unit") == row["unit"] and float(unit["to_unit_factor"]) == 1
            is_fraction = row["type"] == "number" and row["unit"] == "1"
            if printed != fraction if is_fraction else not is_its_unit:
                wrong.append((name(row), label))
    assert wrong == []


def test_a_quantity_without_a_unit_of_its_own_has_a_unit_column() -> None:
    wrong = [
        name(row)
        for row in COLUMNS
        if row["type"] == "number"
        and not row["unit"]
        and not any(c["code_list"] == "unit_labels" for c in BY_DATASET[row["dataset"]])
    ]
    assert wrong == []


def test_code_lists_are_used_and_have_entries() -> None:
    listed = {row["code_list"] for row in ENTRIES}
    used = {row["code_list"] for row in COLUMNS} - {""}
    assert used - set(LISTS_ELSEWHERE) == listed
    assert listed & set(LISTS_ELSEWHERE) == set()
    assert [path for path in LISTS_ELSEWHERE.values() if not rows(path)] == []
    assert [
        name(row)
        for row in COLUMNS
        if (row["code_list"] and row["type"] not in ("text", "boolean"))
        or (row["type"] == "boolean") != (row["code_list"] == "yes_no")
    ] == []


def test_codes_and_labels_are_unique_in_their_list() -> None:
    for field in ("code", "label_zh", "label_en"):
        counts = Counter((row["code_list"], row[field].lower()) for row in ENTRIES)
        assert [key for key, count in counts.items() if count > 1] == []
    assert [row["code"] for row in ENTRIES if not SNAKE_CASE.fullmatch(row["code"])] == []
    assert [
        (row["code_list"], row["code"])
        for row in ENTRIES
        if not re.search(r"[\u4e00-\u9fff]", row["label_zh"])
        or CHINESE.search(row["label_en"])
        or bool(row["description_zh"]) != bool(row["description_en"])
    ] == []


def test_maxima_are_thresholds_of_numbers() -> None:
    assert [
        name(row)
        for row in COLUMNS
        if row["maximum_threshold_id"]
        and (row["maximum_threshold_id"] not in THRESHOLDS or row["type"] != "number")
    ] == []
    assert [
        name(row)
        for row in COLUMNS
        if row["is_non_negative"] == "true" and row["type"] not in ("number", "integer")
    ] == []


def test_ratio_limits_compare_number_columns() -> None:
    numbers = {name(row) for row in COLUMNS if row["type"] in ("number", "integer")}
    keys = [(row["dataset"], row["numerator"], row["denominator"]) for row in LIMITS]
    assert len(set(keys)) == len(keys)
    wrong = []
    for row, (dataset, numerator, denominator) in zip(LIMITS, keys, strict=True):
        low, high = row["minimum_threshold_id"], row["maximum_threshold_id"]
        if not {(dataset, numerator), (dataset, denominator)} <= numbers or not (low or high):
            wrong.append((dataset, numerator, denominator))
        is_empty = low and high and THRESHOLDS.get(low, 0) >= THRESHOLDS.get(high, 0)
        if {low, high} - {""} - set(THRESHOLDS) or is_empty:
            wrong.append((dataset, low, high))
    assert wrong == []
    assert [row for row in LIMITS if not (row["statement_zh"] and row["statement_en"])] == []


def test_raw_tables_are_described_as_the_catalogue_says() -> None:
    """`greenpark new-dataset NAME` writes the description of a raw table; nobody else does."""
    datasets = read_datasets()
    described = {}
    for path in scaffold.STAGING.glob("*/*__sources.yml"):
        (source,) = yaml.safe_load(path.read_text(encoding="utf-8"))["sources"]
        described |= {table["name"]: table for table in source["tables"]}
    assert set(described) == set(datasets) - {"report_published_figures"}  # with the job's own
    wrong = [
        name for name, entry in described.items() if entry != staging.source_table(datasets[name])
    ]
    assert wrong == []


def test_every_number_of_a_yearly_return_may_be_revised(manifest: dict[str, Any]) -> None:
    """The model reads the staging of each form that has a year and a number, and no other."""
    read = manifest["nodes"]["model.greenpark.int_revisions__returns_united"]["depends_on"]["nodes"]
    forms = {
        dataset
        for dataset, columns in BY_DATASET.items()
        if dataset.startswith("park_returns_")
        and any(column["column_name"] == "year" for column in columns)
        and any(column["type"] in ("number", "integer") for column in columns)
    }
    read = {name.removeprefix("model.greenpark.") for name in read}
    assert {f"stg_park_returns__{form.removeprefix('park_returns_')}" for form in forms} == {
        name for name in read if name.startswith("stg_")
    }
