with clause_codes as (

    select * from {{ ref('clause_codes') }}

),

final as (

    select
        clause_id,
        statement_zh,
        statement_en,
        source_id,
        url_or_citation
    from clause_codes

)

select * from final
order by clause_id
