"""Real growth: believable, and never from one edition or series to another."""

from __future__ import annotations

from expectations.authoring import Pair, no_rows, within
from expectations.discovery import SuiteContext
from expectations.thresholds import threshold

TABLE = "all_levels.region_growth"

SERIES = """
select now.region_code, now.year, now.indicator, now.real_growth_rate, now.nominal_growth_rate
from batch as now
left join batch as earlier
    on
        now.region_code = earlier.region_code
        and now.indicator = earlier.indicator
        and now.year = earlier.year + 1
where
    (now.real_growth_rate is null) = (now.refusal is null)
    or (now.nominal_growth_rate is null) = (now.nominal_refusal is null)
    or (
        now.nominal_growth_rate is not null and now.vintage is distinct from earlier.vintage
    )
    or (
        now.real_growth_rate is not null
        and now.constant_basis = 'price_of_product'
        and now.vintage is distinct from earlier.vintage
    )
"""


def expectations(context: SuiteContext) -> list[Pair]:
    """Return the rules."""
    return [
        within(
            "region_growth_is_believable",
            "real_growth_rate",
            threshold("real_growth_min"),
            threshold("real_growth_max"),
            "region_code",
            "year",
            "indicator",
        ),
        no_rows("region_growth_rates_stay_in_one_series", SERIES),
    ]
