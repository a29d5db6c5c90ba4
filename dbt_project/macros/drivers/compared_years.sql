{#
  The two years of an entity that are set against each other: neighbours, the first and the last
  it has, and the standard periods (reference rows) of which it has both ends. Rows grow with the
  years and not with their square; any other two years are one call of `lmdi_between`.
  `relation` has entity, method, price_basis and year, one row each.
#}
{% macro compared_years(relation, periods) %}
select
    entity,
    method,
    price_basis,
    year as year_from,
    lead(year) over (partition by entity, method, price_basis order by year) as year_to
from {{ relation }}
union
select
    entity,
    method,
    price_basis,
    min(year) as year_from,
    max(year) as year_to
from {{ relation }}
group by entity, method, price_basis
union
select
    held.entity,
    held.method,
    held.price_basis,
    standard.year_from,
    standard.year_to
from {{ relation }} as held
inner join {{ periods }} as standard on held.year = standard.year_from
{% endmacro %}
