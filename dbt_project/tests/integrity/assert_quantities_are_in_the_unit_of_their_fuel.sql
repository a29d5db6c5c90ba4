-- Factors and coefficients are per unit of the fuel: a quantity in another unit would be multiplied
-- by the wrong one.
{{ config(meta={'dagster': {'ref': {'name': 'region_energy'}}}) }}

with observations as (

    select * from {{ ref('int_energy__observations_united') }}

),

fuels as (

    select * from {{ ref('fuels') }}

),

final as (

    select
        observations._file_name,
        observations._row_number,
        observations._column_name,
        observations.fuel_code,
        observations.unit,
        fuels.unit as fuel_unit
    from observations
    left join fuels on observations.fuel_code = fuels.fuel_code
    where observations.unit is distinct from fuels.unit

)

select * from final
