"""Published factors fit their parts, and the factors of methods fit what others print."""

from __future__ import annotations

from expectations.authoring import Pair, no_rows
from expectations.discovery import SuiteContext

TABLE = "quality.factor_physics"

DIFFERS = """
select scheme, physics_test, method, fuel_code, co2_t_per_unit, computed_value
from batch as factors
where status = 'differs'
"""


def expectations(context: SuiteContext) -> list[Pair]:
    """Return the rules."""
    return [no_rows("published_factors_fit_their_parts", DIFFERS)]
