with raw_figures as (

    select * from {{ source('raw', 'report_published_figures') }}

),

final as (

    select
        report_id,
        figure_id,
        section,
        table_or_figure,
        nullif(region_code, '') as region_code,
        entity,
        cast(nullif(year, '') as integer) as year,
        cast(nullif(year_from, '') as integer) as year_from,
        nullif(year_text, '') as year_text,
        indicator,
        {{ printed_number("nullif(value, '')") }} as value,
        value_text,
        nullif(unit, '') as unit,
        {{ printed_number("nullif(printed_step, '')") }} as printed_step,
        {{ printed_number("nullif(scale, '')") }} as scale,
        nullif(is_bound, '') as is_bound,
        nullif(note, '') as note,
        _vintage as vintage,
        _source_id as source_id,
        _origin as origin,
        _file_name,
        _row_number
    from raw_figures

)

select * from final
