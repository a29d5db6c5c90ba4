"""A refused row is listed until its file is corrected; then its entry closes."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest
from landing_formats import deliver
from landing_tables import Place, enterprise_energy, fuel_use, park_facts

from orchestration.landing.land import land

TABLE = "yearbook/table.csv"
HISTORY = """
    select file_name, row_number, column_number, rule, first_seen_at is not null,
        closed_at is not null, closed_by
    from quality.quarantine_history order by all
"""


class Versions:
    """Landings one after the other; only a published one is there for the next."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.data = folder / "data"
        self.published: Path | None = None
        self.count = 0

    def build(self, *roots: Path) -> Path:
        self.count += 1
        database = self.folder / f"{self.count}" / "greenpark.duckdb"
        database.parent.mkdir()
        report = land(database, [self.data, *roots], previous=self.published)
        for file in report.files:
            assert file.rows_read == file.rows_accepted + file.rows_quarantined
        return database

    def publish(self, *roots: Path) -> Path:
        self.published = self.build(*roots)
        return self.published


def rows(database: Path, sql: str) -> list[tuple]:
    with duckdb.connect(str(database), read_only=True) as connection:
        return connection.execute(sql).fetchall()


@pytest.fixture
def versions(tmp_path: Path) -> Versions:
    return Versions(tmp_path)


def test_a_mended_file_lands_and_its_entry_closes(versions: Versions) -> None:
    table = fuel_use(Place(1))
    sound = table.copy()
    table.put(2, 3, "12..5")
    deliver(versions.data, TABLE, table)
    first = versions.publish()
    assert rows(first, HISTORY) == [(TABLE, 2, 3, "value_not_a_number", True, False, None)]
    again = versions.publish()
    assert rows(again, HISTORY) == rows(first, HISTORY)
    seen = "select first_seen_at from quality.quarantine_history"
    assert rows(again, seen) == rows(first, seen)

    deliver(versions.data, TABLE, sound)
    corrected = versions.publish()
    assert rows(corrected, "from quality.quarantine") == []
    (load_id,) = rows(corrected, "select load_id from quality.landing_log")[0]
    assert rows(corrected, HISTORY) == [(TABLE, 2, 3, "value_not_a_number", True, True, load_id)]
    accepted = rows(corrected, "select count(*) from raw.jiangsu_yearbook_industrial_fuel_use")
    assert accepted == [(50,)]


def test_a_fault_that_comes_back_is_a_new_entry(versions: Versions) -> None:
    sound, faulty = fuel_use(Place(1)), fuel_use(Place(1))
    faulty.put(3, 1, "洗精媒")
    for table in (faulty, sound, faulty):
        deliver(versions.data, TABLE, table)
        last = versions.publish()
    closed = rows(
        last,
        "select closed_at is not null, count(*) from quality.quarantine_history "
        "group by all order by all",
    )
    assert closed == [(False, 5), (True, 5)]


def test_another_fault_in_the_same_place_closes_the_first(versions: Versions) -> None:
    table = fuel_use(Place(1))
    for text in ("12..5", "-12.5"):
        table.put(2, 3, text)
        deliver(versions.data, TABLE, table)
        last = versions.publish()
    assert [(row[3], row[5]) for row in rows(last, HISTORY)] == [
        ("value_negative", False),
        ("value_not_a_number", True),
    ]


def test_a_build_that_is_not_published_leaves_no_trace(versions: Versions) -> None:
    table = fuel_use(Place(1))
    sound = table.copy()
    table.put(2, 3, "12..5")
    deliver(versions.data, TABLE, table)
    first = versions.publish()
    deliver(versions.data, TABLE, sound)
    versions.build()
    table.put(2, 3, "12...5")
    deliver(versions.data, TABLE, table)
    versions.build()
    table.put(2, 3, "12..5")
    deliver(versions.data, TABLE, table)
    last = versions.publish()
    history = "from quality.quarantine_history"
    assert rows(last, history) == rows(first, history)


