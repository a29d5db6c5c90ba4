"""Write what a new dataset needs beside its data: catalogue rows, source description, staging.

What is in the catalogue is the only input of the source's description and of the model, so that
a column is described once. A file that exists is added to or left alone, never rewritten, save
the description of the raw table, which is all of it generated.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any, Literal, NamedTuple

import yaml

from orchestration.errors import GreenparkError
from orchestration.landing.map.catalogue import (
    CONCEPTS,
    Column,
    Dataset,
    read_datasets,
    read_rows,
    reference_path,
)
from orchestration.landing.map.dimensions import dimensions_named
from orchestration.landing.map.labels import clean_label, split_unit
from orchestration.landing.read.formats import detect_format, guess_encoding, open_sheets
from orchestration.landing.read.sheet import Unreadable
from orchestration.landing.read.sidecar import Layout
from orchestration.proposing.anatomy import MARKS, NUMBER, sniff_delimiter
from orchestration.settings import PROJECT_ROOT

DATASETS = "catalog/datasets.csv"
COLUMNS = "catalog/dataset_columns.csv"
STAGING = PROJECT_ROOT / "dbt_project" / "models" / "staging"
NAME = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+){2,}")
HAN = re.compile(r"[\u2e80-\u9fff]")
LINE_LENGTH = 100
SELECT_INDENT = 8
TYPES = {
    "number": "double",
    "integer": "integer",
    "year": "integer",
    "month": "integer",
    "boolean": "boolean",
}
TO_DO = "TODO"
SAMPLED_ROWS = 200
FRACTION = ("小数", "fraction")  # what a label says of a number without a unit
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
            _append_rows(COLUMNS, _guessed_columns(name, header), done)
    dataset = read_datasets()[name]
    if dataset.kind != kind:
        raise GreenparkError(
            f"{name} is of kind {dataset.kind}", f"leave out --kind or give {dataset.kind}"
        )
    if dataset.kind == "records" and not dataset.columns:
        raise GreenparkError(
            f"{name} has no columns",
            f"give --from FILE, or add its rows to seeds/reference/{COLUMNS}",
        )
    done.to_do = [
        f"seeds/reference/{COLUMNS}: {row['column_name']}: {column}"
        for row in read_rows(COLUMNS)
        if row["dataset"] == name
        for column, value in row.items()
        if value == TO_DO
    ]
    if done.to_do:
        return done
    folder = STAGING / dataset.publisher
    folder.mkdir(parents=True, exist_ok=True)
    _describe_source(folder, dataset, done)
    model = folder / model_name(dataset)
    _write_new(model.with_suffix(".sql"), staging_sql(dataset), done)
    properties = {"version": 2, "models": [staging_properties(dataset)]}
    _write_new(model.with_suffix(".yml"), yaml_text(properties), done)
    return done


def delimiter_of(path: Path) -> dict[str, str]:
    """The key of a layout that parts a text into columns; none for other files."""
    if detect_format(path) != "csv":
        return {}
    return {"delimiter": sniff_delimiter(path, guess_encoding(path))}


class Heading(NamedTuple):
    """A printed heading, and whether all that stands below it are numbers."""

    text: str
    is_number: bool = False


def headings(path: Path, header_row: int) -> list[Heading]:
    """The headings in a row of a file of any format. Raises GreenparkError."""
    try:
        layout = Layout(kind="records", **delimiter_of(path))
        sheet = open_sheets(path, guess_encoding(path), layout)[0]
        rows = list(islice(sheet.rows, header_row - 1, header_row + SAMPLED_ROWS))
    except Unreadable as error:
        raise GreenparkError(
            f"cannot read {path}: {error.detail}",
            "give a file whose first sheet is the list",
            f"无法读取 {path}：{error.detail_zh}",
            "请给出第一个工作表即为清单的文件",
        ) from error
    row = rows.pop(0) if rows else []
    while row and not row[-1].strip():
        row.pop()
    if not all(heading.strip() for heading in row) or not row:
        raise GreenparkError(
            f"{path} row {header_row}: a heading is empty",
            "name the row with --header-row",
            f"{path} 第{header_row}行：有表头为空",
            "用 --header-row 指明表头所在行",
        )
    below = [[line[c].strip() for line in rows if c < len(line)] for c in range(len(row))]
    regions = {known["region_code"] for known in read_rows("codes/region_codes.csv")}
    return [
        Heading(text, _are_numbers(values, regions))
        for text, values in zip(row, below, strict=True)
    ]


def _are_numbers(values: list[str], regions: set[str]) -> bool:
    """Quantities, not codes: no leading zeros, no more digits than a number holds, no regions."""
    printed = [value for value in values if value and value not in MARKS]
    return not set(printed) <= regions and all(
        NUMBER.fullmatch(value) and not re.match(r"0\d|\d{12}", value) for value in printed
    )


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


# --- the catalogue -------------------------------------------------------------------------------


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


def _guessed_columns(name: str, header: Sequence[Heading]) -> list[dict[str, str]]:
    """A catalogue row per heading: its Chinese and Latin words, its unit, its likely type.

    A column is kept in the unit that quantities of its kind have, so its label prints that one.
    """
    known = _known_names()
    rows = []
    for position, heading in enumerate(header, start=1):
        clean = clean_label(heading.text)
        zh = "".join(word for word in clean.split() if HAN.search(word))
        en = " ".join(word for word in clean.split() if not HAN.search(word))
        base, printed_unit = split_unit(zh or clean)
        unit, labels = _unit_of(printed_unit)
        base = base if unit else zh
        like, like_en = known.get(base, ("", ""))
        en_base = split_unit(en)[0] or like_en
        words = re.sub(r"[^a-z0-9]+", "_", split_unit(en)[0].lower()).strip("_")
        column = words if re.match(r"[a-z]", words) else like or f"column_{position}"
        is_code = bool(re.search(r"编码|代码|编号|\b(code|id)$", f"{base} {en_base}".strip(), re.I))
        is_year = column == "year" or base in ("年份", "年", "年度")
        is_number = bool(unit) or (heading.is_number and not is_code)
        kind = "year" if is_year else "number" if is_number else "text"
        if kind == "number" and not unit:
            unit = TO_DO
        suffix = "share" if unit == "1" else unit.replace(" ", "_")
        if unit not in ("", TO_DO) and not column.endswith((f"_{suffix}", "_rate")):
            column += f"_{suffix}"
        rows.append(
            {
                "dataset": name,
                "position": str(position),
                "column_name": "year" if is_year else column,
                "label_zh": f"{base}（{labels[0]}）" if labels else zh or TO_DO,
                "label_en": (f"{en_base} ({labels[1]})" if labels else en_base)
                if en_base
                else TO_DO,
                "type": kind,
                "unit": unit,
                "is_required": str(kind != "number").lower(),
                "is_key": str(kind != "number").lower(),
                "is_non_negative": str(kind == "number").lower(),
                "description_zh": TO_DO,
                "description_en": TO_DO,
            }
        )
    return rows


def _unit_of(printed: str) -> tuple[str, tuple[str, str] | None]:
    """The unit in which a printed one is kept, with its Chinese and its Latin name."""
    rows = read_rows("units/unit_labels.csv")
    unit = next((row["unit"] for row in rows if clean_label(row["unit_label"]) == printed), "")
    if not printed or not unit:
        return "", None
    whole = [
        row["unit_label"]
        for row in rows
        if row["unit"] == unit and float(row["to_unit_factor"]) == 1
    ]
    if unit == "1":
        return unit, FRACTION
    zh = next((label for label in whole if HAN.search(label)), unit)
    return unit, (zh, next((label for label in whole if not HAN.search(label)), unit))


def _known_names() -> dict[str, tuple[str, str]]:
    """What the columns of other lists are called, by their Chinese label without its unit."""
    names: dict[str, tuple[str, str]] = {}
    for row in read_rows(COLUMNS):
        label = split_unit(clean_label(row["label_zh"]))[0]
        suffix = "_" + row["unit"].replace(" ", "_")
        column = row["column_name"]
        column = column.removesuffix(suffix) if row["unit"] else column
        names.setdefault(label, (column, split_unit(row["label_en"])[0]))
    return names


# --- the source ----------------------------------------------------------------------------------


def _describe_source(folder: Path, dataset: Dataset, done: Scaffold) -> None:
    """Put the raw table into the publisher's sources, in place of an entry it has."""
    path = folder / f"{dataset.publisher}__sources.yml"
    tables: list[dict[str, Any]] = []
    if path.exists():
        (source,) = yaml.safe_load(path.read_text(encoding="utf-8"))["sources"]
        tables = [table for table in source["tables"] if table["name"] != dataset.name]
    text = yaml_text(sources([*tables, source_table(dataset)]))
    if not path.exists() or path.read_text(encoding="utf-8") != text:
        path.write_text(text, encoding="utf-8")
        done.written.append(path)


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


# --- the model -----------------------------------------------------------------------------------


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


# --- files ---------------------------------------------------------------------------------------


class _Dumper(yaml.SafeDumper):
    """YAML as people write it here: lists indented, text of several lines as a block."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        return super().increase_indent(flow, False)


def _text(dumper: yaml.Dumper, value: str) -> yaml.Node:
    style = "|" if "\n" in value else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style)


_Dumper.add_representer(str, _text)


def yaml_text(document: dict[str, Any]) -> str:
    """A document of dbt as it stands in the project."""
    return yaml.dump(
        document, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=LINE_LENGTH
    )


def _write_new(path: Path, text: str, done: Scaffold) -> None:
    if path.exists():
        done.kept.append(path)
        return
    path.write_text(text, encoding="utf-8")
    done.written.append(path)
