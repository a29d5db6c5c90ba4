{% set current = {
    'industrial_value_added_10k_cny': 'industrial_value_added_10k_cny',
    'energy_tce_per_industrial_va': 'energy_tce_per_industrial_va',
    'coal_share': 'coal_share',
    'oil_share': 'oil_share',
    'gas_share': 'gas_share',
} %}
{% set constant = {
    'industrial_value_added_10k_cny': 'industrial_value_added_constant_10k_cny',
    'energy_tce_per_industrial_va':
        'energy_tce / nullif(industrial_value_added_constant_10k_cny, 0)',
    'coal_share': 'coal_share',
    'oil_share': 'oil_share',
    'gas_share': 'gas_share',
} %}
{% set constant_basis = 'constant_' ~ var('price_base_year') %}

-- What each scenario, indicator and region starts from, and by which rule, trend and plan it gets
-- its value in the years the scenario names. A rule for the region overrides one for any region.
-- Trends are real where value added of the base year and of the first year of the history compare;
-- elsewhere they are those of current prices, as in the report, and `real_trend_refusal` says why.
with kaya_factors as (

    select * from {{ ref('int_drivers__kaya_factors_derived') }}

),

scenarios as (

    select * from {{ ref('scenario_definitions') }}

),

kaya_indicators as (

    select * from {{ ref('kaya_indicators') }}

),

scenario_rules as (

    select * from {{ ref('scenario_rules') }}

),

plan_values as (

    select * from {{ ref('plan_values') }}

),

judged as (

    select * from {{ ref('int_scenarios__bases_judged') }}
    where refusal is null

),

bases_of_price as (

    select
        scenarios.scenario,
        bases.region_code,
        bases.method,
        bases.series_key,
        case
            when bases.industrial_value_added_constant_10k_cny is null then 'no_volume_index'
            when histories.industrial_value_added_constant_10k_cny is null then 'no_volume_index'
            when bases.series_key <> histories.series_key then 'two_editions'
        end as real_trend_refusal
    from scenarios
    inner join kaya_factors as bases on scenarios.base_year = bases.year
    inner join kaya_factors as histories
        on
            scenarios.history_year = histories.year
            and bases.region_code = histories.region_code
            and bases.method = histories.method

),

levels as (

    {% for basis, values in [('current', current), (constant_basis, constant)] %}
        {% for indicator, value in values.items() %}
            select
                bases_of_price.scenario,
                kaya_factors.region_code,
                kaya_factors.method,
                kaya_factors.year,
                '{{ indicator }}' as indicator,
                '{{ basis }}' as price_basis,
                bases_of_price.real_trend_refusal,
                {{ value }} as value,
                kaya_factors.origin_rank
            from kaya_factors
            inner join bases_of_price
                on
                    kaya_factors.region_code = bases_of_price.region_code
                    and kaya_factors.method = bases_of_price.method
            {% if basis == 'current' %}
                where bases_of_price.real_trend_refusal is not null
            {% else %}
                where
                    bases_of_price.real_trend_refusal is null
                    and kaya_factors.series_key = bases_of_price.series_key
            {% endif %}
            {% if not loop.last %}union all{% endif %}
        {% endfor %}
        {% if not loop.last %}union all{% endif %}
    {% endfor %}

),

followed as (

    select
        *,
        lag(year) over (
            partition by scenario, region_code, method, indicator order by year
        ) as year_before,
        lag(value) over (
            partition by scenario, region_code, method, indicator order by year
        ) as value_before
    from levels

),

-- Yearly changes; over a gap in the series, the yearly change that leads across it.
changes as (

    select
        scenario,
        region_code,
        method,
        indicator,
        year,
        power(value / nullif(value_before, 0), 1e0 / (year - year_before)) - 1 as yearly_change
    from followed

),

