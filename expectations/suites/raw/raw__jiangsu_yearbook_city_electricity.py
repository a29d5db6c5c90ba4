"""Table 9-10: every city in every year."""

from __future__ import annotations

from expectations.authoring import Pair, no_rows
from expectations.discovery import SuiteContext

TABLE = "raw.jiangsu_yearbook_city_electricity"

CITIES = """
select _file_name, year, count(distinct region_code) as cities
from batch
where value_status = 'reported'
group by _file_name, year having count(distinct region_code) <> $jiangsu_cities
"""


def expectations(context: SuiteContext) -> list[Pair]:
    """Return the rules."""
    return [no_rows("city_electricity_has_every_city", CITIES)]
