{% set indicators = ['energy_tce', 'co2_t'] %}

with tests as (

    select * from {{ ref('disclosure_tests') }}
    where industry_code is null

),

origins as (

    select
        park_id,
        year,
        max(origin_rank) as origin_rank
    from {{ ref('int_disclosure__contributions_united') }}
    group by park_id, year

),

spread as (

    select
        park_id,
        year,
        {% for indicator in indicators %}
            max(case when indicator = '{{ indicator }}' then suppression end)
                as {{ indicator }}_suppression,
            max(
                case when indicator = '{{ indicator }}' and suppression = 'none' then cell_value end
            ) as {{ indicator }},
        {% endfor %}
        max(
            case
                when indicator = 'energy_tce' and suppression = 'none' then contributor_count
            end
        ) as contributor_count
    from tests
    group by park_id, year

),

final as (

    select
        spread.park_id,
        spread.year,
        '{{ var("default_method") }}' as default_method,
        spread.contributor_count,
        spread.energy_tce,
        case
            when spread.energy_tce_suppression is null then 'not_available'
            when spread.energy_tce_suppression = 'none' then 'reported'
            else 'suppressed'
        end as value_status,
        spread.co2_t,
        case
            when spread.co2_t_suppression is null then 'not_available'
            when spread.co2_t_suppression = 'none' then 'reported'
            else 'suppressed'
        end as co2_value_status,
        {{ origin_of_rank('greatest(2, origins.origin_rank)') }} as origin
    from spread
    inner join origins
        on spread.park_id = origins.park_id and spread.year = origins.year

)

select * from final
order by park_id, year
