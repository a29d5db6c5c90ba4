-- The energy returns that count: the newest edition of an enterprise and year replaces the older
-- one as a whole, and a figure of the whole year overrides the months.
with returns as (

    select * from {{ ref('stg_park_returns__enterprise_energy') }}
    where {{ is_known_vintage('vintage') }}

),

-- Few years have several editions, and few fuels both months and a year: those are looked up, so
-- that no window has to hold all rows.
several_editions as (

    select
        park_id,
        enterprise_id,
        year,
        max(vintage) as newest_vintage
    from returns
    group by park_id, enterprise_id, year
    having max(vintage) > min(vintage)

),

months_and_year as (

    select
        park_id,
        enterprise_id,
        year,
        fuel_code,
        coalesce(coal_kind, '') as coal_kind,
        vintage
    from returns
    group by park_id, enterprise_id, year, fuel_code, coalesce(coal_kind, ''), vintage
    having count(month) > 0 and count(*) > count(month)

),

final as (

    select
        returns.dataset,
        returns.park_id,
        returns.enterprise_id,
        returns.year,
        returns.month,
        returns.fuel_code,
        returns.coal_kind,
        returns.unit,
        returns.purchase_quantity,
        returns.consumption_quantity,
        returns.feedstock_quantity,
        returns.transformation_input_quantity,
        returns.power_input_quantity,
        returns.heat_input_quantity,
        returns.transformation_output_quantity,
        returns.recovered_quantity,
        returns.sales_quantity,
        returns.bunker_quantity,
        returns.purchase_text,
        returns.consumption_text,
        returns.feedstock_text,
        returns.transformation_input_text,
        returns.power_input_text,
        returns.heat_input_text,
        returns.transformation_output_text,
        returns.recovered_text,
        returns.sales_text,
        returns.bunker_text,
        returns.origin,
        returns.source_id,
        returns.vintage,
        returns._load_id,
        returns._file_name,
        returns._sheet_name,
        returns._row_number
    from returns
    left join several_editions
        on
            returns.park_id = several_editions.park_id
            and returns.enterprise_id = several_editions.enterprise_id
            and returns.year = several_editions.year
    left join months_and_year
        on
            returns.park_id = months_and_year.park_id
            and returns.enterprise_id = months_and_year.enterprise_id
            and returns.year = months_and_year.year
            and returns.fuel_code = months_and_year.fuel_code
            and coalesce(returns.coal_kind, '') = months_and_year.coal_kind
            and returns.vintage = months_and_year.vintage
    where
        returns.vintage = coalesce(several_editions.newest_vintage, returns.vintage)
        and (returns.month is null or months_and_year.park_id is null)

)

select * from final
