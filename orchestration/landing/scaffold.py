"""Write what a new dataset needs beside its data: catalogue rows, source description, staging.

What is in the catalogue is the only input of the source's description and of the model; what a
column means stands in the catalogue of columns, once for all tables. A file that exists is added to
or left alone, never rewritten, save the description of the raw table, which is all of it generated.
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
from orchestration.landing.anatomy import MARKS, NUMBER, sniff_delimiter
from orchestration.landing.catalogue import (
    COLUMNS,
    CONCEPTS,
    HAN,
    Column,
    Dataset,
    clean_label,
    column_catalogue,
    dataset_columns,
    dimensions_named,
    read_datasets,
    read_rows,
    reference_path,
    split_unit,
    unit_names,
)
from orchestration.landing.formats import (
    Unreadable,
    detect_format,
    guess_encoding,
    open_sheets,
)
from orchestration.landing.sidecar import Layout
from orchestration.settings import PROJECT_ROOT

DATASETS = "catalog/datasets.csv"
DATASET_COLUMNS = "catalog/dataset_columns.csv"
STAGING = PROJECT_ROOT / "dbt_project" / "models" / "staging"
NAME = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+){2,}")
LINE_LENGTH = 100
SELECT_INDENT = 8
TYPES = {
    "number": "double",
    "integer": "integer",
    "year": "integer",
    "month": "integer",
    "boolean": "boolean",
}
LANGS = ("zh", "en")
TO_DO = "TODO"
SAMPLED_ROWS = 200
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
            _append_columns(_guessed_columns(name, header), done)
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
            }
        )
    return rows


def _unit_of(printed: str) -> tuple[str, tuple[str, str] | None]:
    """The unit in which a printed one is kept, with its Chinese and its Latin name."""
    rows = read_rows("units/unit_labels.csv")
    unit = next((row["unit"] for row in rows if clean_label(row["unit_label"]) == printed), "")
    if not printed or not unit:
        return "", None
    return unit, unit_names(unit)


def _known_names() -> dict[str, tuple[str, str]]:
    """What the columns of other lists are called, by their Chinese label without its unit."""
    names: dict[str, tuple[str, str]] = {}
    for row in dataset_columns():
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
        tables = [
            table | {"columns": _Packed(table["columns"])}
            for table in source["tables"]
            if table["name"] != dataset.name
        ]
    text = yaml_text(sources([*tables, source_table(dataset)]))
    if not path.exists() or path.read_text(encoding="utf-8") != text:
        path.write_text(text, encoding="utf-8")
        done.written.append(path)


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


class _Packed(list[dict[str, str]]):
    """Columns of which YAML has several on a line."""


def _named(*names: str) -> _Packed:
    return _Packed({"name": name} for name in names)


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


# --- files ---------------------------------------------------------------------------------------


class _Dumper(yaml.SafeDumper):
    """YAML as people write it here: lists indented, text of several lines as a block."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        return super().increase_indent(flow, False)


def _text(dumper: yaml.Dumper, value: str) -> yaml.Node:
    style = "|" if "\n" in value else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style)


def _packed(dumper: yaml.Dumper, value: _Packed) -> yaml.Node:
    return dumper.represent_sequence("tag:yaml.org,2002:seq", value, flow_style=True)


_Dumper.add_representer(str, _text)
_Dumper.add_representer(_Packed, _packed)


def yaml_text(document: dict[str, Any]) -> str:
    """A document of dbt as it stands in the project."""
    text = yaml.dump(
        document, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=LINE_LENGTH
    )
    # A column is not broken over two lines.
    return re.sub(r" \{\n( +)name: ", r"\n\1{name: ", text)


def _write_new(path: Path, text: str, done: Scaffold) -> None:
    if path.exists():
        done.kept.append(path)
        return
    path.write_text(text, encoding="utf-8")
    done.written.append(path)
