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

{#
  What the landing refused of the accounts that the CO2 of a region is made of, by region, year and
  method: a year with a row here is not whole.
#}
{% macro region_refusals() -%}
    select
        region_code,
        year,
        method,
        cast(sum(refused_cells) as bigint) as refused_cells,
        cast(sum(counted_cells) as bigint) as counted_cells
    from {{ ref('int_co2__refusals_counted') }}
    where account in ('territorial', 'industrial')
    group by region_code, year, method
{%- endmacro %}

{# Heat in standard coal by set of coefficients; both arguments are names of CTEs. #}
{% macro heat_coefficients(coefficients, fuels) -%}
    select
        {{ coefficients }}.tce_set,
        max({{ coefficients }}.tce_per_unit) as tce_per_unit
    from {{ coefficients }}
    inner join {{ fuels }} on {{ coefficients }}.fuel_code = {{ fuels }}.fuel_code
    where {{ fuels }}.fuel_group = 'heat' and not {{ fuels }}.is_aggregate
    group by {{ coefficients }}.tce_set
{%- endmacro %}
