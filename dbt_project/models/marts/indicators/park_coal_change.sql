with energy as (

    select * from {{ ref('int_park__industry_energy') }}

),

bands as (

    select * from {{ ref('bands') }}
    where band_set = 'coal_change_rate'

),

periods as (

    select * from {{ ref('int_park__periods') }}

),

-- A year without any return is unknown.
ends as (

    select
        periods.park_id,
        periods.year_from,
        periods.year_to,
        first_year.coal_t as first_coal_t,
        last_year.coal_t as last_coal_t,
        last_year.coal_tce / nullif(last_year.energy_tce, 0) as coal_share_of_energy,
        greatest(
            coalesce(first_year.origin_rank, last_year.origin_rank),
            coalesce(last_year.origin_rank, first_year.origin_rank)
        ) as origin_rank
    from periods
    left join energy as first_year
        on periods.park_id = first_year.park_id and periods.year_from = first_year.year
    left join energy as last_year
        on periods.park_id = last_year.park_id and periods.year_to = last_year.year

),

changes as (

    select
        *,
        last_coal_t / nullif(first_coal_t, 0) - 1 as change_rate
    from ends

),

final as (

    select
        changes.park_id,
        changes.year_from,
        changes.year_to,
        changes.first_coal_t,
        changes.last_coal_t,
        changes.change_rate,
        changes.coal_share_of_energy,
        case
            when changes.coal_share_of_energy <= {{ threshold('coal_free_share_max') }}
                then 'coal_free'
            when changes.last_coal_t > 0 and changes.first_coal_t = 0 then 'increased'
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
