-- tables whose content is another than in the version before
select
    coalesce(now.schema_name, before.schema_name) as schema_name,
    coalesce(now.table_name, before.table_name) as table_name,
    before.row_count as rows_before, now.row_count,
    case
        when before.table_name is null then 'added'
        when now.table_name is null then 'removed'
        else 'changed'
    end as change
from quality.table_hashes as now
full join previous.quality.table_hashes as before
    on now.schema_name = before.schema_name and now.table_name = before.table_name
where now.content_hash is distinct from before.content_hash
order by all
