-- The account of a park by a method of the ledger: the same tables as of the methods. A line
-- that is the same in every view of electricity has none. An activity stands on the cells of its
-- forms; where these do not make its quantity (a boundary that takes a part of an enterprise, power
-- that enterprises sell each other), its number is that of the ledger and the cells are shown.
create or replace temp table ledger as
with returned as (

    select * from all_levels.park_carbon_ledger
    where
        park_id = $park_id
        and method = $method
        and year between $year - 2 and $year

),

view_counts as (

    select
        year,
        count(distinct electricity_view) as view_count
    from returned
    group by year

),

-- What distinguishes two lines of one view, and of all views together.
seen as (

    select
        returned.*,
        count(*) over (
            partition by
                returned.year, returned.entry, returned.enterprise_id, returned.line_item,
                returned.line_detail, returned.gas, returned.sign, returned.unit,
                returned.value_status, returned.quantity, returned.co2e_t
        ) = view_counts.view_count as is_in_all_views,
        row_number() over (
            partition by
                returned.year, returned.entry, returned.enterprise_id, returned.line_item,
                returned.line_detail, returned.gas, returned.sign, returned.unit,
                returned.value_status, returned.quantity, returned.co2e_t
            order by returned.electricity_view
        ) as copy_no
    from returned
    inner join view_counts on returned.year = view_counts.year

)

select
    year,
    entry,
    case when not is_in_all_views then electricity_view end as view,
    enterprise_id,
    line_item as item_code,
    line_detail,
    gas,
    sign,
    quantity,
    unit,
    gas_t_per_quantity * gwp100 as factor_value,
    co2e_t,
    is_counted,
    clause_id,
    factor_id,
    factor_source_id,
    value_status,
    origin,
    source_id,
    -- CH4 and N2O are those of the fuel that combustion counts.
    case when entry = 'ch4_n2o' then 'combustion' else entry end as activity_entry
from seen
where not is_in_all_views or copy_no = 1;

create or replace temp view account_enterprises as
select distinct enterprise_id from ledger;
