"""Table 9-5: the two fuels that make up nearly all of industrial CO2 are in every edition."""

from __future__ import annotations

from expectations.authoring import Pair, no_rows
from expectations.discovery import SuiteContext

TABLE = "raw.jiangsu_yearbook_industrial_fuel_use"

COAL_AND_COKE = """
with needed as (select unnest(['raw_coal', 'coke']) as fuel_code),

years as (select distinct _file_name, region_code, year from batch as cells),

held as (
    select _file_name, region_code, year, fuel_code
    from batch as cells
    where value_status = 'reported'
)

select years._file_name, years.region_code, years.year, needed.fuel_code
from years cross join needed
anti join held
    on
        years._file_name = held._file_name
        and years.region_code = held.region_code
        and years.year = held.year
        and needed.fuel_code = held.fuel_code
"""


def expectations(context: SuiteContext) -> list[Pair]:
    """Return the rules."""
    return [no_rows("industrial_fuel_use_has_coal_and_coke", COAL_AND_COKE)]
