{# Fails with every row in which one of the columns is null: not_null for a list, in one scan. #}
{% test columns_are_given(model, columns) %}
select {{ columns | join(', ') }}
from {{ model }}
where
    {% for column in columns %}
        {{ column }} is null{% if not loop.last %} or{% endif %}

    {% endfor %}
{% endtest %}
