{#
  The CO2 rows of one account of regions: the marts differ by the account alone, and by whether an
  industry split that is frozen is marked.
#}
{% macro co2_of_account(account, with_split=false) %}
with emissions as (

    select * from {{ ref('int_co2__emissions_calculated') }}
    where account = '{{ account }}'

),

final as (

    select
        region_code,
        year,
        method,
        balance_item,
        industry_code,
        fuel_code,
        scope,
        quantity,
        unit,
        factor_id,
        co2_t,
        co2e_t,
        {%- if with_split %}
        is_split_frozen,
        {%- endif %}
        origin,
        vintage,
        source_id
    from emissions

)

select * from final
order by region_code, year, method, balance_item, industry_code, fuel_code, scope
{% endmacro %}
