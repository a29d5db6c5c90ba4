-- Every series that may be printed again: energy, value added, and what reports quote of them.
with energy as (

    select * from {{ ref('int_energy__series_aggregated') }}
    where quantity is not null

),

economy as (

    select * from {{ ref('int_economy__series_united') }}
    where value_10k_cny is not null

),

park_returns as (

    select * from {{ ref('int_revisions__returns_united') }}

),

quotations as (

    select * from {{ ref('report_quotations') }}

),

figures as (

    select * from {{ ref('stg_report__published_figures') }}
    where {{ is_known_vintage('vintage') }}

),

united as (

    select
        dataset,
        region_code || '/' || balance_item || '/' || industry_code || '/' || fuel_code
            as series_key,
        year,
        vintage,
        quantity as value,
        unit,
        0 as half_step,
        source_id,
        false as is_quotation
    from energy
    union all
    select
        dataset,
        region_code || '/' || indicator as series_key,
        year,
        vintage,
        value_10k_cny as value,
        '10k_cny' as unit,
        0 as half_step,
        source_id,
        false as is_quotation
    from economy
    union all
    select
        dataset,
        series_key,
        year,
        vintage,
        value,
        unit,
        0 as half_step,
        source_id,
        false as is_quotation
    from park_returns
    union all
    select
        quotations.dataset,
        quotations.series_key,
        figures.year,
        figures.vintage,
        figures.value * figures.scale as value,
        case when figures.unit = '亿元' then '10k_cny' else 't' end as unit,
        figures.printed_step * figures.scale / 2 as half_step,
        figures.source_id,
        true as is_quotation
    from quotations
    inner join figures
        on
            quotations.report_id = figures.report_id
            and quotations.figure_id = figures.figure_id

),

final as (

    select * from united

)

select * from final
