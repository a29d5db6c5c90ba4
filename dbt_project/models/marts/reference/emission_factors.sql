-- A factor is known by method, fuel and industry, and from its second period on by its first year.
with method_co2_factors as (

    select * from {{ source('methods', 'method_co2_factors') }}

),

method_ch4_n2o_factors as (

    select * from {{ source('methods', 'method_ch4_n2o_factors') }}

),

ch4_n2o_factors as (

    select * from {{ ref('ch4_n2o_factors') }}

),

industries as (

    select * from {{ ref('industries') }}

),

periods as (

    select
        *,
        row_number() over (
            partition by method, fuel_code, industry_code order by year_from
        ) as period
    from method_co2_factors

),

co2_factors as (

    select
        *,
        method || '.' || fuel_code || coalesce('.' || industry_code, '')
        || case when period > 1 then '.' || year_from else '' end as factor_id
    from periods

),

-- CH4 and N2O differ by who burns a fuel and in what, so a factor for any industry, whose gases are
-- those of manufacturing, is given again for each industry of another class unless the method has
-- its own.
class_factors as (

    select
        co2_factors.factor_id || '.' || industries.industry_code as factor_id,
        co2_factors.method,
        co2_factors.fuel_code,
        industries.industry_code,
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
    inner join industries on industries.sector_class <> 'manufacturing'
    left join co2_factors as own
        on
            co2_factors.method = own.method
            and co2_factors.fuel_code = own.fuel_code
            and industries.industry_code = own.industry_code
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
    from class_factors

),

classed as (

    select
        united.*,
        coalesce(industries.sector_class, 'manufacturing') as sector_class
    from united
    left join industries on united.industry_code = industries.industry_code

),

final as (

    select
        classed.factor_id,
        classed.method,
        classed.fuel_code,
        classed.industry_code,
        classed.year_from,
        coalesce(classed.year_to, 9999) as year_to,
        classed.unit,
        classed.ncv_gj_per_unit,
        classed.carbon_content_tc_per_gj,
        classed.oxidation_rate,
        classed.co2_t_per_unit,
        coalesce(method_ch4_n2o_factors.ch4_kg_per_gj, ch4_n2o_factors.ch4_kg_per_gj)
            as ch4_kg_per_gj,
        coalesce(method_ch4_n2o_factors.n2o_kg_per_gj, ch4_n2o_factors.n2o_kg_per_gj)
            as n2o_kg_per_gj,
        classed.confidence,
        classed.origin,
        classed.source_id,
        classed.note
    from classed
    left join method_ch4_n2o_factors
        on
            classed.method = method_ch4_n2o_factors.method
            and classed.fuel_code = method_ch4_n2o_factors.fuel_code
            and classed.sector_class = method_ch4_n2o_factors.sector_class
    left join ch4_n2o_factors
        on
            classed.fuel_code = ch4_n2o_factors.fuel_code
            and classed.sector_class = ch4_n2o_factors.sector_class

)

select * from final
order by factor_id
