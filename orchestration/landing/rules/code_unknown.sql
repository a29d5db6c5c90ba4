-- A code that is not in the list its column takes its values from.
{% if value.code_list %}
{% set codes %}'{{ value.codes | join("', '") }}'{% endset %}
{% set when %}{{ value.text }} not in ({{ codes }}){% endset %}
{% set nearest %}
(
    select max_by(code, likeness({{ value.text }}, code))
    from unnest([{{ codes }}]) as known (code)
)
{% endset %}
{% set detail %}{{ value.text }} || '; nearest known: ' || {{ nearest }}{% endset %}
{% set detail_zh %}{{ value.text }} || '；最接近的已知代码：' || {{ nearest }}{% endset %}
{% endif %}
