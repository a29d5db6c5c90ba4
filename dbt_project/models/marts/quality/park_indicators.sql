-- What a figure of a report can be compared with, of single parks.
with park_year as (

    select * from {{ ref('park_year_by_method') }}

),

park_economy as (

    select * from {{ ref('park_economy') }}

),

industry_energy as (

    select * from {{ ref('int_park__industry_energy') }}

),

case_points as (

    select * from {{ ref('park_points') }}

),

leading_industries as (

    select * from {{ ref('park_leading_industries') }}

),

report_industries as (

    select * from {{ ref('report_industries') }}

),

parks as (

    select * from {{ ref('parks') }}

),

regions as (

    select * from {{ ref('regions') }}

),

yearly as (

    {% for indicator, column in {
        'park_co2_t_per_gdp': 'co2_t_per_gdp',
        'park_gdp_rank': 'gdp_rank_in_set',
        'park_co2_rank': 'co2_rank_in_set',
        'park_intensity_rank': 'intensity_rank_in_set',
        'park_energy_tce_per_industrial_va': 'energy_tce_per_industrial_va',
    }.items() %}
        select
            cast(null as {{ type_name('varchar') }}) as report_id,
            '{{ indicator }}' as indicator_id,
            method,
            park_id as entity_code,
            year,
            cast({{ column }} as double) as value
        from park_year
        union all
    {% endfor %}
    -- Of the industries that are columns of the report's table.
    select
        report_industries.report_id,
        'main_emitter_marks' as indicator_id,
        leading_industries.method,
        leading_industries.park_id as entity_code,
        leading_industries.year,
        cast(count(*) as double) as value
    from leading_industries
    inner join report_industries
        on leading_industries.industry_code = report_industries.industry_code
    where leading_industries.is_main_emitter
    group by
        report_industries.report_id,
        leading_industries.method,
        leading_industries.park_id,
        leading_industries.year

),

economy as (

    select
        'park_gdp_10k_cny' as indicator_id,
        'none' as method,
        park_id as entity_code,
        year,
        gdp_10k_cny as value
    from park_economy
    where boundary = 'whole_zone'
    union all
    select
        'park_industry_share' as indicator_id,
        'none' as method,
        park_id as entity_code,
        year,
        industrial_value_added_share as value
    from park_economy
    where boundary = 'whole_zone'
    union all
    select
        'park_output_10k_cny' as indicator_id,
        'none' as method,
        park_id as entity_code,
        year,
        industrial_output_10k_cny as value
    from park_economy
    where boundary = 'above_size_industry'
    union all
    select
        'park_electricity_share' as indicator_id,
        'none' as method,
        park_id as entity_code,
        year,
        electricity_tce / nullif(energy_tce, 0) as value
    from industry_energy
    union all
    select
        'park_first_year_without_coal' as indicator_id,
        'none' as method,
        park_id as entity_code,
        cast(null as integer) as year,
        cast(min(case when coal_t = 0 then year end) as double) as value
    from industry_energy
    group by park_id

),

-- A decline or reduction is printed without its sign.
cases as (

    select
        'case_' || indicator as indicator_id,
        method,
        park_id as entity_code,
        cast(null as integer) as year,
        value
    from case_points
    union all
    select
        'case_' || indicator || '_unsigned' as indicator_id,
        method,
        park_id as entity_code,
        cast(null as integer) as year,
        -value as value
    from case_points

),

-- Of the printed region of a park: one if the park lies there. A county counts for its city too.
places as (

    select
        'park_in_' || parks.region_code as indicator_id,
        'none' as method,
        parks.park_id as entity_code,
        cast(null as integer) as year,
        1e0 as value,
        'parks' as reads,
        'region' as rows_of
    from parks
    union all
    select
        'park_in_' || regions.parent_code as indicator_id,
        'none' as method,
        parks.park_id as entity_code,
        cast(null as integer) as year,
        1e0 as value,
        'parks' as reads,
        'region' as rows_of
    from parks
    inner join regions on parks.region_code = regions.region_code
    where regions.level = 'county'

),

of_parks as (

    select
        cast(null as {{ type_name('varchar') }}) as report_id,
        economy.*
    from economy
    union all
    select
        cast(null as {{ type_name('varchar') }}) as report_id,
        cases.*
    from cases
    union all
    select * from yearly

),

united as (

    select
        of_parks.*,
        'park_indicators' as reads,
        'region' as rows_of
    from of_parks
    union all
    select
        cast(null as {{ type_name('varchar') }}) as report_id,
        places.*
    from places

),

final as (

    select
        report_id,
        indicator_id,
        method,
        entity_code,
        year,
        value,
        reads,
        rows_of
    from united

)

select * from final
order by report_id, indicator_id, method, entity_code, year
