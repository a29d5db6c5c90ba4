-- What the methods of the park account lack, before anything is built: one row per fault, in
-- English and in Chinese, with the file and the row that is wrong.
with codes as (

    select method, 'fuel_factors.csv' as file, 'fuel_code' as name, fuel_code as code
    from park_methods.park_method_fuel_factors
    union all
    select method, 'fuel_factors.csv', 'unit', unit from park_methods.park_method_fuel_factors
    union all
    select method, 'fuel_factors.csv', 'coal_kind', coal_kind
    from park_methods.park_method_fuel_factors
    union all
    select method, 'method.csv', 'coal_kind', assumed_coal_kind
    from park_methods.park_method_descriptions
    union all
    select method, 'method.csv', 'claim_scheme', claim_scheme
    from park_methods.park_method_descriptions
    union all
    select method, 'method.csv', 'tce_set', tce_set from park_methods.park_method_descriptions
    union all
    select method, 'method.csv', 'electricity_view', own_view
    from park_methods.park_method_descriptions
    union all
    select method, 'view_factors.csv', 'electricity_view', electricity_view
    from park_methods.park_method_view_factors
    union all
    select method, 'heat_factors.csv', 'supply_kind', supply_kind
    from park_methods.park_method_heat_factors
    union all
    select method, 'process_factors.csv', 'process_product', process_product
    from park_methods.park_method_process_factors
    union all
    select method, 'process_factors.csv', 'process_route', process_route
    from park_methods.park_method_process_factors
    union all
    select method, 'process_factors.csv', 'gas', gas
    from park_methods.park_method_process_factors

),

known as (

    select 'fuel_code' as name, fuel_code as code from reference_rows('codes/fuel_codes.csv')
    union all
    select 'unit', unit_label from reference_rows('units/unit_labels.csv')
    union all
    select distinct 'tce_set', tce_set from reference_rows('factors/tce_factors.csv')
    union all
    select 'electricity_view', electricity_view
    from reference_rows('mappings/electricity_views.csv')
    union all
    select code_list, code from reference_rows('codes/code_list_entries.csv')

),

-- An entry that a file names is one of the method's.
entries as (

    select method, 'flows.csv' as file, entry from park_methods.park_method_flows
    union all
    select method, 'process_factors.csv', entry from park_methods.park_method_process_factors

),

periods as (

    select
        method,
        'fuel_factors.csv' as file,
        concat_ws(', ', fuel_code, coal_kind) as row_key,
        year_from,
        year_to
    from park_methods.park_method_fuel_factors
    union all
    select method, 'heat_factors.csv', supply_kind, year_from, year_to
    from park_methods.park_method_heat_factors
    union all
    select method, 'view_factors.csv', electricity_view, year_from, year_to
    from park_methods.park_method_view_factors
    union all
    select
        method,
        'process_factors.csv',
        concat_ws(', ', process_product, process_route, gas),
        year_from,
        year_to
    from park_methods.park_method_process_factors

),

followed as (

    select
        *,
        lead(year_from) over (
            partition by method, file, row_key order by year_from, year_to
        ) as next_year_from
    from periods

),

faults as (

    select
        folder || '/' || codes.file || ': ' || codes.name || ' ' || codes.code || ' is not known'
            as english,
        folder || '/' || codes.file || '：' || codes.name || ' 的值 ' || codes.code || ' 未知'
            as chinese
    from codes
    inner join park_method_folders using (method)
    anti join known on codes.name = known.name and codes.code = known.code
    where codes.code is not null
    union all
    select
        folder || '/' || entries.file || ': entry ' || entries.entry
        || ' stands in no row of entries.csv',
        folder || '/' || entries.file || '：科目 ' || entries.entry || ' 不在 entries.csv 中'
    from entries
    inner join park_method_folders using (method)
    anti join park_methods.park_method_entries as own
        on entries.method = own.method and entries.entry = own.entry
    union all
    select
        folder || '/' || followed.file || ': two rows for ' || followed.row_key
        || ' are in force in ' || coalesce(next_year_from::varchar, 'no year'),
        folder || '/' || followed.file || '：' || followed.row_key || ' 有两行在 '
        || coalesce(next_year_from::varchar, '空年份') || ' 年同时有效'
    from followed
    inner join park_method_folders using (method)
    where year_from is null or next_year_from <= coalesce(year_to, 9999)
    union all
    select
        folder || '/method.csv has ' || count(rows.method) || ' rows, not one',
        folder || '/method.csv 有 ' || count(rows.method) || ' 行，应为1行'
    from park_method_folders
    left join park_methods.park_method_descriptions as rows using (method)
    group by folder
    having count(rows.method) <> 1

)

select distinct
    english,
    chinese
from faults
order by english
