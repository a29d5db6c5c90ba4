-- How far the resources of a park keep step: coupling and coordination of their ratios to the best
-- of the type. A park that lacks one of them has none.
with intensity as (

    select * from {{ ref('resource_intensity') }}

),

subsystems as (

    select * from {{ ref('coupling_subsystems') }}

),

edges as (

    select
        *,
        coordination_min - {{ threshold('float_closure') }} as lower_edge
    from {{ ref('coupling_states') }}

),

states as (

    select
        *,
        lead(lower_edge) over (order by lower_edge) as upper_edge
    from edges

),

standards as (

    select * from {{ ref('standards') }}

),

asked as (

    select
        subsystems.coupling_set,
        subsystems.clause_id,
        intensity.park_id,
        intensity.year,
        intensity.structure,
        intensity.resource,
        intensity.share_of_best,
        intensity.resource_peer_count,
        intensity.refusal,
        intensity.origin
    from intensity
    inner join subsystems on intensity.resource = subsystems.resource

),

parks as (

    select
        coupling_set,
        clause_id,
        park_id,
        year,
        structure,
        min(resource_peer_count) as resource_peer_count,
        -- The first resource that is refused, and why.
        min_by(refusal, case when refusal is not null then resource end) as refusal,
        min(case when refusal is not null then resource end) as refused_resource,
        max({{ origin_rank('origin') }}) as origin_rank
    from asked
    group by coupling_set, clause_id, park_id, year, structure

),

points as (

    select
        asked.coupling_set as group_id,
        asked.park_id || '/' || asked.year as entity,
        asked.resource as subsystem,
        asked.share_of_best as value
    from asked
    inner join parks
        on
            asked.coupling_set = parks.coupling_set
            and asked.park_id = parks.park_id
            and asked.year = parks.year
    where parks.refused_resource is null

),

coupled as (

    select * from ({{ coupling('points') }}) as coupling

),

final as (

    select
        parks.coupling_set,
        parks.park_id,
        parks.year,
        parks.structure,
        cast(parks.resource_peer_count as integer) as resource_peer_count,
        coupled.development_index,
        coupled.coupling_degree,
        coupled.coordination_degree,
        states.coupling_state,
        parks.refused_resource,
        parks.refusal,
        parks.clause_id,
        standards.clause_status,
        {{ origin_of_rank('parks.origin_rank') }} as origin
    from parks
    inner join standards on parks.clause_id = standards.clause_id
    left join coupled
        on
            parks.coupling_set = coupled.group_id
            and parks.park_id || '/' || parks.year = coupled.entity
    left join states
        on
            parks.clause_id = states.clause_id
            and coupled.coordination_degree >= states.lower_edge
            and (coupled.coordination_degree < states.upper_edge or states.upper_edge is null)

)

select * from final
order by coupling_set, park_id, year
