with features as (

    select * from {{ ref('int_park__type_features') }}

),

clusters as (

    select * from {{ ref('int_park__clusters_assigned') }}
    where is_chosen

),

parks as (

    select * from {{ ref('parks') }}

),

typed as (

    select
        *,
        case
            when two_high_output_share >= {{ threshold('two_high_output_share_min') }}
                then 'industry_type'
            when two_high_output_share is not null then 'comprehensive'
        end as structure,
        case
            when coal_coke_share >= {{ threshold('coal_based_share_min') }} then 'coal_based'
            when coal_coke_share is not null then 'power_gas_heat_based'
        end as energy_mix
    from features

),

final as (

    select
        typed.park_id,
        typed.year,
        parks.is_sample,
        typed.two_high_output_share,
        typed.coal_coke_share,
        typed.electricity_heat_share,
        typed.structure,
        typed.energy_mix,
        typed.structure || '/' || typed.energy_mix as quadrant,
        clusters.cluster,
        clusters.medoid_park_id,
        clusters.silhouette,
        {{ origin_of_rank('greatest(2, typed.origin_rank)') }} as origin
    from typed
    inner join parks on typed.park_id = parks.park_id
    left join clusters on typed.park_id = clusters.park_id and typed.year = clusters.year

)

select * from final
order by park_id, year
