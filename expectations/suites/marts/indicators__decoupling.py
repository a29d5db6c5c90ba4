"""Decoupling: constant prices unless asked otherwise, and states that follow from the changes."""

from __future__ import annotations

from expectations.authoring import Pair, no_rows
from expectations.discovery import SuiteContext

TABLE = "indicators.decoupling"

# Strong means that the two move apart; a change within the last digits of nothing is either.
SIGNS = """
with directions as (
    select
        entity,
        method,
        period,
        activity_change_rate,
        co2_change_rate,
        state,
        {{ is_above('activity_change_rate', 0, 1) }} as activity_rises,
        {{ is_below('activity_change_rate', 0, 1) }} as activity_falls,
        {{ is_above('co2_change_rate', 0, 1) }} as co2_rises,
        {{ is_below('co2_change_rate', 0, 1) }} as co2_falls
    from batch as decoupling
)

select entity, method, period, activity_change_rate, co2_change_rate, state
from directions
where
    (state = 'strong_decoupling' and (activity_falls or co2_rises))
    or (state = 'strong_negative_decoupling' and (activity_rises or co2_falls))
    or (state <> 'strong_decoupling' and activity_rises and co2_falls)
    or (state <> 'strong_negative_decoupling' and activity_falls and co2_rises)
"""
PARTS = """
select entity, method, period, elasticity, co2_energy_elasticity, energy_activity_elasticity
from batch as decoupling
where
    not {{ is_equal(
        'elasticity',
        'co2_energy_elasticity * energy_activity_elasticity',
        'abs(elasticity) + abs(co2_energy_elasticity * energy_activity_elasticity)'
    ) }}
"""
NOMINAL = """
select decoupling.entity, decoupling.method, decoupling.period, decoupling.price_basis
from batch as decoupling
join indicators.price_deflators as starts
    on decoupling.region_code = starts.region_code and decoupling.year_from = starts.year
join indicators.price_deflators as ends
    on decoupling.region_code = ends.region_code and decoupling.year_to = ends.year
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
