-- Parks against the parks of their type: CO2 and value added of industry above designated size, so
-- that both are of one boundary.
with schemes as (

    {{ schemes_in_force('park') | indent }}

),

park_year as (

    {{ park_years_judged() | indent }}

),

park_types as (

    select * from {{ ref('park_types') }}

),

sinks as (

    {{ latest_edition(ref('stg_park_returns__sinks'), ['park_id', 'year', 'sink_kind']) | indent }}

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

returned as (

    select
        park_id,
        year,
        '' as enterprise_id,
        sink_kind as deduction_kind,
        co2_t
    from sinks
    union all
    select
        park_id,
        year,
        enterprise_id,
        allowance_kind as deduction_kind,
        quantity_t as co2_t
    from entries
    order by park_id, year, deduction_kind, enterprise_id

),

deductions as (

    select
        rules.scheme_id,
        returned.park_id,
        returned.year,
        sum(case when rules.is_deducted then returned.co2_t end) as deducted_co2_t,
        sum(case when rules.is_neutral then returned.co2_t end) as neutral_co2_t
    from returned
    inner join {{ ref('code_deductions') }} as rules
        on returned.deduction_kind = rules.deduction_kind
    group by rules.scheme_id, returned.park_id, returned.year

),

counted as (

    select
        schemes.scheme_id,
        schemes.clause_id,
        schemes.clause_status,
        park_year.park_id,
        park_year.year,
        park_year.default_method,
        park_year.is_sample,
        park_types.structure as peer_code,
        regions.province_code,
        coalesce(
            schemes.region_code = regions.province_code
            or jurisdictions.level = 'country',
            false
        ) as is_in_jurisdiction,
        park_year.co2_t,
        park_year.above_size_co2_t,
        deductions.deducted_co2_t,
        deductions.neutral_co2_t,
        case
            when deductions.deducted_co2_t is null then park_year.above_size_co2_t
            else park_year.above_size_co2_t - deductions.deducted_co2_t
        end as co2_after_deductions_t,
        park_year.industrial_value_added_10k_cny,
        case
            when park_year.industrial_value_added_10k_cny is null
                then 'value_added_not_returned'
            when park_year.industrial_value_added_10k_cny <= 0 then 'value_added_not_positive'
            when park_year.above_size_co2_t is null then 'co2_missing'
        end as refusal,
        greatest(
            {{ origin_rank('park_year.origin') }},
            case
                when park_types.origin is not null then {{ origin_rank('park_types.origin') }}
            end
        ) as origin_rank
    from park_year
    inner join schemes
        on park_year.year >= schemes.year_from and park_year.year <= schemes.year_to
    inner join parks on park_year.park_id = parks.park_id
    inner join regions on parks.region_code = regions.region_code
    left join regions as jurisdictions on schemes.region_code = jurisdictions.region_code
    left join park_types
        on park_year.park_id = park_types.park_id and park_year.year = park_types.year
    left join deductions
        on
            schemes.scheme_id = deductions.scheme_id
            and park_year.park_id = deductions.park_id
            and park_year.year = deductions.year

),

{{ carbon_codes('counted', ['park_id']) }},

final as (

    select
        scheme_id,
        park_id,
        year,
        default_method,
        is_sample,
        peer_code as structure,
        is_in_jurisdiction,
        above_size_co2_t,
        deducted_co2_t,
        co2_after_deductions_t,
        industrial_value_added_10k_cny,
        co2_after_deductions_t_per_industrial_va,
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
            refusal, case when efficiency_grade is null then 'sample_too_small' end
        ) as refusal,
        clause_id,
        clause_status,
        {{ origin_of_rank('greatest(2, origin_rank)') }} as origin
    from coded

)

select * from final
order by scheme_id, park_id, year
