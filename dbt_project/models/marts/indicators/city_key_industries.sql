-- R-IND and R-PROV: the fewest industries that reach the cumulative share of emissions, electricity
-- and heat bought included; what is always key stands apart and is not ranked.
with industry_co2 as (

    select * from {{ ref('int_co2__emissions_calculated') }}
    where account = 'end_use'

),

regions as (

    select * from {{ ref('regions') }}

),

industries as (

    select * from {{ ref('industries') }}

),

refusals as (

    select * from {{ ref('int_co2__refusals_counted') }}
    where account = 'end_use'

),

always_key_industries as (

    select * from {{ ref('always_key_industries') }}

),

-- Divisions are known where their final consumption is: power and heat are made everywhere.
emissions as (

    select
        industry_co2.region_code,
        industry_co2.year,
        industry_co2.method,
        industry_co2.industry_code,
        sum(industry_co2.co2_t) as co2_t,
        sum(case when industry_co2.scope = '1' then industry_co2.co2_t else 0 end) as direct_co2_t,
        sum(case when industry_co2.scope = '2' then industry_co2.co2_t else 0 end)
            as purchased_co2_t,
        sum(case when industry_co2.is_coal then industry_co2.quantity else 0 end) as coal_t,
        max(
            greatest(2, industry_co2.split_origin_rank, industry_co2.factor_origin_rank)
        ) as origin_rank
    from industry_co2
    inner join industries on industry_co2.industry_code = industries.industry_code
    inner join regions on industry_co2.region_code = regions.region_code
    where
        industries.is_industrial
        and industries.level in ('division', 'composite')
        and regions.level in ('prefecture', 'province')
    group by
        industry_co2.region_code, industry_co2.year, industry_co2.method,
        industry_co2.industry_code

),

with_divisions as (

    select
        emissions.region_code,
        emissions.year,
        emissions.method,
        sum(emissions.co2_t) as region_co2_t
    from emissions
    group by emissions.region_code, emissions.year, emissions.method
    having count(*) > 1

),

ranked as (

    select
        emissions.*,
        regions.level,
        regions.parent_code,
        with_divisions.region_co2_t,
        always_key_industries.rule as always_rule,
        always_key_industries.industry_code is not null as is_always_key,
        sum(case when always_key_industries.industry_code is null then emissions.co2_t end) over (
            partition by emissions.region_code, emissions.year, emissions.method
            order by emissions.industry_code
            rows between unbounded preceding and unbounded following
        ) as ranked_co2_t,
        row_number() over (
            partition by
                emissions.region_code, emissions.year, emissions.method,
                always_key_industries.industry_code
            order by
                {{ tie_value('emissions.co2_t', 'emissions.co2_t') }} desc,
                {{ tie_value('emissions.coal_t', 'emissions.coal_t') }} desc,
                emissions.industry_code asc
        ) as place
    from emissions
    inner join regions on emissions.region_code = regions.region_code
    inner join with_divisions
        on
            emissions.region_code = with_divisions.region_code
            and emissions.year = with_divisions.year
            and emissions.method = with_divisions.method
    left join always_key_industries
        on emissions.industry_code = always_key_industries.industry_code

),

shares as (

    select
        ranked.*,
        ranked.co2_t / nullif(ranked.ranked_co2_t, 0) as co2_share,
        case
            when not ranked.is_always_key
                then sum(ranked.co2_t) over (
                    partition by
                        ranked.region_code, ranked.year, ranked.method, ranked.is_always_key
                    order by ranked.place
                    rows between unbounded preceding and current row
                ) / nullif(ranked.ranked_co2_t, 0)
        end as cumulative_share,
        (ranked.co2_t / nullif(ranked.region_co2_t, 0))
        / nullif(parents.co2_t / nullif(parents.region_co2_t, 0), 0) as location_quotient
    from ranked
    left join ranked as parents
        on
            parents.region_code
            = case
                when ranked.level = 'province' then ranked.region_code
                else ranked.parent_code
            end
            and ranked.year = parents.year
            and ranked.method = parents.method
            and ranked.industry_code = parents.industry_code

),

limits as (

    select
        {{ threshold('key_industry_cumulative_share') }} as cumulative_share_limit,
        {{ threshold('key_industry_share_min') }} as share_min,
        {{ threshold('key_industry_location_quotient_min') }} as location_quotient_min,
        {{ threshold('key_industries_of_city_max') }} as city_max,
        {{ threshold('key_industries_of_province_max') }} as province_max

),

judged as (

    select
        shares.*,
        limits.cumulative_share_limit,
        limits.share_min,
        limits.location_quotient_min,
        case when shares.level = 'province' then limits.province_max else limits.city_max end
            as key_industries_max,
        case when shares.level = 'province' then 'R-PROV' else 'R-IND' end as ranking_rule
    from shares
    cross join limits

),

marked as (

    select
        *,
        is_always_key
        or (
            -- The industries before it do not reach the share yet.
            cumulative_share - co2_share < cumulative_share_limit
            and place <= key_industries_max
            and co2_share >= share_min
            -- Without a province to compare with, only a limit of none is met.
            and coalesce(location_quotient >= location_quotient_min, location_quotient_min = 0)
        ) as is_key
    from judged

),

-- A city of a province that is judged, without divisions of its own: no data, not zero.
without_divisions as (

    select
        regions.region_code,
        provinces.year,
        provinces.method
    from with_divisions as provinces
    inner join regions on provinces.region_code = regions.parent_code
    left join with_divisions as own
        on
            regions.region_code = own.region_code
            and provinces.year = own.year
            and provinces.method = own.method
    where
        regions.level = 'prefecture'
        and provinces.year between regions.year_from and regions.year_to
        and own.region_code is null

),

final as (

    select
        marked.region_code,
        marked.year,
        marked.method,
        marked.industry_code,
        'available' as data_status,
        marked.co2_t as end_use_co2_t,
        marked.direct_co2_t,
        marked.purchased_co2_t,
        marked.coal_t,
        case when not marked.is_always_key then marked.co2_share end as co2_share,
        marked.cumulative_share,
        marked.location_quotient,
        case when not marked.is_always_key then cast(marked.place as integer) end as rank,
        case when marked.is_key then 'key' else 'not_key' end as key_status,
        case when marked.is_key then coalesce(marked.always_rule, marked.ranking_rule) end as rule,
        marked.cumulative_share_limit,
        marked.share_min,
        cast(marked.key_industries_max as integer) as key_industries_max,
        marked.location_quotient_min,
        refusals.region_code is null as is_complete,
        {{ origin_of_rank('marked.origin_rank') }} as origin
    from marked
    left join refusals
        on
            marked.region_code = refusals.region_code
            and marked.year = refusals.year
            and marked.method = refusals.method
    union all
    select
        region_code,
        year,
        method,
        'BCD' as industry_code,
        'no_data' as data_status,
        cast(null as double) as end_use_co2_t,
        cast(null as double) as direct_co2_t,
        cast(null as double) as purchased_co2_t,
        cast(null as double) as coal_t,
        cast(null as double) as co2_share,
        cast(null as double) as cumulative_share,
        cast(null as double) as location_quotient,
        cast(null as integer) as rank,
        'no_data' as key_status,
        cast(null as {{ type_name('varchar') }}) as rule,
        cast(null as double) as cumulative_share_limit,
        cast(null as double) as share_min,
        cast(null as integer) as key_industries_max,
        cast(null as double) as location_quotient_min,
        false as is_complete,
        'derived' as origin
    from without_divisions

)

select * from final
order by region_code, year, method, rank nulls first, industry_code
