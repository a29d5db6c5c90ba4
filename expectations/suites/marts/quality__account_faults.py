"""Accounts of parks that rest on a fault, with the lines that are wrong."""

from __future__ import annotations

from expectations.authoring import Pair, no_rows
from expectations.discovery import SuiteContext

TABLE = "quality.account_faults"

FAULTS = """
select distinct park_id, year, method, cause, entry, enterprise_id
from batch as faults
"""


def expectations(context: SuiteContext) -> list[Pair]:
    """Return the rules."""
    return [no_rows("accounts_rest_on_no_fault", FAULTS)]
