-- What the marts give for each published figure that has a metric, in the figure's printed unit.
with figures as (

    select * from {{ ref('published_figures') }}

),

metrics as (

    select * from {{ ref('report_metrics') }}

),

indicators as (

    select * from {{ ref('report_indicators') }}

),

identities_of_reports as (

    select * from {{ ref('report_identities') }}

),

ruled as (

    select
        figures.report_id,
        figures.figure_id,
        figures.year,
        figures.year_from,
        figures.scale,
        metrics.operator,
        indicators.year as indicator_year,
        indicators.value,
        indicators.value_text,
        limits.value * limits.scale as limit_value
    from figures
    inner join metrics
        on figures.report_id = metrics.report_id and figures.figure_id = metrics.figure_id
    inner join indicators
        on
            metrics.indicator_id = indicators.indicator_id
            and metrics.method = indicators.method
            and metrics.entity_code = indicators.entity_code
            and coalesce(indicators.report_id, metrics.report_id) = metrics.report_id
            and (
                indicators.year is null
                or indicators.year
                between coalesce(figures.year_from, figures.year) and figures.year
            )
    left join figures as limits
        on
            metrics.report_id = limits.report_id
            and metrics.input_figure_id = limits.figure_id

),

ends as (

    select
        report_id,
        figure_id,
        operator,
        scale,
        year - year_from as years_between,
        max(case when indicator_year = year or indicator_year is null then value end) as last_value,
        max(case when indicator_year = year_from then value end) as first_value,
        min(value) as smallest_value,
        max(limit_value) as limit_value,
        max(case when value <= limit_value then indicator_year end) as last_year_within,
        max(indicator_year) as last_year_found,
        min(indicator_year) as first_year_found,
        count(*) as years_found,
        coalesce(year - year_from, 0) + 1 as years_wanted
    from ruled
    where operator <> 'text' and value is not null
    group by report_id, figure_id, operator, scale, year, year_from

),

numbers as (

    select
        report_id,
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
        identities_of_reports.report_id,
        identities_of_reports.figure_id,
        identities_of_reports.operator,
        identities_of_reports.term,
        figures.value * figures.scale as value,
        figures.year - figures.year_from as years_between
    from identities_of_reports
    inner join figures
        on
            identities_of_reports.report_id = figures.report_id
            and identities_of_reports.term_figure_id = figures.figure_id

),

identities as (

    select
        terms.report_id,
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
    inner join figures
        on terms.report_id = figures.report_id and terms.figure_id = figures.figure_id
    group by terms.report_id, terms.figure_id, terms.operator

),

-- Figures printed as words.
words as (

    select
        report_id,
        figure_id,
        max(value_text) as computed_text
    from ruled
    where operator = 'text' and (indicator_year is null or indicator_year = year)
    group by report_id, figure_id

),

final as (

    select
        report_id,
        figure_id,
        computed_value,
        cast(null as {{ type_name('varchar') }}) as computed_text
    from numbers
    union all
    select
        report_id,
        figure_id,
        computed_value,
        cast(null as {{ type_name('varchar') }}) as computed_text
    from identities
    union all
    select
        report_id,
        figure_id,
        cast(null as double) as computed_value,
        computed_text
    from words

)

select * from final
order by report_id, figure_id
