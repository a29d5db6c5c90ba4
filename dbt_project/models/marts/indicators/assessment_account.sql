-- CO2 of regions by the assessment account: total consumption of coal, oil and gas in standard coal
-- times a factor each, and the net import of power times the factor of the regional grid, which is
-- what is told of a method whose text is not held. Nothing is fitted to the official intensities:
-- quality.assessment_residuals says how far it is from them.
with balance as (

    select * from {{ ref('region_balance') }}
    where total_consumption_tce is not null

),

fuels as (

    select * from {{ ref('fuels') }}
    where not is_aggregate

),

accounts as (

    select * from {{ ref('assessment_accounts') }}

),

standards as (

    select * from {{ ref('standards') }}

),

regions as (

    select * from {{ ref('regions') }}

),

power as (

    select
        region_code,
        year,
        net_import_mwh,
        net_import_co2_t / nullif(net_import_mwh, 0) as import_co2_t_per_mwh
    from {{ ref('province_electricity') }}

),

economy as (

    select * from {{ ref('int_economy__values_compared') }}
    where indicator = 'gdp' and constant_10k_cny is not null

),

electricity_use as (

    select
        region_code,
        year,
        sum(quantity) as total_mwh
    from {{ ref('int_energy__series_standardised') }}
    where is_latest_vintage and balance_item = 'total_consumption' and fuel_code = 'electricity'
    group by region_code, year

),

fuel_sums as (

    select
        balance.region_code,
        balance.year,
        accounts.account_id,
        max(accounts.clause_id) as clause_id,
        sum(case when accounts.counted_as = 'coal' then balance.total_consumption_tce end)
            as coal_and_coke_tce,
        sum(case when accounts.counted_as = 'oil' then balance.total_consumption_tce end)
            as oil_tce,
        sum(case when accounts.counted_as = 'gas' then balance.total_consumption_tce end)
            as gas_tce,
        sum(balance.total_consumption_tce * accounts.co2_t_per_tce) as fuel_co2_t,
        count(case when not balance.is_complete then 1 end) as incomplete_count,
        max({{ origin_rank('balance.origin') }}) as origin_rank
    from balance
    inner join fuels on balance.fuel_code = fuels.fuel_code
    inner join accounts on fuels.fuel_group = accounts.fuel_group
    group by balance.region_code, balance.year, accounts.account_id

),

joined as (

    select
        fuel_sums.*,
        -- A city without generation takes all that it uses; a province is not taken for one.
        case
            when own_power.net_import_mwh is not null then own_power.net_import_mwh
            when regions.region_code <> regions.province_code then electricity_use.total_mwh
        end as assessed_import_mwh,
        power.import_co2_t_per_mwh,
        economy.constant_10k_cny,
        economy.series_key,
        case
            when fuel_sums.incomplete_count > 0 then 'cells_missing'
            when power.net_import_mwh is null then 'no_net_import'
            when power.import_co2_t_per_mwh is null then 'no_grid_factor'
            when coalesce(own_power.net_import_mwh, electricity_use.total_mwh) is null
                then 'no_electricity'
        end as refusal
    from fuel_sums
    inner join regions on fuel_sums.region_code = regions.region_code
    left join power
        on regions.province_code = power.region_code and fuel_sums.year = power.year
    left join power as own_power
        on
            fuel_sums.region_code = own_power.region_code
            and fuel_sums.year = own_power.year
    left join electricity_use
        on
            fuel_sums.region_code = electricity_use.region_code
            and fuel_sums.year = electricity_use.year
    left join economy
        on fuel_sums.region_code = economy.region_code and fuel_sums.year = economy.year

),

valued as (

    select
        *,
        case
            when refusal is null then fuel_co2_t + assessed_import_mwh * import_co2_t_per_mwh
        end as assessed_co2_t
    from joined

),

final as (

    select
        valued.region_code,
        valued.year,
        valued.account_id,
        valued.coal_and_coke_tce,
        valued.oil_tce,
        valued.gas_tce,
        valued.assessed_import_mwh,
        valued.import_co2_t_per_mwh,
        valued.assessed_co2_t,
        valued.constant_10k_cny,
        valued.series_key,
        valued.assessed_co2_t / nullif(valued.constant_10k_cny, 0) as assessed_co2_t_per_gdp,
        valued.refusal,
        valued.clause_id,
        standards.clause_status,
        {{ origin_of_rank('greatest(2, valued.origin_rank)') }} as origin
    from valued
    left join standards on valued.clause_id = standards.clause_id

)

select * from final
order by region_code, year, account_id
