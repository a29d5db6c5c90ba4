-- Why the CO2 of parks differs between two published versions, `before` and `after`: cell by cell,
-- one cause after the other, in the order data, factor, rule, boundary. What a later cause moves is
-- counted at the earlier ones as they are afterwards, so the four add up to the change. A cell that
-- one version does not have is nothing there, and takes all else from the other.
-- One query, `of(side, table)` says where a version has a table: for `greenpark restatement`, which
-- compares any two versions, and for the macro `quality.restatement` of the published file.
with
{% for side in ['before', 'after'] %}
cells_{{ side }} as (

    select
        park_id as list_park_id,
        enterprise_id as list_enterprise_id,
        year,
        month,
        fuel_code,
        flow,
        sum(quantity) as quantity
    from {{ of(side, 'quality.return_lineage') }}
    group by all

),

entries_{{ side }} as (

    select
        lineage.park_id,
        lineage.method,
        lineage.scope,
        lineage.input_role,
        cells.park_id as list_park_id,
        cells.enterprise_id as list_enterprise_id,
        cells.year,
        cells.month,
        cells.fuel_code,
        cells.flow,
        max(lineage.rule_weight) as rule_weight,
        max(lineage.member_share) as member_share,
        max(coalesce(lineage.outside_share, 1)) as outside_share,
        max(lineage.co2_t_per_quantity) as co2_t_per_quantity
    from {{ of(side, 'quality.emission_lineage') }} as lineage
    inner join {{ of(side, 'quality.return_lineage') }} as cells
        on
            lineage.file_name = cells.file_name
            and lineage.sheet_name is not distinct from cells.sheet_name
            and lineage.row_number = cells.row_number
            and lineage.column_name = cells.column_name
    where lineage.account = 'park' and lineage.input_role <> 'not_counted'
    group by all

),

members_{{ side }} as (

    select distinct park_id, list_park_id, list_enterprise_id, year, member_share
    from entries_{{ side }}

),
{% endfor %}

keys as (

    select park_id, method, scope, input_role, list_park_id, list_enterprise_id, year, month,
        fuel_code, flow
    from entries_before
    union
    select park_id, method, scope, input_role, list_park_id, list_enterprise_id, year, month,
        fuel_code, flow
    from entries_after

),

{% for side in ['before', 'after'] %}
known_{{ side }} as (

    select
        keys.*,
        cells.quantity,
        entries.co2_t_per_quantity,
        entries.outside_share,
        case
            when entries.park_id is not null then entries.rule_weight
            when cells.quantity is not null and members.park_id is not null then 0
        end as rule_weight,
        case
            when entries.park_id is not null then entries.member_share
            when members.park_id is not null then members.member_share
            when cells.quantity is not null then 0
        end as member_share
    from keys
    left join cells_{{ side }} as cells
        on
            keys.list_park_id = cells.list_park_id
            and keys.list_enterprise_id = cells.list_enterprise_id
            and keys.year = cells.year
            and keys.month is not distinct from cells.month
            and keys.fuel_code = cells.fuel_code
            and keys.flow = cells.flow
    left join entries_{{ side }} as entries
        on
            keys.park_id = entries.park_id
            and keys.method = entries.method
            and keys.scope = entries.scope
            and keys.input_role = entries.input_role
            and keys.list_park_id = entries.list_park_id
            and keys.list_enterprise_id = entries.list_enterprise_id
            and keys.year = entries.year
            and keys.month is not distinct from entries.month
            and keys.fuel_code = entries.fuel_code
            and keys.flow = entries.flow
    left join members_{{ side }} as members
        on
            keys.park_id = members.park_id
            and keys.list_park_id = members.list_park_id
            and keys.list_enterprise_id = members.list_enterprise_id
            and keys.year = members.year

),
{% endfor %}

factors_paired as (

    select
        a.park_id,
        a.year,
        a.method,
        coalesce(a.quantity, 0) * coalesce(a.outside_share, b.outside_share) as data_before,
        coalesce(b.quantity, 0) * coalesce(b.outside_share, a.outside_share) as data_after,
        coalesce(a.co2_t_per_quantity, b.co2_t_per_quantity) as factor_before,
        coalesce(b.co2_t_per_quantity, a.co2_t_per_quantity) as factor_after,
        coalesce(a.rule_weight, b.rule_weight) as rule_before,
        coalesce(b.rule_weight, a.rule_weight) as rule_after,
        coalesce(a.member_share, b.member_share) as share_before,
        coalesce(b.member_share, a.member_share) as share_after
    from known_before as a
    inner join known_after as b
        on
            a.park_id = b.park_id
            and a.method = b.method
            and a.scope = b.scope
            and a.input_role = b.input_role
            and a.list_park_id = b.list_park_id
            and a.list_enterprise_id = b.list_enterprise_id
            and a.year = b.year
            and a.month is not distinct from b.month
            and a.fuel_code = b.fuel_code
            and a.flow = b.flow

),

