-- k-medoids without chance: of all sets of two, three or four candidate parks the one to whose
-- members the parks measured in the year are nearest in sum (Kaufman and Rousseeuw 1990).
with distances as (

    select
        year,
        other_park_id,
        other_position,
        -- A number in the place of the name: millions of rows are grouped by it.
        dense_rank() over (order by park_id) as park_number,
        distance
    from {{ ref('int_park__distances') }}
    where is_measured_against and other_is_candidate

),

candidates as (

    select distinct
        year,
        other_park_id as park_id,
        other_position as position
    from distances

),

pairs as (

    select
        a.year,
        a.position as position_1,
        b.position as position_2
    from candidates as a
    inner join candidates as b on a.year = b.year and a.position < b.position

),

-- The nearer of two candidates, for each park: sets of four are two pairs.
near_pairs as (

    select
        pairs.year,
        pairs.position_1,
        pairs.position_2,
        first_distances.park_number,
        least(first_distances.distance, second_distances.distance) as distance
    from pairs
    inner join distances as first_distances
        on
            pairs.year = first_distances.year
            and pairs.position_1 = first_distances.other_position
    inner join distances as second_distances
        on
            pairs.year = second_distances.year
            and pairs.position_2 = second_distances.other_position
            and first_distances.park_number = second_distances.park_number

),

sets as (

    select
        year,
        2 as cluster_count,
        position_1,
        position_2,
        cast(null as bigint) as position_3,
        cast(null as bigint) as position_4,
        sum(distance) as cost
    from near_pairs
    group by year, position_1, position_2
    union all
    select
        near_pairs.year,
        2 + 1 as cluster_count,
        near_pairs.position_1,
        near_pairs.position_2,
        distances.other_position as position_3,
        cast(null as bigint) as position_4,
        sum(least(near_pairs.distance, distances.distance)) as cost
    from near_pairs
    inner join distances
        on
            near_pairs.year = distances.year
            and near_pairs.park_number = distances.park_number
            and near_pairs.position_2 < distances.other_position
    group by
        near_pairs.year, near_pairs.position_1, near_pairs.position_2, distances.other_position
    union all
    select
        low.year,
        2 + 2 as cluster_count,
        low.position_1,
        low.position_2,
        high.position_1 as position_3,
        high.position_2 as position_4,
        sum(least(low.distance, high.distance)) as cost
    from near_pairs as low
    inner join near_pairs as high
        on
            low.year = high.year
            and low.park_number = high.park_number
            and low.position_2 < high.position_1
    group by low.year, low.position_1, low.position_2, high.position_1, high.position_2

),

-- Names decide between sets of equal cost alone, so that few sets are named and ranked.
valued as (

    select
        *,
        {{ tie_value('cost', 'cost') }} as tie_cost
    from sets

),

least_costs as (

    select
        year,
        cluster_count,
        min(tie_cost) as tie_cost
    from valued
    group by year, cluster_count

),

cheapest as (

    select valued.*
    from valued
    inner join least_costs
        on
            valued.year = least_costs.year
            and valued.cluster_count = least_costs.cluster_count
            and valued.tie_cost = least_costs.tie_cost

),

named as (

    select
        cheapest.year,
        cheapest.cluster_count,
        {% for position in range(1, 5) %}
            of_{{ position }}.park_id as medoid_{{ position }},
        {% endfor %}
        cheapest.cost
    from cheapest
    {% for position in range(1, 5) %}
        left join candidates as of_{{ position }}
            on
                cheapest.year = of_{{ position }}.year
                and cheapest.position_{{ position }} = of_{{ position }}.position
    {% endfor %}

),

ranked as (

    select
        *,
        row_number() over (
            partition by year, cluster_count
            order by
                medoid_1,
                medoid_2,
                medoid_3 nulls first,
                medoid_4 nulls first
        ) as set_rank
    from named

),

best as (

    select * from ranked
    where set_rank = 1

),

final as (

    {% for position in range(1, 5) %}
        select
            year,
            cluster_count,
            {{ loop.index0 }} + 1 as cluster,
            medoid_{{ position }} as medoid_park_id,
            cost
        from best
        where medoid_{{ position }} is not null
        {% if not loop.last %}union all{% endif %}
    {% endfor %}

)

select * from final
-- What is summed from it adds in this order in every run.
order by year, cluster_count, cluster
