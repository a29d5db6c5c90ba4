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
-- :gap
select held.item_value, held.bound_value, held.gap_result, held.gap_reason, held.pass_probability,
    held.clause_status, standards.citation_zh, standards.citation_en
from all_levels.zero_carbon_gap as held
inner join reference.standards as standards on held.clause_id = standards.clause_id
where held.park_id = ? and held.year = ? and held.gap_item = 'core_ratio'
order by held.method;
-- :codes
select held.scheme_id, held.colour, held.efficiency_ratio, held.clause_status,
    standards.citation_zh, standards.citation_en
from all_levels.park_carbon_codes as held
inner join reference.standards as standards on held.clause_id = standards.clause_id
where held.park_id = ? and held.year = ? and held.colour is not null
order by held.scheme_id;
-- :evaluation
select
    held.set_id,
    held.weighting,
    held.score,
    held.score_rank,
    held.peer_count as scored,
    held.clause_status,
    standards.citation_zh,
    standards.citation_en
from all_levels.park_evaluation as held
inner join reference.standards as standards on held.clause_id = standards.clause_id
where held.park_id = ? and held.year = ? and held.score is not null and held.weighting = 'equal'
order by held.set_id;
-- :management
select held.condition, held.action_zh, held.action_en, held.clause_status, standards.citation_zh,
    standards.citation_en
from all_levels.park_management as held
inner join reference.standards as standards on held.clause_id = standards.clause_id
where held.park_id = ? and held.year = ? and held.condition is not null;
