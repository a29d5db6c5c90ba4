-- What parts a park from the national bounds: the core ratio, then each guiding indicator. The
-- probability is that of the net less the bound times the energy: an error of what was burnt or
-- bought is in both, so it counts once, by what the two make of it together.
with ratios as (

    select * from {{ ref('park_core_ratio') }}
    where energy_basis = 'account' and tce_convention = 'coal_equivalent'

),

methods_with_bounds as (

    select distinct method
    from {{ ref('core_ratio_bounds') }}

),

indicators as (

    select * from {{ ref('guiding_indicators') }}

),

guiding as (

    select * from {{ ref('int_park__guiding_valued') }}

),

standards as (

    select * from {{ ref('standards') }}

),

ledger as (

    select * from {{ ref('park_carbon_ledger') }}
    where is_counted and co2_t is not null and quantity <> 0

),

methods as (

    select * from {{ ref('park_methods') }}

),

sources as (

    select * from {{ ref('sources') }}

),

accounts as (

    select * from {{ ref('park_carbon_account') }}
    where is_own_view

),

tce_coefficients as (

    select * from {{ ref('tce_coefficients') }}

),

fuels as (

    select * from {{ ref('fuels') }}

),

heat_coefficients as (

    {{ heat_coefficients('tce_coefficients', 'fuels') }}

),

uncertainties as (

    select * from {{ ref('uncertainty_ranges') }}

),

-- How wide the net of an account is, by first-order error propagation, the way `greenpark
-- inventory` does it: lines of one activity share its error, lines of one factor share the
-- factor's, else errors are independent. What a unit is in standard coal is laid down by rule and
-- has no error of its own.
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
        {{ tie_value('ledger.gas_t_per_quantity', 'ledger.gas_t_per_quantity') }} as factor_value,
        case
            when ledger.gas <> 'co2' then 0
            when ledger.entry in ('combustion', 'transformation')
                then ledger.sign * ledger.quantity * tce_coefficients.tce_per_unit
            when ledger.entry in ('purchased_electricity', 'sold_electricity')
                then ledger.sign * ledger.quantity * accounts.supply_tce_per_unit
            when ledger.entry in ('purchased_heat', 'sold_heat')
                then ledger.sign * ledger.quantity * heat_coefficients.tce_per_unit
            else 0
        end as energy_tce
    from ledger
    inner join methods
        on
            ledger.method = methods.method
            and ledger.electricity_view = methods.own_view
    left join sources on ledger.source_id = sources.source_id
    left join accounts
        on
            ledger.park_id = accounts.park_id
            and ledger.year = accounts.year
            and ledger.method = accounts.method
    left join tce_coefficients
        on
            methods.tce_set = tce_coefficients.tce_set
            and ledger.line_item = tce_coefficients.fuel_code
    left join heat_coefficients on methods.tce_set = heat_coefficients.tce_set

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
    inner join uncertainties as ranges
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
    inner join uncertainties as ranges
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
        sum(lines.co2_t * activity_ranges.relative_half_range) as half_range_t,
        sum(lines.energy_tce * activity_ranges.relative_half_range) as half_range_tce
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
        sum(lines.co2_t * factor_ranges.relative_half_range) as half_range_t,
        0e0 as half_range_tce
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

-- What counts as energy but is no line of the ledger (raw materials, what is sold on) is one
-- activity more, as uncertain as the most uncertain line.
in_lines as (

    select
        lines.park_id,
        lines.year,
        lines.method,
        sum(lines.energy_tce) as energy_tce,
        max(activity_ranges.relative_half_range) as relative_half_range
    from lines
    inner join activity_ranges
        on
            lines.activity_entry = activity_ranges.activity_entry
            and lines.activity_basis = activity_ranges.activity_basis
    group by lines.park_id, lines.year, lines.method

),

of_the_rest as (

    select
        ratios.park_id,
        ratios.year,
        ratios.method,
        'rest' as error_key,
        0e0 as half_range_t,
        (ratios.basis_energy_tce - in_lines.energy_tce) * in_lines.relative_half_range
            as half_range_tce
    from ratios
    inner join in_lines
        on
            ratios.park_id = in_lines.park_id
            and ratios.year = in_lines.year
            and ratios.method = in_lines.method

),

errors as (

    select * from of_activities
    union all
    select * from of_factors
    union all
    select * from of_the_rest

),

half_ranges as (

    select
        errors.park_id,
        errors.year,
        errors.method,
        sqrt(sum(errors.half_range_t * errors.half_range_t)) as half_range_co2_t,
        sqrt(
            sum(
                power(
                    errors.half_range_t - ratios.bound_co2_t_per_tce * errors.half_range_tce, 2
                )
            )
        ) as half_range_gap_t
    from errors
    inner join ratios
        on
            errors.park_id = ratios.park_id
            and errors.year = ratios.year
            and errors.method = ratios.method
    group by errors.park_id, errors.year, errors.method

),

