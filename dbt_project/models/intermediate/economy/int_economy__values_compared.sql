-- Product and value added of each year beside the same at constant prices, and how each changed. At
-- constant prices is what the base year printed, moved by the chained volume index; without an
-- index of its own, value added over the price of product. `series_key` says which values compare:
-- a chain with itself, a printed value with those of its own edition. A rate between two is null,
-- and `refusal` says why.
with series as (

    select * from {{ ref('int_economy__series_united') }}
    where is_latest_vintage and value_10k_cny is not null

),

economy_series as (

    select * from {{ ref('economy_series') }}

),

volumes as (

    select * from {{ ref('int_economy__volumes_chained') }}

),

deflators as (

    select * from {{ ref('int_economy__deflators_derived') }}

),

printed as (

    select
        series.region_code,
        series.year,
        series.indicator,
        series.value_10k_cny,
        series.vintage,
        series.source_id,
        {{ origin_rank('series.origin') }} as origin_rank,
        series.dataset || '/' || cast(series.vintage as {{ type_name('varchar') }})
        || case
            when economy_series.is_linked then ''
            else '/' || cast(series.year as {{ type_name('varchar') }})
        end as edition_key
    from series
    inner join economy_series on series.dataset = economy_series.dataset

),

bases as (

    select
        region_code,
        indicator,
        value_10k_cny,
        origin_rank
    from printed
    where year = {{ var('price_base_year') }}

),

chained as (

    select
        volumes.region_code,
        volumes.year,
        volumes.indicator,
        volumes.volume_ratio,
        volumes.is_of_parts,
        volumes.source_id,
        bases.value_10k_cny * volumes.volume_level as constant_10k_cny,
        greatest(volumes.origin_rank, bases.origin_rank) as origin_rank
    from volumes
    inner join bases
        on volumes.region_code = bases.region_code and volumes.indicator = bases.indicator

),

keys as (

    select
        region_code,
        year,
        indicator
    from printed
    union
    select
        region_code,
        year,
        indicator
    from chained

),

valued as (

    select
        keys.region_code,
        keys.year,
        keys.indicator,
        printed.value_10k_cny,
        printed.edition_key,
        printed.vintage,
        case
            when chained.constant_10k_cny is null and chained.volume_ratio is null
                then printed.source_id
            else coalesce(chained.source_id, printed.source_id)
        end as source_id,
        chained.volume_ratio,
        chained.is_of_parts,
        case
            when chained.constant_10k_cny is not null then 'volume_index'
            when deflators.deflator is not null and printed.value_10k_cny is not null
                then 'price_of_product'
        end as constant_basis,
        coalesce(
            chained.constant_10k_cny,
            printed.value_10k_cny / nullif(deflators.deflator, 0)
        ) as constant_10k_cny,
        case
            when chained.constant_10k_cny is not null then 'volume_index'
            else printed.edition_key
        end as series_key,
        printed.origin_rank as printed_origin_rank,
        greatest(
            coalesce(chained.origin_rank, 1), coalesce(printed.origin_rank, 1),
            coalesce(deflators.origin_rank, 1)
        ) as origin_rank
    from keys
    left join printed
        on
            keys.region_code = printed.region_code
            and keys.year = printed.year
            and keys.indicator = printed.indicator
    left join chained
        on
            keys.region_code = chained.region_code
            and keys.year = chained.year
            and keys.indicator = chained.indicator
    left join deflators
        on keys.region_code = deflators.region_code and keys.year = deflators.year

),

compared as (

    select
        now.*,
        before.region_code is not null as has_year_before,
        before.edition_key = now.edition_key as is_one_edition,
        case
            when before.edition_key = now.edition_key
                then now.value_10k_cny / nullif(before.value_10k_cny, 0) - 1
        end as nominal_growth_rate,
        case
            when now.volume_ratio is not null then now.volume_ratio - 1
            when before.series_key = now.series_key
                then now.constant_10k_cny / nullif(before.constant_10k_cny, 0) - 1
        end as real_growth_rate
    from valued as now
    left join valued as before
        on
            now.region_code = before.region_code
            and now.indicator = before.indicator
            and now.year = before.year + 1

),

final as (

    select
        region_code,
        year,
        indicator,
        value_10k_cny,
        vintage,
        edition_key,
        constant_10k_cny,
        constant_basis,
        series_key,
        is_of_parts,
        nominal_growth_rate,
        real_growth_rate,
        case
            when real_growth_rate is not null then null
            when not has_year_before then 'no_year_before'
            when constant_basis = 'volume_index' then 'no_volume_index'
            when not coalesce(is_one_edition, false) then 'two_editions'
            else 'no_volume_index'
        end as refusal,
        case
            when nominal_growth_rate is not null then null
            when not has_year_before then 'no_year_before'
            else 'two_editions'
        end as nominal_refusal,
        source_id,
        coalesce(printed_origin_rank, origin_rank) as printed_origin_rank,
        origin_rank
    from compared

)

select * from final
