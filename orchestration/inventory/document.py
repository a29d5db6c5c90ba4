"""A report as a page has it, in one language: sections of paragraphs and tables."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any, Literal

Kind = Literal["text", "code", "tonnes", "quantity", "factor", "share", "whole"]
NOTHING = "–"
NARROW = 14  # characters
WIDEST = 60  # signs: a longer text is folded


@dataclass(frozen=True)
class Column:
    """A column of a table; `kind` says how its values are written."""

    title: str
    kind: Kind = "text"

    @property
    def is_number(self) -> bool:
        return self.kind not in ("text", "code")


@dataclass(frozen=True)
class Table:
    """Rows of values; the last `totals` rows are sums of those above."""

    columns: list[Column]
    rows: list[list[Any]]
    caption: str = ""
    totals: int = 0

    def narrow(self) -> list[bool]:
        """Columns so short that a page need not share its width among them."""
        columns = zip(*([c.title for c in self.columns], *self.cells()), strict=True)
        return [max(map(len, texts)) <= NARROW for texts in columns]

    def shares(self) -> list[int]:
        """By how much a page divides its width among the others: by their longest text."""
        columns = zip(*([c.title for c in self.columns], *self.cells()), strict=True)
        return [min(max(map(_width, texts)), WIDEST) for texts in columns]

    def cells(self) -> list[list[str]]:
        """The values as a person reads them."""
        return [
            [written(value, column.kind) for value, column in zip(row, self.columns, strict=True)]
            for row in self.rows
        ]


@dataclass(frozen=True)
class Bar:
    """A bar of a plot: its share of the whole width, and what is written beside it."""

    label: str
    share: float
    text: str


@dataclass(frozen=True)
class Section:
    """A numbered part of the report."""

    key: str
    title: str
    paragraphs: list[str] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
    bars: list[Bar] = field(default_factory=list)


@dataclass(frozen=True)
class Document:
    """The report in one language."""

    lang: str
    title: str
    subtitle: str
    signature: str
    signed: str
    banner: str
    sections: list[Section]

    def as_data(self) -> dict[str, Any]:
        """What a template is given: text alone, every value already written."""
        return {
            "lang": {"zh": "zh-CN", "en": "en"}[self.lang],
            "title": self.title,
            "subtitle": self.subtitle,
            "signature": self.signature,
            "signed": self.signed,
            "banner": self.banner,
            "sections": [
                {
                    "key": section.key,
                    "title": f"{number}  {section.title}",
                    "paragraphs": section.paragraphs,
                    "bars": [asdict(bar) for bar in section.bars],
                    "tables": [
                        {
                            "caption": table.caption,
                            "totals": table.totals,
                            "heads": [column.title for column in table.columns],
                            "numeric": [column.is_number for column in table.columns],
                            "narrow": table.narrow(),
                            "shares": table.shares(),
                            "rows": table.cells(),
                        }
                        for table in section.tables
                    ],
                }
                for number, section in enumerate(self.sections, start=1)
            ],
        }


def _width(text: str) -> int:
    """Signs of one width: a Chinese one takes two."""
    return sum(2 if ord(sign) > 0x2E7F else 1 for sign in text)


def written(value: Any, kind: Kind) -> str:
    """A value as text: tonnes to the hundredth, factors and quantities as they are."""
    if value is None or value == "":
        return NOTHING
    match kind:
        case "tonnes":
            return f"{round(value, 2) + 0.0:,.2f}"  # no -0.00
        case "quantity":
            return f"{value:,.3f}".rstrip("0").rstrip(".")
        case "factor":
            return f"{value:.9g}"
        case "share":
            return f"{value:.1%}"
        case "whole":
            return f"{value:,d}"
        case _:
            return str(value)
