with judged as (

    select * from {{ ref('int_scenarios__bases_judged') }}

),

refusals as (

    select * from {{ ref('scenario_refusals') }}

),

final as (

    select
        judged.scenario,
        judged.region_code,
        judged.method,
        judged.refusal is null as has_scenario,
        judged.refusal,
        refusals.name_zh as refusal_zh,
        refusals.name_en as refusal_en,
        'derived' as origin
    from judged
    left join refusals on judged.refusal = refusals.refusal

)

select * from final
order by scenario, region_code, method
