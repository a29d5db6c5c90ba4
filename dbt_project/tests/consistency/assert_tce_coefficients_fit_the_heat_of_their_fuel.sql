-- A coefficient of standard coal is the calorific value of the fuel over that of standard coal: one
-- that is far from every calorific value held is off by a decimal place, as a public table was.
-- Electricity and heat have no calorific value of combustion and are bounded by their own range.
{{ config(meta={'dagster': {'ref': {'name': 'tce_coefficients'}}}) }}

with tce_coefficients as (

    select * from {{ ref('tce_coefficients') }}

),

emission_factors as (

    select * from {{ ref('emission_factors') }}

),

unit_labels as (

    select * from {{ ref('unit_labels') }}

),

calorific_values as (

    select
        emission_factors.fuel_code,
        unit_labels.unit,
        min(emission_factors.ncv_gj_per_unit / unit_labels.to_unit_factor) as smallest,
        max(emission_factors.ncv_gj_per_unit / unit_labels.to_unit_factor) as largest
    from emission_factors
    inner join unit_labels on emission_factors.unit = unit_labels.unit_label
    where emission_factors.ncv_gj_per_unit is not null
    group by emission_factors.fuel_code, unit_labels.unit

),

final as (

    select
        tce_coefficients.tce_set,
        tce_coefficients.fuel_code,
        tce_coefficients.tce_per_unit,
        calorific_values.smallest,
        calorific_values.largest
    from tce_coefficients
    inner join calorific_values
        on
            tce_coefficients.fuel_code = calorific_values.fuel_code
            and tce_coefficients.unit = calorific_values.unit
    where
        not {{ is_within(
            'tce_coefficients.tce_per_unit * ' ~ constant('gj_per_tce'),
            'calorific_values.smallest / ' ~ threshold('tce_factor_ratio_max'),
            'calorific_values.largest * ' ~ threshold('tce_factor_ratio_max'),
            'calorific_values.largest'
        ) }}

)

select * from final
