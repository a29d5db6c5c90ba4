"""The work database: what one model and its parents are built in, and kept, while they are written.

    <home>/workbench/greenpark.duckdb   the landing, and each model built so far
    <home>/workbench/dbt                dbt's target folder of its own
    <home>/workbench/built.json         a hash of what each node was built of

No reader sees it, and deleting the folder loses nothing.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from orchestration import locks, scratch
from orchestration.database import within_memory
from orchestration.errors import GreenparkError
from orchestration.likeness import near
from orchestration.settings import DATABASE_NAME, PROJECT_ROOT, Home, data_roots
from orchestration.transform import dbt

if TYPE_CHECKING:
    from dbt.contracts.graph.manifest import Manifest

    from orchestration.landing.write.report import LandingReport

WIDE = 160  # columns of text: a table wider than this is turned
DATA = ("model", "seed")


def find_model(name: str) -> Path:
    """The SQL file of a model, named `region_year` or `indicators.region_year`.

    Raises GreenparkError with the names that are like it if no model has the name.
    """
    models = {path.stem: path for path in sorted((dbt.PROJECT / "models").rglob("*.sql"))}
    wanted = name.rpartition(".")[2]
    if wanted in models:
        return models[wanted]
    raise GreenparkError(
        f"no model {name}",
        f"did you mean {' or '.join(close)}?"
        if (close := near(wanted, models))
        else "the models are the SQL files of dbt_project/models",
    )


def place(home: Home) -> dbt.Place:
    """Where dbt builds on the workbench."""
    work = home.workbench
    return dbt.Place(work / DATABASE_NAME, work / "dbt", work / "logs", work / "spill")


@contextmanager
def _locked(home: Home) -> Iterator[None]:
    home.ensure()
    home.workbench.mkdir(exist_ok=True)
    with locks.hold(home.workbench / "work.lock", home.workbench):
        yield


def land(
    home: Home,
    extra: list[Path],
    files: Sequence[Path] = (),
    on_file: Callable[[str, int, int], None] = lambda name, done, total: None,
) -> LandingReport:
    """Start the work database anew with all input: the data folders, then `files` and sidecars."""
    with _locked(home):
        return _land(home, extra, files, on_file)


def _land(
    home: Home,
    extra: list[Path],
    files: Sequence[Path],
    on_file: Callable[[str, int, int], None],
) -> LandingReport:
    from orchestration.landing.land import land
    from orchestration.serving.landing_check import gathered

    roots = data_roots(extra)
    with scratch.folder(home.tmp, "land") as folder:
        if files:
            roots.append(gathered(files, folder / "data"))
        draft = folder / DATABASE_NAME
        with within_memory("the landing"):
            found = land(draft, roots, on_file)
        _record(home).unlink(missing_ok=True)
        _landed_by(home).write_text(str(PROJECT_ROOT), encoding="utf-8")
        shutil.move(draft, place(home).database)
    return found


def build(
    home: Home, model: Path, extra: list[Path], say: Callable[[str], None], fresh: bool = False
) -> tuple[str, list[dbt.NodeResult]]:
    """Build a model, given by its SQL file, and those of its parents that are missing or changed.

    Returns the name of its table and what dbt did, its tests included; a node that failed is in
    the result, and if it is a parent the model is not built. The work database is landed first if
    there is none, or if `fresh`. A macro or variable that changed rebuilds the model, not its
    parents: that takes `fresh`.
    """
    with _locked(home):
        if fresh or not _is_of_this_project(home):
            say("landing the input into the work database, once")
            _land(home, extra, (), lambda name, done, total: None)
        parsed = dbt.parse_at(place(home), with_json=False, earlier=home.target)
        node = next(
            node
            for node in parsed.manifest.nodes.values()
            if node.name == model.stem and node.resource_type in DATA
        )
        results = []
        if stale := _stale_parents(home, parsed.manifest, node.unique_id):
            say(f"building {len(stale)} of its parents, missing or changed")
            results = _build(home, parsed, stale, with_tests=False)
        if not any(result.failed for result in results):
            results = _build(home, parsed, [node.unique_id], with_tests=True)
        return f"{node.schema}.{node.alias}", results


def _fingerprints(manifest: Manifest) -> dict[str, str]:
    """The code of each model and seed with that of all it is made of, as a hash."""
    known: dict[str, str] = {}

    def fingerprint(node_id: str) -> str:
        if node_id not in known:
            node = manifest.nodes[node_id]
            parents = sorted(parent for parent in node.depends_on_nodes if parent in manifest.nodes)
            parts = [node.checksum.checksum, *map(fingerprint, parents)]
            known[node_id] = hashlib.sha256("|".join(parts).encode()).hexdigest()
        return known[node_id]

    for node_id, node in manifest.nodes.items():
        if node.resource_type in DATA:
            fingerprint(node_id)
    return known


def _stale_parents(home: Home, manifest: Manifest, unique_id: str) -> list[str]:
    """The ancestors of a model that are missing, or were built of other code."""
    built, fingerprints = _read_record(home), _fingerprints(manifest)
    tables = _tables(place(home).database)
    needed = _ancestors(manifest, unique_id)
    for test_id in _tests_of(manifest, unique_id):
        parents = manifest.nodes[test_id].depends_on_nodes
        needed |= dict.fromkeys(parent for parent in parents if parent != unique_id)
    return [
        node_id
        for node_id in needed
        if built.get(node_id) != fingerprints[node_id]
        or (manifest.nodes[node_id].schema, manifest.nodes[node_id].alias) not in tables
    ]


def _ancestors(manifest: Manifest, unique_id: str) -> dict[str, None]:
    ancestors: dict[str, None] = {}
    waiting = [unique_id]
    while waiting:
        node = manifest.nodes[waiting.pop()]
        found = [parent for parent in node.depends_on_nodes if parent in manifest.nodes]
        waiting += [parent for parent in found if parent not in ancestors]
        ancestors |= dict.fromkeys(found)
    return ancestors


def _tests_of(manifest: Manifest, unique_id: str) -> list[str]:
    """The data tests of a model that read, beside it and its ancestors, only seeds."""
    there = {unique_id, *_ancestors(manifest, unique_id)}
    return [
        node_id
        for node_id, node in manifest.nodes.items()
        if str(node.resource_type) == "test"
        and unique_id in node.depends_on_nodes
        and all(
            parent in there or str(manifest.nodes[parent].resource_type) == "seed"
            for parent in node.depends_on_nodes
            if parent in manifest.nodes
        )
    ]


def _build(
    home: Home, parsed: dbt.Parsed, ids: list[str], with_tests: bool
) -> list[dbt.NodeResult]:
    """Build nodes by their ids and keep what their code was; with or without their tests."""
    asked = [*ids]
    if with_tests:  # dbt itself leaves out those that read a seed which the model does not
        asked += [test_id for node_id in ids for test_id in _tests_of(parsed.manifest, node_id)]
    names = [".".join(parsed.manifest.nodes[node_id].fqn) for node_id in asked]
    results = dbt.build_at(
        place(home), {}, parsed, select=names, unit_tests=with_tests, data_tests=with_tests
    )
    built, fingerprints = _read_record(home), _fingerprints(parsed.manifest)
    for result in results:
        if result.unique_id in fingerprints:
            built.pop(result.unique_id, None)
            if result.status == "success":
                built[result.unique_id] = fingerprints[result.unique_id]
    _record(home).write_text(json.dumps(built, indent=1, sort_keys=True) + "\n")
    return results


def _is_of_this_project(home: Home) -> bool:
    """Whether there is a work database that was landed by this project, not by another clone."""
    try:
        landed_by = _landed_by(home).read_text(encoding="utf-8")
    except OSError:
        return False
    return place(home).database.exists() and landed_by == str(PROJECT_ROOT)


def _landed_by(home: Home) -> Path:
    return home.workbench / "project.txt"


def _record(home: Home) -> Path:
    return home.workbench / "built.json"


def _read_record(home: Home) -> dict[str, str]:
    try:
        return dict(json.loads(_record(home).read_text()))
    except (OSError, ValueError):
        return {}


def _tables(database: Path) -> set[tuple[str, str]]:
    """The tables and views of the work database, as schema and name."""
    with duckdb.connect(str(database), read_only=True) as connection:
        return {
            (str(schema), str(name))
            for schema, name in connection.execute(
                "select table_schema, table_name from information_schema.tables"
            ).fetchall()
        }


def first_rows(home: Home, table: str, rows: int, width: int | None) -> str:
    """The first rows of a table of the work database, in the order of its columns, for people.

    A table too wide for `width` (WIDE where there is no terminal) is turned: a line for a column.
    """
    from orchestration.serving import output, query

    with duckdb.connect(str(place(home).database), read_only=True) as connection:
        found = query.run(connection, f"select * from {table} order by all limit {rows}")
        columns, lines = found.columns, list(found.rows)
    drawn = output.table(columns, lines, None, null="NULL")
    if len(drawn.split("\n", 1)[0]) <= (width or WIDE):
        return drawn
    turned = [[name, *values] for name, *values in zip(columns, *lines, strict=True)]
    return output.table(["", *map(str, range(1, len(lines) + 1))], turned, None, null="NULL")
