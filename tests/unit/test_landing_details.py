"""A table refused for many faults tells some of them, once for each of its cells."""

from __future__ import annotations

import duckdb

from orchestration.landing.judge.details import DETAILS_TOLD, of_tables

CELLS = 1000


def _told(faults: int) -> list[tuple[object, ...]]:
    with duckdb.connect() as connection:
        connection.execute(
            f"create table rows as select range as row_id, 7 as table_id from range({CELLS})"
        )
        connection.execute(
            "create table judged as select 7 as table_id, 'c' as column_name, "
            f"printf('row %03d', range) as detail, printf('第%03d行', range) as detail_zh "
            f"from range({faults}) union all select 8, 'c', 'another table', null"
        )
        return connection.execute(f"{of_tables('rows')} order by all").fetchall()


def test_every_cell_tells_the_faults_of_its_table_once() -> None:
    assert _told(2) == [(n, 7, "c", "row 000; row 001", "第000行；第001行") for n in range(CELLS)]


def test_many_faults_are_counted_not_told() -> None:
    """As many faults as cells gave each cell a text of all of them: the square of the table."""
    rows = _told(CELLS)
    assert len(rows) == CELLS
    details = {(detail, detail_zh) for *_, detail, detail_zh in rows}
    ((detail, detail_zh),) = details
    more = CELLS - DETAILS_TOLD
    assert str(detail).count("row ") == DETAILS_TOLD
    assert str(detail).startswith("row 000; row 001; ") and str(detail).endswith(
        f"; and {more} more"
    )
    assert str(detail_zh).startswith("第000行；") and str(detail_zh).endswith(f"；另有 {more} 处")
