"""The engine is chosen by configuration: the command line's option, the resource's field."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import dagster as dg
import pytest

from orchestration.defs import publish
from orchestration.engines import spark
from orchestration.session import Session
from orchestration.settings import Home


def _engine_of_a_run(config: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> str:
    """The engine of the session that a run configured so is given."""

    @contextmanager
    def open_session(*arguments: Any, **options: Any) -> Iterator[SimpleNamespace]:
        yield SimpleNamespace(engine=arguments[4])

    monkeypatch.setattr(publish, "open_session", open_session)
    seen = []

    @dg.asset
    def model(session: dg.ResourceParam[Session]) -> None:
        seen.append(session.engine)

    dg.materialize(
        [model],
        resources={"session": publish.SessionResource.configure_at_launch()},
        run_config={"resources": {"session": {"config": config}}},
    )
    return seen[0]


def test_dagster_takes_the_engine_of_the_run_configuration(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert _engine_of_a_run({}, monkeypatch) == "duckdb"
    assert _engine_of_a_run({"engine": "spark"}, monkeypatch) == "spark"
    with pytest.raises(dg.DagsterInvalidConfigError):
        _engine_of_a_run({"engine": "hive"}, monkeypatch)


@pytest.mark.parametrize("config", [{"home": "/"}, {"data": ["/etc"]}])
def test_who_starts_a_run_names_no_path(
    config: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(dg.DagsterInvalidConfigError):
        _engine_of_a_run(config, monkeypatch)


def test_the_transform_step_runs_on_the_engine_of_the_session(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    def transform(home: Home, landing: Path, database: Path, variables: dict[str, Any]) -> list:
        asked.append((landing.name, database.name, variables))
        return []

    monkeypatch.setattr(spark, "transform", transform)
    session = Session(
        home=Home(tmp_path),
        roots=[],
        as_of_vintage=2021,
        without=frozenset(),
        allow_shrink=False,
        engine="spark",
        worker=None,
        say=lambda line: None,
        run_id="test",
        started_at=None,
    )
    assert session.transform() == []
    assert asked == [("landing", "greenpark.duckdb", {"as_of_vintage": 2021})]
