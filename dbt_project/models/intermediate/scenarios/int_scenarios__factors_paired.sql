-- Factors of the central cases side by side, for LMDI: each scenario against the base year, and
-- against the reference scenario in the same year.
with cases as (

    select * from {{ ref('int_scenarios__cases_valued') }}
    where case_kind = 'central'

),

scenarios as (

    select * from {{ ref('scenario_definitions') }}

),

pairs as (

    select
        'base_year' as compared_with,
        ends.scenario,
        ends.region_code,
        ends.method,
        ends.year,
        starts.scenario as start_scenario,
        starts.year as start_year
    from cases as ends
    inner join cases as starts
        on
            ends.scenario = starts.scenario
            and ends.region_code = starts.region_code
            and ends.method = starts.method
            and starts.year = starts.base_year
    union all
    select
        'reference_scenario' as compared_with,
        ends.scenario,
        ends.region_code,
        ends.method,
        ends.year,
        starts.scenario as start_scenario,
        starts.year as start_year
    from cases as ends
    inner join scenarios on scenarios.is_reference
    inner join cases as starts
        on
            scenarios.scenario = starts.scenario
            and ends.region_code = starts.region_code
            and ends.method = starts.method
            and ends.year = starts.year

),

long as (

    {% for group in ['coal', 'oil', 'gas', 'other'] %}
        {% for factor, value in [
            ('growth', 'industrial_value_added_10k_cny'),
            ('efficiency', 'energy_tce_per_industrial_va'),
            ('structure', group ~ '_share'),
            ('emission_factor', group ~ '_co2_t_per_tce'),
        ] %}
            select
                scenario,
                region_code,
                method,
                year,
                '{{ group }}' as category,
                '{{ factor }}' as factor,
                {{ value }} as value,
                {{ group }}_share as share
            from cases
            {% if not loop.last %}union all{% endif %}
        {% endfor %}
        {% if not loop.last %}union all{% endif %}
    {% endfor %}

),

-- A group that is burnt at neither end has no part in it, and need not have a factor.
final as (

    select
        pairs.compared_with,
        pairs.scenario,
        pairs.region_code,
        pairs.method,
        pairs.year,
        starts.category,
        starts.factor,
        starts.value as value_start,
        ends.value as value_end
    from pairs
    inner join long as starts
        on
            pairs.start_scenario = starts.scenario
            and pairs.region_code = starts.region_code
            and pairs.method = starts.method
            and pairs.start_year = starts.year
    inner join long as ends
        on
            pairs.scenario = ends.scenario
            and pairs.region_code = ends.region_code
            and pairs.method = ends.method
            and pairs.year = ends.year
            and starts.category = ends.category
            and starts.factor = ends.factor
    where starts.share > 0 or ends.share > 0

)

select * from final
-- What is summed from it adds in this order in every run.
order by compared_with, scenario, region_code, method, year, category, factor
