-- The library: every factor the accounts can take, one value a row, beside what it is of, which
-- scheme it belongs to, where it was published and for which years it holds.
{% set carbon_parts = [
    ('ncv', none, 'ncv_gj_per_unit', "'gj/' || unit"),
    ('carbon_content', none, 'carbon_content_tc_per_gj', "'t c/gj'"),
    ('oxidation', none, 'oxidation_rate', "'1'"),
] %}
{% set fuel_parts = carbon_parts + [('emission', 'co2', 'co2_t_per_unit', "'t/' || unit")] %}
{% set gas_parts = [('ch4', 'ch4_kg_per_gj'), ('n2o', 'n2o_kg_per_gj')] %}

with co2_factors as (

    select * from {{ source('methods', 'method_co2_factors') }}

),

method_gas_factors as (

    select
        method as scheme,
        fuel_code,
        sector_class,
        ch4_kg_per_gj,
        n2o_kg_per_gj,
        confidence,
        origin,
        source_id
    from {{ source('methods', 'method_ch4_n2o_factors') }}

),

shared_gas_factors as (

    select
        'any' as scheme,
        fuel_code,
        sector_class,
        ch4_kg_per_gj,
        n2o_kg_per_gj,
        confidence,
        origin,
        source_id
    from {{ ref('ch4_n2o_factors') }}

),

grid_factors as (

    select * from {{ ref('grid_factors') }}

),

tce_factors as (

    select * from {{ ref('tce_factors') }}

),

gwp_values as (

    select * from {{ ref('gwp_values') }}

),

measured as (

    select * from {{ ref('measured_factors') }}

),

park_fuel_factors as (

    select * from {{ ref('park_fuel_factors') }}

),

park_heat_factors as (

    select * from {{ ref('park_heat_factors') }}

),

park_process_factors as (

    select * from {{ ref('park_process_factors') }}

),

gas_factors as (

    select * from method_gas_factors
    union all
    select * from shared_gas_factors

),

united as (

    {% for kind, gas, column, unit in fuel_parts %}
        select
            '{{ kind }}' as factor_kind,
            method as scheme,
            fuel_code as factor_of,
            industry_code as applies_to,
            cast({{ "'" ~ gas ~ "'" if gas else 'null' }} as {{ type_name('varchar') }}) as gas,
            {{ column }} as factor_value,
            {{ unit }} as unit,
            cast(null as integer) as data_year,
            year_from,
            coalesce(year_to, 9999) as year_to,
            confidence,
            origin,
            source_id,
            note
        from co2_factors
        union all
    {% endfor %}
    {% for kind, gas, column, unit in carbon_parts %}
        select
            '{{ kind }}' as factor_kind,
            method as scheme,
            fuel_code as factor_of,
            coal_kind as applies_to,
            cast(null as {{ type_name('varchar') }}) as gas,
            {{ column }} as factor_value,
            {{ unit }} as unit,
            data_year,
            year_from,
            year_to,
            confidence,
            origin,
            source_id,
            note
        from park_fuel_factors
        union all
    {% endfor %}
    select
        'emission' as factor_kind,
        method as scheme,
        'heat' as factor_of,
        supply_kind as applies_to,
        'co2' as gas,
        co2_t_per_gj as factor_value,
        't/gj' as unit,
        data_year,
        year_from,
        year_to,
        confidence,
        origin,
        source_id,
        note
    from park_heat_factors
    union all
    select
        'process' as factor_kind,
        method as scheme,
        process_product as factor_of,
        process_route as applies_to,
        gas,
        gas_t_per_t as factor_value,
        't/t' as unit,
        data_year,
        year_from,
        year_to,
        confidence,
        origin,
        source_id,
        note
    from park_process_factors
    union all
    {% for gas, column in gas_parts %}
        select
            'emission' as factor_kind,
            scheme,
            fuel_code as factor_of,
            sector_class as applies_to,
            '{{ gas }}' as gas,
            {{ column }} as factor_value,
            'kg/gj' as unit,
            cast(null as integer) as data_year,
            cast(null as integer) as year_from,
            9999 as year_to,
            confidence,
            origin,
            source_id,
            cast(null as {{ type_name('varchar') }}) as note
        from gas_factors
        union all
    {% endfor %}
    select
        'grid' as factor_kind,
        'grid_' || kind as scheme,
        'electricity' as factor_of,
        grid_name as applies_to,
        'co2' as gas,
        co2_t_per_mwh as factor_value,
        't/mwh' as unit,
        year as data_year,
        year as year_from,
        9999 as year_to,
        confidence,
        origin,
        source_id,
        cast(null as {{ type_name('varchar') }}) as note
    from grid_factors
    union all
    select
        'standard_coal' as factor_kind,
        tce_set as scheme,
        fuel_code as factor_of,
        cast(null as {{ type_name('varchar') }}) as applies_to,
        cast(null as {{ type_name('varchar') }}) as gas,
        tce_per_unit as factor_value,
        'tce/' || unit as unit,
        cast(null as integer) as data_year,
        cast(null as integer) as year_from,
        9999 as year_to,
        confidence,
        origin,
        source_id,
        note
    from tce_factors
    union all
    select
        'warming_potential' as factor_kind,
        gwp_set as scheme,
        gas as factor_of,
        cast(null as {{ type_name('varchar') }}) as applies_to,
        gas,
        cast(gwp100 as double) as factor_value,
        't co2e/t' as unit,
        cast(null as integer) as data_year,
        cast(null as integer) as year_from,
        9999 as year_to,
        confidence,
        origin,
        source_id,
        cast(null as {{ type_name('varchar') }}) as note
    from gwp_values
    {% for kind, gas, column, unit in carbon_parts %}
        union all
        select
            '{{ kind }}' as factor_kind,
            'measured' as scheme,
            fuel_code as factor_of,
            list_park_id || '/' || list_enterprise_id as applies_to,
            cast(null as {{ type_name('varchar') }}) as gas,
            {{ column }} as factor_value,
            {{ unit }} as unit,
            year as data_year,
            year as year_from,
            year as year_to,
            'sourced' as confidence,
            origin,
            source_id,
            laboratory as note
        from measured
    {% endfor %}

),

final as (

    select
        factor_kind,
        scheme,
        factor_of,
        applies_to,
        gas,
        factor_value,
        unit,
        data_year,
        year_from,
        year_to,
        confidence,
        origin,
        source_id,
        note
    from united
    where factor_value is not null

)

select * from final
order by factor_kind, scheme, factor_of, applies_to, gas, year_from, data_year, unit
