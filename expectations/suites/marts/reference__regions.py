"""Regions: codes that readers join on do not go away."""

from __future__ import annotations

from expectations.authoring import Pair, no_rows
from expectations.discovery import SuiteContext

TABLE = "reference.regions"

LOST = """
select region_code, name_zh from previous.reference.regions
where region_code not in (select regions.region_code from batch as regions)
"""


def expectations(context: SuiteContext) -> list[Pair]:
    """Return the rule, which compares with the version before."""
    if not context.in_previous(TABLE, "region_code", "name_zh"):
        return []
    return [no_rows("regions_are_kept", LOST)]
