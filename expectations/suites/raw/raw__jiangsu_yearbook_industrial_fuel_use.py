"""Table 9-5: the two fuels that make up nearly all of industrial CO2 are in every edition."""

from __future__ import annotations

from expectations.authoring import Pair, no_rows
from expectations.discovery import SuiteContext
from expectations.thresholds import values_of

TABLE = "raw.jiangsu_yearbook_industrial_fuel_use"

COAL_AND_COKE = """
with aliases (alias, fuel_code) as ($fuels),

needed as (select unnest(['raw_coal', 'coke']) as fuel_code),

years as (select distinct _file_name, region_label, year_label from batch as cells),

held as (
    select cells._file_name, cells.region_label, cells.year_label, aliases.fuel_code
    from batch as cells
    join aliases on cells.fuel_label = aliases.alias
    where cells.value_status = 'reported'
)

select years._file_name, years.region_label, years.year_label, needed.fuel_code
from years cross join needed
anti join held
    on
        years._file_name = held._file_name
        and years.region_label = held.region_label
        and years.year_label = held.year_label
        and needed.fuel_code = held.fuel_code
"""


def expectations(context: SuiteContext) -> list[Pair]:
    """Return the rules."""
    fuels = values_of("mappings/fuel_aliases.csv", "alias", "fuel_code")
    return [no_rows("industrial_fuel_use_has_coal_and_coke", COAL_AND_COKE, fuels=fuels)]
