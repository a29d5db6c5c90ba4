-- The energy returns that count: the newest edition of an enterprise and year replaces the older
-- one as a whole, and a figure of the whole year overrides the months.
with returns as (

    select * from {{ ref('stg_park_returns__enterprise_energy') }}
    where {{ is_known_vintage('vintage') }}

),

ranked as (

    select
        *,
        max(vintage) over (partition by park_id, enterprise_id, year) as newest_vintage,
        bool_or(month is null) over (
            partition by park_id, enterprise_id, year, fuel_code, coal_kind, vintage
        ) as has_whole_year
    from returns

),

final as (

    select
        dataset,
        park_id,
        enterprise_id,
        year,
        month,
        fuel_code,
        coal_kind,
        unit,
        purchase_quantity,
        consumption_quantity,
        feedstock_quantity,
        transformation_input_quantity,
        power_input_quantity,
        heat_input_quantity,
        transformation_output_quantity,
        recovered_quantity,
        sales_quantity,
        bunker_quantity,
        purchase_text,
        consumption_text,
        feedstock_text,
        transformation_input_text,
        power_input_text,
        heat_input_text,
        transformation_output_text,
        recovered_text,
        sales_text,
        bunker_text,
        origin,
        source_id,
        vintage,
        _load_id,
        _file_name,
        _sheet_name,
        _row_number
    from ranked
    where vintage = newest_vintage and (month is null or not has_whole_year)

)

select * from final
