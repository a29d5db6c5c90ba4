"""Regional CO2: physically possible, of the right order, and no coverage lost."""

from __future__ import annotations

from expectations.authoring import Pair, has_rows, no_doubtful_rows, no_rows
from expectations.discovery import SuiteContext
from expectations.totals import YEAR_ON_YEAR, lost_totals

TABLE = "all_levels.region_co2"

# Standard coal of the quantities counted, by the ratio the energy table itself has.
PER_TCE = """
with per_unit as (
    select fuel_code, median(energy_tce / quantity) as tce_per_unit
    from all_levels.region_energy where quantity <> 0 group by fuel_code
)
select
    emissions.region_code,
    emissions.year,
    emissions.method,
    sum(emissions.co2_t) as co2_t,
    sum(emissions.quantity * per_unit.tce_per_unit) as energy_tce,
    sum(emissions.co2_t) / nullif(sum(emissions.quantity * per_unit.tce_per_unit), 0)
        as co2_t_per_tce
from batch as emissions
join per_unit on emissions.fuel_code = per_unit.fuel_code
join reference.fuels as fuels on emissions.fuel_code = fuels.fuel_code
where emissions.scope = '1' and ($fuels)
group by emissions.region_code, emissions.year, emissions.method
having
    not {{ is_within(
        'sum(emissions.co2_t)',
        '$fuel_co2_t_per_tce_min * sum(emissions.quantity * per_unit.tce_per_unit)',
        '$high * sum(emissions.quantity * per_unit.tce_per_unit)',
        '$high * sum(abs(emissions.quantity * per_unit.tce_per_unit))'
    ) }}
"""
ELECTRICITY = """
select region_code, year, method, fuel_code, quantity, co2_t, co2_t / quantity as co2_t_per_mwh
from batch
where
    fuel_code = 'electricity'
    and quantity <> 0
    and not {{ is_within(
        'co2_t / quantity',
        '$grid_co2_t_per_mwh_min',
        '$grid_co2_t_per_mwh_max',
        '$grid_co2_t_per_mwh_max'
    ) }}
"""
PROVINCE_SIZE = """
select emissions.region_code, emissions.year, emissions.method, sum(emissions.co2_t) as co2_t
from batch as emissions
join reference.regions as regions on emissions.region_code = regions.region_code
where regions.level = 'province'
group by emissions.region_code, emissions.year, emissions.method
having
    not {{ is_within(
        'coalesce(sum(emissions.co2_t), 0)',
        '$province_co2_t_min',
        '$province_co2_t_max',
        '$province_co2_t_max'
    ) }}
"""
# The methods that no more than half of the methods come near to; of two, both.
METHODS = """
with totals as (
    select region_code, year, method, sum(co2_t) as co2_t from batch as emissions group by all
)
select
    own.region_code,
    own.year,
    own.method,
    own.co2_t,
    min(others.co2_t) as lowest_co2_t,
    max(others.co2_t) as highest_co2_t
from totals as own
join totals as others on own.region_code = others.region_code and own.year = others.year
group by own.region_code, own.year, own.method, own.co2_t
having
    count(*) filter (
        {{ is_above(
            'greatest(own.co2_t, others.co2_t)',
            '$method_ratio_max * least(own.co2_t, others.co2_t)',
            'greatest(abs(own.co2_t), abs(others.co2_t))'
        ) }}
    ) * 2 >= count(*)
"""
POWER_SHARE = """
select
    region_code,
    year,
    method,
    sum(co2_t) filter (where balance_item in ('thermal_power', 'heating_supply'))
    / nullif(sum(co2_t), 0) as power_share
from batch
where scope = '1'
group by region_code, year, method
having
    not {{ is_within(
        'coalesce(power_share, 0)', '$power_share_min', '$power_share_max', 1
    ) }}
"""
DEDUCTION_SIGN = """
select region_code, year, method, industry_code, fuel_code, co2_t
from batch where balance_item = 'non_energy_use' and {{ is_above('co2_t', 0, 'abs(co2_t)') }}
"""
DEDUCTION_SIZE = """
select
    region_code,
    year,
    method,
    -sum(co2_t) filter (where co2_t < 0) as deducted_t,
    sum(co2_t) filter (where co2_t > 0) as gross_t
from batch
where scope = '1'
group by region_code, year, method
having {{ is_above('deducted_t', '$non_energy_share_max * gross_t', 'gross_t') }}
"""
SCOPE_2 = """
select distinct region_code, year, method, balance_item, fuel_code, scope
from batch
where
    (scope = '2') <> (
        fuel_code in (
            select fuels.fuel_code from reference.fuels as fuels
            where fuels.fuel_group in ('electricity', 'heat')
        )
    )
"""
UNCHANGED_INPUT = """
with now as (
    select region_code, year, method, sum(co2_t) as co2_t from batch as emissions group by all
),

before as (
    select region_code, year, method, sum(co2_t) as co2_t
    from previous.all_levels.region_co2 group by all
),

files_now as (
    select region_code, year, list_sort(list(distinct load_id)) as loads
    from quality.energy_lineage group by all
),

files_before as (
    select region_code, year, list_sort(list(distinct load_id)) as loads
    from previous.quality.energy_lineage group by all
),

factors_now as (
    select method, list_sort(list(factor_id || ' ' || co2_t_per_unit)) as factors
    from reference.emission_factors group by method
),

factors_before as (
    select method, list_sort(list(factor_id || ' ' || co2_t_per_unit)) as factors
    from previous.reference.emission_factors group by method
)

select
    now.region_code,
    now.year,
    now.method,
    before.co2_t as co2_t_before,
    now.co2_t,
    now.co2_t / nullif(before.co2_t, 0) - 1 as change_rate
from now
join before using (region_code, year, method)
join files_now using (region_code, year)
join files_before using (region_code, year)
join factors_now using (method)
join factors_before using (method)
where
    files_now.loads = files_before.loads
    and factors_now.factors = factors_before.factors
    and {{ is_above(
        'abs(now.co2_t / nullif(before.co2_t, 0) - 1)', '$unchanged_input_change_max', 1
    ) }}
"""


