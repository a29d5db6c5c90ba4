-- What the landing refused of the tables that the accounts read, with no other figure in its place.
-- A refused row whose item or fuel nobody knows may be of any.
with quarantine as (

    select * from {{ source('quality', 'quarantine') }}
    where
        rule <> 'superseded'
        and region_code is not null
        and year is not null
        and trim(coalesce(raw_value, '')) <> ''

),

landing_log as (

    select * from {{ source('quality', 'landing_log') }}
    where {{ is_known_vintage('vintage') }}

),

series as (

    select * from {{ ref('int_energy__series_standardised') }}
    where is_latest_vintage and quantity is not null

),

industry_ancestors as (

    select * from {{ ref('int_energy__industry_ancestors') }}

),

datasets as (

    select distinct dataset from series

),

refused as (

    select distinct
        quarantine.region_code,
        quarantine.year,
        quarantine.balance_item,
        quarantine.industry_code,
        quarantine.fuel_code,
        quarantine.raw_value
    from quarantine
    inner join landing_log
        on
            quarantine.load_id = landing_log.load_id
            and quarantine.file_name = landing_log.file_name
    inner join datasets on quarantine.dataset = datasets.dataset

),

-- A figure is held, of this industry or of its parts.
held as (

    select
        region_code,
        year,
        balance_item,
        industry_code,
        fuel_code
    from series
    union
    select
        series.region_code,
        series.year,
        series.balance_item,
        industry_ancestors.ancestor_code as industry_code,
        series.fuel_code
    from series
    inner join industry_ancestors on series.industry_code = industry_ancestors.industry_code

),

final as (

    select
        refused.region_code,
        refused.year,
        refused.balance_item,
        refused.industry_code,
        refused.fuel_code,
        refused.raw_value
    from refused
    left join held
        on
            refused.region_code = held.region_code
            and refused.year = held.year
            and refused.balance_item = held.balance_item
            and refused.industry_code = held.industry_code
            and refused.fuel_code = held.fuel_code
    where held.region_code is null

)

select * from final
