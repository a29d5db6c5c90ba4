-- By how much the volume and the price of product, or of value added, changed on the year before:
-- from a printed volume index (`own`), and from those of the parts together (`parts`), each
-- weighted by its product of the year before. Parts count only if every part in force that year has
-- its index; one that was abolished is not asked for. What lies directly under a province without
-- being a prefecture counts where it is printed. Prices need the product of the same series at both
-- ends; in the year after a part was abolished the products of the parts cover other ground, so
-- there is none.
with observations as (

    select * from {{ ref('stg_city_yearbooks__city_gdp_index') }}
    union all
    select * from {{ ref('stg_provincial_bulletins__gdp_index') }}

),

volume_indices as (

    select * from {{ ref('volume_indices') }}

),

regions as (

    select * from {{ ref('regions') }}

),

latest as (

    select
        dataset,
        region_code,
        year,
        indicator,
        value,
        vintage,
        source_id,
        {{ origin_rank('origin') }} as origin_rank,
        row_number() over (
            partition by dataset, region_code, year, indicator order by vintage desc
        ) as edition_rank
    from observations
    where {{ is_known_vintage('vintage') }} and value is not null

),

own as (

    select
        indices.dataset,
        indices.region_code,
        indices.year,
        volume_indices.indicator,
        indices.vintage,
        indices.source_id,
        indices.value as volume_ratio,
        starts.value as value_before_10k_cny,
        ends.value as value_10k_cny,
        starts.value * indices.value as at_last_years_prices_10k_cny,
        greatest(
            indices.origin_rank, coalesce(starts.origin_rank, 1), coalesce(ends.origin_rank, 1)
        ) as origin_rank
    from latest as indices
    inner join volume_indices on indices.indicator = volume_indices.index_indicator
    left join latest as starts
        on
            indices.dataset = starts.dataset
            and indices.region_code = starts.region_code
            and indices.year = starts.year + 1
            and volume_indices.indicator = starts.indicator
            and starts.edition_rank = 1
    left join latest as ends
        on
            indices.dataset = ends.dataset
            and indices.region_code = ends.region_code
            and indices.year = ends.year
            and volume_indices.indicator = ends.indicator
            and ends.edition_rank = 1
    where indices.edition_rank = 1 and indices.value > 0

),

-- The parts whose indices are asked for: provinces of a country, prefectures of a province.
wanted as (

    select
        parents.region_code as parent_code,
        parts.region_code,
        parts.year_from,
        parts.year_to
    from regions as parts
    inner join regions as parents on parts.parent_code = parents.region_code
    where
        (parents.level = 'country' and parts.level = 'province')
        or (parents.level = 'province' and parts.level = 'prefecture')

),

years as (

    select distinct
        dataset,
        indicator,
        year
    from own

),

wanted_counts as (

    select
        years.dataset,
        years.indicator,
        years.year,
        wanted.parent_code,
        count(case when years.year between wanted.year_from and wanted.year_to then 1 end)
            as parts_wanted,
        count(case when years.year = wanted.year_to + 1 then 1 end) > 0 as follows_abolition
    from years
    cross join wanted
    group by years.dataset, years.indicator, years.year, wanted.parent_code

),

summed as (

    select
        own.dataset,
        regions.parent_code as region_code,
        own.year,
        own.indicator,
        max(own.vintage) as vintage,
        max(own.source_id) as source_id,
        count(wanted.region_code) as parts_held,
        sum(own.value_before_10k_cny) as value_before_10k_cny,
        sum(own.at_last_years_prices_10k_cny) as at_last_years_prices_10k_cny,
        case when count(own.value_10k_cny) = count(*) then sum(own.value_10k_cny) end
            as value_10k_cny,
        max(own.origin_rank) as origin_rank
    from own
    inner join regions on own.region_code = regions.region_code
    left join wanted on own.region_code = wanted.region_code
    where
        regions.parent_code is not null
        and own.year between regions.year_from and regions.year_to
        and own.at_last_years_prices_10k_cny is not null
    group by own.dataset, regions.parent_code, own.year, own.indicator

),

parts as (

    select
        summed.*,
        wanted_counts.follows_abolition
    from summed
    inner join wanted_counts
        on
            summed.dataset = wanted_counts.dataset
            and summed.region_code = wanted_counts.parent_code
            and summed.indicator = wanted_counts.indicator
            and summed.year = wanted_counts.year
            and summed.parts_held = wanted_counts.parts_wanted
    where wanted_counts.parts_wanted > 0

),

united as (

    select
        region_code,
        year,
        indicator,
        'own' as basis,
        dataset,
        vintage,
        source_id,
        volume_ratio,
        value_10k_cny / nullif(at_last_years_prices_10k_cny, 0) as price_ratio,
        origin_rank
    from own
    union all
    select
        region_code,
        year,
        indicator,
        'parts' as basis,
        dataset,
        vintage,
        source_id,
        at_last_years_prices_10k_cny / nullif(value_before_10k_cny, 0) as volume_ratio,
        case
            when not follows_abolition
                then value_10k_cny / nullif(at_last_years_prices_10k_cny, 0)
        end as price_ratio,
        greatest(origin_rank, 2) as origin_rank
    from parts

),

final as (

    select
        region_code,
        year,
        indicator,
        basis,
        dataset,
        source_id,
        volume_ratio,
        price_ratio,
        origin_rank,
        -- The latest edition of its kind; of two of one edition, the first by name.
        row_number() over (
            partition by region_code, year, indicator, basis order by vintage desc, dataset asc
        ) = 1 as is_preferred
    from united

)

select * from final
