{#
  A published view of rows that may be added up: regions of one level, one method where
  `default_method` is asked for, the rows that `condition` lets through. Its columns are those of the
  model's YAML, each the column of that name in `relation` unless `expressions` says what it is.
  `relation` is a mart with every level and method (schema all_levels, or a name ending in _by_method).
#}
{% macro one_level(
    relation, level=none, default_method=false, expressions={}, condition=none
) %}
{%- set wheres = [] -%}
{%- if level -%}
    {%- do wheres.append(
        "region_code in (select regions.region_code from " ~ published(ref('regions'))
        ~ " as regions where regions.level = '" ~ level ~ "')"
    ) -%}
{%- endif -%}
{%- if default_method -%}
    {%- do wheres.append("method = '" ~ var('default_method') ~ "'") -%}
{%- endif -%}
{%- if condition -%}{%- do wheres.append(condition) -%}{%- endif -%}
{%- set taken = {'default_method': 'method'} -%}
{%- do taken.update(expressions) -%}
select
    {% for column in model.columns -%}
        {%- if column in taken -%}
            {{ taken[column] }} as {{ column }}
        {%- else -%}
            {{ column }}
        {%- endif -%}
        {{ ',' if not loop.last }}
    {% endfor %}
from {{ published(relation) }}
{%- if wheres %}
where
    {{ wheres | join('\n    and ') }}
{%- endif %}
{% endmacro %}

{# Emissions of a scope in a column of their own: what is of another scope is null, not zero. #}
{% macro of_scope(scope, measure) -%}
    case when scope = '{{ scope }}' then {{ measure }} end
{%- endmacro %}

{#
  The energy regions of one level use, by fuel: what the row total_consumption of the latest edition
  has. Gas recovered from coke and coal is in a column of its own, since it is counted with them.
#}
{% macro energy_of_level(level) %}
select
    energy.region_code,
    energy.year,
    energy.fuel_code,
    energy.quantity,
    energy.unit,
    case when not fuels.is_recovered then energy.energy_tce end as energy_tce,
    case when fuels.is_recovered then energy.energy_tce end as recovered_energy_tce,
    energy.value_status,
    energy.origin,
    energy.vintage,
    energy.source_id
from {{ published(ref('region_energy')) }} as energy
inner join {{ published(ref('fuels')) }} as fuels on energy.fuel_code = fuels.fuel_code
inner join {{ published(ref('regions')) }} as regions on energy.region_code = regions.region_code
where
    energy.is_latest_vintage
    and energy.balance_item = 'total_consumption'
    and regions.level = '{{ level }}'
{% endmacro %}

{#
  The economy of regions of one level: each indicator from the latest edition that has it, with the
  origin of that edition. The indicators are the model's money columns.
#}
{% macro economy_of_level(level) %}
{%- set ending = '_10k_cny' -%}
{%- set indicators = [] -%}
{%- for column in model.columns if column.endswith(ending) -%}
    {%- do indicators.append(column[:-(ending | length)]) -%}
{%- endfor -%}
with economy as (

    select
        *,
        {{ origin_rank('origin') }} as origin_rank
        {%- for indicator in indicators %},
        max(case when {{ indicator }}{{ ending }} is not null then vintage end)
            over (partition by region_code, year) as {{ indicator }}_vintage
        {%- endfor %}
    from {{ published(ref('region_economy')) }}

)

select
    economy.region_code,
    economy.year,
    min(economy.price_basis) as price_basis,
    {% for indicator in indicators -%}
    max(
        case when economy.vintage = economy.{{ indicator }}_vintage then economy.{{ indicator }}{{ ending }} end
    ) as {{ indicator }}{{ ending }},
    {% endfor -%}
    {% for indicator in indicators -%}
    max(
        case when economy.vintage = economy.{{ indicator }}_vintage then economy.origin end
    ) as {{ indicator }}_origin,
    {% endfor -%}
    {{ origin_of_rank('max(economy.origin_rank)') }} as origin
from economy
inner join {{ published(ref('regions')) }} as regions on economy.region_code = regions.region_code
where regions.level = '{{ level }}'
group by economy.region_code, economy.year
{% endmacro %}

{# Inventories of cities as others publish them, a column each. #}
{% macro inventories_of_cities() %}
{%- set inventories = ['ceads_inventory', 'edgar'] -%}
select
    inventories.region_code,
    inventories.year
    {%- for inventory in inventories %},
    max(case when inventories.inventory = '{{ inventory }}' then inventories.co2_t end)
        as {{ inventory }}_co2_t,
    max(case when inventories.inventory = '{{ inventory }}' then inventories.source_id end)
        as {{ inventory }}_source_id
    {%- endfor %},
    {{ origin_of_rank('max(' ~ origin_rank('inventories.origin') ~ ')') }} as origin
from {{ published(ref('region_co2_published')) }} as inventories
inner join {{ published(ref('regions')) }} as regions
    on inventories.region_code = regions.region_code
where regions.level = 'prefecture'
group by inventories.region_code, inventories.year
{% endmacro %}

{#
  Electricity of regions of one level, latest edition: generated by kind, used (final use and
  losses), brought in, and the CO2 of what was brought in. Net import is use less generation, the
  identity by which it was printed; the factor is that of the grid the region lies in.
#}
{% macro electricity_of_level(level) %}
{%- set kinds = ['total', 'thermal', 'hydro', 'nuclear', 'wind', 'solar'] -%}
with power as (

    select
        energy.region_code,
        energy.year,
        {% for kind in kinds -%}
        max(case when energy.balance_item = 'generation_{{ kind }}' then energy.quantity end)
            as generation_{{ kind }}_mwh,
        {% endfor -%}
        max(case when energy.balance_item = 'total_final_consumption' then energy.quantity end)
        + max(case when energy.balance_item = 'loss' then energy.quantity end) as use_mwh,
        max({{ origin_rank('energy.origin') }}) as origin_rank
    from {{ published(ref('region_energy')) }} as energy
    inner join {{ published(ref('regions')) }} as regions
        on energy.region_code = regions.region_code
    where
        energy.is_latest_vintage
        and energy.fuel_code = 'electricity'
        and energy.balance_item in (
            'total_final_consumption', 'loss',
            {% for kind in kinds %}'generation_{{ kind }}'{{ ', ' if not loop.last }}{% endfor %}
        )
        and regions.level = '{{ level }}'
    group by energy.region_code, energy.year

),

factors as (

    select
        grids.region_code,
        factors.year_from,
        factors.year_to,
        factors.year as grid_factor_year,
        factors.co2_t_per_mwh
    from {{ published(ref('grid_emission_factors')) }} as factors
    inner join {{ published(ref('region_grids')) }} as grids
        on
            factors.grid_name = grids.grid_name
            and factors.year >= grids.year_from
            and factors.year <= grids.year_to
    where factors.method = '{{ var("default_method") }}'

)

select
    power.region_code,
    power.year,
    {% for kind in kinds -%}
    power.generation_{{ kind }}_mwh,
    {% endfor -%}
    power.use_mwh,
    power.use_mwh - power.generation_total_mwh as net_import_mwh,
    factors.grid_factor_year,
    (power.use_mwh - power.generation_total_mwh) * factors.co2_t_per_mwh as net_import_co2_t,
    (power.generation_total_mwh - power.generation_thermal_mwh)
    / nullif(power.generation_total_mwh, 0) as non_fossil_generation_share,
    {{ origin_of_rank('greatest(2, power.origin_rank)') }} as origin
from power
left join factors
    on
        power.region_code = factors.region_code
        and power.year >= factors.year_from
        and power.year <= factors.year_to
{% endmacro %}

{#
  Shares of industries in direct CO2, of regions of one level. Where the split of any fuel of the
  industry is that of another year, the share is one too, and refused.
#}
{% macro industry_shares_of_level(level) %}
with emissions_held as (

    select
        emissions.region_code,
        emissions.year,
        emissions.industry_code,
        emissions.is_split_frozen,
        {{ origin_rank('emissions.origin') }} as origin_rank,
        sum(emissions.co2_t) over (
            partition by emissions.region_code, emissions.year, emissions.industry_code
            order by emissions.balance_item, emissions.fuel_code
            rows between unbounded preceding and unbounded following
        ) as scope1_co2_t
    from {{ published(ref('industry_co2')) }} as emissions
    inner join {{ published(ref('regions')) }} as regions
        on emissions.region_code = regions.region_code
    where
        emissions.method = '{{ var("default_method") }}'
        and emissions.scope = '1'
        and regions.level = '{{ level }}'

),

industries as (

    select
        region_code,
        year,
        industry_code,
        any_value(scope1_co2_t) as scope1_co2_t,
        max(case when is_split_frozen then 1 else 0 end) as frozen,
        max(origin_rank) as origin_rank
    from emissions_held
    group by region_code, year, industry_code

),

shares as (

    select
        *,
        scope1_co2_t / nullif(
            sum(scope1_co2_t) over (
                partition by region_code, year order by industry_code
                rows between unbounded preceding and unbounded following
            ), 0
        ) as share
    from industries

)

select
    region_code,
    year,
    '{{ var("default_method") }}' as default_method,
    industry_code,
    scope1_co2_t,
    case when frozen = 0 then share end as scope1_co2_share,
    case when frozen = 1 then 'split_frozen' end as refusal,
    {{ origin_of_rank('greatest(2, origin_rank)') }} as origin
from shares
{% endmacro %}