def test_a_file_taken_away_closes_its_entries(versions: Versions) -> None:
    table = fuel_use(Place(1))
    deliver(versions.data, "yearbook/other.csv", fuel_use(Place(2)))
    table.put(2, 3, "12..5")
    deliver(versions.data, TABLE, table)
    versions.publish()
    for path in (versions.data / TABLE, versions.data / f"{TABLE}.yml"):
        path.unlink()
    last = versions.publish()
    assert rows(last, HISTORY) == [
        (TABLE, 2, 3, "value_not_a_number", True, True, "file taken away")
    ]


def test_a_whole_file_refused_and_sent_again(versions: Versions) -> None:
    table = park_facts(Place(1))
    deliver(versions.data, "returns/facts.xlsx", table, "xlsx")
    whole = (versions.data / "returns/facts.xlsx").read_bytes()
    (versions.data / "returns/facts.xlsx").write_bytes(whole[: len(whole) // 2])
    first = versions.publish()
    assert [row[1:4] for row in rows(first, HISTORY)] == [(1, 0, "file_hash_changed")]
    (versions.data / "returns/facts.xlsx").write_bytes(whole)
    last = versions.publish()
    assert [row[5] for row in rows(last, HISTORY)] == [True]
    assert rows(last, "select count(*) from raw.park_returns_park_facts") == [(4,)]


def test_values_of_a_later_folder_supersede_and_are_no_fault(
    versions: Versions, tmp_path: Path
) -> None:
    facts, own = park_facts(Place(1)), park_facts(Place(1))
    deliver(versions.data, "returns/facts.csv", facts)
    fuels, mine = fuel_use(Place(1)), fuel_use(Place(1))
    deliver(versions.data, TABLE, fuels)
    own.rows = [own.rows[0], own.rows[2]]
    own.scale(2, 5, "1.1")
    mine.rows = [mine.rows[0], mine.rows[3]]
    mine.scale(2, 3, "1.1")
    deliver(tmp_path / "own", "own/facts.csv", own)
    deliver(tmp_path / "own", "own/table.csv", mine)
    # a part of a table is not the table of the next edition
    mine.edition = fuels.edition
    last = versions.publish(tmp_path / "own")
    superseded = rows(
        last, "select file_name, row_number, rule from quality.quarantine group by all order by all"
    )
    assert superseded == [("returns/facts.csv", 3, "superseded"), (TABLE, 4, "superseded")]
    assert rows(last, "from quality.quarantine_history") == []
    kept = "select value_text from raw.jiangsu_yearbook_industrial_fuel_use where _file_name = "
    assert (mine.at(2, 3),) in rows(last, f"{kept} 'own/table.csv'")


def test_the_quarantine_and_the_log_have_what_the_contract_promises(versions: Versions) -> None:
    table = enterprise_energy(Place(1))
    table.put(2, 6, "万立方米")
    deliver(versions.data, "returns/energy.csv", table)
    last = versions.publish()
    contract = {
        "landing_log": "load_id dataset file_name file_sha256 vintage rows_read rows_accepted "
        "rows_quarantined loaded_at",
        "quarantine": "load_id dataset file_name row_number column_name raw_value rule message",
    }
    for name, columns in contract.items():
        known = {row[0] for row in rows(last, f"select column_name from (describe quality.{name})")}
        assert set(columns.split()) <= known
    (row,) = rows(
        last,
        "select load_id, dataset, file_name, sheet_name, row_number, column_name, rule, "
        "raw_value from quality.quarantine",
    )
    assert row[1:7] == (
        "park_returns_enterprise_energy",
        "returns/energy.csv",
        "",
        2,
        "unit",
        "unit_mismatch",
    )
    assert table.at(2, 2) in row[7]
    assert rows(last, "select load_id, rows_read from quality.landing_log") == [(row[0], 10)]
