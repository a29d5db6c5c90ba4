"""What ECharts is asked to draw: one function for each kind of chart, no data of its own."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any

from orchestration.site.frames import (
    COLOURS,
    DASHES,
    FALL,
    FONT,
    INK,
    MARKS,
    PALE,
    RISE,
    SOFT,
    Axes,
    Drawing,
    Row,
    Spec,
    Words,
    frame,
    legend_height,
    lines_of,
    point,
    text_width,
    tip,
    value_axis,
)
from orchestration.site.numbers import Scale, class_label


def drawing(spec: Spec, rows: list[Row], words: Words, is_wide: bool, geometry: str) -> Drawing:
    """The chart that a specification asks for, of these rows, for a page or for a phone."""
    return KINDS[spec["kind"]](Axes(spec, rows, words, is_wide), geometry)


def _of_categories(axes: Axes, style: Callable[[int], dict[str, Any]]) -> Drawing:
    """Series over categories, each drawn in its own style."""
    scale, categories, found = axes.scale(), axes.categories(), axes.series()
    option = frame(axes, [name for name, _, _ in found], scale.unit)
    series, tips = [], []
    for place, (name, column, rows) in enumerate(found):
        values = [rows[c][column] if c in rows else None for c in categories]
        data = [point(value, scale) for value in values]
        series.append({"name": name, "data": data, "emphasis": {"disabled": True}} | style(place))
        named = zip(option["xAxis"]["data"], values, strict=True)
        tips.append([tip((name, text), value, scale) for text, value in named])
    option["series"] = series
    return Drawing(option, tips, axes.size([name for name, _, _ in found]))


def _line(axes: Axes, geometry: str) -> Drawing:
    drawn = _of_categories(
        axes,
        lambda place: {
            "type": "line",
            "symbol": MARKS[place % len(MARKS)],
            "symbolSize": 7,
            "showAllSymbol": True,
            "color": COLOURS[place % len(COLOURS)],
            "lineStyle": {"width": 2, "type": DASHES[place % len(DASHES)]},
        },
    )
    if "low" in axes.spec:
        drawn.option["series"] += _bands(axes)
    return drawn


def _bands(axes: Axes) -> list[dict[str, Any]]:
    """The interval around each line: a clear area up to the low end, a pale one to the high."""
    scale, categories, bands = axes.scale(), axes.categories(), []
    for place, (_, _, rows) in enumerate(axes.series()):
        ends = [
            (rows[c][axes.spec["low"]], rows[c][axes.spec["high"]]) if c in rows else (None, None)
            for c in categories
        ]
        lows = [point(low, scale) for low, _ in ends]
        widths = [
            None if low is None or high is None else point(high - low, scale) for low, high in ends
        ]
        for data, opacity in ((lows, 0.0), (widths, 0.16)):
            bands.append(
                {
                    "type": "line",
                    "stack": f"band {place}",
                    "data": data,
                    "symbol": "none",
                    "silent": True,
                    "lineStyle": {"opacity": 0},
                    "areaStyle": {"opacity": opacity, "color": COLOURS[place % len(COLOURS)]},
                }
            )
    return bands


def _bar(axes: Axes, geometry: str) -> Drawing:
    stack = {"stack": "all"} if axes.spec.get("stack") else {}
    return _of_categories(
        axes,
        lambda place: {
            "type": "bar",
            "barGap": "8%",
            "barMaxWidth": 46,
            "itemStyle": {"color": COLOURS[place % len(COLOURS)]},
            **stack,
        },
    )


def _pair(axes: Axes, geometry: str) -> Drawing:
    """Published beside computed, for each indicator in one colour: solid and pale."""
    by, both = axes.spec["series"], axes.ys
    unit = axes.rows[0]["unit"]
    rows = [row for row in axes.rows if row["unit"] == unit]
    codes = list(dict.fromkeys(row[by] for row in rows))
    axes = Axes(axes.spec, rows, axes.words, axes.is_wide)
    scale = Scale(decimals=2, unit=axes.words.word("unit", unit), trimmed=True)
    names = [
        f"{axes.words.word(by, code)} · {axes.words.label(column)}"
        for code in codes
        for column in both
    ]
    option, series, tips = frame(axes, names, scale.unit), [], []
    for code, column, name in zip(
        [c for c in codes for _ in both], both * len(codes), names, strict=True
    ):
        own = {row[axes.spec["x"]]: row[column] for row in rows if row[by] == code}
        values = [own.get(c) for c in axes.categories()]
        colour = COLOURS[codes.index(code) % len(COLOURS)]
        series.append(
            {
                "type": "bar",
                "name": name,
                "data": values,
                "barGap": "4%",
                "barMaxWidth": 30,
                "itemStyle": {"color": colour, "opacity": 1 if column == both[0] else PALE},
                "emphasis": {"disabled": True},
            }
        )
        named = zip(option["xAxis"]["data"], values, strict=True)
        tips.append([tip((name, text), value, scale) for text, value in named])
    return Drawing(option | {"series": series}, tips, axes.size(names))


TITLE = {"fontSize": FONT, "fontWeight": "normal", "color": SOFT, "lineHeight": FONT + 6}
LONGEST = {True: 270, False: 118}  # pixels that a name takes on a page, a phone, before it breaks


def _hbar(axes: Axes, geometry: str) -> Drawing:
    """Bars along a list of names: the longest names find room, on a phone too."""
    drawn = _bar(axes, geometry)
    option = drawn.option
    named = option["xAxis"]
    longest = LONGEST[axes.is_wide]
    shorten: dict[str, Any] = {} if axes.is_wide else {"fontSize": FONT - 2}
    if max(map(text_width, named["data"]), default=0) > longest:
        shorten |= {"width": longest, "overflow": "break", "lineHeight": FONT}
    option["yAxis"], option["xAxis"] = (
        named
        | {
            "inverse": True,
            "axisLabel": named["axisLabel"] | shorten | {"interval": 0, "hideOverlap": False},
        },
        value_axis("") | {"position": "top"} | ({} if axes.is_wide else {"splitNumber": 3}),
    )
    option["xAxis"]["axisLabel"]["hideOverlap"] = True  # of large numbers, on a phone
    if any(point < 0 for entry in option["series"] for point in entry["data"] if point is not None):
        # The value of a bar to the left stands left of it, where the names are; on a phone right.
        option["xAxis"]["boundaryGap"] = ["14%" if axes.is_wide else 0, 0]
    names = [entry["name"] for entry in option["series"]]
    if len(names) == 1:
        _valued(axes, option)
    legend = legend_height(names, axes.width) if len(names) > 1 else 0
    above = legend + (26 if axes.is_wide or "line" not in axes.spec else 46)
    option["grid"] |= {"top": above, "right": 64 if len(names) == 1 else 24}
    option["title"] = {
        "text": axes.named(axes.scale().unit),
        "top": legend,
        "left": 0,
        "textStyle": TITLE,
    }
    if reference := axes.spec.get("line"):
        _reference(axes, option, reference)
    bars = len(axes.categories()) * (1 if axes.spec.get("stack") else len(names))
    lines = max((lines_of(name, longest) for name in named["data"]), default=1)
    step = max(22, 4 + FONT * lines)
    size = (axes.width, max(160, above + 34 + step * bars))
    return Drawing(option, drawn.tips, size, ends=_intervals(axes, option))


def _intervals(axes: Axes, option: dict[str, Any]) -> list[list[tuple[float, float] | None]]:
    """The ends of each bar's interval; the axis is made to reach them. Of a stack there is one."""
    if "low" not in axes.spec:
        return []
    low, high, scale = axes.spec["low"], axes.spec["high"], axes.scale()
    found: list[list[tuple[float, float] | None]] = []
    for _, _, rows in axes.series()[: 1 if axes.spec.get("stack") else None]:
        own = [rows.get(category, {}) for category in axes.categories()]
        found.append(
            [
                None if row.get(low) is None or row.get(high) is None else (row[low], row[high])
                for row in own
            ]
        )
    reached = [end for ends in found for pair in ends if pair for end in pair]
    if reached:
        option["series"].append(
            {
                "type": "scatter",
                "symbolSize": 0,
                "silent": True,
                "data": [[point(end, scale), 0] for end in (min(reached), max(reached))],
            }
        )
    return found


