-- An emission names each raw cell it rests on once in each role: a power station's whole input is
-- taken off and, as what is burnt, added again.
with emission_lineage as (

    select * from {{ ref('emission_lineage') }}

),

final as (

    select
        account,
        region_code,
        park_id,
        enterprise_id,
        year,
        method,
        balance_item,
        industry_code,
        fuel_code,
        scope,
        input_role,
        file_name,
        sheet_name,
        row_number,
        column_number,
        column_name,
        count(*) as copies
    from emission_lineage
    group by
        account, region_code, park_id, enterprise_id, year, method, balance_item, industry_code,
        fuel_code, scope, input_role, file_name, sheet_name, row_number, column_number, column_name
    having count(*) > 1

)

select * from final
