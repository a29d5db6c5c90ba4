"""Frozen accounts: what is computed now is what was frozen."""

from __future__ import annotations

from expectations.authoring import Pair, no_rows
from expectations.discovery import SuiteContext

TABLE = "quality.frozen_accounts"

DIFFERS = """
select park_id, year, method, frozen_version, frozen_co2_t, recomputed_co2_t, status
from batch as accounts
where status <> 'equal'
"""


def expectations(context: SuiteContext) -> list[Pair]:
    """Return the rules."""
    return [no_rows("frozen_accounts_stand", DIFFERS)]
