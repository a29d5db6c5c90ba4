-- how many rows each rule finds hard to believe
select rule_id, statement_zh, statement_en, count(*) as row_count
from quality.doubtful_rows
group by rule_id, statement_zh, statement_en
order by row_count desc, rule_id
