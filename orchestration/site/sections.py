"""The parts of a page: for each section its chart, its table, its cards, its SQL and its CSV."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from markupsafe import Markup, escape

from orchestration.serving.output import write_csv
from orchestration.site.charts import ASSETS, Charts
from orchestration.site.facts import AS_IT_STANDS, CODE, NAMELESS, Facts, Row, Words
from orchestration.site.frames import FONT, text_width
from orchestration.site.numbers import NOTHING, PERCENT, Scale
from orchestration.site.options import drawing

# Widths of a text, in Latin letters: what a cell keeps on one line, what is no sentence.
SHORT, MEDIUM = 14, 44
# The room of a table on paper as paper.typ has it, in points: of a page, of a cell's edges, and
# the height of its smallest letters.
PAPER_WIDTH, CELL_INSET, SMALLEST = 498.0, 5.2, 5.4
# Where a text on paper may go on in the next line.
BREAKS = re.compile(r"[\s_/\u200b\u3400-\u9fff]")
LONGEST_TEXT = 16.0  # letters' heights that a text on paper takes before it is broken
ON_PAPER = 60  # rows of a table that a report prints; the site and the CSV have all
MOST_FILTERS = 40  # as many as site.css has rules for
PART = re.compile(r"[:：]?\s*[“《]?\{part\}[”》]?[:：]?\s*")  # the part in a title, and its signs
PLACE = re.compile(r"\{(\w+)\}")  # where a sentence has the value of a column
CHINESE = re.compile(r"[\u3400-\u9fff]")
# Columns whose cells lead to a page, and what that is about.
LEADING = {"park_id": "park", "region_code": "city", "city_code": "city"}


def safe(code: str) -> str:
    """A code as a file name: what a path cannot hold is written as its number."""
    return re.sub(r"[^\w.-]|^\.", lambda match: f"~{ord(match[0]):x}", code)


@dataclass(frozen=True, slots=True)
class Shown:
    """How a column is shown."""

    label: str
    scale: Scale
    unit: str
    is_number: bool
    is_by_row: bool = False  # the unit is that of the row, and stands in the cell


@dataclass(frozen=True, slots=True)
class Cell:
    """A value as HTML: the attributes of its element, and what stands in it."""

    label: str
    attributes: Markup
    inner: Markup
    unit: str

    @property
    def td(self) -> Markup:
        """The cell in a table: there are tens of thousands, so no template makes them."""
        return Markup(f"<td{self.attributes}>{self.inner}</td>")


class Sections:
    """Makes the sections of pages, for one build."""

    def __init__(
        self,
        facts: Facts,
        charts: Charts,
        folder: Path,
        with_map: bool,
        said: dict[str, dict[str, str]],
    ) -> None:
        self.facts = facts
        self.said = said  # what pages say of themselves, in both languages
        self.charts = charts
        self.folder = folder
        self.with_map = with_map
        self.places: dict[tuple[str, str], str] = {}  # where the page of a city or park lies
        self._written: set[Path] = set()

    def section(
        self,
        section: dict[str, Any],
        rows: list[Row],
        conditions: dict[str, Any],
        words: Words,
        path: str,
        up: str,
    ) -> dict[str, Any]:
        part = section.get("part")
        name = section.get("id", section["query"]) + (f"-{safe(str(part[1]))}" if part else "")
        columns = [column.replace("{lang}", words.lang) for column in section.get("columns", [])]
        cards = [column.replace("{lang}", words.lang) for column in section.get("cards", [])]
        data = Path("data", path).with_suffix("") / f"{name}.csv"
        if rows and data not in self._written:
            self._written.add(data)
            target = self.folder / data
            target.parent.mkdir(parents=True, exist_ok=True)
            shown = [key for key in rows[0] if key != "is_model"]
            with target.open("w", encoding="utf-8", newline="") as sink:
                write_csv(sink, shown, ([row[key] for key in shown] for row in rows))
        return {
            "id": name,
            "title": self._title(section, conditions, words),
            "text": section.get("text", {}).get(words.lang, ""),
            "said": self._said(section, rows, words),
            "is_model": any(row.get("is_model") for row in rows),
            "chart": self._chart(section, rows, words),
            "table": self._table(section, columns, rows, words, up) if rows and columns else None,
            "cards": [
                [
                    self._cell(column, row, words, _shown(column, [row], words), up)
                    for column in cards
                ]
                for row in rows
            ]
            if cards
            else [],
            "csv": up + data.as_posix() if rows else "",
            "sql": self.facts.sql(section["query"], conditions),
            "is_empty": not rows,
            "empty": section.get("empty", self.said["empty"])[words.lang],
        }

    def _said(self, section: dict[str, Any], rows: list[Row], words: Words) -> list[Markup]:
        """The sentence of a section, for each row with its values in it, each in its unit."""

        def put(match: re.Match[str], row: Row) -> str:
            column = match[1]
            shown = _shown(column, [row], words)
            cell = self._cell(column, row, words, shown, "")
            unit = f" <small>{escape(cell.unit)}</small>" if cell.unit else ""
            return f"<b{cell.attributes}>{cell.inner}{unit}</b>"

        if "say" not in section:
            return []
        sentence = str(escape(section["say"][words.lang]))
        return [Markup(PLACE.sub(partial(put, row=row), sentence)) for row in rows]

    def on_paper(
        self,
        section: dict[str, Any],
        rows: list[Row],
        conditions: dict[str, Any],
        words: Words,
    ) -> dict[str, Any]:
        """A section without what only a screen has; a long table is cut, and says so."""
        columns = [column.replace("{lang}", words.lang) for column in section.get("columns", [])]
        shown, of_row = _shown_all(section, columns, rows, words)
        chart = self._chart(section, rows, words)
        said = self._said(section, rows, words)
        text = section.get("text", {}).get(words.lang, "")
        heads = [f"{s.label}\n{s.unit}".strip() for s in shown.values()]
        numeric = [s.is_number for s in shown.values()]
        lines = [
            [
                _breakable(self._cell(column, row, words, of_row(column, row), "").inner)
                for column in columns
            ]
            for row in rows[:ON_PAPER]
        ]
        return {
            "title": self._title(section, conditions, words),
            "text": " ".join([text, *(sentence.striptags() for sentence in said)]).strip(),
            "is_model": any(row.get("is_model") for row in rows),
            "chart": chart["wide"] if chart else "",
            "is_map": bool(chart and chart["is_map"]),
            "heads": heads,
            "numeric": numeric,
            "widths": _widths(heads, numeric, lines),
            "rows": lines,
            "left_out": max(0, len(rows) - ON_PAPER) if columns else 0,
        }

    def _title(self, section: dict[str, Any], conditions: dict[str, Any], words: Words) -> str:
        """The title of a section, with the figures of a report that it draws again."""
        title = _title(section, words)
        place = (str(conditions.get("province_code", "")), section["query"])
        if figures := self.facts.drawn.get(place):
            named = [words.word("table_or_figure", figure) for figure in figures]
            said = self.said["figures"][words.lang]
            title += said.replace("{figures}", self.said["and"][words.lang].join(named))
        return title

    def _chart(
        self, section: dict[str, Any], rows: list[Row], words: Words
    ) -> dict[str, Any] | None:
        spec = section.get("chart")
        if spec is None:
            return None
        drawn = [
            row for row in rows if all(row.get(k) == v for k, v in spec.get("where", {}).items())
        ]
        drawn = drawn[: spec.get("top", len(drawn))]
        columns = spec["y"] if isinstance(spec["y"], list) else [spec["y"]]
        if not any(row[column] is not None for row in drawn for column in columns):
            return None
        geometry = self._geometry(drawn) if spec["kind"] == "map" else ""
        if spec["kind"] == "map" and not geometry:
            return None
        sizes = []
        for is_wide in (True, False):
            made = drawing(spec, drawn, words, is_wide, geometry)
            sizes.append(
                self.charts.svg(made.option, made.tips, made.size, made.geometry, made.ends)
            )
        caption = spec.get("caption", {}).get(words.lang, "")
        labels = ", ".join(dict.fromkeys(words.label(column) for column in columns))
        return {
            "wide": sizes[0],
            "narrow": sizes[1],
            "caption": caption,
            "label": labels,
            "is_map": bool(geometry),
            "kind": spec["kind"],
        }

    def _geometry(self, rows: list[Row]) -> str:
        """The map of the province that the areas lie in, its areas known by their codes."""
        path = ASSETS / "maps" / f"{rows[0]['province_code']}.json"
        if not self.with_map or not path.exists():
            return ""
        areas = json.loads(path.read_text(encoding="utf-8"))
        for feature in areas["features"]:
            feature["properties"]["code"] = str(feature.get("id"))
        return json.dumps(areas, ensure_ascii=False, sort_keys=True)

    def _table(
        self,
        section: dict[str, Any],
        columns: list[str],
        rows: list[Row],
        words: Words,
        up: str,
    ) -> dict[str, Any]:
        shown, of_row = _shown_all(section, columns, rows, words)
        wanted = section.get("filter", "")
        values = list(dict.fromkeys(row[wanted] for row in rows)) if wanted else []
        if len(values) > MOST_FILTERS:
            values = []
        return {
            "heads": list(shown.values()),
            "rows": [
                {
                    "anchor": str(row.get(section.get("anchor", ""), "")),
                    "class": f"f{values.index(row[wanted])}" if values else "",
                    "name": words.word(columns[0], row[columns[0]]),
                    "cells": Markup("").join(
                        self._cell(column, row, words, of_row(column, row), up).td
                        for column in columns
                    ),
                }
                for row in rows
            ],
            "filters": [
                {
                    "text": words.word(wanted, value),
                    "count": sum(row[wanted] == value for row in rows),
                }
                for value in values
            ],
            "is_choice": bool(section.get("choice")),
        }

    def _cell(self, column: str, row: Row, words: Words, shown: Shown, up: str) -> Cell:
        """One value as a page has it: a number keeps all its digits, a code its code."""
        value = row[column]
        if _is_number(value):
            text, kept = shown.scale.text(value), f' data-col="{column}" data-value="{value!r}"'
            if shown.is_by_row and shown.unit:
                text += f" <small>{escape(shown.unit)}</small>"
            return Cell(shown.label, Markup(f' class="n"{kept}'), Markup(text), shown.unit)
        text = words.word(column, value)
        is_id = text == str(value) and (column.endswith("_id") or column in NAMELESS)
        kind = "n" if shown.is_number else "c" if is_id else _kind(text)
        attributes = f' class="{kind}"'
        code = str(value).lower()
        if value is not None and not is_id and column not in AS_IT_STANDS and CODE.fullmatch(code):
            attributes += f' data-col="{column}" data-code="{code}"'
        if words.lang == "en" and CHINESE.search(text):
            attributes += ' lang="zh-CN"'
        inner = str(escape(text))
        if place := self.places.get((LEADING.get(column, ""), str(value))):
            inner = f'<a href="{up}{words.lang}/{place}">{inner}</a>'
        elif is_id:
            inner = f"<code>{inner.replace('_', '_<wbr>')}</code>"
        return Cell(shown.label, Markup(attributes), Markup(inner), "")


def _kind(text: str) -> str:
    """How much room a text wants in a table: a word, a name, a sentence."""
    if len(text) <= SHORT:
        return "s"
    return "m" if text_width(text) <= MEDIUM * text_width("n") else "l"


def _widths(heads: list[str], numeric: list[bool], rows: list[list[str]]) -> list[float]:
    """How wide the columns of a table on paper want to be, in letters' heights.

    A number is not broken; a heading takes two lines and one for its unit, a text what it needs.
    """
    found: list[tuple[float, float]] = []  # what a column wants, and what it cannot do without
    for place, (head, is_number) in enumerate(zip(heads, numeric, strict=True)):
        own = [row[place] for row in rows]
        longest = max(map(_em, own), default=0.0)
        label, _, unit = head.partition("\n")
        head_word = max(_em(unit), *(min(_em(part), 6.0) for part in label.split()))
        named = max(_em(label) / 2 + 1, head_word)
        word = max((_em(word) for text in own for word in BREAKS.split(text)), default=0.0)
        least = longest if is_number else min(word, LONGEST_TEXT)
        wanted = longest if is_number else min(longest, LONGEST_TEXT)
        found.append((max(named, wanted), max(head_word, least)))
    room = (PAPER_WIDTH - CELL_INSET * len(heads)) / SMALLEST
    over = sum(wanted for wanted, _ in found) - room
    spare = sum(wanted - least for wanted, least in found)
    share = min(1.0, max(0.0, over / spare)) if spare else 0.0
    return [round(wanted - share * (wanted - least), 2) for wanted, least in found]


def _breakable(inner: Markup) -> str:
    """A cell as text, with a place to go on in the next line after each part of an id."""
    return inner.striptags().replace("_", "_\N{ZERO WIDTH SPACE}")


def _em(text: str) -> float:
    """How wide a text is in letters' heights, with a little room around it."""
    return text_width(text) / FONT + 0.5


