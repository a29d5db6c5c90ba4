"""Regional product: the table printed is the one of the three sectors, in one unit."""

from __future__ import annotations

from expectations.authoring import Pair, no_rows
from expectations.discovery import SuiteContext
from expectations.thresholds import values_of

TABLE = "raw.china_yearbook_gdp"

PARTS_OF_GDP = """
with aliases (alias, indicator) as ($indicators),

cells as (
    select
        printed._file_name,
        printed.region_label,
        printed.year_label,
        aliases.indicator,
        try_cast(printed.number_text as double) as value
    from batch as printed
    join aliases on printed.indicator_label = aliases.alias
)

select
    _file_name,
    region_label,
    year_label,
    max(value) filter (where indicator = 'gdp') as gdp,
    max(value) filter (where indicator = 'industrial_value_added') as industry
from cells
group by all
having gdp is null or industry >= gdp
"""


def expectations(context: SuiteContext) -> list[Pair]:
    """Return the rules."""
    indicators = values_of("mappings/indicator_aliases.csv", "alias", "indicator")
    return [no_rows("gdp_is_larger_than_industry", PARTS_OF_GDP, indicators=indicators)]
