"""What the Spark engine does around Spark, without Spark."""

from __future__ import annotations

import json
from pathlib import Path

import duckdb
import pytest

from orchestration.engines import spark
from orchestration.errors import GreenparkError
from orchestration.settings import Home


def test_without_spark_the_error_says_what_to_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spark, "DBT", tmp_path / "no" / "dbt")
    with pytest.raises(GreenparkError, match="make spark"):
        spark.build(Home(tmp_path).ensure(), tmp_path / "landing", tmp_path / "warehouse", {})


def test_a_dbt_that_does_not_start_is_an_error_that_names_its_log(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dbt = tmp_path / "dbt"
    dbt.write_text("#!/bin/sh\necho no such target\nexit 2\n", encoding="utf-8")
    dbt.chmod(0o755)
    monkeypatch.setattr(spark, "DBT", dbt)
    monkeypatch.setattr(spark.shutil, "which", lambda name: name)
    home = Home(tmp_path / "home").ensure()
    with pytest.raises(GreenparkError, match=r"spark\.log"):
        spark.build(home, tmp_path / "landing", tmp_path / "warehouse", {})
    assert (home.logs / "spark" / "spark.log").read_text(encoding="utf-8") == "no such target\n"


def test_marts_come_back_with_their_comments_and_the_types_of_the_contract(tmp_path: Path) -> None:
    files = tmp_path / "warehouse" / "emissions.db" / "region_co2"
    files.mkdir(parents=True)
    duckdb.execute(
        f"copy (select 2020::bigint as year, 1.5::double as co2_t)"
        f" to '{files / 'part-00000.snappy.parquet'}' (format parquet)"
    )
    columns = {
        "year": {"data_type": "integer", "description": ""},
        "co2_t": {"data_type": "double", "description": ""},
    }
    mart = {
        "resource_type": "model",
        "config": {"materialized": "table"},
        "schema": "emissions",
        "name": "region_co2",
        "description": "二氧化碳\nCO2\n",
        "columns": columns,
    }
    staging = mart | {"schema": "staging", "name": "stg"}
    view = mart | {
        "config": {"materialized": "view"},
        "schema": "quality",
        "name": "explain",
        "description": "溯源",
        "columns": {"year": columns["year"]},
        "compiled_code": "select year from emissions.region_co2",
    }
    manifest = {"nodes": {"a": view, "b": mart, "c": staging}, "sources": {}}
    (tmp_path / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    database = tmp_path / "greenpark.duckdb"
    spark.load_marts(tmp_path, tmp_path / "warehouse", database)
    with duckdb.connect(str(database), read_only=True) as connection:
        assert connection.execute("select * from emissions.region_co2").fetchall() == [(2020, 1.5)]
        assert connection.execute(
            "select column_name, data_type from duckdb_columns()"
            " where not internal and table_name = 'region_co2' order by column_index"
        ).fetchall() == [("year", "INTEGER"), ("co2_t", "DOUBLE")]
        assert connection.execute("select comment from duckdb_tables()").fetchall() == [
            ("二氧化碳\nCO2\n",)
        ]
        assert connection.execute("select * from quality.explain").fetchall() == [(2020,)]
        assert connection.execute(
            "select comment from duckdb_views() where not internal"
        ).fetchall() == [("溯源",)]
        assert connection.execute(
            "select column_name, data_type from duckdb_columns() where table_name = 'explain'"
        ).fetchall() == [("year", "INTEGER")]
