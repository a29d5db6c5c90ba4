"""Toy suite of a table without a primary key, compared with the version before."""

from __future__ import annotations

import great_expectations.expectations as gxe

from expectations.discovery import SuiteContext

TABLE = "toy.yearly"
KEY = ("region_code", "year")


def expectations(context: SuiteContext) -> list[tuple[str, gxe.Expectation]]:
    """Return the rules; coverage only when the version before had the table."""
    rules: list[tuple[str, gxe.Expectation]] = [
        (
            "toy_yearly_co2_bounds",
            gxe.ExpectColumnValuesToBeBetween(column="co2_t", min_value=0, max_value=1e9),
        ),
        ("toy_yearly_one_row", gxe.ExpectCompoundColumnsToBeUnique(column_list=list(KEY))),
    ]
    if context.in_previous(TABLE, *KEY):
        query = "select region_code, year from previous.toy.yearly"
        query += " except select region_code, year from {batch}"
        rules.append(
            (
                "toy_yearly_keeps_years",
                gxe.UnexpectedRowsExpectation(unexpected_rows_query=query),
            )
        )
    return rules
