with raw_records as (

    select * from {{ source('raw', 'park_returns_certificates') }}

),

final as (

    select
        certificate_id,
        claim_scheme,
        park_id,
        cast(year as integer) as year,
        cast(month as integer) as month,
        cast(certificate_mwh as double) as certificate_mwh,
        certificate_holder,
        retired_on,
        note,
        _vintage as vintage,
        _source_id as source_id,
        _origin as origin,
        _load_id,
        _file_name,
        _sheet_name,
        _row_number
    from raw_records

)

select * from final