-- The clause of each class prints its own bound; where there is none, that of the indicator.
core as (

    select
        ratios.park_id,
        ratios.year,
        ratios.method,
        'core_ratio' as gap_item,
        'core' as gap_item_class,
        ratios.energy_class,
        ratios.core_co2_t_per_tce as item_value,
        ratios.bound_co2_t_per_tce as bound_value,
        'at_most' as bound_comparison,
        ratios.core_co2_t_per_tce - ratios.bound_co2_t_per_tce as gap_value,
        ratios.net_co2_t - ratios.bound_co2_t_per_tce * ratios.basis_energy_tce as gap_co2_t,
        case
            when ratios.ratio_refusal is not null then 'no_data'
            when ratios.bound_status = 'unclassed' then 'unclassed'
            when ratios.bound_status = 'meets' then 'met'
            when ratios.bound_status = 'fails' then 'missed'
            else 'no_data'
        end as gap_result,
        ratios.ratio_refusal as gap_reason,
        cast(case when ratios.ratio_refusal is null then 1 else 0 end as double) as item_coverage,
        half_ranges.half_range_co2_t,
        half_ranges.half_range_gap_t,
        {{ origin_rank('ratios.origin') }} as origin_rank,
        ratios.clause_id
    from ratios
    inner join methods_with_bounds on ratios.method = methods_with_bounds.method
    left join half_ranges
        on
            ratios.park_id = half_ranges.park_id
            and ratios.year = half_ranges.year
            and ratios.method = half_ranges.method

),

-- Every account, and every return without one.
park_years as (

    select
        park_id,
        year,
        method,
        max(origin_rank) as origin_rank
    from (
        select
            park_id,
            year,
            method,
            origin_rank
        from core
        union all
        select
            park_id,
            year,
            method,
            origin_rank
        from guiding
    ) as held
    group by park_id, year, method

),

guided as (

    select
        park_years.park_id,
        park_years.year,
        park_years.method,
        indicators.guiding_indicator as gap_item,
        'guiding' as gap_item_class,
        cast(null as {{ type_name('varchar') }}) as energy_class,
        guiding.item_value,
        indicators.bound_value,
        indicators.bound_comparison,
        case indicators.bound_comparison
            when 'at_most' then guiding.item_value - indicators.bound_value
            else indicators.bound_value - guiding.item_value
        end as gap_value,
        cast(null as double) as gap_co2_t,
        case
            when guiding.park_id is null then 'no_data'
            when guiding.value_refusal = 'not_applicable' then 'not_applicable'
            when guiding.value_refusal is not null or guiding.item_value is null then 'no_data'
            when
                indicators.bound_comparison = 'at_most'
                and {{ is_above(
                    'guiding.item_value', 'indicators.bound_value', 'indicators.bound_value'
                ) }}
                then 'missed'
            when
                indicators.bound_comparison = 'at_least'
                and {{ is_below(
                    'guiding.item_value', 'indicators.bound_value', 'indicators.bound_value'
                ) }}
                then 'missed'
            else 'met'
        end as gap_result,
        case
            when guiding.park_id is null then 'not_returned'
            when guiding.value_refusal = 'not_applicable' then guiding.stated_reason
            else guiding.value_refusal
        end as gap_reason,
        case when guiding.park_id is null then 0 else guiding.item_coverage end as item_coverage,
        cast(null as double) as half_range_co2_t,
        cast(null as double) as half_range_gap_t,
        coalesce(guiding.origin_rank, park_years.origin_rank) as origin_rank,
        indicators.clause_id
    from park_years
    inner join indicators on park_years.method = indicators.method
    left join guiding
        on
            park_years.park_id = guiding.park_id
            and park_years.year = guiding.year
            and park_years.method = guiding.method
            and indicators.guiding_indicator = guiding.guiding_indicator

),

united as (

    select * from core
    union all
    select * from guided

),

placed as (

    select
        *,
        gap_co2_t / nullif(half_range_gap_t, 0) * {{ constant('normal_z_95') }} as z
    from united

),

final as (

    select
        placed.park_id,
        placed.year,
        placed.method,
        placed.gap_item,
        placed.gap_item_class,
        placed.energy_class,
        placed.item_value,
        placed.bound_value,
        placed.bound_comparison,
        placed.gap_value,
        placed.gap_co2_t,
        placed.gap_result,
        placed.gap_reason,
        placed.item_coverage,
        placed.half_range_co2_t,
        placed.half_range_gap_t,
        case
            when placed.z >= 0 then {{ normal_upper_tail('placed.z') }}
            when placed.z < 0 then 1 - {{ normal_upper_tail('(-placed.z)') }}
        end as pass_probability,
        placed.clause_id,
        standards.clause_status,
        {{ origin_of_rank('greatest(2, placed.origin_rank)') }} as origin
    from placed
    left join standards on placed.clause_id = standards.clause_id

)

select * from final
order by park_id, year, method, gap_item
