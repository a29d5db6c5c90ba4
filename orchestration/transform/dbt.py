"""Run dbt inside this process: one import, one parse, no process per call."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from orchestration.database import connect
from orchestration.errors import GreenparkError
from orchestration.hashes import file_sha256
from orchestration.landing.map.catalogue import column_catalogue, yearly_returns
from orchestration.settings import DATABASE_NAME, DEFAULT_HOME, PROJECT_ROOT, Home, memory_limit
from orchestration.transform import checks

if TYPE_CHECKING:
    from dbt.contracts.graph.manifest import Manifest

PROJECT = PROJECT_ROOT / "dbt_project"
MANIFEST = "manifest.json"
PARTIAL = "partial_parse.msgpack"  # what dbt keeps of a parse
PARSED_BY = "project.txt"  # beside it: the project whose files it names
TESTS = {"test", "unit_test"}
# What profiles.yml asks for of the home or the run, first where the database is.
OF_A_HOME = (
    "GREENPARK_BUILD_DATABASE", "GREENPARK_TEMP", "GREENPARK_MEMORY", "GREENPARK_QUERY_THREADS"
)  # fmt: skip
KEPT = "KEPT"  # the message of a node that stands as it was built before
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
    is_kept: bool = False  # it stands as it was built or tested before
    sql: str = ""  # as it was run

    @property
    def failed(self) -> bool:
        return self.status in ("error", "fail", "runtime error")

    @property
    def warned(self) -> bool:
        return self.status == "warn"

    @property
    def is_test(self) -> bool:
        return self.unique_id.split(".")[0] in TESTS


@dataclass(frozen=True)
class Place:
    """Where dbt builds: the database, its own target folder, its log, DuckDB's spill folder."""

    database: Path
    target: Path
    logs: Path
    spill: Path


def build_database(home: Home) -> Path:
    """Where runs build: always at the same place, so that dbt's partial parse survives."""
    return home.kept / DATABASE_NAME


def run_place(home: Home) -> Place:
    """Where a run of the main job builds."""
    return Place(build_database(home), home.target, home.logs, home.tmp / "dbt")


def _environment(place: Place) -> None:
    os.environ["GREENPARK_BUILD_DATABASE"] = str(place.database)
    os.environ["GREENPARK_TEMP"] = str(place.spill)
    os.environ["GREENPARK_MEMORY"] = memory_limit()
    os.environ["DBT_SEND_ANONYMOUS_USAGE_STATS"] = "false"
    os.environ["DO_NOT_TRACK"] = "1"


@contextmanager
def _of_no_home(place: Place) -> Iterator[None]:
    """The environment of a parse, the same in all homes: where one differs dbt parses all anew.

    A parse opens no database, and of its path only the name is in what is parsed.
    """
    _environment(place)
    own = {name: os.environ.pop(name) for name in OF_A_HOME if name in os.environ}
    os.environ[OF_A_HOME[0]] = place.database.name
    try:
        yield
    finally:
        os.environ.update(own)


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
    """Parse the project, or what changed of it since somebody parsed it.

    In manifest.json every column has what the catalogue says of it. Raises GreenparkError if the
    project is broken.
    """
    return parse_at(run_place(home))


def parse_at(place: Place, with_json: bool = True, earlier: Path | None = None) -> Parsed:
    """Parse the project into the target folder of a place, as `parse` does.

    Without `with_json` there is no manifest.json for Dagster, which takes as long as the parse. A
    place that has parsed nothing starts from another target folder, `earlier` or that of the
    default home. What a run is told (`variables`) is in no parse: it is in values of queries alone.
    """
    from dbt.cli.main import dbtRunner
    from dbt.contracts.graph.manifest import Manifest

    _bring(place.target, (earlier, Home(DEFAULT_HOME).target))
    _tell_of_rows(place.target / PARTIAL)
    with _of_no_home(place):
        result = dbtRunner().invoke(_arguments(place, ["parse", "--no-write-json"], {}))
    if not result.success or not isinstance(result.result, Manifest):
        raise GreenparkError(
            f"the dbt project does not parse: {result.exception}",
            "correct the model named, then run again",
        )
    if with_json:
        _write_json(result.result, place)
    return Parsed(result.result, place.target / MANIFEST)


