{% set groups = ['coal', 'oil', 'gas', 'other'] %}
{% set shares = 'coal_share, oil_share, gas_share, other_share' %}
{% set factors = groups | join('_co2_t_per_tce, ') ~ '_co2_t_per_tce' %}

-- Whether a region and method can be projected, by what the years from history to base of a
-- scenario hold. Shares between 0 and 1 can: industry that sells more power or heat than it uses
-- has a share below nothing, and what clips it starts from another total than the one that was.
-- Nor can a fuel group whose CO2 per energy is unknown, or that of no fuel: the residual of
-- nearly nothing.
with kaya_factors as (

    select * from {{ ref('int_drivers__kaya_factors_derived') }}

),

scenarios as (

    select * from {{ ref('scenario_definitions') }}

),

scenario_rules as (

    select * from {{ ref('scenario_rules') }}

),

plan_values as (

    select * from {{ ref('plan_values') }}

),

-- The shares that may become more than nothing though they are nothing in the base year.
moved as (

    select
        indicator,
        region_code
    from plan_values
    union all
    select
        indicator,
        region_code
    from scenario_rules
    where rule = 'value'

),

moved_in as (

    select
        regions.region_code,
    {% for group in groups[:-1] %}
        count(case when moved.indicator = '{{ group }}_share' then 1 end) > 0
            as {{ group }}_is_moved
        {{- ',' if not loop.last }}
    {% endfor %}
    from (select distinct region_code from kaya_factors) as regions
    left join moved
        on moved.region_code is null or regions.region_code = moved.region_code
    group by regions.region_code

),

-- A fuel group that is not burnt in the base year has the factor it last had.
known_factors as (

    {{ factors_last_known('kaya_factors', groups) | indent }}

),

years as (

    select
        scenarios.scenario,
        scenarios.history_year,
        scenarios.base_year,
        kaya_factors.*
    from kaya_factors
    cross join scenarios

),

summed as (

    select
        scenario,
        region_code,
        method,
        count(case when year = base_year then 1 end) > 0 as has_base_year,
        count(case when year = history_year then 1 end) > 0 as has_history_year,
        count(
            case
                when
                    year >= history_year and year <= base_year
                    and not coalesce(energy_tce > 0 and industrial_value_added_10k_cny > 0, false)
                    then 1
            end
        ) > 0 as lacks_activity,
        count(
            case
                when
                    year >= history_year and year <= base_year
                    and {{ is_below('least(' ~ shares ~ ')', 0, 1) }}
                    then 1
            end
        ) > 0 as sells_energy,
    {% for group in groups %}
        max(case when year = base_year then {{ group }}_co2_t_per_tce end)
            as {{ group }}_co2_t_per_tce
        {{- ',' if not loop.last }}
    {% endfor %}
    from years
    group by scenario, region_code, method

),

used as (

    select
        summed.scenario,
        summed.region_code,
        summed.method,
        summed.has_base_year,
        summed.has_history_year,
        summed.lacks_activity,
        summed.sells_energy,
        {% for group in groups %}
            coalesce(summed.{{ group }}_co2_t_per_tce, known_factors.{{ group }}_known)
                as {{ group }}_co2_t_per_tce,
        {% endfor %}
        moved_in.coal_is_moved,
        moved_in.oil_is_moved,
        moved_in.gas_is_moved
    from summed
    inner join known_factors
        on
            summed.region_code = known_factors.region_code
            and summed.method = known_factors.method
    inner join moved_in on summed.region_code = moved_in.region_code

),

final as (

    select
        scenario,
        region_code,
        method,
        case
            when not has_base_year then 'base_year_missing'
            when not has_history_year then 'history_year_missing'
            when lacks_activity then 'no_activity'
            when sells_energy then 'sells_energy'
            when
                other_co2_t_per_tce is null
                {% for group in groups[:-1] %}
                    or ({{ group }}_co2_t_per_tce is null and {{ group }}_is_moved)
                {% endfor %}
                then 'factor_unknown'
            when
                {{ is_below('least(' ~ factors ~ ')', 0, 1) }}
                or {{ is_above(
                    'greatest(' ~ factors ~ ')',
                    threshold('co2_t_per_tce_with_electricity_max'),
                    1
                ) }}
                then 'factor_not_believable'
        end as refusal
    from used

)

select * from final
