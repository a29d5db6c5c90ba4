with gaps as (

    select * from {{ ref('int_park__gaps_listed') }}

),

final as (

    select
        park_id,
        year,
        dataset,
        column_name,
        enterprise_id,
        list_park_id,
        list_enterprise_id,
        fuel_code
    from gaps
    where status = 'missing'

)

select * from final
order by park_id, dataset, column_name, enterprise_id, fuel_code
