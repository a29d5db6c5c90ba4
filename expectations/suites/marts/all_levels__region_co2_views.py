"""Production and use: two views of one total."""

from __future__ import annotations

from expectations.authoring import Pair, no_doubtful_rows
from expectations.discovery import SuiteContext

TABLE = "all_levels.region_co2_views"

# A city's own sums differ by what it sends out or takes in; a province's do not, unless its balance
# has a hole.
SUMS = """
select
    views.region_code,
    views.year,
    views.method,
    sum(views.co2_t) filter (where views.view_name = 'production') as production_t,
    sum(views.co2_t) filter (where views.view_name = 'use') as use_t
from batch as views
join reference.regions as regions on views.region_code = regions.region_code
where regions.level = 'province'
group by views.region_code, views.year, views.method
having
    not coalesce(
        {{ is_equal('production_t', 'use_t', 'sum(abs(views.co2_t))') }}, false
    )
"""


def expectations(context: SuiteContext) -> list[Pair]:
    """Return the rules."""
    return [no_doubtful_rows("region_co2_views_agree", SUMS)]
