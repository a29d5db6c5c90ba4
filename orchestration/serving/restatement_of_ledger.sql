-- The same for the accounts of the ledger, line by line, in t CO2e: quantity of the enterprise x
-- factor x whether the method counts it x share of the enterprise in the park. A quantity that
-- differs although its energy returns are the same cells is one of rules (which flows make it), and
-- so is a factor where a carbon balance takes its place. A line that one version does not have is
-- nothing there; where its enterprise is in no part of the park, it is outside the boundary.
{% for side in ['before', 'after'] %}
create or replace temporary table lines_{{ side }} as
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
from {{ side }}.{{ schemas[side] }}.park_carbon_ledger as ledger
group by all;

create or replace temporary table listed_{{ side }} as
select distinct list_park_id, enterprise_id as list_enterprise_id
from {{ side }}.reference.boundary_members;

create or replace temporary table shares_{{ side }} as
select
    park_id,
    case when park_id = list_park_id then enterprise_id else list_park_id || '/' || enterprise_id
    end as enterprise_id,
    year,
    member_share
from {{ side }}.quality.member_shares
where park_id is not null;

create or replace temporary table seen_{{ side }} as
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
where lines.enterprise_id is not null;

create or replace temporary table present_{{ side }} as
select distinct list_park_id, list_enterprise_id, year from seen_{{ side }};

create or replace temporary table returned_{{ side }} as
select
    park_id as list_park_id,
    enterprise_id as list_enterprise_id,
    year,
    fuel_code,
    string_agg(flow || ' ' || quantity, ';' order by flow, quantity) as returned_cells
from (
    select park_id, enterprise_id, year, fuel_code, flow,
        sum(quantity order by file_name, row_number) as quantity
    from {{ side }}.quality.return_lineage
    group by all
)
group by all;
{% endfor %}

{% set line = ['park_id', 'year', 'method', 'electricity_view', 'entry', 'enterprise_id',
    'line_item', 'line_detail', 'gas', 'sign'] %}
create or replace temporary table lines_paired as
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
from filled;

create or replace temporary table restatement_of_ledger as
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
order by all;
