{% set readers = [
    'int_reconciliation__measures', 'int_reconciliation__sample_measures',
    'int_reconciliation__sample_counts', 'int_reconciliation__park_measures',
    'int_reconciliation__scenario_measures', 'int_reconciliation__texts',
] %}
{# Staging model: the column that says whose row it is. #}
{% set staged = {
    'stg_ceads_inventory__city_co2': 'region_code',
    'stg_china_yearbook__gdp': 'region_code',
    'stg_city_yearbooks__city_energy': 'region_code',
    'stg_city_yearbooks__city_gdp': 'region_code',
    'stg_city_yearbooks__city_gdp_index': 'region_code',
    'stg_city_yearbooks__industrial_value_added': 'region_code',
    'stg_edgar_inventory__city_co2': 'region_code',
    'stg_energy_yearbook__electricity_generation': 'region_code',
    'stg_energy_yearbook__energy_balance': 'region_code',
    'stg_energy_yearbook__net_electricity_import': 'region_code',
    'stg_jiangsu_yearbook__city_electricity': 'region_code',
    'stg_jiangsu_yearbook__industrial_fuel_use': 'region_code',
    'stg_park_returns__enterprise_energy': 'park_id',
    'stg_park_returns__enterprises': 'park_id',
    'stg_park_returns__measures': 'park_id',
    'stg_park_returns__park_facts': 'park_id',
    'stg_park_returns__parks': 'park_id',
    'stg_park_returns__peak_plans': 'park_id',
    'stg_provincial_bulletins__gdp_index': 'region_code',
    'stg_report__published_figures': 'region_code',
    'stg_wri_database__power_plants': 'region_code',
} %}

-- What the computation of each figure can reach: from the measure to the model it is read from, by
-- dbt's graph to the staging models and seeds behind it, there to the rows of the regions and parks
-- it is made of, and to their publications. The measures of region_year are followed by row: they
-- share a model, and coal has no factor.
with figures as (

    select * from {{ ref('published_figures') }}

),

reconciliation_rules as (

    select * from {{ ref('reconciliation_rules') }}

),

reconciliation_identities as (

    select * from {{ ref('reconciliation_identities') }}

),

reconciliation_quantities as (

    select * from {{ ref('reconciliation_quantities') }}

),

source_dependencies as (

    select * from {{ ref('source_dependencies') }}

),

factor_calibrations as (

    select * from {{ ref('factor_calibrations') }}

),

regions as (

    select * from {{ ref('regions') }}

),

parks as (

    select * from {{ ref('parks') }}

),

methods as (

    select * from {{ ref('methods') }}

),

industries as (

    select * from {{ ref('industries') }}

),

emissions as (

    select * from {{ ref('int_co2__emissions_calculated') }}

),

economy as (

    select * from {{ ref('int_economy__series_united') }}
    where is_latest_vintage

),

factors as (

    select
        factor_id,
        method,
        fuel_code,
        source_id,
        {{ origin_rank('origin') }} as origin_rank
    from {{ ref('emission_factors') }}
    union all
    select
        factor_id,
        method,
        'electricity' as fuel_code,
        source_id,
        {{ origin_rank('origin') }} as origin_rank
    from {{ ref('grid_emission_factors') }}

),

reach as (

    {{ lineage_reach(readers, staged.keys() | list) }}

),

measures as (

    select distinct
        measure,
        method,
        region_code,
        reads,
        rows_of
    from {{ ref('int_reconciliation__measures') }}
    union
    select distinct
        measure,
        method,
        region_code,
        reads,
        rows_of
    from {{ ref('int_reconciliation__texts') }}

),

staged as (

    {% for model, entity in staged.items() %}
        select distinct
            '{{ model }}' as input_name,
            {{ entity }} as entity_code,
            source_id,
            {{ origin_rank('origin') }} as origin_rank
        from {{ ref(model) }}
        {% if not loop.last %}union all{% endif %}
    {% endfor %}

),

ruled as (

    select
        figures.figure_id,
        figures.source_id as report_id,
        coalesce(figures.year_from, figures.year) as first_year,
        figures.year as last_year,
        reconciliation_rules.measure,
        reconciliation_rules.method,
        reconciliation_rules.region_code,
        measures.reads,
        measures.rows_of
    from figures
    inner join reconciliation_rules on figures.figure_id = reconciliation_rules.figure_id
    inner join measures
        on
            reconciliation_rules.measure = measures.measure
            and reconciliation_rules.method = measures.method
            and reconciliation_rules.region_code = measures.region_code

),

-- Each region with those below it; a park belongs to its region and to those above.
below as (

    select
        parent_code as region_code,
        region_code as part_code
    from regions
    where parent_code is not null
    union
    select
        parents.parent_code as region_code,
        regions.region_code as part_code
    from regions
    inner join regions as parents on regions.parent_code = parents.region_code
    where parents.parent_code is not null

),

scopes as (

    select
        figure_id,
        region_code as entity_code
    from ruled
    where rows_of <> 'reference'
    union
    select
        ruled.figure_id,
        below.part_code as entity_code
    from ruled
    inner join below on ruled.region_code = below.region_code
    where ruled.rows_of in ('parts', 'parks')
    union
    -- Regions that are ranked among those of the same parent.
    select
        ruled.figure_id,
        peers.region_code as entity_code
    from ruled
    inner join regions on ruled.region_code = regions.region_code
    inner join regions as peers on regions.parent_code = peers.parent_code
    where ruled.rows_of = 'peers'
    union
    select
        ruled.figure_id,
        regions.parent_code as entity_code
    from ruled
    inner join regions on ruled.region_code = regions.region_code
    where ruled.rows_of = 'parks' and regions.level = 'county'
    union
    select
        ruled.figure_id,
        parks.park_id as entity_code
    from ruled
    inner join parks on ruled.region_code = parks.region_code
    where ruled.rows_of = 'parks'
    union
    select
        ruled.figure_id,
        parks.park_id as entity_code
    from ruled
    inner join below on ruled.region_code = below.region_code
    inner join parks on below.part_code = parks.region_code
    where ruled.rows_of = 'parks'
    union
    select
        ruled.figure_id,
        parks.park_id as entity_code
    from ruled
    cross join parks
    where ruled.rows_of = 'sample' and parks.is_sample

),

-- Measures of region_year, by row. `with_factor`: the quantity is made with the row's factor.
counted as (

    select
        emissions.region_code,
        emissions.year,
        emissions.method,
        'territorial' as basis,
        emissions.is_coal,
        industries.is_industrial and emissions.scope = '1' as is_industrial,
        emissions.source_id,
        emissions.origin_rank,
        emissions.factor_id,
        emissions.factor_origin_rank
    from emissions
    inner join industries on emissions.industry_code = industries.industry_code
    where emissions.account = 'territorial'
    union all
    select
        emissions.region_code,
        emissions.year,
        emissions.method,
        'industrial' as basis,
        emissions.is_coal,
        true as is_industrial,
        emissions.source_id,
        emissions.origin_rank,
        emissions.factor_id,
        emissions.factor_origin_rank
    from emissions
    where emissions.account = 'industrial'

),

quantities as (

    select
        counted.*,
        'coal_t' as quantity,
        false as with_factor
    from counted
    where counted.basis = 'territorial' and counted.is_coal
    union all
    select
        counted.*,
        'coal_co2_t' as quantity,
        true as with_factor
    from counted
    where counted.basis = 'territorial' and counted.is_coal
    union all
    select
        counted.*,
        'co2_t' as quantity,
        true as with_factor
    from counted
    where counted.basis = 'territorial'
    union all
    select
        counted.*,
        'industrial_coal_t' as quantity,
        false as with_factor
    from counted
    inner join methods on counted.method = methods.method
    where
        counted.is_coal
        and counted.is_industrial
        and counted.basis
        = case
            when methods.industrial_basis = 'balance_divisions' then 'territorial'
            else 'industrial'
        end
    union all
    select
        counted.*,
        'industrial_co2_t' as quantity,
        true as with_factor
    from counted
    inner join methods on counted.method = methods.method
    where
        counted.is_industrial
        and counted.basis
        = case
            when methods.industrial_basis = 'balance_divisions' then 'territorial'
            else 'industrial'
        end

),

wanted as (

    select
        ruled.figure_id,
        ruled.report_id,
        ruled.method,
        ruled.first_year,
        ruled.last_year,
        scopes.entity_code,
        reconciliation_quantities.quantity
    from ruled
    inner join reconciliation_quantities on ruled.measure = reconciliation_quantities.measure
    inner join scopes on ruled.figure_id = scopes.figure_id
    where ruled.reads = 'region_year'

),

quantity_rows as (

    select
        wanted.figure_id,
        wanted.report_id,
        wanted.quantity,
        quantities.source_id,
        quantities.origin_rank,
        quantities.with_factor,
        quantities.factor_id
    from wanted
    inner join quantities
        on
            wanted.entity_code = quantities.region_code
            and wanted.method = quantities.method
            and wanted.quantity = quantities.quantity
            and quantities.year between wanted.first_year and wanted.last_year

),

-- Everything reached, with the publication it stands in.
data_inputs as (

    select
        figure_id,
        report_id,
        'data' as input_kind,
        quantity as input_name,
        source_id,
        origin_rank
    from quantity_rows
    union
    select
        wanted.figure_id,
        wanted.report_id,
        'data' as input_kind,
        wanted.quantity as input_name,
        economy.source_id,
        {{ origin_rank('economy.origin') }} as origin_rank
    from wanted
    inner join economy
        on
            wanted.entity_code = economy.region_code
            and wanted.quantity = economy.indicator
            and economy.year between wanted.first_year and wanted.last_year
    where economy.value_10k_cny is not null
    union
    select
        ruled.figure_id,
        ruled.report_id,
        'data' as input_kind,
        staged.input_name,
        staged.source_id,
        staged.origin_rank
    from ruled
    inner join reach on ruled.reads = reach.reader and reach.input_kind = 'staging'
    inner join scopes on ruled.figure_id = scopes.figure_id
    inner join staged
        on reach.input_name = staged.input_name and scopes.entity_code = staged.entity_code
    where ruled.reads <> 'region_year'

),

factors_reached as (

    select distinct
        figure_id,
        report_id,
        factor_id,
        factor_id as input_name
    from quantity_rows
    where with_factor
    union
    -- A measure without a method that reads emissions may use any method's factors.
    select distinct
        ruled.figure_id,
        ruled.report_id,
        factors.factor_id,
        'factors of ' || factors.method as input_name
    from ruled
    inner join reach
        on
            ruled.reads = reach.reader
            and reach.input_kind = 'seed'
            and reach.input_name in ('co2_factors', 'grid_factors')
    inner join factors on ruled.method = factors.method or ruled.method = 'none'
    where ruled.reads <> 'region_year' and ruled.rows_of <> 'reference'

),

factor_inputs as (

    select
        factors_reached.figure_id,
        factors_reached.report_id,
        'factor' as input_kind,
        factors_reached.input_name,
        factors.source_id,
        factors.origin_rank,
        factors.source_id = factors_reached.report_id
        or factor_calibrations.fuel_code is not null as is_calibrated
    from factors_reached
    inner join factors on factors_reached.factor_id = factors.factor_id
    left join factor_calibrations
        on
            factors.method = factor_calibrations.method
            and factors.fuel_code = factor_calibrations.fuel_code
            and factors_reached.report_id = factor_calibrations.fitted_to_source_id

),

reference_inputs as (

    select distinct
        figure_id,
        'reference' as input_kind,
        reads as input_name,
        cast(null as {{ type_name('varchar') }}) as source_id,
        2 as origin_rank,
        'definition' as dependence
    from ruled
    where rows_of = 'reference'

),

-- The report checked against itself, or a printed limit taken as a parameter.
figure_inputs as (

    select distinct
        reconciliation_identities.figure_id,
        'figure' as input_kind,
        reconciliation_identities.term_figure_id as input_name,
        figures.source_id,
        2 as origin_rank,
        'definition' as dependence
    from reconciliation_identities
    inner join figures on reconciliation_identities.term_figure_id = figures.figure_id
    union
    select
        reconciliation_rules.figure_id,
        'figure' as input_kind,
        reconciliation_rules.input_figure_id as input_name,
        figures.source_id,
        2 as origin_rank,
        'definition' as dependence
    from reconciliation_rules
    inner join figures on reconciliation_rules.input_figure_id = figures.figure_id
    where reconciliation_rules.operator = 'years_above'

),

united as (

    select
        data_inputs.figure_id,
        data_inputs.input_kind,
        data_inputs.input_name,
        data_inputs.source_id,
        data_inputs.origin_rank,
        case
            when data_inputs.source_id = data_inputs.report_id then 'read_back'
            else coalesce(source_dependencies.dependence, 'none')
        end as dependence
    from data_inputs
    left join source_dependencies
        on
            data_inputs.source_id = source_dependencies.source_id
            and data_inputs.report_id = source_dependencies.depends_on_source_id
            and {{ starts_with(
                'data_inputs.figure_id', "coalesce(source_dependencies.figure_prefix, '')"
            ) }}
    union all
    select
        figure_id,
        input_kind,
        input_name,
        source_id,
        origin_rank,
        case when is_calibrated then 'calibrated' else 'none' end as dependence
    from factor_inputs
    union all
    select * from reference_inputs
    union all
    select * from figure_inputs

),

final as (

    select
        figure_id,
        input_kind,
        input_name,
        source_id,
        dependence,
        {{ origin_of_rank('max(origin_rank)') }} as origin
    from united
    group by figure_id, input_kind, input_name, source_id, dependence

)

select * from final
order by figure_id, input_kind, input_name, source_id
