"""Codes of parks: a colour or a reason, and a ratio that is one."""

from __future__ import annotations

from expectations.authoring import Pair, no_rows
from expectations.discovery import SuiteContext

TABLE = "indicators.park_carbon_codes"

JUDGED = """
select scheme_id, park_id, year, colour, efficiency_ratio, refusal
from batch
where
    (colour is null) <> (refusal is not null)
    or (colour is not null and efficiency_ratio is null)
"""
RATIO = """
select scheme_id, park_id, year, efficiency_ratio, co2_after_deductions_t_per_industrial_va
from batch
where
    efficiency_ratio is not null
    and not coalesce({{ is_equal(
        'efficiency_ratio * benchmark_co2_t_per_industrial_va',
        'co2_after_deductions_t_per_industrial_va',
        'abs(co2_after_deductions_t_per_industrial_va)'
    ) }}, false)
"""


def expectations(context: SuiteContext) -> list[Pair]:
    """Return the rules."""
    return [
        no_rows("park_carbon_codes_judged_or_refused", JUDGED),
        no_rows("park_carbon_codes_ratio_is_to_the_benchmark", RATIO),
    ]
