-- A raw cell that stood twice in the lineage would be counted twice in the energy above it.
with energy_lineage as (

    select * from {{ ref('energy_lineage') }}

),

final as (

    select
        file_name,
        sheet_name,
        row_number,
        column_number,
        count(*) as copies
    from energy_lineage
    group by file_name, sheet_name, row_number, column_number
    having count(*) > 1

)

select * from final
