-- What a figure of a report can be compared with, of scenarios.
with scenarios as (

    select * from {{ ref('scenarios') }}
    where scenario = 'low_carbon'

),

scenario_potential as (

    select * from {{ ref('scenario_potential') }}
    where scenario = 'low_carbon'

),

regions as (

    select * from {{ ref('regions') }}

),

of_regions as (

    {% for indicator in [
        'direct_and_purchased_co2_t', 'industrial_value_added_10k_cny',
        'energy_tce_per_industrial_va', 'coal_share', 'oil_share', 'gas_share',
    ] %}
        select
            'low_carbon_{{ indicator }}' as indicator_id,
            method,
            region_code,
            year,
            {{ indicator }} as value,
            'scenarios' as reads,
            'region' as rows_of
        from scenarios
        {% if not loop.last %}union all{% endif %}
    {% endfor %}

),

of_cities as (

    select
        scenario_potential.method,
        regions.parent_code as region_code,
        scenario_potential.year,
        cast(count(*) as double) as cities,
        cast(count(case when scenario_potential.reduction_t > 0 then 1 end) as double)
            as cities_with_potential,
        cast(
            max(case when abs(scenario_potential.growth_effect_t) > 0 then 1 else 0 end)
            + max(case when abs(scenario_potential.efficiency_effect_t) > 0 then 1 else 0 end)
            + max(case when abs(scenario_potential.structure_effect_t) > 0 then 1 else 0 end)
            as double
        ) as factors
    from scenario_potential
    inner join regions on scenario_potential.region_code = regions.region_code
    where regions.level = 'prefecture'
    group by scenario_potential.method, regions.parent_code, scenario_potential.year

),

counts as (

    {% for indicator in ['cities', 'cities_with_potential', 'factors'] %}
        select
            'scenario_{{ indicator }}' as indicator_id,
            method,
            region_code,
            year,
            {{ indicator }} as value,
            'scenario_potential' as reads,
            'parts' as rows_of
        from of_cities
        {% if not loop.last %}union all{% endif %}
    {% endfor %}

),

-- Of each city: whether its reduction is among the largest of its province.
ranked as (

    select
        scenario_potential.method,
        scenario_potential.region_code,
        scenario_potential.year,
        row_number() over (
            partition by regions.parent_code, scenario_potential.method, scenario_potential.year
            order by
                {{ tie_value(
                    'scenario_potential.reduction_t', 'scenario_potential.reference_co2_t'
                ) }} desc,
                scenario_potential.region_code asc
        ) as place
    from scenario_potential
    inner join regions on scenario_potential.region_code = regions.region_code
    where regions.level = 'prefecture' and scenario_potential.reduction_t is not null

),

largest as (

    select
        'largest_potential' as indicator_id,
        method,
        region_code,
        year,
        case when place <= {{ threshold('largest_potential_regions') }} then 1e0 else 0e0 end
            as value,
        'scenario_potential' as reads,
        'peers' as rows_of
    from ranked

),

united as (

    select * from of_regions
    union all
    select * from counts
    union all
    select * from largest

),

final as (

    select
        indicator_id,
        method,
        region_code as entity_code,
        year,
        value,
        reads,
        rows_of
    from united

)

select * from final
order by indicator_id, method, entity_code, year
