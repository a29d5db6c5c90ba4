"""A suite whose table does not exist."""

from __future__ import annotations

import great_expectations.expectations as gxe

from expectations.discovery import SuiteContext

TABLE = "toy.absent"


def expectations(context: SuiteContext) -> list[tuple[str, gxe.Expectation]]:
    """Return the rule."""
    return [("broken_absent_table", gxe.ExpectTableRowCountToBeBetween(min_value=1))]
