-- What is below a province lies in the grid of the province.
with regions as (

    select * from {{ ref('regions') }}

),

province_grids as (

    select * from {{ ref('province_grids') }}

),

final as (

    select
        regions.region_code,
        province_grids.grid_name,
        province_grids.year_from,
        province_grids.year_to,
        province_grids.note
    from regions
    inner join province_grids on regions.province_code = province_grids.region_code

)

select * from final
order by region_code, year_from
