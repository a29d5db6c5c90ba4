{#
  The query of every scenario and year for the cases that a condition takes, up to `valued`, a row
  for each. A shift of an indicator is added to its yearly rate of change; plans, and values that a
  rule sets, are attained more or less, those without a source by more; factors and the energy of the
  base year are scaled. `route_number` says scenario, region, method and year in one, the same for any
  condition.
#}
{% macro scenario_cases(condition) %}
{% set indicators = scenario_indicators() %}
{% set shares = ['coal_share', 'oil_share', 'gas_share'] %}

with anchors as (

    select * from {{ ref('int_scenarios__anchors_prepared') }}

),

cases as (

    select * from {{ ref('int_scenarios__cases_drawn') }}
    where {{ condition }}

),

routes as (

    select * from {{ ref('int_scenarios__routes_laid') }}

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
        anchors.anchor_before,
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
        anchor_before,
        case_id,
        base_value,
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

-- What a case makes of a segment.
spans as (

    select
        ends.anchor_number,
        ends.case_id,
        coalesce(starts.anchor_value, ends.base_value) as value_from,
        ends.anchor_value as value_to
    from chosen as ends
    left join chosen as starts
        on ends.anchor_before = starts.anchor_number and ends.case_id = starts.case_id

),

-- From or to nothing there is no rate: the way is straight and ends at the anchor.
paths as (

    select
        routes.route_number,
        routes.scenario,
        routes.region_code,
        routes.method,
        wide_cases.case_kind,
        wide_cases.case_number,
        routes.base_year,
        routes.year,
        {% for indicator in indicators %}
            {% set span = 'of_' ~ indicator %}
            case
                when {{ span }}.value_from > 0 and {{ span }}.value_to > 0
                    then
                        {{ span }}.value_from * power(
                            {{ span }}.value_to / {{ span }}.value_from,
                            routes.{{ indicator }}_part
                        )
                else
                    {{ span }}.value_from
                    + ({{ span }}.value_to - {{ span }}.value_from)
                    * least(1, routes.{{ indicator }}_part)
            end as {{ indicator }}{{ '_laid' if indicator in shares }},
        {% endfor %}
        1 + wide_cases.base_energy_shift as energy_scale,
        {% for group, shift in [
            ('coal', 'coal'), ('oil', 'oil_gas'), ('gas', 'oil_gas'), ('other', 'other'),
        ] %}
            routes.{{ group }}_co2_t_per_tce * (1 + wide_cases.{{ shift }}_shift)
                as {{ group }}_co2_t_per_tce,
        {% endfor %}
        routes.origin_rank
    from routes
    cross join wide_cases
    {% for indicator in indicators %}
        {% set span = 'of_' ~ indicator %}
        left join spans as {{ span }}
            on
                routes.{{ indicator }}_anchor = {{ span }}.anchor_number
                and wide_cases.case_id = {{ span }}.case_id
    {% endfor %}

),

-- Shares lie from 0 to 1 and do not exceed the whole together.
limited as (

    select
        *,
        {% for share in shares %}
            least(1, greatest(0, {{ share }}_laid)) as {{ share }}_limited
            {{- ',' if not loop.last }}
        {% endfor %}
    from paths

),

totalled as (

    select
        *,
        greatest(1, coal_share_limited + oil_share_limited + gas_share_limited) as share_total
    from limited

),

normalised as (

    select
        *,
        {% for share in shares %}
            {{ share }}_limited / share_total as {{ share }},
        {% endfor %}
        greatest(
            0, 1 - (coal_share_limited + oil_share_limited + gas_share_limited) / share_total
        ) as other_share
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

{% macro scenario_indicators() -%}
    {{ return([
        'industrial_value_added_10k_cny', 'energy_tce_per_industrial_va', 'coal_share',
        'oil_share', 'gas_share',
    ]) }}
{%- endmacro %}
