-- how parks do by each set of indicators, in the last year that has scores
select
    e.province_code, e.set_id, e.park_id, e.year, e.structure, e.score, e.score_rank, e.topsis_rank,
    e.quartile, e.quartile_kept_share, e.coverage, e.peer_count, e.clause_status, e.origin, e.is_model
from (
    select *, false as is_model from indicators.park_evaluation
    union all by name
    select *, true as is_model from model.park_evaluation
) as e
where e.score is not null and e.weighting = 'equal'
qualify e.year = max(e.year) over (partition by e.province_code, e.set_id)
order by e.province_code, e.set_id, e.score desc, e.park_id
