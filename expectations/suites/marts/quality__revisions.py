"""Revisions: an edition that changes a series by a fifth is more likely a wrong row."""

from __future__ import annotations

from expectations.authoring import Pair, no_rows
from expectations.discovery import SuiteContext

TABLE = "quality.revisions"

LARGE = """
select dataset, series_key, year, vintage_old, vintage_new, value_old, value_new, relative_change
from batch
where {{ is_above('abs(relative_change)', '$revision_max', 1) }} or relative_change is null
"""


def expectations(context: SuiteContext) -> list[Pair]:
    """Return the rules."""
    return [no_rows("revisions_are_small", LARGE)]
