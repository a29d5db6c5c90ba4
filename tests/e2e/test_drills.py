"""The six drills of docs/drills.md, to the letter, in one copy of the project with one refresh."""

from __future__ import annotations

import csv
import os
import re
import shlex
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

import homes
import pytest
from documents import FENCE, page, table_rows
from project_copy import greenpark

from benchmarks.project import copy_project
from orchestration.settings import Home

PAGE = page("docs/drills.md")
DRILLS = dict(re.findall(r"^## ([^\n]+)\n(.*?)(?=^## |\Z)", PAGE, re.DOTALL | re.MULTILINE))
# A block with what is done with it, or a block of commands.
STEP = re.compile(rf"(?:^`(\w+): ([^`]+)`\n\n)?{FENCE.pattern}", re.DOTALL | re.MULTILINE)
CHINESE = re.compile(r"[\u4e00-\u9fff]")
# The derived files, which GREENPARK_SNAPSHOT rewrites.
DERIVED = {
    "tests/orchestration/definitions.json",
    "docs/pictures.md",
    "README.md",
    "README.zh-CN.md",
}
# The house's own checks of what the drills add. They read the copy's published version.
CHECKS = (
    "tests/conventions/test_columns.py",
    "tests/conventions/test_dialect.py",
    "tests/conventions/test_manifest.py",
    "tests/conventions/test_regions.py",
    "tests/conventions/test_tolerance.py",
    "tests/conventions/test_catalogue.py::test_labels_print_the_unit_of_the_column",
    "tests/conventions/test_catalogue.py::test_raw_tables_are_described_as_the_catalogue_says",
    "tests/conventions/test_catalogue.py::test_every_number_of_a_yearly_return_may_be_revised",
    "tests/orchestration/test_definitions.py",
    "tests/integration/test_pictures.py",
    "tests/e2e/test_readme_promises.py::test_the_summary_is_that_of_a_refresh",
    "tests/expectations/test_suites.py::test_each_rule_has_a_fault",
    "tests/expectations/test_suites.py::test_a_fault_fails_its_rule_and_is_named"
    "[price_deflators_are_above_zero]",
    "tests/unit/test_templates.py",
)
OWN_HOME = """

@pytest.fixture(scope="session")
def published_home() -> Home:
    return Home.resolve(Path(os.environ["DRILLS_HOME"]))
"""


@dataclass
class Done:
    """The copy after all drills: which files each touched, and what shows that it works."""

    project: Path
    home: Path
    touched: dict[str, set[str]] = field(default_factory=dict)


def git(project: Path, *arguments: str) -> str:
    done = subprocess.run(
        ["git", "-c", "user.name=drill", "-c", "user.email=drill@localhost", *arguments],
        cwd=project, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return done.stdout


def write(project: Path, how: str, name: str, text: str) -> None:
    """Do with a file what the document says."""
    path = project / name
    if how == "new":
        assert not path.exists(), f"{name} is there already"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return
    before = path.read_text(encoding="utf-8")
    if how == "append":
        after = before + text
    elif how == "row":
        heading, *rows = before.splitlines(keepends=True)
        after = heading + "".join(sorted([*rows, text], key=lambda row: next(csv.reader([row]))[0]))
    else:
        assert how == "change", f"nothing knows how to do `{how}: {name}`"
        lines = text.splitlines(keepends=True)
        old = "".join(line[1:] or line for line in lines if not line.startswith("+"))
        new = "".join(line[1:] or line for line in lines if not line.startswith("-"))
        assert before.count(old) == 1, f"{name} does not have these lines once:\n{old}"
        after = before.replace(old, new)
    path.write_text(after, encoding="utf-8")


def do(project: Path, steps: str) -> None:
    """Write the files of a drill and run its commands; those whose result is printed come later."""
    for how, name, _, language, text in STEP.findall(steps):
        if how:
            write(project, how, name, text)
        elif language == "sh":
            for line in text.splitlines():
                greenpark(project, *shlex.split(line)[1:])


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory, published_home: Home) -> Done:
    folder = tmp_path_factory.mktemp("drills")
    copy = Done(copy_project(folder / "project"), folder / "home")
    git(copy.project, "init", "--quiet")
    for name in ("the project", *DRILLS):
        do(copy.project, DRILLS.get(name, ""))
        git(copy.project, "add", "--all")
        touched = git(copy.project, "diff", "--cached", "--name-only").splitlines()
        copy.touched[name] = set(touched)
        git(copy.project, "commit", "--quiet", "--message", name)
    (line,) = STEP.findall(PAGE.split("\n## ")[0])[0][-1].splitlines()
    homes.keeping(published_home, copy.home)
    _, command, *options = shlex.split(line)
    assert command == "refresh"
    said = greenpark(copy.project, "refresh", *options, "--home", copy.home)
    assert "published" in said
    return copy


def test_there_are_six_and_each_begins_in_chinese() -> None:
    assert len(DRILLS) == 6
    assert all(CHINESE.match(text.strip()) for text in DRILLS.values())
    assert len(table_rows(PAGE, "| drill |")) == 6


@pytest.mark.parametrize("name", DRILLS)
def test_the_files_are_counted(done: Done, name: str) -> None:
    """As the drill says and as the table says."""
    own = {path for path in done.touched[name] if path.startswith(("mine/", "drafts/"))}
    project = len(done.touched[name] - own)
    said = re.search(r"^Files: (\d+)(?:, and (\d+) of your folder)?", DRILLS[name], re.MULTILINE)
    assert said and int(said[1]) == project, done.touched[name]
    assert said[2] is None or int(said[2]) == len(own), own
    (now,) = (
        now
        for drill, _, now in table_rows(PAGE, "| drill |")
        if drill == name[0].lower() + name[1:]
    )
    assert sum(map(int, re.findall(r"\d+", now))) == project + int(said[2] or 0)


@pytest.mark.parametrize("name", DRILLS)
def test_what_it_shows_is_what_is_printed(done: Done, name: str) -> None:
    shown = [text for how, _, _, kind, text in STEP.findall(DRILLS[name]) if kind == "text"]
    assert shown
    for text in shown:
        command, _, expected = text.partition("\n")
        words = shlex.split(command.removeprefix("$ greenpark "))
        assert greenpark(done.project, *words, "--home", done.home) == expected


def test_the_form_is_the_one_that_is_filled_in(done: Done) -> None:
    form, filled = (
        (done.project / folder / "park_returns_steam.csv").read_text(encoding="utf-8-sig")
        for folder in ("drafts", "mine/park_returns")
    )
    assert filled.splitlines()[0] == form.strip()


def test_the_house_checks_what_was_added(done: Done) -> None:
    """The conventions hold, the rule finds its fault, and only the derived files are written."""
    with (done.project / "tests" / "conftest.py").open("a", encoding="utf-8") as conftest:
        conftest.write(OWN_HOME)
    git(done.project, "commit", "--quiet", "--all", "--message", "read the home of the drills")
    own = {key: value for key, value in os.environ.items() if not key.startswith("GREENPARK_")}
    environment = own | {
        "PYTHONPATH": str(done.project),
        "DRILLS_HOME": str(done.home),
        "GREENPARK_SNAPSHOT": "write",
    }
    tried = subprocess.run(
        [sys.executable, "-m", "pytest", "-n0", "-p", "no:cacheprovider", *CHECKS],
        cwd=done.project, capture_output=True, text=True, env=environment, check=False,
    )  # fmt: skip
    assert tried.returncode == 0, tried.stdout + tried.stderr
    assert set(git(done.project, "diff", "--name-only").splitlines()) == DERIVED
