-- A row of transformation in a table that says nowhere, and does not show, which sign inputs have.
{% set when %}is_sign_unstated{% endset %}
{% set detail %}item_label{% endset %}
{% set detail_zh %}item_label{% endset %}