restated_by_method as (

    with accounts_before as (
        select park_id, year, method, sum(co2_t) as co2_t
        from {{ of('before', schemas.before ~ '.park_co2_by_method') }} group by all
    ),

    accounts_after as (
        select park_id, year, method, sum(co2_t) as co2_t
        from {{ of('after', schemas.after ~ '.park_co2_by_method') }} group by all
    ),

    causes as (
        select
            park_id,
            year,
            method,
            sum((data_after - data_before) * factor_before * rule_before * share_before) as data_t,
            sum(data_after * (factor_after - factor_before) * rule_before * share_before)
                as factor_t,
            sum(data_after * factor_after * (rule_after - rule_before) * share_before) as rule_t,
            sum(data_after * factor_after * rule_after * (share_after - share_before))
                as boundary_t
        from factors_paired
        group by park_id, year, method
    )

    select
        causes.park_id,
        causes.year,
        causes.method,
        cast(null as varchar) as electricity_view,
        'co2' as gas,
        coalesce(accounts_before.co2_t, 0) as before_t,
        coalesce(accounts_after.co2_t, 0) as after_t,
        causes.data_t,
        causes.factor_t,
        causes.rule_t,
        causes.boundary_t
    from causes
    left join accounts_before using (park_id, year, method)
    left join accounts_after using (park_id, year, method)

)
{% if ledgers %},

-- The same for the accounts of the ledger, line by line, in t CO2e: quantity of the enterprise x
-- factor x whether the method counts it x share of the enterprise in the park. A quantity that
-- differs although its energy returns are the same cells is one of rules (which flows make it), and
-- so is a factor where a carbon balance takes its place. A line that one version does not have is
-- nothing there; where its enterprise is in no part of the park, it is outside the boundary.
{% for side in ['before', 'after'] %}
lines_{{ side }} as (

    select
        ledger.park_id,
        ledger.year,
        ledger.method,
        ledger.electricity_view,
        ledger.entry,
        ledger.enterprise_id,
        ledger.line_item,
        ledger.line_detail,
        ledger.gas,
        ledger.sign,
        sum(ledger.quantity order by ledger.value_status) as quantity,
        sum(abs(ledger.co2e_t) order by ledger.value_status)
        / nullif(sum(ledger.quantity order by ledger.value_status), 0) as factor_value,
        max(case when ledger.is_counted then ledger.sign else 0 end) as rule_weight,
        bool_or(ledger.value_status = 'carbon_balance') as is_balanced
    from {{ of(side, ledgers[side] ~ '.park_carbon_ledger') }} as ledger
    group by all

),

listed_{{ side }} as (

    select distinct list_park_id, enterprise_id as list_enterprise_id
    from {{ of(side, 'reference.boundary_members') }}

),

shares_{{ side }} as (

    select
        park_id,
        case when park_id = list_park_id then enterprise_id else list_park_id || '/' || enterprise_id
        end as enterprise_id,
        year,
        member_share
    from {{ of(side, 'quality.member_shares') }}
    where park_id is not null

),

seen_{{ side }} as (

    select distinct
        lines.park_id,
        lines.enterprise_id,
        lines.year,
        coalesce(own.list_park_id, others.list_park_id) as list_park_id,
        coalesce(own.list_enterprise_id, others.list_enterprise_id) as list_enterprise_id,
        coalesce(shares.member_share, 1) as member_share
    from lines_{{ side }} as lines
    left join listed_{{ side }} as own
        on lines.park_id = own.list_park_id and lines.enterprise_id = own.list_enterprise_id
    left join listed_{{ side }} as others
        on lines.enterprise_id = others.list_park_id || '/' || others.list_enterprise_id
    left join shares_{{ side }} as shares
        on
            lines.park_id = shares.park_id
            and lines.enterprise_id = shares.enterprise_id
            and lines.year = shares.year
    where lines.enterprise_id is not null

),

present_{{ side }} as (

    select distinct list_park_id, list_enterprise_id, year from seen_{{ side }}

),

