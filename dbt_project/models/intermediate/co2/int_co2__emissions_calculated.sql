-- CO2 = activity x factor; the factor of the industry overrides the one for any industry.
-- Electricity bought that the method has no factor of its own for takes the grid factor in force
-- where the subject lies. Beside it stands the CO2 at the factors of the base year of prices, which
-- is the same where a factor does not change. What a plant measured of its fuel overrides all,
-- where the method takes it; a part that was not measured is the default's. Method and fuel decide
-- the factor, so the join is m:1; an activity without a factor keeps a null and fails a test.
with activities as (

    select * from {{ ref('int_co2__activities_counted') }}

),

emission_factors as (

    select * from {{ ref('emission_factors') }}

),

electricity as (

    select fuel_code
    from {{ ref('fuels') }}
    where fuel_group = 'electricity'

),

-- Says of the factor what it is for, so that the join below is by equality.
grid_factors as (

    select
        placed.*,
        electricity.fuel_code,
        '2' as scope,
        'mwh' as unit
    from {{ ref('int_co2__grid_factors_placed') }} as placed
    cross join electricity

),

unit_labels as (

    select * from {{ ref('unit_labels') }}

),

measured as (

    select
        measured.*,
        methods.method
    from {{ ref('int_park__factors_measured') }} as measured
    cross join {{ ref('methods') }} as methods
    where methods.takes_measured_factors

),

gwp as (

    select
        max(case when gas = 'ch4' then gwp100 end) as ch4,
        max(case when gas = 'n2o' then gwp100 end) as n2o
    from {{ ref('gwp') }}
    where gwp_set = '{{ var("gwp_set") }}'

),

fuel_factors as (

    select
        emission_factors.*,
        emission_factors.co2_t_per_unit / unit_labels.to_unit_factor as co2_t_per_quantity,
        emission_factors.ncv_gj_per_unit / unit_labels.to_unit_factor as ncv_gj_per_quantity
    from emission_factors
    inner join unit_labels on emission_factors.unit = unit_labels.unit_label

),

factors_with_base as (

    select
        fuel_factors.*,
        coalesce(bases.co2_t_per_quantity, fuel_factors.co2_t_per_quantity)
            as base_co2_t_per_quantity
    from fuel_factors
    left join fuel_factors as bases
        on
            fuel_factors.method = bases.method
            and fuel_factors.fuel_code = bases.fuel_code
            and coalesce(fuel_factors.industry_code, '') = coalesce(bases.industry_code, '')
            and bases.year_from <= {{ var('price_base_year') }}
            and bases.year_to >= {{ var('price_base_year') }}

),

