-- The grades of a mark leave no value out and take none twice: each begins where the one before it
-- ends, and the bound itself is of one of the two.
with bands as (

    select
        *,
        lag(grade) over marks as grade_before,
        lag(upper) over marks as upper_before,
        lag(is_upper_included) over marks as upper_was_included,
        lead(grade) over marks as grade_after
    from {{ ref('code_bands') }}
    window marks as (partition by scheme_id, mark order by grade)

),

final as (

    select * from bands
    where
        (grade_before is null and lower is not null)
        or (grade_after is null and upper is not null)
        or (
            grade_before is not null
            and (
                lower is null
                or upper_before is null
                or lower <> upper_before
                or is_lower_included = upper_was_included
            )
        )

)

select * from final
