-- A second claim is told as the landing tells what it refuses: where it stands, what is wrong,
-- where the first stands, what to do, and who holds it in both: the message names enterprises.
with certificates as (

    select * from {{ ref('int_park__certificates_judged') }}

),

schemes as (

    select
        code as claim_scheme,
        label_zh,
        label_en
    from {{ ref('code_list_entries') }}
    where code_list = 'claim_scheme'

),

placed as (

    select
        *,
        {% for claim in ['', 'first'] %}
            {{ claim }}_file_name || coalesce(' ' || nullif({{ claim }}_sheet_name, ''), '')
                as {{ claim }}_file,
            cast({{ claim }}_row_number as {{ type_name('varchar') }}) as {{ claim }}_row,
        {% endfor %}
        -- Named where the form names one.
        coalesce(' (holder ' || certificate_holder || ')', '') as holder_en,
        coalesce(' (holder ' || first_certificate_holder || ')', '') as first_holder_en,
        coalesce('（持有者 ' || certificate_holder || '）', ' ') as holder_zh,
        coalesce('（持有者 ' || first_certificate_holder || '）', ' ') as first_holder_zh,
        status = 'claimed_before' as is_refused
    from certificates

),

final as (

    select
        placed.certificate_id,
        placed.claim_scheme,
        placed.park_id,
        placed.year,
        placed.month,
        placed.certificate_mwh,
        placed.certificate_holder,
        placed.retired_on,
        placed.claim_rank,
        placed.status,
        {% for column in [
            'first_park_id', 'first_certificate_holder', 'first_retired_on', 'first_file_name',
            'first_sheet_name', 'first_row_number',
        ] %}
            case when placed.is_refused then placed.{{ column }} end as {{ column }},
        {% endfor %}
        case
            when placed.is_refused
                then
                    placed._file || ' row ' || placed._row || ': certificate '
                    || placed.certificate_id || ' of park ' || placed.park_id || placed.holder_en
                    || ' was claimed before by park ' || placed.first_park_id
                    || placed.first_holder_en || ', '
                    || placed.first_file || ' row ' || placed.first_row || ' ('
                    || coalesce(schemes.label_en, placed.claim_scheme)
                    || '): this claim does not count. Have the two agree whose it is, and take the '
                    || 'other row out'
        end as message,
        case
            when placed.is_refused
                then
                    placed._file || ' 第' || placed._row || '行：园区 ' || placed.park_id
                    || placed.holder_zh || '的绿证 ' || placed.certificate_id || ' 已由园区 '
                    || placed.first_park_id || placed.first_holder_zh || '申明，见 '
                    || placed.first_file || ' 第' || placed.first_row || '行（'
                    || coalesce(schemes.label_zh, placed.claim_scheme)
                    || '）：本行不计。请双方核对归属，删去另一行'
        end as message_zh,
        placed.origin,
        placed.source_id,
        placed.vintage,
        placed._load_id,
        placed._file_name,
        placed._sheet_name,
        placed._row_number
    from placed
    left join schemes on placed.claim_scheme = schemes.claim_scheme

)

select * from final
order by certificate_id, claim_scheme, claim_rank