MISSING_SCOPE_2 = """
select emissions.region_code, emissions.year, emissions.method
from batch as emissions
where emissions.method in (
    select method from reference.balance_row_rules
    where scope = '2' and account = 'territorial' and take <> 'none'
)
group by emissions.region_code, emissions.year, emissions.method
having count(*) filter (emissions.scope = '2') = 0
"""


def expectations(context: SuiteContext) -> list[Pair]:
    """Return the rules; two compare with the version before."""
    rules = [
        has_rows("region_co2_has_rows"),
        no_doubtful_rows(
            "region_co2_per_tce_of_fuels",
            PER_TCE.replace("$high", "$fuel_co2_t_per_tce_max"),
            fuels="true",
        ),
        no_doubtful_rows(
            "region_co2_per_tce_of_coal",
            PER_TCE.replace("$high", "$coal_co2_t_per_tce_max"),
            fuels="fuels.fuel_group = 'coal'",
        ),
        no_doubtful_rows("region_co2_per_mwh", ELECTRICITY),
        no_doubtful_rows("region_co2_size_of_a_province", PROVINCE_SIZE),
        no_doubtful_rows("region_co2_methods_agree", METHODS),
        no_doubtful_rows("region_co2_year_on_year", YEAR_ON_YEAR),
        no_doubtful_rows("region_co2_share_of_power", POWER_SHARE),
        no_rows("region_co2_deductions_are_negative", DEDUCTION_SIGN),
        no_doubtful_rows("region_co2_deductions_are_small", DEDUCTION_SIZE),
        no_rows("region_co2_scope_2_is_purchased", SCOPE_2),
        no_rows("region_co2_electricity_is_counted", MISSING_SCOPE_2),
    ]
    if context.in_previous(TABLE, "region_code", "year", "method", "co2_t"):
        rules.append(no_rows("region_co2_keeps_coverage", lost_totals(TABLE, "final_consumption")))
        if context.in_previous("quality.energy_lineage", "load_id") and context.in_previous(
            "reference.emission_factors", "factor_id", "co2_t_per_unit"
        ):
            rules.append(no_rows("region_co2_same_input_same_total", UNCHANGED_INPUT))
    return rules
