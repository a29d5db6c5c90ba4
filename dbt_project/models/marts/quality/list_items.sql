-- Each list the report prints, or a registry flags, against the list the rule gives: what is found,
-- what is missed, and what is found that is not listed.
with lists as (

    select * from {{ ref('reconciliation_lists') }}

),

rules as (

    select * from {{ ref('reconciliation_rules') }}
    where operator = 'member'

),

regions as (

    select * from {{ ref('regions') }}

),

parks as (

    select * from {{ ref('parks') }}

),

measures as (

    select * from {{ ref('int_reconciliation__measures') }}

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
        list_id,
        region_code as entity_code
    from lists
    where scope = 'own'
    union
    select
        lists.list_id,
        descendants.entity_code
    from lists
    inner join descendants on lists.region_code = descendants.region_code
    where lists.scope = 'below'
    union
    select
        lists.list_id,
        parks.park_id as entity_code
    from lists
    inner join descendants on lists.region_code = descendants.region_code
    inner join parks on descendants.entity_code = parks.region_code
    where lists.scope = 'below'

),

of_lists as (

    select
        lists.list_id,
        measures.measure,
        measures.region_code,
        {{ starts_with('measures.measure', 'lists.measure_prefix') }} as is_of_rule
    from lists
    inner join entities on lists.list_id = entities.list_id
    inner join measures
        on
            entities.entity_code = measures.region_code
            and lists.method = measures.method
            and (measures.year is null or lists.year = measures.year)
            and (
                {{ starts_with('measures.measure', 'lists.measure_prefix') }}
                or {{ starts_with('measures.measure', 'lists.listed_measure_prefix') }}
            )
    where
        measures.value = 1
        and measures.measure <> coalesce(lists.leaves_out_measure, '')

),

-- An item is a measure of a region or park; where flags are compared, the region or park alone.
found as (

    select
        of_lists.list_id,
        case
            when lists.listed_measure_prefix is null
                then of_lists.region_code || '/' || of_lists.measure
            else of_lists.region_code
        end as item
    from of_lists
    inner join lists on of_lists.list_id = lists.list_id
    where of_lists.is_of_rule

),

listed as (

    select
        lists.list_id,
        rules.region_code || '/' || rules.measure as item
    from lists
    inner join rules
        on
            {{ starts_with('rules.figure_id', 'lists.figure_prefix') }}
            and {{ starts_with('rules.measure', 'lists.measure_prefix') }}
    where lists.listed_measure_prefix is null
    union
    select
        of_lists.list_id,
        of_lists.region_code as item
    from of_lists
    where not of_lists.is_of_rule

),

compared as (

    select
        coalesce(listed.list_id, found.list_id) as list_id,
        coalesce(listed.item, found.item) as item,
        listed.item is not null as is_listed,
        found.item is not null as is_found
    from listed
    full outer join found on listed.list_id = found.list_id and listed.item = found.item

),

final as (

    select
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
order by list_id, item
