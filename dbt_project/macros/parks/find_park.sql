{#
  The parks whose name or id is, or has in it, what is asked for, as a query on
  indicators.park_latest. A park that the model alone has is a row without numbers that says where
  they are; a name that no list has is a row that says so, not an empty answer.
#}
{% macro find_park(parks, model_parks, asked) %}
{%- set told = [
    'park_id', 'name_zh', 'name_en', 'region_code', 'is_sample', 'year', 'default_method', 'co2_t',
    'energy_tce', 'coal_t', 'gdp_10k_cny', 'origin',
] -%}
{%- set is_asked %}
    park_id = {{ asked }}
    or contains(name_zh, {{ asked }})
    or contains(lower(name_en), lower({{ asked }}))
{%- endset -%}
with found as (
    select
        {{ told | join(', ') }},
        refusal
    from {{ parks }}
    where {{ is_asked }}
    union all
    select
        {{ told[:5] | join(', ') }},
        {% for column in told[5:] %}null as {{ column }}, {% endfor %}
        'only_in_model: model.park_latest' as refusal
    from {{ model_parks }}
    where {{ is_asked }}
)

select * from found
union all
select
    {% for column in told -%}
        {{ asked if column == 'name_zh' else 'false' if column == 'is_sample' else 'null' }},
    {% endfor -%}
    'not_listed'
where not exists (select 1 from found)
{% endmacro %}