def _write_json(manifest: Manifest, place: Place) -> None:
    """Write manifest.json. Where nothing but rows of seeds has changed, their hashes alone."""
    path, said = place.target / MANIFEST, place.target / "manifest_of.json"
    seeds: dict[str, Any] = {}
    told: list[Any] = [variables_text({}), version("dbt-core")]
    told += [(PROJECT / name).read_text("utf-8") for name in ("dbt_project.yml", "profiles.yml")]
    told += [Path(__file__).read_text("utf-8"), column_catalogue()]
    for name, file in sorted(manifest.files.items()):
        if file.parse_file_type == "seed":
            for seed in getattr(file, "nodes", ()):
                seeds[seed] = file.checksum.to_dict()
        else:
            told.append([name, file.checksum.checksum])
    code = hashlib.sha256(json.dumps([told, sorted(seeds)]).encode()).hexdigest()
    try:
        known = json.loads(said.read_text(encoding="utf-8"))
        is_written = known["code"] == code and known["written"] == file_sha256(path)
    except (OSError, ValueError, KeyError):
        is_written = False
    if is_written and known["seeds"] == seeds:
        return
    if is_written:
        document = json.loads(path.read_text(encoding="utf-8"))
        for seed, checksum in seeds.items():
            document["nodes"][seed]["checksum"] = checksum
    else:
        # dbt itself writes line after line of it in Python, to be read and written again here.
        document = manifest.writable_manifest().to_dict(omit_none=False, context={"artifact": True})
        describe_columns(document)
        for seed in seeds:  # the only path of this machine
            document["nodes"][seed].pop("root_path", None)
    path.write_text(json.dumps(document, default=str), encoding="utf-8")
    known = {"code": code, "seeds": seeds, "written": file_sha256(path)}
    said.write_text(json.dumps(known) + "\n", encoding="utf-8")


def _bring(target: Path, others: Iterable[Path | None]) -> None:
    """Have in a target folder what dbt keeps of a parse of this project, if anybody has parsed it.

    dbt compares what each file holds, so a parse of another clone serves too; but it names files by
    whole paths, and would have dbt load the seeds of that clone.
    """
    target.mkdir(parents=True, exist_ok=True)
    kept, parsed_by = target / PARTIAL, target / PARSED_BY
    for folder in (target, *filter(None, others)):
        try:
            content, project = (folder / PARTIAL).read_bytes(), (folder / PARSED_BY).read_text()
            if folder == target and project == str(PROJECT):
                return
            kept.write_bytes(content if project == str(PROJECT) else _moved(content, project))
            break
        except (OSError, ValueError, KeyError, TypeError):  # none, or half written: dbt has others
            kept.unlink(missing_ok=True)
    parsed_by.write_text(str(PROJECT), encoding="utf-8")


def _moved(parse: bytes, project: str) -> bytes:
    """What dbt keeps of the parse of another clone, with our paths."""
    import msgpack

    document = msgpack.unpackb(parse, strict_map_key=False)
    for said, name in [
        *((file["path"], "project_root") for file in document["files"].values() if file["path"]),
        *((node, "root_path") for node in document["nodes"].values() if "root_path" in node),
    ]:
        if said[name] == project:
            said[name] = str(PROJECT)
    return msgpack.packb(document)


def _tell_of_rows(kept: Path) -> None:
    """Put the hashes of the seeds as they are into what dbt keeps of a parse.

    Of the rows of a seed nothing else is in a parse. For each that is another dbt would parse the
    models anew whose tests read it, those whose tests read these, and so on: half the project.
    """
    import msgpack
    from dbt.contracts.files import FilePath
    from dbt.parser.read_files import load_seed_source_file

    try:
        document = msgpack.unpackb(kept.read_bytes(), strict_map_key=False)
        nodes, files = document["nodes"], document["files"].values()
    except (OSError, ValueError, KeyError, TypeError):  # none, or half written: dbt parses all
        return
    has_other = False
    for file in files:
        if file["parse_file_type"] != "seed" or not nodes.keys() >= {*file.get("nodes", ())}:
            continue
        try:
            found = load_seed_source_file(FilePath(**file["path"]), file["project_name"])
        except (OSError, ValueError):  # it went, or is no text: dbt says so
            continue
        checksum = found.checksum.to_dict()
        if file["checksum"] != checksum:
            has_other = True
            for said in (file, *(nodes[node] for node in file.get("nodes", ()))):
                said["checksum"] = checksum
    if has_other:
        kept.write_bytes(msgpack.packb(document))


