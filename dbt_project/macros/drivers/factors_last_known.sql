{# The factor that each fuel group last had, by region and method; `factors` is the name of a CTE. #}
{% macro factors_last_known(factors, groups) -%}
select
    region_code,
    method,
    {% for group in groups %}
        max_by(
            {{ group }}_co2_t_per_tce,
            case when {{ group }}_co2_t_per_tce is not null then year end
        ) as {{ group }}_known
        {{- ',' if not loop.last }}
    {% endfor %}
from {{ factors }}
group by region_code, method
{%- endmacro %}
