{{ config(meta={'dagster': {'ref': {'name': 'emission_factors'}}}) }}

with emission_factors as (

    select * from {{ ref('emission_factors') }}

),

tce_coefficients as (

    select * from {{ ref('tce_coefficients') }}

),

fuels as (

    select * from {{ ref('fuels') }}

),

unit_labels as (

    select * from {{ ref('unit_labels') }}

),

factors as (

    select
        emission_factors.factor_id as factor,
        emission_factors.fuel_code,
        unit_labels.unit
    from emission_factors
    left join unit_labels on emission_factors.unit = unit_labels.unit_label
    union all
    select
        tce_set || '.' || fuel_code as factor,
        fuel_code,
        unit
    from tce_coefficients

),

final as (

    select
        factors.factor,
        factors.unit,
        fuels.unit as fuel_unit
    from factors
    left join fuels on factors.fuel_code = fuels.fuel_code
    where factors.unit is distinct from fuels.unit

)

select * from final
