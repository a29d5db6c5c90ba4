-- How product and value added grew, in one table: what was printed, the same at constant prices,
-- and the growth of both. Where a rate would lead from one edition or series to another, it is
-- null.
with compared as (

    select * from {{ ref('int_economy__values_compared') }}

),

-- At constant prices only what compares with the base year, so that any two years of it compare.
bases as (

    select
        region_code,
        indicator,
        series_key
    from compared
    where year = {{ var('price_base_year') }} and constant_10k_cny is not null

),

final as (

    select
        compared.region_code,
        compared.year,
        compared.indicator,
        compared.value_10k_cny as current_10k_cny,
        compared.vintage,
        case when bases.region_code is not null then compared.constant_10k_cny end
            as constant_10k_cny,
        case
            when bases.region_code is not null and compared.constant_10k_cny is not null
                then 'constant_{{ var("price_base_year") }}'
        end as price_basis,
        compared.constant_basis,
        case
            when compared.constant_10k_cny is null then 'no_volume_index'
            when bases.region_code is null then 'two_editions'
        end as constant_refusal,
        coalesce(compared.is_of_parts, false) as is_of_parts,
        compared.real_growth_rate,
        compared.refusal,
        compared.nominal_growth_rate,
        compared.nominal_refusal,
        {{ origin_of_rank('compared.origin_rank') }} as origin,
        compared.source_id
    from compared
    left join bases
        on
            compared.region_code = bases.region_code
            and compared.indicator = bases.indicator
            and compared.series_key = bases.series_key

)

select * from final
order by region_code, year, indicator
