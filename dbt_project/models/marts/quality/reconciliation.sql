with published as (

    select * from {{ ref('published_figures') }}

),

computed as (

    select * from {{ ref('computed_figures') }}

),

metrics as (

    select * from {{ ref('report_metrics') }}

),

explanations as (

    select * from {{ ref('report_explanations') }}

),

gaps as (

    select * from {{ ref('report_gaps') }}

),

series as (

    select * from {{ ref('int_revisions__series_united') }}

),

-- Figures that every run of the city model which did not see them gives on the same side.
contradicted as (

    select
        report_id,
        figure_id,
        min(modelled_value) as lowest_value,
        max(modelled_value) as highest_value,
        max(series_value) as printed_value
    from {{ ref('model_validation') }}
    where is_held_back and figure_id is not null
    group by report_id, figure_id

),

identities as (

    select distinct
        report_id,
        figure_id,
        operator
    from {{ ref('report_identities') }}

),

inputs as (

    select * from {{ ref('reconciliation_inputs') }}

),

-- The weakest of what a computation can reach.
reached as (

    select
        report_id,
        figure_id,
        max({{ origin_rank('origin') }}) as origin_rank,
        max(case when dependence = 'read_back' then 1 else 0 end) as reads_back,
        max(case when dependence = 'constraint' then 1 else 0 end) as is_constrained,
        max(case when dependence = 'calibrated' then 1 else 0 end) as is_calibrated,
        max(case when input_kind in ('data', 'factor') then 1 else 0 end) as reads_data
    from inputs
    group by report_id, figure_id

),

-- A name that stands in a printed list counts one; it has no rounding.
valued as (

    select
        figures.report_id,
        figures.figure_id,
        figures.section,
        figures.table_or_figure,
        figures.region_code,
        figures.entity,
        figures.year,
        figures.indicator,
        case when metrics.operator = 'member' then 1 else figures.value end as value,
        figures.value_text,
        figures.unit,
        case when metrics.operator = 'member' then 0 else figures.printed_step end
            as printed_step,
        -- Of a figure that may be no more than another, that other is the upper end.
        case
            when identities.operator = 'at_most' then 'lower'
            else figures.is_bound
        end as is_bound,
        figures.source_id,
        metrics.indicator_id,
        metrics.method,
        metrics.input_figure_id,
        identities.figure_id is not null as is_identity
    from published as figures
    left join metrics
        on figures.report_id = metrics.report_id and figures.figure_id = metrics.figure_id
    left join identities
        on figures.report_id = identities.report_id and figures.figure_id = identities.figure_id

),

-- The rounding of the printed value, and of the printed input it was multiplied from.
compared as (

    select
        figures.*,
        computed.computed_value,
        computed.computed_text,
        figures.printed_step / 2
        + coalesce(
            abs(figures.value) * (inputs.printed_step / 2) / nullif(abs(inputs.value), 0), 0
        ) as tolerance
    from valued as figures
    left join computed
        on figures.report_id = computed.report_id and figures.figure_id = computed.figure_id
    left join published as inputs
        on figures.report_id = inputs.report_id and figures.input_figure_id = inputs.figure_id

),

-- An explanation counts only while its cause stands in the warehouse. The report's own figure is
-- no edition and proves nothing of itself.
editions as (

    select
        series_key,
        year,
        count(distinct vintage) as editions_held,
        max(value) - min(value) > abs(min(value)) * {{ threshold('revision_minimum') }}
            as is_revised
    from series
    where not is_quotation
    group by series_key, year

),

evident as (

    select
        explanations.report_id,
        explanations.figure_id,
        explanations.cause,
        explanations.cause_key,
        explanations.explanation_zh,
        explanations.explanation_en,
        case explanations.cause
            when 'revision' then 'explained'
            when 'edition_not_held' then 'conjectured'
            when 'open' then 'open'
            when 'contradiction' then 'inconsistent'
        end as cause_status
    from explanations
    left join editions
        on
            explanations.cause_key = editions.series_key
            and explanations.cause_year = editions.year
    where
        explanations.cause in ('upstream', 'contradiction')
        or (explanations.cause = 'revision' and editions.is_revised)
        or (
            explanations.cause in ('edition_not_held', 'open')
            and coalesce(editions.editions_held, 0) <= 1
        )

),

gap_of as (

    select
        figures.report_id,
        figures.figure_id,
        max_by(gaps.explanation_zh, length(gaps.figure_prefix)) as gap_zh,
        max_by(gaps.explanation_en, length(gaps.figure_prefix)) as gap_en
    from published as figures
    inner join gaps
        on
            figures.report_id = gaps.report_id
            and {{ starts_with('figures.figure_id', 'gaps.figure_prefix') }}
    group by figures.report_id, figures.figure_id

),

