-- The error values of a spreadsheet, in the languages offices use.
{% set when %}
{{ value.text }} like '#%'
and regexp_full_match(
    upper({{ value.text }}), '#(DIV/0!|N/A|NAME\?|NULL!|NUM!|REF!|VALUE!|#+)'
)
{% endset %}
{% set detail = value.text %}
