"""The corrections table: what people decided about printed values, until when, and why.

`replace` puts another number in the place of a printed one, `reject` refuses it, `accept` lets
pass what a rule found (a whole file if no row is given). Each says which text it expects to find;
one that finds another text, or none, or has expired, is not applied and fails the build.
"""

from __future__ import annotations

from pathlib import Path

import duckdb

from orchestration.landing.catalogue import REFERENCE
from orchestration.landing.reader import CORRECTIONS

SHIPPED = REFERENCE / "corrections" / "corrections.csv"


def match(connection: duckdb.DuckDBPyConnection, roots: list[Path]) -> None:
    """Read the corrections and find what each is about; fills the temporary table `corrections`.

    Has to run after the files are read and before anything is judged.
    """
    paths = [str(SHIPPED), *(str(path) for root in roots if (path := root / CORRECTIONS).exists())]
    connection.execute(
        """
        create temp table corrections as
        select
            * replace (
                row_number::bigint as row_number,
                column_number::bigint as column_number,
                coalesce(sheet_name, '') as sheet_name,
                decided_on::date as decided_on,
                expires_on::date as expires_on
            ),
            null::varchar as found_text,
            null::varchar as state
        from read_csv($1, all_varchar = true, union_by_name = true)
        """,
        [paths],
    )
    connection.execute(
        """
        update corrections set found_text = cells.value_text
        from cells inner join files using (file_number)
        where
            corrections.file_name = files.file_name
            and corrections.sheet_name = cells.sheet_name
            and corrections.row_number = cells.row_number
            and corrections.column_number = cells.column_number
        """
    )
    for correction_id, dataset, column in connection.execute(
        """
        select correction_id, dataset, corrections.column_name
        from corrections inner join files using (file_name)
        inner join duckdb_columns() as columns
            on
                columns.database_name = current_database()
                and columns.schema_name = 'raw'
                and files.dataset = columns.table_name
                and corrections.column_name = columns.column_name
        """
    ).fetchall():
        connection.execute(
            f"""
            update corrections set found_text = coalesce(raw."{column}", '')
            from raw.{dataset} as raw
            where
                correction_id = $1
                and corrections.file_name = raw._file_name
                and corrections.sheet_name = raw._sheet_name
                and corrections.row_number = raw._row_number
            """,
            [correction_id],
        )
    connection.execute(
        """
        update corrections
        set state = case
            when expires_on < current_date then 'expired'
            when file_name not in (select file_name from files) then 'file_not_landed'
            when row_number is null and action = 'accept' then 'applied'
            when found_text is null then 'value_not_found'
            when found_text <> coalesce(expected_text, '') then 'expectation_failed'
            else 'applied'
        end
        """
    )


def replace_in_records(connection: duckdb.DuckDBPyConnection) -> None:
    """Put the replacing values into the lists they are for."""
    for dataset, column, file_name, sheet, row, text in connection.execute(
        """
        select files.dataset, column_name, file_name, corrections.sheet_name, row_number,
            replacement_text
        from corrections inner join files using (file_name)
        where action = 'replace' and state = 'applied' and column_number is null
        """
    ).fetchall():
        connection.execute(
            f"""
            update raw.{dataset} set "{column}" = $1
            where _file_name = $2 and _sheet_name = $3 and _row_number = $4
            """,
            [text, file_name, sheet, row],
        )


def write(connection: duckdb.DuckDBPyConnection) -> None:
    """Fill `quality.corrections`: every correction and what became of it."""
    connection.execute(
        """
        create table quality.corrections as
        select
            correction_id, action, file_name, sheet_name, row_number, column_number, column_name,
            rule, expected_text, found_text, replacement_text, state, reason_zh, reason_en,
            decided_by, decided_on, expires_on, source_id
        from corrections
        order by correction_id
        """
    )
