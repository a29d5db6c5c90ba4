-- Products, materials and gas lost of each method, with the factor: that of the return, else that
-- of the product. Of a plant that returns its feedstock, a product that the method holds to a
-- carbon balance emits nothing by itself: the carbon of the feedstock does (a line of the fuel),
-- less what the product holds. All its feedstock must have a factor, and no such product one of its
-- own.
with process_returned as (

    select
        *,
        max(vintage) over (partition by park_id, enterprise_id, year) as newest_vintage
    from {{ ref('stg_park_returns__process') }}
    where {{ is_known_vintage('vintage') }}

),

process_factors as (

    select * from {{ ref('park_process_factors') }}

),

members as (

    select * from {{ ref('int_park__members_placed') }}

),

feedstocks as (

    select
        method,
        park_id,
        enterprise_id,
        year,
        sum(quantity) as quantity,
        bool_and(gas_t_per_quantity is not null) as is_known
    from {{ ref('int_park__fuel_lines') }}
    where entry = 'process'
    group by method, park_id, enterprise_id, year

),

-- The gases that a return speaks of: the one it names, else those that any method knows of the
-- product. A method that counts none of them has no line.
product_gases as (

    select distinct
        process_product,
        gas
    from process_factors

),

method_gases as (

    select distinct
        method,
        gas
    from process_factors

),

gases_returned as (

    select
        returned.*,
        coalesce(returned.gas, product_gases.gas, 'co2') as emitted_gas,
        case
            when coalesce(returned.gas, 'co2') = coalesce(returned.gas, product_gases.gas, 'co2')
                then returned.gas_t_per_t
        end as own_gas_t_per_t
    from process_returned as returned
    left join product_gases
        on
            case when returned.gas is null then returned.process_product end
            = product_gases.process_product
    where returned.vintage = returned.newest_vintage

),

balanced_products as (

    select distinct
        method,
        process_product,
        gas,
        carbon_t_per_t
    from process_factors
    where carbon_t_per_t is not null

),

matched as (

    select
        method_gases.method,
        members.park_id,
        members.enterprise_id,
        returned.year,
        coalesce(process_factors.entry, 'process') as entry,
        returned.process_product,
        returned.process_route,
        returned.gas as returned_gas,
        returned.emitted_gas as gas,
        returned.process_quantity_t * members.member_share as quantity,
        returned.own_gas_t_per_t,
        process_factors.gas_t_per_t,
        balanced_products.carbon_t_per_t,
        process_factors.clause_id,
        process_factors.source_id as factor_source_id,
        {{ origin_rank('process_factors.origin') }} as factor_origin_rank,
        {{ origin_rank('returned.origin') }} as origin_rank,
        returned.source_id
    from gases_returned as returned
    inner join method_gases on returned.emitted_gas = method_gases.gas
    inner join members
        on
            returned.park_id = members.list_park_id
            and returned.enterprise_id = members.list_enterprise_id
            and returned.year = members.year
    left join process_factors
        on
            method_gases.method = process_factors.method
            and returned.process_product = process_factors.process_product
            and coalesce(returned.process_route, '') = coalesce(process_factors.process_route, '')
            and returned.emitted_gas = process_factors.gas
            and returned.year >= process_factors.year_from
            and returned.year <= process_factors.year_to
    left join balanced_products
        on
            method_gases.method = balanced_products.method
            and returned.process_product = balanced_products.process_product
            and returned.emitted_gas = balanced_products.gas

),

balances as (

    select
        matched.method,
        matched.park_id,
        matched.enterprise_id,
        matched.year
    from matched
    inner join feedstocks
        on
            matched.method = feedstocks.method
            and matched.park_id = feedstocks.park_id
            and matched.enterprise_id = feedstocks.enterprise_id
            and matched.year = feedstocks.year
    where matched.carbon_t_per_t is not null and feedstocks.is_known and feedstocks.quantity > 0
    group by matched.method, matched.park_id, matched.enterprise_id, matched.year
    having count(matched.own_gas_t_per_t) = 0

),

described as (

    select
        matched.*,
        balances.park_id is not null and matched.carbon_t_per_t is not null as is_balanced
    from matched
    left join balances
        on
            matched.method = balances.method
            and matched.park_id = balances.park_id
            and matched.enterprise_id = balances.enterprise_id
            and matched.year = balances.year

),

final as (

    select
        method,
        park_id,
        year,
        entry,
        enterprise_id,
        process_product,
        process_route,
        returned_gas,
        gas,
        case when is_balanced and carbon_t_per_t > 0 then -1 else 1 end as sign,
        quantity,
        case
            when is_balanced then carbon_t_per_t * {{ constant('co2_per_carbon') }}
            else coalesce(own_gas_t_per_t, gas_t_per_t)
        end as gas_t_per_quantity,
        clause_id,
        method || '.' || entry || '.' || process_product || coalesce('.' || process_route, '')
            as factor_id,
        case when own_gas_t_per_t is null then factor_source_id else source_id end
            as factor_source_id,
        case
            when is_balanced then 'carbon_balance'
            when own_gas_t_per_t is not null then 'measured_factor'
            when gas_t_per_t is null then 'no_factor'
            else 'returned'
        end as value_status,
        greatest(
            origin_rank,
            case
                when own_gas_t_per_t is null and factor_source_id is not null
                    then factor_origin_rank
                else 1
            end
        ) as origin_rank,
        source_id
    from described

)

select * from final
-- What is summed from it adds in this order in every run.
order by
    method, park_id, year, enterprise_id, process_product, process_route, gas, returned_gas