def _title(section: dict[str, Any], words: Words) -> str:
    """The title of a section, with the name of the part it is about; without rows there is none."""
    title = str(section["title"][words.lang])
    if "part" not in section:
        return PART.sub("", title) or NOTHING
    return title.replace("{part}", words.word(*section["part"]))


def _shown_all(
    section: dict[str, Any], columns: list[str], rows: list[Row], words: Words
) -> tuple[dict[str, Shown], Callable[[str, Row], Shown]]:
    """How the columns of a table are shown, and the cells of each of its rows.

    Of a table whose rows measure different things `measured` names the column that says what, the
    one that says its unit, and those that hold the values.
    """
    shown = {column: _shown(column, rows, words) for column in columns}
    if (spec := section.get("measured")) is None:
        return shown, lambda column, row: shown[column]
    found: dict[tuple[Any, Any], list[float | None]] = {}
    for row in rows:
        values = found.setdefault((row[spec["by"]], row[spec["unit"]]), [])
        values += [row[column] for column in spec["values"]]
    scales = {(by, unit): words.measure(by, unit, own) for (by, unit), own in found.items()}
    for column in spec["values"]:
        shown[column] = replace(shown[column], unit="", is_by_row=True)

    def of_row(column: str, row: Row) -> Shown:
        if not shown[column].is_by_row:
            return shown[column]
        scale = scales[row[spec["by"]], row[spec["unit"]]]
        unit = "" if scale.unit == PERCENT else scale.unit
        return replace(shown[column], scale=scale, unit=unit)

    return shown, of_row


def _shown(column: str, rows: list[Row], words: Words) -> Shown:
    scale = words.scale(column, rows)
    return Shown(
        words.label(column),
        scale,
        "" if scale.unit == PERCENT else scale.unit,
        any(_is_number(row[column]) for row in rows),
    )


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)
