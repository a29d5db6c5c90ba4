"""Every quarantined row since the first version: when it was seen first, when it was fixed."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import duckdb


def write_history(
    connection: duckdb.DuckDBPyConnection, previous: Path | None, loaded_at: datetime
) -> None:
    """Every quarantined row since the first version: when it was seen first, when it was fixed."""
    connection.execute(
        """
        create table quality.quarantine_history (
            dataset varchar, file_name varchar, sheet_name varchar, row_number bigint,
            column_number bigint, column_name varchar, raw_value varchar, rule varchar,
            first_seen_at timestamp, closed_at timestamp, closed_by varchar
        )
        """
    )
    if previous is not None:
        connection.execute(
            f"attach '{str(previous).replace(chr(39), chr(39) * 2)}' as previous (read_only)"
        )
        known = connection.execute(
            "select 1 from duckdb_tables() where database_name = 'previous' "
            "and schema_name = 'quality' and table_name = 'quarantine_history'"
        ).fetchone()
        if known:
            connection.execute(
                "insert into quality.quarantine_history "
                "select * from previous.quality.quarantine_history"
            )
        connection.execute("detach previous")
    key = ("file_name", "sheet_name", "row_number", "column_number", "raw_value", "rule")
    same = " and ".join(f"history.{name} is not distinct from still.{name}" for name in key)
    connection.execute(
        f"""
        update quality.quarantine_history as history
        set
            closed_at = $1,
            closed_by = coalesce(
                (
                    select any_value(files.load_id) from files
                    where files.file_name = history.file_name
                ),
                'file taken away'
            )
        where closed_at is null and not exists (
            select 1 from quality.quarantine as still where {same}
        )
        """,
        [loaded_at],
    )
    connection.execute(
        f"""
        insert into quality.quarantine_history
        select
            dataset, file_name, sheet_name, row_number, column_number, column_name, raw_value,
            rule, $1, null, null
        from quality.quarantine as still
        where rule <> 'superseded' and not exists (
            select 1 from quality.quarantine_history as history
            where history.closed_at is null and {same}
        )
        """,
        [loaded_at],
    )
