-- What a figure that a report prints as words can be compared with: classes, industries, sources.
with park_year as (

    select * from {{ ref('park_year_by_method') }}

),

bands as (

    select * from {{ ref('bands') }}

),

leading_industries as (

    select * from {{ ref('park_leading_industries') }}

),

industries as (

    select * from {{ ref('industries') }}

),

case_points as (

    select * from {{ ref('park_points') }}

),

united as (

    select
        'park_co2_band' as indicator_id,
        park_year.method,
        park_year.park_id as entity_code,
        park_year.year,
        bands.label_zh as value_text,
        'text_indicators' as reads,
        'region' as rows_of
    from park_year
    inner join bands on bands.band_set = 'co2_t' and park_year.co2_band = bands.band
    union all
    select
        'park_coal_band' as indicator_id,
        park_year.method,
        park_year.park_id as entity_code,
        park_year.year,
        bands.label_zh as value_text,
        'text_indicators' as reads,
        'region' as rows_of
    from park_year
    inner join bands on bands.band_set = 'coal_t' and park_year.coal_band = bands.band
    union all
    select
        'main_coal_user_' || leading_industries.industry_code as indicator_id,
        leading_industries.method,
        leading_industries.park_id as entity_code,
        leading_industries.year,
        industries.name_zh as value_text,
        'text_indicators' as reads,
        'region' as rows_of
    from leading_industries
    inner join industries on leading_industries.industry_code = industries.industry_code
    where leading_industries.is_main_coal_user
    union all
    select
        'band_label' as indicator_id,
        'none' as method,
        band as entity_code,
        cast(null as integer) as year,
        label_zh as value_text,
        'bands' as reads,
        'reference' as rows_of
    from bands
    where band_set in ('peak_increase_rate', 'coal_change_rate')
    union all
    select
        'case_' || indicator as indicator_id,
        method,
        park_id as entity_code,
        cast(null as integer) as year,
        value_text,
        'text_indicators' as reads,
        'region' as rows_of
    from case_points
    where value_text is not null

),

final as (

    select
        indicator_id,
        method,
        entity_code,
        year,
        value_text,
        reads,
        rows_of
    from united

)

select * from final
order by indicator_id, method, entity_code, year
