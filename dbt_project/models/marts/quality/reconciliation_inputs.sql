{% set readers = [
    'region_indicators', 'scenario_indicators', 'sample_indicators', 'sample_counts',
    'park_indicators', 'text_indicators',
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
    'stg_park_returns__boundary_members': 'park_id',
    'stg_park_returns__allowances': 'park_id',
    'stg_park_returns__energy_exchange': 'park_id',
    'stg_park_returns__enterprise_energy': 'park_id',
    'stg_park_returns__enterprises': 'park_id',
    'stg_park_returns__measured_factors': 'park_id',
    'stg_park_returns__measures': 'park_id',
    'stg_park_returns__park_facts': 'park_id',
    'stg_park_returns__park_boundaries': 'park_id',
    'stg_park_returns__parks': 'park_id',
    'stg_park_returns__peak_plans': 'park_id',
    'stg_park_returns__process': 'park_id',
    'stg_provincial_bulletins__gdp_index': 'region_code',
    'stg_report__published_figures': 'region_code',
    'stg_wri_database__power_plants': 'region_code',
} %}

-- What the computation of each figure can reach: from the indicator to the model it is read from,
-- by dbt's graph to the staging models and seeds behind it, there to the rows of the regions and
-- parks it is made of, and to their publications. The indicators of region_year are followed by
-- row: they share a model, and coal has no factor.
with figures as (

    select * from {{ ref('published_figures') }}

),

metrics as (

    select * from {{ ref('report_metrics') }}

),

identities as (

    select * from {{ ref('report_identities') }}

),

