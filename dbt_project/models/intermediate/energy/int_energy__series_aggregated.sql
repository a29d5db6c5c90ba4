-- One value per region, year, item, industry, fuel and edition: sectors a file splits finer than
-- GB/T 4754 (rubber and plastics) are added, never those of two files. The landing keeps one file
-- for each value; the key of this model fails where it did not.
with observations as (

    select * from {{ ref('int_energy__observations_united') }}

),

industries as (

    select * from {{ ref('industries') }}

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
        dataset, region_code, year, balance_item, industry_code, fuel_code, vintage, unit,
        _load_id

),

-- Final use of industry as one row gives way to its divisions, where they are known.
unsplit as (

    select
        aggregated.*,
        industries.level = 'aggregate' and max(
            case
                when
                    aggregated.quantity is not null
                    and industries.is_industrial
                    and industries.level in ('division', 'composite')
                    then 1
                else 0
            end
        ) over (
            partition by
                aggregated.region_code, aggregated.year, aggregated.balance_item,
                aggregated.fuel_code
        ) = 1 and aggregated.balance_item = 'final_consumption' as gives_way
    from aggregated
    inner join industries on aggregated.industry_code = industries.industry_code

),

final as (

    select
        dataset,
        region_code,
        year,
        balance_item,
        industry_code,
        fuel_code,
        vintage,
        unit,
        quantity,
        value_status,
        origin_rank,
        source_id,
        -- The latest edition that prints a figure: a blank does not hide an older number.
        vintage = coalesce(
            max(case when quantity is not null then vintage end) over (
                partition by region_code, year, balance_item, industry_code, fuel_code
            ),
            max(vintage) over (
                partition by region_code, year, balance_item, industry_code, fuel_code
            )
        ) and not gives_way as is_latest_vintage
    from unsplit

)

select * from final
