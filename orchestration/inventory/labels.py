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
    "self_used_electricity": "Own power used",
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
REASONS = {
    "returned": "returned",
    "enterprise_returns": "from the energy returns",
    "exchange_form": "from the form of exchange",
    "not_returned": "not returned",
    "negative_transformation": "more carbon comes out than went in",
    "negative_process": "products hold more carbon than the feedstock",
    "negative_combustion": "less than nothing is burnt",
    "no_factor": "no factor",
    "no_view_factor": "no factor of the view in this year",
    "unit_mismatch": "not in a unit of its carrier",
    "not_counted": "its carbon is not known",
    "another_view": "another view than the method's own",
    "no_net_account": "no net account",
    "no_supply_coal_rate": "no supply coal rate of the year",
    "no_energy": "no energy",
    "convention_differs": "electricity at its calorific value: another convention",
    "boundary_differs": "energy of another boundary",
    "meets": "meets the bound",
    "fails": "does not meet the bound",
    "unclassed": "below the classes: no bound",
}
BASES = {**STATUSES, "default": "default", "measured": "measured"}
ALL = (ENTRIES, GASES, VIEWS, STATUSES, ORIGINS, CONFIDENCES, RANGES, BASES, REASONS)


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
