-- what a park has to return yet, most needed first
select
    d.park_id, d.dataset, d.column_name, d.status, d.owning_department_zh, d.owning_department_en,
    d.request_rank, d.missing_count, d.co2_width_t
from quality.data_requests as d
inner join reference.methods as m on d.method = m.method and m.is_default
qualify row_number() over (
    partition by d.park_id order by d.request_rank, d.dataset, d.column_name, d.year
) <= 10
order by d.park_id, d.request_rank, d.dataset, d.column_name
