-- What the marts give for each published figure that has a rule, in the figure's printed unit.
with figures as (

    select * from {{ ref('stg_report__published_figures') }}

),

reconciliation_rules as (

    select * from {{ ref('reconciliation_rules') }}

),

measures as (

    select * from {{ ref('int_reconciliation__measures') }}
    where value is not null

),

texts as (

    select * from {{ ref('int_reconciliation__texts') }}

),

reconciliation_identities as (

    select * from {{ ref('reconciliation_identities') }}

),

ruled as (

    select
        figures.figure_id,
        figures.year,
        figures.year_from,
        figures.scale,
        reconciliation_rules.operator,
        measures.year as measure_year,
        measures.value,
        limits.value * limits.scale as limit_value
    from figures
    inner join reconciliation_rules on figures.figure_id = reconciliation_rules.figure_id
    inner join measures
        on
            reconciliation_rules.measure = measures.measure
            and reconciliation_rules.method = measures.method
            and reconciliation_rules.region_code = measures.region_code
            and (
                measures.year is null
                or measures.year between coalesce(figures.year_from, figures.year) and figures.year
            )
    left join figures as limits on reconciliation_rules.input_figure_id = limits.figure_id
    where reconciliation_rules.operator <> 'text'

),

ends as (

    select
        figure_id,
        operator,
        scale,
        year - year_from as years_between,
        max(case when measure_year = year or measure_year is null then value end) as last_value,
        max(case when measure_year = year_from then value end) as first_value,
        min(value) as smallest_value,
        max(limit_value) as limit_value,
        max(case when value <= limit_value then measure_year end) as last_year_within,
        max(measure_year) as last_year_found,
        min(measure_year) as first_year_found,
        count(*) as years_found,
        coalesce(year - year_from, 0) + 1 as years_wanted
    from ruled
    group by figure_id, operator, scale, year, year_from

),

numbers as (

    select
        figure_id,
        case operator
            when 'value' then last_value
            when 'member' then last_value
            when 'minimum' then case when years_found = years_wanted then smallest_value end
            when 'change_rate' then last_value / nullif(first_value, 0) - 1
            when 'decline_rate' then 1 - last_value / nullif(first_value, 0)
            when 'annual_decline_rate'
                then 1 - power(last_value / nullif(first_value, 0), 1 / nullif(years_between, 0))
            -- Years in a row above the printed limit, up to the last.
            when 'years_above'
                then case
                    when limit_value is not null
                        then last_year_found - coalesce(last_year_within, first_year_found - 1)
                end
        end / coalesce(scale, 1) as computed_value
    from ends

),

-- What the other figures of the report make of a figure.
terms as (

    select
        reconciliation_identities.figure_id,
        reconciliation_identities.operator,
        reconciliation_identities.term,
        figures.value * figures.scale as value,
        figures.year - figures.year_from as years_between
    from reconciliation_identities
    inner join figures on reconciliation_identities.term_figure_id = figures.figure_id

),

identities as (

    select
        terms.figure_id,
        case terms.operator
            when 'sum' then sum(terms.value)
            when 'at_most' then max(terms.value)
            when 'ratio'
                then
                    max(case when terms.term = 1 then terms.value end)
                    / nullif(max(case when terms.term = 2 then terms.value end), 0)
            when 'count' then cast(count(*) as double)
            when 'span_years' then max(terms.years_between) + 1
        end / coalesce(max(figures.scale), 1) as computed_value
    from terms
    inner join figures on terms.figure_id = figures.figure_id
    group by terms.figure_id, terms.operator

),

-- Figures printed as words.
words as (

    select
        figures.figure_id,
        max(texts.value_text) as computed_text
    from figures
    inner join reconciliation_rules on figures.figure_id = reconciliation_rules.figure_id
    inner join texts
        on
            reconciliation_rules.measure = texts.measure
            and reconciliation_rules.method = texts.method
            and reconciliation_rules.region_code = texts.region_code
            and (texts.year is null or figures.year = texts.year)
    where reconciliation_rules.operator = 'text'
    group by figures.figure_id

),

final as (

    select
        figure_id,
        computed_value,
        cast(null as {{ type_name('varchar') }}) as computed_text
    from numbers
    union all
    select
        figure_id,
        computed_value,
        cast(null as {{ type_name('varchar') }}) as computed_text
    from identities
    union all
    select
        figure_id,
        cast(null as double) as computed_value,
        computed_text
    from words

)

select * from final
