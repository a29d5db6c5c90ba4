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
    {%- endfor %}
from {{ published(ref('region_co2_published')) }} as inventories
inner join {{ published(ref('regions')) }} as regions
    on inventories.region_code = regions.region_code
where regions.level = 'prefecture'
group by inventories.region_code, inventories.year
{% endmacro %}
