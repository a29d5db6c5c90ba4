-- The marts' measures in one long table, so that a figure can be matched to one by name.
with region_year as (

    select * from {{ ref('region_year') }}

),

regions as (

    select * from {{ ref('regions') }}

),

long_region_year as (

    {% for measure in [
        'coal_t', 'industrial_coal_t', 'co2_t', 'industrial_co2_t', 'coal_co2_t',
        'industrial_value_added_10k_cny', 'industrial_coal_share', 'coal_co2_share',
        'industrial_co2_share', 'industrial_coal_t_per_10k_cny', 'co2_t_per_10k_cny',
        'industrial_co2_t_per_10k_cny',
    ] %}
        select
            '{{ measure }}' as measure,
            method,
            region_code,
            year,
            {{ measure }} as value
        from region_year
        {% if not loop.last %}union all{% endif %}
    {% endfor %}

),

-- A count of the registry holds for every year.
registry as (

    select
        'prefecture_count' as measure,
        'none' as method,
        parent_code as region_code,
        cast(null as integer) as year,
        cast(count(*) as double) as value
    from regions
    where level = 'prefecture'
    group by parent_code

),

final as (

    select * from long_region_year
    union all
    select * from registry
    union all
    select * from {{ ref('int_reconciliation__scenario_measures') }}

)

select * from final