trends as (

    select
        scenarios.scenario,
        bases.region_code,
        bases.method,
        bases.indicator,
        bases.price_basis,
        bases.real_trend_refusal,
        scenarios.base_year,
        scenarios.last_year,
        bases.value as base_value,
        greatest(bases.origin_rank, histories.origin_rank) as origin_rank,
        power(
            bases.value / nullif(histories.value, 0),
            1e0 / (scenarios.base_year - scenarios.history_year)
        ) - 1 as geometric_rate,
        sum(changes.yearly_change) / nullif(count(changes.yearly_change), 0) as arithmetic_rate
    from scenarios
    inner join levels as bases
        on scenarios.scenario = bases.scenario and scenarios.base_year = bases.year
    inner join judged
        on
            scenarios.scenario = judged.scenario
            and bases.region_code = judged.region_code
            and bases.method = judged.method
    inner join levels as histories
        on
            scenarios.history_year = histories.year
            and bases.scenario = histories.scenario
            and bases.region_code = histories.region_code
            and bases.method = histories.method
            and bases.indicator = histories.indicator
    left join changes
        on
            bases.scenario = changes.scenario
            and bases.region_code = changes.region_code
            and bases.method = changes.method
            and bases.indicator = changes.indicator
            and scenarios.history_year < changes.year
            and scenarios.base_year >= changes.year
    group by
        scenarios.scenario, bases.region_code, bases.method, bases.indicator, bases.price_basis,
        bases.real_trend_refusal, scenarios.base_year, scenarios.history_year,
        scenarios.last_year, bases.value, histories.value, bases.origin_rank,
        histories.origin_rank

),

ruled as (

    select
        trends.*,
        scenario_rules.year,
        case
            when scenario_rules.rule = 'trend' then 'trend_{{ var("trend_mean") }}'
            else scenario_rules.rule
        end as rule,
        scenario_rules.value as rule_value,
        row_number() over (
            partition by
                trends.scenario, trends.region_code, trends.method, trends.indicator,
                scenario_rules.year
            order by case when scenario_rules.region_code is null then 1 else 0 end
        ) as precedence
    from trends
    inner join scenario_rules
        on
            trends.scenario = scenario_rules.scenario
            and trends.indicator = scenario_rules.indicator
            and (
                scenario_rules.region_code is null
                or trends.region_code = scenario_rules.region_code
            )

),

-- A change rate is against the base year of the plan; it reads on where that is the scenario's.
planned as (

    select
        ruled.*,
        kaya_indicators.kind,
        kaya_indicators.better,
        plan_values.plan_id,
        plan_values.provenance as plan_provenance,
        case plan_values.value_kind
            when 'level' then plan_values.value
            when 'change_rate' then ruled.base_value * (1 + plan_values.value)
            when 'annual_rate'
                then ruled.base_value * power(1 + plan_values.value, ruled.year - ruled.base_year)
        end as plan_value
    from ruled
    inner join kaya_indicators on ruled.indicator = kaya_indicators.indicator
    left join plan_values
        on
            ruled.region_code = plan_values.region_code
            and ruled.indicator = plan_values.indicator
            and ruled.year = plan_values.target_year
            and (
                plan_values.value_kind = 'level' or ruled.base_year = plan_values.base_year
            )
    where ruled.precedence = 1

),

-- The anchors of an indicator are numbered one after the other, in the order of the years.
numbered as (

    select
        *,
        cast(
            row_number() over (
                order by scenario, region_code, method, indicator, year
            ) as integer
        ) as anchor_number
    from planned

),

final as (

    select
        scenario,
        region_code,
        method,
        indicator,
        price_basis,
        real_trend_refusal,
        kind,
        better,
        base_year,
        last_year,
        year,
        anchor_number,
        lag(anchor_number) over (
            partition by scenario, region_code, method, indicator order by year
        ) as anchor_before,
        rule,
        rule_value,
        base_value,
        case
            when rule = 'trend_arithmetic' or '{{ var("trend_mean") }}' = 'arithmetic'
                then coalesce(arithmetic_rate, 0)
            else coalesce(geometric_rate, 0)
        end as trend_rate,
        plan_id,
        plan_provenance,
        plan_value,
        origin_rank
    from numbered

)

select * from final
