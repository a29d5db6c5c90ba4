"""Broken expectations beside sound ones, which they must not take with them."""

from __future__ import annotations

import great_expectations.expectations as gxe

from expectations.discovery import SuiteContext

TABLE = "toy.region"


def expectations(context: SuiteContext) -> list[tuple[str, gxe.Expectation]]:
    """Return the rules."""
    duplicates = "select region_code from {batch} group by all having count(*) > 1"
    return [
        ("broken_column", gxe.ExpectColumnValuesToNotBeNull(column="nope")),
        (
            "broken_sql",
            gxe.UnexpectedRowsExpectation(unexpected_rows_query="select nope from {batch}"),
        ),
        (
            "broken_aggregate",
            gxe.ExpectColumnStdevToBeBetween(column="name_zh", min_value=0),
        ),
        ("sound_rows", gxe.ExpectTableRowCountToBeBetween(min_value=1)),
        ("sound_max", gxe.ExpectColumnMaxToBeBetween(column="coal_share", max_value=1)),
        ("sound_sql", gxe.UnexpectedRowsExpectation(unexpected_rows_query=duplicates)),
    ]
