"""One copy of the project in which mutants are tried, one after another.

    python -m benchmarks.mutants.slot BASE HOME     in the copy, which is on the path

Reads one mutant a line, as JSON: `path`, `text`. Writes the file, builds what hangs on it in a
copy of the home BASE at HOME, puts the file back, and answers a line of JSON: what came of it.
Each is tried in a fork of this process, which has imported everything: that is half of the cost of
a refresh. The steps are those of a refresh, by the same code, and what stops one stops the other:
a node of dbt that fails, a critical rule that is not met.
"""

from __future__ import annotations

import json
import os
import resource
import shutil
import sys
import time
import traceback
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import duckdb

from orchestration.keeping.store import NODE_OF_TABLE
from orchestration.publishing.fresh import MART_SCHEMAS, RUN_TABLES
from orchestration.settings import DATABASE_NAME, Home, data_roots

CPU_LIMIT_S = 400
FEW_TESTS = 30
NO_SQL = ("Parser Error", "Binder Error", "Catalog Error", "Compilation Error", "Syntax Error")


class InProcess:
    """The gates in this process, which has imported what they need."""

    def run_gate(self, database: Path, gate: str, **asked: Any) -> Future:
        from expectations.runner import run_gate, silent_rules

        results = run_gate(database, gate, **asked | {"docs_dir": None})
        results += silent_rules(gate, {result.rule_id for result in results})
        done: Future = Future()
        done.set_result(results)
        return done

    def __enter__(self) -> InProcess:
        return self

    def __exit__(self, *how: object) -> None:
        pass


def copy_home(base: Path, home: Path, parsed: Path) -> None:
    """What the next refresh carries on: the work database, and dbt's parse of this very place.

    Nothing is published, so what is published is only linked to, and no pages are drawn.
    """
    if home.exists():
        shutil.rmtree(home)
    home.mkdir(parents=True)
    shutil.copytree(
        base / "kept",
        home / "kept",
        ignore=shutil.ignore_patterns("published*", "drawings", "data_docs"),
    )
    shutil.copytree(parsed, Home(home).target)
    Home(home).marker.touch()
    for name in ("releases", "current"):
        (home / name).symlink_to((base / name).resolve())


def hashes(work_database: Path) -> dict[str, tuple[str, str]]:
    """Of every table and view that readers see, what it is made of and the hash of its rows.

    The rows of a view are hashed when they are asked for (`of_view`).
    """
    with duckdb.connect(str(work_database), read_only=True) as connection:
        rows = connection.execute(
            f"""
            select tables.schema_name || '.' || tables.table_name, kept.content, kept.row_hash
            from (
                select schema_name, table_name from duckdb_tables()
                union all
                select schema_name, view_name from duckdb_views() where not internal
            ) as tables
            inner join work.built as kept on {NODE_OF_TABLE}
            where
                list_contains($1, tables.schema_name)
                and not list_contains($2, tables.table_name)
            """,
            [[*MART_SCHEMAS], [*RUN_TABLES]],
        ).fetchall()
    return {name: (content, row_hash) for name, content, row_hash in rows}


def of_view(work_database: Path, name: str) -> str:
    """The hash of the rows of a view; two threads would add up in another order each time."""
    config = {"threads": 1}
    with duckdb.connect(str(work_database), read_only=True, config=config) as connection:
        found = connection.execute(f"select row_hash from work.content_of('{name}')").fetchone()
    return str(found)


def moved(before: Path, after: Path) -> list[str]:
    """The tables and views whose rows are other rows."""
    old, new = hashes(before), hashes(after)
    found = []
    for name in sorted(old.keys() | new.keys()):
        if old.get(name) == new.get(name):
            continue
        is_view = name in old and name in new and old[name][1] is None and new[name][1] is None
        if not is_view or of_view(before, name) != of_view(after, name):
            found.append(name)
    return found


