"""Pollution and carbon: the quadrant is that of the two rates."""

from __future__ import annotations

from expectations.authoring import Pair, no_rows
from expectations.discovery import SuiteContext

TABLE = "indicators.pollution_carbon_synergy"

QUADRANT = """
select park_id, boundary, year_from, year_to, pollutant, synergy_state
from batch
where
    (synergy_state is null) <> (refusal is not null)
    or year_from >= year_to
    or (synergy_state in ('co_control', 'pollution_only'))
        <> ({{ is_above('pollution_reduction_rate', 0, '1') }})
    or (synergy_state in ('co_control', 'carbon_only'))
        <> ({{ is_above('co2_reduction_rate', 0, '1') }})
"""


def expectations(context: SuiteContext) -> list[Pair]:
    """Return the rules."""
    return [
        no_rows("pollution_carbon_synergy_is_in_its_quadrant", QUADRANT),
    ]
