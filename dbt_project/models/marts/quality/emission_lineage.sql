{% set input_columns = [
    'account', 'method', 'region_code', 'year', 'balance_item', 'industry_code', 'fuel_code', 'scope',
    'unit', 'input_role', 'input_dataset', 'input_balance_item', 'input_industry_code',
    'input_vintage',
] %}
{% set emission_columns = [
    'co2_t', 'co2e_t', 'quantity', 'origin', 'factor_id', 'co2_t_per_quantity',
] %}

-- The inputs that the accounts counted, taken down to their raw cells: `weight` and `quantity` come
-- from the chain that made the emission, nothing is counted again here. An emission of a region
-- has the one input that adds to it in its row; the keys by which a deduction was spread stand in
-- the inputs alone. Rows are in the order of the emissions: to sort them costs more than the rest.
with emissions as (

    select * from {{ ref('int_co2__emissions_calculated') }}

),

allocation_keys as (

    select * from {{ ref('int_co2__balance_inputs_counted') }}
    where input_role = 'allocation_key'

),

return_inputs as (

    select * from {{ ref('int_co2__return_inputs_counted') }}

),

energy_lineage as (

    select * from {{ ref('energy_lineage') }}

),

return_lineage as (

    select * from {{ ref('return_lineage') }}

),

enterprise_co2 as (

    select * from {{ ref('enterprise_co2_by_method') }}
    where co2_t is null

),

fuels as (

    select * from {{ ref('fuels') }}

),

inputs as (

    select
        {% for column in input_columns + emission_columns %}
            {{ column }},
        {% endfor %}
        weight
    from emissions
    where account <> 'park'
    union all
    select
        {% for column in input_columns %}
            allocation_keys.{{ column }},
        {% endfor %}
        {% for column in emission_columns %}
            emissions.{{ column }},
        {% endfor %}
        allocation_keys.weight
    from allocation_keys
    inner join emissions
        on
            allocation_keys.account = emissions.account
            and allocation_keys.method = emissions.method
            and allocation_keys.region_code = emissions.region_code
            and allocation_keys.year = emissions.year
            and allocation_keys.balance_item = emissions.balance_item
            and allocation_keys.industry_code = emissions.industry_code
            and allocation_keys.fuel_code = emissions.fuel_code
            and allocation_keys.scope = emissions.scope

),

regions_bridged as (

    select
        inputs.account,
        inputs.region_code,
        cast(null as {{ type_name('varchar') }}) as park_id,
        cast(null as {{ type_name('varchar') }}) as enterprise_id,
        inputs.year,
        inputs.method,
        inputs.balance_item,
        cast(null as {{ type_name('varchar') }}) as narrowest_boundary,
        inputs.industry_code,
        inputs.fuel_code,
        inputs.scope,
        inputs.co2_t,
        inputs.co2e_t,
        inputs.quantity,
        inputs.unit,
        inputs.origin,
        inputs.factor_id,
        inputs.co2_t_per_quantity,
        inputs.input_role,
        inputs.weight,
        cast(null as double) as outside_share,
        cast(null as double) as rule_weight,
        cast(null as double) as member_share,
        energy_lineage.quantity as cell_quantity,
        energy_lineage.file_name,
        energy_lineage.sheet_name,
        energy_lineage.row_number,
        energy_lineage.column_number,
        energy_lineage.column_name
    from inputs
    inner join energy_lineage
        on
            inputs.region_code = energy_lineage.region_code
            and inputs.year = energy_lineage.year
            and inputs.input_balance_item = energy_lineage.balance_item
            and inputs.input_industry_code = energy_lineage.industry_code
            and inputs.fuel_code = energy_lineage.fuel_code
            and inputs.input_vintage = energy_lineage.vintage
            and 'raw.' || inputs.input_dataset = energy_lineage.raw_table

),

