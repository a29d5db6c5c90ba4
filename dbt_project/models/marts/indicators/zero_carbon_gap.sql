-- What parts a park from the national bounds: the core ratio, then each guiding indicator. The
-- probability rests on the uncertainty of the net alone: what is used is taken as exact.
with ratios as (

    select * from {{ ref('park_core_ratio') }}
    where energy_basis = 'account' and tce_convention = 'coal_equivalent'

),

methods_with_bounds as (

    select distinct method
    from {{ ref('core_ratio_bounds') }}

),

ranges as (

    select * from {{ ref('int_park__account_ranges') }}

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
        ranges.half_range_co2_t,
        {{ origin_rank('ratios.origin') }} as origin_rank,
        ratios.clause_id
    from ratios
    inner join methods_with_bounds on ratios.method = methods_with_bounds.method
    left join ranges
        on
            ratios.park_id = ranges.park_id
            and ratios.year = ranges.year
            and ratios.method = ranges.method

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
        gap_co2_t / nullif(half_range_co2_t, 0) * {{ constant('normal_z_95') }} as z
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
