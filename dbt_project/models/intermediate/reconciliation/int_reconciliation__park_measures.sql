-- What the report says of single parks; the park stands where other measures have the region.
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

    {% for measure, column in {
        'park_co2_t_per_gdp': 'co2_t_per_gdp',
        'park_gdp_rank': 'gdp_rank_in_set',
        'park_co2_rank': 'co2_rank_in_set',
        'park_intensity_rank': 'intensity_rank_in_set',
        'park_energy_tce_per_industrial_va': 'energy_tce_per_industrial_va',
    }.items() %}
        select
            '{{ measure }}' as measure,
            method,
            park_id as region_code,
            year,
            cast({{ column }} as double) as value
        from park_year
        union all
    {% endfor %}
    select
        'main_emitter_marks' as measure,
        leading_industries.method,
        leading_industries.park_id as region_code,
        leading_industries.year,
        cast(count(*) as double) as value
    from leading_industries
    inner join report_industries
        on leading_industries.industry_code = report_industries.industry_code
    where leading_industries.is_main_emitter
    group by leading_industries.method, leading_industries.park_id, leading_industries.year

),

economy as (

    select
        'park_gdp_10k_cny' as measure,
        'none' as method,
        park_id as region_code,
        year,
        gdp_10k_cny as value
    from park_economy
    where boundary = 'whole_zone'
    union all
    select
        'park_industry_share' as measure,
        'none' as method,
        park_id as region_code,
        year,
        industrial_value_added_share as value
    from park_economy
    where boundary = 'whole_zone'
    union all
    select
        'park_output_10k_cny' as measure,
        'none' as method,
        park_id as region_code,
        year,
        industrial_output_10k_cny as value
    from park_economy
    where boundary = 'above_size_industry'
    union all
    select
        'park_electricity_share' as measure,
        'none' as method,
        park_id as region_code,
        year,
        electricity_tce / nullif(energy_tce, 0) as value
    from industry_energy
    union all
    select
        'park_first_year_without_coal' as measure,
        'none' as method,
        park_id as region_code,
        cast(null as integer) as year,
        cast(min(case when coal_t = 0 then year end) as double) as value
    from industry_energy
    group by park_id

),

-- A decline or reduction is printed without its sign.
cases as (

    select
        'case_' || point as measure,
        method,
        park_id as region_code,
        cast(null as integer) as year,
        point_value as value
    from case_points
    union all
    select
        'case_' || point || '_unsigned' as measure,
        method,
        park_id as region_code,
        cast(null as integer) as year,
        -point_value as value
    from case_points

),

-- Of the printed region of a park: one if the park lies there. A county counts for its city too.
places as (

    select
        'park_in_' || parks.region_code as measure,
        'none' as method,
        parks.park_id as region_code,
        cast(null as integer) as year,
        1e0 as value,
        'parks' as reads,
        'region' as rows_of
    from parks
    union all
    select
        'park_in_' || regions.parent_code as measure,
        'none' as method,
        parks.park_id as region_code,
        cast(null as integer) as year,
        1e0 as value,
        'parks' as reads,
        'region' as rows_of
    from parks
    inner join regions on parks.region_code = regions.region_code
    where regions.level = 'county'

),

final as (

    select
        *,
        'int_reconciliation__park_measures' as reads,
        'region' as rows_of
    from (
        select * from yearly
        union all
        select * from economy
        union all
        select * from cases
    ) as measures
    union all
    select * from places

)

select * from final
