with raw_records as (

    select * from {{ source('raw', 'park_returns_enterprise_energy') }}

),

final as (

    select
        'park_returns_enterprise_energy' as dataset,
        park_id,
        enterprise_id,
        cast(year as integer) as year,
        cast(month as integer) as month,
        fuel_code,
        coal_kind,
        unit,
        cast(stock_start_quantity as double) as stock_start_quantity,
        cast(purchase_quantity as double) as purchase_quantity,
        cast(consumption_quantity as double) as consumption_quantity,
        cast(non_industrial_quantity as double) as non_industrial_quantity,
        cast(feedstock_quantity as double) as feedstock_quantity,
        cast(transport_quantity as double) as transport_quantity,
        cast(transformation_input_quantity as double) as transformation_input_quantity,
        cast(power_input_quantity as double) as power_input_quantity,
        cast(heat_input_quantity as double) as heat_input_quantity,
        cast(transformation_output_quantity as double) as transformation_output_quantity,
        cast(recovered_quantity as double) as recovered_quantity,
        cast(sales_quantity as double) as sales_quantity,
        cast(stock_end_quantity as double) as stock_end_quantity,
        cast(energy_tce as double) as energy_tce,
        cast(bunker_quantity as double) as bunker_quantity,
        purchase_quantity as purchase_text,
        consumption_quantity as consumption_text,
        feedstock_quantity as feedstock_text,
        transformation_input_quantity as transformation_input_text,
        power_input_quantity as power_input_text,
        heat_input_quantity as heat_input_text,
        transformation_output_quantity as transformation_output_text,
        recovered_quantity as recovered_text,
        sales_quantity as sales_text,
        bunker_quantity as bunker_text,
        note,
        _vintage as vintage,
        _source_id as source_id,
        _origin as origin,
        _load_id,
        _file_name,
        _sheet_name,
        _row_number
    from raw_records

)

select * from final
