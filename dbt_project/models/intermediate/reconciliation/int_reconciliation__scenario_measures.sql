-- What section 4.1 of the report says of scenarios, from the marts. Its cities are reconstructed to
-- meet these figures, so agreement shows that data and model fit together and no more.
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

    {% for measure in [
        'co2_t', 'industrial_value_added_10k_cny', 'energy_tce_per_10k_cny', 'coal_share',
        'oil_share', 'gas_share',
    ] %}
        select
            'low_carbon_{{ measure }}' as measure,
            method,
            region_code,
            year,
            {{ measure }} as value
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
            as cities_with_potential
    from scenario_potential
    inner join regions on scenario_potential.region_code = regions.region_code
    where regions.level = 'prefecture'
    group by scenario_potential.method, regions.parent_code, scenario_potential.year

),

counts as (

    {% for measure in ['cities', 'cities_with_potential'] %}
        select
            'scenario_{{ measure }}' as measure,
            method,
            region_code,
            year,
            {{ measure }} as value
        from of_cities
        {% if not loop.last %}union all{% endif %}
    {% endfor %}

),

final as (

    select * from of_regions
    union all
    select * from counts

)

select * from final
