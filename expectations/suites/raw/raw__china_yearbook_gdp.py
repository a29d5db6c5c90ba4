"""Regional product: the table printed is the one of the three sectors, in one unit."""

from __future__ import annotations

from expectations.authoring import Pair, no_rows
from expectations.discovery import SuiteContext

TABLE = "raw.china_yearbook_gdp"

PARTS_OF_GDP = """
with cells as (
    select
        _file_name,
        region_code,
        year,
        indicator,
        try_cast(number_text as double) as value
    from batch
)

select
    _file_name,
    region_code,
    year,
    max(value) filter (where indicator = 'gdp') as gdp,
    max(value) filter (where indicator = 'industrial_value_added') as industry
from cells
group by all
having gdp is null or industry >= gdp
"""


def expectations(context: SuiteContext) -> list[Pair]:
    """Return the rules."""
    return [no_rows("gdp_is_larger_than_industry", PARTS_OF_GDP)]
