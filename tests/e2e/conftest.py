"""One refresh of other people's data beside the shipped, for all who test with it."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb
import homes
import pytest
from foreign import PRINTED, REPORTS, write_all

from orchestration.publishing.releases import open_reader
from orchestration.settings import Home


@pytest.fixture(scope="session")
def foreign_home(
    made_once: Callable[[str, Callable[[Path], None]], Path],
    run_greenpark: Callable[..., subprocess.CompletedProcess[str]],
    published_home: Home,
) -> Home:
    """Published from the shipped data and other people's, without a threshold touched."""

    def publish(folder: Path) -> None:
        data = folder / "data"
        data.mkdir()
        write_all(data)
        homes.keeping(published_home, folder / "home")
        roots = [argument for root in (data, PRINTED, REPORTS) for argument in ("--data", root)]
        done = run_greenpark("refresh", "--home", folder / "home", *roots, with_site=True)
        assert done.returncode == 0, done.stdout + done.stderr

    return Home.resolve(made_once("foreign", publish) / "home")


@pytest.fixture
def reader(foreign_home: Home) -> Iterator[duckdb.DuckDBPyConnection]:
    with open_reader(foreign_home) as connection:
        yield connection
