"""Regional emissions: present, and no coverage lost against the version before."""

from __future__ import annotations

import great_expectations.expectations as gxe

from expectations.discovery import SuiteContext

TABLE = "emissions.region_co2"
KEY = ("region_code", "year", "method")

LOST_YEARS = """
select region_code, year, method from previous.emissions.region_co2
except
select region_code, year, method from {batch}
"""


def expectations(context: SuiteContext) -> list[tuple[str, gxe.Expectation]]:
    """Return the rules; the comparison only when the version before has the table."""
    rules: list[tuple[str, gxe.Expectation]] = [
        ("emissions_region_co2_has_rows", gxe.ExpectTableRowCountToBeBetween(min_value=1)),
    ]
    if context.in_previous(TABLE, *KEY):
        rules.append(
            (
                "emissions_region_co2_keeps_years",
                gxe.UnexpectedRowsExpectation(unexpected_rows_query=LOST_YEARS),
            )
        )
    return rules
