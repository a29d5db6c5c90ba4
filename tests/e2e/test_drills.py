"""The six drills of docs/drills.md, to the letter, in one copy of the project with one refresh."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys

import pytest
from documents import table_rows
from drills import DRILLS, PAGE, STEP, git
from own_dataset import LIST, TABLE
from project_copy import Extended, greenpark

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
UNREAD = "tests/orchestration/test_definitions.py::" + (
    "test_every_raw_table_leads_to_the_published_version"
)
OWN_HOME = """

@pytest.fixture(scope="session")
def published_home() -> Home:
    return Home.resolve(Path(os.environ["DRILLS_HOME"]))
"""


def test_there_are_six_and_each_begins_in_chinese() -> None:
    assert len(DRILLS) == 6
    assert all(CHINESE.match(text.strip()) for text in DRILLS.values())
    assert len(table_rows(PAGE, "| drill |")) == 6


@pytest.mark.parametrize("name", DRILLS)
def test_the_files_are_counted(extended: Extended, name: str) -> None:
    """As the drill says and as the table says."""
    own = {path for path in extended.touched[name] if path.startswith(("mine/", "drafts/"))}
    project = len(extended.touched[name] - own)
    said = re.search(r"^Files: (\d+)(?:, and (\d+) of your folder)?", DRILLS[name], re.MULTILINE)
    assert said and int(said[1]) == project, extended.touched[name]
    assert said[2] is None or int(said[2]) == len(own), own
    (now,) = (
        now
        for drill, _, now in table_rows(PAGE, "| drill |")
        if drill == name[0].lower() + name[1:]
    )
    assert sum(map(int, re.findall(r"\d+", now))) == project + int(said[2] or 0)


@pytest.mark.parametrize("name", DRILLS)
def test_what_it_shows_is_what_is_printed(extended: Extended, name: str) -> None:
    shown = [text for how, _, _, kind, text in STEP.findall(DRILLS[name]) if kind == "text"]
    assert shown
    for text in shown:
        command, _, expected = text.partition("\n")
        words = shlex.split(command.removeprefix("$ greenpark "))
        assert greenpark(extended.project, *words, "--home", extended.home.root) == expected


def test_the_form_is_the_one_that_is_filled_in(extended: Extended) -> None:
    form, filled = (
        (extended.project / folder / "park_returns_steam.csv").read_text(encoding="utf-8-sig")
        for folder in ("drafts", "mine/park_returns")
    )
    assert filled.splitlines()[0] == form.strip()


def test_the_house_checks_what_was_added(extended: Extended) -> None:
    """The conventions hold, the rule finds its fault, and only the derived files are written.

    What no mart reads is said, as CONTRIBUTING says of a new dataset.
    """
    with (extended.project / "tests" / "conftest.py").open("a", encoding="utf-8") as conftest:
        conftest.write(OWN_HOME)
    git(extended.project, "commit", "--quiet", "--all", "--message", "read the home of the drills")
    own = {key: value for key, value in os.environ.items() if not key.startswith("GREENPARK_")}
    environment = own | {
        "PYTHONPATH": str(extended.project),
        "DRILLS_HOME": str(extended.home.root),
        "GREENPARK_SNAPSHOT": "write",
    }
    tried = subprocess.run(
        [sys.executable, "-m", "pytest", "-n0", "-p", "no:cacheprovider", *CHECKS],
        cwd=extended.project, capture_output=True, text=True, env=environment, check=False,
    )  # fmt: skip
    failed = re.findall(r"^FAILED (\S+)", tried.stdout, re.MULTILINE)
    assert failed == [UNREAD], tried.stdout + tried.stderr
    unread = re.findall(r"^E +AssetKey\(\['raw', '(\w+)'\]\)$", tried.stdout, re.MULTILINE)
    assert sorted(unread) == sorted([LIST, TABLE])
    assert set(git(extended.project, "diff", "--name-only").splitlines()) == DERIVED
