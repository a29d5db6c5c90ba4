-- what was read, by dataset
select
    dataset, count(*) as file_count, sum(rows_read) as rows_read, sum(rows_accepted) as rows_accepted,
    sum(rows_quarantined) as rows_quarantined
from quality.landing_log
group by dataset
order by dataset
