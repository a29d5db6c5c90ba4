{#
  The query of every scenario and year for the cases that a condition takes, up to `valued`, a row
  for each. A shift of an indicator is added to its yearly rate of change; plans, and values that a
  rule sets, are attained more or less, those without a source by more; factors and the energy of the
  base year are scaled. `route_number` says scenario, region, method and year in one, the same for any
  condition.
#}
{% macro scenario_cases(condition) %}
{% set indicators = [
    'industrial_value_added_10k_cny', 'energy_tce_per_industrial_va', 'coal_share', 'oil_share',
    'gas_share',
] %}
{% set shares = ['coal_share', 'oil_share', 'gas_share'] %}

with anchors as (

    select
        *,
        row_number() over (
            order by scenario, region_code, method, indicator, year
        ) as anchor_number
    from {{ ref('int_scenarios__anchors_prepared') }}

),

cases as (

    select * from {{ ref('int_scenarios__cases_drawn') }}
    where {{ condition }}

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
        row_number() over (order by case_kind, case_number) as case_id,
        {% for name in indicators + [
            'plan', 'assumed_plan', 'base_energy', 'coal', 'oil_gas', 'other',
        ] %}
        sum(case when acts_on = '{{ name }}' then shift else 0 end) as {{ name }}_shift
        {{- ',' if not loop.last }}
    {% endfor %}
    from cases
    group by case_kind, case_number

),

shifted as (

    select
        anchors.anchor_number,
        anchors.rule,
        anchors.rule_value,
        anchors.better,
        anchors.base_value,
        anchors.trend_rate,
        wide_cases.case_id,
        anchors.year - anchors.base_year as years_ahead,
        case anchors.indicator
            {% for name in indicators %}
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
        anchor_number,
        case_id,
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

-- Between two anchors, and on after the last one, an indicator changes by one yearly rate. Where
-- the anchors lie is the same for every case.
segments as (

    select
        scenario,
        region_code,
        method,
        indicator,
        origin_rank,
        base_value,
        anchor_number,
        lag(anchor_number) over (
            partition by scenario, region_code, method, indicator order by year
        ) as anchor_before,
        coalesce(
            lag(year) over (
                partition by scenario, region_code, method, indicator order by year
            ), base_year
        ) as year_from,
        year as year_to,
        row_number() over (
            partition by scenario, region_code, method, indicator order by year desc
        ) = 1 as is_last
    from anchors

),

years as (

    select
        scenarios.scenario,
        scenarios.base_year,
        scenarios.base_year + numbers.number as year
    from scenarios
    inner join numbers on numbers.number <= scenarios.last_year - scenarios.base_year

),

placed as (

    select
        segments.*,
        years.base_year,
        years.year,
        (years.year - segments.year_from)
        / nullif(segments.year_to - segments.year_from, 0) as part_of_way,
        row_number() over (
            partition by
                segments.scenario, segments.region_code, segments.method, segments.indicator,
                years.year
            order by segments.year_to desc
        ) as precedence
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

-- One row for each year, with the segment in which each indicator is.
routes as (

    select
        scenario,
        region_code,
        method,
        base_year,
        year,
        {% for indicator in indicators %}
            max(case when indicator = '{{ indicator }}' then anchor_number end)
                as {{ indicator }}_anchor,
            max(case when indicator = '{{ indicator }}' then part_of_way end)
                as {{ indicator }}_part,
        {% endfor %}
        max(origin_rank) as origin_rank
    from placed
    where precedence = 1
    group by scenario, region_code, method, base_year, year

),

factored as (

    select
        {% for group in ['coal', 'oil', 'gas', 'other'] %}
            coalesce(kaya_factors.{{ group }}_co2_t_per_tce, known_factors.{{ group }}_known)
                as {{ group }}_factor,
        {% endfor %}
        routes.*,
        cast(
            row_number() over (
                order by routes.scenario, routes.region_code, routes.method, routes.year
            ) as integer
        ) as route_number
    from routes
    inner join kaya_factors
        on
            routes.region_code = kaya_factors.region_code
            and routes.method = kaya_factors.method
            and routes.base_year = kaya_factors.year
    inner join known_factors
        on
            routes.region_code = known_factors.region_code
            and routes.method = known_factors.method

),

-- What a case makes of a segment.
spans as (

    select
        ends.anchor_number,
        ends.case_id,
        coalesce(starts.anchor_value, segments.base_value) as value_from,
        ends.anchor_value as value_to
    from chosen as ends
    inner join segments on ends.anchor_number = segments.anchor_number
    left join chosen as starts
        on segments.anchor_before = starts.anchor_number and ends.case_id = starts.case_id

),

-- From or to nothing there is no rate: the way is straight and ends at the anchor.
paths as (

    select
        factored.route_number,
        factored.scenario,
        factored.region_code,
        factored.method,
        wide_cases.case_kind,
        wide_cases.case_number,
        factored.base_year,
        factored.year,
        {% for indicator in indicators %}
            {% set span = 'of_' ~ indicator %}
            case
                when {{ span }}.value_from > 0 and {{ span }}.value_to > 0
                    then
                        {{ span }}.value_from * power(
                            {{ span }}.value_to / {{ span }}.value_from,
                            factored.{{ indicator }}_part
                        )
                else
                    {{ span }}.value_from
                    + ({{ span }}.value_to - {{ span }}.value_from)
                    * least(1, factored.{{ indicator }}_part)
            end as {{ indicator }},
        {% endfor %}
        1 + wide_cases.base_energy_shift as energy_scale,
        {% for group, shift in [
            ('coal', 'coal'), ('oil', 'oil_gas'), ('gas', 'oil_gas'), ('other', 'other'),
        ] %}
            factored.{{ group }}_factor * (1 + wide_cases.{{ shift }}_shift)
                as {{ group }}_co2_t_per_tce,
        {% endfor %}
        factored.origin_rank
    from factored
    cross join wide_cases
    {% for indicator in indicators %}
        {% set span = 'of_' ~ indicator %}
        left join spans as {{ span }}
            on
                factored.{{ indicator }}_anchor = {{ span }}.anchor_number
                and wide_cases.case_id = {{ span }}.case_id
    {% endfor %}

),

limited as (

    select
        route_number,
        scenario,
        region_code,
        method,
        case_kind,
        case_number,
        base_year,
        year,
        industrial_value_added_10k_cny,
        energy_tce_per_industrial_va,
        energy_scale,
        {% for group in ['coal', 'oil', 'gas', 'other'] %}
            {{ group }}_co2_t_per_tce,
        {% endfor %}
        {% for share in shares %}
            least(1, greatest(0, {{ share }})) as {{ share }},
        {% endfor %}
        origin_rank
    from paths

),

totalled as (

    select
        *,
        greatest(1, coal_share + oil_share + gas_share) as share_total
    from limited

),

normalised as (

    select
        route_number,
        scenario,
        region_code,
        method,
        case_kind,
        case_number,
        base_year,
        year,
        industrial_value_added_10k_cny,
        energy_tce_per_industrial_va,
        energy_scale,
        {% for group in ['coal', 'oil', 'gas', 'other'] %}
            {{ group }}_co2_t_per_tce,
        {% endfor %}
        {% for share in shares %}
            {{ share }} / share_total as {{ share }},
        {% endfor %}
        greatest(0, 1 - (coal_share + oil_share + gas_share) / share_total) as other_share,
        origin_rank
    from totalled

),

valued as (

    select
        *,
        industrial_value_added_10k_cny * energy_tce_per_industrial_va * energy_scale as energy_tce,
        industrial_value_added_10k_cny * energy_tce_per_industrial_va * energy_scale * (
            {% for group in ['coal', 'oil', 'gas', 'other'] %}
                case
                    when {{ group }}_share = 0 then 0
                    else {{ group }}_share * {{ group }}_co2_t_per_tce
                end
                {{- ' +' if not loop.last }}
            {% endfor %}
        ) as co2_t
    from normalised

)
{%- endmacro %}
