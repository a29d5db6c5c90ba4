"""A parse is of the project alone, so homes and clones share it.

manifest.json is that of the parse, and is made whole only where more than rows has changed.
"""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import msgpack
import pytest

from orchestration.transform import dbt

SEED, MART = "seed.greenpark.units", "model.greenpark.mart"


class Hash(SimpleNamespace):
    def to_dict(self) -> dict[str, str]:
        return {"name": "sha256", "checksum": self.checksum}


class Manifest:
    """What is asked of dbt's own: the files it was parsed from, and all of it as a document."""

    def __init__(self) -> None:
        self.whole = 0
        self.files = {
            "units.csv": SimpleNamespace(
                parse_file_type="seed", nodes=[SEED], checksum=Hash(checksum="rows")
            ),
            "mart.sql": SimpleNamespace(
                parse_file_type="model", nodes=["m"], checksum=Hash(checksum="code")
            ),
        }

    def writable_manifest(self) -> Manifest:
        return self

    def to_dict(self, **_: Any) -> dict[str, Any]:
        self.whole += 1
        seed = {"checksum": self.files["units.csv"].checksum.to_dict(), "columns": {}}
        code = {"checksum": self.files["mart.sql"].checksum.to_dict(), "columns": {}}
        return {"nodes": {SEED: seed, MART: code}, "sources": {}}


@pytest.fixture
def place(tmp_path: Path) -> dbt.Place:
    return dbt.Place(tmp_path / "a.duckdb", tmp_path, tmp_path, tmp_path)


def test_rows_of_a_seed_change_its_hash_and_code_makes_it_whole(place: dbt.Place) -> None:
    manifest = Manifest()

    def written() -> tuple[int, bool]:
        before = manifest.whole
        dbt._write_json(manifest, place)  # type: ignore[arg-type]
        made = manifest.whole - before
        path = place.target / dbt.MANIFEST
        return made, json.loads(path.read_text("utf-8")) == manifest.to_dict()

    assert written() == (1, True)
    assert written() == (0, True)
    manifest.files["units.csv"].checksum = Hash(checksum="other rows")
    assert written() == (0, True)
    manifest.files["mart.sql"].checksum = Hash(checksum="other code")
    assert written() == (1, True)
    (place.target / dbt.MANIFEST).write_text("{}", encoding="utf-8")
    assert written() == (1, True), "somebody else wrote it"


def parsed_by(folder: Path, project: str) -> Path:
    """A target folder as a project leaves it: a model, a seed, a file of dbt's own."""
    folder.mkdir(parents=True)
    roots = {"mart.sql": project, "units.csv": project, "dbt.sql": "/venv/dbt", "none": None}
    files = {name: {"path": root and {"project_root": root}} for name, root in roots.items()}
    nodes = {SEED: {"root_path": project}, MART: {"schema": "marts"}}
    kept = msgpack.packb({"files": files, "nodes": nodes, "says": project})
    (folder / dbt.PARTIAL).write_bytes(kept)
    (folder / dbt.PARSED_BY).write_text(project)
    return folder


@pytest.mark.parametrize("is_own_folder", [True, False])
def test_a_parse_of_another_clone_is_taken_with_our_paths(
    tmp_path: Path, is_own_folder: bool
) -> None:
    """Else dbt would load the seeds of the other clone."""
    other = parsed_by(tmp_path / "other", "/clone/dbt_project")
    target = other if is_own_folder else tmp_path / "new"
    dbt._bring(target, (None, tmp_path / "missing", other))
    found = msgpack.unpackb((target / dbt.PARTIAL).read_bytes())
    ours = str(dbt.PROJECT)
    assert [(file["path"] or {}).get("project_root") for file in found["files"].values()] == [
        ours, ours, "/venv/dbt", None,
    ]  # fmt: skip
    assert found["nodes"] == {SEED: {"root_path": ours}, MART: {"schema": "marts"}}
    assert (target / dbt.PARSED_BY).read_text() == ours
    before = (target / dbt.PARTIAL).stat().st_mtime_ns
    dbt._bring(target, (other,))
    assert (target / dbt.PARTIAL).stat().st_mtime_ns == before, "it is ours now"


def test_a_half_written_parse_is_not_taken(tmp_path: Path) -> None:
    other = parsed_by(tmp_path / "other", "/clone/dbt_project")
    whole = (other / dbt.PARTIAL).read_bytes()
    for content in (b"", whole[:30], msgpack.packb({"files": {}})):
        (other / dbt.PARTIAL).write_bytes(content)
        dbt._bring(tmp_path / "new", (other,))
        assert not (tmp_path / "new" / dbt.PARTIAL).exists()
    dbt._bring(other, ())
    assert not (other / dbt.PARTIAL).exists()


def test_the_environment_of_a_parse_is_of_no_home(
    place: dbt.Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GREENPARK_QUERY_THREADS", "2")
    profile = (dbt.PROJECT / "profiles.yml").read_text(encoding="utf-8").partition("spark:")[0]
    asked = set(re.findall(r"env_var\('(\w+)'", profile))
    assert asked == {*dbt.OF_A_HOME}
    with dbt._of_no_home(place):
        assert {name: os.environ[name] for name in asked if name in os.environ} == {
            "GREENPARK_BUILD_DATABASE": "a.duckdb"
        }
    assert os.environ["GREENPARK_BUILD_DATABASE"] == str(place.database)
    assert os.environ["GREENPARK_TEMP"] == str(place.spill)
    assert os.environ["GREENPARK_QUERY_THREADS"] == "2"


def test_no_graph_hangs_on_what_a_run_is_told() -> None:
    """So one parse serves all runs: a variable is a value in a query, and decides no `ref`."""
    statement = re.compile(r"\{%-?\s*(?:if|elif|for|else)\b[^%]*\bvar\([^%]*%\}")
    for path in [*dbt.PROJECT.rglob("*.sql"), *dbt.PROJECT.rglob("*.yml")]:
        text = path.read_text(encoding="utf-8")
        assert statement.findall(text) == [], path
        assert path.suffix == ".sql" or not re.search(r"\bvar\(", text), path
        assert not re.search(r"config\([^)]*\bvar\(", text), path
        assert not re.search(r"(?:ref|source)\([^)]*\bvar\(", text), path
