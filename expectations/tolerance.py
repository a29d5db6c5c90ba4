"""Equal, within and tied, as `dbt_project/macros/tolerance.sql` defines them, for SQL of gates.

The macros use no more than Jinja and `threshold`, which here is the number of its row.
"""

from __future__ import annotations

import functools
from pathlib import Path

import jinja2

from expectations.thresholds import threshold

MACROS = Path(__file__).parents[1] / "dbt_project" / "macros" / "tolerance.sql"


@functools.cache
def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(undefined=jinja2.StrictUndefined, autoescape=False)
    environment.globals["threshold"] = lambda name: repr(threshold(name))
    module = environment.from_string(MACROS.read_text(encoding="utf-8")).module
    environment.globals |= {
        name: macro for name, macro in vars(module).items() if not name.startswith("_")
    }
    return environment


@functools.cache
def render(sql: str) -> str:
    """Write out the calls of the tolerance macros in SQL, as dbt does."""
    return _environment().from_string(sql).render()


def is_equal(a: float, b: float, scale: float, closure: str = "float_closure") -> bool:
    """Whether two sums are the same number; `scale` is the size of what was added."""
    return abs(a - b) <= threshold(closure) * scale


def is_within(
    value: float, low: float, high: float, scale: float, closure: str = "float_closure"
) -> bool:
    """Whether a sum lies between two numbers; `scale` is the size of what was added."""
    margin = threshold(closure) * scale
    return low - margin <= value <= high + margin
