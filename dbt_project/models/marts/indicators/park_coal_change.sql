with energy as (

    select * from {{ ref('int_park__industry_energy') }}

),

bands as (

    select * from {{ ref('bands') }}
    where band_set = 'coal_change_rate'

),

parks as (

    select distinct park_id from energy

),

period as (

    select
        cast({{ threshold('park_coal_year_from') }} as integer) as year_from,
        cast({{ threshold('park_coal_year_to') }} as integer) as year_to

),

-- A return without coal is coal nobody used; no return at all is unknown.
ends as (

    select
        parks.park_id,
        period.year_from,
        period.year_to,
        case when first_year.park_id is not null then coalesce(first_year.coal_t, 0) end
            as coal_t_from,
        case when last_year.park_id is not null then coalesce(last_year.coal_t, 0) end
            as coal_t_to,
        case
            when last_year.park_id is not null
                then coalesce(last_year.coal_tce, 0) / nullif(last_year.energy_tce, 0)
        end as coal_share_of_energy,
        greatest(
            coalesce(first_year.origin_rank, last_year.origin_rank),
            coalesce(last_year.origin_rank, first_year.origin_rank)
        ) as origin_rank
    from parks
    cross join period
    left join energy as first_year
        on parks.park_id = first_year.park_id and period.year_from = first_year.year
    left join energy as last_year
        on parks.park_id = last_year.park_id and period.year_to = last_year.year

),

changes as (

    select
        *,
        coal_t_to / nullif(coal_t_from, 0) - 1 as change_rate
    from ends

),

final as (

    select
        changes.park_id,
        changes.year_from,
        changes.year_to,
        changes.coal_t_from,
        changes.coal_t_to,
        changes.change_rate,
        changes.coal_share_of_energy,
        case
            when changes.coal_share_of_energy <= {{ threshold('coal_free_share_max') }}
                then 'coal_free'
            when changes.coal_t_to > 0 and changes.coal_t_from = 0 then 'increased'
            else coalesce(bands.band, 'unknown')
        end as class,
        {{ origin_of_rank('greatest(2, changes.origin_rank)') }} as origin
    from changes
    left join bands
        on
            (changes.change_rate >= bands.lower or bands.lower is null)
            and (changes.change_rate < bands.upper or bands.upper is null)
            and changes.change_rate is not null

)

select * from final
order by park_id
