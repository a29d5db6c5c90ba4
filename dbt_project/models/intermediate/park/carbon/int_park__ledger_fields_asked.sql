-- What the account of a park needs, whether it is held or not: fields of the energy returns as they
-- are asked of each enterprise in the last year returned, and what lines of the account rest on.
with gaps as (

    select * from {{ ref('int_park__gaps_listed') }}

),

required as (

    select * from {{ ref('required_fields') }}
    where is_needed and gap_effect <> 'none'

),

methods as (

    select * from {{ ref('park_methods') }}

),

fuel_lines as (

    select * from {{ ref('int_park__fuel_lines') }}
    where entry = 'combustion' and coal_kind is not null

),

electricity as (

    select * from {{ ref('int_park__electricity_covered') }}
    where direction = 'purchased'

),

heat as (

    select * from {{ ref('int_park__exchanges_counted') }}
    where carrier = 'heat' and direction = 'purchased'

),

process_lines as (

    select * from {{ ref('int_park__process_lines') }}

),

units as (

    select * from {{ ref('int_park__units') }}

),

of_returns as (

    select
        gaps.park_id,
        gaps.year,
        methods.method,
        required.dataset,
        required.column_name,
        required.owning_department_zh,
        required.owning_department_en
    from gaps
    cross join methods
    inner join required
        on
            {{ same_columns('gaps', 'required', ['dataset', 'column_name']) }}
            and required.required_by is null
            and (required.method is null or methods.method = required.method)
            and (required.carrier_kind is null or gaps.carrier_kind = required.carrier_kind)
            and (required.industry_code is null or gaps.industry_code = required.industry_code)

),

-- The effect says which lines a field of the ledger stands behind.
lines as (

    select
        method,
        park_id,
        year,
        'kind' as gap_effect,
        'fuel' as carrier_kind,
        cast(null as {{ type_name('varchar') }}) as industry_code
    from fuel_lines
    union all
    select
        method,
        park_id,
        year,
        case supply_kind when 'certificate_covered' then 'claim' else 'kind' end as gap_effect,
        'electricity' as carrier_kind,
        cast(null as {{ type_name('varchar') }}) as industry_code
    from electricity
    union all
    select
        methods.method,
        heat.park_id,
        heat.year,
        'kind' as gap_effect,
        'heat' as carrier_kind,
        cast(null as {{ type_name('varchar') }}) as industry_code
    from heat
    cross join methods
    union all
    select
        process_lines.method,
        process_lines.park_id,
        process_lines.year,
        'product' as gap_effect,
        cast(null as {{ type_name('varchar') }}) as carrier_kind,
        units.industry_code
    from process_lines
    inner join units
        on {{ same_columns('process_lines', 'units', ['park_id', 'enterprise_id']) }}

),

of_lines as (

    select
        lines.park_id,
        lines.year,
        lines.method,
        required.dataset,
        required.column_name,
        required.owning_department_zh,
        required.owning_department_en
    from lines
    inner join required
        on
            lines.gap_effect = required.gap_effect
            and required.required_by = 'ledger'
            and (required.method is null or lines.method = required.method)
            and (required.carrier_kind is null or lines.carrier_kind = required.carrier_kind)
            and (required.industry_code is null or lines.industry_code = required.industry_code)

),

united as (

    select * from of_returns
    union all
    select * from of_lines

),

final as (

    select
        park_id,
        year,
        method,
        dataset,
        column_name,
        owning_department_zh,
        owning_department_en,
        count(*) as needed_count
    from united
    group by
        park_id, year, method, dataset, column_name, owning_department_zh, owning_department_en

)

select * from final
