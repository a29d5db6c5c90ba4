-- Each run of the city model beside the series it is to be judged by. An inventory counts more than
-- the balance of the region (its cities add up to more), so shares and growth say more than tonnes.
with runs as (

    select * from {{ ref('stg_city_model__held_back_runs') }}
    where {{ is_known_vintage('vintage') }}

),

series_of_runs as (

    select * from {{ ref('model_validation_series') }}

),

regions as (

    select * from {{ ref('regions') }}

),

inventories as (

    select * from {{ ref('region_co2_published') }}

),

electricity as (

    select * from {{ ref('region_energy') }}
    where
        balance_item = 'electricity_use'
        and fuel_code = 'electricity'
        and is_latest_vintage
        and origin = 'observed'

),

bulletins as (

    select * from {{ ref('stg_government_bulletins__area_energy') }}
    where {{ is_known_vintage('vintage') }} and area_kind = 'city' and co2_t_per_gdp is not null

),

economy as (

    select * from {{ ref('city_economy') }}

),

city_groups as (

    select
        group_id,
        region_code,
        count(*) over (partition by group_id) as region_count
    from {{ ref('reconciliation_groups') }}

),

figures as (

    select
        published_figures.report_id,
        published_figures.figure_id,
        published_figures.region_code,
        published_figures.year,
        published_figures.value * published_figures.scale as value,
        published_figures.source_id,
        metrics.indicator_id
    from {{ ref('published_figures') }} as published_figures
    inner join {{ ref('report_metrics') }} as metrics
        on
            published_figures.report_id = metrics.report_id
            and published_figures.figure_id = metrics.figure_id

),

observed as (

    select
        inventory as series,
        'territorial_co2_t' as indicator,
        region_code,
        year,
        co2_t as value,
        source_id
    from inventories
    union all
    select
        'city_electricity' as series,
        'final_electricity_mwh' as indicator,
        region_code,
        year,
        quantity as value,
        source_id
    from electricity

),

modelled as (

    {% for indicator in ['territorial_co2_t', 'final_electricity_mwh'] %}
        select
            run,
            region_code,
            year,
            '{{ indicator }}' as indicator,
            {{ indicator }} as value
        from runs
        {% if not loop.last %}union all{% endif %}
    {% endfor %}

),

-- A run of one city stands in the whole of the full run.
wholes as (

    select
        indicator,
        region_code,
        year,
        value
    from modelled
    where run = 'full'

),

paired as (

    select
        modelled.run,
        observed.series,
        modelled.indicator,
        modelled.region_code,
        regions.parent_code,
        modelled.year,
        modelled.value as modelled_value,
        observed.value as series_value,
        wholes.value as whole_value,
        observed.source_id
    from modelled
    inner join series_of_runs on modelled.run = series_of_runs.run
    inner join observed
        on
            series_of_runs.series = observed.series
            and modelled.indicator = observed.indicator
            and modelled.region_code = observed.region_code
            and modelled.year = observed.year
    inner join regions on modelled.region_code = regions.region_code
    inner join wholes
        on
            modelled.indicator = wholes.indicator
            and modelled.region_code = wholes.region_code
            and modelled.year = wholes.year

),

shared as (

    select
        *,
        modelled_value / nullif(sum(whole_value) over whole_region, 0) as modelled_share,
        series_value / nullif(sum(series_value) over whole_region, 0) as observed_share,
        min(year) over (partition by run, series, indicator, region_code) as first_year,
        max(year) over (partition by run, series, indicator, region_code) as last_year
    from paired
    window
        whole_region as (
            partition by run, series, indicator, parent_code, year
            order by region_code
            rows between unbounded preceding and unbounded following
        )

),

-- From the first year that both have to the last.
growth as (

    select
        last_ones.run,
        last_ones.series,
        last_ones.indicator,
        last_ones.region_code,
        last_ones.year,
        first_ones.year as base_year,
        last_ones.modelled_value / nullif(first_ones.modelled_value, 0) - 1 as modelled_value,
        last_ones.series_value / nullif(first_ones.series_value, 0) - 1 as series_value,
        last_ones.source_id
    from shared as last_ones
    inner join shared as first_ones
        on
            last_ones.run = first_ones.run
            and last_ones.series = first_ones.series
            and last_ones.indicator = first_ones.indicator
            and last_ones.region_code = first_ones.region_code
            and last_ones.first_year = first_ones.year
    where last_ones.year = last_ones.last_year and last_ones.year > last_ones.first_year

),

