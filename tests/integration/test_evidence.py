"""Evidence is what the inputs allow: change what the report says, and see what moves.

`quality.reconciliation_inputs` follows rows and dbt's graph; here the warehouse is built again on
other inputs. What is called predicted or calibrated may not move when everything that was made with
the report is taken away and every printed figure is another; what is called predicted may not move
either when the fitted factors change, and what is calibrated does.
"""

from __future__ import annotations

import csv
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest

from orchestration.settings import DATABASE_NAME, PROJECT_ROOT, Home
from orchestration.transform import dbt

SEEDS = PROJECT_ROOT / "seeds"
MAPPINGS = SEEDS / "reference" / "mappings"
REPORT = "report_2023"
METRICS = SEEDS / "report" / REPORT / "metrics.csv"
FIGURES = "report_published_figures"
COMPUTED = "quality.computed_figures"
# Another change for each fuel: a rate of change would not see one and the same.
FACTOR, FACTOR_STEP = 1.1, 0.05
PRINTED = 1.37
INDEPENDENT = {"predicted", "bound"}
Values = dict[str, tuple[float | None, str | None]]


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _computed(database: Path) -> Values:
    with duckdb.connect(str(database), read_only=True) as connection:
        rows = connection.execute(
            f"select figure_id, computed_value, computed_text from {COMPUTED} where report_id = ?",
            [REPORT],
        ).fetchall()
    return {figure_id: (value, text) for figure_id, value, text in rows}


def _limits() -> set[str]:
    """Figures that another figure takes as a limit: they reach that one, and it says so."""
    return {row["input_figure_id"] for row in _rows(METRICS) if row["operator"] == "years_above"}


def _without_the_report(connection: duckdb.DuckDBPyConnection) -> int:
    """Take away every row made with the report and print other figures; return how many rows."""
    made_with = [REPORT] + [
        row["source_id"]
        for row in _rows(MAPPINGS / "source_dependencies.csv")
        if row["depends_on_source_id"] == REPORT and not row["figure_prefix"]
    ]
    tables = connection.execute(
        """
        select table_name from duckdb_columns()
        where schema_name = 'raw' and column_name = '_source_id' and table_name <> ?
        """,
        [FIGURES],
    ).fetchall()
    taken = sum(
        connection.execute(
            f'delete from raw."{table}" where _source_id in ?', [made_with]
        ).fetchone()[0]
        for (table,) in tables
    )
    connection.execute(
        f"""
        update raw.{FIGURES}
        set
            value = cast(try_cast(value as double) * ? as varchar),
            value_text = coalesce(cast(try_cast(value_text as double) * ? as varchar), 'other')
        where report_id = ? and figure_id not in ?
        """,
        [PRINTED, PRINTED, REPORT, sorted(_limits())],
    )
    return taken


@pytest.fixture(scope="module")
def builds(tmp_path_factory: pytest.TempPathFactory, published_home: Home) -> dict[str, Values]:
    """What is computed without the report, and then with other factors where they were fitted.

    On a copy of what a refresh landed and built; all that is above the figures is built again.
    """
    folder = tmp_path_factory.mktemp("evidence")
    database = folder / DATABASE_NAME
    shutil.copyfile(published_home.kept / DATABASE_NAME, database)
    place = dbt.Place(database, folder / "target", folder / "logs", folder / "tmp")
    parsed = dbt.parse_at(place, with_json=False, earlier=published_home.target)
    with duckdb.connect(str(database)) as connection:
        assert _without_the_report(connection) > 10_000
    model = COMPUTED.split(".")[1]
    results = dbt.build_at(place, {}, parsed, [f"+{model}"], kinds=("model",))
    assert [result.message for result in results if result.failed] == []
    found = {"without_the_report": _computed(database)}
    with duckdb.connect(str(database)) as connection:
        for number, row in enumerate(_rows(MAPPINGS / "factor_calibrations.csv")):
            if row["fitted_to_source_id"] == REPORT:
                connection.execute(
                    """
                    update methods.method_co2_factors set co2_t_per_unit = co2_t_per_unit * ?
                    where method = ? and fuel_code = ?
                    """,
                    [FACTOR + number * FACTOR_STEP, row["method"], row["fuel_code"]],
                )
    changed = f"source:methods.method_co2_factors+,+{model}"  # below the one and above the other
    results = dbt.build_at(place, {}, parsed, [changed], kinds=("model",))
    assert [result.message for result in results if result.failed] == []
    found["with_other_factors"] = _computed(database)
    shutil.rmtree(folder)
    return found


