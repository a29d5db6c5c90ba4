{#
  Coupling and coordination of a long table (group_id, entity, subsystem, value), each value from 0
  to 1. Development is the mean of the values, coupling their geometric mean over it: 1 if all are
  equal, 0 if one is 0. Coordination is the root of coupling times development.
#}
{% macro coupling(points) %}
with points as (

    select
        group_id,
        entity,
        subsystem,
        value
    from {{ points }}
    where value is not null

),

summed as (

    select
        group_id,
        entity,
        count(*) as subsystem_count,
        min(value) as least,
        {{ exact_sum('value') }} / nullif(count(*), 0) as development_index,
        exp({{ exact_sum('ln(case when value > 0 then value end)') }} / nullif(count(*), 0))
            as geometric_mean
    from points
    group by group_id, entity

),

coupled as (

    select
        group_id,
        entity,
        subsystem_count,
        development_index,
        case
            when least > 0 then geometric_mean / nullif(development_index, 0)
            when development_index > 0 then 0
        end as coupling_degree
    from summed

)

select
    group_id,
    entity,
    subsystem_count,
    development_index,
    coupling_degree,
    sqrt(coupling_degree * development_index) as coordination_degree
from coupled
{% endmacro %}