matched as (

    select
        activities.*,
        coalesce(own.factor_id, any_industry.factor_id, grid.factor_id) as default_factor_id,
        measured.factor_id as measured_factor_id,
        coalesce(
            measured.ncv_gj_per_unit, own.ncv_gj_per_quantity, any_industry.ncv_gj_per_quantity
        )
        * coalesce(
            measured.carbon_content_tc_per_gj,
            own.carbon_content_tc_per_gj,
            any_industry.carbon_content_tc_per_gj
        )
        * coalesce(
            measured.oxidation_rate, own.oxidation_rate, any_industry.oxidation_rate
        )
        * {{ constant('co2_per_carbon') }} as measured_co2_t_per_quantity,
        measured.ncv_gj_per_unit is not null
        and measured.carbon_content_tc_per_gj is not null
        and measured.oxidation_rate is not null as is_all_measured,
        case
            when own.factor_id is null and any_industry.factor_id is null
                then grid.grid_factor_year
        end as grid_factor_year,
        coalesce(
            own.co2_t_per_quantity, any_industry.co2_t_per_quantity, grid.co2_t_per_mwh
        ) as default_co2_t_per_quantity,
        coalesce(
            own.base_co2_t_per_quantity,
            any_industry.base_co2_t_per_quantity,
            grid.base_co2_t_per_mwh
        ) as default_base_co2_t_per_quantity,
        case
            when activities.scope = '1'
                then coalesce(own.ch4_kg_per_gj, any_industry.ch4_kg_per_gj)
        end as ch4_kg_per_gj,
        case
            when activities.scope = '1'
                then coalesce(own.n2o_kg_per_gj, any_industry.n2o_kg_per_gj)
        end as n2o_kg_per_gj,
        {{ origin_rank('coalesce(own.origin, any_industry.origin, grid.origin)') }}
            as default_origin_rank,
        {{ origin_rank('measured.origin') }} as measured_origin_rank
    from activities
    left join factors_with_base as own
        on
            activities.method = own.method
            and activities.fuel_code = own.fuel_code
            and activities.industry_code = own.industry_code
            and activities.year between own.year_from and own.year_to
    left join factors_with_base as any_industry
        on
            activities.method = any_industry.method
            and activities.fuel_code = any_industry.fuel_code
            and any_industry.industry_code is null
            and activities.year between any_industry.year_from and any_industry.year_to
    left join grid_factors as grid
        on
            activities.method = grid.method
            and activities.region_code = grid.region_code
            and activities.fuel_code = grid.fuel_code
            and activities.scope = grid.scope
            and activities.unit = grid.unit
            and activities.year between grid.year_from and grid.year_to
    left join measured
        on
            activities.method = measured.method
            and activities.park_id = measured.park_id
            and activities.enterprise_id = measured.enterprise_id
            and activities.year = measured.year
            and activities.fuel_code = measured.fuel_code
            and activities.unit = measured.unit
            and activities.scope = '1'

),

chosen as (

    select
        *,
        measured_factor_id is not null and measured_co2_t_per_quantity is not null as is_measured
    from matched

),

factored as (

    select
        *,
        case when is_measured then measured_factor_id else default_factor_id end as factor_id,
        case
            when is_measured then measured_co2_t_per_quantity
            else default_co2_t_per_quantity
        end as co2_t_per_quantity,
        case
            when is_measured then measured_co2_t_per_quantity
            else default_base_co2_t_per_quantity
        end as base_co2_t_per_quantity,
        case
            when is_measured and is_all_measured then measured_origin_rank
            when is_measured then greatest(measured_origin_rank, default_origin_rank)
            else default_origin_rank
        end as factor_origin_rank
    from chosen

),

final as (

    select
        {% for column in [
            'method', 'account', 'region_code', 'park_id', 'enterprise_id', 'year', 'balance_item',
            'industry_code', 'fuel_code', 'scope', 'is_coal', 'is_aggregate', 'narrowest_boundary',
            'unit', 'quantity', 'energy_gj', 'is_split_frozen', 'origin_rank', 'split_origin_rank',
            'vintage', 'source_id', 'input_role', 'input_dataset', 'input_balance_item',
            'input_industry_code', 'input_vintage', 'weight', 'factor_id', 'grid_factor_year',
            'co2_t_per_quantity', 'ch4_kg_per_gj', 'n2o_kg_per_gj', 'factor_origin_rank',
        ] %}
            factored.{{ column }},
        {% endfor %}
        factored.quantity * factored.co2_t_per_quantity as co2_t,
        factored.quantity * factored.base_co2_t_per_quantity as base_factor_co2_t,
        -- Power and heat bought carry no CH4 or N2O of their own: both factors are null there.
        factored.quantity * factored.co2_t_per_quantity
        + coalesce(
            factored.energy_gj
            * (factored.ch4_kg_per_gj * gwp.ch4 + factored.n2o_kg_per_gj * gwp.n2o)
            * {{ constant('t_per_kg') }},
            0
        ) as co2e_t,
        {{ origin_of_rank('greatest(2, factored.split_origin_rank, factored.factor_origin_rank)') }}
            as origin
    from factored
    cross join gwp

)

select * from final
-- What is summed from it adds in this order in every run.
order by
    account, method, scope, park_id, enterprise_id, region_code, year, fuel_code, balance_item,
    industry_code
