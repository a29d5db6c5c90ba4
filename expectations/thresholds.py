"""Reads the reference tables that suites need: thresholds, datasets, alias tables.

Thresholds are rows of `seeds/reference/thresholds/thresholds.csv`; a suite has no numbers of its
own beside 0, 1 and unit conversions.
"""

from __future__ import annotations

import csv
import functools
from pathlib import Path
from string import Template

REFERENCE = Path(__file__).parents[1] / "seeds" / "reference"


@functools.cache
def _thresholds() -> dict[str, float]:
    with (REFERENCE / "thresholds" / "thresholds.csv").open(encoding="utf-8") as handle:
        return {row["threshold_id"]: float(row["value"]) for row in csv.DictReader(handle)}


def threshold(threshold_id: str) -> float:
    """Return the value of a threshold. Raises KeyError if it has no row."""
    return _thresholds()[threshold_id]


@functools.cache
def datasets() -> dict[str, str]:
    """Return the kind (matrix or records) of each dataset of the catalogue."""
    with (REFERENCE / "catalog" / "datasets.csv").open(encoding="utf-8") as handle:
        return {row["dataset"]: row["kind"] for row in csv.DictReader(handle)}


@functools.cache
def expected_datasets() -> list[str]:
    """Return the datasets that every landing should hold; returns of parks may yet come."""
    with (REFERENCE / "catalog" / "datasets.csv").open(encoding="utf-8") as handle:
        return [row["dataset"] for row in csv.DictReader(handle) if row["is_expected"] == "true"]


class _Values(dict):
    def __missing__(self, name: str) -> str:
        return repr(threshold(name))


def fill(sql: str, **texts: str) -> str:
    """Put texts and, for every other `$name`, the threshold of that id into SQL."""
    return Template(sql).substitute(_Values(texts))
