"""Folders of the methods of the park account: what is wrong is told by file, before any build."""

from __future__ import annotations

import shutil
from pathlib import Path

import duckdb
import pytest

from orchestration.errors import GreenparkError
from orchestration.landing import folders, methods, park_methods
from orchestration.landing.park_methods import PARK_METHODS

SHIPPED = PARK_METHODS.shipped


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A method of one's own in a data folder."""
    own = tmp_path / "park_methods" / "own"
    shutil.copytree(next(path for path in sorted(SHIPPED.iterdir()) if path.is_dir()), own)
    return own


def load(root: Path) -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    methods.load(connection, [root])
    park_methods.load(connection, [root])
    return connection


def test_a_method_of_ones_own_joins_the_shipped_ones(folder: Path) -> None:
    with load(folder.parents[1]) as connection:
        found = connection.execute("select method from park_methods.park_method_descriptions")
        assert {row[0] for row in found.fetchall()} == {
            "own", *folders.find_folders(PARK_METHODS, [])
        }  # fmt: skip


@pytest.mark.parametrize(
    ("file", "before", "after", "message"),
    [
        ("fuel_factors.csv", "diesel", "moonshine", "fuel_code moonshine is not known"),
        ("flows.csv", "transformation,", "alchemy,", "entry alchemy stands in no row"),
        ("heat_factors.csv", "non_fossil_heat", "fossil_heat", "two rows for fossil_heat"),
        ("method.csv", "gb_t_2589_2008", "none", "tce_set none is not known"),
        ("process_factors.csv", "portland,co2", "portland,phlogiston", "gas phlogiston"),
    ],
)
def test_what_is_wrong_is_named(
    folder: Path, file: str, before: str, after: str, message: str
) -> None:
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after), encoding="utf-8")
    with pytest.raises(GreenparkError, match=message):
        load(folder.parents[1])


def test_a_missing_file_is_named(folder: Path) -> None:
    (folder / "view_factors.csv").unlink()
    with pytest.raises(GreenparkError, match=r"view_factors\.csv is missing"):
        load(folder.parents[1])
