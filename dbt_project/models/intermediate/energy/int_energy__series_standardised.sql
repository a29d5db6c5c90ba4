-- The series with standard coal and heat, and the origin lowered where the split is frozen.
with series as (

    select * from {{ ref('int_energy__series_aggregated') }}

),

balance_items as (

    select * from {{ ref('balance_items') }}

),

industries as (

    select * from {{ ref('industries') }}

),

industry_split as (

    select * from {{ ref('int_energy__industry_split') }}

),

tce_coefficients as (

    select * from {{ ref('tce_coefficients') }}
    where tce_set = '{{ var("tce_set") }}'

),

flagged as (

    select
        series.*,
        balance_items.block,
        balance_items.is_aggregate or series.gives_way as is_aggregate,
        coalesce(
            industry_split.is_split_frozen
            and series.balance_item = 'final_consumption'
            and industries.is_industrial
            and industries.level in ('division', 'composite'),
            false
        ) as is_split_frozen
    from series
    inner join balance_items on series.balance_item = balance_items.balance_item
    inner join industries on series.industry_code = industries.industry_code
    left join industry_split
        on
            series.region_code = industry_split.region_code
            and series.fuel_code = industry_split.fuel_code
            and series.year = industry_split.year

),

final as (

    select
        flagged.*,
        flagged.quantity * tce_coefficients.tce_per_unit as energy_tce,
        flagged.quantity * tce_coefficients.tce_per_unit * {{ constant('gj_per_tce') }}
            as energy_gj,
        -- A frozen split is last year's shares on this year's total: estimated, not observed.
        case when flagged.is_split_frozen then 3 else flagged.origin_rank end as split_origin_rank
    from flagged
    left join tce_coefficients
        on
            flagged.fuel_code = tce_coefficients.fuel_code
            and flagged.unit = tce_coefficients.unit

)

select * from final
