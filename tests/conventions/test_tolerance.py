"""Computed numbers are judged and ranked by `dbt_project/macros/tolerance.sql`, and nothing else.

A comparison written out (`=`, `between`, `abs(...) >`, a tolerance of one's own) fails true data at
its edge: a share of 1.0000000000000002, a sum of noise against no change.
"""

from __future__ import annotations

import re

import pytest

from orchestration.settings import PROJECT_ROOT

DBT = PROJECT_ROOT / "dbt_project"
SUITES = PROJECT_ROOT / "expectations"
# What the names of measures end in, those that are counted or printed left out.
MEASURE = (
    r"(?:\w+\.)?\w*(?:_t|_tce|_gj|_mwh|_m3|_10k_cny|_per_\w+|share|rate|quantity|value|ratio"
    r"|deflator|elasticity|silhouette|distance|cost|gap|index)\b"
)
CALL = re.compile(r"\{\{.*?\}\}|\{#.*?#\}|\{%.*?%\}", re.DOTALL)
COMMENT = re.compile(r"--[^\n]*|(?<!['\"\w$])#[^\n]*")
WRITTEN_OUT = {
    "a comparison of a measure": re.compile(
        rf"(?<!['\w.$]){MEASURE}\s*(?:<>|!=|<=|>=|<|>|(?<![<>!])=)\s*(?!0\b|null\b|')[\w$({{]"
    ),
    "a comparison with a measure": re.compile(
        rf"[\w)]\s*(?:<>|!=|<=|>=|<|>)\s*(?<!['\w.$]){MEASURE}(?!\s*\()"
    ),
    "abs compared": re.compile(r"abs\([^'\n]*\)\s*(?:<|>)"),
    "between of a measure": re.compile(rf"(?:{MEASURE}|\))\s*(?:not\s+)?between\b"),
    "a tolerance of its own": re.compile(r"\b1e-\d+|\b0\.0000\d*"),
    "a threshold compared": re.compile(r"(?:<|>)=?\s*-?\$\w+"),
}
# What is counted, or a year, is compared as it stands.
COUNTED = re.compile(r"count\(|_count\b|vintage\b|rows_\w+")
RANK = re.compile(
    r"(?:row_number|rank|dense_rank|ntile)\(\w*\)\s*over\s*\((?P<window>(?:[^()]|\([^()]*\))*)\)",
)
RANKS_ALLOWED = {
    "scenarios": "the order of draws: a quantile is the same number whichever of two equals it is",
    "scenario_potential": "as scenarios",
    "region_concentration": "the order of what is summed up: equals may change places",
}


def judgements() -> dict[str, str]:
    """The text of every suite and dbt test, its macros and comments taken out."""
    files = [
        *sorted((SUITES / "suites").rglob("*.py")),
        SUITES / "totals.py",
        *sorted((DBT / "tests").rglob("*.sql")),
        *sorted((DBT / "macros" / "tests").glob("*.sql")),
    ]
    return {
        path.relative_to(PROJECT_ROOT).as_posix(): COMMENT.sub(
            "", CALL.sub("macro", path.read_text(encoding="utf-8"))
        )
        for path in files
    }


def faults(text: str) -> list[tuple[str, str]]:
    """What is written out, and what kind of fault it is."""
    found = []
    for kind, pattern in WRITTEN_OUT.items():
        for match in pattern.finditer(text):
            line = text[text.rfind("\n", 0, match.start()) + 1 :].split("\n")[0].strip()
            if not (kind == "a threshold compared" and COUNTED.search(line)):
                found.append((kind, line))
    return found


def test_gates_and_tests_compare_by_the_one_definition() -> None:
    found = [
        (path, kind, line) for path, text in judgements().items() for kind, line in faults(text)
    ]
    assert found == [], "use is_equal, is_within, is_above or is_below"


def test_ranks_see_ties_by_the_one_definition() -> None:
    found = []
    for path in sorted((DBT / "models").rglob("*.sql")):
        if path.stem in RANKS_ALLOWED or path.is_relative_to(DBT / "models" / "staging"):
            continue
        text = CALL.sub("macro", path.read_text(encoding="utf-8"))
        for match in RANK.finditer(text):
            order = match["window"].partition("order by")[2]
            found += [(path.stem, term) for term in re.findall(MEASURE, order)]
    assert found == [], "order by tie_value(...)"


@pytest.mark.parametrize(
    "sql",
    [
        "where abs(a.co2_t - b.co2_t) > 1e-9 * abs(a.co2_t)",
        "where co2_share between 0 and 1",
        "where top10_enterprise_share > 1",
        "where co2_t <> rows_co2_t",
        "where region_year.co2_t = sums.rows_co2_t",
        "having sum(co2_t) not between $low and $high",
        "where change_rate > $yearly_change_max",
        "where largest < peak_value_t",
    ],
)
def test_faults_are_found(sql: str) -> None:
    assert faults(sql)


def test_the_definition_has_no_faults() -> None:
    sql = "where not {{ is_equal('a.co2_t', 'b.co2_t', 'a.co2_t') }} and co2_t <> 0 and year = 2020"
    assert faults(CALL.sub("macro", sql)) == []
