"""Accounting methods: dashboards and queries name them."""

from __future__ import annotations

from expectations.authoring import Pair, no_rows
from expectations.discovery import SuiteContext

TABLE = "reference.methods"

LOST = """
select method, name_en from previous.reference.methods
where method not in (select methods.method from batch as methods)
"""


def expectations(context: SuiteContext) -> list[Pair]:
    """Return the rule, which compares with the version before."""
    if not context.in_previous(TABLE, "method", "name_en"):
        return []
    return [no_rows("methods_are_kept", LOST)]
