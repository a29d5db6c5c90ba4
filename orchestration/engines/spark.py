"""Build the models on Spark from the Parquet landing and bring the marts back into the build file.

Spark and dbt-spark live in an environment of their own (`make spark`), so dbt runs as a process
there; what it leaves are Parquet folders, a run result and a manifest.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import duckdb

from orchestration.errors import GreenparkError
from orchestration.publishing.finalise import MART_SCHEMAS
from orchestration.settings import PROJECT_ROOT, Home
from orchestration.transform.dbt import PROJECT, NodeResult

DBT = PROJECT_ROOT / ".venv-spark" / "bin" / "dbt"


def build(home: Home, landing: Path, warehouse: Path, variables: dict[str, Any]) -> Path:
    """Seeds, models and tests on Spark, from `landing` into `warehouse`.

    Returns dbt's target folder. Existing tables are replaced. A failed node is in the run results,
    not raised. Raises GreenparkError when Spark is not set up or dbt could not start.
    """
    if not DBT.exists() or shutil.which("java") is None:
        raise GreenparkError(
            f"Spark is not set up: {'no java' if DBT.exists() else f'no {DBT}'}",
            "run make spark, or leave out --engine spark",
        )
    target, logs = home.target.with_name("dbt-spark"), home.logs / "spark"
    temporary = home.tmp / "spark"
    for folder in (warehouse, temporary):
        if folder.exists():
            shutil.rmtree(folder)
    for folder in (target, logs, temporary):
        folder.mkdir(parents=True, exist_ok=True)
    results = target / "run_results.json"
    results.unlink(missing_ok=True)
    command = [
        *(str(DBT), "build", "--target", "spark", "--exclude-resource-type", "unit_test"),
        *("--project-dir", str(PROJECT), "--profiles-dir", str(PROJECT)),
        *("--target-path", str(target), "--log-path", str(logs)),
        *("--vars", json.dumps(variables), "--no-use-colors"),
    ]
    environment = os.environ | {
        "GREENPARK_LANDING": str(landing),
        "GREENPARK_SPARK_WAREHOUSE": str(warehouse),
        "GREENPARK_TEMP": str(temporary),
        "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
        "DO_NOT_TRACK": "1",
    }
    output = logs / "spark.log"
    with output.open("w", encoding="utf-8") as handle:
        subprocess.run(
            command, cwd=temporary, env=environment, stdout=handle, stderr=handle, check=False
        )
    # The JVM may still be deleting its own files.
    shutil.rmtree(temporary, ignore_errors=True)
    if not results.exists():
        raise GreenparkError("dbt could not build on Spark", f"see {output}")
    return target


def read_results(target: Path) -> list[NodeResult]:
    """What dbt did with each node, in the order it finished them."""
    results = json.loads((target / "run_results.json").read_text(encoding="utf-8"))["results"]
    return [
        NodeResult(
            unique_id=item["unique_id"],
            status=item["status"],
            message=item["message"] or "",
            seconds=item["execution_time"],
            failures=item["failures"],
        )
        for item in results
        if not item["unique_id"].startswith("operation.")
    ]


def load_marts(target: Path, warehouse: Path, database: Path) -> None:
    """Copy the marts Spark wrote below `warehouse` into `database`, as DuckDB would have them.

    Columns take the types of their contracts; tables, columns and the raw tables their comments.
    """
    manifest = json.loads((target / "manifest.json").read_text(encoding="utf-8"))
    marts = [
        node
        for node in manifest["nodes"].values()
        if node["resource_type"] == "model" and node["schema"] in MART_SCHEMAS
    ]
    with duckdb.connect(str(database)) as connection:
        for mart in marts:
            columns = ", ".join(
                f"cast({name} as {column['data_type']}) as {name}"
                for name, column in mart["columns"].items()
            )
            connection.execute(f"create schema if not exists {mart['schema']}")
            connection.execute(
                f"create table {mart['schema']}.{mart['name']} as "
                f"select {columns} from read_parquet({_literal(_files(warehouse, mart))})"
            )
        for node in [*marts, *manifest["sources"].values()]:
            _comment(connection, node)


def _files(warehouse: Path, mart: dict[str, Any]) -> str:
    return str(warehouse / f"{mart['schema']}.db" / mart["name"] / "*.parquet")


def _comment(connection: duckdb.DuckDBPyConnection, node: dict[str, Any]) -> None:
    """The description as dbt-duckdb writes it; that of a source is trimmed, by our macro."""
    table = f"{node['schema']}.{node['name']}"
    is_source = node["resource_type"] == "source"
    for kind, name, description in [
        ("table", table, node["description"]),
        *(
            ("column", f"{table}.{name}", column["description"])
            for name, column in node["columns"].items()
        ),
    ]:
        text = description.strip() if is_source else description
        connection.execute(f"comment on {kind} {name} is {_literal(text)}")


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
