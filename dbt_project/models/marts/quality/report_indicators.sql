{{ config(materialized='view') }}

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

    select
        cast(null as {{ type_name('varchar') }}) as report_id,
        indicator_id,
        method,
        entity_code,
        year,
        value,
        cast(null as {{ type_name('varchar') }}) as value_text,
        reads,
        rows_of
    from region_indicators
    union all
    select
        cast(null as {{ type_name('varchar') }}) as report_id,
        indicator_id,
        method,
        entity_code,
        year,
        value,
        cast(null as {{ type_name('varchar') }}) as value_text,
        reads,
        rows_of
    from scenario_indicators
    union all
    select
        report_id,
        indicator_id,
        method,
        entity_code,
        year,
        value,
        cast(null as {{ type_name('varchar') }}) as value_text,
        reads,
        rows_of
    from sample_indicators
    union all
    select
        report_id,
        indicator_id,
        method,
        entity_code,
        year,
        value,
        cast(null as {{ type_name('varchar') }}) as value_text,
        reads,
        rows_of
    from sample_counts
    union all
    select
        report_id,
        indicator_id,
        method,
        entity_code,
        year,
        value,
        cast(null as {{ type_name('varchar') }}) as value_text,
        reads,
        rows_of
    from park_indicators
    union all
    select
        cast(null as {{ type_name('varchar') }}) as report_id,
        indicator_id,
        method,
        entity_code,
        year,
        cast(null as double) as value,
        value_text,
        reads,
        rows_of
    from text_indicators

)

select * from final
