{{ config(materialized='view') }}

-- A view: a target that nothing can be said of is a row too.
with plans as (

    select * from {{ published(ref('plans')) }}

),

regions as (

    select * from {{ published(ref('regions')) }}

),

warnings as (

    select * from {{ published(ref('early_warnings')) }}
    where entity_type = 'region' and method = '{{ var("default_method") }}'

),

final as (

    select
        plans.plan_id,
        plans.region_code,
        regions.level,
        plans.indicator,
        plans.base_year,
        plans.target_year,
        plans.value_kind,
        plans.value as planned_value,
        plans.unit,
        plans.boundary,
        plans.co2_scope,
        plans.provenance,
        plans.source_id,
        '{{ var("default_method") }}' as default_method,
        warnings.limit_value,
        warnings.last_year,
        warnings.last_value,
        warnings.projected_value,
        coalesce(warnings.alert, 'no_basis') as alert,
        case
            when warnings.plan_id is null then 'quantity_not_held'
            else warnings.reason
        end as reason,
        case when warnings.last_value is not null then warnings.origin end as origin
    from plans
    left join regions on plans.region_code = regions.region_code
    left join warnings on plans.plan_id = warnings.plan_id

)

select * from final
