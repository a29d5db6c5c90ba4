with public_table_rows as (

    select * from {{ ref('public_table_rows') }}

),

final as (

    select
        schema_name,
        table_name,
        row_filter,
        hidden_columns,
        public_basis
    from public_table_rows

)

select * from final
order by schema_name, table_name, row_filter
