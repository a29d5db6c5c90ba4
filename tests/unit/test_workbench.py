"""The work database: which model a name means, and which parents are built again."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import duckdb
import pytest

from orchestration.errors import GreenparkError
from orchestration.settings import PROJECT_ROOT, Home
from orchestration.transform import workbench


@pytest.mark.parametrize("name", ["region_year", "indicators.region_year"])
def test_a_model_is_found_by_its_name(name: str) -> None:
    assert workbench.find_model(name).name == "region_year.sql"


@pytest.mark.parametrize(
    ("name", "remedy"),
    [("region_yaer", "did you mean region_year"), ("zzzz", "SQL files of dbt_project/models")],
)
def test_a_name_no_model_has_is_told_what_is_like_it(name: str, remedy: str) -> None:
    with pytest.raises(GreenparkError, match=f"no model {name}") as error:
        workbench.find_model(name)
    assert remedy in error.value.remedy


def node(name: str, *parents: str, code: str = "1") -> Any:
    checksum = SimpleNamespace(checksum=code)
    return SimpleNamespace(
        schema="s", alias=name, checksum=checksum, depends_on_nodes=parents, resource_type="model"
    )


CHAIN = {
    "a": node("a", "source"),
    "b": node("b", "a"),
    "c": node("c", "b"),
    "x": node("x"),
    "d": node("d", "c", "x"),
}


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A work database in which a, b, c and x are built; d reads c and x, c reads b, b reads a."""
    home = Home.resolve(tmp_path).ensure()
    home.workbench.mkdir()
    with duckdb.connect(str(workbench.place(home).database)) as connection:
        connection.execute("create schema s")
        for name in "abcx":
            connection.execute(f"create table s.{name} (n int)")
    record(home, "abcx", CHAIN)
    return home


def record(home: Home, names: str, nodes: dict[str, Any]) -> None:
    """Note that some nodes were built, of the code they have in `nodes`."""
    known = workbench._read_record(home)
    hashes = workbench._fingerprints(SimpleNamespace(nodes=nodes))
    known |= {name: hashes[name] for name in names}
    (home.workbench / "built.json").write_text(json.dumps(known))


def stale(home: Home, **nodes: Any) -> list[str]:
    return sorted(workbench._stale_parents(home, SimpleNamespace(nodes=CHAIN | nodes), "d"))


def test_what_is_built_and_unchanged_is_not_built_again(home: Home) -> None:
    assert stale(home) == []


def test_a_changed_parent_takes_with_it_what_reads_it(home: Home) -> None:
    assert stale(home, b=node("b", "a", code="2")) == ["b", "c"]


def test_what_reads_a_parent_that_was_built_again_for_another_model_is_stale(home: Home) -> None:
    changed = node("a", "source", code="2")
    record(home, "a", CHAIN | {"a": changed})
    assert stale(home, a=changed) == ["b", "c"]


def test_a_missing_parent_is_built(home: Home) -> None:
    with duckdb.connect(str(workbench.place(home).database)) as connection:
        connection.execute("drop table s.x")
    assert stale(home) == ["x"]


def test_without_a_record_everything_is_built(home: Home) -> None:
    (home.workbench / "built.json").unlink()
    assert stale(home) == ["a", "b", "c", "x"]


def test_what_another_clone_landed_is_not_taken(home: Home) -> None:
    """Two clones may share a home; factors and rules of the other would go unnoticed."""
    for is_ours in (False, True):
        (home.workbench / "project.txt").write_text(str(PROJECT_ROOT) if is_ours else "/clone")
        assert workbench._is_of_this_project(home) is is_ours
    (home.workbench / "project.txt").unlink()  # from before it was noted
    assert not workbench._is_of_this_project(home)