def try_refresh(home_path: Path, base: Path, parsed: Path) -> dict[str, Any]:
    """What came of a refresh: `outcome`, `by`, and the tables whose content is another."""
    from expectations import worker
    from orchestration import session
    from orchestration.errors import GreenparkError

    worker.Worker.start = classmethod(lambda cls, *asked: InProcess())  # type: ignore[method-assign]
    # What is published stays as it is: its files are not hashed each time.
    session.last_sound = lambda home: (None, [])
    try:
        return _refresh(home_path, base, parsed)
    except GreenparkError as error:
        no_sql = "does not parse" in str(error)
        return {"outcome": "not_compiled" if no_sql else "caught", "by": f"start: {error.message}"}


def _refresh(home_path: Path, base: Path, parsed: Path) -> dict[str, Any]:
    from expectations.outcomes import blocking
    from orchestration import sign_offs
    from orchestration.landing import row_folders
    from orchestration.session import open_session
    from orchestration.transform import dbt

    row_folders.check(data_roots())
    sign_offs.check(data_roots())
    copy_home(base, home_path, parsed)
    said: list[str] = []
    with open_session(Home.resolve(home_path), [], say=said.append) as session:
        session.sound = base / "current" / DATABASE_NAME
        place = dbt.run_place(session.home)
        session.parsed = dbt.parse_at(place, with_json=False)
        if stopped_by := _unit_tests(session, place):
            return stopped_by
        landing = session.land()
        if stopped := blocking(session.run_gate("raw")):
            return {"outcome": "caught", "by": _rules("gate raw", stopped)}
        failed = [node for node in session.transform() if node.failed]
        if failed:
            is_no_sql = any(
                any(text in node.message for text in NO_SQL) for node in failed if not node.is_test
            )
            by = "; ".join(f"{_name(n.unique_id)}: {n.message[:90]}" for n in failed[:5])
            return {
                "outcome": "not_compiled" if is_no_sql else "caught",
                "by": f"{'test' if failed[0].is_test else 'model'} {by}",
            }
        if stopped := blocking(session.run_gate("marts")):
            return {"outcome": "caught", "by": _rules("gate marts", stopped)}
        warned = sorted({r.rule_id for r in session.audit if not r.success})
        before = base / "kept" / DATABASE_NAME
        changed = moved(before, session.database)
        if figures := _figures_moved(session, before):
            by = f"figures moved: {', '.join(figures)}"
            return {"outcome": "caught", "by": by, "changed": changed}
    refused = f"; quarantined {landing.rows_quarantined}" if landing.rows_quarantined else ""
    return {
        "outcome": "survived" if changed else "equal",
        "by": "; ".join(warned) + refused,
        "changed": changed,
    }


def _figures_moved(session: Any, before: Path) -> list[str]:
    """The marts for which publishing would ask why, were this the file to be published."""
    from orchestration.publishing import moved as figures

    if not (session.is_as_before and session.is_of_same_files):
        return []
    old, new = hashes(before), hashes(session.database)
    same = {name.split(".")[1] for name, said in old.items() if said == new.get(name)}
    return [move.table for move in figures.moved(before, session.database, same)]


def _note_files(base: Path) -> None:
    """Say in the version before of which files it was made, if it is older than the asking."""
    from orchestration.keeping import inputs
    from orchestration.publishing import integrity
    from orchestration.session import GIVEN

    version = (base / "current").resolve()
    (version / integrity.VERSION_FILE).chmod(0o644)
    version.chmod(0o755)
    integrity.note(version, **{GIVEN: inputs.keys(data_roots(), []).given})


def _name(unique_id: str) -> str:
    """The name of a node; of a unit test its own, which follows that of its model."""
    return unique_id.split(".")[3 if unique_id.startswith("unit_test.") else 2]


