"""The landed tables as Parquet, one folder per dataset and edition: what another engine reads.

The united tables of methods and reports are among them; they have no edition.

<folder>/<dataset>/vintage=<edition>/data_0.parquet, beside the database and published with it.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from orchestration.database import connect, literal
from orchestration.landing.row_folders import KINDS

if TYPE_CHECKING:
    import duckdb

# The tables of `quality` that the landing writes; a refused row takes the edition of its file.
LANDING_LOG = "select * from quality.landing_log"
QUARANTINE = """
    select quarantine.*, landing_log.vintage
    from quality.quarantine
    left join quality.landing_log using (load_id, dataset, file_name)
"""
# Where Hive, Spark and DuckDB look for rows without an edition.
NO_EDITION = "vintage=__HIVE_DEFAULT_PARTITION__"


def export_landing(database: Path, folder: Path) -> None:
    """Write the landed tables of `database` below `folder`, which is replaced.

    A file holds all columns but `vintage`, which its folder names. The same rows give the same
    bytes. A table without rows has one file without rows, so that its columns are known.
    """
    if folder.exists():
        shutil.rmtree(folder)
    # One thread: several would divide the rows between files as chance has it.
    with connect(database, threads=1) as connection:
        for dataset, query in _queries(connection).items():
            target = folder / dataset
            target.mkdir(parents=True)
            if connection.execute(f"select exists ({query})").fetchone() == (True,):
                options = "format parquet, partition_by (vintage)"
                connection.execute(f"copy ({query}) to {literal(target)} ({options})")
            else:
                (target / NO_EDITION).mkdir()
                file = target / NO_EDITION / "data_0.parquet"
                query = f"select * exclude (vintage) from ({query})"
                connection.execute(f"copy ({query}) to {literal(file)} (format parquet)")


def _queries(connection: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """One query per landed table, each with the column `vintage`."""
    tables = connection.execute(
        """
        select schema_name, table_name, list(column_name)
        from duckdb_columns() where list_contains($1, schema_name)
        group by all order by all
        """,
        [["raw", *(kind.schema for kind in KINDS)]],
    ).fetchall()
    queries = {}
    for schema, name, columns in tables:
        queries[name] = f"select * from {schema}.{name}"
        if "vintage" not in columns:
            vintage = "_vintage" if "_vintage" in columns else "null::bigint"
            queries[name] = f"select *, {vintage} as vintage from {schema}.{name}"
    return queries | {"landing_log": LANDING_LOG, "quarantine": QUARANTINE}
