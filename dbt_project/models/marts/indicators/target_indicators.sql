-- What targets are set for, year by year: absolute quantities, and intensities at constant prices,
-- as targets of intensity are meant. `activity` is what an intensity is multiplied with to give the
-- quantity it allows. What a quantity covers (`boundary`) and which emissions (`scope`) follow from
-- the method. Two years compare where `series_key` is one: the edition or chain of the product, and
-- the data year of the grid factor where it counts. A year that lacks a refused cell is left out.
-- CO2 by an assessment account stands beside that by the methods, with the account as its method;
-- the factor of the power that it takes in is part of its rules and breaks no series. What nothing
-- held computes stands as it was returned, under the default method. `preference` says which way is
-- better.
with region_year as (

    select * from {{ ref('region_year') }}

),

kaya_factors as (

    select * from {{ ref('kaya_factors') }}

),

economy as (

    select * from {{ ref('int_economy__values_compared') }}
    where constant_10k_cny is not null

),

methods as (

    select * from {{ ref('methods') }}

),

assessment_account as (

    select * from {{ ref('assessment_account') }}
    where assessed_co2_t is not null

),

balance as (

    select * from {{ ref('region_balance') }}
    where total_consumption_tce is not null

),

fuels as (

    select * from {{ ref('fuels') }}
    where fuel_group = 'oil' and not is_aggregate

),

oil as (

    select
        balance.region_code,
        balance.year,
        sum(balance.total_consumption_tce) as oil_tce
    from balance
    inner join fuels on balance.fuel_code = fuels.fuel_code
    group by balance.region_code, balance.year

),

measures as (

    select * from {{ ref('assessment_measures') }}

),

returned as (

    select * from {{ ref('int_assessment__values_returned') }}
    where reached_value is not null

),

scopes as (

    select
        method,
        case
            when count(case when account = 'territorial' and scope = '2' then 1 end) > 0
                then 'direct_and_indirect'
            else 'direct'
        end as territorial_scope,
        case
            when count(case when account = 'industrial' and scope = '2' then 1 end) > 0
                then 'direct_and_indirect'
            else 'direct'
        end as industrial_scope
    from {{ ref('balance_row_rules') }}
    group by method

),

joined as (

    select
        region_year.region_code,
        region_year.method,
        region_year.year,
        region_year.coal_t,
        oil.oil_tce,
        region_year.co2_t,
        region_year.industrial_co2_t,
        region_year.energy_tce,
        kaya_factors.industrial_energy_tce,
        gdp.constant_10k_cny as gdp_10k_cny,
        gdp.series_key as gdp_key,
        'none' || coalesce(
            '|' || cast(region_year.grid_factor_year as {{ type_name('varchar') }}), ''
        ) as grid_key,
        gdp.series_key || coalesce(
            '|' || cast(region_year.grid_factor_year as {{ type_name('varchar') }}), ''
        ) as co2_key,
        industry.constant_10k_cny as industrial_value_added_10k_cny,
        industry.series_key as industry_key,
        scopes.territorial_scope,
        case
            when methods.industrial_basis = 'industrial_use_above_size'
                then scopes.industrial_scope
            else 'direct'
        end as industrial_scope,
        case
            when methods.industrial_basis = 'industrial_use_above_size' then 'above_size_industry'
            else 'industry'
        end as industrial_boundary,
        greatest({{ origin_rank('region_year.origin') }}, 2) as origin_rank
    from region_year
    inner join methods on region_year.method = methods.method
    inner join scopes on region_year.method = scopes.method
    left join oil
        on region_year.region_code = oil.region_code and region_year.year = oil.year
    left join economy as gdp
        on
            region_year.region_code = gdp.region_code
            and region_year.year = gdp.year
            and gdp.indicator = 'gdp'
    left join economy as industry
        on
            region_year.region_code = industry.region_code
            and region_year.year = industry.year
            and industry.indicator = 'industrial_value_added'
    left join kaya_factors
        on
            region_year.region_code = kaya_factors.region_code
            and region_year.method = kaya_factors.method
            and region_year.year = kaya_factors.year
    where region_year.is_complete

),

long as (

    {% for indicator, quantity, activity, key, unit, boundary, co2_scope in [
        ('coal_t', 'coal_t', none, "'none'", 't', "'region'", "'none'"),
        ('oil_tce', 'oil_tce', none, "'none'", 'tce', "'region'", "'none'"),
        ('co2_t', 'co2_t', none, 'grid_key', 't', "'region'", 'territorial_scope'),
        (
            'co2_t_per_gdp', 'co2_t', 'gdp_10k_cny', 'co2_key', 't', "'region'",
            'territorial_scope',
        ),
        (
            'energy_tce_per_gdp', 'energy_tce', 'gdp_10k_cny', 'gdp_key', 'tce',
            "'region'", "'none'",
        ),
        (
            'industrial_co2_t_per_industrial_va', 'industrial_co2_t', 'industrial_value_added_10k_cny',
            'industry_key', 't', 'industrial_boundary', 'industrial_scope',
        ),
        (
            'energy_tce_per_industrial_va', 'industrial_energy_tce', 'industrial_value_added_10k_cny',
            'industry_key', 'tce', "'industry'", "'none'",
        ),
    ] %}
        select
            region_code,
            method,
            year,
            '{{ indicator }}' as indicator,
            {% if activity %}
                {{ quantity }} / nullif({{ activity }}, 0) as value,
                {{ activity }} as activity,
            {% else %}
                {{ quantity }} as value,
                1e0 as activity,
            {% endif %}
            {{ key }} as series_key,
            '{{ unit }}' as quantity_unit,
            {{ boundary }} as boundary,
            {{ co2_scope }} as co2_scope,
            origin_rank
        from joined
        union all
    {% endfor %}
    {% for indicator, value, activity, key in [
        ('co2_t', 'assessed_co2_t', '1e0', "'none'"),
        ('co2_t_per_gdp', 'assessed_co2_t_per_gdp', 'constant_10k_cny', 'series_key'),
    ] %}
        select
            region_code,
            account_id as method,
            year,
            '{{ indicator }}' as indicator,
            {{ value }} as value,
            {{ activity }} as activity,
            {{ key }} as series_key,
            't' as quantity_unit,
            'region' as boundary,
            'direct_and_indirect' as co2_scope,
            {{ origin_rank('origin') }} as origin_rank
        from assessment_account
        union all
    {% endfor %}
    select
        region_code,
        '{{ var("default_method") }}' as method,
        year,
        indicator,
        reached_value as value,
        1e0 as activity,
        'returned' as series_key,
        unit as quantity_unit,
        'region' as boundary,
        'none' as co2_scope,
        origin_rank
    from returned

),

final as (

    select
        long.region_code,
        long.method,
        long.year,
        long.indicator,
        long.value,
        long.activity,
        long.series_key,
        long.quantity_unit,
        long.boundary,
        long.co2_scope,
        measures.preference,
        long.origin_rank
    from long
    inner join measures on long.indicator = measures.indicator
    where long.value is not null

)

select * from final
order by region_code, method, year, indicator