def _unit_tests(session: Any, place: Any) -> dict[str, Any] | None:
    """What came of the unit tests of the changed code, if they stop it.

    A refresh runs them when the models are built. Here they come first: the answer is the same, and
    what hangs on the change need not be built. Those of a macro that nearly all models use would
    take longer than the build.
    """
    from orchestration.database import connect
    from orchestration.keeping import nodes
    from orchestration.keeping.code_keys import code_keys
    from orchestration.transform import dbt

    manifest = session.parsed.manifest
    with connect(session.store.database) as connection:
        tests = nodes._untested(connection, manifest, code_keys(manifest, {}))
    if not 0 < len(tests) <= FEW_TESTS:
        return None
    with nodes._tagged(manifest, tests):
        results = dbt.build_at(
            place, {}, session.parsed, [f"tag:{nodes.TAG}"], kinds=nodes.UNIT_TESTS
        )
    failed = [result for result in results if result.failed]
    if not failed:
        return None
    is_no_sql = any(text in result.message for text in NO_SQL for result in failed)
    names = ", ".join(result.unique_id.split(".")[-1] for result in failed)
    outcome = "not_compiled" if is_no_sql else "caught"
    return {"outcome": outcome, "by": f"model {names}: {failed[0].message[:90]}"}


def _rules(gate: str, stopped: list[Any]) -> str:
    return f"{gate}: " + ", ".join(sorted({result.rule_id for result in stopped}))


def _fork(base: Path, home: Path, parsed: Path) -> dict[str, Any]:
    """Try it in a child, which may die of what it was given."""
    answer = home.with_name("answer.json")
    answer.unlink(missing_ok=True)
    log = home.with_name("log.txt")
    pid = os.fork()
    if pid == 0:
        resource.setrlimit(resource.RLIMIT_CPU, (CPU_LIMIT_S, CPU_LIMIT_S))
        with log.open("w") as file:
            os.dup2(file.fileno(), 1)
            os.dup2(file.fileno(), 2)
        try:
            found = try_refresh(home, base, parsed)
        except BaseException as error:
            traceback.print_exc()
            found = {"outcome": "error", "by": f"{type(error).__name__}: {str(error)[:300]}"}
        answer.write_text(json.dumps(found), encoding="utf-8")
        sys.stdout.flush()
        os._exit(0)
    _, status, used = os.wait4(pid, 0)
    if answer.exists():
        found = json.loads(answer.read_text(encoding="utf-8"))
    else:
        found = {"outcome": "no_end", "by": f"ended with status {status}"}
    return found | {"cpu_s": round(used.ru_utime + used.ru_stime, 1)}


def _import() -> None:
    import dbt.adapters.duckdb.connections
    import dbt.cli.main  # noqa: F401
    import duckdb_sqlalchemy  # noqa: F401

    import orchestration.audit.store
    import orchestration.keeping.landed
    import orchestration.keeping.nodes
    import orchestration.publishing.finalise
    import orchestration.publishing.fresh
    import orchestration.session
    import orchestration.site.release  # noqa: F401
    from expectations.discovery import find_suites
    from expectations.rules import GATES
    from expectations.runner import gx_context

    gx_context()
    for gate in GATES:
        find_suites(gate)


def _parse(base: Path, home: Path, parsed: Path) -> None:
    """Let dbt read the project at the place where mutants are tried, and keep what it made of it.

    Of another place, another database stands in what is kept, and dbt reads all of it anew.
    """
    from orchestration.transform import dbt

    parsed.mkdir(exist_ok=True)
    copy_home(base, home, parsed)
    pid = os.fork()
    if pid == 0:
        dbt.parse_at(dbt.run_place(Home(home)), with_json=False)
        os._exit(0)
    os.waitpid(pid, 0)
    shutil.rmtree(parsed)
    shutil.copytree(Home(home).target, parsed)


def main() -> None:
    base, home = map(Path, sys.argv[1:])
    os.environ.update(GREENPARK_SITE="off", GX_ANALYTICS_ENABLED="false", TQDM_DISABLE="1")
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    _import()
    _note_files(base)
    parsed = home.with_name("parsed")
    _parse(base, home, parsed)
    for line in sys.stdin:
        mutant = json.loads(line)
        path = Path(mutant["path"])
        before = path.read_bytes()
        start = time.perf_counter()
        try:
            path.write_text(mutant["text"], encoding="utf-8")
            found = _fork(base, home, parsed)
        finally:
            path.write_bytes(before)
        found["seconds"] = round(time.perf_counter() - start, 1)
        answers.write(json.dumps(found) + "\n")
        answers.flush()


if __name__ == "__main__":
    main()
