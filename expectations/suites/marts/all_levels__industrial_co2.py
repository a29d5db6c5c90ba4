"""CO2 of industry above designated size: size, change and coverage."""

from __future__ import annotations

from expectations.authoring import Pair, no_doubtful_rows, no_rows
from expectations.discovery import SuiteContext
from expectations.totals import YEAR_ON_YEAR, lost_totals

TABLE = "all_levels.industrial_co2"

SIZE = """
select emissions.region_code, emissions.year, emissions.method, sum(emissions.co2_t) as co2_t
from batch as emissions
join reference.regions as regions on emissions.region_code = regions.region_code
where regions.level = 'province'
group by emissions.region_code, emissions.year, emissions.method
having
    not {{ is_within(
        'coalesce(sum(emissions.co2_t), 0)', 0, '$province_co2_t_max', '$province_co2_t_max'
    ) }}
"""


def expectations(context: SuiteContext) -> list[Pair]:
    """Return the rules; one compares with the version before."""
    rules = [
        no_doubtful_rows("industrial_co2_size_of_a_province", SIZE),
        no_doubtful_rows("industrial_co2_year_on_year", YEAR_ON_YEAR),
    ]
    if context.in_previous(TABLE, "region_code", "year", "method"):
        rules.append(
            no_rows(
                "industrial_co2_keeps_coverage", lost_totals(TABLE, "industrial_use_above_size")
            )
        )
    return rules