def _valued(axes: Axes, option: dict[str, Any]) -> None:
    """The value at the end of each bar."""
    scale, (_, column, rows) = axes.scale(), axes.series()[0]
    data = option["series"][0]["data"]
    for place, category in enumerate(axes.categories()):
        value = rows[category][column] if category in rows else None
        if value is None:
            continue
        data[place] = {
            "value": data[place],
            "label": {
                "show": True,
                "position": "left" if value < 0 and axes.is_wide else "right",
                "formatter": scale.text(value),
                "fontSize": FONT - 1 if axes.is_wide else FONT - 3,
                "color": INK,
                "textBorderColor": "#fff",
                "textBorderWidth": 3,
            }
            | ({"backgroundColor": "#fff", "padding": [1, 3]} if "line" in axes.spec else {}),
        }


def _reference(axes: Axes, option: dict[str, Any], column: str) -> None:
    """A line across all bars at a value that is the same in every row."""
    value = next((row[column] for row in axes.rows if row[column] is not None), None)
    if value is None:
        return
    scale = axes.scale()
    option["series"][0]["markLine"] = {
        "symbol": "none",
        "silent": True,
        "z": 2,  # of the bars: drawn before the values, whose ground hides it
        "data": [{"xAxis": scale.scaled(value)}],
        "lineStyle": {"color": RISE, "type": "dashed", "width": 1.5},
        "label": {"show": False},
    }
    between = "    " if axes.is_wide else "\n"  # a phone has no room for both beside each other
    option["title"]["text"] += f"{between}┄ {axes.words.label(column)} {scale.text(value)}"


