"""What it costs to explain CO2: `python -m benchmarks.lineage` on the published version.

Seconds are of the processor, on one thread: they do not depend on what else the machine does.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from pathlib import Path

import duckdb

from orchestration.settings import Home

TABLES = ("quality.emission_lineage", "quality.return_lineage", "quality.energy_lineage")
# The explanation of one number, of a park in a year, and of every CO2 row at once.
QUERIES = {
    "one region, year, method and fuel": (
        "select * from quality.explain where region_code = '320000' and year = 2020 "
        "and method = 'ceads' and fuel_code = 'raw_coal' and account = 'territorial'"
    ),
    "one park, year and method": (
        "select * from quality.explain "
        "where park_id = 'P01' and year = 2020 and method = 'report_2023'"
    ),
    "everything": "create or replace temp table explained as select * from quality.explain",
}
RUNS = 5


def main() -> None:
    """Print the size of the bridge and its cells, and the time of each query."""
    home = Home.resolve()
    with tempfile.TemporaryDirectory() as folder:
        for table in TABLES:
            copy = Path(folder, f"{table}.duckdb")
            with duckdb.connect(str(copy)) as connection:
                connection.execute(f"attach '{home.database}' as published (read_only)")
                connection.execute(f"create table copied as select * from published.{table}")
                rows = connection.execute("select count(*) from copied").fetchone()[0]
            print(f"| {table} | {rows:,} rows | {copy.stat().st_size / 2**20:.1f} MiB |")
    connection = duckdb.connect(str(home.database), read_only=True, config={"threads": 1})
    for name, sql in QUERIES.items():
        seconds = []
        for _ in range(RUNS):
            start = time.process_time()
            found = connection.execute(sql).fetchall()
            seconds.append(time.process_time() - start)
        count = found[0][0] if len(found) == 1 else len(found)
        print(f"| {name} | {count:,} rows | {statistics.median(seconds):.2f} s |")
    connection.close()


if __name__ == "__main__":
    main()
