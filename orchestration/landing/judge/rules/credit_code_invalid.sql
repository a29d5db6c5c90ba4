-- The last sign of a unified social credit code follows from the 17 before it (GB 32100-2015).
{% if value.name == 'unified_social_credit_code' %}
{% set signs = '0123456789ABCDEFGHJKLMNPQRTUWXY' %}
{% set code = 'upper(' ~ value.text ~ ')' %}
{% set sum %}
list_sum(list_transform(
    range(1, 18),
    place -> (strpos('{{ signs }}', substr({{ code }}, place, 1)) - 1)
        * (3 ** (place - 1))::bigint % 31
))
{% endset %}
{% set when %}
{{ value.text }} is not null
and (
    not regexp_full_match({{ code }}, '[{{ signs }}]{18}')
    or (31 - {{ sum }}::bigint % 31) % 31 <> strpos('{{ signs }}', substr({{ code }}, 18, 1)) - 1
)
{% endset %}
{% set detail = value.text %}
{% endif %}
