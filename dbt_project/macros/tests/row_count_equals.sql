{#
  Fails unless the model has as many rows as the relations it is made of, counted together; with
  `known_vintages`, only their rows of editions the marts may use count.
#}
{% test row_count_equals(model, relations, known_vintages=false) %}
with model_rows as (

    select count(*) as row_count from {{ model }}

),

input_rows as (

    {% for relation in relations %}
        select count(*) as row_count
        from {{ relation }}
        {% if known_vintages %}where {{ is_known_vintage('vintage') }}{% endif %}
        {% if not loop.last %}union all{% endif %}
    {% endfor %}

),

input_total as (

    select sum(row_count) as row_count from input_rows

),

final as (

    select
        model_rows.row_count as model_row_count,
        input_total.row_count as input_row_count
    from model_rows
    cross join input_total
    where model_rows.row_count <> input_total.row_count

)

select * from final
{% endtest %}
