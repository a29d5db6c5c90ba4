"""What section 4.1 of the report says of the cities, and what the models promise, on the marts."""

from __future__ import annotations

import csv
import shutil
from collections import defaultdict
from pathlib import Path

import duckdb
import numpy as np
import pytest

from orchestration.settings import DATABASE_NAME, PROJECT_ROOT, Home

PLANS = PROJECT_ROOT / "seeds" / "reference" / "scenarios"
POTENTIAL = """
    select potential.* from all_levels.scenario_potential as potential
    join reference.regions as regions on potential.region_code = regions.region_code
    where year = 2025 and method = 'report_2023' and scenario = 'low_carbon'
    and regions.level = 'prefecture'
"""


def test_the_potential_that_the_report_prints_is_predicted_and_missed(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    """Thirteen cities have some and Suzhou most; the model finds four, and Yancheng most."""
    found = warehouse.execute(
        f"select region_code from ({POTENTIAL}) where reduction_t > 0 order by reduction_t desc"
    ).fetchall()
    assert [code for (code,) in found] == ["320900", "321300", "321200", "321000"]
    judged = warehouse.execute(
        "select figure_id, status, evidence, computed_value from quality.reconciliation"
        " where figure_id in ('T41-005', 'T41-010') order by figure_id"
    ).fetchall()
    assert judged == [
        ("T41-005", "mismatch", "calibrated", 0),
        ("T41-010", "mismatch", "calibrated", 4),
    ]


def test_growth_adds_efficiency_cuts_most_structure_is_small(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    rows = warehouse.execute(
        "select growth_effect_t, efficiency_effect_t, structure_effect_t, change_from_base_t"
        f" from ({POTENTIAL})"
    ).fetchall()
    assert len(rows) == 10
    for growth, efficiency, structure, change in rows:
        assert growth > 0
        assert efficiency < 0
        assert abs(structure) < abs(efficiency)
        assert growth + efficiency + structure == pytest.approx(change, rel=1e-9)


def test_scenarios_cover_cities_scenarios_and_years(warehouse: duckdb.DuckDBPyConnection) -> None:
    found = warehouse.execute(
        """
        select count(distinct region_code), count(distinct scenario), min(year), max(year)
        from all_levels.scenarios
        where method = 'report_2023' and co2_low_t <= co2_median_t and co2_median_t <= co2_high_t
        """
    ).fetchone()
    assert found == (11, 2, 2020, 2030)
    refused = warehouse.execute(
        "select region_code, refusal from quality.scenario_coverage"
        " where method = 'report_2023' and scenario = 'low_carbon' and not has_scenario"
        " order by all"
    ).fetchall()
    assert refused == [
        ("320300", "sells_energy"),
        ("320700", "factor_not_believable"),
        ("321100", "sells_energy"),
    ]


def test_the_trend_of_the_province_binds(warehouse: duckdb.DuckDBPyConnection) -> None:
    """Better than the plan, so low carbon is the baseline and the potential is nothing."""
    found = warehouse.execute(
        """
        select reduction_t from all_levels.scenario_potential
        where region_code = '320000' and method = 'report_2023' and year = 2025
        """
    ).fetchone()
    assert found == (0.0,)


def test_structure_of_a_frozen_split_is_left_out(warehouse: duckdb.DuckDBPyConnection) -> None:
    found = warehouse.execute(
        """
        select count(*) from all_levels.lmdi_effects
        where is_split_frozen or entity = '320000/divisions'
        """
    ).fetchone()
    assert found == (0,)


def test_decompositions_are_at_constant_prices(warehouse: duckdb.DuckDBPyConnection) -> None:
    found = warehouse.execute(
        "select distinct price_basis from all_levels.decoupling order by 1"
    ).fetchall()
    assert found == [("constant_2020",)]


def test_the_published_file_has_the_table_macros(published_home: Home, tmp_path: Path) -> None:
    """Read-only, on a temporary table of the reader's own."""
    copy = tmp_path / DATABASE_NAME
    shutil.copyfile(published_home.database, copy)
    with duckdb.connect(str(copy), read_only=True) as connection:
        connection.execute(
            "create temp table mine as select 'e' as entity, 'p' as period, 'a' as category, * from"
            " (values ('x', 2.0, 4.0), ('y', 6.0, 3.0)) as f (factor, value_start, value_end)"
        )
        found = connection.execute(
            "select effect, additive from indicators.lmdi('mine') order by effect"
        ).fetchall()
    assert [effect for effect, _ in found] == ["total", "x", "y"]
    assert found[1][1] == pytest.approx(12 * np.log(2))


def test_lattice_points_fill_every_input_evenly() -> None:
    """Each input takes each of the 509 places once; no two inputs go together."""
    with (PLANS / "scenario_uncertainties.csv").open(encoding="utf-8", newline="") as file:
        multipliers = [int(row["lattice_multiplier"]) for row in csv.DictReader(file)]
    points = np.array([(np.arange(509) * g) % 509 for g in multipliers])
    assert all(len(set(row)) == 509 for row in points)
    assert np.abs(np.corrcoef(points) - np.eye(len(points))).max() < 0.02


def test_every_plan_names_where_it_comes_from() -> None:
    provenance = defaultdict(list)
    with (PLANS / "plan_values.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            provenance[row["provenance"]].append(row["plan_id"])
            assert row["source_id"] and row["note_zh"] and row["note_en"]
            assert (row["provenance"] == "assumption") == (
                row["source_id"] == "greenpark_assumptions"
            )
    assert set(provenance) == {"sourced", "memory", "inferred", "assumption"}