@pytest.fixture(scope="module")
def judged(warehouse: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    cursor = warehouse.execute(
        """
        select figure_id, evidence, indicator_id, computed_value, computed_text, operator
        from quality.reconciliation
        left join (
            select figure_id, operator from read_csv(?, all_varchar = true)
        ) as metrics using (figure_id)
        where evidence is not null
        """,
        [str(METRICS)],
    )
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _moved(judged: list[dict[str, Any]], values: Values, keep: Callable[[str], bool]) -> set[str]:
    return {
        row["figure_id"]
        for row in judged
        if keep(row["evidence"])
        and (
            values.get(row["figure_id"], (None, None))[1] != row["computed_text"]
            or values.get(row["figure_id"], (None, None))[0]
            != pytest.approx(row["computed_value"], rel=1e-9)
        )
    }


@pytest.mark.timeout(1800)
def test_no_prediction_hangs_on_what_the_report_prints(
    judged: list[dict[str, Any]], builds: dict[str, Values]
) -> None:
    values = builds["without_the_report"]
    kept = INDEPENDENT | {"calibrated"}
    assert _moved(judged, values, lambda evidence: evidence in kept) == set()
    assert sum(row["evidence"] in kept for row in judged) > 40


def test_what_is_built_in_falls_with_the_report(
    judged: list[dict[str, Any]], builds: dict[str, Values]
) -> None:
    """Nothing that rests on rows of the report or rows built to meet it is left."""
    in_part = tuple(
        row["figure_prefix"]
        for row in _rows(MAPPINGS / "source_dependencies.csv")
        if row["figure_prefix"]
    )
    rows = [
        row
        for row in judged
        if row["evidence"] in ("constraint", "read_back")
        and row["indicator_id"] != "region_without_divisions"
        # Made with some figures only: the city model has no other input of the report
        # (test_city_reconstruction.py).
        and not row["figure_id"].startswith(in_part)
    ]
    left = {
        row["figure_id"]
        for row in rows
        if builds["without_the_report"].get(row["figure_id"], (None, None))
        == (row["computed_value"], row["computed_text"])
    }
    assert len(rows) > 150
    assert left == set()


def test_no_prediction_hangs_on_a_fitted_factor(
    judged: list[dict[str, Any]], builds: dict[str, Values]
) -> None:
    values = builds["with_other_factors"]
    assert _moved(judged, values, lambda evidence: evidence in INDEPENDENT) == set()
    # What is called calibrated does hang on them; the places of a ranking may stay.
    moved = _moved(judged, values, lambda evidence: evidence == "calibrated")
    numbers = {
        row["figure_id"]
        for row in judged
        if row["evidence"] == "calibrated"
        and row["operator"] != "member"
        # Shares, value added and counts of a scenario read the same model as its CO2.
        and not row["indicator_id"].startswith(("low_carbon_", "scenario_", "regions_above_mean"))
    }
    assert len(numbers) > 30
    assert numbers - moved == set()


@pytest.mark.parametrize(
    ("fault", "figure_id"),
    [
        (
            "update quality.reconciliation set evidence = 'predicted' where figure_id = ?",
            "TB22-001",
        ),
        ("update quality.reconciliation set evidence = 'predicted' where figure_id = ?", "T22-003"),
        ("update quality.reconciliation set evidence = 'predicted' where figure_id = ?", "F22-001"),
        ("update quality.reconciliation set evidence = null where figure_id = ?", "F22-006"),
        (
            "update quality.reconciliation_inputs set source_id = 'report_2023' "
            "where figure_id = ?",
            "F22-011",
        ),
        (
            "insert into quality.reconciliation_inputs (report_id, figure_id, input_name) "
            "select 'report_2023', x, x from (select ? as x)",
            "T31-008",
        ),
    ],
)
def test_the_build_stops_where_a_figure_reaches_its_own_value(
    fault: str, figure_id: str, published_home: Home, tmp_path: Path
) -> None:
    name = "tests/integrity/assert_no_figure_reaches_its_own_value.sql"
    sql = (published_home.target / "compiled" / "greenpark" / name).read_text(encoding="utf-8")
    shutil.copyfile(published_home.database, tmp_path / DATABASE_NAME)
    with duckdb.connect(str(tmp_path / DATABASE_NAME)) as connection:
        assert connection.execute(sql).fetchall() == []
        connection.execute(fault, [figure_id])
        assert {row[1] for row in connection.execute(sql).fetchall()} == {figure_id}
