"""Paths of parks: every step is of a known measure, after its lead time, of CO2 that there is."""

from __future__ import annotations

from expectations.authoring import Pair, no_rows
from expectations.discovery import SuiteContext

TABLE = "indicators.park_paths"

FAULTY = """
select park_id, method, path_id, year, path_fault
from batch as paths
where path_fault is not null
"""


def expectations(context: SuiteContext) -> list[Pair]:
    """Return the rules."""
    return [no_rows("path_steps_are_possible", FAULTY)]
