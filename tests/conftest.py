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
import homes
import pytest
from filelock import FileLock
from jinja2 import Environment, FileSystemLoader

from benchmarks import suite
from benchmarks.park_forms import write_forms
from orchestration.landing import folders, land, row_folders  # noqa: F401  all that reads
from orchestration.landing.folders import FolderFile
from orchestration.landing.judge import judging
from orchestration.landing.map import catalogue
from orchestration.settings import DATABASE_NAME, PROJECT_ROOT, Home

# For the workers of xdist and what they start: each has a processor, and BLAS would wait for two.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
GREENPARK = Path(sys.executable).with_name("greenpark")
HOME = "published_home"
HOMELESS_FIRST = 3


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the longest files first, so that all workers end together.

    Before them stand files that want no home: they run while the first worker publishes it.
    """
    costs = suite.file_costs()
    homeless = {item.path for item in items}
    homeless -= {item.path for item in items if HOME in getattr(item, "fixturenames", ())}
    files = sorted(
        dict.fromkeys(item.path for item in items),
        key=lambda path: -costs.get(path.relative_to(PROJECT_ROOT).as_posix(), 0.0),
    )
    first = [path for path in files if path not in homeless][:1]
    first += [path for path in files if path in homeless][:HOMELESS_FIRST]
    rank = {path: place for place, path in enumerate(dict.fromkeys([*first, *files]))}
    items.sort(key=lambda item: rank[item.path])


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


@pytest.fixture(scope="session", autouse=True)
def rows_united_once(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Landings in this process take a copy of methods and reports that an earlier one united.

    Only of the same files: a folder of a test's own is read and judged each time.
    """
    unite = row_folders.load
    united: dict[tuple[tuple[FolderFile, int], ...], Path] = {}

    def load(connection: duckdb.DuckDBPyConnection, roots: list[Path]) -> None:
        files = tuple(
            (file, file.path.stat().st_mtime_ns)
            for kind in row_folders.KINDS
            for file in folders.find_files(kind, roots)
        )
        if files not in united:
            path = tmp_path_factory.mktemp("united") / DATABASE_NAME
            with duckdb.connect(str(path)) as other:
                unite(other, roots)
            united[files] = path
        ((database,),) = connection.execute("select current_database()").fetchall()
        connection.execute(f"attach '{united[files]}' as united (read_only)")
        connection.execute(f'copy from database united to "{database}"; detach united')

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(row_folders, "load", load)
        yield


@pytest.fixture(scope="session", autouse=True)
def reference_read_once() -> Iterator[None]:
    """A landing reads a table of the reference or a rule again only when its file changed."""
    read: dict[tuple[Path, int, int], list[dict[str, str]]] = {}
    read_rows = catalogue.read_rows

    def read_again(path: str) -> list[dict[str, str]]:
        whole = catalogue.REFERENCE / path
        found = whole.stat()
        key = (whole, found.st_mtime_ns, found.st_size)
        if key not in read:
            read[key] = read_rows(path)
        return [dict(row) for row in read[key]]

    environments: dict[tuple[str, ...], Environment] = {}

    def environment(*, loader: FileSystemLoader, **options: Any) -> Environment:
        """Jinja compiles a template anew when its file is another."""
        place = tuple(loader.searchpath)
        if place not in environments:
            environments[place] = Environment(loader=loader, **options)
        return environments[place]

    readers = [
        module
        for name, module in sys.modules.items()
        if name.startswith("orchestration.landing.")
        and getattr(module, "read_rows", None) is read_rows
    ]
    assert judging in readers
    with pytest.MonkeyPatch.context() as patch:
        for module in readers:
            patch.setattr(module, "read_rows", read_again)
        patch.setattr(judging, "Environment", environment)
        yield


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
def observed_home(
    made_once: Callable[[str, Callable[[Path], None]], Path],
    run_greenpark: Callable[..., subprocess.CompletedProcess[str]],
    published_home: Home,
) -> Home:
    """Published without anything reconstructed, and with parks that return what the account asks.

    These are the made-up parks of `tests/fixtures/park_account`, whose arithmetic stands in
    docs/park_account.md, and random ones. `said.txt` beside the home is what the refresh said.
    """

    def publish(folder: Path) -> None:
        data = folder / "data"
        shutil.copytree(homes.WORKED_PARKS, data / "worked")
        write_forms(data / "random", homes.random_parks())
        home = homes.keeping(published_home, folder / "home")
        done = run_greenpark(
            "refresh", "--home", home.root, "--without", "reconstructed", "--data", data
        )
        assert done.returncode == 0, done.stdout + done.stderr
        (folder / homes.SAID).write_text(done.stderr, encoding="utf-8")

    return Home.resolve(made_once("observed", publish) / "home")


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
