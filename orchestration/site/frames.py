"""What the kinds of charts share: colours, axes, legend, the words of a mark."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import ceil
from typing import Any, Protocol

from orchestration.site.charts import NARROW, WIDE, Ends, Tips
from orchestration.site.numbers import Scale

Row = dict[str, Any]
Spec = dict[str, Any]

# Eight colours that hold 3:1 on white; lines differ in dash and mark as well.
COLOURS = ("#0b5c4a", "#b5651d", "#3c5a99", "#8a3b6b", "#56707f", "#7a6a00", "#a33a2c", "#6b4fa0")
DASHES = ("solid", "dashed", "dotted", [8, 3, 2, 3], "solid", "dashed", "dotted")
MARKS = ("circle", "rect", "triangle", "diamond", "emptyCircle", "emptyRect", "emptyTriangle")
PALE = 0.55
INK, SOFT, LINE = "#1c2733", "#4a5866", "#dfe5ea"
FONT = 13
RISE, FALL = "#a33a2c", "#0b5c4a"


class Words(Protocol):
    """What a chart needs to know of its rows to speak of them."""

    def label(self, column: str) -> str: ...
    def word(self, column: str, value: Any) -> str: ...
    def scale(self, column: str, rows: Iterable[Row]) -> Scale: ...


@dataclass(frozen=True)
class Drawing:
    """A chart to draw: what of, at what size, with the words of each mark."""

    option: dict[str, Any]
    tips: Tips
    size: tuple[int, int]
    geometry: str = ""
    ends: Ends = ()


@dataclass(frozen=True)
class Axes:
    """What the kinds share: the rows, the words, the size."""

    spec: Spec
    rows: list[Row]
    words: Words
    is_wide: bool

    @property
    def width(self) -> int:
        return (WIDE if self.is_wide else NARROW)[0]

    @property
    def height(self) -> int:
        return (WIDE if self.is_wide else NARROW)[1]

    def size(self, names: list[str]) -> tuple[int, int]:
        """Of a chart with a legend: one of several lines takes no room from what is drawn."""
        legend = legend_height(names, self.width)
        return self.width, self.height + max(0, legend - 2 * LEGEND_LINE)

    @property
    def ys(self) -> list[str]:
        return list(self.spec["y"]) if isinstance(self.spec["y"], list) else [self.spec["y"]]

    def scale(self) -> Scale:
        """One scale for all that is drawn on the axis."""
        first = self.ys[0]
        ends = [self.spec[end] for end in ("low", "high") if end in self.spec]
        columns = [*self.ys, *ends]
        sizes = [{first: row.get(column)} for row in self.rows for column in columns]
        return self.words.scale(first, sizes)

    def named(self, unit: str) -> str:
        """What the axis of values is called: the quantity where it is one, its unit, the year."""
        years = {row.get("year") for row in self.rows}
        is_of_year = self.spec["x"] != "year" and len(years) == 1 and None not in years
        said = self.words.label(self.ys[0]) if len(self.ys) == 1 else ""
        parts = (said, unit, str(years.pop()) if is_of_year else "")
        return " \N{MIDDLE DOT} ".join(part for part in parts if part)

    def categories(self) -> list[Any]:
        """All there is across, but what lies before the first value or after the last."""
        found: dict[Any, bool] = {}
        for row in self.rows:
            has = any(row.get(column) is not None for column in self.ys)
            found[row[self.spec["x"]]] = found.get(row[self.spec["x"]], False) or has
        names, known = list(found), list(found.values())
        if not any(known):
            return names
        return names[known.index(True) : len(known) - known[::-1].index(True)]

    def series(self) -> list[tuple[str, str, dict[Any, Row]]]:
        """The name, the column and the rows by category of each series."""
        x, by = self.spec["x"], self.spec.get("series")
        if by is None:
            rows = {row[x]: row for row in self.rows}
            return [(self.words.label(column), column, rows) for column in self.ys]
        found: dict[Any, dict[Any, Row]] = {}
        for row in self.rows:
            found.setdefault(row[by], {})[row[x]] = row
        return [(self.words.word(by, code), self.ys[0], rows) for code, rows in found.items()]


def text_width(text: str) -> float:
    return sum(FONT if ord(sign) > 0x2E7F else FONT * 0.56 for sign in text)


def lines_of(text: str, width: float) -> int:
    """How many lines a name is broken into, or one more: words are not cut."""
    wide = text_width(text)
    return 1 if wide <= width else int(wide // width) + 2


MARK, GAP = 38, 16  # what a legend takes beside a name, and between two
LEGEND_LINE, NAME_LINE = 26, 14  # heights of a legend of one line, of a line of a name


def legend_height(names: list[str], width: int) -> int:
    rows: list[int] = []  # for each, the lines that its longest name takes
    used = 0.0
    for name in names:
        wanted = min(text_width(name) + MARK, width)
        lines = ceil(text_width(name) / (width - MARK))
        if rows and used + GAP + wanted <= width:
            used, rows[-1] = used + GAP + wanted, max(rows[-1], lines)
        else:
            used = wanted
            rows.append(lines)
    return sum(GAP + NAME_LINE * lines for lines in rows) - (GAP + NAME_LINE - LEGEND_LINE)


def frame(axes: Axes, names: list[str], unit: str) -> dict[str, Any]:
    """Legend, grid and axes of a chart with categories across."""
    name = axes.named(unit)
    room = axes.width - MARK
    is_broken = any(text_width(name) > room for name in names)
    fit = {"width": room, "overflow": "break"} if is_broken else {}
    top = (legend_height(names, axes.width) if len(names) > 1 else 0) + (34 if name else 14)
    return {
        "animation": False,
        "textStyle": {"fontSize": FONT, "color": INK},
        "legend": {
            "show": len(names) > 1,
            "top": 0,
            "left": 0,
            "data": names,
            "itemGap": 16,
            "textStyle": {"fontSize": FONT, "color": INK} | fit,
        },
        "grid": {"left": 8, "right": 16, "top": top, "bottom": 8, "containLabel": True},
        "xAxis": {
            "type": "category",
            "data": [axes.words.word(axes.spec["x"], c) for c in axes.categories()],
            "axisTick": {"show": False},
            "axisLine": {"lineStyle": {"color": SOFT}},
            "axisLabel": {"fontSize": FONT - 1, "color": SOFT, "hideOverlap": True},
        },
        "yAxis": value_axis(name),
    }


def value_axis(name: str) -> dict[str, Any]:
    return {
        "type": "value",
        "name": name,
        "nameTextStyle": {"fontSize": FONT, "color": SOFT, "align": "left"},
        "splitLine": {"lineStyle": {"color": LINE}},
        "axisLabel": {"fontSize": FONT - 1, "color": SOFT},
    }


def point(value: float | None, scale: Scale) -> float | None:
    return None if value is None else round(scale.scaled(value), 6)


def tip(parts: Iterable[str], value: float | None, scale: Scale) -> tuple[float | None, str]:
    unit = "" if scale.unit == "%" else f" {scale.unit}"
    return value, f"{' · '.join(p for p in parts if p)}: {scale.text(value)}{unit}"
