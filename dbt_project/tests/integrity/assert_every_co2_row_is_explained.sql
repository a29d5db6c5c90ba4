-- One query leads from any CO2 row to file, row and factor, and the printed numbers, converted and
-- weighted, times the factor are its CO2: all rows of all five marts, none left out. A deduction
-- also rests on the key it was spread by; a row without CO2 on cells of which nothing is counted.
{{ config(meta={'dagster': {'ref': {'name': 'explain'}}}) }}

{% set region_marts = {
    'region_co2': 'territorial',
    'industrial_co2': 'industrial',
    'industry_co2': 'end_use',
} %}
{% set marts = {
    'region_co2': [
        'account', 'region_code', 'year', 'method', 'balance_item', 'industry_code', 'fuel_code',
        'scope',
    ],
    'park_co2': [
        'park_id', 'year', 'method', 'narrowest_boundary', 'industry_code', 'fuel_code', 'scope',
    ],
    'enterprise_co2': ['park_id', 'enterprise_id', 'year', 'method', 'scope'],
} %}

{# Read for each mart anew: kept between them, 650,000 wide rows would be written and read again. #}
{% set cell_co2_t -%}
    weight * {{ printed_number('number_text') }} * to_unit_factor * co2_t_per_quantity
{%- endset %}

with region_co2 as (

    {% for mart, account in region_marts.items() %}
        select
            '{{ account }}' as account,
            region_code,
            year,
            method,
            balance_item,
            industry_code,
            fuel_code,
            scope,
            co2_t
        from {{ ref(mart) }}
        {% if not loop.last %}union all{% endif %}
    {% endfor %}

),

park_co2 as (

    select * from {{ ref('park_co2_by_method') }}

),

enterprise_co2 as (

    select * from {{ ref('enterprise_co2_by_method') }}

),

{% for mart, keys in marts.items() %}
    {{ mart }}_explained as (

        select
            {{ keys | join(', ') }},
            bool_or(input_role = 'activity') as has_activity,
            bool_or(input_role = 'deduction') as has_deduction,
            bool_or(input_role = 'allocation_key') as has_allocation_key,
            bool_or(input_role = 'not_counted') as has_not_counted,
            bool_and(factor_id is not null and factor_source_id is not null) as has_factor,
            sum({{ cell_co2_t }}) as cells_co2_t,
            sum(abs({{ cell_co2_t }})) as gross_co2_t
        from {{ ref('explain') }}
        where park_id is {{ '' if mart == 'region_co2' else 'not ' }}null
        group by {{ keys | join(', ') }}

    ),

    {%- set own, matches = [], [] -%}
    {%- for key in keys -%}
        {%- do own.append(mart ~ '.' ~ key) -%}
        {%- do matches.append(mart ~ '.' ~ key ~ ' = explained.' ~ key) -%}
    {%- endfor %}

    {{ mart }}_compared as (

        select
            '{{ mart }}' as mart,
            {{ row_key(own) }} as row_key,
            {{ mart }}.co2_t,
            explained.cells_co2_t
        from {{ mart }}
        left join {{ mart }}_explained as explained
            on {{ matches | join(' and ') }}
        where
            not coalesce(
                case
                    when {{ mart }}.co2_t is null then explained.has_not_counted
                    else
                        explained.has_activity
                        or (explained.has_deduction and explained.has_allocation_key)
                end,
                false
            )
            or ({{ mart }}.co2_t is not null and not explained.has_factor)
            or ({{ mart }}.co2_t is null) <> (explained.cells_co2_t is null)
            or not {{ is_equal(
                mart ~ '.co2_t', 'explained.cells_co2_t', 'explained.gross_co2_t'
            ) }}

    ),
{% endfor %}

united as (

    {% for mart in marts %}
        select * from {{ mart }}_compared
        {% if not loop.last %}union all{% endif %}
    {% endfor %}

),

final as (

    select * from united

)

select * from final
