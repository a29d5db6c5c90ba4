-- Each list the report prints, or a registry flags, against the list the rule gives: what is found,
-- what is missed, and what is found that is not listed.
with lists as (

    select * from {{ ref('report_lists') }}

),

metrics as (

    select * from {{ ref('report_metrics') }}
    where operator = 'member'

),

regions as (

    select * from {{ ref('regions') }}

),

parks as (

    select * from {{ ref('parks') }}

),

indicators as (

    select * from {{ ref('report_indicators') }}

),

-- The regions and parks a list is about: its region, or those below it.
descendants as (

    select
        parent_code as region_code,
        region_code as entity_code
    from regions
    where parent_code is not null
    union
    select
        parents.parent_code as region_code,
        regions.region_code as entity_code
    from regions
    inner join regions as parents on regions.parent_code = parents.region_code
    where parents.parent_code is not null

),

entities as (

    select
        report_id,
        list_id,
        entity_code
    from lists
    where reach = 'own'
    union
    select
        lists.report_id,
        lists.list_id,
        descendants.entity_code
    from lists
    inner join descendants on lists.entity_code = descendants.region_code
    where lists.reach = 'below'
    union
    select
        lists.report_id,
        lists.list_id,
        parks.park_id as entity_code
    from lists
    inner join descendants on lists.entity_code = descendants.region_code
    inner join parks on descendants.entity_code = parks.region_code
    where lists.reach = 'below'

),

of_lists as (

    select
        lists.report_id,
        lists.list_id,
        indicators.indicator_id,
        indicators.entity_code,
        {{ starts_with('indicators.indicator_id', 'lists.indicator_prefix') }} as is_of_rule
    from lists
    inner join entities
        on lists.report_id = entities.report_id and lists.list_id = entities.list_id
    inner join indicators
        on
            entities.entity_code = indicators.entity_code
            and lists.method = indicators.method
            and coalesce(indicators.report_id, lists.report_id) = lists.report_id
            and (indicators.year is null or lists.year = indicators.year)
            and (
                {{ starts_with('indicators.indicator_id', 'lists.indicator_prefix') }}
                or {{ starts_with('indicators.indicator_id', 'lists.listed_indicator_prefix') }}
            )
    where
        indicators.value = 1
        and indicators.indicator_id <> coalesce(lists.leaves_out_indicator, '')

),

-- An item is an indicator of a region or park; where flags are compared, the region or park alone.
found as (

    select
        of_lists.report_id,
        of_lists.list_id,
        case
            when lists.listed_indicator_prefix is null
                then of_lists.entity_code || '/' || of_lists.indicator_id
            else of_lists.entity_code
        end as item
    from of_lists
    inner join lists
        on of_lists.report_id = lists.report_id and of_lists.list_id = lists.list_id
    where of_lists.is_of_rule

),

listed as (

    select
        lists.report_id,
        lists.list_id,
        metrics.entity_code || '/' || metrics.indicator_id as item
    from lists
    inner join metrics
        on
            lists.report_id = metrics.report_id
            and {{ starts_with('metrics.figure_id', 'lists.figure_prefix') }}
            and {{ starts_with('metrics.indicator_id', 'lists.indicator_prefix') }}
    where lists.listed_indicator_prefix is null
    union
    select
        of_lists.report_id,
        of_lists.list_id,
        of_lists.entity_code as item
    from of_lists
    where not of_lists.is_of_rule

),

compared as (

    select
        coalesce(listed.report_id, found.report_id) as report_id,
        coalesce(listed.list_id, found.list_id) as list_id,
        coalesce(listed.item, found.item) as item,
        listed.item is not null as is_listed,
        found.item is not null as is_found
    from listed
    full outer join found
        on
            listed.report_id = found.report_id
            and listed.list_id = found.list_id
            and listed.item = found.item

),

final as (

    select
        report_id,
        list_id,
        item,
        is_listed,
        is_found,
        case
            when is_listed and is_found then 'agreed'
            when is_found then 'false_positive'
            else 'missed'
        end as outcome
    from compared

)

select * from final
order by report_id, list_id, item
