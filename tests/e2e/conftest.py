"""One refresh of other people's data beside the shipped, for all who test with it."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import drills
import duckdb
import faulty
import foreign
import homes
import new_park
import own_park
import printed
import pytest
from homes import SAID
from own_dataset import add_dataset
from own_method import add_data, add_method
from project_copy import TOUCHED, Extended, greenpark
from roads import command, with_words

from benchmarks.project import copy_project
from orchestration.publishing.opening import open_reader
from orchestration.settings import Home


@pytest.fixture(scope="session")
def foreign_home(
    made_once: Callable[[str, Callable[[Path], None]], Path],
    run_greenpark: Callable[..., subprocess.CompletedProcess[str]],
    published_home: Home,
) -> Home:
    """Published after the shipped data alone, with other people's and no threshold touched.

    Provinces and parks that are generated, balances as they are printed, files that are refused,
    parks of one's own: each kind in a data folder of its own, all in one refresh.
    """

    def publish(folder: Path) -> None:
        own, *others = (folder / name for name in ("own", "data", "printed", "faulty"))
        own_park.write_all(own)
        new_park.write_all(own / "new")
        for write, data in zip(
            (foreign.write_all, printed.write_all, write_faulty), others, strict=True
        ):
            data.mkdir()
            write(data)
        home = homes.published(published_home, folder / "home")
        line = with_words(command("Your own park", "refresh"), {"DIR": str(own)})
        for root in (*others, foreign.PRINTED, foreign.REPORTS):
            line += ["--data", str(root)]
        done = run_greenpark(*line, "--home", home.root, with_site=True)
        assert done.returncode == 0, done.stdout + done.stderr
        (folder / SAID).write_text(done.stderr, encoding="utf-8")

    return Home.resolve(made_once("foreign", publish) / "home")


def write_faulty(data: Path) -> None:
    faulty.write_all(data)
    faulty.write_to_mend(data)


@pytest.fixture(scope="session")
def foreign_log(foreign_home: Home) -> str:
    """What that refresh said of what it refused."""
    return (foreign_home.root.parent / SAID).read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def extended(
    made_once: Callable[[str, Callable[[Path], None]], Path], published_home: Home
) -> Extended:
    """A copy of the project with all that people are told to add, in one refresh.

    The drills of docs/drills.md, then a dataset and a method as CONTRIBUTING says.
    """

    def publish(folder: Path) -> None:
        project, data = folder / "project", folder / "data"
        copy_project(project)
        touched = json.dumps(drills.do_all(project))
        (folder / TOUCHED).write_text(touched, encoding="utf-8")
        add_dataset(project)
        add_method(project)
        add_data(data)
        greenpark(project, "sign-off", "--all", "--by", "a test", "--why", "a method is added")
        shutil.copytree(project / "seeds/reference/methods/ceads", data / "methods/ceads_again")
        home = homes.keeping(published_home, folder / "home")
        said = greenpark(project, "refresh", *drills.options(), "--data", data, "--home", home.root)
        (folder / SAID).write_text(said, encoding="utf-8")

    folder = made_once("extended", publish)
    return Extended(folder / "project", Home.resolve(folder / "home"))


@pytest.fixture
def reader(foreign_home: Home) -> Iterator[duckdb.DuckDBPyConnection]:
    with open_reader(foreign_home) as connection:
        yield connection
