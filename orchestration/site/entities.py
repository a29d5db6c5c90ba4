"""The entity picture: the views for tools by their keys, and the tables that say what a key means.

Drawn from the catalogue alone, so a new view or entity is in it without anybody drawing it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from markupsafe import Markup, escape

from orchestration.site.facts import Facts, Words
from orchestration.site.frames import COLOURS, INK, LINE, SOFT

# The keys of each view; twins with rows of the model have the same and are not drawn.
VIEWS = """
select v.bi_view, v.name_zh, string_agg(d.column_name, ', ' order by d.column_name) as key
from reference.bi_views as v
inner join reference.data_dictionary as d
    on d.schema_name = 'bi' and d.table_name = v.bi_view and d.is_key_column
where not v.has_model
group by v.bi_view, v.name_zh
order by key, v.bi_view
"""
# The tables whose whole key is one column that keys of views have.
ENTITIES = """
with keys as (
    select table_name, any_value(column_name) as column_name
    from reference.data_dictionary
    where schema_name = 'reference' and is_key_column
    group by table_name
    having count(*) = 1
)

select column_name, string_agg(table_name, ', ' order by table_name) as tables
from keys
where column_name in (
    select column_name from reference.data_dictionary
    where schema_name = 'bi' and is_key_column
)
group by column_name
order by column_name
"""
WIDTH, LEFT, RIGHT = 980, 520, 270
STEP, GAP, PAD = 20, 14, 10


@dataclass(frozen=True)
class Box:
    """A box of the picture: where it is, and its lines; the first is its heading."""

    x: int
    y: int
    width: int
    lines: list[str]

    @property
    def height(self) -> int:
        return STEP * len(self.lines) + 2 * PAD

    @property
    def middle(self) -> float:
        return self.y + self.height / 2

    def svg(self, colour: str) -> Iterator[str]:
        yield (
            f'<rect x="{self.x}" y="{self.y}" width="{self.width}" height="{self.height}" rx="4" '
            f'fill="#ffffff" stroke="{colour}" stroke-width="1.5"></rect>'
        )
        for place, line in enumerate(self.lines):
            weight = ' font-weight="600"' if place == 0 else ""
            yield (
                f'<text x="{self.x + PAD}" y="{self.y + PAD + STEP * place + 14}" font-size="13" '
                f'fill="{INK if place == 0 else SOFT}"{weight}>{escape(line)}</text>'
            )


def drawing(facts: Facts, words: Words) -> Markup:
    """The picture as SVG in one language."""
    views = facts.ask(VIEWS)
    groups = [(key, list(own)) for key, own in groupby(views, key=lambda row: str(row["key"]))]
    boxes: list[tuple[Box, list[str]]] = []
    y = 0
    for key, own in groups:
        columns = key.split(", ")
        names = [
            f"bi.{row['bi_view']}" + (f" · {row['name_zh']}" if words.lang == "zh" else "")
            for row in own
        ]
        said = " · ".join(words.label(column) for column in columns)
        box = Box(0, y, LEFT, [*_folded(said), *names])
        boxes.append((box, columns))
        y += box.height + GAP
    entities = facts.ask(ENTITIES)
    room = max(y // max(len(entities), 1), 0)
    lines: list[str] = []
    right: dict[str, tuple[Box, str]] = {}
    for place, row in enumerate(entities):
        tables = [f"reference.{name}" for name in str(row["tables"]).split(", ")]
        heading = f"{words.label(row['column_name'])} {row['column_name']}"
        top = place * room + max(room - STEP * (len(tables) + 1) - 2 * PAD, 0) // 2
        right[row["column_name"]] = (
            Box(WIDTH - RIGHT, top, RIGHT, [heading, *tables]),
            COLOURS[place % len(COLOURS)],
        )
    for box, columns in boxes:
        known = [column for column in columns if column in right]
        for place, column in enumerate(known):
            other, colour = right[column]
            start = box.y + box.height * (place + 1) / (len(known) + 1)
            lines.append(
                f'<path d="M{LEFT} {start:.1f}C{LEFT + 110} {start:.1f} '
                f'{other.x - 110} {other.middle:.1f} {other.x} {other.middle:.1f}" fill="none" '
                f'stroke="{colour}" stroke-width="1.4" data-key="{column}">'
                f"<title>{escape(words.label(column))}</title></path>"
            )
    height = max([y, *(box.y + box.height for box, _ in right.values())], default=0)
    drawn = [
        *lines,
        *(part for box, _ in boxes for part in box.svg(LINE)),
        *(part for box, colour in right.values() for part in box.svg(colour)),
    ]
    return Markup(
        f'<svg width="{WIDTH}" height="{height}" viewBox="-1 -1 {WIDTH + 2} {height + 2}" '
        f'xmlns="http://www.w3.org/2000/svg" aria-hidden="true" focusable="false">'
        + "\n".join(drawn)
        + "</svg>"
    )


def _folded(heading: str, most: int = 60) -> list[str]:
    """A heading in lines that fit its box; a Chinese sign is two wide."""
    lines: list[str] = []
    line, used = "", 0
    for word in heading.split(" "):
        wide = sum(2 if ord(sign) > 0x2E7F else 1 for sign in word) + 1
        if line and used + wide > most:
            lines, line, used = [*lines, line], "", 0
        line, used = f"{line} {word}".strip(), used + wide
    return [*lines, line]
