-- k-medoids without chance: of all sets of two, three or four candidate parks the one to whose
-- members the parks measured in the year are nearest in sum (Kaufman and Rousseeuw 1990).
with distances as (

    select * from {{ ref('int_park__distances') }}
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
        a.park_id as medoid_1,
        b.park_id as medoid_2,
        a.position as position_1,
        b.position as position_2
    from candidates as a
    inner join candidates as b on a.year = b.year and a.position < b.position

),

-- The nearer of two candidates, for each park: sets of four are two pairs.
near_pairs as (

    select
        pairs.year,
        pairs.medoid_1,
        pairs.medoid_2,
        pairs.position_1,
        pairs.position_2,
        first_distances.park_id,
        least(first_distances.distance, second_distances.distance) as distance
    from pairs
    inner join distances as first_distances
        on
            pairs.year = first_distances.year
            and pairs.medoid_1 = first_distances.other_park_id
    inner join distances as second_distances
        on
            pairs.year = second_distances.year
            and pairs.medoid_2 = second_distances.other_park_id
            and first_distances.park_id = second_distances.park_id

),

sets as (

    select
        year,
        2 as cluster_count,
        medoid_1,
        medoid_2,
        cast(null as {{ type_name('varchar') }}) as medoid_3,
        cast(null as {{ type_name('varchar') }}) as medoid_4,
        sum(distance) as cost
    from near_pairs
    group by year, medoid_1, medoid_2
    union all
    select
        near_pairs.year,
        2 + 1 as cluster_count,
        near_pairs.medoid_1,
        near_pairs.medoid_2,
        candidates.park_id as medoid_3,
        cast(null as {{ type_name('varchar') }}) as medoid_4,
        sum(least(near_pairs.distance, distances.distance)) as cost
    from near_pairs
    inner join candidates
        on near_pairs.year = candidates.year and near_pairs.position_2 < candidates.position
    inner join distances
        on
            candidates.year = distances.year
            and candidates.park_id = distances.other_park_id
            and near_pairs.park_id = distances.park_id
    group by near_pairs.year, near_pairs.medoid_1, near_pairs.medoid_2, candidates.park_id
    union all
    select
        low.year,
        2 + 2 as cluster_count,
        low.medoid_1,
        low.medoid_2,
        high.medoid_1 as medoid_3,
        high.medoid_2 as medoid_4,
        sum(least(low.distance, high.distance)) as cost
    from near_pairs as low
    inner join near_pairs as high
        on
            low.year = high.year
            and low.park_id = high.park_id
            and low.position_2 < high.position_1
    group by low.year, low.medoid_1, low.medoid_2, high.medoid_1, high.medoid_2

),

ranked as (

    select
        *,
        row_number() over (
            partition by year, cluster_count
            order by
                {{ tie_value('cost', 'cost') }},
                medoid_1,
                medoid_2,
                medoid_3 nulls first,
                medoid_4 nulls first
        ) as set_rank
    from sets

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
