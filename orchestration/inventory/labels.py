"""What the codes of an account are called: rows of the code lists, as everywhere."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from orchestration import words
from orchestration.landing.map.catalogue import CODE_LISTS, read_rows

CODE_WORDS = "codes/code_words.csv"

# The code lists that have the codes of a page, in the order they are looked up in.
ENTRIES = ("entry",)
GASES = ("gas",)
VIEWS = ("electricity_view",)
STATUSES = ("status", "range_basis")
ORIGINS = ("origin",)
CONFIDENCES = ("confidence",)
RANGES = ("range_of",)
BASES = ("range_basis", "status")
REASONS = ("refusal", "bound_status", "basis_of_carrier", "value_status")


@cache
def _words_of_codes() -> dict[tuple[str, str], dict[str, str]]:
    """The rows that say what a code is called, by list and code; a list of a form goes before."""
    return {
        (row["code_list"], row["code"]): row
        for path in (CODE_WORDS, CODE_LISTS)
        for row in read_rows(path)
    }


class Namer:
    """Says names in one language: of codes, and of what the warehouse has names for."""

    def __init__(self, lang: str, names: list[dict[str, Any]]) -> None:
        self.lang = lang
        self.say = words.Speaker(lang)
        self._names = {(row["kind"], row["code"]): row for row in names}

    def code(self, lists: tuple[str, ...], code: str | None) -> str:
        """The name of a code by the first list that has it; one without a name stands for itself.

        The view of a method that has no views is the factor of the method.
        """
        if not code:
            return self.say("Factor of the method") if lists is VIEWS else ""
        known = _words_of_codes()
        rows = (known[of, code] for of in lists if (of, code) in known)
        return next((row[f"label_{self.lang}"] for row in rows), code)

    def name(self, kind: str, code: str | None) -> str:
        """The name of a fuel, industry or enterprise; its code if it has none."""
        row = self._names.get((kind, code or "")) or self._names.get(("code", code or ""))
        return (row and row[f"name_{self.lang}"]) or code or ""

    def item(self, row: Mapping[str, Any]) -> str:
        """The name of a fuel or product with its kind or route."""
        detail = self.name("item", row.get("line_detail"))
        return self.name("item", row["item_code"]) + (f" ({detail})" if detail else "")

    def total(self, facts: Mapping[str, Any]) -> str:
        """What a sum of lines is called: an account that rests on a fault has no net."""
        if any(row["refusal"] for row in facts["account"]):
            return self.say("Sum of the lines (no net account)")
        return self.say("Net account")

    def of(self, row: Mapping[str, Any]) -> str:
        """The name that a row itself has in both languages."""
        return row.get(f"name_{self.lang}") or row.get("name_zh") or ""

    def joined(self, *parts: str) -> str:
        """Several words in a list."""
        return self.say(", ").join(part for part in parts if part)
