"""Emission factors: physically possible, and not changed in silence."""

from __future__ import annotations

from expectations.authoring import Pair, no_rows, within
from expectations.discovery import SuiteContext
from expectations.thresholds import threshold

TABLE = "reference.emission_factors"
KEY = ("factor_id",)

# Gases per 10^4 m3, whatever the row is per. Per tonne of standard coal fuels are what they are per
# heat, and power what the grids are per MWh, by either way to convert it.
RANGE = """
with bounds (fuel_group, dimension, low, high) as (values
    ('coal', 'mass', $factor_coal_min, $factor_coal_max),
    ('coke', 'mass', $factor_coke_min, $factor_coke_max),
    ('oil', 'mass', $factor_oil_min, $factor_oil_max),
    ('natural_gas', 'mass', $factor_lng_min, $factor_lng_max),
    ('natural_gas', 'volume', $factor_natural_gas_min, $factor_natural_gas_max),
    ('coal_gas', 'volume', $factor_coal_gas_min, $factor_coal_gas_max),
    (
        'electricity',
        'standard_coal',
        $grid_co2_t_per_mwh_min / $tce_per_mwh_max,
        $grid_co2_t_per_mwh_max / $tce_per_mwh_min
    )
    union all
    select fuel_group, 'standard_coal', $fuel_co2_t_per_tce_min, $fuel_co2_t_per_tce_max
    from unnest(['coal', 'coke', 'oil', 'natural_gas', 'coal_gas']) as groups (fuel_group)
),

factors as (
    select
        factors.factor_id,
        factors.fuel_code,
        factors.unit,
        factors.co2_t_per_unit,
        fuels.fuel_group,
        case factors.unit
            when 't' then 'mass' when 'tce' then 'standard_coal' else 'volume'
        end as dimension,
        factors.co2_t_per_unit * case when factors.unit = 'm3' then 10000 else 1 end as co2_t
    from batch as factors
    join reference.fuels as fuels on factors.fuel_code = fuels.fuel_code
)

select factors.factor_id, factors.fuel_code, factors.unit, factors.co2_t_per_unit
from factors
join bounds on factors.fuel_group = bounds.fuel_group and factors.dimension = bounds.dimension
where
    not {{ is_within(
        'coalesce(factors.co2_t, 0)', 'bounds.low', 'bounds.high', 'bounds.high'
    ) }}
"""
CHANGED = """
select
    now.factor_id,
    now.fuel_code,
    before.co2_t_per_unit as co2_t_per_unit_before,
    now.co2_t_per_unit
from batch as now
join previous.reference.emission_factors as before on now.factor_id = before.factor_id
where
    not {{ is_equal('now.co2_t_per_unit', 'before.co2_t_per_unit', 'before.co2_t_per_unit') }}
"""


def expectations(context: SuiteContext) -> list[Pair]:
    """Return the rules; one compares with the version before."""
    rules = [
        no_rows("emission_factors_in_physical_range", RANGE),
        within("emission_factors_oxidation", "oxidation_rate", 0, 1, *KEY, author=no_rows),
        within(
            "emission_factors_oxidation_is_high",
            "oxidation_rate",
            threshold("oxidation_rate_min"),
            1,
            *KEY,
            author=no_rows,
        ),
        within(
            "emission_factors_carbon_content",
            "carbon_content_tc_per_gj",
            threshold("carbon_content_min"),
            threshold("carbon_content_max"),
            *KEY,
            author=no_rows,
        ),
        within(
            "emission_factors_ch4",
            "ch4_kg_per_gj",
            0,
            threshold("ch4_kg_per_gj_max"),
            *KEY,
            author=no_rows,
        ),
    ]
    if context.in_previous(TABLE, "factor_id", "co2_t_per_unit"):
        rules.append(no_rows("emission_factors_keep_values", CHANGED))
    return rules
