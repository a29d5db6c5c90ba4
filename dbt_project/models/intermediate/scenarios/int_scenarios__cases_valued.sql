{% set shares = ['coal_share', 'oil_share', 'gas_share'] %}

-- Every scenario and year for every case. A shift of an indicator is added to its yearly rate of
-- change; plans, and values that a rule sets, are attained more or less, those without a source by
-- more; factors and the energy of the base year are scaled.
with anchors as (

    select * from {{ ref('int_scenarios__anchors_prepared') }}

),

cases as (

    select * from {{ ref('int_scenarios__cases_drawn') }}

),

kaya_factors as (

    select * from {{ ref('int_drivers__kaya_factors_derived') }}

),

scenarios as (

    select * from {{ ref('scenario_definitions') }}

),

numbers as (

    {{ whole_numbers() | indent }}

),

wide_cases as (

    select
        case_kind,
        case_number,
        {% for name in [
            'industrial_value_added_10k_cny', 'energy_tce_per_industrial_va', 'coal_share', 'oil_share',
            'gas_share', 'plan', 'assumed_plan', 'base_energy', 'coal', 'oil_gas', 'other',
        ] %}
        sum(case when acts_on = '{{ name }}' then shift else 0 end) as {{ name }}_shift
        {{- ',' if not loop.last }}
    {% endfor %}
    from cases
    group by case_kind, case_number

),

shifted as (

    select
        anchors.*,
        wide_cases.case_kind,
        wide_cases.case_number,
        anchors.year - anchors.base_year as years_ahead,
        case anchors.indicator
            {% for name in [
                'industrial_value_added_10k_cny', 'energy_tce_per_industrial_va', 'coal_share',
                'oil_share', 'gas_share',
            ] %}
                when '{{ name }}' then wide_cases.{{ name }}_shift
            {% endfor %}
        end as rate_shift,
        wide_cases.plan_shift + wide_cases.assumed_plan_shift as set_value_shift,
        anchors.base_value
        + (anchors.plan_value - anchors.base_value) * (
            1 + wide_cases.plan_shift
            + case
                when anchors.plan_provenance = 'sourced' then 0
                else wide_cases.assumed_plan_shift
            end
        ) as plan_attained
    from anchors
    cross join wide_cases

),

trended as (

    select
        *,
        base_value * power(1 + trend_rate + rate_shift, years_ahead) as trend_value
    from shifted

),

-- Least and greatest skip nulls: without a plan, the trend stands.
chosen as (

    select
        *,
        case rule
            when 'best_of_trend_and_plan'
                then
                    case
                        when better = 'lower' then least(trend_value, plan_attained)
                        else greatest(trend_value, plan_attained)
                    end
            when 'plan' then coalesce(plan_attained, trend_value)
            when 'hold' then base_value * power(1 + rate_shift, years_ahead)
            when 'value' then base_value + (rule_value - base_value) * (1 + set_value_shift)
            when 'annual_rate' then base_value * power(1 + rule_value + rate_shift, years_ahead)
            else trend_value
        end as anchor_value
    from trended

),

-- Between two anchors, and on after the last one, an indicator changes by one yearly rate.
segments as (

    select
        scenario,
        region_code,
        method,
        indicator,
        case_kind,
        case_number,
        origin_rank,
        coalesce(
            lag(year) over (
                partition by scenario, region_code, method, indicator, case_kind, case_number
                order by year
            ), base_year
        ) as year_from,
        year as year_to,
        coalesce(
            lag(anchor_value) over (
                partition by scenario, region_code, method, indicator, case_kind, case_number
                order by year
            ), base_value
        ) as value_from,
        anchor_value as value_to,
        row_number() over (
            partition by scenario, region_code, method, indicator, case_kind, case_number
            order by year desc
        ) = 1 as is_last
    from chosen

),

years as (

    select
        scenarios.scenario,
        scenarios.base_year,
        scenarios.base_year + numbers.number as year
    from scenarios
    inner join numbers on numbers.number <= scenarios.last_year - scenarios.base_year

),

