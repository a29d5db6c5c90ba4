"""What is left at the end: the raw tables, the log of files and the quarantine."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import duckdb

from expectations.rules import RULES_CSV
from orchestration.landing.judge import corrections
from orchestration.landing.judge.judging import CODE_NAMES
from orchestration.landing.map.catalogue import Dataset
from orchestration.landing.read import limits
from orchestration.landing.write.history import write_history

PROVENANCE = {
    "_load_id": "load_id",
    "_file_name": "file_name",
    "_sheet_name": "sheet_name",
    "_row_number": "row_number",
    "_column_number": "column_number",
    "_column_name": "column_name",
    "_vintage": "vintage",
    "_source_id": "source_id",
    "_origin": "origin",
}


def write_results(
    connection: duckdb.DuckDBPyConnection, datasets: dict[str, Dataset], previous: Path | None
) -> None:
    """Fill `raw`, `quality.landing_log` and `quality.quarantine`."""
    loaded_at = datetime.now(UTC).replace(tzinfo=None, microsecond=0)
    _write_matrices(connection, datasets)
    _write_sidecars(connection)
    _write_quarantine(connection)
    _write_log(connection, datasets, loaded_at)
    corrections.write(connection)
    write_history(connection, previous, loaded_at)


def _write_matrices(connection: duckdb.DuckDBPyConnection, datasets: dict[str, Dataset]) -> None:
    """The raw tables of cells; those of lists are filled while they are read."""
    provenance = ", ".join(f"{source} as {name}" for name, source in PROVENANCE.items())
    accepted = """
        select open_cells.*, source_id, origin
        from open_cells inner join files using (file_number)
    """
    # Most tables of a small landing are empty, and planning a query costs more than its rows.
    connection.execute(f"create temp table no_cells as {accepted} limit 0")
    given = connection.execute("select distinct dataset from files").fetchall()
    for dataset in datasets.values():
        if dataset.kind == "records":
            continue
        # The printed text as it stands, and beside it what the mapping made of it.
        labels = ", ".join(f"{concept}_label" for concept in dataset.concepts)
        connection.execute(
            f"""
            create table raw.{dataset.name} as
            select
                {provenance},
                {labels},
                {", ".join(dataset.codes)},
                unit_label,
                unit,
                to_unit_factor,
                value_text,
                case when is_number then clean_number end as number_text,
                case
                    when value_status <> '' and correction_id is null then value_status
                    when number = 0 then 'zero'
                    else 'reported'
                end as value_status,
                correction_id as _correction_id
            from ({accepted if (dataset.name,) in given else "from no_cells"})
            where dataset = $1
            order by file_name, sheet_name, row_number, column_number
            """,
            [dataset.name],
        )


def _write_sidecars(connection: duckdb.DuckDBPyConnection) -> None:
    """What the sidecars say of their files."""
    connection.execute(
        """
        create table raw.sidecars as
        select
            load_id as _load_id,
            dataset,
            file_name,
            source_id,
            vintage,
            sidecar ->> '$.publisher' as publisher,
            sidecar ->> '$.title_zh' as title_zh,
            sidecar ->> '$.title_en' as title_en,
            sidecar ->> '$.table_number' as table_number,
            sidecar ->> '$.unit_as_printed' as unit_as_printed,
            sidecar ->> '$.notes_as_printed' as notes_as_printed,
            sidecar ->> '$.licence' as licence,
            origin,
            sidecar ->> '$.url_or_citation' as url_or_citation,
            encoding,
            file_sha256
        from files where source_id is not null
        order by file_name
        """
    )


def _write_quarantine(connection: duckdb.DuckDBPyConnection) -> None:
    """What was refused, with a message in both languages for each."""
    codes = ", ".join(f"refused.{name}" for name in CODE_NAMES)
    most = limits.current().excerpt_characters
    connection.execute(
        f"""
        create temp macro excerpt(printed) as
            case when length(printed) > {most} then left(printed, {most}) || '…' else printed end;
        create temp table quarantined as
        select
            files.load_id,
            files.dataset,
            files.file_name,
            refused.sheet_name,
            refused.row_number,
            refused.column_number,
            refused.column_name,
            excerpt(refused.raw_value) as raw_value,
            refused.rule,
            {codes},
            refused.table_id,
            concat_ws(' ', files.file_name, nullif(refused.sheet_name, ''),
                'row ' || refused.row_number,
                'column ' || coalesce(nullif(refused.column_name, ''),
                    nullif(refused.column_number, 0)::varchar)
            ) || ': ' || rules.statement_en || ': ' || coalesce(excerpt(refused.detail), '') || '. '
                || rules.remedy_en as message,
            concat_ws(' ', files.file_name, nullif(refused.sheet_name, ''),
                '第' || refused.row_number || '行',
                coalesce(headings.heading, nullif(refused.column_name, ''),
                    nullif(refused.column_number, 0)::varchar) || '列'
            ) || '：' || rules.statement_zh || '：'
                || coalesce(excerpt(refused.detail_zh), excerpt(refused.detail), '') || '。'
                || rules.remedy_zh as message_zh
        from refused
        inner join files using (file_number)
        left join headings
            on
                files.load_id = headings.load_id
                and refused.column_name = headings.column_name
        left join read_csv($1, all_varchar = true) as rules
            on rules.gate = 'landing' and refused.rule = rules.rule_id
        """,
        [str(RULES_CSV)],
    )
    connection.execute(
        """
        create table quality.quarantine as
        select * exclude (table_id)
        from quarantined
        order by file_name, sheet_name, row_number, column_number
        """
    )


def _write_log(
    connection: duckdb.DuckDBPyConnection, datasets: dict[str, Dataset], loaded_at: datetime
) -> None:
    """A line for each file: rows read, accepted and quarantined."""
    counts = " union all ".join(
        f"select _load_id as load_id, count(*) as accepted from raw.{name} group by _load_id"
        for name in datasets
    )
    connection.execute(
        f"""
        create table quality.landing_log as
        with accepted as ({counts}),
        quarantined as (
            select load_id, count(*) as quarantined from quality.quarantine group by load_id
        )
        select
            load_id,
            dataset,
            file_name,
            file_sha256,
            bytes_read,
            encoding,
            vintage,
            source_id,
            rows_read,
            coalesce(accepted.accepted, 0)::bigint as rows_accepted,
            coalesce(quarantined.quarantined, 0)::bigint as rows_quarantined,
            $1 as loaded_at
        from files
        left join accepted using (load_id)
        left join quarantined using (load_id)
        order by file_name
        """,
        [loaded_at],
    )
