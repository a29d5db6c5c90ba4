{# The years that any enterprise has returned something of, as a query. #}
{% macro years_returned() %}
    {% for form in ['enterprise_energy', 'energy_exchange', 'process', 'allowances'] -%}
        select year
        from {{ ref('stg_park_returns__' ~ form) }}
        where {{ is_known_vintage('vintage') }}
        {% if not loop.last %}union{% endif %}
    {% endfor %}
{% endmacro %}
