"""The signs on numbers and in place of them: footnotes, missing values, full-width digits."""

from __future__ import annotations

import re

from orchestration import full_width
from orchestration.landing.map.labels import BLANKS
from orchestration.landing.read.sidecar import Layout

# Full-width digits and signs, minus signs, narrow blanks. Not NFKC: it would make 12\u2460 a 121.
PLAIN_SIGNS: dict[int, int | str] = {**full_width.PLAIN}
PLAIN_SIGNS |= {ord(sign): "-" for sign in "\u2212\u2013"}
PLAIN_SIGNS |= {ord(blank): " " for blank in "\u3000\xa0\u2009\u202f"}


class Marks:
    """What the layout says of signs on and in place of numbers, for tables and lists alike."""

    def __init__(self, layout: Layout) -> None:
        self.layout = layout

    def number(self, value: str) -> tuple[str, str]:
        """The number in a printed value and its status; the status is '' if it is to be judged."""
        layout = self.layout
        status = layout.missing_marks.get(value)
        if status is not None:
            return ("0" if status == "zero" else ""), status
        text = self.without_footnotes(value).strip(BLANKS)
        marked = ""
        for mark, meaning in layout.value_marks.items():
            if mark and text != mark and (text.endswith(mark) or text.startswith(mark)):
                text, marked = text.removesuffix(mark).removeprefix(mark).strip(BLANKS), meaning
                break
        status = layout.missing_marks.get(text)
        if status is not None:
            return ("0" if status == "zero" else ""), status
        if not text.isascii():
            text = text.translate(PLAIN_SIGNS).strip()
        if layout.thousands != "," and re.fullmatch(
            rf"[+-]?\d{{1,3}}({re.escape(layout.thousands)}\d{{3}})+(\.\d+)?", text
        ):
            text = text.replace(layout.thousands, ",")
        return text, marked

    def without_footnotes(self, text: str) -> str:
        """Footnote marks are taken out; one of letters or digits only where a word ends."""
        for mark in self.layout.footnote_marks:
            if mark not in text or len(text.strip(BLANKS)) <= len(mark):
                continue
            if mark.isalnum() and mark.isascii():
                before = "0-9.," if mark.isdigit() else "A-Za-z"
                end = r"(?=\s*$|\s*[(（\n])"
                text = re.sub(rf"(?<![{before}]){re.escape(mark)}{end}", "", text)
            else:
                text = text.replace(mark, "")
        return text
