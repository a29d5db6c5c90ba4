{{ config(materialized='view') }}

{%- set no_text = "cast(null as " ~ type_name('varchar') ~ ")" %}

-- A view: all that a figure of a report can be compared with. Figures that are words are compared
-- with rows that have a text.
with region_indicators as (

    select * from {{ published(ref('region_indicators')) }}

),

scenario_indicators as (

    select * from {{ published(ref('scenario_indicators')) }}

),

sample_indicators as (

    select * from {{ published(ref('sample_indicators')) }}

),

sample_counts as (

    select * from {{ published(ref('sample_counts')) }}

),

park_indicators as (

    select * from {{ published(ref('park_indicators')) }}

),

text_indicators as (

    select * from {{ published(ref('text_indicators')) }}

),

final as (

    {% for name, report_id, value, value_text in [
        ('region_indicators', no_text, 'value', no_text),
        ('scenario_indicators', no_text, 'value', no_text),
        ('sample_indicators', 'report_id', 'value', no_text),
        ('sample_counts', 'report_id', 'value', no_text),
        ('park_indicators', 'report_id', 'value', no_text),
        ('text_indicators', no_text, 'cast(null as double)', 'value_text'),
    ] %}
        select
            {{ report_id }} as report_id,
            indicator_id,
            method,
            entity_code,
            year,
            {{ value }} as value,
            {{ value_text }} as value_text,
            reads,
            rows_of
        from {{ name }}
        {% if not loop.last %}union all{% endif %}
    {% endfor %}

)

select * from final
