-- A set of coupling has the resources that its rows name, an evaluation any measure of the list, so
-- that who adds a set needs no row of inputs.
with listed as (

    select * from {{ ref('score_input_rows') }}

),

subsystems as (

    select
        'coupling' as score_kind,
        coupling_set,
        resource
    from {{ ref('coupling_subsystems') }}

),

measures as (

    select
        '=' || code_list as score_part,
        code
    from {{ ref('code_list_entries') }}
    where code_list = 'measure'

),

final as (

    select
        listed.score_kind,
        coalesce(listed.score_variant, subsystems.coupling_set) as score_variant,
        coalesce(measures.code, listed.score_part) as score_part,
        listed.cell_kind,
        listed.dataset,
        listed.column_name,
        listed.element,
        listed.counted_entries,
        listed.input_year_role,
        listed.note
    from listed
    left join subsystems
        on
            listed.score_kind = subsystems.score_kind
            and listed.score_part = subsystems.resource
    left join measures on listed.score_part = measures.score_part

)

select * from final
order by
    score_kind, score_variant, score_part, cell_kind, dataset, column_name, element,
    input_year_role
