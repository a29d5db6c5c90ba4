-- Every target that can be measured, with the value it starts from and the value it asks for. A
-- target whose base year is the year of another starts from what that one asks for.
with plan_values as (

    select * from {{ ref('plan_values') }}

),

measures as (

    select * from {{ ref('int_targets__measures_united') }}

),

dated as (

    select
        plan_id,
        region_code,
        parameter,
        coalesce(
            base_year, cast({{ threshold('plan_base_year') }} as integer)
        ) as base_year,
        target_year,
        value_kind,
        value,
        provenance
    from plan_values
    where value_kind in ('level', 'change_rate', 'annual_rate')

),

started as (

    select
        dated.*,
        measures.method,
        measures.quantity_unit,
        measures.value as base_value,
        case dated.value_kind
            when 'level' then dated.value
            when 'change_rate' then measures.value * (1 + dated.value)
            when 'annual_rate'
                then measures.value * power(1 + dated.value, dated.target_year - dated.base_year)
        end as target_value
    from dated
    inner join measures
        on
            dated.region_code = measures.region_code
            and dated.parameter = measures.parameter
            and dated.base_year = measures.year
    where dated.base_year <= {{ threshold('plan_base_year') }}

),

continued as (

    select
        dated.plan_id,
        dated.region_code,
        dated.parameter,
        dated.base_year,
        dated.target_year,
        dated.provenance,
        started.method,
        started.quantity_unit,
        started.target_value as base_value,
        case dated.value_kind
            when 'level' then dated.value
            when 'change_rate' then started.target_value * (1 + dated.value)
            when 'annual_rate'
                then
                    started.target_value
                    * power(1 + dated.value, dated.target_year - dated.base_year)
        end as target_value
    from dated
    inner join started
        on
            dated.region_code = started.region_code
            and dated.parameter = started.parameter
            and dated.base_year = started.target_year

),

final as (

    select
        plan_id,
        region_code,
        parameter,
        method,
        base_year,
        target_year,
        provenance,
        quantity_unit,
        base_value,
        target_value
    from started
    union all
    select
        plan_id,
        region_code,
        parameter,
        method,
        base_year,
        target_year,
        provenance,
        quantity_unit,
        base_value,
        target_value
    from continued

)

select * from final
