with score_inputs as (

    select * from {{ ref('score_input_rows') }}

),

final as (

    select
        score_kind,
        score_variant,
        score_part,
        cell_kind,
        dataset,
        column_name,
        element,
        counted_entries,
        input_year_role,
        note
    from score_inputs

)

select * from final
order by
    score_kind, score_variant, score_part, cell_kind, dataset, column_name, element,
    input_year_role
