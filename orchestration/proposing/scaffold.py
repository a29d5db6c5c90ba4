"""Write what a new dataset needs beside its data: catalogue rows, source description, staging.

What is in the catalogue is the only input of the source's description and of the model; what a
column means stands in the catalogue of columns, once for all tables. A file that exists is added to
or left alone, never rewritten, save the description of the raw table, which is all of it generated.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import yaml

from orchestration.errors import GreenparkError
from orchestration.landing.map.catalogue import (
    COLUMNS,
    CONCEPTS,
    DATASET_COLUMNS,
    DATASETS,
    Dataset,
    column_catalogue,
    read_datasets,
    read_rows,
    reference_path,
    unit_names,
)
from orchestration.landing.map.dimensions import dimensions_named
from orchestration.proposing.new_columns import NAME, TO_DO, Heading, guessed_columns
from orchestration.proposing.project_yaml import Packed, yaml_text
from orchestration.proposing.staging import (
    MATRICES,
    TYPES,
    model_name,
    source_table,
    sources,
    staging_properties,
    staging_sql,
)
from orchestration.settings import PROJECT_ROOT

LANGS = ("zh", "en")
STAGING = PROJECT_ROOT / "dbt_project" / "models" / "staging"


@dataclass
class Scaffold:
    """What was written, and what is left for a person to say."""

    written: list[Path] = field(default_factory=list)
    kept: list[Path] = field(default_factory=list)
    to_do: list[str] = field(default_factory=list)


def new_dataset(
    name: str,
    kind: Literal["matrix", "records"],
    label_zh: str,
    label_en: str,
    concepts: Sequence[str] = (),
    header: Sequence[Heading] = (),
) -> Scaffold:
    """Add a dataset to the catalogue and write its source description and staging model.

    `header` are the printed headings of a list, from which its columns are guessed. What they do
    not say stands as TODO in the catalogue, and nothing else is written before it is said: then
    call this again. A dataset that is in the catalogue keeps its rows there; its source
    description is made anew from them. Raises GreenparkError.
    """
    _check_request(name, kind, concepts)
    done = Scaffold()
    if name not in read_datasets():
        row = {
            "dataset": name,
            "label_zh": label_zh,
            "label_en": label_en,
            "kind": kind,
            "concepts": "|".join(concepts),
            "is_expected": "false",
            "sector_item": "",
            "fuel_units": _fuel_units(concepts, f"{label_zh} {label_en}"),
        }
        _append_rows(DATASETS, [row], done)
        if kind == "records":
            _append_columns(guessed_columns(name, header), done)
    dataset = read_datasets()[name]
    if dataset.kind != kind:
        raise GreenparkError(
            f"{name} is of kind {dataset.kind}", f"leave out --kind or give {dataset.kind}"
        )
    if dataset.kind == "records" and not dataset.columns:
        raise GreenparkError(
            f"{name} has no columns",
            f"give --from FILE, or add its rows to seeds/reference/{DATASET_COLUMNS}",
        )
    names = {column.name for column in dataset.columns}
    done.to_do = [
        f"seeds/reference/{path}: {row['column_name']}: {field_name}"
        for path in (DATASET_COLUMNS, COLUMNS)
        for row in read_rows(path)
        if row.get("dataset", name) == name and row["column_name"] in names
        for field_name, value in row.items()
        if value == TO_DO
    ]
    if done.to_do:
        return done
    folder = STAGING / dataset.publisher
    folder.mkdir(parents=True, exist_ok=True)
    _describe_source(folder, dataset, done)
    model = folder / model_name(dataset)
    _write_new(model.with_suffix(".sql"), staging_sql(dataset), done)
    properties = {"models": [staging_properties(dataset)]}
    _write_new(model.with_suffix(".yml"), yaml_text(properties), done)
    return done


def shown(path: Path) -> str:
    """A path of the project as people name it."""
    return str(path.relative_to(PROJECT_ROOT))


def _check_request(name: str, kind: str, concepts: Sequence[str]) -> None:
    if not NAME.fullmatch(name):
        raise GreenparkError(
            f"{name} is no name of a dataset",
            "name it publisher_product_things in small letters, such as city_yearbooks_water_use",
        )
    if kind == "matrix" and frozenset(concepts) not in MATRICES:
        known = " or ".join(
            ",".join(concept for concept in CONCEPTS if concept in key) for key in MATRICES
        )
        raise GreenparkError(
            f"no staging for a matrix of {','.join(concepts) or 'nothing'}",
            f"give --concepts {known}; a table of other things is a list: --kind records",
        )


def _fuel_units(concepts: Sequence[str], label: str) -> str:
    """The units of a table with fuels: of the fuels, unless its name says another quantity."""
    if "fuel" not in concepts:
        return ""
    return "t_co2" if "co2" in dimensions_named(label) else "fuel"


def _append_rows(path: str, rows: list[dict[str, str]], done: Scaffold) -> None:
    target = reference_path(path)
    header = next(csv.reader(io.StringIO(target.read_text(encoding="utf-8"))))
    text = io.StringIO(newline="")
    csv.DictWriter(text, header, restval="", lineterminator="\n").writerows(rows)
    with target.open("a", encoding="utf-8", newline="") as handle:
        handle.write(text.getvalue())
    done.written.append(target)


def _append_columns(rows: list[dict[str, str]], done: Scaffold) -> None:
    """Add the columns of a list; what the catalogue of columns does not say of them goes there."""
    known = column_catalogue()
    new = []
    for row in rows:
        units = unit_names(row["unit"]) if row["unit"] not in ("", TO_DO) else ("", "")
        marks = (f"（{units[0]}）", f" ({units[1]})") if units[0] else units
        bare = [row[f"label_{lang}"].removesuffix(m) for lang, m in zip(LANGS, marks, strict=True)]
        if row["column_name"] not in known:
            is_number = row["type"] in ("number", "integer")
            new.append(
                {
                    "column_name": row["column_name"],
                    "data_type": TYPES.get(row["type"], "varchar"),
                    "unit": row["unit"],
                    "label_zh": bare[0],
                    "label_en": bare[1],
                    "description_zh": TO_DO,
                    "description_en": TO_DO,
                    "aggregation": "sum" if is_number and row["unit"] not in ("", "1") else "none",
                    "format": "#,##0" if is_number else "",
                }
            )
        meaning = known.get(row["column_name"]) or new[-1]
        for lang, label in zip(LANGS, bare, strict=True):
            if label == meaning[f"label_{lang}"]:
                row[f"label_{lang}"] = ""
    _append_rows(DATASET_COLUMNS, rows, done)
    if new:
        _append_rows(COLUMNS, new, done)
        catalogue = sorted(read_rows(COLUMNS), key=lambda row: row["column_name"])
        text = io.StringIO(newline="")
        writer = csv.DictWriter(text, list(catalogue[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(catalogue)
        reference_path(COLUMNS).write_text(text.getvalue(), encoding="utf-8", newline="")


def _describe_source(folder: Path, dataset: Dataset, done: Scaffold) -> None:
    """Put the raw table into the publisher's sources, in place of an entry it has."""
    path = folder / f"{dataset.publisher}__sources.yml"
    tables: list[dict[str, Any]] = []
    if path.exists():
        (source,) = yaml.safe_load(path.read_text(encoding="utf-8"))["sources"]
        tables = [
            table | {"columns": Packed(table["columns"])}
            for table in source["tables"]
            if table["name"] != dataset.name
        ]
    text = yaml_text(sources([*tables, source_table(dataset)]))
    if not path.exists() or path.read_text(encoding="utf-8") != text:
        path.write_text(text, encoding="utf-8")
        done.written.append(path)


def _write_new(path: Path, text: str, done: Scaffold) -> None:
    if path.exists():
        done.kept.append(path)
        return
    path.write_text(text, encoding="utf-8")
    done.written.append(path)
