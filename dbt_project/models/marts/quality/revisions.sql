with series as (

    select * from {{ ref('int_revisions__series_united') }}

),

paired as (

    select
        dataset,
        series_key,
        year,
        vintage as vintage_new,
        value as value_new,
        unit,
        half_step,
        source_id as source_id_new,
        lag(vintage) over edition as vintage_old,
        lag(value) over edition as value_old,
        lag(half_step) over edition as half_step_old,
        lag(source_id) over edition as source_id_old
    from series
    window edition as (partition by dataset, series_key, year order by vintage)

),

final as (

    select
        dataset,
        series_key,
        year,
        vintage_old,
        vintage_new,
        value_old,
        value_new,
        unit,
        value_new / nullif(value_old, 0) - 1 as relative_change,
        source_id_old,
        source_id_new,
        'derived' as origin
    from paired
    where
        vintage_old is not null
        and {{ is_above(
            'abs(value_new - value_old)',
            'half_step + half_step_old',
            'abs(value_old)',
            'revision_minimum'
        ) }}

)

select * from final
order by dataset, series_key, year, vintage_new
