-- A document whose clauses are not held is one row without a clause, so that its place is seen.
with documents as (

    select * from {{ ref('standard_documents') }}

),

clauses as (

    select * from {{ ref('standard_clauses') }}

),

final as (

    select
        coalesce(clauses.clause_id, documents.document_id) as clause_id,
        documents.document_id,
        documents.document_code,
        documents.title_zh,
        documents.title_en,
        documents.document_kind,
        documents.region_code,
        documents.document_status,
        documents.year_from,
        documents.year_to,
        documents.superseded_by,
        documents.text_held,
        documents.confidence,
        clauses.clause_place_zh,
        clauses.clause_place_en,
        clauses.clause_zh,
        clauses.clause_en,
        case
            when documents.document_status = 'in_force' and documents.confidence <> 'sourced'
                then 'secondary'
            else documents.document_status
        end as clause_status,
        '《' || documents.title_zh || '》'
        || coalesce('（' || documents.document_code || '）', '')
        || coalesce(clauses.clause_place_zh, '') as citation_zh,
        documents.title_en
        || coalesce(' (' || documents.document_code || ')', '')
        || coalesce(', ' || clauses.clause_place_en, '') as citation_en,
        documents.address,
        documents.note_zh,
        documents.note_en
    from documents
    left join clauses on documents.document_id = clauses.document_id

)

select * from final
order by document_id, clause_id
