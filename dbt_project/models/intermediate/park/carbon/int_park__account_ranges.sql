-- How wide the net of an account is, by first-order error propagation, the way `greenpark
-- inventory` does it: lines of one activity share its error, lines of one factor share the
-- factor's, else errors are independent (D75).
with ledger as (

    select * from {{ ref('park_carbon_ledger') }}
    where is_counted and co2_t is not null and quantity <> 0

),

methods as (

    select * from {{ ref('park_methods') }}

),

sources as (

    select * from {{ ref('sources') }}

),

ranges as (

    select * from {{ ref('uncertainty_ranges') }}

),

lines as (

    select
        ledger.park_id,
        ledger.year,
        ledger.method,
        ledger.entry,
        ledger.gas,
        ledger.co2_t,
        case when ledger.entry = 'ch4_n2o' then 'combustion' else ledger.entry end
            as activity_entry,
        case
            when sources.origin = 'reconstructed' then 'reconstructed'
            when
                sources.origin = 'derived'
                or ledger.value_status in (
                    'assumed_coal_kind', 'assumed_supply_kind', 'claimed_without_certificates'
                )
                then 'estimated'
            else 'have'
        end as activity_basis,
        case ledger.value_status when 'measured_factor' then 'measured' else 'default' end
            as factor_basis,
        case when ledger.value_status = 'measured_factor' then ledger.enterprise_id end
            as measured_by,
        {{ row_key([
            'ledger.enterprise_id', 'ledger.line_item', 'ledger.line_detail', 'ledger.sign',
            'ledger.value_status',
        ]) }} as activity_key,
        {{ row_key(['ledger.line_item', 'ledger.line_detail', 'ledger.unit']) }} as factor_item,
        {{ tie_value('ledger.gas_t_per_quantity', 'ledger.gas_t_per_quantity') }} as factor_value
    from ledger
    inner join methods
        on
            ledger.method = methods.method
            and ledger.electricity_view = methods.own_view
    left join sources on ledger.source_id = sources.source_id

),

activity_kinds as (

    select distinct
        activity_entry,
        activity_basis
    from lines

),

factor_kinds as (

    select distinct
        entry,
        gas,
        factor_basis
    from lines

),

-- The range of the entry goes before the general one.
activity_ranges as (

    select
        kinds.activity_entry,
        kinds.activity_basis,
        coalesce(
            max(case when ranges.entry is not null then ranges.relative_half_range end),
            max(case when ranges.entry is null then ranges.relative_half_range end)
        ) as relative_half_range
    from activity_kinds as kinds
    inner join ranges
        on
            ranges.range_of = 'activity'
            and kinds.activity_basis = ranges.range_basis
            and coalesce(ranges.entry, kinds.activity_entry) = kinds.activity_entry
            and ranges.gas is null
    group by kinds.activity_entry, kinds.activity_basis

),

factor_ranges as (

    select
        kinds.entry,
        kinds.gas,
        kinds.factor_basis,
        coalesce(
            max(case when ranges.gas is not null then ranges.relative_half_range end),
            max(
                case
                    when ranges.gas is null and ranges.entry is not null
                        then ranges.relative_half_range
                end
            ),
            max(
                case
                    when ranges.gas is null and ranges.entry is null
                        then ranges.relative_half_range
                end
            )
        ) as relative_half_range
    from factor_kinds as kinds
    inner join ranges
        on
            ranges.range_of = 'factor'
            and kinds.factor_basis = ranges.range_basis
            and coalesce(ranges.entry, kinds.entry) = kinds.entry
            and coalesce(ranges.gas, kinds.gas) = kinds.gas
    group by kinds.entry, kinds.gas, kinds.factor_basis

),

of_activities as (

    select
        lines.park_id,
        lines.year,
        lines.method,
        lines.activity_entry || '/' || lines.activity_key as error_key,
        sum(lines.co2_t * activity_ranges.relative_half_range) as half_range_t
    from lines
    inner join activity_ranges
        on
            lines.activity_entry = activity_ranges.activity_entry
            and lines.activity_basis = activity_ranges.activity_basis
    group by
        lines.park_id, lines.year, lines.method, lines.activity_entry, lines.activity_key

),

of_factors as (

    select
        lines.park_id,
        lines.year,
        lines.method,
        'factor/' || lines.factor_item || lines.gas || '/'
        || cast(lines.factor_value as {{ type_name('varchar') }}) || '/'
        || coalesce(lines.measured_by, '') as error_key,
        sum(lines.co2_t * factor_ranges.relative_half_range) as half_range_t
    from lines
    inner join factor_ranges
        on
            lines.entry = factor_ranges.entry
            and lines.gas = factor_ranges.gas
            and lines.factor_basis = factor_ranges.factor_basis
    group by
        lines.park_id, lines.year, lines.method, lines.factor_item, lines.gas,
        lines.factor_value, lines.measured_by

),

errors as (

    select * from of_activities
    union all
    select * from of_factors

),

final as (

    select
        park_id,
        year,
        method,
        sqrt(sum(half_range_t * half_range_t)) as half_range_co2_t
    from errors
    group by park_id, year, method

)

select * from final
order by park_id, year, method