-- From or to nothing there is no rate: the way is straight and ends at the anchor.
paths as (

    select
        segments.scenario,
        segments.region_code,
        segments.method,
        segments.indicator,
        segments.case_kind,
        segments.case_number,
        segments.origin_rank,
        years.base_year,
        years.year,
        case
            when segments.value_from > 0 and segments.value_to > 0
                then
                    segments.value_from * power(
                        segments.value_to / segments.value_from,
                        (years.year - segments.year_from)
                        / nullif(segments.year_to - segments.year_from, 0)
                    )
            else
                segments.value_from
                + (segments.value_to - segments.value_from)
                * least(
                    1,
                    (years.year - segments.year_from)
                    / nullif(segments.year_to - segments.year_from, 0)
                )
        end as value
    from segments
    inner join years
        on
            segments.scenario = years.scenario
            and (
                (segments.year_from < years.year or years.year = years.base_year)
                and segments.year_from <= years.year
                and (segments.year_to >= years.year or segments.is_last)
            )

),

wide as (

    select
        scenario,
        region_code,
        method,
        case_kind,
        case_number,
        base_year,
        year,
        max(case when indicator = 'industrial_value_added_10k_cny' then value end)
            as industrial_value_added_10k_cny,
        max(case when indicator = 'energy_tce_per_industrial_va' then value end)
            as energy_tce_per_industrial_va,
        {% for share in shares %}
            least(1, greatest(0, max(case when indicator = '{{ share }}' then value end)))
                as {{ share }},
        {% endfor %}
        max(origin_rank) as origin_rank
    from paths
    group by scenario, region_code, method, case_kind, case_number, base_year, year

),

totalled as (

    select
        *,
        greatest(1, coal_share + oil_share + gas_share) as share_total
    from wide

),

normalised as (

    select
        scenario,
        region_code,
        method,
        case_kind,
        case_number,
        base_year,
        year,
        industrial_value_added_10k_cny,
        energy_tce_per_industrial_va,
        {% for share in shares %}
            {{ share }} / share_total as {{ share }},
        {% endfor %}
        greatest(0, 1 - (coal_share + oil_share + gas_share) / share_total) as other_share,
        origin_rank
    from totalled

),

-- A fuel group that is not burnt in the base year has the factor it last had.
known_factors as (

    select
        region_code,
        method,
    {% for group in ['coal', 'oil', 'gas', 'other'] %}
        max_by(
            {{ group }}_co2_t_per_tce,
            case when {{ group }}_co2_t_per_tce is not null then year end
        ) as {{ group }}_known
        {{- ',' if not loop.last }}
    {% endfor %}
    from kaya_factors
    group by region_code, method

),

priced as (

    select
        normalised.*,
        1 + wide_cases.base_energy_shift as energy_scale,
        {% for group, shift in [
            ('coal', 'coal'), ('oil', 'oil_gas'), ('gas', 'oil_gas'), ('other', 'other'),
        ] %}
        coalesce(kaya_factors.{{ group }}_co2_t_per_tce, known_factors.{{ group }}_known)
        * (1 + wide_cases.{{ shift }}_shift) as {{ group }}_co2_t_per_tce
        {{- ',' if not loop.last }}
    {% endfor %}
    from normalised
    inner join wide_cases
        on
            normalised.case_kind = wide_cases.case_kind
            and normalised.case_number = wide_cases.case_number
    inner join kaya_factors
        on
            normalised.region_code = kaya_factors.region_code
            and normalised.method = kaya_factors.method
            and normalised.base_year = kaya_factors.year
    inner join known_factors
        on
            normalised.region_code = known_factors.region_code
            and normalised.method = known_factors.method

),

final as (

    select
        scenario,
        region_code,
        method,
        case_kind,
        case_number,
        base_year,
        year,
        industrial_value_added_10k_cny,
        energy_tce_per_industrial_va * energy_scale as energy_tce_per_industrial_va,
        {% for group in ['coal', 'oil', 'gas', 'other'] %}
            {{ group }}_share,
            {{ group }}_co2_t_per_tce,
        {% endfor %}
        industrial_value_added_10k_cny * energy_tce_per_industrial_va * energy_scale as energy_tce,
        industrial_value_added_10k_cny * energy_tce_per_industrial_va * energy_scale * (
            {% for group in ['coal', 'oil', 'gas', 'other'] %}
                case
                    when {{ group }}_share = 0 then 0
                    else {{ group }}_share * {{ group }}_co2_t_per_tce
                end
                {{- ' +' if not loop.last }}
            {% endfor %}
        ) as co2_t,
        origin_rank
    from priced

)

select * from final
