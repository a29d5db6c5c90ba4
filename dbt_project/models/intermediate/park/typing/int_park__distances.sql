-- Euclidean distance of the parks of a year, in the standard scores, to the parks they are measured
-- against: all parks, or as many as a threshold allows, evenly spread over the order of coal and
-- coke; so the rows grow with the parks and not with their square. Fewer of them still are
-- candidates for the centre of a cluster. A score that does not differ between parks has no
-- deviation and takes no part.
with features as (

    select * from {{ ref('int_park__type_features') }}
    where is_complete

),

ordered as (

    select
        *,
        row_number() over (
            partition by year order by {{ tie_value('coal_coke_share', 1) }} desc, park_id asc
        ) as position,
        count(*) over (partition by year) as parks
    from features

),

limited as (

    select
        *,
        least(parks, {{ threshold('cluster_candidates_max') }}) as candidates,
        least(parks, {{ threshold('cluster_parks_max') }}) as measured
    from ordered

),

spread as (

    select
        *,
        floor(position * candidates / parks) > floor((position - 1) * candidates / parks)
            as is_candidate,
        floor(position * measured / parks) > floor((position - 1) * measured / parks)
            as is_spread
    from limited

),

terms as (

    select
        a.year,
        a.park_id,
        a.is_candidate or a.is_spread as is_measured_against,
        b.park_id as other_park_id,
        b.position as other_position,
        b.is_candidate as other_is_candidate,
        (a.two_high_score - b.two_high_score) as two_high_difference,
        (a.coal_score - b.coal_score) as coal_difference,
        (a.electricity_score - b.electricity_score) as electricity_difference
    from spread as a
    inner join spread as b on a.year = b.year and (b.is_candidate or b.is_spread)

),

final as (

    select
        year,
        park_id,
        is_measured_against,
        other_park_id,
        other_position,
        other_is_candidate,
        sqrt(
            coalesce(two_high_difference * two_high_difference, 0)
            + coalesce(coal_difference * coal_difference, 0)
            + coalesce(electricity_difference * electricity_difference, 0)
        ) as distance
    from terms

)

select * from final
-- What is summed from it adds in this order in every run.
order by year, park_id, other_park_id
