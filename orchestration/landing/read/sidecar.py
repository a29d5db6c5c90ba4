"""The sidecar: what a raw file is, who published it and how to read it."""

from __future__ import annotations

import os
import re
from datetime import date
from functools import cache, lru_cache
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    model_validator,
)

from expectations.thresholds import threshold
from orchestration.landing.map.labels import clean_label
from orchestration.landing.read.formats import GAPS, WHITESPACE
from orchestration.settings import PROJECT_ROOT
from orchestration.words import in_chinese

Concept = Literal["region", "year", "item", "fuel", "indicator"]
ValueStatus = Literal["zero", "below_unit", "not_available", "suppressed", "imputed"]
Text = Annotated[str, BeforeValidator(lambda value: value if value is None else str(value))]
# A row or a column. No file has more; what counts rows knows numbers of 64 bits.
FURTHEST = 10**9
Place = Annotated[int, Field(gt=0, le=FURTHEST)]
# A row whose first printed cell begins with one of these stands below the table.
DELIMITER_WORDS = (WHITESPACE, GAPS)
MOST_BYTES = 1_000_000  # of a sidecar
DEEPEST = 20  # lists and mappings in each other
END_MARKS = ("注:", "注：", "注 ", "Note", "资料来源", "数据来源", "Source:")
SUB_ITEM_MARKS = ("#", "其中:", "其中", "of which:", "of which")


def _listed(value: Any) -> Any:
    return value if isinstance(value, list) else [value]


def _blank_missing() -> dict[str, ValueStatus]:
    return {"": "not_available"}


def _one_sign(delimiter: str) -> str:
    """What parts a text: one sign, or the words for blanks."""
    if delimiter not in DELIMITER_WORDS and (len(delimiter) != 1 or delimiter in '\r\n"\0'):
        raise ValueError(f"the delimiter is not one sign, nor {' or '.join(DELIMITER_WORDS)}")
    return delimiter


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Column(_Strict):
    """What one column holds, where its printed label does not say it."""

    labels: dict[Concept, Text] = Field(default_factory=dict)
    unit: Text | None = None


class Total(_Strict):
    """A printed total and the printed parts that make it, by their labels."""

    concept: Concept
    total: Text
    parts: list[Text]


