"""manifest.json is that of the parse, and is made whole only where more than rows has changed."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from orchestration.transform import dbt

SEED = "seed.greenpark.units"


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
        return {"nodes": {SEED: seed, "model.greenpark.mart": code}, "sources": {}}


@pytest.fixture
def place(tmp_path: Path) -> dbt.Place:
    return dbt.Place(tmp_path / "a.duckdb", tmp_path, tmp_path, tmp_path)


def test_rows_of_a_seed_change_its_hash_and_code_makes_it_whole(place: dbt.Place) -> None:
    manifest = Manifest()

    def written(**variables: Any) -> tuple[int, bool]:
        before = manifest.whole
        dbt._write_json(manifest, place, variables)  # type: ignore[arg-type]
        made = manifest.whole - before
        path = place.target / dbt.MANIFEST
        return made, json.loads(path.read_text("utf-8")) == manifest.to_dict()

    assert written() == (1, True)
    assert written() == (0, True)
    manifest.files["units.csv"].checksum = Hash(checksum="other rows")
    assert written() == (0, True)
    manifest.files["mart.sql"].checksum = Hash(checksum="other code")
    assert written() == (1, True)
    assert written(as_of_vintage=2021) == (1, True)
    (place.target / dbt.MANIFEST).write_text("{}", encoding="utf-8")
    assert written(as_of_vintage=2021) == (1, True), "somebody else wrote it"
