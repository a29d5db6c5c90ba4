-- What governments announced of a city, a district or a zone, beside what the model gives the whole
-- city in the same year or the nearest before it.
with announced as (

    select * from {{ ref('stg_government_bulletins__area_energy') }}
    where {{ is_known_vintage('vintage') }}

),

runs as (

    select * from {{ ref('stg_city_model__held_back_runs') }}
    where {{ is_known_vintage('vintage') }} and run = 'full'

),

value_added as (

    select
        region_code,
        year,
        max(industrial_value_added_10k_cny) as industrial_value_added_10k_cny
    from {{ ref('region_industry_year') }}
    group by region_code, year

),

economy as (

    select * from {{ ref('city_economy') }}

),

nearest as (

    select
        announced.area_name_zh,
        announced.region_code,
        announced.year,
        announced.period,
        announced.industry_code,
        max(runs.year) as model_year
    from announced
    inner join runs
        on announced.region_code = runs.region_code and announced.year >= runs.year
    group by
        announced.area_name_zh,
        announced.region_code,
        announced.year,
        announced.period,
        announced.industry_code

),

final as (

    select
        announced.area_name_zh,
        announced.area_kind,
        announced.region_code,
        announced.year,
        announced.period,
        announced.industry_code,
        announced.boundary,
        announced.energy_tce,
        announced.area_share,
        announced.share_area_name_zh,
        announced.energy_tce_per_industrial_va,
        announced.co2_t_per_gdp,
        announced.is_computed,
        nearest.model_year,
        runs.industrial_energy_tce as model_city_energy_tce,
        runs.industrial_energy_tce
        / nullif(value_added.industrial_value_added_10k_cny, 0)
            as model_city_energy_tce_per_industrial_va,
        runs.report_co2_t / nullif(economy.gdp_10k_cny, 0) as model_city_co2_t_per_gdp,
        announced.wording,
        announced.url,
        announced.origin,
        announced.source_id
    from announced
    left join nearest
        on
            announced.area_name_zh = nearest.area_name_zh
            and announced.region_code = nearest.region_code
            and announced.year = nearest.year
            and announced.period = nearest.period
            and announced.industry_code = nearest.industry_code
    left join runs
        on nearest.region_code = runs.region_code and nearest.model_year = runs.year
    left join value_added
        on
            nearest.region_code = value_added.region_code
            and nearest.model_year = value_added.year
    left join economy
        on nearest.region_code = economy.region_code and nearest.model_year = economy.year

)

select * from final
order by region_code, area_name_zh, year, period, industry_code
