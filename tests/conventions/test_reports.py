"""No code, SQL, rule or text knows a report or a method: both are folders of rows."""

from __future__ import annotations

import re

import pytest
from mentions import mentions

from orchestration.landing import folders
from orchestration.landing.methods import METHODS
from orchestration.landing.park_methods import PARK_METHODS
from orchestration.landing.reports import REPORTS

# Unit tests of models work on made-up rows.
MADE_UP_ROWS = re.compile(r"/test_[^/]*\.yml$|^dbt_project/tests/fixtures/")
# The model of the cities and parks of one province, with the methods it is judged by.
OF_ONE_PROVINCE = re.compile(r"^orchestration/reconstruction/")
IDS = {name for kind in (METHODS, PARK_METHODS, REPORTS) for name in folders.find_folders(kind, [])}
NAMED = re.compile(rf"(?<![\w.-])({'|'.join(sorted(IDS, key=len, reverse=True))})(?![\w-])")
# File that names one, and why it may: the fewer the better.
ALLOWED = {
    "orchestration/cli/explain.py": "examples of the help work on the shipped methods",
    "orchestration/cli/inventory.py": "examples of the help work on the shipped methods",
    "orchestration/words_zh.csv": "the same examples",
    "dbt_project/dbt_project.yml": (
        "the choice, as of any var, of the method of key lists where no report is about a province"
    ),
    "dbt_project/models/marts/all_levels/region_year.yml": (
        "what the columns hold by each shipped method, as descriptions say"
    ),
    "expectations/rules.csv": "the source that a rule is founded on",
}


def named_in(line: str) -> list[str]:
    """The ids of methods and reports in a line of text."""
    return NAMED.findall(line)


@pytest.mark.parametrize(
    "line",
    ["where method = 'report_2023'", "method in ('ipcc_2006', 'm')", "by ceads alone", "(ceads)"],
)
def test_an_id_is_found(line: str) -> None:
    assert named_in(line)


@pytest.mark.parametrize(
    "line", ["stg_ceads_inventory__city_co2", "report_2023_2", "ceads-like", "the report of 2023"]
)
def test_what_is_no_id_is_not(line: str) -> None:
    assert not named_in(line)


def test_no_file_knows_a_report_or_a_method() -> None:
    found = mentions(
        named_in, lambda name: MADE_UP_ROWS.search(name) or OF_ONE_PROVINCE.match(name)
    )
    assert {name: hits for name, hits in found.items() if name not in ALLOWED} == {}
    assert set(ALLOWED) <= set(found), "what is no longer needed is no exception"
