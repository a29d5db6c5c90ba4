with figures as (

    select * from {{ ref('int_park__years_joined') }}

),

infrastructure as (

    select * from {{ ref('int_park__infrastructure_classed') }}

),

parks as (

    select * from {{ ref('parks') }}

),

regions as (

    select * from {{ ref('regions') }}

),

region_year as (

    select * from {{ ref('region_year') }}

),

bands as (

    select * from {{ ref('bands') }}

),

enterprises as (

    select * from {{ ref('enterprise_co2_by_method') }}

),

months as (

    select * from {{ ref('int_park__months_emitted') }}

),

enterprise_months as (

    {{ enterprise_months('months') | indent }}

),

park_months as (

    select
        park_id,
        year,
        method,
        min(months_known) as months_known
    from enterprise_months
    group by park_id, year, method

),

within_parks as (

    select distinct
        park_id,
        year
    from {{ ref('int_park__boundaries_nested') }}

),

-- Which province a park is measured against.
provinces as (

    select
        parks.park_id,
        parks.is_sample,
        regions.province_code
    from parks
    inner join regions on parks.region_code = regions.region_code

),

leaders as (

    select
        park_id,
        year,
        method,
        sum(co2_share) as top10_enterprise_share
    from enterprises
    where rank_in_park <= {{ threshold('top_enterprises') }}
    group by park_id, year, method

),

-- A ratio is formed only of two figures of the same boundary.
ratios as (

    select
        figures.*,
        provinces.is_sample,
        provinces.province_code,
        within_parks.park_id is not null as is_within_park,
        case
            when figures.gdp_boundary = figures.co2_boundary
                then figures.co2_t / nullif(figures.gdp_10k_cny, 0)
        end as co2_t_per_gdp,
        case
            when figures.gdp_10k_cny is null then 'gdp_missing'
            when figures.gdp_boundary <> figures.co2_boundary then 'boundaries_differ'
        end as intensity_refusal,
        figures.energy_tce / nullif(figures.industrial_value_added_10k_cny, 0)
            as energy_tce_per_industrial_va,
        figures.energy_tce / nullif(figures.industrial_output_10k_cny, 0)
            as energy_tce_per_industrial_output,
        figures.above_size_co2_t / nullif(figures.energy_tce, 0) as above_size_co2_t_per_tce,
        figures.coal_tce / nullif(figures.energy_tce, 0) as coal_share_of_energy,
        figures.coal_co2_t / nullif(figures.co2_t, 0) as coal_co2_share,
        figures.two_high_output_10k_cny / nullif(figures.industrial_output_10k_cny, 0)
            as two_high_output_share,
        province.co2_t_per_gdp as province_co2_t_per_gdp
    from figures
    inner join provinces on figures.park_id = provinces.park_id
    left join within_parks
        on figures.park_id = within_parks.park_id and figures.year = within_parks.year
    left join region_year as province
        on
            provinces.province_code = province.region_code
            and figures.year = province.year
            and figures.method = province.method

),

ranked as (

    select
        *,
        rank() over (
            partition by year, method, is_within_park
            order by {{ tie_value('co2_t', 'co2_t') }} desc nulls last
        ) as co2_rank,
        rank() over (
            partition by year, method, is_within_park, is_sample, province_code
            order by {{ tie_value('co2_t', 'co2_t') }} desc nulls last
        ) as co2_rank_in_set,
        rank() over (
            partition by year, method, is_within_park, is_sample, province_code
            order by {{ tie_value('gdp_10k_cny', 'gdp_10k_cny') }} desc nulls last
        ) as gdp_rank_in_set,
        rank() over (
            partition by year, method, is_within_park, is_sample, province_code
            order by {{ tie_value('co2_t_per_gdp', 'co2_t_per_gdp') }} desc nulls last
        ) as intensity_rank_in_set
    from ratios

),

final as (

    select
        ranked.park_id,
        ranked.year,
        ranked.method,
        ranked.is_sample,
        ranked.is_within_park,
        ranked.gdp_10k_cny,
        ranked.gdp_boundary,
        ranked.price_basis,
        ranked.industrial_value_added_10k_cny,
        ranked.industrial_output_10k_cny,
        ranked.energy_tce,
        'above_size_industry' as energy_boundary,
        ranked.coal_t,
        ranked.coal_tce,
        ranked.co2_t,
        ranked.co2e_t,
        ranked.co2_boundary,
        ranked.above_size_co2_t,
        cast(park_months.months_known as integer) as months_known,
        ranked.co2_t_per_gdp,
        ranked.intensity_refusal,
        ranked.province_co2_t_per_gdp,
        ranked.co2_t_per_gdp / nullif(ranked.province_co2_t_per_gdp, 0)
            as intensity_to_province,
        ranked.energy_tce_per_industrial_va,
        ranked.energy_tce_per_industrial_output,
        ranked.above_size_co2_t_per_tce,
        ranked.coal_share_of_energy,
        ranked.coal_co2_share,
        ranked.two_high_output_share,
        cast(ranked.co2_rank as integer) as co2_rank,
        cast(ranked.co2_rank_in_set as integer) as co2_rank_in_set,
        cast(ranked.gdp_rank_in_set as integer) as gdp_rank_in_set,
        cast(
            case when ranked.co2_t_per_gdp is not null then ranked.intensity_rank_in_set end
            as integer
        ) as intensity_rank_in_set,
        co2_bands.band as co2_band,
        coal_bands.band as coal_band,
        {{ answer_of('infrastructure.has_energy_infrastructure') }}
            as energy_infrastructure_answer,
        infrastructure.infrastructure_class,
        leaders.top10_enterprise_share,
        -- The gate marks what it doubts (quality.doubtful_rows).
        false as is_doubtful,
        {{ origin_of_rank('greatest(2, ranked.origin_rank)') }} as origin
    from ranked
    left join infrastructure
        on ranked.park_id = infrastructure.park_id and ranked.year = infrastructure.year
    left join park_months
        on
            ranked.park_id = park_months.park_id
            and ranked.year = park_months.year
            and ranked.method = park_months.method
    left join leaders
        on
            ranked.park_id = leaders.park_id
            and ranked.year = leaders.year
            and ranked.method = leaders.method
    left join bands as co2_bands
        on
            co2_bands.band_set = 'co2_t'
            and ranked.co2_t >= co2_bands.lower
            and (ranked.co2_t < co2_bands.upper or co2_bands.upper is null)
    left join bands as coal_bands
        on
            coal_bands.band_set = 'coal_t'
            and ranked.coal_t >= coal_bands.lower
            and (ranked.coal_t < coal_bands.upper or coal_bands.upper is null)

)

select * from final
order by park_id, year, method
