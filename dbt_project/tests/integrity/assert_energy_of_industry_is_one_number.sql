-- Energy of industry is one number of a region and year, whoever says it and by whatever method;
-- scenarios start from it.
{{ config(meta={'dagster': {'ref': {'name': 'kaya_factors'}}}) }}

with totals as (

    select * from {{ ref('int_energy__totals_summed') }}
    where boundary = 'industry'

),

said as (

    select
        'kaya_factors' as said_by,
        region_code,
        year,
        method,
        industrial_energy_tce as energy_tce
    from {{ ref('kaya_factors') }}
    union all
    select
        'region_industry_year' as said_by,
        region_code,
        year,
        method,
        industrial_energy_tce as energy_tce
    from {{ ref('region_industry_year') }}
    union all
    select
        'scenarios' as said_by,
        region_code,
        year,
        method,
        industrial_energy_tce as energy_tce
    from {{ ref('scenarios') }}
    where year = base_year

),

final as (

    select
        said.*,
        totals.energy_tce as total_tce
    from said
    left join totals
        on said.region_code = totals.region_code and said.year = totals.year
    where
        not coalesce(
            {{ is_equal('said.energy_tce', 'totals.energy_tce', 'totals.energy_tce') }}, false
        )

)

select * from final
