"""Corrections: each holds only while the value is what it was when people decided."""

from __future__ import annotations

from expectations.authoring import Pair, no_rows
from expectations.discovery import SuiteContext

TABLE = "quality.corrections"

FAILED = """
select correction_id, state, file_name, row_number, expected_text, found_text, expires_on
from batch where state <> 'applied'
"""


def expectations(context: SuiteContext) -> list[Pair]:
    """Return the rules."""
    return [no_rows("corrections_hold", FAILED)]