enterprises_bridged as (

    select
        emissions.account,
        emissions.region_code,
        return_inputs.park_id,
        return_inputs.enterprise_id,
        return_inputs.year,
        return_inputs.method,
        cast(null as {{ type_name('varchar') }}) as balance_item,
        return_inputs.narrowest_boundary,
        return_inputs.industry_code,
        return_inputs.fuel_code,
        return_inputs.scope,
        emissions.co2_t,
        emissions.co2e_t,
        emissions.quantity,
        return_inputs.unit,
        emissions.origin,
        emissions.factor_id,
        emissions.co2_t_per_quantity,
        return_inputs.input_role,
        return_inputs.weight,
        return_inputs.outside_share,
        return_inputs.rule_weight,
        return_inputs.member_share,
        return_lineage.quantity as cell_quantity,
        return_lineage.file_name,
        return_lineage.sheet_name,
        return_lineage.row_number,
        cast(null as bigint) as column_number,
        return_lineage.column_name
    from return_inputs
    left join emissions
        on
            return_inputs.method = emissions.method
            and return_inputs.park_id = emissions.park_id
            and return_inputs.enterprise_id = emissions.enterprise_id
            and return_inputs.year = emissions.year
            and return_inputs.fuel_code = emissions.fuel_code
            and return_inputs.scope = emissions.scope
    inner join return_lineage
        on
            return_inputs.list_park_id = return_lineage.park_id
            and return_inputs.list_enterprise_id = return_lineage.enterprise_id
            and return_inputs.year = return_lineage.year
            and return_inputs.fuel_code = return_lineage.fuel_code
            and return_inputs.input_flow = return_lineage.flow

),

parks as (

    select * from {{ ref('parks') }}

),

units as (

    select * from {{ ref('int_park__units') }}

),

-- An enterprise of which the method counts nothing has a row without CO2: its cells weigh nothing.
not_counted as (

    select
        'park' as account,
        parks.region_code,
        enterprise_co2.park_id,
        enterprise_co2.enterprise_id,
        enterprise_co2.year,
        enterprise_co2.method,
        cast(null as {{ type_name('varchar') }}) as balance_item,
        enterprise_co2.narrowest_boundary,
        enterprise_co2.industry_code,
        return_lineage.fuel_code,
        enterprise_co2.scope,
        cast(null as double) as co2_t,
        cast(null as double) as co2e_t,
        cast(null as double) as quantity,
        return_lineage.unit,
        enterprise_co2.origin,
        cast(null as {{ type_name('varchar') }}) as factor_id,
        cast(null as double) as co2_t_per_quantity,
        'not_counted' as input_role,
        cast(0 as double) as weight,
        cast(null as double) as outside_share,
        cast(null as double) as rule_weight,
        cast(null as double) as member_share,
        return_lineage.quantity as cell_quantity,
        return_lineage.file_name,
        return_lineage.sheet_name,
        return_lineage.row_number,
        cast(null as bigint) as column_number,
        return_lineage.column_name
    from enterprise_co2
    inner join parks on enterprise_co2.park_id = parks.park_id
    inner join units
        on
            enterprise_co2.park_id = units.park_id
            and enterprise_co2.enterprise_id = units.enterprise_id
    inner join return_lineage
        on
            units.list_park_id = return_lineage.park_id
            and units.list_enterprise_id = return_lineage.enterprise_id
            and enterprise_co2.year = return_lineage.year
    inner join fuels
        on
            return_lineage.fuel_code = fuels.fuel_code
            and enterprise_co2.scope
            = case when fuels.fuel_group in ('electricity', 'heat') then '2' else '1' end

),

united as (

    select * from regions_bridged
    union all
    select * from enterprises_bridged
    union all
    select * from not_counted

),

final as (

    select
        account,
        region_code,
        park_id,
        enterprise_id,
        year,
        method,
        balance_item,
        narrowest_boundary,
        industry_code,
        fuel_code,
        scope,
        co2_t,
        co2e_t,
        quantity,
        unit,
        origin,
        factor_id,
        co2_t_per_quantity,
        input_role,
        weight,
        outside_share,
        rule_weight,
        member_share,
        cell_quantity,
        file_name,
        sheet_name,
        row_number,
        column_number,
        column_name
    from united

)

select * from final