class Layout(_Strict):
    """Where things stand in a table. Rows and columns count from 1. See CONTRIBUTING.md."""

    kind: Literal["matrix", "records"]
    # where the table is in the file
    sheet: Text | None = None
    ignore_sheets: list[Text] = Field(default_factory=list)
    json_rows: str | None = None
    json_columns: str | None = None
    delimiter: Annotated[str, AfterValidator(_one_sign)] = ","
    # its rows
    header_rows: Annotated[list[Place], BeforeValidator(_listed)] = Field(
        default_factory=lambda: [1]
    )
    fill_header: bool = False
    first_data_row: Place | None = None
    last_data_row: Place | None = None
    skip_rows: list[Place | tuple[Place, Place]] = Field(default_factory=list)
    end_marks: list[Text] = Field(default_factory=lambda: list(END_MARKS))
    # its columns
    row_labels: dict[Place, Concept] = Field(default_factory=dict)
    fill_row_labels: bool = False
    column_labels: Concept | dict[Place, Concept] | None = None
    columns: dict[Place, Column] = Field(default_factory=dict)
    value_columns: list[Place] = Field(default_factory=list)
    ignore_columns: list[Place] = Field(default_factory=list)
    # its units
    unit: Text | None = None
    unit_row: Place | None = None
    unit_column: Place | None = None
    unit_cell: tuple[Place, Place] | None = None
    unit_in: Literal["row_label", "column_label"] | None = None
    # its words and marks
    constants: dict[Concept, Text] = Field(default_factory=dict)
    labels: dict[Concept, dict[Text, Text]] = Field(default_factory=dict)
    skip_labels: list[Text] = Field(default_factory=list)
    sub_item_marks: list[Text] = Field(default_factory=lambda: list(SUB_ITEM_MARKS))
    footnote_marks: list[Text] = Field(default_factory=list)
    missing_marks: dict[Text, ValueStatus] = Field(default_factory=_blank_missing)
    value_marks: dict[Text, ValueStatus] = Field(default_factory=dict)
    thousands: Literal[",", " ", "'"] = ","
    totals: list[Total] = Field(default_factory=list)
    # an energy balance only: the sign printed for what goes into transformation, if no heading says
    transformation_inputs: Literal["positive", "negative"] | None = None
    # records only: printed header to column name, and columns the file leaves to the sidecar
    fields: dict[Text, str] = Field(default_factory=dict)
    field_values: dict[str, Text] = Field(default_factory=dict)
    # its continuations (续表): each a layout that differs from this one in the keys it gives
    blocks: list[dict[str, Any]] = Field(default_factory=list)

    @model_validator(mode="after")
    def _complete(self) -> Layout:
        if self.header_rows != sorted(set(self.header_rows)):
            raise ValueError("header_rows must rise")
        if self.kind == "matrix":
            if not self.row_labels:
                raise ValueError("a matrix needs row_labels: column number to concept")
            if self.column_labels is None and not self.columns:
                raise ValueError("a matrix needs column_labels, or columns one by one")
            if isinstance(self.column_labels, dict):
                strangers = set(self.column_labels) - set(self.header_rows)
                if strangers:
                    raise ValueError(f"column_labels names row {min(strangers)}, no header row")
            given = (self.unit_row, self.unit_column, self.unit_cell, self.unit_in)
            places = [place for place in given if place is not None]
            own = bool(self.columns) and all(column.unit for column in self.columns.values())
            if len(places) > 1 or not (places or self.unit is not None or own):
                raise ValueError(
                    "a matrix needs one of unit_row, unit_column, unit_cell, unit_in, or unit "
                    "alone or beside it for what has none there, or a unit in each of columns"
                )
        self.parts()
        return self

    @property
    def concepts(self) -> set[str]:
        """The concepts that its labels, its columns and its constants give."""
        across = self.column_labels
        given: set[str] = {*self.row_labels.values(), *self.constants}
        if isinstance(across, dict):
            given |= {*across.values()}
        elif across is not None:
            given.add(across)
        return given.union(*(column.labels for column in self.columns.values()))

    def words_of(self, concept: str) -> dict[str, str]:
        """What the sidecar says that labels of a concept mean, by the clean printed label."""
        own = next((words for known, words in self.labels.items() if known == concept), {})
        return {clean_label(printed): meant for printed, meant in own.items()}

    @property
    def data_starts(self) -> int:
        return self.first_data_row or max([*self.header_rows, self.unit_row or 0]) + 1

    def skips(self, row_number: int) -> bool:
        return any(
            row_number == rows if isinstance(rows, int) else rows[0] <= row_number <= rows[1]
            for rows in self.skip_rows
        )

    def parts(self) -> list[Layout]:
        """This layout without its blocks, then each block with what it inherits."""
        own = self.model_dump(exclude={"blocks"}, exclude_unset=True)
        replaced_units = {"unit", "unit_row", "unit_column", "unit_cell", "unit_in"}
        layouts = [self]
        for block in self.blocks:
            base = dict(own)
            if replaced_units & set(block):
                base = {key: value for key, value in own.items() if key not in replaced_units}
            if "header_rows" in block and "first_data_row" not in block:
                base.pop("first_data_row", None)
            if "header_rows" in block and "last_data_row" not in block:
                base.pop("last_data_row", None)
            if "constants" in block:
                block = {**block, "constants": {**self.constants, **(block["constants"] or {})}}
            layouts.append(Layout.model_validate({**base, **block}))
        return layouts


def editions() -> tuple[int, int]:
    """The first year and the last that an edition may be of: some bear that of the year to come."""
    return int(threshold("edition_year_min")), date.today().year + 1


def _plausible_edition(year: int) -> int:
    first, last = editions()
    if not first <= year <= last:
        raise ValueError(f"the edition is of no year from {first} to {last}")
    return year


class Sidecar(_Strict):
    """One raw file's description, kept beside it as `<file>.yml` or `<stem>.yml`."""

    dataset: str
    source_id: str
    publisher: str
    title_zh: str
    title_en: str
    edition_year: Annotated[int, AfterValidator(_plausible_edition)]
    table_number: Text | None = None
    unit_as_printed: str | None = None
    notes_as_printed: list[str] = Field(default_factory=list)
    encoding: Literal["utf-8", "utf-8-sig", "utf-16", "gb18030"] = "utf-8"
    sha256: str
    licence: str
    origin: Literal["observed", "derived", "reconstructed"]
    url_or_citation: str
    layout: Layout


def find_sidecar(path: Path) -> Path | None:
    """The sidecar of a raw file: `table.xls.yml` or else `table.yml`; None if there is neither."""
    candidates = (path.with_name(path.name + ".yml"), path.with_suffix(".yml"))
    return next((candidate for candidate in candidates if os.path.lexists(candidate)), None)


