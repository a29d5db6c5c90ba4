{% set terms = [
    'primary_production', 'recovered_energy', 'net_inflow', 'stock_change', 'supply',
    'net_transformation_input', 'loss', 'final_consumption', 'difference', 'total_consumption',
] %}
{% set measures = terms + ['transformation_input', 'transformation_output'] %}

with series as (

    select * from {{ ref('int_energy__series_standardised') }}
    where is_latest_vintage and energy_tce is not null

),

region_balance_terms as (

    select * from {{ ref('region_balance_terms') }}

),

fuels as (

    select * from {{ ref('fuels') }}
    where not is_aggregate

),

cells_missing as (

    select * from {{ ref('int_energy__cells_missing') }}

),

-- A refused cell of a row of the balance; where its fuel is not known, it may be of any.
incomplete as (

    select distinct
        cells_missing.region_code,
        cells_missing.year,
        fuels.fuel_code
    from cells_missing
    inner join region_balance_terms
        on
            coalesce(cells_missing.balance_item, region_balance_terms.balance_item)
            = region_balance_terms.balance_item
    inner join fuels on coalesce(cells_missing.fuel_code, fuels.fuel_code) = fuels.fuel_code

),

incomplete_and_total as (

    select * from incomplete
    union
    select
        region_code,
        year,
        'energy_total' as fuel_code
    from incomplete

),

termed as (

    select
        series.region_code,
        series.year,
        series.fuel_code,
        region_balance_terms.balance_term,
        series.energy_tce,
        series.origin_rank
    from series
    inner join region_balance_terms on series.balance_item = region_balance_terms.balance_item
    inner join fuels on series.fuel_code = fuels.fuel_code

),

by_fuel as (

    select
        region_code,
        year,
        fuel_code,
        1 as fuel_count,
        {% for term in terms %}
            sum(case when balance_term = '{{ term }}' then energy_tce end) as {{ term }}_tce,
        {% endfor %}
        sum(case when balance_term = 'process' and energy_tce > 0 then energy_tce end)
            as transformation_input_tce,
        sum(case when balance_term = 'process' and energy_tce < 0 then -1 * energy_tce end)
            as transformation_output_tce,
        max(origin_rank) as origin_rank
    from termed
    group by region_code, year, fuel_code

),

all_fuels as (

    select
        region_code,
        year,
        'energy_total' as fuel_code,
        count(*) as fuel_count,
        {% for measure in measures %}
            sum({{ measure }}_tce) as {{ measure }}_tce,
        {% endfor %}
        max(origin_rank) as origin_rank
    from by_fuel
    group by region_code, year

),

united as (

    select
        region_code,
        year,
        fuel_code,
        fuel_count,
        {% for measure in measures %}
            {{ measure }}_tce,
        {% endfor %}
        origin_rank
    from by_fuel
    union all
    select
        region_code,
        year,
        fuel_code,
        fuel_count,
        {% for measure in measures %}
            {{ measure }}_tce,
        {% endfor %}
        origin_rank
    from all_fuels

),

final as (

    select
        united.region_code,
        united.year,
        united.fuel_code,
        cast(united.fuel_count as integer) as fuel_count,
        {% for measure in measures %}
            united.{{ measure }}_tce,
        {% endfor %}
        case
            when united.supply_tce > 0 then united.primary_production_tce / united.supply_tce
        end as self_sufficiency_rate,
        case
            when united.fuel_code = 'energy_total'
                then
                    united.transformation_output_tce / nullif(united.transformation_input_tce, 0)
        end as transformation_efficiency_rate,
        case when united.supply_tce > 0 then united.loss_tce / united.supply_tce end as loss_rate,
        case when united.supply_tce > 0 then united.difference_tce / united.supply_tce end
            as difference_rate,
        lacking.region_code is null as is_complete,
        {{ origin_of_rank('greatest(2, united.origin_rank)') }} as origin
    from united
    left join incomplete_and_total as lacking
        on
            united.region_code = lacking.region_code
            and united.year = lacking.year
            and united.fuel_code = lacking.fuel_code

)

select * from final
order by region_code, year, fuel_code
