"""The floor: the SQL of one refresh, straight in one DuckDB process.

    python -m benchmarks.floor TARGET LANDED_DATABASE

TARGET is dbt's target folder after a build; its `run/` holds every statement dbt executed. The
statements run in dbt's order on a copy of a landed database; seeds are read by DuckDB's read_csv,
data tests are counted as dbt counts them. Unit tests, which test the code and not the data, are
left out.
"""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
import time
from pathlib import Path

import duckdb

from orchestration.settings import DATABASE_NAME, PROJECT_ROOT


def statements(target: Path) -> list[str]:
    """What the build ran, in its order."""
    manifest = json.loads((target / "manifest.json").read_text(encoding="utf-8"))
    results = json.loads((target / "run_results.json").read_text(encoding="utf-8"))["results"]
    found = []
    for result in results:
        unique_id = result["unique_id"]
        node = manifest["nodes"].get(unique_id)
        if node is None:
            continue
        if node["resource_type"] == "seed":
            path = PROJECT_ROOT / "dbt_project" / node["original_file_path"]
            types = node["config"]["column_types"]
            columns = ", ".join(f"'{name}': '{kind}'" for name, kind in types.items())
            found.append(
                f"create table {node['schema']}.{node['alias']} as "
                f"select * from read_csv('{path.resolve()}', columns = {{{columns}}})"
            )
        elif node["resource_type"] == "model":
            kind = "view" if node["config"]["materialized"] == "view" else "table"
            found.append(
                f"create {kind} {node['schema']}.{node['alias']} as {result['compiled_code']}"
            )
        elif node["resource_type"] == "test":
            found.append(f"select count(*) from ({result['compiled_code']})")
    return found


def main() -> None:
    target, landed = Path(sys.argv[1]), Path(sys.argv[2])
    work = statements(target)
    with tempfile.TemporaryDirectory() as folder:
        database = Path(folder, DATABASE_NAME)
        shutil.copyfile(landed, database)
        start = time.perf_counter()
        with duckdb.connect(str(database), config={"threads": 1}) as connection:
            for schema in (
                *("seed", "staging", "intermediate"),
                *("reference", "emissions", "indicators"),
            ):
                connection.execute(f"create schema {schema}")
            for statement in work:
                connection.execute(statement)
            connection.execute("checkpoint")
        print(f"{time.perf_counter() - start:.3f}")


if __name__ == "__main__":
    main()
