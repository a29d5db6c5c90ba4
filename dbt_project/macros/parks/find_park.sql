{#
  The parks whose name or id is, or has in it, what is asked for, as a query on
  indicators.park_latest. A name that no list has is a row that says so, not an empty answer.
#}
{% macro find_park(parks, asked) %}
with found as (
    select
        park_id,
        name_zh,
        name_en,
        region_code,
        is_sample,
        year,
        default_method,
        co2_t,
        energy_tce,
        coal_t,
        gdp_10k_cny,
        origin,
        refusal
    from {{ parks }}
    where
        park_id = {{ asked }}
        or contains(name_zh, {{ asked }})
        or contains(lower(name_en), lower({{ asked }}))
)

select * from found
union all
select
    null,
    {{ asked }},
    null,
    null,
    false,
    null,
    null,
    null,
    null,
    null,
    null,
    null,
    'not_listed'
where not exists (select 1 from found)
{% endmacro %}
