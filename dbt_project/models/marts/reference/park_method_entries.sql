with park_method_entries as (

    select * from {{ source('park_methods', 'park_method_entries') }}

),

final as (

    select
        method,
        entry,
        is_counted,
        oxidation_rate,
        clause_id,
        note
    from park_method_entries

)

select * from final
order by method, entry
