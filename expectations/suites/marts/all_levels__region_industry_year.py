"""Industry of regions: a part of the region."""

from __future__ import annotations

from expectations.authoring import Pair, no_rows
from expectations.discovery import SuiteContext

TABLE = "all_levels.region_industry_year"

ABOVE_REGION = """
select distinct
    industry.region_code,
    industry.year,
    industry.industrial_energy_tce,
    whole.energy_tce
from batch as industry
join all_levels.region_year as whole using (region_code, year, method)
where {{ is_above('industry.industrial_energy_tce', 'whole.energy_tce', 'whole.energy_tce') }}
"""


def expectations(context: SuiteContext) -> list[Pair]:
    """Return the rules."""
    return [no_rows("region_industry_year_energy_is_part_of_the_region", ABOVE_REGION)]
