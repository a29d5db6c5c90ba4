{#
  The cities whose name or code is, or has in it, what is asked for, as a query on
  reference.regions, with the latest year of each in indicators.city_year. A city that the model
  alone has says where its numbers are; a name that no list has is a row that says so.
#}
{% macro find_city(regions, cities, model_cities, asked) %}
{%- set numbers = ['co2_t', 'energy_tce', 'coal_t', 'gdp_10k_cny', 'origin'] -%}
with named as (
    select
        region_code,
        name_zh,
        name_en
    from {{ regions }}
    where
        level = 'prefecture'
        and (
            region_code = {{ asked }}
            or contains(name_zh, {{ asked }})
            or contains(lower(name_en), lower({{ asked }}))
        )
),

latest as (
    select *
    from {{ cities }}
    qualify row_number() over (partition by region_code order by year desc) = 1
),

modelled as (
    select distinct region_code
    from {{ model_cities }}
)

select
    named.region_code,
    named.name_zh,
    named.name_en,
    latest.year,
    latest.default_method,
    {% for column in numbers %}latest.{{ column }}, {% endfor %}
    case
        when latest.region_code is not null then null
        when modelled.region_code is not null then 'only_in_model: model.city_year'
        else 'not_held'
    end as refusal
from named
left join latest on named.region_code = latest.region_code
left join modelled on named.region_code = modelled.region_code
union all
select
    null,
    {{ asked }},
    null,
    null,
    null,
    {% for column in numbers %}null, {% endfor %}
    'not_listed'
where not exists (select 1 from named)
{% endmacro %}
