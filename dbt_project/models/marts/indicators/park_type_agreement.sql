-- Pairs of parks that both groupings hold together or apart (Rand 1971), corrected for chance
-- (Hubert and Arabie 1985).
with clusters as (

    select * from {{ ref('int_park__clusters_assigned') }}

),

types as (

    select * from {{ ref('park_types') }}

),

grouped as (

    select
        clusters.year,
        clusters.cluster_count,
        clusters.mean_silhouette,
        clusters.is_chosen,
        clusters.cluster,
        types.quadrant
    from clusters
    inner join types on clusters.park_id = types.park_id and clusters.year = types.year

),

cells as (

    select
        year,
        cluster_count,
        cluster,
        quadrant,
        count(*) as park_count
    from grouped
    group by year, cluster_count, cluster, quadrant

),

rows_of as (

    select
        year,
        cluster_count,
        cluster,
        sum(park_count) as park_count
    from cells
    group by year, cluster_count, cluster

),

columns_of as (

    select
        year,
        cluster_count,
        quadrant,
        sum(park_count) as park_count
    from cells
    group by year, cluster_count, quadrant

),

cell_pairs as (

    select
        year,
        cluster_count,
        sum(park_count * (park_count - 1)) / 2 as pairs
    from cells
    group by year, cluster_count

),

row_pairs as (

    select
        year,
        cluster_count,
        sum(park_count * (park_count - 1)) / 2 as pairs,
        sum(park_count) as park_count
    from rows_of
    group by year, cluster_count

),

column_pairs as (

    select
        year,
        cluster_count,
        sum(park_count * (park_count - 1)) / 2 as pairs
    from columns_of
    group by year, cluster_count

),

quality as (

    select
        year,
        cluster_count,
        max(mean_silhouette) as mean_silhouette,
        bool_or(is_chosen) as is_chosen
    from grouped
    group by year, cluster_count

),

counted as (

    select
        quality.year,
        quality.cluster_count,
        quality.is_chosen,
        quality.mean_silhouette,
        row_pairs.park_count,
        cast(cell_pairs.pairs as double) as together,
        cast(row_pairs.pairs as double) as in_clusters,
        cast(column_pairs.pairs as double) as in_quadrants,
        cast(row_pairs.park_count * (row_pairs.park_count - 1) as double) / 2 as all_pairs
    from quality
    inner join cell_pairs
        on
            quality.year = cell_pairs.year
            and quality.cluster_count = cell_pairs.cluster_count
    inner join row_pairs
        on
            quality.year = row_pairs.year
            and quality.cluster_count = row_pairs.cluster_count
    inner join column_pairs
        on
            quality.year = column_pairs.year
            and quality.cluster_count = column_pairs.cluster_count

),

final as (

    select
        year,
        cast(cluster_count as integer) as cluster_count,
        is_chosen,
        cast(park_count as integer) as park_count,
        mean_silhouette,
        (all_pairs + 2 * together - in_clusters - in_quadrants) / nullif(all_pairs, 0)
            as rand_index,
        (together - in_clusters * in_quadrants / nullif(all_pairs, 0))
        / nullif(
            (in_clusters + in_quadrants) / 2 - in_clusters * in_quadrants / nullif(all_pairs, 0), 0
        ) as adjusted_rand_index
    from counted

)

select * from final
order by year, cluster_count
