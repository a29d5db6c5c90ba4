"""Build the models on Spark from the Parquet landing and bring the marts back into the build file.

Spark and dbt-spark live in an environment of their own (`make spark`), so dbt runs as a process
there; what it leaves are Parquet folders, the run results and a manifest.

Environment, for a cluster (docs/scale.md): GREENPARK_SPARK_TARGET (target of profiles.yml),
GREENPARK_SPARK_STORAGE (folder that Spark's machines see too).
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import duckdb

from orchestration.database import connect, literal
from orchestration.errors import GreenparkError
from orchestration.publishing.fresh import MART_SCHEMAS
from orchestration.settings import PROJECT_ROOT, Home
from orchestration.transform.dbt import PROJECT, NodeResult, variables_text

DBT = PROJECT_ROOT / ".venv-spark" / "bin" / "dbt"

# Set while the marts of both engines are compared: the checks have judged the same rows on DuckDB.
MARTS_ALONE = "GREENPARK_SPARK_MARTS_ALONE"


def is_marts_alone(engine: str) -> bool:
    """Whether dbt's checks are left out, as a comparison of the engines may ask of Spark."""
    return engine == "spark" and bool(os.environ.get(MARTS_ALONE))


def transform(
    home: Home, landing: Path, database: Path, variables: dict[str, Any]
) -> list[NodeResult]:
    """Build and test the models on Spark; if nothing failed, `database` then holds the marts.

    A failed node is in the result, not raised. Raises GreenparkError when Spark is not set up or
    dbt could not start.
    """
    storage = home.tmp
    if shared := os.environ.get("GREENPARK_SPARK_STORAGE"):
        storage = Path(shared).expanduser().resolve()
        copy = _emptied(storage / "spark-landing")
        landing = shutil.copytree(landing, copy, dirs_exist_ok=True)
    warehouse = storage / "spark-warehouse"
    target = build(home, landing, warehouse, variables)
    nodes = read_results(target)
    if not any(node.failed for node in nodes):
        load_marts(target, warehouse, database)
        shutil.rmtree(warehouse)
    return nodes


def build(home: Home, landing: Path, warehouse: Path, variables: dict[str, Any]) -> Path:
    """Seeds, models and tests from `landing` into `warehouse`, which is emptied first.

    Returns dbt's target folder, with its run results and manifest.
    """
    if not DBT.exists() or shutil.which("java") is None:
        raise GreenparkError(
            f"Spark is not set up: {'no java' if DBT.exists() else f'no {DBT}'}",
            "run make spark, or leave out --engine spark",
        )
    target, logs = home.target.with_name("dbt-spark"), home.logs / "spark"
    target.mkdir(parents=True, exist_ok=True)
    logs.mkdir(parents=True, exist_ok=True)
    temporary = _emptied(home.tmp / "spark")
    results = target / "run_results.json"
    results.unlink(missing_ok=True)
    # Unit tests judge the code, once, on DuckDB; the marts are compared cell by cell.
    left_out = ["unit_test"]
    if is_marts_alone("spark"):
        left_out.append("test")
    command = [
        *(str(DBT), "build", "--target", os.environ.get("GREENPARK_SPARK_TARGET") or "spark"),
        *(part for kind in left_out for part in ("--exclude-resource-type", kind)),
        *("--project-dir", str(PROJECT), "--profiles-dir", str(PROJECT)),
        *("--target-path", str(target), "--log-path", str(logs)),
        *("--vars", variables_text(variables), "--no-use-colors"),
    ]
    environment = os.environ | {
        "GREENPARK_LANDING": str(landing),
        "GREENPARK_SPARK_WAREHOUSE": str(_emptied(warehouse)),
        "GREENPARK_TEMP": str(temporary),
        "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
        "DO_NOT_TRACK": "1",
    }
    if "GREENPARK_SPARK_DRIVER_HOST" not in environment:
        environment["SPARK_LOCAL_IP"] = "127.0.0.1"
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
    """What dbt did with each seed, model and test, in the order it finished them."""
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
    ]


def load_marts(target: Path, warehouse: Path, database: Path) -> None:
    """Copy the marts below `warehouse` into `database`, as DuckDB would have built them.

    Columns take the types of their contracts; tables, raw ones too, their comments. A mart that is
    a view is made anew, of the SQL that Spark ran.
    """
    manifest = json.loads((target / "manifest.json").read_text(encoding="utf-8"))
    marts = [
        node
        for node in manifest["nodes"].values()
        if node["resource_type"] == "model" and node["schema"] in MART_SCHEMAS
    ]
    views = [mart for mart in marts if _is_view(mart)]
    with connect(database) as connection:
        for mart in marts:
            if mart in views:
                continue
            columns = ", ".join(
                f"cast({name} as {column['data_type']}) as {name}"
                for name, column in mart["columns"].items()
            )
            files = warehouse / f"{mart['schema']}.db" / mart["name"] / "*.parquet"
            connection.execute(f"create schema if not exists {mart['schema']}")
            connection.execute(
                f"create table {mart['schema']}.{mart['name']} as "
                f"select {columns} from read_parquet({literal(files)})"
            )
        for view in views:
            connection.execute(f"create schema if not exists {view['schema']}")
            connection.execute(
                f"create view {view['schema']}.{view['name']} as {view['compiled_code']}"
            )
        for node in [*marts, *manifest["sources"].values()]:
            _comment(connection, node)


def _is_view(node: dict[str, Any]) -> bool:
    return node["config"].get("materialized") == "view"


def _comment(connection: duckdb.DuckDBPyConnection, node: dict[str, Any]) -> None:
    """The description as dbt-duckdb writes it; that of a source is trimmed, by our macro."""
    kind, text = "view" if _is_view(node) else "table", node["description"]
    text = text.strip() if node["resource_type"] == "source" else text
    connection.execute(f"comment on {kind} {node['schema']}.{node['name']} is {literal(text)}")


def _emptied(folder: Path) -> Path:
    """The folder, without what an earlier run left in it."""
    if folder.exists():
        shutil.rmtree(folder)
    folder.mkdir(parents=True)
    return folder
