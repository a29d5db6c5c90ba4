with figures as (

    select * from {{ ref('stg_report__published_figures') }}

),

final as (

    select
        report_id,
        figure_id,
        section,
        table_or_figure,
        region_code,
        entity,
        year,
        year_from,
        year_text,
        indicator,
        value,
        value_text,
        unit,
        printed_step,
        scale,
        is_bound,
        note,
        origin,
        source_id
    from figures

)

select * from final
order by report_id, figure_id
