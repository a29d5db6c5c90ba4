"""The catalogue of columns says what each name is, once; YAML says only what differs from it."""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from orchestration.landing.map.catalogue import column_catalogue, read_rows
from orchestration.proposing.staging import PROVENANCE
from orchestration.publishing.bi_views import MARK
from orchestration.settings import PROJECT_ROOT

PROJECT = PROJECT_ROOT / "dbt_project"
CATALOGUE = column_catalogue()
CHINESE = re.compile(r"[\u4e00-\u9fff]")
YAML_PER_SQL = 0.5  # lines that people keep; 1.75 before the catalogue
GENERATED = "__sources.yml"  # what `greenpark new-dataset` writes, and nobody else
LANGS = ("zh", "en")
TEXTS = ("label_zh", "label_en", "unit", "aggregation", "format")
AGGREGATIONS = {"sum", "last", "ratio", "none"}
# Types of the lists that the landing reads, as marts have them.
TYPES = {
    "text": {"varchar"},
    "number": {"double"},
    "integer": {"integer", "bigint", "double"},
    "boolean": {"boolean"},
    "year": {"integer"},
    "month": {"integer"},
    "date": {"varchar"},
}
# (table, column) -> why its type is another than the catalogue's.
TYPES_ALLOWED = {
    ("balance_row_rules", "weight"): "the weights of rows are whole: 1, 0 or -1",
    ("corrections", "column_number"): "typed by people; a seed",
    ("mann_kendall_exact", "years_count"): "ten at most; a seed",
    ("peak_trends", "years_count"): "the statistic is of whole numbers",
}
# Lists that land as they were typed; staging makes numbers of them.
ALL_TEXT = {"report_published_figures"}

Table = dict[str, Any]


class Said(NamedTuple):
    """A column as a YAML has it."""

    table: str
    name: str
    data_type: str | None
    description: str
    meta: dict[str, str]

    @property
    def key(self) -> tuple[str, str]:
        return self.table, self.name


@cache
def documents() -> dict[Path, dict[str, Any]]:
    return {
        path: yaml.safe_load(path.read_text(encoding="utf-8"))
        for path in sorted(PROJECT.rglob("*.yml"))
    }


def tables(*kinds: str) -> Iterator[Table]:
    """The entries of models, seeds and the tables of sources."""
    for document in documents().values():
        for kind in kinds:
            for entry in document.get(kind) or []:
                # dbt_project.yml has `models` and `seeds` too: its settings.
                if isinstance(entry, dict):
                    yield from entry["tables"] if kind == "sources" else [entry]


def columns(*kinds: str) -> Iterator[Said]:
    for table in tables(*kinds):
        for column in table.get("columns", []):
            meta = column.get("config", {}).get("meta", {})
            text = column.get("description", "")
            yield Said(table["name"], column["name"], column.get("data_type"), text, meta)


def seed_columns() -> Iterator[Said]:
    for seed in tables("seeds"):
        for name, data_type in seed["config"]["column_types"].items():
            yield Said(seed["name"], name, data_type, "", {})


def in_both_languages(lines: list[str]) -> bool:
    """Chinese and English in turn, a line each."""
    pairs = zip(lines[::2], lines[1::2], strict=False)
    return (
        len(lines) >= len(LANGS)
        and len(lines) % len(LANGS) == 0
        and all(CHINESE.search(zh) and not CHINESE.search(en) for zh, en in pairs)
    )


# The catalogue -----------------------------------------------------------------------------------


def test_the_catalogue_is_sorted_and_names_each_column_once() -> None:
    names = [row["column_name"] for row in read_rows("catalog/columns.csv")]
    assert names == sorted(set(names))


def test_every_row_is_labelled_and_described_in_both_languages() -> None:
    wrong = []
    for name, row in CATALOGUE.items():
        for text in ("label", "description"):
            chinese, english = row[f"{text}_zh"], row[f"{text}_en"]
            # A label of the report is quoted: 园区10.
            quoted = re.sub(r"such as \S+|人均", "", english)
            if not CHINESE.search(chinese) or not english or CHINESE.search(quoted):
                wrong.append((name, text))
        if not row["description_en"].endswith(".") or row["description_zh"].endswith("。"):
            wrong.append((name, "full stop"))
    assert wrong == []


def test_every_number_without_a_unit_and_every_rank_has_bounds_or_a_reason() -> None:
    """`is_sound` holds every table to them; what has none must be unable to have one."""
    bounds = {row["column_name"]: row for row in read_rows("catalog/column_bounds.csv")}
    wanted = {
        name
        for name, row in CATALOGUE.items()
        if row["unit"] in ("1", "share", "index", "rank")
        or (
            re.search(r"(^|_)(rank|index|share|rate)$", name)
            and row["data_type"] in ("double", "integer", "bigint")
        )
    }
    wanted |= {said.name for said in columns("models") if said.meta.get("unit") == "1"}
    assert len(wanted) > 150
    assert wanted - bounds.keys() == set()
    assert bounds.keys() - CATALOGUE.keys() == set()
    assert [*bounds] == sorted(bounds)
    for name, row in bounds.items():
        low, high = row["lower_bound"], row["upper_bound"]
        assert bool(row["closure"]) == bool(low or high), name
        assert not (low and high) or float(low) < float(high), name
        assert CHINESE.search(row["bound_reason_zh"]) and row["bound_reason_en"].endswith("."), name


