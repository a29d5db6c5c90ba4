with co2_factors as (

    select * from {{ ref('co2_factors') }}

),

ch4_n2o_factors as (

    select * from {{ ref('ch4_n2o_factors') }}

),

-- CH4 and N2O of coal and coke differ between energy industries and the rest, so a factor for any
-- industry is given again for division 44 unless the method has its own.
power_factors as (

    select
        co2_factors.factor_id || '.44' as factor_id,
        co2_factors.method,
        co2_factors.fuel_code,
        '44' as industry_code,
        co2_factors.year_from,
        co2_factors.year_to,
        co2_factors.unit,
        co2_factors.ncv_gj_per_unit,
        co2_factors.carbon_content_tc_per_gj,
        co2_factors.oxidation_rate,
        co2_factors.co2_t_per_unit,
        co2_factors.confidence,
        co2_factors.origin,
        co2_factors.source_id,
        co2_factors.note
    from co2_factors
    left join co2_factors as own
        on
            co2_factors.method = own.method
            and co2_factors.fuel_code = own.fuel_code
            and own.industry_code = '44'
    where co2_factors.industry_code is null and own.factor_id is null

),

united as (

    select
        factor_id,
        method,
        fuel_code,
        industry_code,
        year_from,
        year_to,
        unit,
        ncv_gj_per_unit,
        carbon_content_tc_per_gj,
        oxidation_rate,
        co2_t_per_unit,
        confidence,
        origin,
        source_id,
        note
    from co2_factors
    union all
    select
        factor_id,
        method,
        fuel_code,
        industry_code,
        year_from,
        year_to,
        unit,
        ncv_gj_per_unit,
        carbon_content_tc_per_gj,
        oxidation_rate,
        co2_t_per_unit,
        confidence,
        origin,
        source_id,
        note
    from power_factors

),

final as (

    select
        united.factor_id,
        united.method,
        united.fuel_code,
        united.industry_code,
        united.year_from,
        coalesce(united.year_to, 9999) as year_to,
        united.unit,
        united.ncv_gj_per_unit,
        united.carbon_content_tc_per_gj,
        united.oxidation_rate,
        united.co2_t_per_unit,
        ch4_n2o_factors.ch4_kg_per_gj,
        ch4_n2o_factors.n2o_kg_per_gj,
        united.confidence,
        united.origin,
        united.source_id,
        united.note
    from united
    left join ch4_n2o_factors
        on
            united.fuel_code = ch4_n2o_factors.fuel_code
            and ch4_n2o_factors.sector_class
            = case
                when united.industry_code = '44' then 'energy_industries'
                else 'manufacturing'
            end

)

select * from final
order by factor_id
