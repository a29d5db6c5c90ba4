"""The side process: the same results, the file free afterwards, a clear error when it dies."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from conftest import execute

from expectations.runner import run_gate
from expectations.worker import Worker, WorkerError

TIMEOUT = 240


@pytest.fixture(scope="module")
def worker() -> Iterator[Worker]:
    """Start one worker for the module."""
    with Worker.start("toy_suites") as started:
        yield started


def test_round_trip(worker, build, toy_rules, tmp_path) -> None:
    database = build("update toy.region set name_zh = null")
    previous = build(name="previous")
    options = {"package": "toy_suites", "rules_csv": toy_rules}
    docs = tmp_path / "docs"
    first = worker.run_gate(database, "raw", **options)
    second = worker.run_gate(database, "marts", previous, docs, **options)
    assert [result.status for result in first.result(TIMEOUT)] == ["pass"]
    results = second.result(TIMEOUT)
    execute(database, ["create table toy.after as select 1 as x"])
    execute(previous, ["create table toy.after as select 1 as x"])
    assert (docs / "index.html").is_file()
    assert results == run_gate(database, "marts", previous=previous, **options)
    assert worker.ready_seconds > 0


def test_an_error_is_handed_over_and_the_worker_goes_on(worker, build, toy_rules, tmp_path) -> None:
    options = {"package": "toy_suites", "rules_csv": toy_rules}
    with pytest.raises(WorkerError, match="FileNotFoundError: no database"):
        worker.run_gate(tmp_path / "none.duckdb", "marts", **options).result(TIMEOUT)
    assert worker.run_gate(build(), "marts", **options).result(TIMEOUT)


def test_death_is_reported_with_what_the_child_said(build) -> None:
    with Worker.start() as doomed:
        doomed._process.kill()
        with pytest.raises(WorkerError, match="ended with code -9"):
            doomed.run_gate(build(), "marts").result(TIMEOUT)
        with pytest.raises(WorkerError, match="ended with code -9"):
            doomed.run_gate(build(name="again"), "marts").result(TIMEOUT)


def test_a_child_that_cannot_start_shows_its_traceback(build, monkeypatch, tmp_path) -> None:
    (tmp_path / "great_expectations").mkdir()
    (tmp_path / "great_expectations" / "__init__.py").write_text("raise OSError('no GX here')")
    monkeypatch.syspath_prepend(str(tmp_path))
    with Worker.start() as doomed, pytest.raises(WorkerError, match="no GX here"):
        doomed.run_gate(build(), "marts").result(TIMEOUT)


def test_close_kills_a_busy_child(build) -> None:
    worker = Worker.start()
    future = worker.run_gate(build(), "marts")
    worker.close()
    assert worker._process.returncode is not None
    with pytest.raises(WorkerError):
        future.result(1)
