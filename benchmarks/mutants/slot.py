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

CPU_LIMIT_S = 400
FEW_TESTS = 30
NO_SQL = ("Parser Error", "Binder Error", "Catalog Error", "Compilation Error", "Syntax Error")
MARTS = "schema_name || '.' || table_name"


class InProcess:
    """The gates in this process, which has imported what they need."""

    def run_gate(self, database: Path, gate: str, **asked: Any) -> Future:
        from expectations.runner import run_gate, silent_rules

        results = run_gate(database, gate, **asked)
        results += silent_rules(gate, {result.rule_id for result in results})
        done: Future = Future()
        done.set_result(results)
        return done

    def __enter__(self) -> InProcess:
        return self

    def __exit__(self, *how: object) -> None:
        pass


def copy_home(base: Path, home: Path) -> None:
    """The home as it was: what is read only by links, what is carried on as copies."""
    if home.exists():
        shutil.rmtree(home)
    shutil.copytree(
        base, home, symlinks=True, ignore=shutil.ignore_patterns("releases", "logs", "drawings")
    )
    shutil.copytree(base / "releases", home / "releases", symlinks=True, copy_function=os.link)


def hashes(home: Path) -> dict[str, str]:
    """The hash of every published table."""
    with duckdb.connect(str(home / "current" / "greenpark.duckdb"), read_only=True) as connection:
        return dict(
            connection.execute(f"select {MARTS}, content_hash from quality.table_hashes").fetchall()
        )


def try_refresh(home_path: Path, base: Path) -> dict[str, Any]:
    """What came of a refresh: `outcome`, `by`, and the tables whose content is another."""
    from expectations import worker
    from orchestration.errors import GreenparkError

    worker.Worker.start = classmethod(lambda cls, *asked: InProcess())  # type: ignore[method-assign]
    try:
        return _refresh(home_path, base)
    except GreenparkError as error:
        no_sql = "does not parse" in str(error)
        return {"outcome": "not_compiled" if no_sql else "caught", "by": f"start: {error.message}"}


def _refresh(home_path: Path, base: Path) -> dict[str, Any]:
    from expectations.outcomes import blocking
    from orchestration import sign_offs
    from orchestration.landing import row_folders
    from orchestration.session import open_session
    from orchestration.settings import Home, data_roots
    from orchestration.transform import dbt

    row_folders.check(data_roots())
    sign_offs.check(data_roots())
    copy_home(base, home_path)
    said: list[str] = []
    with open_session(Home.resolve(home_path), [], say=said.append) as session:
        place = dbt.run_place(session.home)
        session.parsed = dbt.parse_at(place, with_json=False, variables=session.variables)
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
        nodes = duckdb.connect(str(base / "kept" / "greenpark.duckdb"), read_only=True)
        with nodes:
            known = dict(nodes.execute("select node, content from work.built").fetchall())
        if session.contents == known:
            return {"outcome": "equal", "by": ""}
        session.publish()
    before, after = hashes(base), hashes(home_path)
    changed = sorted(
        name for name in before.keys() | after.keys() if before.get(name) != after.get(name)
    )
    refused = f"; quarantined {landing.rows_quarantined}" if landing.rows_quarantined else ""
    return {
        "outcome": "survived" if changed else "equal",
        "by": "; ".join(warned) + refused,
        "changed": changed,
    }


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


def _fork(base: Path, home: Path) -> dict[str, Any]:
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
            found = try_refresh(home, base)
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


def main() -> None:
    base, home = map(Path, sys.argv[1:])
    os.environ.update(GREENPARK_SITE="off", GX_ANALYTICS_ENABLED="false", TQDM_DISABLE="1")
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    _import()
    for line in sys.stdin:
        mutant = json.loads(line)
        path = Path(mutant["path"])
        before = path.read_bytes()
        start = time.perf_counter()
        try:
            path.write_text(mutant["text"], encoding="utf-8")
            found = _fork(base, home)
        finally:
            path.write_bytes(before)
        found["seconds"] = round(time.perf_counter() - start, 1)
        answers.write(json.dumps(found) + "\n")
        answers.flush()


if __name__ == "__main__":
    main()
