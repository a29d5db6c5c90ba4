"""Toy suite of the raw gate."""

from __future__ import annotations

import great_expectations.expectations as gxe

from expectations.discovery import SuiteContext

TABLE = "toy.landing"


def expectations(context: SuiteContext) -> list[tuple[str, gxe.Expectation]]:
    """Return the rules."""
    return [("toy_landing_has_rows", gxe.ExpectTableRowCountToBeBetween(min_value=1))]
