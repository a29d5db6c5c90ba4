"""Reduction potential: what lies between two scenarios, and parts that add up to it."""

from __future__ import annotations

from expectations.authoring import Pair, no_rows
from expectations.discovery import SuiteContext

TABLE = "indicators.scenario_potential"

PARTS = """
select region_code, scenario, year, method, reduction_t, change_from_base_t
from batch as potential
where
    not coalesce(
        {{ is_equal(
            'growth_reduction_t + efficiency_reduction_t + structure_reduction_t',
            'reduction_t',
            'abs(reference_co2_t) + abs(direct_and_purchased_co2_t)'
        ) }}
        and {{ is_equal(
            'growth_effect_t + efficiency_effect_t + structure_effect_t',
            'change_from_base_t',
            'abs(direct_and_purchased_co2_t) + abs(direct_and_purchased_co2_t - change_from_base_t)'
        ) }},
        false
    )
"""
SCENARIOS = """
select potential.region_code, potential.scenario, potential.year, potential.method
from batch as potential
join indicators.scenarios as scenarios
    on
        potential.region_code = scenarios.region_code
        and potential.scenario = scenarios.scenario
        and potential.year = scenarios.year
        and potential.method = scenarios.method
where
    not {{ is_equal(
        'potential.reference_co2_t - scenarios.direct_and_purchased_co2_t',
        'potential.reduction_t',
        'abs(potential.reference_co2_t) + abs(scenarios.direct_and_purchased_co2_t)'
    ) }}
"""


def expectations(context: SuiteContext) -> list[Pair]:
    """Return the rules."""
    return [
        no_rows("scenario_potential_parts_add_up", PARTS),
        no_rows("scenario_potential_lies_between_scenarios", SCENARIOS),
    ]
