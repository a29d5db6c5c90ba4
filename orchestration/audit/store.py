"""Write audit results to `quality.audit_results`, beside the data they judged."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

if TYPE_CHECKING:
    from expectations.runner import Result


def store(database: Path, run_id: str, results: Iterable[Result]) -> None:
    """Append one row per expectation."""
    rows = [
        (
            run_id,
            result.gate,
            result.suite,
            result.rule_id,
            result.expectation,
            result.table_name,
            result.column_name,
            result.success,
            result.severity,
            result.observed_value,
            result.details,
        )
        for result in results
    ]
    with duckdb.connect(str(database)) as connection:
        connection.executemany(
            f"insert into quality.audit_results values ({', '.join('?' * len(rows[0]))})", rows
        )
