-- the views for tools: what each holds, by which columns a row is known, from which table it is
select
    v.bi_view, v.name_zh as twin, v.description_zh, v.description_en,
    v.schema_name || '.' || v.table_name as made_of,
    string_agg(d.column_name, ', ' order by d.column_name) as key_columns
from reference.bi_views as v
left join reference.data_dictionary as d
    on d.schema_name = 'bi' and d.table_name = v.bi_view and d.is_key_column
group by v.bi_view, v.name_zh, v.description_zh, v.description_en, v.schema_name, v.table_name
order by v.bi_view
