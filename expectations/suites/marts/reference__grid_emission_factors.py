"""Grid emission factors: of the right order, and changing as grids do."""

from __future__ import annotations

from expectations.authoring import Pair, no_rows, within
from expectations.discovery import SuiteContext
from expectations.thresholds import threshold

TABLE = "reference.grid_emission_factors"
KEY = ("factor_id",)

YEAR_ON_YEAR = """
select
    later.factor_id,
    later.grid_name,
    later.year,
    earlier.co2_t_per_mwh as co2_t_per_mwh_before,
    later.co2_t_per_mwh
from batch as later
join reference.grid_emission_factors as earlier
    on
        later.method = earlier.method
        and later.grid_name = earlier.grid_name
        and later.kind = earlier.kind
        and later.year = earlier.year + 1
where
    {{ is_above(
        'abs(later.co2_t_per_mwh / nullif(earlier.co2_t_per_mwh, 0) - 1)',
        '$grid_yearly_change_max',
        1
    ) }}
"""


def expectations(context: SuiteContext) -> list[Pair]:
    """Return the rules."""
    return [
        within(
            "grid_factors_in_range",
            "co2_t_per_mwh",
            threshold("grid_co2_t_per_mwh_min"),
            threshold("grid_co2_t_per_mwh_max"),
            *KEY,
            author=no_rows,
        ),
        no_rows("grid_factors_year_on_year", YEAR_ON_YEAR),
    ]
