{% set indicators = ['co2_t', 'coal_co2_t', 'industrial_co2_t'] %}

-- The series that peaks are looked for in, one value a year. A year that lacks what the landing
-- refused would look like a fall and is left out.
with region_year as (

    select * from {{ ref('region_year') }}

),

park_year as (

    select * from {{ ref('park_year_by_method') }}

),

parks as (

    select * from {{ ref('parks') }}

),

final as (

    {% for indicator in indicators %}
        select
            'region' as entity_type,
            region_code as entity,
            region_code,
            '{{ indicator }}' as indicator,
            method,
            year,
            {{ indicator }} as value_t,
            {{ 'grid_factor_year' if indicator == 'co2_t' else 'cast(null as integer)' }}
                as grid_factor_year,
            {{ origin_rank('origin') }} as origin_rank
        from region_year
        where {{ indicator }} is not null and is_complete
        union all
    {% endfor %}
    select
        'park' as entity_type,
        park_year.park_id as entity,
        parks.region_code,
        'co2_t' as indicator,
        park_year.method,
        park_year.year,
        park_year.co2_t as value_t,
        cast(null as integer) as grid_factor_year,
        {{ origin_rank('park_year.origin') }} as origin_rank
    from park_year
    inner join parks on park_year.park_id = parks.park_id
    where park_year.co2_t is not null

)

select * from final
-- What is summed from it adds in this order in every run.
order by entity, indicator, method, year
