"""What judges the code of the dbt project, on one build of the shipped data."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest
from plans import comparing_joins

from orchestration.landing.map.catalogue import column_catalogue
from orchestration.publishing import releases
from orchestration.settings import DATABASE_NAME, Home
from orchestration.transform import checks, dbt

# Judged by dbt, too: the refresh, which judged all of them together, must find the same.
BY_DBT = ("region_year__is_sound", "region_co2__is_sound", "decoupling__is_sound")


@pytest.fixture(scope="module")
def built(
    tmp_path_factory: pytest.TempPathFactory, published_home: Home
) -> Iterator[tuple[Home, list[dbt.NodeResult]]]:
    """Every model of every layer as a refresh built it, the unit tests and some tests of data."""
    home = Home.resolve(tmp_path_factory.mktemp("built")).ensure()
    shutil.copytree(published_home.kept, home.kept, dirs_exist_ok=True)
    shutil.copytree(published_home.target, home.target, dirs_exist_ok=True)
    with releases.run_lock(home):
        yield (
            home,
            dbt.build_at(
                dbt.run_place(home),
                {},
                dbt.parse(home),
                select=("test_type:unit", *BY_DBT),
                unit_tests=True,
                kinds=("test", "unit_test"),
            ),
        )


def test_every_dbt_unit_test_passes(built: tuple[Home, list[dbt.NodeResult]]) -> None:
    """Numbers worked by hand."""
    _, nodes = built
    kinds = Counter(node.unique_id.split(".")[0] for node in nodes)
    assert kinds.keys() == {"test", "unit_test"} and kinds["unit_test"] >= 10
    assert [(node.unique_id, node.message) for node in nodes if node.failed] == []


def test_the_yaml_names_every_column_and_no_other(
    built: tuple[Home, list[dbt.NodeResult]],
) -> None:
    home, _ = built
    manifest = json.loads((home.target / "manifest.json").read_text(encoding="utf-8"))
    described = {
        (node["schema"], node["name"], column)
        for node in manifest["nodes"].values()
        if node["resource_type"] == "model"
        for column in node["columns"]
    }
    with duckdb.connect(str(dbt.build_database(home)), read_only=True) as connection:
        there = connection.execute(
            "select schema_name, table_name, column_name from duckdb_columns() where not internal"
        ).fetchall()
    tables = {(schema, table) for schema, table, _ in described}
    assert {row for row in there if row[:2] in tables} == described


# Joins that compare rows with rows, and what bounds one side of them.
BOUNDED = {
    "account_faults": "a threshold",
    "carbon_assessment": "the one clause of the grade",
    "carbon_assessment_items": "items of the assessment and their quantities",
    "carbon_budget_months": "the twelve months",
    "core_ratio_gaps": "required fields, and gaps of the last accounts, by methods; a threshold",
    "data_dictionary": "the one row that says what is_model means",
    "data_requests": "required fields by methods, and by parks without returns",
    "decoupling": "the eight states of Tapio",
    "early_warnings": "one account of a plan",
    "emission_factors": "years of official grid factors by methods",
    "ets_positions": "prices of carbon",
    "int_co2__emissions_calculated": "grid factors by carriers, measured ones by methods",
    "int_co2__refusals_counted": "refused cells by the rules of the methods",
    "int_drivers__effects_calculated": "the nine effects by name",
    "int_drivers__energy_grouped": "fuel groups of the identity; a threshold",
    "int_economy__steps_weighted": "parts of a region by the indicators of an index",
    "int_park__boundaries_nested": "boundaries by the years of the returns",
    "int_park__electricity_covered": "electricity of parks by the methods of the account",
    "int_park__emissions_by_boundary": "the three boundaries",
    "int_park__enterprises_ranked": "enterprises by the methods",
    "int_park__fuel_lines": "measured factors by the methods of the account",
    "int_park__ledger_fields_asked": "fields asked and heat of parks by the methods of the account",
    "int_park__members_placed": "members by the years of the returns",
    "int_park__year_estimates": "a threshold",
    "int_park__resources_returned": "a constant",
    "int_report__sample_parks": "parks by the reports",
    "int_scenarios__anchors_prepared": "rows of the scenario rules",
    "int_scenarios__bases_judged": "scenarios and what excludes a region",
    "int_scenarios__cases_drawn": "draws and inputs, both thresholds and reference rows",
    "int_scenarios__cases_valued": "cases by the years of a scenario",
    "int_scenarios__draws_valued": "draws by the years of a scenario",
    "int_scenarios__routes_laid": "anchors by the years of a scenario",
    "model_validation": "groups of regions",
    "park_carbon_account": "parks by the views of the methods; years of coal rates",
    "park_carbon_codes": "schemes of the code",
    "park_carbon_ledger": "factors of CH4 and N2O by the methods of the account",
    "park_coal_change": "the classes of change",
    "park_comparison": "a threshold",
    "park_core_ratio": "classes of energy of the methods; a threshold",
    "park_coupling": "the states of coordination",
    "park_evaluation_indicators": "sets of indicators; ways to weigh",
    "park_evaluation_stability": "a threshold",
    "park_key_industries": "industries that are always key",
    "park_management": "the three conditions",
    "park_management_criteria": "criteria of the condition",
    "park_measures": "kinds of measures",
    "park_paths": "classes of energy of the methods; a threshold",
    "park_peak_plans": "the classes of increase",
    "park_year_by_method": "bands; a threshold",
    "reconciliation_inputs": "figures of the reports by the factors of a method",
    "region_balance": "terms of the balance",
    "resource_intensity": "the five resources",
    "revisions": "editions of one series",
    "sample_counts": "a threshold",
    "target_tracking": "years of a target",
    "targets": "the plans",
}
# Columns whose names have another type elsewhere.
WHOLE = {
    ("balance_row_rules", "weight"),
    ("int_co2__rules_resolved", "weight"),
    ("int_energy__industry_ancestors", "distance"),  # steps, not a distance of parks
}


def test_every_column_has_the_type_that_the_catalogue_says(
    built: tuple[Home, list[dbt.NodeResult]],
) -> None:
    home, _ = built
    with duckdb.connect(str(dbt.build_database(home)), read_only=True) as connection:
        there = connection.execute(
            """
            select table_name, column_name, lower(data_type) from duckdb_columns()
            where schema_name in
                ('staging', 'intermediate', 'reference', 'emissions', 'indicators', 'quality')
            """
        ).fetchall()
    catalogue = column_catalogue()
    wrong = {
        (table, column)
        for table, column, data_type in there
        if column in catalogue
        and data_type.replace("bigint", "integer")
        != catalogue[column]["data_type"].replace("bigint", "integer")
    }
    assert wrong == WHOLE


def test_a_check_names_column_and_rule(built: tuple[Home, list[dbt.NodeResult]]) -> None:
    """Each rule of is_sound, broken on a copy of a mart."""
    home, _ = built
    check = next(
        path
        for path in (home.target / "compiled").rglob("*.sql")
        if path.stem == "region_year__is_sound"
    )
    broken = {
        "update {table} set origin = 'heard'": ("origin", "value_is_allowed"),
        "update {table} set region_code = null": ("region_code", "is_given"),
        "update {table} set region_code = '999999' where year = 2020": ("region_code", "is_known"),
        "insert into {table} select * from {table}": ("region_code, year, method", "is_unique"),
    }
    database = home.tmp / "broken.duckdb"
    table = "all_levels.region_year"
    for change, expected in broken.items():
        database.unlink(missing_ok=True)
        with duckdb.connect(str(database)) as connection:
            connection.execute(f"attach '{dbt.build_database(home)}' as greenpark (read_only)")
            connection.execute(
                f"create schema all_levels; create table {table} as from greenpark.{table}"
            )
            sound = check.read_text(encoding="utf-8")
            assert connection.execute(sound).fetchall() == []
            connection.execute(change.format(table=table))
            sound = sound.replace('"greenpark"."all_levels"."region_year"', table)
            found = {row[:2] for row in connection.execute(sound).fetchall()}
        assert expected in found, change


def test_a_refresh_runs_the_checks_of_all_tables_together(
    built: tuple[Home, list[dbt.NodeResult]], tmp_path: Path
) -> None:
    """One passes or fails as the node that dbt makes of it; one without its table is an error."""
    home, nodes = built
    place = dbt.run_place(home)
    manifest = dbt.parse_at(place, with_json=False).manifest
    by_dbt = {node.unique_id: node.status for node in nodes if node.unique_id.startswith("test.")}
    assert sorted(check_id.split(".")[2] for check_id in by_dbt) == sorted(BY_DBT)
    together = dbt.run_checks(place, {}, manifest, checks.soundness_checks(manifest))
    assert {result.status for result in together} == {"pass"}
    assert by_dbt.items() <= {result.unique_id: result.status for result in together}.items()
    database = tmp_path / DATABASE_NAME
    shutil.copyfile(dbt.build_database(home), database)
    with duckdb.connect(str(database)) as connection:
        connection.execute("update all_levels.region_year set origin = 'heard' where year = 2020")
        connection.execute("drop table indicators.decoupling")
    results = dbt.run_checks(replace(place, database=database), {}, manifest, list(by_dbt))
    found = {result.unique_id.split(".")[2]: result for result in results}
    assert {name: result.status for name, result in found.items()} == {
        "region_year__is_sound": "fail",
        "region_co2__is_sound": "pass",
        "decoupling__is_sound": "error",
    }
    assert "column_name origin, rule value_is_allowed" in found["region_year__is_sound"].message


def test_no_join_compares_rows_with_rows_without_a_bound(
    built: tuple[Home, list[dbt.NodeResult]],
) -> None:
    """A condition on one side alone, or none, makes a join of all with all, slow as rows grow."""
    home, _ = built
    paths = (home.target / "compiled").rglob("models/**/*.sql")
    compiled = {path.stem: path for path in paths if ".yml/" not in path.as_posix()}
    with duckdb.connect(str(dbt.build_database(home)), read_only=True) as connection:
        found = {
            name: joins
            for name, path in compiled.items()
            if (joins := comparing_joins(connection, path.read_text(encoding="utf-8")))
        }
    assert {name: joins for name, joins in found.items() if name not in BOUNDED} == {}
    assert sorted(BOUNDED.keys() - found.keys()) == []
