"""Boundaries of parks: a tree, of parks and enterprises that are registered."""

from __future__ import annotations

from expectations.authoring import Pair, no_rows
from expectations.discovery import SuiteContext

TABLE = "reference.park_boundaries"

# Four steps up are as many as the sums follow.
TREE = """
with boundaries as (
    select
        park_id,
        parent_park_id,
        coalesce(year_from, 0) as year_from,
        coalesce(year_to, 9999) as year_to
    from batch
)

select
    one.park_id,
    one.year_from,
    one.year_to,
    other.parent_park_id,
    'two_rows' as fault
from boundaries as one
inner join boundaries as other
    on
        one.park_id = other.park_id
        and one.year_from < other.year_from
        and one.year_to >= other.year_from
union all
select
    a.park_id,
    a.year_from,
    a.year_to,
    a.parent_park_id,
    'in_itself' as fault
from boundaries as a
left join boundaries as b
    on a.parent_park_id = b.park_id and a.year_from <= b.year_to and b.year_from <= a.year_to
left join boundaries as c
    on b.parent_park_id = c.park_id and b.year_from <= c.year_to and c.year_from <= b.year_to
left join boundaries as d
    on c.parent_park_id = d.park_id and c.year_from <= d.year_to and d.year_from <= c.year_to
left join boundaries as e
    on d.parent_park_id = e.park_id and d.year_from <= e.year_to and e.year_from <= d.year_to
where
    a.park_id in (a.parent_park_id, b.parent_park_id, c.parent_park_id, d.parent_park_id)
    or e.parent_park_id is not null
"""

UNKNOWN = """
with named as (
    select park_id, null as enterprise_id, _file_name, _row_number
    from raw.park_returns_park_boundaries
    union all
    select parent_park_id, null, _file_name, _row_number
    from raw.park_returns_park_boundaries
    where parent_park_id is not null
    union all
    select park_id, null, _file_name, _row_number
    from raw.park_returns_boundary_members
    union all
    select coalesce(list_park_id, park_id), enterprise_id, _file_name, _row_number
    from raw.park_returns_boundary_members
)

select named.*
from named
left join reference.parks as parks on named.park_id = parks.park_id
left join raw.park_returns_enterprises as enterprises
    on
        named.park_id = enterprises.park_id
        and named.enterprise_id = enterprises.enterprise_id
where
    parks.park_id is null
    or (named.enterprise_id is not null and enterprises.enterprise_id is null)
"""


def expectations(context: SuiteContext) -> list[Pair]:
    """Return the rules."""
    return [
        no_rows("boundaries_form_a_tree", TREE),
        no_rows("boundaries_are_registered", UNKNOWN),
    ]
