-- Who answers for the content of each reference table; orchestration/landing/sign_offs.py holds the
-- files to it before anything is built.
with sign_offs as (

    select * from {{ ref('sign_offs') }}

),

final as (

    select
        signed_table,
        signed_at,
        signed_by,
        content_sha256,
        signed_row_count,
        sign_off_reason,
        sign_off_source,
        row_number() over (
            partition by signed_table
            order by signed_at desc, content_sha256 desc
        ) = 1 as is_last_sign_off
    from sign_offs

)

select * from final
order by signed_table, signed_at, content_sha256
