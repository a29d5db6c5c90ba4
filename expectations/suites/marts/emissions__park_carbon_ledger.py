"""Lines of the park account: factors of fuels that can be, measured ones too."""

from __future__ import annotations

from expectations.authoring import Pair, no_rows
from expectations.discovery import SuiteContext

TABLE = "emissions.park_carbon_ledger"

RANGE = """
with bounds (fuel_group, high) as (values
    ('coal', $factor_coal_max),
    ('coke', $factor_coke_max),
    ('oil', $factor_oil_max),
    ('natural_gas', $factor_lng_max)
)

select distinct
    lines.park_id,
    lines.year,
    lines.method,
    lines.entry,
    lines.enterprise_id,
    lines.line_item,
    lines.gas_t_per_quantity
from batch as lines
join reference.fuels as fuels on lines.line_item = fuels.fuel_code
join bounds on fuels.fuel_group = bounds.fuel_group
where
    lines.gas = 'co2'
    and lines.unit = 't'
    and {{ is_above('lines.gas_t_per_quantity', 'bounds.high', 'bounds.high') }}
"""


def expectations(context: SuiteContext) -> list[Pair]:
    """Return the rules."""
    return [no_rows("ledger_fuel_factors_in_range", RANGE)]
