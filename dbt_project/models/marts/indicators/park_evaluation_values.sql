-- What parks are evaluated by, one below the other. A ratio has one boundary: industry above
-- designated size. An answer holds for the year it was given for, and for no other.
{% set by_year = [
    'coal_share_of_energy', 'energy_tce_per_industrial_va', 'two_high_output_share',
] %}

with park_year as (

    {{ park_years_judged() | indent }}

),

park_types as (

    select * from {{ ref('park_types') }}

),

park_measures as (

    select * from {{ ref('park_measures') }}
    where answer in ('yes', 'no')

),

facts as (

    {{ latest_edition(
        ref('stg_park_returns__park_facts'),
        ['park_id', 'year'], condition="boundary = 'above_size_industry'"
    ) | indent }}

),

water as (

    {{ latest_edition(
        ref('stg_park_returns__water'),
        ['park_id', 'year'], condition="boundary = 'above_size_industry'"
    ) | indent }}

),

land as (

    {{ latest_edition(ref('stg_park_returns__land'), ['park_id', 'year']) | indent }}

),

sets as (

    select distinct indicator
    from {{ ref('evaluation_indicators') }}

),

united as (

    {% for indicator in by_year %}
        select
            park_id,
            year,
            '{{ indicator }}' as indicator,
            {{ indicator }} as value,
            origin
        from park_year
        union all
    {% endfor %}
    select
        park_id,
        year,
        'above_size_co2_t_per_industrial_va' as indicator,
        above_size_co2_t / nullif(industrial_value_added_10k_cny, 0) as value,
        origin
    from park_year
    union all
    select
        park_id,
        year,
        'electricity_heat_share' as indicator,
        electricity_heat_share as value,
        origin
    from park_types
    union all
    select
        park_year.park_id,
        park_year.year,
        'industrial_va_per_head' as indicator,
        park_year.industrial_value_added_10k_cny / nullif(facts.employees, 0) as value,
        park_year.origin
    from park_year
    inner join facts
        on
            park_year.park_id = facts.park_id
            and park_year.year = facts.year
    union all
    select
        park_year.park_id,
        park_year.year,
        'industrial_va_per_industrial_ha' as indicator,
        park_year.industrial_value_added_10k_cny / nullif(land.industrial_area_ha, 0) as value,
        park_year.origin
    from park_year
    inner join land
        on
            park_year.park_id = land.park_id
            and park_year.year = land.year
    {% for quantity in ['fresh_water', 'wastewater'] %}
        union all
        select
            park_year.park_id,
            park_year.year,
            '{{ quantity }}_m3_per_industrial_va' as indicator,
            water.{{ quantity }}_m3
            / nullif(park_year.industrial_value_added_10k_cny, 0) as value,
            park_year.origin
        from park_year
        inner join water
            on
                park_year.park_id = water.park_id
                and park_year.year = water.year
    {% endfor %}
    union all
    select
        park_id,
        year,
        'water_reuse_share' as indicator,
        reused_water_m3 / nullif(reused_water_m3 + industrial_fresh_water_m3, 0) as value,
        origin
    from water
    union all
    select
        park_id,
        year,
        measure as indicator,
        case answer when 'yes' then 1 else 0 end as value,
        origin
    from park_measures

),

final as (

    select
        united.park_id,
        united.year,
        united.indicator,
        cast(united.value as double) as value,
        {{ origin_of_rank('greatest(2, ' ~ origin_rank('united.origin') ~ ')') }} as origin
    from united
    inner join sets on united.indicator = sets.indicator
    where united.value is not null

)

select * from final
order by park_id, year, indicator
