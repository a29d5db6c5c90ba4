-- A coefficient of standard coal that is far from every calorific value held of the fuel is marked
-- doubtful, with a note; off by a decimal place is another test's.
{{ config(meta={'dagster': {'ref': {'name': 'tce_coefficients'}}}) }}

with tce_coefficients as (

    select * from {{ ref('tce_coefficients') }}

),

emission_factors as (

    select * from {{ ref('emission_factors') }}
    where ncv_gj_per_unit is not null

),

unit_labels as (

    select * from {{ ref('unit_labels') }}

),

distances as (

    select
        tce_coefficients.tce_set,
        tce_coefficients.fuel_code,
        tce_coefficients.confidence,
        tce_coefficients.note,
        min(abs(
            tce_coefficients.tce_per_unit * {{ constant('gj_per_tce') }}
            / nullif(emission_factors.ncv_gj_per_unit / unit_labels.to_unit_factor, 0)
            - 1
        )) as distance
    from tce_coefficients
    inner join emission_factors on tce_coefficients.fuel_code = emission_factors.fuel_code
    inner join unit_labels
        on
            emission_factors.unit = unit_labels.unit_label
            and tce_coefficients.unit = unit_labels.unit
    group by
        tce_coefficients.tce_set, tce_coefficients.fuel_code, tce_coefficients.confidence,
        tce_coefficients.note

),

final as (

    select *
    from distances
    where
        {{ is_above('distance', threshold('tce_doubtful_distance'), 1) }}
        and not coalesce(confidence = 'doubtful' and note <> '', false)

)

select * from final
