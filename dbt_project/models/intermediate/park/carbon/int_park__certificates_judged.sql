-- Which claim of a certificate counts: one in a scheme, the one retired first.
with certificates as (

    select
        *,
        max(vintage) over (partition by park_id, year) as newest_vintage
    from {{ ref('stg_park_returns__certificates') }}
    where {{ is_known_vintage('vintage') }}

),

ranked as (

    select
        certificates.*,
        row_number() over claims as claim_rank,
        first_value(park_id) over claims as first_park_id,
        first_value(certificate_holder) over claims as first_certificate_holder,
        first_value(retired_on) over claims as first_retired_on,
        first_value(_file_name) over claims as first_file_name,
        first_value(_sheet_name) over claims as first_sheet_name,
        first_value(_row_number) over claims as first_row_number
    from certificates
    where vintage = newest_vintage
    window claims as (
        partition by certificate_id, claim_scheme
        order by
            case when retired_on is null then 1 else 0 end, retired_on, vintage, park_id,
            certificate_holder, year, month
    )

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
        cast(claim_rank as integer) as claim_rank,
        case
            when claim_rank > 1 then 'claimed_before'
            when retired_on is null then 'not_retired'
            else 'counted'
        end as status,
        first_park_id,
        first_certificate_holder,
        first_retired_on,
        first_file_name,
        first_sheet_name,
        first_row_number,
        origin,
        source_id,
        vintage,
        _load_id,
        _file_name,
        _sheet_name,
        _row_number
    from ranked

)

select * from final
-- What is summed from it adds in this order in every run.
order by certificate_id, claim_scheme, claim_rank
