"""Run dbt inside this process: one import, one parse, no process per call."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from orchestration.database import connect
from orchestration.errors import GreenparkError
from orchestration.landing.map.catalogue import column_catalogue, yearly_returns
from orchestration.settings import DATABASE_NAME, PROJECT_ROOT, Home, memory_limit

if TYPE_CHECKING:
    from dbt.contracts.graph.manifest import Manifest

PROJECT = PROJECT_ROOT / "dbt_project"
# The build always stands at the same place, so that dbt's partial parse survives between runs.
BUILD_ID = "work"
ROWS_TOLD = 5  # of what a failed check found
# What the catalogue of columns says beside the description.
META = ("label_zh", "label_en", "unit", "aggregation", "format")


@dataclass(frozen=True)
class NodeResult:
    """What dbt did with one seed, model, test or unit test."""

    unique_id: str
    status: str
    message: str
    seconds: float
    failures: int | None

    @property
    def failed(self) -> bool:
        return self.status in ("error", "fail", "runtime error")

    @property
    def warned(self) -> bool:
        return self.status == "warn"

    @property
    def is_test(self) -> bool:
        return self.unique_id.split(".")[0] in ("test", "unit_test")


@dataclass(frozen=True)
class Place:
    """Where dbt builds: the database, its own target folder, its log, DuckDB's spill folder."""

    database: Path
    target: Path
    logs: Path
    spill: Path


def build_database(home: Home) -> Path:
    """Where the database of the run under way is built."""
    return home.build / BUILD_ID / DATABASE_NAME


def run_place(home: Home) -> Place:
    """Where a run of the main job builds."""
    return Place(build_database(home), home.target, home.logs, home.tmp / "dbt")


def _environment(place: Place) -> None:
    os.environ["GREENPARK_BUILD_DATABASE"] = str(place.database)
    os.environ["GREENPARK_TEMP"] = str(place.spill)
    os.environ["GREENPARK_MEMORY"] = memory_limit()
    os.environ["DBT_SEND_ANONYMOUS_USAGE_STATS"] = "false"
    os.environ["DO_NOT_TRACK"] = "1"


def variables_text(variables: dict[str, Any]) -> str:
    """dbt's variables of a run, with what models loop over that the dataset catalogue says."""
    return json.dumps({"yearly_returns": yearly_returns()} | variables)


def _arguments(place: Place, command: Iterable[str], variables: dict[str, Any]) -> list[str]:
    return [
        *command,
        *("--project-dir", str(PROJECT), "--profiles-dir", str(PROJECT)),
        *("--target-path", str(place.target), "--log-path", str(place.logs)),
        *("--vars", variables_text(variables)),
        *("--log-level", "none", "--log-level-file", "info"),
        "--no-use-colors",
    ]


@dataclass(frozen=True)
class Parsed:
    """A parsed project: dbt's own object for the build, and manifest.json for Dagster."""

    manifest: Manifest
    path: Path


def parse(home: Home) -> Parsed:
    """Parse the project, or what changed of it since the last run of this home.

    In manifest.json every column has what the catalogue says of it. Raises GreenparkError if the
    project is broken.
    """
    return parse_at(run_place(home))


def parse_at(place: Place, with_json: bool = True) -> Parsed:
    """Parse the project into the target folder of a place, as `parse` does.

    Without `with_json` there is no manifest.json for Dagster, which takes as long as the parse.
    """
    from dbt.cli.main import dbtRunner
    from dbt.contracts.graph.manifest import Manifest

    _environment(place)
    command = ["parse"] if with_json else ["parse", "--no-write-json"]
    result = dbtRunner().invoke(_arguments(place, command, {}))
    if not result.success or not isinstance(result.result, Manifest):
        raise GreenparkError(
            f"the dbt project does not parse: {result.exception}",
            "correct the model named, then run again",
        )
    manifest = place.target / "manifest.json"
    if with_json:
        describe_columns(manifest)
    return Parsed(result.result, manifest)


