"""Real growth beside what was announced."""

from __future__ import annotations

from expectations.authoring import Pair, no_doubtful_rows
from expectations.discovery import SuiteContext

TABLE = "quality.growth_agreement"

APART = """
select region_code, year, announced_growth_rate, real_growth_rate, growth_rate_difference
from batch
where real_growth_rate is not null and not is_within
"""


def expectations(context: SuiteContext) -> list[Pair]:
    """Return the rule."""
    return [no_doubtful_rows("growth_agrees_with_the_announcement", APART)]
