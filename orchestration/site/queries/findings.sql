-- warnings that are known, and why they stay
select finding_id, rule_id, row_count, reason_zh, reason_en, since
from quality.known_findings
order by all
