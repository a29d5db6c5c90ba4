{{ config(meta={'dagster': {'ref': {'name': 'region_year'}}}) }}

with region_co2 as (

    select * from {{ ref('region_co2') }}

),

region_year as (

    select * from {{ ref('region_year') }}

),

sums as (

    select
        region_code,
        year,
        method,
        sum(co2_t) as rows_co2_t,
        sum(co2e_t) as rows_co2e_t,
        sum(abs(co2_t)) as gross_co2_t,
        sum(abs(co2e_t)) as gross_co2e_t
    from region_co2
    group by region_code, year, method

),

final as (

    select
        region_year.region_code,
        region_year.year,
        region_year.method,
        region_year.co2_t,
        sums.rows_co2_t,
        region_year.co2e_t,
        sums.rows_co2e_t
    from region_year
    full outer join sums
        on
            region_year.region_code = sums.region_code
            and region_year.year = sums.year
            and region_year.method = sums.method
    where
        (region_year.co2_t is null) <> (sums.rows_co2_t is null)
        or not {{ is_equal('region_year.co2_t', 'sums.rows_co2_t', 'sums.gross_co2_t') }}
        or not {{ is_equal('region_year.co2e_t', 'sums.rows_co2e_t', 'sums.gross_co2e_t') }}

)

select * from final