def test_two_names_never_mean_the_same() -> None:
    for lang in LANGS:
        names = defaultdict(list)
        for name, row in CATALOGUE.items():
            names[row[f"description_{lang}"].lower().rstrip(".")].append(name)
        assert {text: found for text, found in names.items() if len(found) > 1} == {}


def test_a_measure_says_how_it_adds_up_and_is_shown() -> None:
    wrong = []
    for name, row in CATALOGUE.items():
        is_number = row["data_type"] in ("double", "integer", "bigint")
        parts = (row["numerator"], row["denominator"])
        if (
            row["aggregation"] not in AGGREGATIONS
            or (row["aggregation"] != "none" and not is_number)
            or bool(row["format"]) != is_number
            or bool(parts[0]) != bool(parts[1])
            or (parts[0] and row["aggregation"] != "ratio")
            or not {part for part in parts if part} <= CATALOGUE.keys()
        ):
            wrong.append(name)
    assert wrong == []


def test_every_row_is_used() -> None:
    used = {said.name for said in (*columns("models", "sources", "seeds"), *seed_columns())}
    used |= {row["column_name"] for row in read_rows("catalog/dataset_columns.csv")}
    used.add(MARK)  # of the views that are made when a version is published
    assert sorted(CATALOGUE.keys() - used) == []


# What YAML says ----------------------------------------------------------------------------------


def test_every_column_is_in_the_catalogue() -> None:
    assert [
        said.key
        for said in (*columns("models", "sources", "seeds"), *seed_columns())
        if said.name not in CATALOGUE
    ] == []


def test_every_table_lists_its_columns() -> None:
    assert [t["name"] for t in tables("models", "sources") if not t.get("columns")] == []
    assert [
        table["name"]
        for table in tables("sources")
        if "_row_number" in (names := [column["name"] for column in table["columns"]])
        and names[: len(PROVENANCE)] != list(PROVENANCE)
    ] == []


def test_a_type_is_that_of_the_catalogue() -> None:
    found = {
        said.key: (said.data_type, CATALOGUE[said.name]["data_type"])
        for said in (*columns("models"), *seed_columns())
        if said.data_type and said.data_type != CATALOGUE[said.name]["data_type"]
    }
    assert {key: types for key, types in found.items() if key not in TYPES_ALLOWED} == {}
    assert sorted(TYPES_ALLOWED.keys() - found.keys()) == []


def test_nothing_is_said_again() -> None:
    """A label, unit or description of a table is there because the table means another thing."""
    wrong = []
    for said in columns("models", "sources", "seeds"):
        row = CATALOGUE[said.name]
        if said.description.strip().splitlines() == [row["description_zh"], row["description_en"]]:
            wrong.append((*said.key, "description"))
        wrong += [(*said.key, key) for key, text in said.meta.items() if text == row.get(key)]
        wrong += [(*said.key, key) for key in said.meta.keys() - {*TEXTS}]
    assert wrong == []


def test_what_a_table_says_of_a_column_is_in_both_languages() -> None:
    assert [
        said.key
        for said in columns("models", "sources", "seeds")
        if said.description
        and (
            len(lines := said.description.strip().splitlines()) != 2 or not in_both_languages(lines)
        )
    ] == []


def test_every_table_is_described_in_both_languages() -> None:
    assert [
        table["name"]
        for table in tables("models", "sources", "seeds")
        if not in_both_languages(table["description"].strip().splitlines())
    ] == []


def test_the_forms_say_only_what_differs() -> None:
    wrong = []
    for row in read_rows("catalog/dataset_columns.csv"):
        known = CATALOGUE[row["column_name"]]
        key = (row["dataset"], row["column_name"])
        if known["data_type"] not in TYPES[row["type"]] and row["dataset"] not in ALL_TEXT:
            wrong.append((*key, "type", row["type"], known["data_type"]))
        if row["unit"] != known["unit"] and (row["unit"] or known["unit"] not in ("see unit", "1")):
            wrong.append((*key, "unit", row["unit"], known["unit"]))
        for field in ("label", "description"):
            texts = [row[f"{field}_{lang}"] for lang in LANGS]
            if field == "description" and bool(texts[0]) != bool(texts[1]):
                wrong.append((*key, field, "in one language"))
            for lang, text in zip(LANGS, texts, strict=True):
                if text and text.rstrip(".") == known[f"{field}_{lang}"].rstrip("."):
                    wrong.append((*key, f"{field}_{lang}"))
    assert wrong == []


def test_people_keep_few_lines_of_yaml() -> None:
    kept = [path for path in documents() if not path.name.endswith(GENERATED)]
    lines = sum(path.read_text(encoding="utf-8").count("\n") for path in kept)
    sql = sum(path.read_text(encoding="utf-8").count("\n") for path in PROJECT.rglob("*.sql"))
    assert lines <= YAML_PER_SQL * sql


def test_fixtures_of_unit_tests_are_used() -> None:
    """Many rows given to a unit test stand in a CSV of dbt's."""
    named = {
        rows["fixture"]
        for document in documents().values()
        for test in document.get("unit_tests") or []
        for rows in (*test["given"], test["expect"])
        if "fixture" in rows
    }
    files = sorted((PROJECT / "tests" / "fixtures").glob("*.csv"))
    assert {path.stem for path in files} == named
    for path in files:
        with path.open(encoding="utf-8", newline="") as handle:
            header, *rows = csv.reader(handle)
        assert rows and all(len(row) == len(header) for row in rows), path
