-- Carbon per energy hardly varies within a group of fuels, so a slip of the unit (a factor of ten,
-- m3 for 10^4 m3) stands out. Per own calorific value; where a set has none, per the largest
-- coefficient printed for the fuel (other washed coal ranges from slime to middlings).
{{ config(meta={'dagster': {'ref': {'name': 'emission_factors'}}}) }}

with emission_factors as (

    select * from {{ ref('emission_factors') }}

),

fuels as (

    select * from {{ ref('fuels') }}

),

unit_labels as (

    select * from {{ ref('unit_labels') }}

),

tce_coefficients as (

    select
        fuel_code,
        max(tce_per_unit_max) as tce_per_unit
    from {{ ref('tce_coefficients') }}
    group by fuel_code

),

maxima as (

    {% for fuel_group in ['coal', 'coke', 'coal_gas', 'oil', 'natural_gas'] %}
        select
            '{{ fuel_group }}' as fuel_group,
            {{ threshold('co2_per_tce_maximum_' ~ fuel_group) }} as maximum
        {% if not loop.last %}union all{% endif %}
    {% endfor %}

),

per_tce as (

    select
        emission_factors.factor_id,
        fuels.fuel_group,
        coalesce(
            emission_factors.co2_t_per_unit / nullif(emission_factors.ncv_gj_per_unit, 0)
            * {{ constant('gj_per_tce') }},
            emission_factors.co2_t_per_unit / unit_labels.to_unit_factor
            / nullif(tce_coefficients.tce_per_unit, 0)
        ) as co2_t_per_tce
    from emission_factors
    inner join fuels on emission_factors.fuel_code = fuels.fuel_code
    inner join unit_labels on emission_factors.unit = unit_labels.unit_label
    left join tce_coefficients on emission_factors.fuel_code = tce_coefficients.fuel_code

),

final as (

    select
        per_tce.*,
        maxima.maximum
    from per_tce
    left join maxima on per_tce.fuel_group = maxima.fuel_group
    where
        per_tce.co2_t_per_tce is null
        or maxima.maximum is null
        or per_tce.co2_t_per_tce > maxima.maximum
        or per_tce.co2_t_per_tce < {{ threshold('co2_per_tce_minimum') }}

)

select * from final
