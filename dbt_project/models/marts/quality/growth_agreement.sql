-- Real growth beside the rates that were announced. An announcement that is itself the volume index
-- used for the year proves nothing: `is_independent` is false.
with announced as (

    select * from {{ ref('stg_provincial_bulletins__growth') }}
    where {{ is_known_vintage('vintage') }}

),

growth as (

    select * from {{ ref('region_growth') }}
    where indicator = 'gdp'

),

settings as (

    select {{ threshold('growth_difference_max') }} as growth_difference_max

),

latest as (

    select
        *,
        row_number() over (partition by region_code, year order by vintage desc) as edition_rank
    from announced

),

final as (

    select
        latest.region_code,
        latest.year,
        latest.growth_rate as announced_growth_rate,
        latest.printed_step_rate,
        growth.real_growth_rate,
        growth.real_growth_rate - latest.growth_rate as growth_rate_difference,
        abs(growth.real_growth_rate - latest.growth_rate) <= settings.growth_difference_max
            as is_within,
        coalesce(growth.is_of_parts, false) as is_independent,
        growth.refusal,
        latest.provenance,
        latest.publication,
        latest.url,
        growth.source_id as growth_source_id,
        latest.source_id
    from latest
    cross join settings
    left join growth
        on latest.region_code = growth.region_code and latest.year = growth.year
    where latest.edition_rank = 1

)

select * from final
order by region_code, year
