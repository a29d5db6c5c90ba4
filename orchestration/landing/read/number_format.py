"""What a number format of a spreadsheet makes of a stored number: what a reader sees.

A format that only rounds, groups or colours shows what is stored. One that scales, hides the sign
or writes a word in place of the number shows something else, and only one of the two can be meant.
"""

from __future__ import annotations

import operator
import re
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache

GENERAL = "General"
# The formats that files name by a number (ECMA-376, 18.8.30); all others there neither scale nor
# show dates.
BUILT_IN = {1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%"}
BUILT_IN |= dict.fromkeys([*range(14, 18), 22, *range(27, 32), 36, *range(50, 59)], "yyyy-mm-dd")
BUILT_IN |= dict.fromkeys([18, 19, 20, 21, 32, 33, 34, 35, 45, 46, 47], "h:mm")
TOKEN = re.compile(
    r"""(?P<quoted>"[^"]*")|(?P<escaped>[\\!].)|(?P<blank>_.)|(?P<fill>\*.)"""
    r"""|(?P<bracket>\[[^\]]*\])|(?P<general>General|G/通用格式)|(?P<sign>.)""",
    re.S | re.I,
)
CONDITION = re.compile(r"\[(<=|>=|<>|<|>|=)\s*(-?[\d.]+)\]")
# A word that multiplies the number before it, and is no unit of its own such as 万吨.
MULTIPLIER = re.compile(r"[十百千万亿]+|k|m|bn?|thousand|million|billion", re.I)
WORD = re.compile(r"[\u4e00-\u9fffA-Za-z²³/·]+")
COMPARED = {
    "<": operator.lt, ">": operator.gt, "<=": operator.le, ">=": operator.ge, "=": operator.eq,
    "<>": operator.ne,
}  # fmt: skip
DIGITS = "0#?"
DATE_LETTERS = set("ymdhse")
EPOCH = date(1899, 12, 30)


@dataclass(frozen=True)
class Shown:
    """What is seen in place of the stored number, if it is not the number itself."""

    text: str
    is_contradiction: bool = False


@dataclass
class _Section:
    """One part of a format: for positive, negative or no numbers, or on a condition."""

    condition: tuple[str, float] | None = None
    picture: str = ""  # digits, signs and letters that are not literal
    literal: str = ""
    is_general: bool = False
    tail: list[str] = field(default_factory=list)  # literal signs and digits in their order

    @property
    def has_number(self) -> bool:
        return self.is_general or any(sign in DIGITS for sign in self.picture)

    @property
    def letters(self) -> set[str]:
        return set(self.picture.lower()) & DATE_LETTERS if not self.has_number else set()

    @property
    def shift(self) -> int:
        """The power of ten that the number is divided by to be shown."""
        trailing = re.search(r"[0#?](,+)[^0#?,]*$", self.picture)
        commas = len(trailing[1]) if trailing else 0
        return 3 * commas + self.false_decimals - 2 * self.picture.count("%")

    @property
    def false_decimals(self) -> int:
        """Digits after a dot that is only drawn: 0!.0000 shows 7472700 as 747.2700."""
        text = "".join(self.tail)
        found = re.search(r"[0#?]\x00([0#?]+)", text)
        return len(found[1]) if found and "." not in self.picture else 0


@lru_cache(maxsize=1000)
def _sections(code: str) -> tuple[_Section, ...]:
    sections = [_Section()]
    for token in TOKEN.finditer(code):
        section, text = sections[-1], token[0]
        match token.lastgroup:
            case "quoted" | "escaped":
                plain = text[1:-1] if token.lastgroup == "quoted" else text[1:]
                section.literal += "" if plain == "." else plain
                section.tail.append("\x00" if plain == "." else "\x01")
            case "bracket":
                found = CONDITION.match(text)
                if found:
                    section.condition = (found[1], float(found[2]))
                elif re.fullmatch(r"\[(h+|m+|s+)\]", text, re.I):
                    section.picture += text[1]
                elif text.startswith("[$"):
                    section.literal += text[2:-1].partition("-")[0]
            case "general":
                section.is_general = True
            case "sign" if text == ";":
                sections.append(_Section())
            case "sign":
                if text in DIGITS + "." or text.isascii():
                    section.picture += text
                else:
                    section.literal += text
                section.tail.append(text)
    return tuple(sections)


def _chosen(sections: tuple[_Section, ...], value: float) -> tuple[_Section, bool]:
    """The section that shows a value, and whether it is that of negative numbers."""
    if any(section.condition for section in sections):
        for section in sections[:3]:
            if section.condition is None or COMPARED[section.condition[0]](
                value, section.condition[1]
            ):
                return section, False
        return sections[-1], False
    if value < 0 and len(sections) > 1:
        return sections[1], True
    if value == 0 and len(sections) > 2:
        return sections[2], False
    return sections[0], False


def is_plain(code: str) -> bool:
    """Can a format only ever show the number that is stored?"""
    sections = _sections(code)
    return len(sections) == 1 and not any(
        (
            sections[0].letters,
            sections[0].shift,
            sections[0].literal,
            sections[0].condition,
            not sections[0].has_number and "@" not in sections[0].picture,
            re.fullmatch("0{2,}", sections[0].picture),
        )
    )


def shown(value: float, code: str, is_1904: bool = False) -> Shown | None:
    """What is seen of a stored number; None if it is the number, rounded at most.

    >>> shown(7472700, '0!.0000'), shown(0.125, '0.0%'), shown(1234.5, '#,##0.0')
    (Shown(text='747.27', is_contradiction=True), Shown(text='12.5%', is_contradiction=False), None)
    """
    section, is_negative = _chosen(_sections(code), value)
    letters = section.letters
    if letters:
        return _year(value, section, is_1904) if letters == {"y"} else None
    literal = section.literal.strip()
    if not section.has_number:
        if value == 0 or "@" in section.picture:
            return None  # an accountant's dash is a zero
        drawn = (literal + section.picture).strip()
        return Shown(drawn, is_contradiction=not drawn)
    is_padded = re.fullmatch("0{2,}", section.picture) and not section.shift
    if is_padded and not literal and float(value).is_integer():
        return Shown(f"{int(value):0{len(section.picture)}d}")
    has_sign = "-" in section.picture + literal or "(" in section.picture + literal
    if is_negative and not has_sign and value != 0:
        return Shown(f"{_exact(abs(value))}{literal}", is_contradiction=True)
    if section.shift and not section.is_general:
        number = _exact(value, -section.shift)
        if section.shift == -2 * section.picture.count("%") and not literal:
            return Shown(number + "%" * section.picture.count("%"))
        return Shown(number + literal, is_contradiction=value != 0)
    if MULTIPLIER.fullmatch(literal) and value != 0:
        return Shown(_exact(value) + literal, is_contradiction=True)
    if WORD.fullmatch(literal) and section.tail and section.tail[-1] not in DIGITS:
        return Shown(_exact(value) + literal)  # 0"万吨": whose unit it is, the columns say
    return None


def _exact(value: float, power: int = 0) -> str:
    number = Decimal(repr(value)).scaleb(power)
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _year(value: float, section: _Section, is_1904: bool) -> Shown | None:
    try:
        year = (EPOCH + timedelta(days=value + (1462 if is_1904 else 0))).year
    except OverflowError:
        return None
    return Shown(f"{year}年" if "年" in section.literal + section.picture else str(year))
