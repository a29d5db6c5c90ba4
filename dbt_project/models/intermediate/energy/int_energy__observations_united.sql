{{ config(materialized='view') }}

-- Every energy cell the warehouse holds, one row per raw cell, editions side by side. A view: to
-- unite them costs less than to write them.
{% set stagings = [
    'stg_energy_yearbook__energy_balance',
    'stg_energy_yearbook__electricity_generation',
    'stg_energy_yearbook__net_electricity_import',
    'stg_jiangsu_yearbook__industrial_fuel_use',
    'stg_jiangsu_yearbook__city_electricity',
    'stg_city_yearbooks__city_energy',
] %}

with united as (

    {% for staging in stagings %}
        select
            dataset,
            region_code,
            year,
            balance_item,
            industry_code,
            fuel_code,
            vintage,
            quantity,
            unit,
            value_text,
            number_text,
            value_status,
            unit_label,
            to_unit_factor,
            origin,
            source_id,
            _load_id,
            _file_name,
            _sheet_name,
            _row_number,
            _column_number,
            _column_name,
            _correction_id
        from {{ ref(staging) }}
        {% if not loop.last %}union all{% endif %}
    {% endfor %}

),

final as (

    select *
    from united
    where {{ is_known_vintage('vintage') }}

)

select * from final
