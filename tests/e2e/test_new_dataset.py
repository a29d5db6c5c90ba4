"""A dataset nobody had, added as CONTRIBUTING says to the letter, in a copy of the project."""

from __future__ import annotations

from own_dataset import LIST, TABLE
from project_copy import Extended

from orchestration.publishing.opening import open_reader


def test_a_new_list_and_a_new_table_reach_staging(extended: Extended) -> None:
    """The commands are run and judged in `own_dataset.add_dataset`."""
    assert "0 failed" in extended.said
    with open_reader(extended.home) as reader:
        log = reader.execute(
            "select rows_read, rows_accepted, rows_quarantined from quality.landing_log "
            "where dataset in (?, ?) order by dataset",
            [TABLE, LIST],
        ).fetchall()
        assert log == [(6, 4, 2), (3, 2, 1)]
        refused = reader.execute(
            "select dataset, rule, row_number from quality.quarantine "
            "where dataset in (?, ?) order by all",
            [TABLE, LIST],
        ).fetchall()
        assert refused == [(TABLE, "label_unknown", 4)] * 2 + [(LIST, "year_invalid", 4)]
        landed = reader.execute(f"select city, year, water_use_m3 from raw.{LIST}").fetchall()
        assert landed == [("320100", "2020", "1250000000"), ("320500", "2020", "2210000000")]
