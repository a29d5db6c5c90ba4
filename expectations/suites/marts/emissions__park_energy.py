"""Energy of parks: every return that was landed is in it."""

from __future__ import annotations

from expectations.authoring import Pair, no_rows
from expectations.discovery import SuiteContext

TABLE = "emissions.park_energy"

UNUSED = """
select
    returns.park_id,
    returns.enterprise_id,
    count(*) as rows_unused,
    case when parks.park_id is null then 'park' else 'enterprise' end as not_registered
from raw.park_returns_enterprise_energy as returns
left join reference.parks as parks on returns.park_id = parks.park_id
left join raw.park_returns_enterprises as enterprises
    on
        returns.park_id = enterprises.park_id
        and returns.enterprise_id = enterprises.enterprise_id
where parks.park_id is null or enterprises.enterprise_id is null
group by returns.park_id, returns.enterprise_id, parks.park_id
"""


def expectations(context: SuiteContext) -> list[Pair]:
    """Return the rules."""
    return [no_rows("park_energy_has_every_return", UNUSED)]