def describe_columns(manifest: Path) -> None:
    """Say in a manifest.json what each column means, for Dagster, `dbt docs` and the tests.

    dbt reads no catalogue: a YAML names a column and says only what differs there.
    """
    document = json.loads(manifest.read_text(encoding="utf-8"))
    catalogue = column_catalogue()
    for node in (*document["nodes"].values(), *document["sources"].values()):
        for name, column in node.get("columns", {}).items():
            known = catalogue.get(name)
            if known is None:
                continue
            column["description"] = (
                column["description"] or f"{known['description_zh']}\n{known['description_en']}"
            )
            said = {key: known[key] for key in META if known[key]}
            column["config"]["meta"] = column["meta"] = said | column["config"]["meta"]
    manifest.write_text(json.dumps(document), encoding="utf-8")


def build(
    home: Home,
    variables: dict[str, Any],
    parsed: Parsed | None = None,
    unit_tests: bool = False,
    on_node: Callable[[str, str], None] = lambda unique_id, status: None,
) -> list[NodeResult]:
    """Seeds, models and tests into the build database, closed when this returns.

    A project parsed before, with the same variables, is not parsed again. Unit tests judge the
    code, not the data, so only the test suite runs them.
    `on_node(unique_id, status)` is called as each node finishes. A failed node is in the result,
    not raised. Raises GreenparkError when dbt could not start.
    """
    return build_at(run_place(home), variables, parsed, unit_tests=unit_tests, on_node=on_node)


def build_at(
    place: Place,
    variables: dict[str, Any],
    parsed: Parsed | None = None,
    select: Iterable[str] = (),
    unit_tests: bool = False,
    data_tests: bool = True,
    on_node: Callable[[str, str], None] = lambda unique_id, status: None,
) -> list[NodeResult]:
    """Build at a place, as `build` does; all nodes, or those that `select` names in dbt's words.

    Of the tests, those run whose other parents are among these nodes or above them.
    """
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager
    from dbt.cli.main import dbtRunner
    from dbt.contracts.results import RunExecutionResult

    def report(event: Any) -> None:
        if event.info.name == "NodeFinished":
            on_node(event.data.node_info.unique_id, event.data.node_info.node_status)

    _environment(place)
    try:
        runner = dbtRunner(manifest=parsed.manifest if parsed else None, callbacks=[report])
        command = ["build", "--no-write-json"]
        if not unit_tests:
            command += ["--exclude-resource-type", "unit_test"]
        if not data_tests:
            command += ["--exclude-resource-type", "test"]
        if names := list(select):
            command += ["--select", *names, "--indirect-selection", "buildable"]
        result = runner.invoke(_arguments(place, command, variables))
    finally:
        DuckDBConnectionManager.close_all_connections()
    if not isinstance(result.result, RunExecutionResult):
        raise GreenparkError(
            f"dbt could not build: {result.exception}", f"see {place.logs / 'dbt.log'}"
        )
    return [
        NodeResult(
            unique_id=item.node.unique_id,
            status=str(item.status),
            message=_found(place.database, item) or item.message or "",
            seconds=item.execution_time,
            failures=item.failures,
        )
        for item in result.result.results
    ]


def _found(database: Path, item: Any) -> str:
    """The first rows that a failed check of the data found, with the names of their columns."""
    if not item.failures or str(item.status) not in ("fail", "warn"):
        return ""
    with connect(database) as connection:
        cursor = connection.execute(f"from ({item.node.compiled_code}) limit {ROWS_TOLD}")
        names = [column[0] for column in cursor.description]
        rows = cursor.fetchall()
    told = "; ".join(
        ", ".join(f"{name} {value}" for name, value in zip(names, row, strict=True)) for row in rows
    )
    more = item.failures - len(rows)
    return told + (f"; and {more} more" if more > 0 else "")
