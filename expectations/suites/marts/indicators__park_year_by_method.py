"""Parks by year: ratios hold one boundary, intensities are of this world, no park is lost."""

from __future__ import annotations

from expectations.authoring import Pair, no_rows, within
from expectations.discovery import SuiteContext
from expectations.thresholds import threshold

TABLE = "indicators.park_year_by_method"
KEY = ("park_id", "year", "method")
# Where the published file has its rows, those of the model with the others.
PUBLISHED = "all_levels.park_year_by_method"

MIXED = """
select park_id, year, method, gdp_boundary, co2_boundary, co2_t_per_gdp
from batch
where
    co2_t_per_gdp is not null
    and (gdp_boundary is distinct from co2_boundary or intensity_refusal is not null)
"""
# A method without rules for parks counts none. A park that burns nothing and buys power has no row
# by the methods that count no power of parks, so what every method counts is asked: fuel burnt.
METHODS_MISSING = """
with methods as (select distinct method from reference.park_counting_rules),

years as (
    select distinct park_id, year from emissions.park_co2_by_method where scope = '1'
),

held as (select park_id, year, method from batch as parks)

select years.park_id, years.year, methods.method
from years cross join methods
anti join held
    on
        years.park_id = held.park_id
        and years.year = held.year
        and methods.method = held.method
"""
LOST = """
with now as (select * from batch as parks)
select before.park_id, before.year, before.method
from previous.all_levels.park_year_by_method as before
anti join now using (park_id, year, method)
where before.park_id in (select park_id from reference.parks)
"""


def expectations(context: SuiteContext) -> list[Pair]:
    """Return the rules; one compares with the version before."""
    rules = [
        no_rows("park_year_ratio_has_one_boundary", MIXED),
        within(
            "park_year_co2_per_gdp",
            "co2_t_per_gdp",
            0,
            threshold("industrial_t_per_10k_cny_max"),
            *KEY,
        ),
        within(
            "park_year_co2_per_energy",
            "above_size_co2_t_per_tce",
            0,
            threshold("co2_t_per_tce_with_electricity_max"),
            *KEY,
        ),
        within("park_year_top_enterprises", "top10_enterprise_share", 0, 1, *KEY),
        within("park_year_two_high_share", "two_high_output_share", 0, 1, *KEY),
        no_rows("park_year_has_every_method", METHODS_MISSING),
    ]
    if context.in_previous(PUBLISHED, *KEY):
        rules.append(no_rows("park_year_keeps_parks", LOST))
    return rules
