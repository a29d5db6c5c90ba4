-- The scores of parks among the parks of their type in their province.
with evaluated as (

    select * from {{ ref('park_evaluation_indicators') }}

),

sets as (

    select * from {{ ref('evaluation_sets') }}

),

standards as (

    select * from {{ ref('standards') }}

),

stability as (

    select * from {{ ref('park_evaluation_stability') }}

),

scores as (

    select
        set_id,
        weighting,
        park_id,
        year,
        province_code,
        structure,
        coverage,
        peer_count,
        max(score) as score,
        max(topsis_score) as topsis_score,
        max(best_park_id) as best_park_id,
        max(refusal) as refusal,
        coalesce(
            max(case when value is not null then {{ origin_rank('origin') }} end),
            max({{ origin_rank('origin') }})
        ) as origin_rank
    from evaluated
    group by
        set_id, weighting, park_id, year, province_code, structure, coverage, peer_count

),

ranked as (

    select
        *,
        case
            when score is not null
                then
                    rank() over (
                        partition by set_id, weighting, year, province_code, structure
                        order by {{ tie_value('score', 'score') }} desc nulls last
                    )
        end as score_rank,
        case
            when topsis_score is not null
                then
                    rank() over (
                        partition by set_id, weighting, year, province_code, structure
                        order by {{ tie_value('topsis_score', 'topsis_score') }} desc nulls last
                    )
        end as topsis_rank,
        count(score) over (
            partition by set_id, weighting, year, province_code, structure
        ) as scored
    from scores

),

final as (

    select
        ranked.set_id,
        ranked.weighting,
        ranked.park_id,
        ranked.year,
        ranked.province_code,
        ranked.structure,
        ranked.coverage,
        ranked.peer_count,
        ranked.score,
        cast(ranked.score_rank as integer) as score_rank,
        ranked.topsis_score,
        cast(ranked.topsis_rank as integer) as topsis_rank,
        cast({{ quartile('ranked.score_rank', 'ranked.scored') }} as integer) as quartile,
        stability.draw_share as quartile_kept_share,
        stability.draw_count,
        ranked.best_park_id,
        coalesce(
            ranked.refusal, case when ranked.score is null then 'no_difference' end
        ) as refusal,
        sets.clause_id,
        standards.clause_status,
        {{ origin_of_rank('ranked.origin_rank') }} as origin
    from ranked
    inner join sets on ranked.set_id = sets.set_id
    inner join standards on sets.clause_id = standards.clause_id
    left join stability
        on
            ranked.set_id = stability.set_id
            and ranked.park_id = stability.park_id
            and ranked.year = stability.year
            and {{ quartile('ranked.score_rank', 'ranked.scored') }} = stability.quartile

)

select * from final
order by set_id, weighting, park_id, year
