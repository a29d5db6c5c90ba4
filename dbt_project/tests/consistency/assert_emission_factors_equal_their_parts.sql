-- Calorific value x carbon content x oxidation x 44/12 is the factor, within the rounding of the
-- printed factor and of the printed carbon content. A set prints all its numbers to one number of
-- decimals; the zeros at the end are lost in a double.
{{ config(meta={'dagster': {'ref': {'name': 'emission_factors'}}}) }}

with emission_factors as (

    select * from {{ ref('emission_factors') }}

),

decimals as (

    select
        method,
        max(length(split_part(cast(co2_t_per_unit as string), '.', 2))) as factor_decimals,
        max(length(split_part(cast(carbon_content_tc_per_gj as string), '.', 2)))
            as carbon_decimals
    from emission_factors
    group by method

),

recomputed as (

    select
        emission_factors.factor_id,
        emission_factors.co2_t_per_unit,
        emission_factors.ncv_gj_per_unit * emission_factors.carbon_content_tc_per_gj
        * emission_factors.oxidation_rate * {{ constant('co2_per_carbon') }}
            as recomputed_co2_t_per_unit,
        power(10, -decimals.factor_decimals) / 2
        + emission_factors.co2_t_per_unit / emission_factors.carbon_content_tc_per_gj
        * power(10, -decimals.carbon_decimals) / 2 as tolerance
    from emission_factors
    inner join decimals on emission_factors.method = decimals.method

),

final as (

    select *
    from recomputed
    where
        {{ is_above(
            'abs(co2_t_per_unit - recomputed_co2_t_per_unit)', 'tolerance', 'co2_t_per_unit'
        ) }}

)

select * from final
