with certificates as (

    select * from {{ ref('int_park__certificates_judged') }}

),

final as (

    select
        certificate_id,
        claim_scheme,
        park_id,
        year,
        month,
        certificate_mwh,
        certificate_holder,
        retired_on,
        claim_rank,
        status,
        case when status = 'claimed_before' then first_park_id end as first_park_id,
        case when status = 'claimed_before' then first_certificate_holder end
            as first_certificate_holder,
        case when status = 'claimed_before' then first_retired_on end as first_retired_on,
        origin,
        source_id,
        vintage,
        _load_id,
        _file_name,
        _sheet_name,
        _row_number
    from certificates

)

select * from final
order by certificate_id, claim_scheme, claim_rank