def describe_columns(document: dict[str, Any]) -> None:
    """Say in what a manifest.json holds what each column means, for Dagster, `dbt docs` and tests.

    dbt reads no catalogue: a YAML names a column and says only what differs there.
    """
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


def build_at(
    place: Place,
    variables: dict[str, Any],
    parsed: Parsed,
    select: Iterable[str] = (),
    unit_tests: bool = False,
    data_tests: bool = True,
    kinds: Collection[str] = (),
    on_node: Callable[[str, str], None] = lambda unique_id, status: None,
) -> list[NodeResult]:
    """Seeds, models and tests into the database of a place, closed when this returns: all of them,
    or those that `select` names in dbt's words and that are of one of `kinds`.

    Of the tests, those run whose other parents are among these nodes or above them. Unit tests
    judge the code, not the data, so only the test suite runs them. `on_node(unique_id, status)` is
    called as each node finishes. A failed node is in the result, not raised. Raises GreenparkError
    when dbt could not start.
    """
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager
    from dbt.cli.main import dbtRunner
    from dbt.contracts.results import RunExecutionResult

    def report(event: Any) -> None:
        if event.info.name == "NodeFinished":
            on_node(event.data.node_info.unique_id, event.data.node_info.node_status)

    _environment(place)
    try:
        runner = dbtRunner(manifest=parsed.manifest, callbacks=[report])
        # A seed with other columns is made anew; the rest is made anew in any case. Of one kind its
        # own command is asked for: `build` joins each test to all that is below it, which takes
        # seconds, runs unit tests only before their model, and no test after one that failed.
        own = {"seed": "seed", "model": "run"}.get(" ".join(kinds))
        is_tests_alone = bool(kinds) and {*kinds} <= TESTS
        command = [own or ("test" if is_tests_alone else "build"), "--no-write-json"]
        if not is_tests_alone:
            command += ["--full-refresh"]
        if not own:
            if not unit_tests and "unit_test" not in kinds:
                command += ["--exclude-resource-type", "unit_test"]
            if not data_tests:
                command += ["--exclude-resource-type", "test"]
            for kind in kinds:
                command += ["--resource-type", kind]
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
            is_kept=item.message == KEPT,
            sql=getattr(item.node, "compiled_code", None) or "",
        )
        for item in result.result.results
        # What runs before all nodes is none of them; where it fails it says why nothing was built.
        if not item.node.unique_id.startswith("operation.") or str(item.status) != "success"
    ]


def _found(database: Path, item: Any) -> str:
    """The first rows that a failed check of the data found, with the names of their columns."""
    if not item.failures or str(item.status) not in ("fail", "warn"):
        return ""
    with connect(database) as connection:
        cursor = connection.execute(f"from ({item.node.compiled_code}) limit {checks.ROWS_TOLD}")
        names = [column[0] for column in cursor.description]
        return checks.told(names, cursor.fetchall(), item.failures)


def run_checks(
    place: Place, variables: dict[str, Any], manifest: Manifest, check_ids: list[str]
) -> list[NodeResult]:
    """Run checks `is_sound` by their ids, over tables that are built.

    Raises GreenparkError when dbt cannot write their queries.
    """
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager

    _environment(place)
    try:
        queries = checks.queries(
            manifest, _arguments(place, (), variables), check_ids, place.target
        )
    finally:
        DuckDBConnectionManager.close_all_connections()
    with connect(place.database, temp_directory=str(place.spill)) as connection:
        return [
            NodeResult(check_id, *checks.run(connection, queries[check_id]), sql=queries[check_id])
            for check_id in check_ids
        ]
