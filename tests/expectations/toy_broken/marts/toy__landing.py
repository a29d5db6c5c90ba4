"""A suite that raises."""

from __future__ import annotations

import great_expectations.expectations as gxe

from expectations.discovery import SuiteContext

TABLE = "toy.landing"


def expectations(context: SuiteContext) -> list[tuple[str, gxe.Expectation]]:
    """Raise."""
    raise KeyError("threshold")
