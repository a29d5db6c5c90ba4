{#
  What two parks are compared by, side by side, as a query on the long form of
  indicators.park_points.
  `pairs` is the condition that says which park (`one`) is compared with which (`other`): of n parks
  it lets through as many rows as there are pairs, so nothing that is stored may leave it open.
#}
{% macro compare_parks(points, pairs) %}
select
    one.park_id,
    other.park_id as other_park_id,
    one.method,
    one.indicator,
    one.sort,
    one.year_from,
    one.year_to,
    other.year_to as other_year_to,
    one.value,
    other.value as other_value,
    one.value_text,
    other.value_text as other_text,
    one.unit
from {{ points }} as one
inner join {{ points }} as other
    on
        one.method = other.method
        and one.indicator = other.indicator
        and {{ pairs }}
order by one.park_id, other.park_id, one.method, one.sort
{% endmacro %}