indicator_quantities as (

    select * from {{ ref('indicator_quantities') }}

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

indicators as (

    select distinct
        report_id,
        indicator_id,
        method,
        entity_code,
        reads,
        rows_of
    from {{ ref('report_indicators') }}

),

sample_parks as (

    select * from {{ ref('int_report__sample_parks') }}

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

measured as (

    select
        figures.report_id,
        figures.figure_id,
        figures.source_id as report_source_id,
        coalesce(figures.year_from, figures.year) as first_year,
        figures.year as last_year,
        metrics.indicator_id,
        metrics.method,
        metrics.entity_code,
        indicators.reads,
        indicators.rows_of
    from figures
    inner join metrics
        on figures.report_id = metrics.report_id and figures.figure_id = metrics.figure_id
    inner join indicators
        on
            metrics.indicator_id = indicators.indicator_id
            and metrics.method = indicators.method
            and metrics.entity_code = indicators.entity_code
            and coalesce(indicators.report_id, metrics.report_id) = metrics.report_id

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
        report_id,
        figure_id,
        entity_code
    from measured
    where rows_of <> 'reference'
    union
    select
        measured.report_id,
        measured.figure_id,
        below.part_code as entity_code
    from measured
    inner join below on measured.entity_code = below.region_code
    where measured.rows_of in ('parts', 'parks')
    union
    -- Regions that are ranked among those of the same parent.
    select
        measured.report_id,
        measured.figure_id,
        peers.region_code as entity_code
    from measured
    inner join regions on measured.entity_code = regions.region_code
    inner join regions as peers on regions.parent_code = peers.parent_code
    where measured.rows_of = 'peers'
    union
    select
        measured.report_id,
        measured.figure_id,
        regions.parent_code as entity_code
    from measured
    inner join regions on measured.entity_code = regions.region_code
    where measured.rows_of = 'parks' and regions.level = 'county'
    union
    select
        measured.report_id,
        measured.figure_id,
        parks.park_id as entity_code
    from measured
    inner join parks on measured.entity_code = parks.region_code
    where measured.rows_of = 'parks'
    union
    select
        measured.report_id,
        measured.figure_id,
        parks.park_id as entity_code
    from measured
    inner join below on measured.entity_code = below.region_code
    inner join parks on below.part_code = parks.region_code
    where measured.rows_of = 'parks'
    union
    select
        measured.report_id,
        measured.figure_id,
        sample_parks.park_id as entity_code
    from measured
    inner join sample_parks on measured.report_id = sample_parks.report_id
    where measured.rows_of = 'sample'

),

-- Indicators of region_year, by row. `with_factor`: the quantity is made with the row's factor.
-- Distinct before the join: hundreds of rows of a year name one publication and one factor.
counted as (

    select distinct
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
    select distinct
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
        measured.report_id,
        measured.figure_id,
        measured.report_source_id,
        measured.method,
        measured.first_year,
        measured.last_year,
        scopes.entity_code,
        indicator_quantities.measured as quantity
    from measured
    inner join indicator_quantities on measured.indicator_id = indicator_quantities.indicator_id
    inner join scopes
        on measured.report_id = scopes.report_id and measured.figure_id = scopes.figure_id
    where measured.reads = 'region_year'

),

quantity_rows as (

    select
        wanted.report_id,
        wanted.figure_id,
        wanted.report_source_id,
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
        report_id,
        figure_id,
        report_source_id,
        'data' as input_kind,
        quantity as input_name,
        source_id,
        origin_rank
    from quantity_rows
    union
    select
        wanted.report_id,
        wanted.figure_id,
        wanted.report_source_id,
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
        measured.report_id,
        measured.figure_id,
        measured.report_source_id,
        'data' as input_kind,
        staged.input_name,
        staged.source_id,
        staged.origin_rank
    from measured
    inner join reach on measured.reads = reach.reader and reach.input_kind = 'staging'
    inner join scopes
        on measured.report_id = scopes.report_id and measured.figure_id = scopes.figure_id
    inner join staged
        on reach.input_name = staged.input_name and scopes.entity_code = staged.entity_code
    where measured.reads <> 'region_year'

),

factors_reached as (

    select distinct
        report_id,
        figure_id,
        report_source_id,
        factor_id,
        factor_id as input_name
    from quantity_rows
    where with_factor
    union
    -- An indicator without a method that reads emissions may use any method's factors.
    select distinct
        measured.report_id,
        measured.figure_id,
        measured.report_source_id,
        factors.factor_id,
        'factors of ' || factors.method as input_name
    from measured
    inner join reach
        on
            measured.reads = reach.reader
            and reach.input_kind = 'seed'
            and reach.input_name in ('co2_factors', 'grid_factors')
    inner join factors on measured.method = factors.method or measured.method = 'none'
    where measured.reads <> 'region_year' and measured.rows_of <> 'reference'

),

factor_inputs as (

    select
        factors_reached.report_id,
        factors_reached.figure_id,
        factors_reached.report_source_id,
        'factor' as input_kind,
        factors_reached.input_name,
        factors.source_id,
        factors.origin_rank,
        factors.source_id = factors_reached.report_source_id
        or factor_calibrations.fuel_code is not null as is_calibrated
    from factors_reached
    inner join factors on factors_reached.factor_id = factors.factor_id
    left join factor_calibrations
        on
            factors.method = factor_calibrations.method
            and factors.fuel_code = factor_calibrations.fuel_code
            and factors_reached.report_source_id = factor_calibrations.fitted_to_source_id

),

reference_inputs as (

    select distinct
        report_id,
        figure_id,
        'reference' as input_kind,
        reads as input_name,
        cast(null as {{ type_name('varchar') }}) as source_id,
        2 as origin_rank,
        'definition' as dependence
    from measured
    where rows_of = 'reference'

),

-- The report checked against itself, or a printed limit taken as a parameter.
figure_inputs as (

    select distinct
        identities.report_id,
        identities.figure_id,
        'figure' as input_kind,
        identities.term_figure_id as input_name,
        figures.source_id,
        2 as origin_rank,
        'definition' as dependence
    from identities
    inner join figures
        on
            identities.report_id = figures.report_id
            and identities.term_figure_id = figures.figure_id
    union
    select
        metrics.report_id,
        metrics.figure_id,
        'figure' as input_kind,
        metrics.input_figure_id as input_name,
        figures.source_id,
        2 as origin_rank,
        'definition' as dependence
    from metrics
    inner join figures
        on
            metrics.report_id = figures.report_id
            and metrics.input_figure_id = figures.figure_id
    where metrics.operator = 'years_above'

),

united as (

    select
        data_inputs.report_id,
        data_inputs.figure_id,
        data_inputs.input_kind,
        data_inputs.input_name,
        data_inputs.source_id,
        data_inputs.origin_rank,
        case
            when data_inputs.source_id = data_inputs.report_source_id then 'read_back'
            else coalesce(source_dependencies.dependence, 'none')
        end as dependence
    from data_inputs
    left join source_dependencies
        on
            data_inputs.source_id = source_dependencies.source_id
            and data_inputs.report_source_id = source_dependencies.depends_on_source_id
            and {{ starts_with(
                'data_inputs.figure_id', "coalesce(source_dependencies.figure_prefix, '')"
            ) }}
    union all
    select
        report_id,
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
        report_id,
        figure_id,
        input_kind,
        input_name,
        source_id,
        dependence,
        {{ origin_of_rank('max(origin_rank)') }} as origin
    from united
    group by report_id, figure_id, input_kind, input_name, source_id, dependence

)

select * from final
order by report_id, figure_id, input_kind, input_name, source_id
