"""What a gate doubts is stored whole, marked where readers look, and blocks nothing."""

from __future__ import annotations

import shutil
from pathlib import Path

import duckdb
import pytest
from as_built import as_built

from expectations.discovery import SuiteContext, find_suites
from expectations.outcomes import DOUBT, blocking
from expectations.rules import load_rules
from expectations.runner import run_gate
from orchestration.audit.store import store
from orchestration.settings import Home

RULES = load_rules()
# One method of one year counts coal three times; a park returns nothing believable at all.
SPOIL = (
    "update all_levels.region_co2 set co2_t = co2_t * 3 "
    "where region_code = '320000' and year = 2020 and method = 'report_2023'",
    "update indicators.park_year_by_method set top10_enterprise_share = 1.5 where park_id = 'P03'",
    # A scenario grows threefold in a year whose account is held.
    "update indicators.scenarios set industrial_value_added_10k_cny = "
    "industrial_value_added_10k_cny * 3 "
    "where region_code = '320000' and year = 2021 and method = 'ipcc_2006'",
)


def doubting() -> list[str]:
    return [
        rule_id
        for suite in find_suites("marts")
        for rule_id, expectation in suite.expectations(SuiteContext.complete())
        if (expectation.meta or {}).get(DOUBT)
    ]


def test_what_is_doubtful_never_blocks() -> None:
    assert {RULES[rule_id].severity for rule_id in doubting()} == {"warning"}


@pytest.fixture(scope="module")
def shipped(published_home: Home, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The warehouse made from the shipped data, as the gates saw it."""
    return as_built(
        published_home.database, tmp_path_factory.mktemp("shipped") / "greenpark.duckdb"
    )


@pytest.fixture(scope="module")
def judged(shipped: Path, tmp_path_factory: pytest.TempPathFactory) -> duckdb.DuckDBPyConnection:
    """A spoilt copy of the warehouse, audited again."""
    path = tmp_path_factory.mktemp("judged") / "greenpark.duckdb"
    shutil.copyfile(shipped, path)
    with duckdb.connect(str(path)) as connection:
        for statement in SPOIL:
            connection.execute(statement)
    results = run_gate(path, "marts")
    assert blocking(results) == []
    store(path, "again", results)
    with duckdb.connect(str(path), read_only=True) as connection:
        yield connection


def test_every_doubtful_row_is_stored_with_its_rule(judged: duckdb.DuckDBPyConnection) -> None:
    sizes = judged.execute(
        """
        select region_code, park_id, year, method, statement_zh, statement_en,
            json_extract(details, '$.co2_t')::double > 2e9
        from quality.doubtful_rows where rule_id = 'region_co2_size_of_a_province'
        """
    ).fetchall()
    rule = RULES["region_co2_size_of_a_province"]
    assert sizes == [
        ("320000", None, 2020, "report_2023", rule.statement_zh, rule.statement_en, True)
    ]
    # All rows, also beyond the twenty that the result of a rule shows.
    ((doubtful, rows),) = judged.execute(
        """
        select
            (select count(*) from quality.doubtful_rows
            where rule_id = 'park_year_top_enterprises'),
            (select count(*) from indicators.park_year_by_method where park_id = 'P03')
        """
    ).fetchall()
    assert doubtful == rows


@pytest.mark.parametrize(
    ("table", "key", "expected"),
    [
        ("all_levels.region_year", "region_code, year, method", {("320000", 2020, "report_2023")}),
        ("indicators.kaya_factors", "region_code, year, method", {("320000", 2020, "report_2023")}),
        (
            "indicators.scenarios",
            "region_code, base_year, method",
            {("320000", 2020, "report_2023")},
        ),
    ],
)
def test_the_rows_of_the_same_key_are_marked(
    judged: duckdb.DuckDBPyConnection,
    shipped: Path,
    table: str,
    key: str,
    expected: set[tuple],
) -> None:
    """The energy of a year in doubt marks what starts from it, of that method alone."""
    marked = judged.execute(
        f"select distinct {key} from {table} "
        "where is_doubtful and method = 'report_2023' and year >= 2020"
    ).fetchall()
    assert expected <= set(marked)
    others = f"select count(*) from {table} where is_doubtful and region_code <> '320000'"
    with duckdb.connect(str(shipped), read_only=True) as before:
        assert judged.execute(others).fetchone() == before.execute(others).fetchone()
    unmarked = judged.execute(
        f"select count(*) from {table} "
        "where is_doubtful and method = 'ceads' and region_code = '320000'"
    ).fetchone()
    assert unmarked == (0,)


def test_what_is_doubted_of_a_scenario_marks_no_year_that_was(
    judged: duckdb.DuckDBPyConnection,
) -> None:
    where = "where region_code = '320000' and year = 2021 and method = 'ipcc_2006'"
    marked = {
        table: judged.execute(f"select bool_or(is_doubtful) from {table} {where}").fetchone()
        for table in (
            "indicators.scenarios",
            "indicators.scenario_potential",
            "all_levels.region_year",
            "indicators.province_year_by_method",
            "indicators.kaya_factors",
        )
    }
    assert marked == {
        "indicators.scenarios": (True,),
        "indicators.scenario_potential": (True,),
        "all_levels.region_year": (False,),
        "indicators.province_year_by_method": (False,),
        "indicators.kaya_factors": (False,),
    }


def test_the_park_is_marked_and_no_other(judged: duckdb.DuckDBPyConnection) -> None:
    marked = judged.execute(
        "select park_id, count(*) from indicators.park_year_by_method"
        " where is_doubtful group by all"
    ).fetchall()
    ((rows,),) = judged.execute(
        "select count(*) from indicators.park_year_by_method where park_id = 'P03'"
    ).fetchall()
    assert marked == [("P03", rows)]


def test_of_the_shipped_data_nothing_but_cities_of_the_model_is_in_doubt(
    published_home: Home,
) -> None:
    with duckdb.connect(str(published_home.database), read_only=True) as connection:
        doubted = connection.execute(
            """
            select distinct regions.level
            from quality.doubtful_rows as doubts
            join reference.regions as regions using (region_code)
            """
        ).fetchall()
        unknown = "select count(*) from quality.doubtful_rows where region_code is null"
        assert doubted == [("prefecture",)]
        assert connection.execute(unknown).fetchone() == (0,)
