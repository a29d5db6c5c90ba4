-- Budgets of four levels. Each level takes what was given; what its parent has left of whole tonnes
-- goes to the others by their part of the parent's CO2 in the base year. Whole tonnes are dealt by
-- the largest remainder, so the children never exceed the parent: what is theirs of the parent's
-- CO2 is at most all of it.
{% set levels = ['province', 'city', 'park', 'enterprise'] %}

with nodes as (

    select * from {{ ref('int_budgets__nodes') }}

),

province_budgets as (

    select
        node_id,
        year,
        given_t as budget_t,
        'given' as budget_basis
    from nodes
    where budget_level = 'province' and given_t is not null

),

{% for level in levels[1:] %}
    {%- set above = levels[loop.index0] %}
    {{ level }}_sums as (

        select
            nodes.parent_id,
            nodes.year,
            sum(nodes.given_t) as given_t,
            sum(case when nodes.given_t is not null then nodes.share_base_co2_t end)
                as given_base_t,
            sum(case when nodes.given_t is null then nodes.share_base_co2_t end) as open_base_t
        from nodes
        where nodes.budget_level = '{{ level }}'
        group by nodes.parent_id, nodes.year

    ),

    {{ level }}_shares as (

        select
            nodes.node_id,
            nodes.year,
            nodes.parent_id,
            nodes.share_base_co2_t
            / greatest(
                sums.open_base_t, parents.share_base_co2_t - coalesce(sums.given_base_t, 0)
            )
            * greatest(floor(above.budget_t - coalesce(sums.given_t, 0)), 0) as exact_t
        from nodes
        inner join {{ above }}_budgets as above
            on nodes.parent_id = above.node_id and nodes.year = above.year
        inner join nodes as parents
            on nodes.parent_id = parents.node_id and nodes.year = parents.year
        inner join {{ level }}_sums as sums
            on nodes.parent_id = sums.parent_id and nodes.year = sums.year
        where
            nodes.budget_level = '{{ level }}'
            and nodes.given_t is null
            and nodes.share_base_co2_t > 0

    ),

    {{ level }}_parts as (

        select
            *,
            floor(exact_t) as whole_t,
            {{ threshold('budget_rounding') }} as rounding_t,
            round({{ fraction_of('exact_t') }} / {{ threshold('budget_rounding') }})
                as remainder_steps
        from {{ level }}_shares

    ),

    {{ level }}_ranked as (

        select
            node_id,
            year,
            whole_t,
            -- A sum of parts may miss a whole tonne by its rounding.
            floor(sum(exact_t) over siblings + rounding_t) - sum(whole_t) over siblings
                as left_over_count,
            row_number() over (
                partition by parent_id, year order by remainder_steps desc, node_id asc
            ) as remainder_rank
        from {{ level }}_parts
        window siblings as (
            partition by parent_id, year order by node_id
            rows between unbounded preceding and unbounded following
        )

    ),

    {{ level }}_budgets as (

        select
            node_id,
            year,
            given_t as budget_t,
            'given' as budget_basis
        from nodes
        where budget_level = '{{ level }}' and given_t is not null
        union all
        select
            node_id,
            year,
            whole_t + case when remainder_rank <= left_over_count then 1 else 0 end as budget_t,
            'shared_out' as budget_basis
        from {{ level }}_ranked

    ),

{% endfor %}

budgets as (

    {% for level in levels %}
        select * from {{ level }}_budgets
        {% if not loop.last %}union all{% endif %}
    {% endfor %}

),

final as (

    select
        nodes.node_id,
        nodes.year,
        nodes.budget_level,
        nodes.parent_id,
        nodes.province_code,
        nodes.base_year,
        nodes.share_base_co2_t,
        budgets.budget_t,
        budgets.budget_basis,
        nodes.spent_t,
        nodes.source_id,
        nodes.origin_rank
    from budgets
    inner join nodes on budgets.node_id = nodes.node_id and budgets.year = nodes.year

)

select * from final
order by year, budget_level, node_id
