with tests as (

    select * from {{ ref('disclosure_tests') }}
    where indicator = 'energy_tce' and industry_code is not null

),

origins as (

    select
        park_id,
        year,
        industry_code,
        max(origin_rank) as origin_rank
    from {{ ref('int_disclosure__contributions_united') }}
    group by park_id, year, industry_code

),

final as (

    select
        tests.park_id,
        tests.year,
        tests.industry_code,
        case when tests.suppression = 'none' then tests.contributor_count end
            as contributor_count,
        case when tests.suppression = 'none' then tests.cell_value end as energy_tce,
        case when tests.suppression = 'none' then 'reported' else 'suppressed' end
            as value_status,
        {{ origin_of_rank('greatest(2, origins.origin_rank)') }} as origin
    from tests
    inner join origins
        on
            tests.park_id = origins.park_id
            and tests.year = origins.year
            and tests.industry_code = origins.industry_code

)

select * from final
order by park_id, year, industry_code
