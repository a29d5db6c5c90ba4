"""dbt's `adapter` for sqlfluff, which renders models without dbt: always that of DuckDB."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from jinja2 import pass_context
from jinja2.runtime import Context


@pass_context
def dispatch(context: Context, macro_name: str, package: str) -> Callable[..., Any]:
    """The macro's form for DuckDB, else the common one."""
    return context.get(f"duckdb__{macro_name}") or context[f"default__{macro_name}"]
