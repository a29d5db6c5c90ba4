"""Toy suite of a table with a primary key."""

from __future__ import annotations

import great_expectations.expectations as gxe

from expectations.discovery import SuiteContext

TABLE = "toy.region"


def expectations(context: SuiteContext) -> list[tuple[str, gxe.Expectation]]:
    """Return the rules."""
    return [
        ("toy_region_name_present", gxe.ExpectColumnValuesToNotBeNull(column="name_zh")),
        (
            "toy_region_share_bounds",
            gxe.ExpectColumnValuesToBeBetween(column="coal_share", min_value=0, max_value=1),
        ),
        (
            "toy_region_no_markup",
            gxe.UnexpectedRowsExpectation(
                unexpected_rows_query=(
                    "select region_code, name_zh, as_of from {batch} where contains(name_zh, '<')"
                )
            ),
        ),
    ]
