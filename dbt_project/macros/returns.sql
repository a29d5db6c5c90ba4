{# The key columns of a return joined by slashes, with one at the end; an empty key is nothing. #}
{% macro row_key(columns) -%}
    {%- for column in columns -%}
        coalesce(cast({{ column }} as {{ type_name('varchar') }}), '') || '/'
        {%- if not loop.last %} || {% endif -%}
    {%- endfor -%}
{%- endmacro %}

{#
  How many months of a year are known of each enterprise: those without a gap from January on, all of
  them where the year was returned as a whole. What is returned by month in part and for the whole
  year in part (`whole_years`) has no sum by month.
#}
{% macro enterprise_months(months) %}
select
    park_id,
    enterprise_id,
    method,
    year,
    case
        when count(month) = 0 then {{ threshold('months_of_year') }}
        when count(distinct month) = max(month) then max(month)
        else 0
    end as months_known,
    count(*) - count(month) as whole_years
from {{ months }}
group by park_id, enterprise_id, method, year
{% endmacro %}

{#
  The years of parks as they are judged: CO2 of a year that is not known to its end is none, or half a
  year would look like a fall by half.
#}
{% macro park_years_judged() %}
select
    park_id,
    year,
    default_method,
    is_sample,
    industrial_value_added_10k_cny,
    energy_tce,
    energy_tce_per_industrial_va,
    coal_share_of_energy,
    two_high_output_share,
    co2_boundary,
    {% for quantity in ['co2_t', 'above_size_co2_t'] %}
        case
            when months_known is null or months_known >= {{ threshold('months_of_year') }}
                then {{ quantity }}
        end as {{ quantity }},
    {% endfor %}
    origin
from {{ ref('park_year') }}
{% endmacro %}
