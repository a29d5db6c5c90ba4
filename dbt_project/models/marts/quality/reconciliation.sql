with published as (

    select * from {{ ref('published_figures') }}

),

computed as (

    select * from {{ ref('int_reconciliation__figures_computed') }}

),

reconciliation_rules as (

    select * from {{ ref('reconciliation_rules') }}

),

explanations as (

    select * from {{ ref('reconciliation_explanations') }}

),

gaps as (

    select * from {{ ref('reconciliation_gaps') }}

),

revisions as (

    select * from {{ ref('revisions') }}

),

series as (

    select * from {{ ref('int_revisions__series_united') }}

),

city_key_industries as (

    select * from {{ ref('city_key_industries') }}

),

-- A name that stands in a printed list counts one; it has no rounding.
valued as (

    select
        figures.figure_id,
        figures.section,
        figures.table_or_figure,
        figures.region_code,
        figures.entity,
        figures.year,
        figures.indicator,
        case when reconciliation_rules.operator = 'member' then 1 else figures.value end as value,
        figures.value_text,
        figures.unit,
        case when reconciliation_rules.operator = 'member' then 0 else figures.printed_step end
            as printed_step,
        figures.is_bound,
        figures.source_id,
        reconciliation_rules.measure,
        reconciliation_rules.method,
        reconciliation_rules.input_figure_id
    from published as figures
    left join reconciliation_rules on figures.figure_id = reconciliation_rules.figure_id

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
    left join computed on figures.figure_id = computed.figure_id
    left join published as inputs on figures.input_figure_id = inputs.figure_id

),

-- An explanation counts only while its evidence stands in the warehouse.
editions as (

    select
        series_key,
        year,
        count(distinct vintage) as editions_held
    from series
    where not is_quotation
    group by series_key, year

),

evident as (

    select
        explanations.figure_id,
        explanations.evidence,
        explanations.evidence_key,
        explanations.explanation_zh,
        explanations.explanation_en
    from explanations
    left join editions
        on
            explanations.evidence_key = editions.series_key
            and explanations.evidence_year = editions.year
    where
        explanations.evidence in ('upstream', 'contradiction')
        or (
            explanations.evidence = 'revision'
            and exists (
                select 1
                from revisions
                where
                    revisions.series_key = explanations.evidence_key
                    and revisions.year = explanations.evidence_year
            )
        )
        or (
            explanations.evidence in ('edition_not_held', 'not_held')
            and coalesce(editions.editions_held, 0) <= 1
        )
        -- The industry stands in the ranking, right behind the last that the rule may take.
        or (
            explanations.evidence = 'next_in_rank'
            and exists (
                select 1
                from city_key_industries
                where
                    city_key_industries.method || '/' || city_key_industries.region_code || '/'
                    || city_key_industries.industry_code
                    = explanations.evidence_key
                    and city_key_industries.year = explanations.evidence_year
                    and city_key_industries.rank = city_key_industries.key_industries_max + 1
            )
        )

),

gap_of as (

    select
        figures.figure_id,
        max_by(gaps.explanation_zh, length(gaps.figure_prefix)) as gap_zh,
        max_by(gaps.explanation_en, length(gaps.figure_prefix)) as gap_en
    from published as figures
    inner join gaps on {{ starts_with('figures.figure_id', 'gaps.figure_prefix') }}
    group by figures.figure_id

),

judged as (

    select
        compared.*,
        evident.evidence,
        evident.evidence_key,
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
            when compared.computed_value is null and evident.evidence = 'not_held' then 'explained'
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
            when evident.figure_id is not null then 'explained'
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
    left join evident on compared.figure_id = evident.figure_id
    left join gap_of on compared.figure_id = gap_of.figure_id

),

final as (

    select
        judged.figure_id,
        judged.section,
        judged.table_or_figure,
        judged.region_code,
        judged.entity,
        judged.year,
        judged.indicator,
        judged.measure,
        judged.method,
        judged.value as published_value,
        judged.value_text as published_text,
        judged.computed_value,
        judged.computed_text,
        judged.unit,
        judged.computed_value - judged.value as difference,
        judged.relative_difference,
        judged.tolerance,
        -- What rests on another figure is explained only while that one differs too, what
        -- contradicts another one only while that one is kept.
        case
            when
                judged.own_status = 'explained'
                and judged.evidence = 'upstream'
                and coalesce(upstream.own_status, 'mismatch') not in ('explained', 'within_1pct')
                then 'mismatch'
            when
                judged.own_status = 'explained'
                and judged.evidence = 'contradiction'
                and coalesce(upstream.own_status, 'mismatch') <> 'exact'
                then 'mismatch'
            else judged.own_status
        end as status,
        case
            when judged.own_status = 'exact' then null
            when judged.own_status = 'within_1pct'
                then 'the difference is above the rounding and is not tuned away'
            else coalesce(judged.evident_en, judged.gap_en)
        end as explanation,
        case
            when judged.own_status = 'exact' then null
            when judged.own_status = 'within_1pct' then '差异超过进位误差，不作调整'
            else coalesce(judged.evident_zh, judged.gap_zh)
        end as explanation_zh,
        judged.source_id,
        'derived' as origin
    from judged
    left join judged as upstream on judged.evidence_key = upstream.figure_id

)

select * from final
order by figure_id
