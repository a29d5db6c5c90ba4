{% set power_items = {'thermal_power': 'electricity', 'heating_supply': 'heat'} %}

-- Two views of one total. Production: what is emitted inside plus net import of electricity at the
-- grid's factor. Use: the emissions of power and heat plants and of the import, spread over those
-- who use electricity and heat, and the losses. A city draws on the pool of its province.
with emissions as (

    select * from {{ ref('int_co2__emissions_calculated') }}
    where account = 'end_use'

),

series as (

    select * from {{ ref('int_energy__series_standardised') }}
    where is_latest_vintage and quantity is not null

),

regions as (

    select * from {{ ref('regions') }}

),

grid_factors as (

    select * from {{ ref('int_co2__grid_factors_placed') }}

),

refusals as (

    select * from {{ ref('int_co2__refusals_counted') }}
    where account = 'end_use'

),

imports as (

    select
        series.region_code,
        series.year,
        grid_factors.method,
        series.quantity * grid_factors.co2_t_per_mwh as co2_t,
        greatest(
            2, series.origin_rank, {{ origin_rank('grid_factors.origin') }}
        ) as origin_rank
    from series
    inner join grid_factors
        on
            series.region_code = grid_factors.region_code
            and series.year >= grid_factors.year_from
            and series.year <= grid_factors.year_to
    where series.balance_item = 'net_electricity_import'

),

-- What is burnt for power and for heat; what division 44 uses besides stays its own.
burnt_for as (

    select
        emissions.region_code,
        emissions.year,
        emissions.method,
        {% for item, carrier in power_items.items() %}
            sum(case when emissions.balance_item = '{{ item }}' then emissions.co2_t else 0 end)
                as {{ carrier }}_co2_t,
        {% endfor %}
        max(greatest(2, emissions.origin_rank, emissions.factor_origin_rank)) as origin_rank
    from emissions
    where emissions.scope = '1' and emissions.balance_item in ('thermal_power', 'heating_supply')
    group by emissions.region_code, emissions.year, emissions.method

),

used as (

    select
        series.region_code,
        series.year,
        series.balance_item,
        series.industry_code,
        series.fuel_code as carrier,
        series.quantity,
        series.split_origin_rank as origin_rank
    from series
    where
        series.fuel_code in ('electricity', 'heat')
        and series.balance_item in ('final_consumption', 'loss')

),

use_totals as (

    select
        region_code,
        year,
        carrier,
        sum(quantity) as quantity
    from used
    group by region_code, year, carrier

),

pools as (

    select
        burnt_for.region_code,
        burnt_for.year,
        burnt_for.method,
        use_totals.carrier,
        case
            when use_totals.carrier = 'electricity'
                then burnt_for.electricity_co2_t + imports.co2_t
            else burnt_for.heat_co2_t
        end / nullif(use_totals.quantity, 0) as co2_t_per_quantity,
        greatest(burnt_for.origin_rank, imports.origin_rank) as origin_rank
    from burnt_for
    inner join imports
        on
            burnt_for.region_code = imports.region_code
            and burnt_for.year = imports.year
            and burnt_for.method = imports.method
    inner join use_totals
        on burnt_for.region_code = use_totals.region_code and burnt_for.year = use_totals.year

),

-- The pool of the parent where it has one: electricity does not stop at a city's boundary.
pool_of as (

    select
        regions.region_code,
        own.year,
        own.method,
        own.carrier,
        coalesce(parent.region_code, own.region_code) as pool_region_code,
        coalesce(parent.co2_t_per_quantity, own.co2_t_per_quantity) as co2_t_per_quantity,
        coalesce(parent.origin_rank, own.origin_rank) as origin_rank
    from pools as own
    inner join regions on own.region_code = regions.region_code
    left join pools as parent
        on
            regions.parent_code = parent.region_code
            and own.year = parent.year
            and own.method = parent.method
            and own.carrier = parent.carrier

),

united as (

    select
        region_code,
        year,
        method,
        'production' as view_name,
        'scope_1' as component,
        industry_code,
        co2_t,
        greatest(2, split_origin_rank, factor_origin_rank) as origin_rank
    from emissions
    where scope = '1'
    union all
    select
        region_code,
        year,
        method,
        'production' as view_name,
        'net_import' as component,
        'TOT' as industry_code,
        co2_t,
        origin_rank
    from imports
    union all
    select
        region_code,
        year,
        method,
        'use' as view_name,
        'direct' as component,
        industry_code,
        co2_t,
        greatest(2, split_origin_rank, factor_origin_rank) as origin_rank
    from emissions
    where scope = '1' and balance_item not in ('thermal_power', 'heating_supply')
    union all
    select
        used.region_code,
        used.year,
        pool_of.method,
        'use' as view_name,
        case when used.balance_item = 'loss' then 'losses' else used.carrier end as component,
        used.industry_code,
        used.quantity * pool_of.co2_t_per_quantity as co2_t,
        greatest(used.origin_rank, pool_of.origin_rank) as origin_rank
    from used
    inner join pool_of
        on
            used.region_code = pool_of.region_code
            and used.year = pool_of.year
            and used.carrier = pool_of.carrier

),

-- Without the balance or the net import of the year neither view is whole.
whole_years as (

    select distinct
        region_code,
        year,
        method
    from pools

),

final as (

    select
        united.region_code,
        united.year,
        united.method,
        united.view_name,
        united.component,
        united.industry_code,
        sum(united.co2_t) as co2_t,
        -- A city draws on the pool of its province, so what that lacks it lacks too.
        max(own.region_code) is null and max(parent.region_code) is null as is_complete,
        {{ origin_of_rank('max(united.origin_rank)') }} as origin
    from united
    inner join regions on united.region_code = regions.region_code
    inner join whole_years
        on
            united.region_code = whole_years.region_code
            and united.year = whole_years.year
            and united.method = whole_years.method
    left join refusals as own
        on
            united.region_code = own.region_code
            and united.year = own.year
            and united.method = own.method
    left join refusals as parent
        on
            regions.parent_code = parent.region_code
            and united.year = parent.year
            and united.method = parent.method
    group by
        united.region_code, united.year, united.method, united.view_name, united.component,
        united.industry_code

)

select * from final
order by region_code, year, method, view_name, component, industry_code
