{% set shares = ['industrial_coal_share', 'coal_co2_share', 'industrial_co2_share'] %}

with region_year as (

    select * from {{ ref('region_year') }}

),

final as (

    select
        region_code,
        year,
        method,
        {{ shares | join(',\n        ') }}
    from region_year
    where
        {% for share in shares %}
            {{ share }} < 0
            or {{ share }} > 1
            {% if not loop.last %}or{% endif %}
        {% endfor %}

)

select * from final
