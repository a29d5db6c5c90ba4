"""One refresh of other people's data beside the shipped, for all who test with it."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator

import duckdb
import pytest
from foreign import PRINTED, write_all

from orchestration.publishing.releases import open_reader
from orchestration.settings import Home


@pytest.fixture(scope="session")
def foreign_home(
    tmp_path_factory: pytest.TempPathFactory,
    run_greenpark: Callable[..., subprocess.CompletedProcess[str]],
) -> Home:
    """Published from the shipped data and other people's, without a threshold touched."""
    data = tmp_path_factory.mktemp("foreign")
    write_all(data)
    home = Home.resolve(tmp_path_factory.mktemp("home"))
    done = run_greenpark("refresh", "--home", home.root, "--data", data, "--data", PRINTED)
    assert done.returncode == 0, done.stdout + done.stderr
    return home


@pytest.fixture
def reader(foreign_home: Home) -> Iterator[duckdb.DuckDBPyConnection]:
    with open_reader(foreign_home) as connection:
        yield connection
