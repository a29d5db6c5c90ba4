"""Shared fixtures: one real refresh for the whole suite, and what hangs on it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest
from filelock import FileLock

from orchestration.settings import DATABASE_NAME, Home

GREENPARK = Path(sys.executable).with_name("greenpark")


@pytest.fixture(scope="session")
def run_greenpark() -> Callable[..., subprocess.CompletedProcess[str]]:
    """Run the command line as a user would, in a clean environment.

    Who refreshes a home to look at its site says so; the others build none.
    """

    def run(*arguments: str | Path, with_site: bool = False) -> subprocess.CompletedProcess[str]:
        environment = {
            key: value for key, value in os.environ.items() if not key.startswith("GREENPARK_")
        }
        if not with_site:
            environment["GREENPARK_SITE"] = "off"
        return subprocess.run(
            [str(GREENPARK), *map(str, arguments)],
            capture_output=True,
            text=True,
            env=environment | {"LANG": "C.UTF-8"},
            check=False,
        )

    return run


@pytest.fixture(scope="session")
def made_once(
    tmp_path_factory: pytest.TempPathFactory, worker_id: str
) -> Callable[[str, Callable[[Path], None]], Path]:
    """Fill a folder by a function, once for all workers: the first makes it, the others wait."""
    own = tmp_path_factory.getbasetemp()
    shared = own if worker_id == "master" else own.parent

    def make(name: str, fill: Callable[[Path], None]) -> Path:
        folder, done = shared / name, shared / f"{name}.done"
        with FileLock(shared / f"{name}.lock"):
            if not done.exists():
                shutil.rmtree(folder, ignore_errors=True)
                folder.mkdir()
                fill(folder)
                done.touch()
        return folder

    return make


@pytest.fixture(scope="session")
def published_home(
    made_once: Callable[[str, Callable[[Path], None]], Path],
    run_greenpark: Callable[..., subprocess.CompletedProcess[str]],
) -> Home:
    """A home with one version, published from the shipped data by `greenpark refresh`."""

    def publish(folder: Path) -> None:
        done = run_greenpark("refresh", "--home", folder, with_site=True)
        assert done.returncode == 0, done.stdout + done.stderr

    return Home.resolve(made_once("warehouse", publish))


@pytest.fixture(scope="session")
def warehouse(
    published_home: Home, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[duckdb.DuckDBPyConnection]:
    """A copy of the published database, read-only; the original stays free for other openings."""
    copy = tmp_path_factory.mktemp("copy") / DATABASE_NAME
    shutil.copyfile(published_home.database, copy)
    with duckdb.connect(str(copy), read_only=True) as connection:
        yield connection


@pytest.fixture(scope="session")
def manifest(published_home: Home) -> dict[str, Any]:
    """The dbt manifest of the build behind `published_home`."""
    return json.loads((published_home.target / "manifest.json").read_text(encoding="utf-8"))
