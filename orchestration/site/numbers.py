"""How a number is shown: the unit a reader expects, as many decimals as its column needs."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from functools import cache
from pathlib import Path
from typing import Any

UNITS = Path(__file__).with_name("units.csv")
NOTHING = "–"
PERCENT = "%"
# Where each row has its own unit a large number needs fewer decimals than a small one.
LARGE, LARGE_DECIMALS = 1000, 2


@dataclass(frozen=True)
class Scale:
    """What a column is divided by, how many decimals it keeps, and the unit it is then in."""

    divisor: float = 1.0
    decimals: int = 0
    unit: str = ""
    grouped: bool = True
    trimmed: bool = False  # no zeros at the end: for a column whose rows differ in unit

    def scaled(self, value: float) -> float:
        """The value in the unit that is shown."""
        return value / self.divisor

    def text(self, value: Any) -> str:
        """The value as a reader sees it, without its unit; a dash for what is not known."""
        if value is None:
            return NOTHING
        exact = Decimal(repr(float(value))) / Decimal(repr(self.divisor))
        most = LARGE_DECIMALS if self.trimmed and abs(exact) >= LARGE else self.decimals
        step = Decimal(1).scaleb(-min(self.decimals, most))
        rounded = exact.quantize(step, ROUND_HALF_EVEN)
        if rounded == 0:
            rounded = abs(rounded)  # no -0.0
        shown = f"{rounded:,f}" if self.grouped else f"{rounded:f}"
        if self.trimmed and "." in shown:
            shown = shown.rstrip("0").rstrip(".")
        return shown.replace("-", "\N{MINUS SIGN}") + (PERCENT if self.unit == PERCENT else "")


@cache
def _steps(lang: str) -> dict[str, list[tuple[float, Scale]]]:
    """For each unit its scales, the largest first."""
    with UNITS.open(encoding="utf-8", newline="") as handle:
        rows = list(csv.DictReader(handle))
    steps: dict[str, list[tuple[float, Scale]]] = {}
    for row in rows:
        scale = Scale(float(row[f"{lang}_divisor"]), int(row[f"{lang}_decimals"]), row[lang])
        steps.setdefault(row["unit"], []).append((float(row["at_least"]), scale))
    return {unit: sorted(found, key=lambda s: -s[0]) for unit, found in steps.items()}


def scale_of(unit: str | None, form: str | None, values: Iterable[Any], lang: str) -> Scale:
    """One scale for all values of a column: by its unit and format in the dictionary.

    The largest value decides, so that the numbers of a column stay comparable.
    """
    form = form or "#,##0.###"
    if "%" in form:
        return Scale(0.01, len(form.partition(".")[2].rstrip("%")), PERCENT)
    sizes = [abs(value) for value in values if isinstance(value, (int, float))]
    for least, scale in _steps(lang).get(unit or "", []):
        if max(sizes, default=0.0) >= least:
            return scale
    decimals = form.partition(".")[2]
    return Scale(decimals=len(decimals), grouped="," in form, trimmed="#" in decimals)


def class_label(low: float | None, high: float | None) -> str:
    """A class of a map's legend; open where it has no end."""
    if low is None:
        return NOTHING if high is None else f"< {_limit(high)}"
    if high is None:
        return f"\N{GREATER-THAN OR EQUAL TO} {_limit(low)}"
    return f"{_limit(low)} – {_limit(high)}"


def _limit(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:g}"
