"""A data team that quotes nothing invented: the marts of observed and derived files only."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
import pytest
import yaml
from homes import SAID

from orchestration.publishing.opening import open_reader
from orchestration.settings import PROJECT_ROOT, Home

PROVINCE = """
    select * from all_levels.region_co2
    where region_code in (select region_code from reference.regions where level = 'province')
    order by all
"""


@pytest.fixture(scope="module")
def reader(observed_home: Home) -> Iterator[duckdb.DuckDBPyConnection]:
    with open_reader(observed_home) as connection:
        yield connection


def test_what_is_left_out_is_told(observed_home: Home) -> None:
    reconstructed = [
        path
        for path in (PROJECT_ROOT / "seeds/raw").rglob("*.yml")
        if yaml.safe_load(path.read_text("utf-8")).get("origin") == "reconstructed"
    ]
    said = (observed_home.root.parent / SAID).read_text(encoding="utf-8")
    assert f"left out: {len(reconstructed)} files of origin reconstructed" in said


def test_no_file_of_the_reconstruction_was_read(reader: duckdb.DuckDBPyConnection) -> None:
    origins = reader.execute("select distinct origin from raw.sidecars order by all").fetchall()
    assert origins == [("derived",), ("observed",)]
    left_out = "select without_origins from quality.published_version"
    assert reader.execute(left_out).fetchall() == [("reconstructed",)]


def test_there_is_no_invented_park_or_city(
    reader: duckdb.DuckDBPyConnection, warehouse: duckdb.DuckDBPyConnection
) -> None:
    """Of parks only those that return themselves, all of whose rows are in the plain tables."""
    invented = [
        park
        for (park,) in warehouse.execute(
            "select distinct park_id from all_levels.park_co2_by_method"
        ).fetchall()
    ]
    assert invented
    for table in (
        "emissions.park_co2_by_method",
        "emissions.enterprise_co2_by_method",
        "indicators.park_year_by_method",
    ):
        counts = f"select count(*) filter (list_contains($1, park_id)), count(*) > 0 from {table}"
        assert reader.execute(counts, [invented]).fetchone() == (0, True), table
    cities = """
        select count(*) from {} inner join reference.regions using (region_code)
        where level <> 'province'
    """
    for table in ("all_levels.region_co2", "all_levels.region_energy", "all_levels.region_year"):
        found = reader.execute(
            f"{cities.format(table)} and {table}.origin = 'reconstructed'"
        ).fetchone()
        assert found == (0,), table
    # The rows of both parts: in all_levels, and of a view in contract 2.
    twins = reader.execute(
        "select 'model.' || table_name, schema_name || '.' || table_name,"
        " case when is_view then 'v2.' else 'all_levels.' end || table_name"
        " from reference.model_tables where has_twin order by all"
    ).fetchall()
    assert len(twins) > 50
    for twin, plain, whole in twins:
        assert reader.execute(f"select count(*) from {twin}").fetchone() == (0,), twin
        assert (
            reader.execute(f"select count(*) from {plain}").fetchone()
            == reader.execute(f"select count(*) from {whole}").fetchone()
        ), plain
    parks = "select count(*), count(*) filter (is_sample) from reference.parks"
    named, sample = reader.execute(parks).fetchone()
    assert named > 0 and sample == 0


def test_the_province_is_what_it_was(
    reader: duckdb.DuckDBPyConnection, warehouse: duckdb.DuckDBPyConnection
) -> None:
    rows = reader.execute(PROVINCE).fetchall()
    assert rows and rows == warehouse.execute(PROVINCE).fetchall()


def test_what_hung_on_the_reconstruction_is_not_derivable(
    reader: duckdb.DuckDBPyConnection, warehouse: duckdb.DuckDBPyConnection
) -> None:
    counts = "select status, count(*) from quality.reconciliation group by all"
    without, whole = (dict(c.execute(counts).fetchall()) for c in (reader, warehouse))
    assert "mismatch" not in without
    assert without["not_derivable"] > whole["not_derivable"] + 200
    predicted = """
        select figure_id from quality.reconciliation
        where evidence = 'predicted' and status = 'exact' order by all
    """
    assert reader.execute(predicted).fetchall() == warehouse.execute(predicted).fetchall()


def test_no_gate_blocks(reader: duckdb.DuckDBPyConnection) -> None:
    failed = "select rule_id from quality.audit_results where severity = 'critical' and not success"
    assert reader.execute(failed).fetchall() == []
