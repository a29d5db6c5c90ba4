-- How the rule's lists agree with those of the report or of a registry, false positives counted.
with lists as (

    select * from {{ ref('report_lists') }}

),

list_items as (

    select * from {{ ref('list_items') }}

),

reconciliation as (

    select * from {{ ref('reconciliation') }}

),

counted as (

    select
        report_id,
        list_id,
        sum(case when is_listed then 1 else 0 end) as listed,
        sum(case when is_found then 1 else 0 end) as found,
        sum(case when outcome = 'agreed' then 1 else 0 end) as agreed,
        sum(case when outcome = 'false_positive' then 1 else 0 end) as false_positives,
        sum(case when outcome = 'missed' then 1 else 0 end) as missed
    from list_items
    group by report_id, list_id

),

-- The weakest evidence of the figures of a list.
evidence as (

    select
        lists.report_id,
        lists.list_id,
        max(case when reconciliation.evidence = 'read_back' then 1 else 0 end) as reads_back,
        max(case when reconciliation.evidence = 'constraint' then 1 else 0 end) as is_constrained,
        max(case when reconciliation.evidence = 'calibrated' then 1 else 0 end) as is_calibrated,
        max(case when reconciliation.evidence = 'bound' then 1 else 0 end) as is_bound,
        max(case when reconciliation.evidence = 'predicted' then 1 else 0 end) as is_predicted,
        max(case when reconciliation.evidence = 'definition' then 1 else 0 end) as is_definition
    from lists
    inner join reconciliation
        on
            lists.report_id = reconciliation.report_id
            and {{ starts_with('reconciliation.figure_id', 'lists.figure_prefix') }}
            and (
                {{ starts_with('reconciliation.indicator_id', 'lists.indicator_prefix') }}
                or lists.listed_indicator_prefix is not null
            )
    group by lists.report_id, lists.list_id

),

final as (

    select
        lists.report_id,
        lists.list_id,
        lists.figure_prefix,
        lists.label_zh,
        lists.label_en,
        lists.entity_code as region_code,
        lists.year,
        case
            when lists.listed_indicator_prefix is null then 'report'
            else 'registry'
        end as listed_by,
        cast(counted.listed as bigint) as listed,
        cast(counted.found as bigint) as found,
        cast(counted.agreed as bigint) as agreed,
        cast(counted.false_positives as bigint) as false_positives,
        cast(counted.missed as bigint) as missed,
        cast(counted.agreed as double) / nullif(counted.found, 0) as precision_share,
        cast(counted.agreed as double) / nullif(counted.listed, 0) as recall_share,
        case
            when evidence.reads_back = 1 then 'read_back'
            when evidence.is_constrained = 1 then 'constraint'
            when evidence.is_calibrated = 1 then 'calibrated'
            when evidence.is_bound = 1 then 'bound'
            when evidence.is_predicted = 1 then 'predicted'
            when evidence.is_definition = 1 then 'definition'
        end as evidence
    from lists
    inner join counted
        on lists.report_id = counted.report_id and lists.list_id = counted.list_id
    left join evidence
        on lists.report_id = evidence.report_id and lists.list_id = evidence.list_id

)

select * from final
order by report_id, list_id
