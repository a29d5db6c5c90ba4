-- One value per region, year, item, industry, fuel and edition: sectors a file splits finer than
-- GB/T 4754 (rubber and plastics) are added, never those of two files. The landing keeps one file
-- for each value; the key of this model fails where it did not.
with observations as (

    select * from {{ ref('int_energy__observations_united') }}

),

industry_ancestors as (

    select * from {{ ref('int_energy__industry_ancestors') }}

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

-- A row of final use that is printed with its parts (industry and its divisions, households and
-- town and country) is left out where they are printed, whatever edition they are of.
split_up as (

    select distinct
        aggregated.region_code,
        aggregated.year,
        aggregated.balance_item,
        industry_ancestors.ancestor_code as industry_code,
        aggregated.fuel_code
    from aggregated
    inner join industry_ancestors
        on aggregated.industry_code = industry_ancestors.industry_code
    where aggregated.balance_item = 'final_consumption' and aggregated.quantity is not null

),

weighed as (

    select
        aggregated.*,
        split_up.industry_code is not null as gives_way
    from aggregated
    left join split_up
        on
            aggregated.region_code = split_up.region_code
            and aggregated.year = split_up.year
            and aggregated.balance_item = split_up.balance_item
            and aggregated.industry_code = split_up.industry_code
            and aggregated.fuel_code = split_up.fuel_code

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
        gives_way,
        -- The latest edition that prints a figure: a blank does not hide an older number.
        vintage = coalesce(
            max(case when quantity is not null then vintage end) over (
                partition by region_code, year, balance_item, industry_code, fuel_code
            ),
            max(vintage) over (
                partition by region_code, year, balance_item, industry_code, fuel_code
            )
        ) and not gives_way as is_latest_vintage
    from weighed

)

select * from final
