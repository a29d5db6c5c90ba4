-- Every target that can be measured, with the value it starts from and the value it asks for. A
-- target whose base year is the year of another starts from what that one asks for, and is no
-- better sourced than that one. A target of another boundary or scope than what is measured starts
-- from nothing: `refusal` says which.
with plan_values as (

    select * from {{ ref('plan_values') }}

),

indicator_values as (

    select * from {{ ref('target_indicators') }}

),

dated as (

    select
        plan_id,
        region_code,
        indicator,
        coalesce(
            base_year, cast({{ threshold('plan_base_year') }} as integer)
        ) as base_year,
        target_year,
        value_kind,
        value,
        boundary,
        co2_scope,
        provenance,
        source_id
    from plan_values
    where value_kind in ('level', 'change_rate', 'annual_rate')

),

met as (

    select
        dated.*,
        indicator_values.method,
        indicator_values.quantity_unit,
        indicator_values.series_key,
        indicator_values.preference,
        indicator_values.value as measured_value,
        case
            when dated.boundary <> indicator_values.boundary then 'other_boundary'
            when dated.co2_scope = 'unstated' then 'scope_unstated'
            when dated.co2_scope <> indicator_values.co2_scope then 'other_scope'
        end as refusal
    from dated
    inner join indicator_values
        on
            dated.region_code = indicator_values.region_code
            and dated.indicator = indicator_values.indicator
            and dated.base_year = indicator_values.year
    where dated.base_year <= {{ threshold('plan_base_year') }}

),

started as (

    select
        *,
        case when refusal is null then measured_value end as base_value,
        case
            when refusal is not null then null
            when value_kind = 'level' then value
            when value_kind = 'change_rate' then measured_value * (1 + value)
            when value_kind = 'annual_rate'
                then measured_value * power(1 + value, target_year - base_year)
        end as target_value
    from met

),

continued as (

    select
        dated.plan_id,
        dated.region_code,
        dated.indicator,
        dated.base_year,
        dated.target_year,
        dated.boundary,
        dated.co2_scope,
        case
            when dated.provenance = 'sourced' then started.provenance
            else dated.provenance
        end as provenance,
        dated.source_id,
        started.method,
        started.quantity_unit,
        started.series_key,
        started.preference,
        coalesce(
            started.refusal,
            case
                when dated.boundary <> started.boundary then 'other_boundary'
                when dated.co2_scope <> started.co2_scope then 'other_scope'
            end
        ) as refusal,
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
            and dated.indicator = started.indicator
            and dated.base_year = started.target_year

),

final as (

    select
        plan_id,
        region_code,
        indicator,
        method,
        base_year,
        target_year,
        boundary,
        co2_scope,
        provenance,
        source_id,
        quantity_unit,
        series_key,
        preference,
        refusal,
        base_value,
        target_value
    from started
    union all
    select
        plan_id,
        region_code,
        indicator,
        method,
        base_year,
        target_year,
        boundary,
        co2_scope,
        provenance,
        source_id,
        quantity_unit,
        series_key,
        preference,
        refusal,
        base_value,
        target_value
    from continued

)

select * from final
order by plan_id, method
