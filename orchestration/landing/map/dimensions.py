"""The quantities that words of captions name: money, energy, mass, a share, a value per head."""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from orchestration.landing.map.catalogue import read_rows
from orchestration.landing.map.labels import clean_label


class CaptionWord(NamedTuple):
    """A word of captions: the dimension of the quantity it names, '' if it names none."""

    word: str
    dimension: str
    is_modifier: bool

    @property
    def pattern(self) -> str:
        word = re.escape(self.word)
        return rf"\b{word}\b" if self.word.isascii() else word

    def is_in(self, text: str) -> bool:
        return bool(re.search(self.pattern, text))


@cache
def caption_words() -> list[CaptionWord]:
    """Words of captions, the longest first."""
    words = [
        CaptionWord(row["word"].lower(), row["dimension"], row["is_modifier"] == "true")
        for row in read_rows("mappings/caption_words.csv")
    ]
    return sorted(words, key=lambda known: -len(known.word))


def dimensions_named(text: str) -> set[str]:
    """The dimensions of the quantities that a phrase names.

    >>> dimensions_named('人均地区生产总值'), dimensions_named('分市地区生产总值')
    ({'per_head'}, {'money'})
    """
    folded = clean_label(text).lower()
    found = [known for known in caption_words() if known.dimension and known.is_in(folded)]
    return {k.dimension for k in found if k.is_modifier} or {k.dimension for k in found}
