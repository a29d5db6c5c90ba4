with measured as (

    select * from {{ ref('int_park__factors_measured') }}
    where is_own_row

),

final as (

    select
        factor_id,
        list_park_id,
        list_enterprise_id,
        year,
        fuel_code,
        unit,
        ncv_gj_per_unit,
        carbon_content_tc_per_gj,
        oxidation_rate,
        laboratory,
        origin,
        source_id
    from measured

)

select * from final
order by factor_id
