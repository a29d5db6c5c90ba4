-- Why the CO2 of parks differs between two published versions, `before` and `after`: cell by cell,
-- one cause after the other, in the order data, factor, rule, boundary. What a later cause moves is
-- counted at the earlier ones as they are afterwards, so the four add up to the change. A cell that
-- one version does not have is nothing there, and takes all else from the other.
{% for side in ['before', 'after'] %}
create or replace temporary table cells_{{ side }} as
select
    park_id as list_park_id,
    enterprise_id as list_enterprise_id,
    year,
    month,
    fuel_code,
    flow,
    sum(quantity) as quantity
from {{ side }}.quality.return_lineage
group by all;

create or replace temporary table entries_{{ side }} as
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
from {{ side }}.quality.emission_lineage as lineage
inner join {{ side }}.quality.return_lineage as cells
    on
        lineage.file_name = cells.file_name
        and lineage.sheet_name is not distinct from cells.sheet_name
        and lineage.row_number = cells.row_number
        and lineage.column_name = cells.column_name
where lineage.account = 'park' and lineage.input_role <> 'not_counted'
group by all;

create or replace temporary table members_{{ side }} as
select distinct park_id, list_park_id, list_enterprise_id, year, member_share
from entries_{{ side }};
{% endfor %}

create or replace temporary table keys as
select park_id, method, scope, input_role, list_park_id, list_enterprise_id, year, month,
    fuel_code, flow
from entries_before
union
select park_id, method, scope, input_role, list_park_id, list_enterprise_id, year, month,
    fuel_code, flow
from entries_after;

{% for side in ['before', 'after'] %}
create or replace temporary table known_{{ side }} as
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
        and keys.year = members.year;
{% endfor %}

create or replace temporary table factors_paired as
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
        and a.flow = b.flow;

create or replace temporary table restatement as
with accounts_before as (
    select park_id, year, method, sum(co2_t) as co2_t
    from before.{{ schemas.before }}.park_co2_by_method group by all
),

accounts_after as (
    select park_id, year, method, sum(co2_t) as co2_t
    from after.{{ schemas.after }}.park_co2_by_method group by all
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
order by park_id, year, method;
