"""Maps: a dataset that draws the areas of a view, each outline beside its number.

The outlines are those of the readers' site (Apache-2.0, see its `assets.csv`), one file for each
province; what they do not have is not drawn.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from math import cos, radians
from typing import Any

from orchestration.bi.assets import WORDS
from orchestration.bi.datasets import Dataset, Field
from orchestration.database import identifier, literal
from orchestration.publishing.bi_views import SCHEMA
from orchestration.site.charts import ASSETS
from orchestration.site.numbers import Scale

SIZE = 1000  # of the longer side of a map
SHADES = ("#e3efe9", "#b4d4c6", "#7db59f", "#3f8a71", "#0b5c4a")
SHAPE = ("varchar", "varchar", "varchar", "integer", "integer", "varchar")  # of an outline's row
LINE = 25  # from the name of an area to its number


@dataclass(frozen=True)
class Area:
    """An outline, and where its name stands, in the coordinates of its map."""

    region_code: str
    outline: str
    x: int
    y: int
    box: str


def _decoded(text: str, offset: list[int]) -> Iterator[tuple[float, float]]:
    """A ring as degrees: ECharts 4 packs differences of 1/1024 degree, zigzag, from 64 on."""
    x, y = offset
    for place in range(0, len(text), 2):
        packed = (ord(text[place]) - 64, ord(text[place + 1]) - 64)
        x, y = (
            before + ((step >> 1) ^ -(step & 1))
            for before, step in zip((x, y), packed, strict=True)
        )
        yield x / 1024, y / 1024


def _rings(geometry: dict[str, Any]) -> Iterator[list[tuple[float, float]]]:
    packed, offsets = geometry["coordinates"], geometry["encodeOffsets"]
    if geometry["type"] == "Polygon":
        packed, offsets = [packed], [offsets]
    for rings, starts in zip(packed, offsets, strict=True):
        for text, start in zip(rings, starts, strict=True):
            yield list(_decoded(text, start))


@cache
def areas(province_code: str) -> tuple[Area, ...]:
    """The areas of a province; none where there is no map of it."""
    path = ASSETS / "maps" / f"{province_code}.json"
    if not path.exists():
        return ()
    features = json.loads(path.read_text(encoding="utf-8"))["features"]
    rings = {feature["id"]: list(_rings(feature["geometry"])) for feature in features}
    points = [point for found in rings.values() for ring in found for point in ring]
    west, east = min(x for x, _ in points), max(x for x, _ in points)
    south, north = min(y for _, y in points), max(y for _, y in points)
    narrow = cos(radians((south + north) / 2))  # a degree of longitude is that much shorter
    scale = SIZE / max((east - west) * narrow, north - south)

    def place(point: tuple[float, float]) -> tuple[int, int]:
        return round((point[0] - west) * narrow * scale), round((north - point[1]) * scale)

    width, height = place((east, south))
    box = f"-10 -10 {width + 20} {height + 20}"
    found = []
    for feature in features:
        outline = "".join(
            "M" + "L".join(f"{x} {y}" for x, y in map(place, ring)) + "Z"
            for ring in rings[feature["id"]]
        )
        x, y = place(tuple(feature["properties"]["cp"]))
        found.append(Area(feature["id"], outline, x, y, box))
    return tuple(found)


def dataset(view: Dataset, column: str, provinces: dict[str, str]) -> Dataset:
    """The regions of a view with their outlines, in five classes of equal count by `column`.

    `provinces`: code and name of those that may be drawn.
    """
    lang, measure = view.lang, view.by_name[column]
    drawn = [(code, area) for code in sorted(provinces) for area in areas(code)]
    shapes = (
        ", ".join(
            f"({literal(area.region_code)}, {literal(provinces[code])}, {literal(area.outline)},"
            f" {area.x}, {area.y}, {literal(area.box)})"
            for code, area in drawn
        )
        or f"({', '.join(f'null::{kind}' for kind in SHAPE)})"
    )
    scale, value = measure.scale, identifier(column)
    shades = ", ".join(literal(shade) for shade in SHADES)
    digits = f"{{:,.{scale.decimals}f}}"
    sql = (
        "with shapes(region_code, province, outline, label_x, label_y, box) as"
        f" (values {shapes})"
        f" select rows.year, rows.region_code, rows.region_name_{lang},"
        f" shapes.province, rows.{value} / {scale.divisor!r} as amount,"
        f" format({literal(digits)}, rows.{value} / {scale.divisor!r}) as amount_text,"
        f" list_extract([{shades}], (ntile({len(SHADES)}) over (partition by shapes.province,"
        f" rows.year order by rows.{value}, rows.region_code))::integer) as fill,"
        f" shapes.outline, shapes.label_x, shapes.label_y, shapes.label_y + {LINE} as amount_y,"
        " shapes.box"
        f" from {SCHEMA}.{view.key} as rows"
        " inner join shapes on rows.region_code = shapes.region_code"
        f" where rows.{value} is not null"
    )
    blank = replace(measure, unit=None, aggregation="none", format="0", scale=Scale())
    unit = WORDS["unit"][lang].format(measure.label, scale.unit)
    fields = [view.by_name[name] for name in ("year", "region_code", f"region_name_{lang}")]
    for name, kind in (
        ("province", "VARCHAR"),
        ("amount", "DOUBLE"),
        ("amount_text", "VARCHAR"),
        ("fill", "VARCHAR"),
        ("outline", "VARCHAR"),
        ("label_x", "INTEGER"),
        ("label_y", "INTEGER"),
        ("amount_y", "INTEGER"),
        ("box", "VARCHAR"),
    ):
        label = unit if name == "amount" else WORDS[name][lang]
        fields.append(
            Field(**(vars(blank) | {"name": name, "type": kind, "label": label, "heading": label}))
        )
    name = WORDS["map_of"][lang].format(view.name)
    return replace(
        view, key=f"map_of_{view.key}", name=name, sql=sql, fields=tuple(fields), adds_up=False
    )
