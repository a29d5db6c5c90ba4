-- The facts of a scorecard: each statement is named by the line above it, and its question marks
-- are the park and the year.
-- :park
select park_id, name_zh, name_en, region_code
from all_levels.parks
where park_id = ?;
-- :resources
select
    held.*,
    before.industrial_va_per_quantity as previous_va_per_quantity,
    before.quantity_per_industrial_va as previous_per_industrial_va
from all_levels.resource_intensity as held
left join all_levels.resource_intensity as before
    on
        held.park_id = before.park_id
        and held.resource = before.resource
        and held.year = before.year + 1
where held.park_id = ? and held.year = ?
order by held.resource;
-- :coupling
select *
from all_levels.park_coupling
where park_id = ? and year = ?
order by coupling_set;
-- :synergy
select *
from all_levels.pollution_carbon_synergy
where park_id = ? and year_to = ?
qualify year_from = max(year_from) over (partition by boundary, pollutant)
order by boundary, pollutant;
-- :codes
select clause_id, clause_status, colour, efficiency_ratio
from all_levels.park_carbon_codes
where park_id = ? and year = ? and colour is not null
order by scheme_id;
-- :evaluation
select
    held.set_id,
    held.weighting,
    held.score,
    held.score_rank,
    held.peer_count as scored,
    held.clause_id,
    held.clause_status,
    standards.title_zh as label_zh,
    standards.title_en as label_en
from all_levels.park_evaluation as held
inner join reference.standards as standards on held.clause_id = standards.clause_id
where held.park_id = ? and held.year = ? and held.score is not null and held.weighting = 'equal'
order by held.set_id;
-- :management
select condition, action_zh, action_en, clause_id, clause_status
from all_levels.park_management
where park_id = ? and year = ? and condition is not null;