-- Sums of doubles, in the order of a key.
runs_of_groups as (

    select
        runs.run,
        runs.year,
        regions.parent_code,
        city_groups.group_id,
        city_groups.region_count,
        runs.region_code = city_groups.region_code as is_in_group,
        runs.coal_t,
        runs.report_co2_t
    from runs
    inner join regions on runs.region_code = regions.region_code
    cross join city_groups
    order by runs.run, runs.year, city_groups.group_id, runs.region_code, city_groups.region_code

),

-- What named regions have of the whole.
group_shares as (

    {% for part, column in {'coal': 'coal_t', 'co2': 'report_co2_t'}.items() %}
        select
            run,
            year,
            parent_code as region_code,
            group_id || '_{{ part }}_share' as indicator_id,
            sum(case when is_in_group then {{ column }} end)
            / nullif(sum({{ column }}) / nullif(max(region_count), 0), 0) as value
        from runs_of_groups
        group by run, year, parent_code, group_id
        {% if not loop.last %}union all{% endif %}
    {% endfor %}

),

united as (

    select
        run,
        series,
        indicator,
        region_code,
        year,
        cast(null as integer) as base_year,
        cast(null as {{ type_name('varchar') }}) as report_id,
        cast(null as {{ type_name('varchar') }}) as figure_id,
        modelled_value,
        series_value,
        source_id
    from shared
    where indicator <> 'final_electricity_mwh'
    union all
    select
        run,
        series,
        indicator || '_share' as indicator,
        region_code,
        year,
        cast(null as integer) as base_year,
        cast(null as {{ type_name('varchar') }}) as report_id,
        cast(null as {{ type_name('varchar') }}) as figure_id,
        modelled_share as modelled_value,
        observed_share as series_value,
        source_id
    from shared
    union all
    select
        run,
        series,
        indicator || '_growth_rate' as indicator,
        region_code,
        year,
        base_year,
        cast(null as {{ type_name('varchar') }}) as report_id,
        cast(null as {{ type_name('varchar') }}) as figure_id,
        modelled_value,
        series_value,
        source_id
    from growth
    union all
    select
        runs.run,
        series_of_runs.series,
        'co2_t_per_gdp' as indicator,
        runs.region_code,
        runs.year,
        cast(null as integer) as base_year,
        cast(null as {{ type_name('varchar') }}) as report_id,
        cast(null as {{ type_name('varchar') }}) as figure_id,
        runs.report_co2_t / nullif(economy.gdp_10k_cny, 0) as modelled_value,
        bulletins.co2_t_per_gdp as series_value,
        bulletins.source_id
    from runs
    inner join series_of_runs
        on runs.run = series_of_runs.run and series_of_runs.series = 'government_bulletins'
    inner join bulletins
        on runs.region_code = bulletins.region_code and runs.year = bulletins.year
    inner join economy on runs.region_code = economy.region_code and runs.year = economy.year
    union all
    select
        group_shares.run,
        series_of_runs.series,
        group_shares.indicator_id as indicator,
        group_shares.region_code,
        group_shares.year,
        cast(null as integer) as base_year,
        figures.report_id,
        figures.figure_id,
        group_shares.value as modelled_value,
        figures.value as series_value,
        figures.source_id
    from group_shares
    inner join series_of_runs
        on group_shares.run = series_of_runs.run and series_of_runs.series = 'report'
    inner join figures
        on
            group_shares.indicator_id = figures.indicator_id
            and group_shares.region_code = figures.region_code
            and group_shares.year = figures.year

),

final as (

    select
        united.run,
        united.series,
        series_of_runs.is_held_back,
        united.indicator,
        case
            when united.indicator = 'co2_t_per_gdp' then 't_per_10k_cny'
            when united.indicator = 'final_electricity_mwh' then 'mwh'
            when united.indicator = 'industrial_energy_tce' then 'tce'
            when united.indicator in ('territorial_co2_t', 'report_co2_t', 'coal_t') then 't'
            else '1'
        end as unit,
        united.region_code,
        united.year,
        united.base_year,
        united.report_id,
        united.figure_id,
        united.modelled_value,
        united.series_value,
        united.modelled_value - united.series_value as difference,
        -- A rate may be near nothing: only its difference says something.
        case
            when united.base_year is null
                then united.modelled_value / nullif(united.series_value, 0) - 1
        end as relative_difference,
        'reconstructed' as origin,
        united.source_id
    from united
    inner join series_of_runs
        on united.run = series_of_runs.run and united.series = series_of_runs.series

)

select * from final
order by run, series, indicator, region_code, year
