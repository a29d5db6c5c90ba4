"""Electricity by city: every city of an edition in every one of its years."""

from __future__ import annotations

from expectations.authoring import Pair, no_rows
from expectations.discovery import SuiteContext

TABLE = "raw.jiangsu_yearbook_city_electricity"

CITIES = """
with cities as (select distinct _file_name, region_code from batch as cells),

years as (select distinct _file_name, year from batch as cells),

held as (
    select _file_name, region_code, year from batch as cells where value_status = 'reported'
)

select years._file_name, years.year, cities.region_code
from years
join cities on years._file_name = cities._file_name
anti join held
    on
        years._file_name = held._file_name
        and years.year = held.year
        and cities.region_code = held.region_code
"""


def expectations(context: SuiteContext) -> list[Pair]:
    """Return the rules."""
    return [no_rows("city_electricity_has_every_city", CITIES)]
