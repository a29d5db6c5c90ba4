-- Each park in the cluster of its nearest medoid, with its silhouette (Rousseeuw 1987): how much
-- nearer the own cluster is than the next one, by the parks that others are measured against. A
-- park alone in its cluster has silhouette 0.
with medoids as (

    select * from {{ ref('int_park__medoids_chosen') }}

),

distances as (

    select * from {{ ref('int_park__distances') }}

),

nearest as (

    select
        distances.year,
        medoids.cluster_count,
        distances.park_id,
        distances.is_measured_against,
        medoids.cluster,
        medoids.medoid_park_id,
        row_number() over (
            partition by distances.year, medoids.cluster_count, distances.park_id
            order by {{ tie_value('distances.distance', 1) }}, medoids.cluster
        ) as medoid_rank
    from distances
    inner join medoids
        on
            distances.year = medoids.year
            and distances.other_park_id = medoids.medoid_park_id

),

assigned as (

    select
        year,
        cluster_count,
        park_id,
        is_measured_against,
        cluster,
        medoid_park_id
    from nearest
    where medoid_rank = 1

),

measured as (

    select * from assigned
    where is_measured_against

),

between_clusters as (

    select
        own.year,
        own.cluster_count,
        own.park_id,
        own.cluster,
        other.cluster as other_cluster,
        sum(distances.distance) as distance_sum,
        count(case when own.park_id <> other.park_id then 1 end) as others
    from assigned as own
    inner join measured as other
        on own.year = other.year and own.cluster_count = other.cluster_count
    inner join distances
        on
            own.year = distances.year
            and own.park_id = distances.park_id
            and other.park_id = distances.other_park_id
    group by own.year, own.cluster_count, own.park_id, own.cluster, other.cluster

),

sides as (

    select
        year,
        cluster_count,
        park_id,
        cluster,
        max(case when other_cluster = cluster then distance_sum / nullif(others, 0) end)
            as own_distance,
        min(case when other_cluster <> cluster then distance_sum / others end) as next_distance
    from between_clusters
    group by year, cluster_count, park_id, cluster

),

silhouettes as (

    select
        year,
        cluster_count,
        park_id,
        cluster,
        case
            when own_distance is null then 0e0
            else
                (next_distance - own_distance) / nullif(greatest(next_distance, own_distance), 0)
        end as silhouette
    from sides

),

means as (

    select
        year,
        cluster_count,
        avg(silhouette) as mean_silhouette
    from silhouettes
    group by year, cluster_count

),

ranked as (

    select
        *,
        row_number() over (
            partition by year
            order by {{ tie_value('mean_silhouette', 1) }} desc, cluster_count asc
        ) as count_rank
    from means

),

final as (

    select
        silhouettes.year,
        silhouettes.cluster_count,
        silhouettes.park_id,
        silhouettes.cluster,
        assigned.medoid_park_id,
        silhouettes.silhouette,
        ranked.mean_silhouette,
        ranked.count_rank = 1 as is_chosen
    from silhouettes
    inner join assigned
        on
            silhouettes.year = assigned.year
            and silhouettes.cluster_count = assigned.cluster_count
            and silhouettes.park_id = assigned.park_id
    inner join ranked
        on
            silhouettes.year = ranked.year
            and silhouettes.cluster_count = ranked.cluster_count

)

select * from final
-- What is summed from it adds in this order in every run.
order by year, cluster_count, park_id
