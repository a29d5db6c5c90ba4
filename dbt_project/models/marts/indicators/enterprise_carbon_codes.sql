-- Enterprises above designated size by each scheme that was in force in the year, wherever: whether
-- a scheme is in force where the enterprise lies is said beside it.
with schemes as (

    {{ schemes_in_force('enterprise') | indent }}

),

enterprises as (

    select * from {{ ref('enterprise_co2') }}
    where not is_aggregate

),

facts as (

    {{ latest_edition(
        ref('stg_park_returns__enterprise_facts'),
        ['park_id', 'enterprise_id', 'year']
    ) | indent }}

),

entries as (

    {{ latest_edition(
        ref('stg_park_returns__allowances'),
        ['park_id', 'enterprise_id', 'year', 'allowance_kind']
    ) | indent }}

),

parks as (

    select * from {{ ref('parks') }}

),

regions as (

    select * from {{ ref('regions') }}

),

emitted as (

    select
        park_id,
        enterprise_id,
        year,
        default_method,
        industry_code,
        narrowest_boundary,
        sum(co2_t) as co2_t,
        max({{ origin_rank('origin') }}) as origin_rank
    from enterprises
    group by
        park_id, enterprise_id, year, default_method, industry_code, narrowest_boundary

),

deductions as (

    select
        rules.scheme_id,
        entries.park_id,
        entries.enterprise_id,
        entries.year,
        sum(case when rules.is_deducted then entries.quantity_t end) as deducted_co2_t,
        sum(case when rules.is_neutral then entries.quantity_t end) as neutral_co2_t
    from entries
    inner join {{ ref('code_deductions') }} as rules
        on entries.allowance_kind = rules.deduction_kind
    group by rules.scheme_id, entries.park_id, entries.enterprise_id, entries.year

),

counted as (

    select
        schemes.scheme_id,
        schemes.clause_id,
        schemes.clause_status,
        emitted.park_id,
        emitted.enterprise_id,
        emitted.year,
        emitted.default_method,
        emitted.industry_code as peer_code,
        regions.province_code,
        coalesce(
            schemes.region_code = regions.province_code
            or jurisdictions.level = 'country',
            false
        ) as is_in_jurisdiction,
        emitted.co2_t,
        deductions.deducted_co2_t,
        deductions.neutral_co2_t,
        case
            when deductions.deducted_co2_t is null then emitted.co2_t
            else emitted.co2_t - deductions.deducted_co2_t
        end as co2_after_deductions_t,
        facts.industrial_value_added_10k_cny,
        case
            when facts.industrial_value_added_10k_cny is null then 'value_added_not_returned'
            when facts.industrial_value_added_10k_cny <= 0 then 'value_added_not_positive'
            when emitted.co2_t is null then 'co2_missing'
        end as refusal,
        greatest(
            emitted.origin_rank,
            case when facts.origin is not null then {{ origin_rank('facts.origin') }} end
        ) as origin_rank
    from emitted
    inner join schemes
        on
            emitted.narrowest_boundary = schemes.boundary
            and emitted.year >= schemes.year_from
            and emitted.year <= schemes.year_to
    inner join parks on emitted.park_id = parks.park_id
    inner join regions on parks.region_code = regions.region_code
    left join regions as jurisdictions on schemes.region_code = jurisdictions.region_code
    left join facts
        on
            emitted.park_id = facts.park_id
            and emitted.enterprise_id = facts.enterprise_id
            and emitted.year = facts.year
    left join deductions
        on
            schemes.scheme_id = deductions.scheme_id
            and emitted.park_id = deductions.park_id
            and emitted.enterprise_id = deductions.enterprise_id
            and emitted.year = deductions.year

),

{{ carbon_codes('counted', ['park_id', 'enterprise_id']) }},

final as (

    select
        scheme_id,
        park_id,
        enterprise_id,
        year,
        default_method,
        peer_code as industry_code,
        is_in_jurisdiction,
        co2_t,
        deducted_co2_t,
        co2_after_deductions_t,
        industrial_value_added_10k_cny,
        co2_after_deductions_t_per_industrial_va,
        level_grade,
        benchmark_group,
        benchmark_reason,
        cast(benchmark_count as integer) as benchmark_count,
        cast(wanted_count as integer) as wanted_count,
        benchmark_co2_t_per_industrial_va,
        efficiency_ratio,
        efficiency_grade,
        neutral_co2_t,
        neutral_co2_t / nullif(co2_t, 0) as neutrality_rate,
        colour,
        previous_year,
        previous_colour,
        change_reason,
        coalesce(
            refusal,
            case
                when level_grade is null and benchmark_reason is null then 'bounds_not_held'
                when efficiency_grade is null then 'sample_too_small'
            end
        ) as refusal,
        clause_id,
        clause_status,
        {{ origin_of_rank('greatest(2, origin_rank)') }} as origin
    from coded

)

select * from final
order by scheme_id, park_id, enterprise_id, year
