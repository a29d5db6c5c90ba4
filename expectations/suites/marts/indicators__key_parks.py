"""Key parks: every row says by which rule; every park named as key is there, if it can be."""

from __future__ import annotations

from expectations.authoring import Pair, no_rows
from expectations.discovery import SuiteContext

TABLE = "indicators.key_parks"

RULE = """
select park_id, industry_code, reason, rule
from batch
where
    rule is null or reason is null
    or not (reason = 'energy_infrastructure' or is_in_city_list or is_in_province_list)
"""
NAMED = """
select parks.park_id, parks.name_zh, parks.region_code
from reference.parks as parks
left join batch on parks.park_id = batch.park_id
where
    parks.is_key and parks.origin = 'observed' and batch.park_id is null
    and exists (
        select 1 from indicators.park_key_industries as judged
        where judged.park_id = parks.park_id and judged.city_data_status = 'available'
    )
"""


def expectations(context: SuiteContext) -> list[Pair]:
    """Return the rules."""
    return [
        no_rows("key_parks_have_a_rule", RULE),
        no_rows("key_parks_include_the_named", NAMED),
    ]