def _waterfall(axes: Axes, geometry: str) -> Drawing:
    """From the first level to the last, by what each cause adds; the axis begins at zero."""
    column = axes.ys[0]
    scale = axes.words.scale(column, axes.rows)
    levels, bases, sizes, colours, shown = [], [], [], [], 0.0
    for row in axes.rows:
        value = row[column]
        before = 0.0 if row["is_level"] else shown
        shown = value if row["is_level"] else shown + value
        bases.append(scale.scaled(0.0 if row["is_level"] else min(before, shown)))
        sizes.append(scale.scaled(abs(value)))
        colours.append(COLOURS[4] if row["is_level"] else RISE if value > 0 else FALL)
        levels.append(value)
    option = frame(axes, [], scale.unit)
    option["xAxis"]["axisLabel"] |= {"interval": 0, "hideOverlap": False, "overflow": "break"}
    option["xAxis"]["axisLabel"]["width"] = 110 if axes.is_wide else 34
    if not axes.is_wide:
        option["xAxis"]["axisLabel"]["fontSize"] = FONT - 3
    clear = {"type": "bar", "stack": "all", "silent": True, "itemStyle": {"opacity": 0}}
    bars = [
        {
            "value": size,
            "itemStyle": {"color": colour},
            "label": {
                "show": True,
                "position": "top",
                "formatter": scale.text(value),
                "fontSize": FONT - 1 if axes.is_wide else FONT - 3,
                "color": INK,
            },
        }
        for size, colour, value in zip(sizes, colours, levels, strict=True)
    ]
    option["series"] = [
        {"type": "bar", "stack": "all", "data": bars, "emphasis": {"disabled": True}},
        clear | {"data": bases},
    ]
    # The clear bars come first in the stack: the series below is drawn from where they end.
    option["series"].reverse()
    named = option["xAxis"]["data"]
    tips = [tip((name,), value, scale) for name, value in zip(named, levels, strict=True)]
    return Drawing(option, [[], tips], (axes.width, axes.height))


