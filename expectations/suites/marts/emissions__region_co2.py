"""Regional CO2: physically possible, of the right order, and no coverage lost."""

from __future__ import annotations

from expectations.authoring import Pair, has_rows, no_rows
from expectations.discovery import SuiteContext
from expectations.thresholds import threshold
from expectations.totals import YEAR_ON_YEAR, lost_totals

TABLE = "emissions.region_co2"

# Standard coal of the quantities counted, by the ratio the energy table itself has.
PER_TCE = """
with per_unit as (
    select fuel_code, median(energy_tce / quantity) as tce_per_unit
    from emissions.region_energy where quantity <> 0 group by fuel_code
)
select
    emissions.region_code,
    emissions.year,
    emissions.method,
    sum(emissions.co2_t) / nullif(sum(emissions.quantity * per_unit.tce_per_unit), 0)
        as co2_t_per_tce
from batch as emissions
join per_unit on emissions.fuel_code = per_unit.fuel_code
join reference.fuels as fuels on emissions.fuel_code = fuels.fuel_code
where emissions.scope = '1' and ($fuels)
group by emissions.region_code, emissions.year, emissions.method
having not coalesce(co2_t_per_tce, 0) between $fuel_co2_t_per_tce_min and $high
"""
ELECTRICITY = """
select region_code, year, method, fuel_code, quantity, co2_t, co2_t / quantity as co2_t_per_mwh
from batch
where
    fuel_code = 'electricity'
    and quantity <> 0
    and not co2_t / quantity between $grid_co2_t_per_mwh_min and $grid_co2_t_per_mwh_max
"""
PROVINCE_SIZE = """
select emissions.region_code, emissions.year, emissions.method, sum(emissions.co2_t) as co2_t
from batch as emissions
join reference.regions as regions on emissions.region_code = regions.region_code
where regions.level = 'province'
group by emissions.region_code, emissions.year, emissions.method
having not coalesce(sum(emissions.co2_t), 0) between $province_co2_t_min and $province_co2_t_max
"""
METHODS = """
with totals as (
    select region_code, year, method, sum(co2_t) as co2_t from batch as emissions group by all
)
select
    region_code,
    year,
    min_by(method, co2_t) as lowest_method,
    min(co2_t) as lowest_co2_t,
    max_by(method, co2_t) as highest_method,
    max(co2_t) as highest_co2_t
from totals
group by region_code, year having max(co2_t) > $method_ratio_max * min(co2_t)
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
having not coalesce(power_share, 0) between $power_share_min and $power_share_max
"""
DEDUCTION_SIGN = """
select region_code, year, method, industry_code, fuel_code, co2_t
from batch where balance_item = 'non_energy_use' and co2_t > 0
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
group by region_code, year, method having deducted_t > $non_energy_share_max * gross_t
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
    from previous.emissions.region_co2 group by all
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
    and abs(now.co2_t / nullif(before.co2_t, 0) - 1) > $unchanged_input_change_max
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
        no_rows(
            "region_co2_per_tce_of_fuels",
            PER_TCE,
            fuels="true",
            high=str(threshold("fuel_co2_t_per_tce_max")),
        ),
        no_rows(
            "region_co2_per_tce_of_coal",
            PER_TCE,
            fuels="fuels.fuel_group = 'coal'",
            high=str(threshold("coal_co2_t_per_tce_max")),
        ),
        no_rows("region_co2_per_mwh", ELECTRICITY),
        no_rows("region_co2_size_of_a_province", PROVINCE_SIZE),
        no_rows("region_co2_methods_agree", METHODS),
        no_rows("region_co2_year_on_year", YEAR_ON_YEAR),
        no_rows("region_co2_share_of_power", POWER_SHARE),
        no_rows("region_co2_deductions_are_negative", DEDUCTION_SIGN),
        no_rows("region_co2_deductions_are_small", DEDUCTION_SIZE),
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
