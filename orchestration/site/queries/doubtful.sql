-- rows that are possible but hard to believe
select
    rule_id, statement_zh, statement_en, table_name, region_code, park_id, year, method
from quality.doubtful_rows
order by all
