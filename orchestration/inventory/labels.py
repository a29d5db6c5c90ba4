"""What the codes of an account are called; the Chinese names are rows of words_zh.csv."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from orchestration import words

ENTRIES = {
    "combustion": "Fuel burnt",
    "fuel": "Fuel burnt",
    "transformation": "Transformation",
    "process": "Industrial processes",
    "purchased_electricity": "Electricity received",
    "sold_electricity": "Electricity sent out",
    "electricity": "Electricity",
    "purchased_heat": "Heat received",
    "sold_heat": "Heat sent out",
    "heat": "Heat",
    "ch4_n2o": "CH4 and N2O of combustion",
    "fugitive": "Gas that escapes",
    "sink": "Sinks",
    "storage": "Storage",
    "allowance": "Allowance (memo)",
    "verified_emission": "Verified emission (memo)",
    "memo_bunkers": "International bunkers (memo)",
}
GASES = {
    "co2": "CO2",
    "ch4": "CH4",
    "n2o": "N2O",
    "ch4_n2o": "CH4 and N2O",
    "hfc": "HFC",
    "pfc": "PFC",
    "sf6": "SF6",
    "nf3": "NF3",
}
VIEWS = {
    "": "Factor of the method",
    "location_province": "Average of the province",
    "location_national": "National average",
    "residual": "Residual mix",
    "fossil_only": "Fossil power",
    "physical": "Physical supply",
}
STATUSES = {
    "have": "have",
    "estimated": "estimated",
    "reconstructed": "estimated (reconstructed)",
    "missing": "missing",
}
ORIGINS = {
    "observed": "observed",
    "derived": "derived",
    "reconstructed": "reconstructed",
}
CONFIDENCES = {
    "sourced": "has a source",
    "high": "from memory",
    "assumed": "assumed",
}
RANGES = {"activity": "activity data", "factor": "factor"}
BASES = {**STATUSES, "default": "default", "measured": "measured"}
ALL = (ENTRIES, GASES, VIEWS, STATUSES, ORIGINS, CONFIDENCES, RANGES, BASES)


class Namer:
    """Says names in one language: of codes, and of what the warehouse has names for."""

    def __init__(self, lang: str, names: list[dict[str, Any]]) -> None:
        self.lang = lang
        self.say = words.Speaker(lang)
        self._names = {(row["kind"], row["code"]): row for row in names}

    def code(self, labels: Mapping[str, str], code: str | None) -> str:
        """The name of a code of this page; a code without one stands for itself."""
        label = labels.get(code or "", code or "")
        return self.say(label) if label else ""

    def name(self, kind: str, code: str | None) -> str:
        """The name of a fuel, industry or enterprise; its code if it has none."""
        row = self._names.get((kind, code or ""))
        return (row and row[f"name_{self.lang}"]) or code or ""

    def of(self, row: Mapping[str, Any]) -> str:
        """The name that a row itself has in both languages."""
        return row.get(f"name_{self.lang}") or row.get("name_zh") or ""

    def joined(self, *parts: str) -> str:
        """Several words in a list."""
        return self.say(", ").join(part for part in parts if part)
