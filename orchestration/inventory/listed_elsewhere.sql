-- An enterprise that another park lists is called by both: its returns stand under that park. The
-- account says which enterprises it is of (account_enterprises).
create or replace temp table listed_elsewhere as
select distinct
    enterprises.park_id as list_park_id,
    enterprises.enterprise_id as list_enterprise_id,
    account_enterprises.enterprise_id
from account_enterprises
inner join raw.park_returns_enterprises as enterprises
    on
        enterprises.park_id <> $park_id
        and account_enterprises.enterprise_id
        = enterprises.park_id || '/' || enterprises.enterprise_id;

create or replace temp table account_park as
select $park_id as park_id;

-- The rows of a table of returns that are of this park: its own, and those of the enterprises that
-- another park lists, under the name that they have here.
create or replace temp macro rows_of_park(table_name) as table
select
    returned.* replace (
        coalesce(listed_elsewhere.enterprise_id, returned.enterprise_id) as enterprise_id
    ),
    returned.enterprise_id as list_enterprise_id
from query_table(table_name) as returned
left join listed_elsewhere
    on
        returned.park_id = listed_elsewhere.list_park_id
        and returned.enterprise_id = listed_elsewhere.list_enterprise_id
where
    returned.park_id in (select park_id from account_park)
    or listed_elsewhere.enterprise_id is not null;
