"""What the suite builds is listed: seconds vary, the number of builds does not.

A refresh costs a minute of the processor if it builds all of it. A test that needs the shipped data
takes `published_home`, one that needs other people's `foreign_home`, one without the reconstruction
`observed_home`, one that changes the project `extended`; a copy of their homes (`homes.keeping`,
`homes.published`) builds only what has changed.
"""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from benchmarks import suite

TESTS = Path(__file__).resolve().parents[1]
# Where a command line is run; a test of the parser runs none.
RUNNERS = {"run_greenpark", "greenpark", "run", "command"}
# By file, function and kind: how many, and of what.
BUILDS = {
    ("conftest.py", "publish", "refresh"): (2, "the shipped data; those without reconstruction"),
    ("e2e/conftest.py", "publish", "refresh"): (2, "other people's data; a copy of the project"),
    ("e2e/test_refresh.py", "test_refreshing_again_gives_the_same_content", "refresh"): (
        1, "all, with --full",
    ),
    (
        "e2e/test_refresh.py",
        "test_a_broken_file_publishes_nothing_and_refused_rows_close_in_a_past_edition",
        "refresh",
    ): (2, "one that the landing refuses; a past edition"),
    ("e2e/test_refresh.py", "test_what_is_published_already_is_not_published_again", "refresh"): (
        1, "nothing",
    ),
    (
        "e2e/test_methods.py",
        "test_a_method_that_lacks_a_row_is_named_before_anything_is_built",
        "refresh",
    ): (1, "nothing"),
    (
        "integration/test_cities.py",
        "test_a_later_yearbook_takes_the_place_of_single_cells",
        "build_at",
    ): (1, "what is above one table"),
    ("integration/test_dbt_unit_tests.py", "built", "build_at"): (1, "tests, no model"),
    ("integration/test_evidence.py", "builds", "build_at"): (
        2, "what is above the figures; a part",
    ),
}  # fmt: skip
# Made-up names of a small project, and what is compared with Spark outside the suite.
ELSEWHERE = {"integration/test_nothing_twice.py", "spark/compare.py"}


def builds(path: Path) -> Iterator[tuple[str, str]]:
    """The function and the kind of each build that a file of tests starts."""

    def search(node: ast.AST, function: str) -> Iterator[tuple[str, str]]:
        for child in ast.iter_child_nodes(node):
            own = child.name if isinstance(child, ast.FunctionDef) else function
            if isinstance(child, ast.Call):
                name = getattr(child.func, "attr", getattr(child.func, "id", ""))
                said = {arg.value for arg in child.args if isinstance(arg, ast.Constant)}
                if name in RUNNERS and "refresh" in said:
                    yield own, "refresh"
                elif name == "build_at":
                    yield own, name
            yield from search(child, own)

    yield from search(ast.parse(path.read_text(encoding="utf-8")), "")


def test_every_build_is_listed() -> None:
    found = Counter(
        (name, *build)
        for path in sorted(TESTS.rglob("*.py"))
        if (name := path.relative_to(TESTS).as_posix()) not in ELSEWHERE
        and not name.startswith("unit/test_cli")
        for build in builds(path)
    )
    assert found == {build: count for build, (count, _) in BUILDS.items()}


def test_a_build_that_is_not_listed_is_seen(tmp_path: Path) -> None:
    path = tmp_path / "test_more.py"
    path.write_text(
        "def test_it(run_greenpark):\n"
        "    def again():\n"
        "        run_greenpark('refresh', '--full')\n"
        "    dbt.build_at(place, {})\n",
        encoding="utf-8",
    )
    assert list(builds(path)) == [("again", "refresh"), ("test_it", "build_at")]


def test_the_costs_are_of_files_that_exist() -> None:
    """By them the suite puts the longest first; `python -m benchmarks.suite` writes them."""
    costs = suite.file_costs()
    assert [name for name in costs if not (TESTS.parent / name).is_file()] == []
    assert list(costs.values()) == sorted(costs.values(), reverse=True)
