-- Carbon budgets of provinces, cities, parks and enterprises: what each has, what it gave on, what
-- was spent, and the month in which it is used up.
with budgets as (

    select * from {{ ref('int_budgets__carried') }}

),

months as (

    select * from {{ ref('carbon_budget_months') }}

),

standards as (

    select * from {{ ref('standards') }}

),

children as (

    select
        parent_id,
        year,
        count(*) as child_count,
        sum(budget_t) as children_t
    from budgets
    where parent_id is not null
    group by parent_id, year

),

used_up as (

    select
        node_id,
        year,
        min(
            case
                when {{ is_below('budget_left_t', '0', 'cumulative_co2_t') }} then month
            end
        ) as used_up_month,
        max(cumulative_co2_t) as year_co2_t
    from months
    group by node_id, year

),

joined as (

    select
        budgets.*,
        children.child_count,
        children.children_t,
        used_up.used_up_month,
        coalesce(
            used_up.year_co2_t,
            case
                when budgets.months_known = {{ threshold('months_of_year') }} then budgets.spent_t
            end
        ) as year_co2_t
    from budgets
    left join children on budgets.node_id = children.parent_id and budgets.year = children.year
    left join used_up on budgets.node_id = used_up.node_id and budgets.year = used_up.year

),

final as (

    select
        joined.node_id,
        joined.year,
        joined.budget_level,
        joined.parent_id,
        case when joined.budget_level in ('province', 'city') then joined.node_id end
            as region_code,
        case
            when joined.budget_level in ('park', 'enterprise')
                then split_part(joined.node_id, '/', 1)
        end as park_id,
        joined.base_year,
        joined.share_base_co2_t,
        joined.budget_t,
        joined.budget_basis,
        joined.carried_t,
        joined.budget_t + joined.carried_t as available_t,
        cast(coalesce(joined.child_count, 0) as integer) as child_count,
        joined.children_t,
        joined.budget_t - joined.children_t as unallocated_t,
        case
            when joined.child_count is null then 'no_children'
            when {{ is_above('joined.children_t', 'joined.budget_t', 'joined.budget_t') }}
                then 'exceeds'
            else 'within'
        end as allocation_status,
        joined.spent_t,
        joined.months_known,
        joined.year_co2_t,
        case
            when joined.carried_t is null then 'carry_over_unknown'
            when joined.year_co2_t is null then 'spending_unknown'
            when
                {{ is_above(
                    'joined.year_co2_t', 'joined.budget_t + joined.carried_t',
                    'joined.year_co2_t'
                ) }}
                then 'overspent'
            else 'kept'
        end as budget_status,
        case when joined.carried_t is not null then joined.used_up_month end as used_up_month,
        joined.clause_id,
        standards.clause_status,
        joined.source_id,
        {{ origin_of_rank('greatest(2, joined.origin_rank)') }} as origin
    from joined
    left join standards on joined.clause_id = standards.clause_id

)

select * from final
order by year, budget_level, node_id
