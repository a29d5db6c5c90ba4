-- One value per region, year, item, industry, fuel and edition: sectors the source splits finer
-- than GB/T 4754 (rubber and plastics) are added.
with observations as (

    select * from {{ ref('int_energy__observations_united') }}

),

aggregated as (

    select
        dataset,
        region_code,
        year,
        balance_item,
        industry_code,
        fuel_code,
        vintage,
        unit,
        sum(quantity) as quantity,
        -- a sum is no better than its parts: one that holds an estimate is one
        case
            when bool_or(value_status = 'imputed') then 'imputed'
            when bool_or(value_status = 'reported') then 'reported'
            when bool_or(value_status = 'zero') then 'zero'
            else min(value_status)
        end as value_status,
        max({{ origin_rank('origin') }}) as origin_rank,
        min(source_id) as source_id
    from observations
    group by
        dataset, region_code, year, balance_item, industry_code, fuel_code, vintage, unit

),

final as (

    select
        *,
        -- The latest edition that prints a figure: a blank does not hide an older number.
        vintage = coalesce(
            max(case when quantity is not null then vintage end) over (
                partition by region_code, year, balance_item, industry_code, fuel_code
            ),
            max(vintage) over (
                partition by region_code, year, balance_item, industry_code, fuel_code
            )
        ) as is_latest_vintage
    from aggregated

)

select * from final