returned_{{ side }} as (

    select
        park_id as list_park_id,
        enterprise_id as list_enterprise_id,
        year,
        fuel_code,
        string_agg(flow || ' ' || quantity, ';' order by flow, quantity) as returned_cells
    from (
        select park_id, enterprise_id, year, fuel_code, flow,
            sum(quantity order by file_name, row_number) as quantity
        from {{ of(side, 'quality.return_lineage') }}
        group by all
    )
    group by all

),
{% endfor %}

{% set line = ['park_id', 'year', 'method', 'electricity_view', 'entry', 'enterprise_id',
    'line_item', 'line_detail', 'gas', 'sign'] %}
lines_paired as (

    with keys as (
        select {{ line | join(', ') }} from lines_before
        union
        select {{ line | join(', ') }} from lines_after
    ),

    who as (
        select park_id, enterprise_id, year, list_park_id, list_enterprise_id from seen_before
        union
        select park_id, enterprise_id, year, list_park_id, list_enterprise_id from seen_after
    ),

    sides as (
        select
            keys.*,
            {% for side in ['before', 'after'] %}
                lines_{{ side }}.quantity as quantity_{{ side }},
                lines_{{ side }}.factor_value as factor_{{ side }},
                lines_{{ side }}.rule_weight as rule_{{ side }},
                coalesce(lines_{{ side }}.is_balanced, false) as is_balanced_{{ side }},
                case
                    when keys.enterprise_id is null then 1
                    when seen_{{ side }}.park_id is not null then seen_{{ side }}.member_share
                    when present_{{ side }}.year is not null then 0
                end as share_{{ side }},
                returned_{{ side }}.returned_cells as cells_{{ side }},
            {% endfor %}
        from keys
        left join who
            on
                keys.park_id = who.park_id
                and keys.enterprise_id = who.enterprise_id
                and keys.year = who.year
        {% for side in ['before', 'after'] %}
            left join lines_{{ side }}
                on
                    {% for name in line %}
                    keys.{{ name }} is not distinct from lines_{{ side }}.{{ name }}
                    {% if not loop.last %}and {% endif %}
                    {% endfor %}
            left join seen_{{ side }}
                on
                    keys.park_id = seen_{{ side }}.park_id
                    and keys.enterprise_id = seen_{{ side }}.enterprise_id
                    and keys.year = seen_{{ side }}.year
            left join present_{{ side }}
                on
                    who.list_park_id = present_{{ side }}.list_park_id
                    and who.list_enterprise_id = present_{{ side }}.list_enterprise_id
                    and keys.year = present_{{ side }}.year
            left join returned_{{ side }}
                on
                    who.list_park_id = returned_{{ side }}.list_park_id
                    and who.list_enterprise_id = returned_{{ side }}.list_enterprise_id
                    and keys.year = returned_{{ side }}.year
                    and keys.line_item = returned_{{ side }}.fuel_code
        {% endfor %}
    ),

    filled as (
        select
            *,
            coalesce(factor_before, factor_after, 0) as f_before,
            coalesce(factor_after, factor_before, 0) as f_after,
            coalesce(rule_before, rule_after) as r_before,
            coalesce(rule_after, rule_before) as r_after,
            coalesce(share_before, share_after) as s_before,
            coalesce(share_after, share_before) as s_after,
            quantity_before / nullif(share_before, 0) as own_before,
            quantity_after / nullif(share_after, 0) as own_after,
            coalesce(cells_before = cells_after, false) as is_same_return,
            is_balanced_before <> is_balanced_after and quantity_before is not null
            and quantity_after is not null as is_balance_new
        from sides
    )

    select
        *,
        case when own_before is null and share_before = 0 then own_after else coalesce(own_before, 0)
        end as q_before,
        case when own_after is null and share_after = 0 then own_before else coalesce(own_after, 0)
        end as q_after
    from filled

),

restated_by_ledger as (

    with parted as (
        select
            *,
            case when is_same_return then q_before else q_after end as q_data,
            case when is_balance_new then f_before else f_after end as f_factor
        from lines_paired
    )

    select
        park_id,
        year,
        method,
        electricity_view,
        'co2e' as gas,
        sum(q_before * f_before * r_before * s_before) as before_t,
        sum(q_after * f_after * r_after * s_after) as after_t,
        sum((q_data - q_before) * f_before * r_before * s_before) as data_t,
        sum(q_data * (f_factor - f_before) * r_before * s_before) as factor_t,
        sum((q_after * f_after * r_after - q_data * f_factor * r_before) * s_before) as rule_t,
        sum(q_after * f_after * r_after * (s_after - s_before)) as boundary_t
    from parted
    group by all

)
{% endif %}

select * from restated_by_method
{% if ledgers %}
union all by name
select * from restated_by_ledger
{% endif %}
