"""The columns of a new list, guessed from its printed headings."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

from orchestration.errors import GreenparkError
from orchestration.landing.map.catalogue import HAN, dataset_columns, read_rows, unit_names
from orchestration.landing.map.labels import clean_label, split_unit
from orchestration.landing.read.formats import TEXTS, detect_format, guess_encoding, open_sheets
from orchestration.landing.read.sheet import Unreadable
from orchestration.landing.read.sidecar import Layout
from orchestration.proposing.anatomy import MARKS, NUMBER
from orchestration.proposing.text_forms import sniff_delimiter

NAME = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+){2,}")
TO_DO = "TODO"
SAMPLED_ROWS = 200


def delimiter_of(path: Path) -> dict[str, Any]:
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
        encoding = guess_encoding(path) if detect_format(path) in TEXTS else "utf-8"
        sheet = open_sheets(path, encoding, layout)[0]
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


def guessed_columns(name: str, header: Sequence[Heading]) -> list[dict[str, str]]:
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
                "is_key_column": str(kind != "number").lower(),
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