TWICE = re.compile(r"the key (.*) stands twice")


class SidecarError(ValueError):
    """A sidecar that cannot be used, and why, in both languages."""

    def __init__(self, message: str, in_chinese: str) -> None:
        super().__init__(message)
        self.in_chinese = in_chinese


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """YAML in which a key that stands twice is an error: one of the two would be lost."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen = set()
        for key_node, _ in node.value:
            key = self.construct_object(key_node, deep=True)
            if key in seen:
                raise yaml.constructor.ConstructorError(
                    None, None, f"the key {key} stands twice", key_node.start_mark
                )
            seen.add(key)
        return super().construct_mapping(node, deep)


SHIPPED = PROJECT_ROOT / "seeds" / "raw"


@cache
def shipped_sidecars() -> tuple[tuple[Path, Sidecar], ...]:
    """The shipped sidecars, which tell a proposal what its dataset's other files are like."""
    found = []
    for path in sorted(SHIPPED.rglob("*.yml")):
        try:
            found.append((path, read_sidecar(path)))
        except ValueError:
            continue
    return tuple(found)


@lru_cache(maxsize=500)
def _parsed(path: Path, changed_at: int, size: int) -> Sidecar:
    """A sidecar that did not change is parsed once."""
    text = path.read_text(encoding="utf-8")
    _check_shape(text)
    return Sidecar.model_validate(yaml.load(text, _Loader))


def _check_shape(text: str) -> None:
    """Raise SidecarError for what would take a parser's stack, or grow when it is read."""
    depth = 0
    for event in yaml.parse(text, _Loader):
        if isinstance(event, yaml.AliasEvent):
            raise SidecarError("a sidecar has no aliases (*)", "旁注不能用别名（*）")
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        if depth > DEEPEST:
            mark = event.start_mark
            place = mark.line + 1 if mark else 0
            raise SidecarError(
                f"line {place}: more than {DEEPEST} lists and mappings in each other",
                f"第 {place} 行：嵌套超过 {DEEPEST} 层",
            )


def read_sidecar(path: Path) -> Sidecar:
    """Read one sidecar. Raises SidecarError with every field that is wrong, in one line."""
    try:
        state = path.stat()
        if state.st_size > MOST_BYTES:
            limit = f"{MOST_BYTES // 1000} kB"
            raise SidecarError(f"more than {limit}", f"超过 {limit}")
        return _parsed(path, state.st_mtime_ns, state.st_size)
    except SidecarError:
        raise
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        problem = getattr(error, "problem", None) or ""
        place = f"第 {mark.line + 1} 行" if mark else ""
        twice = TWICE.fullmatch(problem)
        raise SidecarError(
            f"not valid YAML: {' '.join(str(error).split())}",
            f"{place}：键 {twice[1]} 出现两次" if twice else f"{place}不是有效的 YAML",
        ) from error
    except UnicodeDecodeError as error:
        raise SidecarError(f"not UTF-8: {error}", "不是 UTF-8") from error
    except ValidationError as error:
        faults = [
            (".".join(str(part) for part in fault["loc"]) or "file", fault)
            for fault in error.errors()
        ]
        raise SidecarError(
            "; ".join(f"{place}: {fault['msg']}" for place, fault in faults),
            "；".join(f"{place}：{_in_chinese(dict(fault))}" for place, fault in faults),
        ) from error
    except OSError as error:
        raise SidecarError(error.strerror or str(error), "系统无法读取旁注") from error
    except (ValueError, TypeError, RecursionError, OverflowError) as error:
        # such as a number of 5,000 digits, or a key that is a list
        detail = f"{type(error).__name__}: {' '.join(str(error).split())}"
        raise SidecarError(detail, f"无法解析：{type(error).__name__}") from error


def _in_chinese(fault: dict[str, Any]) -> str:
    """What is wrong with a field; of the kinds of pydantic those that a sidecar meets."""
    kind = fault["type"]
    if kind == "missing":
        return "缺少"
    if kind == "extra_forbidden":
        return "没有这个键"
    if kind == "literal_error":
        return f"须为 {fault['ctx']['expected'].replace(' or ', '、')}"
    if kind in ("greater_than", "less_than_equal"):
        return f"须为 1 至 {FURTHEST} 的整数"
    if kind == "value_error":
        return in_chinese(str(fault["ctx"]["error"]))
    return "值的类型不对"
