-- What each budget has with what was left, or overspent, in the budget years before. A year that is
-- not known to its end leaves nothing to carry: from there on the carry-over is unknown.
with budgets as (

    select * from {{ ref('int_budgets__allocated') }}

),

months as (

    select * from {{ ref('int_park__months_emitted') }}
    where method = '{{ var("default_method") }}'

),

enterprise_months as (

    {{ enterprise_months('months') | indent }}

),

node_months as (

    select
        park_id || '/' || enterprise_id as node_id,
        year,
        months_known,
        whole_years
    from enterprise_months
    union all
    select
        park_id as node_id,
        year,
        min(months_known) as months_known,
        sum(whole_years) as whole_years
    from enterprise_months
    group by park_id, year

),

known as (

    select
        budgets.*,
        case
            when budgets.spent_t is null then 0
            else coalesce(node_months.months_known, {{ threshold('months_of_year') }})
        end as months_known,
        coalesce(node_months.whole_years = 0, false) as is_by_month
    from budgets
    left join node_months
        on budgets.node_id = node_months.node_id and budgets.year = node_months.year

),

balanced as (

    select
        *,
        case
            when months_known = {{ threshold('months_of_year') }} then budget_t - spent_t
        end as balance_t
    from known

),

carried as (

    select
        *,
        sum(balance_t) over earlier as earlier_balance_t,
        count(balance_t) over earlier as earlier_known,
        count(*) over earlier as earlier_count
    from balanced
    window earlier as (
        partition by node_id order by year rows between unbounded preceding and 1 preceding
    )

),

final as (

    select
        node_id,
        year,
        budget_level,
        parent_id,
        province_code,
        base_year,
        share_base_co2_t,
        budget_t,
        budget_basis,
        case
            when earlier_count = 0 then 0
            when earlier_known = earlier_count then earlier_balance_t
        end as carried_t,
        spent_t,
        cast(months_known as integer) as months_known,
        is_by_month,
        -- What is given rests on the plan, how it is shared out on a rule of this warehouse.
        case budget_basis when 'given' then 'carbon_budget' else 'proposal_budget' end as clause_id,
        source_id,
        origin_rank
    from carried

)

select * from final
order by year, budget_level, node_id
