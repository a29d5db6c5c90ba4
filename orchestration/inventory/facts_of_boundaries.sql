-- What parks say of their boundaries and are asked for, in versions that hold it; as facts.sql.

-- name: stated_boundaries
select
    park_id, parent_park_id, boundary_kind, statistical_boundary, year_from, year_to, source_id
from reference.park_boundaries
where
    (park_id = $park_id or parent_park_id = $park_id)
    and is_stated
    and coalesce(year_from, $year) <= $year
    and coalesce(year_to, $year) >= $year
order by parent_park_id nulls first, park_id, year_from

-- name: requests
select
    dataset, column_name, status, owning_department_zh, owning_department_en, needed_count,
    missing_count, estimated_count, co2_width_t, request_rank
from quality.data_requests
where park_id = $park_id and method = $method and year = $year
order by request_rank
