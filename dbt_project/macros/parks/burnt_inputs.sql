{#
  Power and heat burn what is put into them. A power station (industry 44) that gives no more than
  its whole input has burnt it all. `flows` has flow, industry_code and `keys`, by which the inputs
  of one fuel belong together.
#}
{% macro burnt_inputs(flows, keys) -%}
    select
        *,
        'burnt_input' as rule_flow
    from (
        select
            *,
            bool_or(flow in ('power_input', 'heat_input')) over (
                partition by {{ keys | join(', ') }}
            ) as has_detail
        from {{ flows }}
        where flow in ('transformation_input', 'power_input', 'heat_input')
    ) as inputs
    where
        (has_detail and flow in ('power_input', 'heat_input'))
        or (not has_detail and flow = 'transformation_input' and industry_code = '44')
{%- endmacro %}