def _plane(axes: Axes, geometry: str) -> Drawing:
    """Points on a plane of two quantities, each named; `rays` are elasticities from the origin."""
    x, y, name = axes.spec["x"], axes.ys[0], axes.spec["name"]
    rows = [row for row in axes.rows if row[x] is not None and row[y] is not None]
    across, up = axes.words.scale(x, rows), axes.words.scale(y, rows)
    option = frame(axes, [], up.unit)
    option["xAxis"] = value_axis(
        axes.words.label(x) + (f" ({across.unit})" if across.unit else "")
    ) | {
        "nameLocation": "middle",
        "nameGap": 28,
        "nameTextStyle": {"fontSize": FONT, "color": SOFT},
        "scale": bool(axes.spec.get("log")),
    }
    if axes.spec.get("log"):
        option["xAxis"]["type"] = option["yAxis"]["type"] = "log"
    option["grid"] |= {"bottom": 34, "right": 36}
    points = [
        {
            "value": [point(row[x], across), point(row[y], up)],
            "label": {"formatter": axes.words.word(name, row[name])},
        }
        for row in rows
    ]
    rays = axes.spec.get("rays", [])
    reach = max((abs(across.scaled(row[x])) for row in rows), default=0.0)
    rise = max((abs(up.scaled(row[y])) for row in rows), default=0.0)
    option["series"] = [
        {
            "type": "scatter",
            "data": points,
            "symbolSize": 10,
            "color": COLOURS[0],
            "emphasis": {"disabled": True},
            "label": {
                "show": bool(axes.spec.get("labels", True)),
                "position": "right",
                "color": INK,
                "fontSize": FONT - 2,
            },
            "labelLayout": {"hideOverlap": True},
            "markLine": {
                "symbol": "none",
                "silent": True,
                "label": {"show": True, "position": "end", "color": SOFT, "fontSize": FONT - 2},
                "lineStyle": {"color": SOFT, "type": "dashed", "width": 1},
                "data": [
                    [
                        {"coord": [0, 0], "name": f"{ray:g}"},
                        {"coord": [end, end * ray]},
                    ]
                    for ray, end in ((ray, min(reach, rise / ray)) for ray in rays)
                ],
            },
        }
    ]
    tips = [
        (
            row[y],
            f"{axes.words.word(name, row[name])}: {across.text(row[x])} {across.unit} · "
            f"{up.text(row[y])} {up.unit}",
        )
        for row in rows
    ]
    return Drawing(option, [tips], (axes.width, axes.height))


def _map(axes: Axes, geometry: str) -> Drawing:
    """Areas by code, in five classes of equal count; what has no row stays grey."""
    area, column = axes.spec["x"], axes.ys[0]
    scale = axes.words.scale(column, axes.rows)
    rows = {row[area]: row for row in axes.rows if row[column] is not None}
    ranked = sorted(scale.scaled(row[column]) for row in rows.values())
    size = (axes.width, 620 if axes.is_wide else 400)
    # Limits are rounded so that a legend can be read; each class takes a fifth of the areas.
    limits = sorted({float(f"{ranked[len(ranked) * k // 5]:.2g}") for k in range(1, 5)})
    shades = ["#e3efe9", "#b4d4c6", "#7db59f", "#3f8a71", "#0b5c4a"]
    ends = [None, *limits, None]
    pieces = [
        ({} if low is None else {"gte": low})
        | ({} if high is None else {"lt": high})
        | {"color": shades[place], "label": class_label(low, high)}
        for place, (low, high) in enumerate(pairwise(ends))
    ]
    option = {
        "animation": False,
        "textStyle": {"fontSize": FONT, "color": INK},
        "title": {
            "text": scale.unit,
            "left": 0,
            "bottom": 22 * len(pieces) + 6,
            "textStyle": {"fontSize": FONT, "fontWeight": "normal", "color": SOFT},
        },
        "visualMap": {
            "type": "piecewise",
            "left": 0,
            "bottom": 0,
            "itemGap": 4,
            "textStyle": {"fontSize": FONT - 1, "color": INK},
            "pieces": pieces,
            "outOfRange": {"color": "#eeeeee"},
        },
        "series": [
            {
                "type": "map",
                "map": "GEOMETRY",
                "nameProperty": "code",
                "layoutCenter": ["50%", "48%"],
                "layoutSize": "96%",
                "itemStyle": {"borderColor": "#ffffff", "areaColor": "#eeeeee"},
                "emphasis": {"disabled": True},
                "select": {"disabled": True},
                "data": [
                    {
                        "name": code,
                        "value": scale.scaled(row[column]),
                        "label": {
                            "show": True,
                            "formatter": axes.words.word(area, code),
                            "fontSize": FONT - 1 if axes.is_wide else FONT - 3,
                            "color": INK,
                            "textBorderColor": "#ffffff",
                            "textBorderWidth": 3,
                        },
                    }
                    for code, row in rows.items()
                ],
            }
        ],
    }
    tips = [tip((axes.words.word(area, code),), r[column], scale) for code, r in rows.items()]
    return Drawing(option, [tips], size, geometry)


KINDS: dict[str, Callable[[Axes, str], Drawing]] = {
    "line": _line,
    "bar": _bar,
    "hbar": _hbar,
    "pair": _pair,
    "waterfall": _waterfall,
    "plane": _plane,
    "map": _map,
}