judged as (

    select
        compared.*,
        evident.cause,
        evident.cause_key,
        evident.cause_status,
        evident.explanation_zh as evident_zh,
        evident.explanation_en as evident_en,
        gap_of.gap_zh,
        gap_of.gap_en,
        compared.computed_value / nullif(compared.value, 0) - 1 as relative_difference,
        case
            -- Words may be printed with more behind them.
            when
                compared.value is null
                and {{ starts_with('compared.value_text', 'compared.computed_text') }}
                then 'exact'
            when compared.value is null and compared.computed_text is not null then 'mismatch'
            when compared.value is null or compared.computed_value is null then 'not_derivable'
            when
                compared.is_bound = 'lower'
                and not {{ is_below(
                    'compared.computed_value', 'compared.value', 'abs(compared.value)'
                ) }}
                then 'exact'
            when
                compared.is_bound = 'upper'
                and not {{ is_above(
                    'compared.computed_value', 'compared.value', 'abs(compared.value)'
                ) }}
                then 'exact'
            -- The last digits of a double are not a difference.
            when
                compared.is_bound is null
                and not {{ is_above(
                    'abs(compared.computed_value - compared.value)',
                    'compared.tolerance',
                    'abs(compared.value)'
                ) }}
                then 'exact'
            when compared.is_identity then 'inconsistent'
            when
                {{ is_equal(
                    'compared.computed_value',
                    'compared.value',
                    'abs(compared.value)',
                    'reconciliation_within'
                ) }}
                then 'within_1pct'
            else 'mismatch'
        end as own_status
    from compared
    left join evident
        on compared.report_id = evident.report_id and compared.figure_id = evident.figure_id
    left join gap_of
        on compared.report_id = gap_of.report_id and compared.figure_id = gap_of.figure_id

),

-- What rests on another figure shares its cause while that one differs too; what contradicts
-- another figure of the report does so only while that one is kept.
caused as (

    select
        judged.*,
        case
            when judged.own_status not in ('within_1pct', 'mismatch') then judged.own_status
            when
                contradicted.lowest_value > contradicted.printed_value
                or contradicted.highest_value < contradicted.printed_value
                then 'contradicted'
            when judged.cause = 'contradiction' and upstream.own_status = 'exact'
                then judged.cause_status
            when judged.cause = 'contradiction' then judged.own_status
            when
                judged.cause = 'upstream'
                and upstream.own_status in ('within_1pct', 'mismatch')
                then coalesce(upstream.cause_status, judged.own_status)
            when judged.cause is not null and judged.cause <> 'upstream' then judged.cause_status
            else judged.own_status
        end as status
    from judged
    left join judged as upstream
        on judged.report_id = upstream.report_id and judged.cause_key = upstream.figure_id
    left join contradicted
        on
            judged.report_id = contradicted.report_id
            and judged.figure_id = contradicted.figure_id

),

final as (

    select
        caused.report_id,
        caused.figure_id,
        caused.section,
        caused.table_or_figure,
        caused.region_code,
        caused.entity,
        caused.year,
        caused.indicator,
        caused.indicator_id,
        caused.method,
        caused.value as published_value,
        caused.value_text as published_text,
        caused.computed_value,
        caused.computed_text,
        caused.unit,
        caused.computed_value - caused.value as difference,
        caused.relative_difference,
        caused.tolerance,
        case
            when caused.computed_value is null and caused.computed_text is null then null
            when reached.reads_back = 1 then 'read_back'
            when reached.reads_data = 0 then 'definition'
            when reached.is_constrained = 1 then 'constraint'
            when reached.is_calibrated = 1 then 'calibrated'
            when caused.is_bound is not null then 'bound'
            when reached.figure_id is not null then 'predicted'
        end as evidence,
        caused.status,
        case
            when caused.status = 'exact' then null
            when caused.status in ('within_1pct', 'inconsistent')
                then coalesce(
                    caused.evident_en,
                    case caused.status
                        when 'within_1pct'
                            then 'the difference is above the rounding and is not tuned away'
                        else 'other figures of the report give another value'
                    end
                )
            when caused.status = 'contradicted'
                then 'every run of the model that does not see it differs: quality.model_validation'
            else coalesce(caused.evident_en, caused.gap_en)
        end as explanation_en,
        case
            when caused.status = 'exact' then null
            when caused.status in ('within_1pct', 'inconsistent')
                then coalesce(
                    caused.evident_zh,
                    case caused.status
                        when 'within_1pct' then '差异超过进位误差，不作调整'
                        else '报告的其他数字给出另一数值'
                    end
                )
            when caused.status = 'contradicted'
                then '不采用此数字的各次模型运行均与之不同：quality.model_validation'
            else coalesce(caused.evident_zh, caused.gap_zh)
        end as explanation_zh,
        caused.source_id,
        -- A figure nothing is computed for is what was printed.
        case
            when caused.computed_value is null and caused.computed_text is null then 'observed'
            else {{ origin_of_rank('greatest(2, coalesce(reached.origin_rank, 3))') }}
        end as origin
    from caused
    left join reached
        on caused.report_id = reached.report_id and caused.figure_id = reached.figure_id

)

select * from final
order by report_id, figure_id
