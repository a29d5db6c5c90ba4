"""A dataset nobody had, added as CONTRIBUTING says to the letter, in a copy of the project."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Callable
from pathlib import Path

import yaml
from project_copy import greenpark, run
from roads import command, commands, with_words

LIST = "city_yearbooks_water_use"
TABLE = "city_yearbooks_gas_use"
WATER = """城市 City,年份 Year,用水量（立方米） Water use (m3),备注 Note
320100,2020,1250000000,
苏州市,2020,2210000000,含渔业
320500,1850,2210000000,
"""
GAS = """城市,2019,2020
南京市,12.5,13.25
苏州市,60.1,…
泰洲市,1,2
"""
SIDECAR = {
    "source_id": "city_yearbooks_2021",
    "publisher": "Statistics bureaus of the cities of Jiangsu",
    "title_zh": "样表",
    "title_en": "Sample",
    "edition_year": 2021,
    "licence": "statistical facts",
    "origin": "observed",
    "url_or_citation": "made for a test",
}
ROAD = "A new dataset, step by step"
# What `--as` asks for.
SAID = (
    ("--source-id", "source_id"),
    ("--publisher", "publisher"),
    ("--title-zh", "title_zh"),
    ("--title-en", "title_en"),
    ("--edition", "edition_year"),
    ("--licence", "licence"),
    ("--citation", "url_or_citation"),
)


def rewrite(path: Path, change: Callable[[dict[str, str]], None]) -> None:
    with path.open(encoding="utf-8", newline="") as handle:
        reader = csv.DictReader(handle)
        header, rows = reader.fieldnames, list(reader)
    for row in rows:
        change(row)
    with path.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(handle, header, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def columns_of(project: Path, dataset: str) -> list[dict[str, str]]:
    path = project / "seeds" / "reference" / "catalog" / "dataset_columns.csv"
    with path.open(encoding="utf-8", newline="") as handle:
        return [row for row in csv.DictReader(handle) if row["dataset"] == dataset]


def fill_in(project: Path) -> None:
    """What a person says where the headings could not."""

    def mean(row: dict[str, str]) -> None:
        if row["description_zh"] == "TODO":
            row["description_zh"] = f"{row['label_zh']}的含义"
            row["description_en"] = f"What {row['label_en']} means."

    def check(row: dict[str, str]) -> None:
        if row["dataset"] == LIST and row["column_name"] == "city":
            row["code_list"] = "regions"
        if row["dataset"] == LIST and row["column_name"] == "note":
            row["is_required"] = row["is_key_column"] = "false"

    catalog = project / "seeds" / "reference" / "catalog"
    rewrite(catalog / "columns.csv", mean)
    rewrite(catalog / "dataset_columns.csv", check)


def put(project: Path, name: str, text: str, dataset: str, layout: dict) -> None:
    folder = project / "seeds" / "raw" / "city_yearbooks"
    (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    digest = hashlib.sha256(text.encode()).hexdigest()
    document = SIDECAR | {"dataset": dataset, "sha256": digest, "layout": layout}
    (folder / f"{name}.yml").write_text(
        yaml.safe_dump(document, allow_unicode=True, sort_keys=False), encoding="utf-8"
    )


def add_dataset(project: Path) -> None:
    """A list and a table by their commands, each with a file; what the commands say is judged."""
    (project / "water_use_2020.csv").write_text(WATER, encoding="utf-8")
    first, again, describe = (
        command(ROAD, "new-dataset", "--from"),
        next(line for line in commands(ROAD) if line == ["new-dataset", LIST]),
        command(ROAD, "--as", LIST),
    )
    said = greenpark(project, *first)
    assert "TODO  seeds/reference/catalog/columns.csv: city: description_zh" in said
    assert "note: description" not in said  # the catalogue knows it
    guessed = columns_of(project, LIST)
    assert [(c["column_name"], c["type"], c["unit"]) for c in guessed] == [
        ("city", "text", ""),
        ("year", "year", ""),
        ("water_use_m3", "number", "m3"),
        ("note", "text", ""),
    ]
    model = project / "dbt_project/models/staging/city_yearbooks/stg_city_yearbooks__water_use.sql"
    assert not model.exists()  # half a description is not written down twice
    fill_in(project)
    said = greenpark(project, *again)
    assert f"wrote {model.relative_to(project)}" in said
    said = greenpark(project, *again)
    assert f"kept  {model.relative_to(project)}" in said
    assert "wrote" not in said

    greenpark(project, "new-dataset", TABLE, "--label-zh", "用气量", "--label-en", "Gas use")
    raw = project / "seeds/raw/city_yearbooks/water_use_2020.csv"
    (project / "water_use_2020.csv").rename(raw)
    answers = [word for option, key in SAID for word in (option, str(SIDECAR[key]))]
    done = run(project, *with_words(describe, {"FILE": str(raw)}), *answers, "--yes")
    assert raw.with_name("water_use_2020.csv.yml").exists(), done.stdout + done.stderr
    assert done.returncode == 1 and "row 4 column year" in done.stderr  # it says what is refused
    layout = {
        "kind": "matrix",
        "row_labels": {1: "region"},
        "column_labels": "year",
        "unit": "亿立方米",
        "constants": {"item": "终端消费量", "fuel": "天然气"},
        "missing_marks": {"…": "not_available"},
    }
    put(project, "gas_use_2020", GAS, TABLE, layout)
