"""Decoupling: constant prices unless asked otherwise, and states that follow from the changes."""

from __future__ import annotations

from expectations.authoring import Pair, no_rows
from expectations.discovery import SuiteContext

TABLE = "indicators.decoupling"

SIGNS = """
select entity, method, period, activity_change_rate, co2_change_rate, state
from batch as decoupling
where
    (state = 'strong_decoupling') <> (activity_change_rate > 0 and co2_change_rate < 0)
    or (state = 'strong_negative_decoupling') <> (activity_change_rate < 0 and co2_change_rate > 0)
"""
PARTS = """
select entity, method, period, elasticity, co2_energy_elasticity, energy_activity_elasticity
from batch as decoupling
where
    abs(elasticity - co2_energy_elasticity * energy_activity_elasticity)
    > $balance_closure * greatest(abs(elasticity), 1)
"""
NOMINAL = """
select decoupling.entity, decoupling.method, decoupling.period, decoupling.price_basis
from batch as decoupling
join indicators.price_deflators as deflators
    on
        decoupling.region_code = deflators.region_code
        and decoupling.year_to = deflators.year
where
    decoupling.price_basis = 'current'
    and not exists (
        select 1 from batch as constant_prices
        where
            constant_prices.entity = decoupling.entity
            and constant_prices.method = decoupling.method
            and constant_prices.period = decoupling.period
            and constant_prices.price_basis <> 'current'
    )
"""


def expectations(context: SuiteContext) -> list[Pair]:
    """Return the rules."""
    return [
        no_rows("decoupling_states_follow_from_the_signs", SIGNS),
        no_rows("decoupling_parts_multiply_to_the_elasticity", PARTS),
        no_rows("decoupling_is_at_constant_prices", NOMINAL),
    ]
