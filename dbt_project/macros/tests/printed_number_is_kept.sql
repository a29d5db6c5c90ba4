{#
  Counts the failures of the cast of a printed number: a cell printed as a number, or as zero, that
  has no value, and a cell that prints none but has one.
#}
{% test printed_number_is_kept(model, column) %}
select
    _file_name,
    _sheet_name,
    _row_number,
    _column_name,
    value_text,
    value_status,
    {{ column }}
from {{ model }}
where
    (value_status in ('reported', 'zero') and {{ column }} is null)
    or (value_status in ('not_available', 'suppressed') and {{ column }} is not null)
    or (value_status = 'zero' and {{ column }} <> 0)
{% endtest %}
