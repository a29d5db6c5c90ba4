"""The Parquet landing: one folder per dataset and edition, the same bytes for the same rows."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from orchestration.landing.write.parquet import NO_EDITION, export_landing


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """Two editions of one dataset, a dataset without rows, a file without an edition."""
    path = tmp_path / "greenpark.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute(
            """
            create schema raw; create schema quality;
            create table raw.balance as
            select range as _row_number, 2015 + range % 2 as _vintage, '煤' as fuel_label
            from range(10);
            create table raw.empty (_row_number bigint, _vintage bigint);
            create table raw.sidecars as select 'a' as dataset, 2015 as vintage;
            create table quality.landing_log (
                load_id varchar, dataset varchar, file_name varchar, vintage bigint
            );
            insert into quality.landing_log values
                ('1', 'balance', 'a.csv', 2015), ('2', 'unknown', 'b.csv', null);
            create table quality.quarantine (
                load_id varchar, dataset varchar, file_name varchar, rule varchar
            );
            insert into quality.quarantine values ('1', 'balance', 'a.csv', 'label_unknown');
            """
        )
    return path


def _files(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*.parquet"))
    }


def test_every_table_lies_by_dataset_and_edition(database: Path, tmp_path: Path) -> None:
    export_landing(database, tmp_path / "landing")
    assert list(_files(tmp_path / "landing")) == [
        "balance/vintage=2015/data_0.parquet",
        "balance/vintage=2016/data_0.parquet",
        f"empty/{NO_EDITION}/data_0.parquet",
        "landing_log/vintage=2015/data_0.parquet",
        f"landing_log/{NO_EDITION}/data_0.parquet",
        "quarantine/vintage=2015/data_0.parquet",
        "sidecars/vintage=2015/data_0.parquet",
    ]


def test_the_rows_come_back(database: Path, tmp_path: Path) -> None:
    export_landing(database, tmp_path / "landing")
    with duckdb.connect(str(database), read_only=True) as connection:
        for table in ("raw.balance", "raw.empty", "raw.sidecars", "quality.landing_log"):
            files = tmp_path / "landing" / table.split(".")[1] / "*" / "*.parquet"
            columns = connection.table(table).columns
            read = f"read_parquet('{files}', hive_partitioning = true)"
            difference = connection.execute(
                f"""
                (select {", ".join(columns)} from {table} except select {", ".join(columns)}
                from {read}) union all (select {", ".join(columns)} from {read} except
                select {", ".join(columns)} from {table})
                """
            ).fetchall()
            assert difference == [], table


def test_the_same_rows_give_the_same_bytes(database: Path, tmp_path: Path) -> None:
    export_landing(database, tmp_path / "one")
    export_landing(database, tmp_path / "two")
    assert _files(tmp_path / "one") == _files(tmp_path / "two")


def test_an_earlier_export_is_replaced(database: Path, tmp_path: Path) -> None:
    old = tmp_path / "landing" / "gone" / "vintage=1999"
    old.mkdir(parents=True)
    (old / "data_0.parquet").write_bytes(b"")
    export_landing(database, tmp_path / "landing")
    assert not old.exists()
