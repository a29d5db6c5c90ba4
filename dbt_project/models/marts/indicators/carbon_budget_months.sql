-- The spending of carbon budgets by month, of parks and enterprises that return by month: what was
-- emitted, and for the months to come what the year before says of the same months, at the pace of
-- this year, else every month like those known.
with budgets as (

    select * from {{ ref('int_budgets__carried') }}
    where budget_level in ('park', 'enterprise') and is_by_month and months_known > 0

),

standards as (

    select * from {{ ref('standards') }}

),

emitted as (

    select
        park_id,
        enterprise_id,
        year,
        month,
        co2_t
    from {{ ref('int_park__months_emitted') }}
    where method = '{{ var("default_method") }}' and month is not null

),

numbers as (

    {{ whole_numbers() | indent }}

),

node_months as (

    select
        park_id || '/' || enterprise_id as node_id,
        year,
        month,
        co2_t
    from emitted
    union all
    select
        park_id as node_id,
        year,
        month,
        sum(co2_t) as co2_t
    from emitted
    group by park_id, year, month

),

complete_years as (

    select
        node_id,
        year
    from node_months
    group by node_id, year
    having count(*) = {{ threshold('months_of_year') }}

),

calendar as (

    select
        budgets.node_id,
        budgets.year,
        budgets.budget_level,
        budgets.parent_id,
        budgets.months_known,
        budgets.budget_t + budgets.carried_t as available_t,
        budgets.clause_id,
        budgets.origin_rank,
        numbers.number as month,
        node_months.co2_t,
        before.co2_t as before_co2_t
    from budgets
    inner join numbers
        on numbers.number >= 1 and numbers.number <= {{ threshold('months_of_year') }}
    left join node_months
        on
            budgets.node_id = node_months.node_id
            and budgets.year = node_months.year
            and numbers.number = node_months.month
    left join complete_years
        on
            budgets.node_id = complete_years.node_id
            and budgets.year = complete_years.year + 1
    left join node_months as before
        on
            complete_years.node_id = before.node_id
            and complete_years.year = before.year
            and numbers.number = before.month

),

monthly as (

    select
        *,
        sum(case when month <= months_known then co2_t end) over year_of_node as to_date_t,
        sum(case when month <= months_known then before_co2_t end) over year_of_node
            as before_to_date_t,
        count(co2_t) over year_of_node as months_held
    from calendar
    window year_of_node as (
        partition by node_id, year order by month
        rows between unbounded preceding and unbounded following
    )

),

expected as (

    select
        *,
        case
            when month <= months_known then 'returned'
            when before_to_date_t > 0 then 'as_last_year'
            else 'even'
        end as spending_basis,
        case
            when month <= months_known then co2_t
            when before_to_date_t > 0 then before_co2_t * to_date_t / before_to_date_t
            else to_date_t / months_known
        end as month_co2_t
    from monthly
    where months_held >= months_known

),

final as (

    select
        expected.node_id,
        split_part(expected.node_id, '/', 1) as park_id,
        expected.year,
        cast(expected.month as integer) as month,
        expected.budget_level,
        expected.parent_id,
        expected.spending_basis,
        expected.month_co2_t,
        sum(expected.month_co2_t) over to_month as cumulative_co2_t,
        expected.available_t,
        expected.available_t - sum(expected.month_co2_t) over to_month as budget_left_t,
        expected.clause_id,
        standards.clause_status,
        {{ origin_of_rank('greatest(2, expected.origin_rank)') }} as origin
    from expected
    left join standards on expected.clause_id = standards.clause_id
    window to_month as (
        partition by expected.node_id, expected.year order by expected.month
        rows between unbounded preceding and current row
    )

)

select * from final
order by node_id, year, month
