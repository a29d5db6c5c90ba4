-- Euclidean distance of every two parks of a year in the standard scores. A score that does not
-- differ between parks has no deviation and takes no part.
with features as (

    select * from {{ ref('int_park__type_features') }}
    where is_complete

),

terms as (

    select
        a.year,
        a.park_id,
        b.park_id as other_park_id,
        (a.two_high_score - b.two_high_score) as two_high_difference,
        (a.coal_score - b.coal_score) as coal_difference,
        (a.electricity_score - b.electricity_score) as electricity_difference
    from features as a
    inner join features as b on a.year = b.year

),

final as (

    select
        year,
        park_id,
        other_park_id,
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
