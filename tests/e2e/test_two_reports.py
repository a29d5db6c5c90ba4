"""A report of another province is a folder of rows: it reconciles beside the shipped one.

tests/fixtures/reports is landed with the foreign data; no SQL and no Python knows it. It prints
are totals of an inventory that is no input of the accounts, and numbers that are made up.
"""

from __future__ import annotations

import subprocess
from collections.abc import Callable

import duckdb
import pytest

from orchestration.settings import Home

Run = Callable[..., subprocess.CompletedProcess[str]]
MADE_UP, SHIPPED = "made_up_shanxi", "report_2023"
STATUSES = {
    "F22-001": ("exact", "predicted"),
    "F22-002": ("exact", "predicted"),
    "F22-003": ("exact", "predicted"),
    "F22-004": ("exact", "definition"),
    "F22-005": ("open", "predicted"),
    "F22-006": ("exact", "predicted"),
    "F31-001": ("not_derivable", None),
    "F99-001": ("not_derivable", None),
}


def test_its_figures_are_reconciled_by_rows_alone(reader: duckdb.DuckDBPyConnection) -> None:
    rows = reader.execute(
        """
        select figure_id, status, evidence, computed_value, explanation_en, explanation_zh
        from quality.reconciliation where report_id = ?
        """,
        [MADE_UP],
    ).fetchall()
    assert {row[0]: row[1:3] for row in rows} == STATUSES
    computed = {row[0]: row[3] for row in rows}
    assert computed["F22-002"] == pytest.approx(56692.66, abs=0.005)
    # Of what it prints, not of what the shipped report prints under the same ids.
    assert computed["F22-004"] == pytest.approx(52896.46 + 56692.66, abs=1e-6)
    told = {row[0]: row[4:] for row in rows}
    assert told["F22-005"] == ("open: the figure is made up", "未决：虚构的数字")
    assert told["F31-001"] == ("no sample park of the province is held", "该省没有样本园区")


def test_what_it_does_not_say_is_its_own(reader: duckdb.DuckDBPyConnection) -> None:
    """Its region and method, and nothing of the other report."""
    assert reader.execute(
        """
        select distinct entity_code, method from reference.report_metrics
        where report_id = ? order by all
        """,
        [MADE_UP],
    ).fetchall() == [("140000", "ceads"), ("140000", "none"), ("510000", "ceads")]
    assert reader.execute(
        "select region_code, method, title_zh, edition_year from reference.reports "
        "where report_id = ?",
        [MADE_UP],
    ).fetchall() == [("140000", "ceads", "虚构的山西报告", 2022)]
    sources = reader.execute(
        """
        select distinct inputs.source_id
        from quality.reconciliation_inputs as inputs
        where inputs.report_id = ? and inputs.input_kind = 'data'
        """,
        [MADE_UP],
    ).fetchall()
    assert sources and not any(source.startswith(("greenpark", SHIPPED)) for (source,) in sources)


def test_the_shipped_report_is_what_it_is_alone(
    reader: duckdb.DuckDBPyConnection, warehouse: duckdb.DuckDBPyConnection
) -> None:
    judged = (
        "select status, evidence, count(*) from quality.reconciliation where report_id = ?"
        " group by all order by all"
    )
    alone = warehouse.execute(judged, [SHIPPED]).fetchall()
    assert len(alone) > 5
    assert reader.execute(judged, [SHIPPED]).fetchall() == alone
    of_lists = "select count(*), min(report_id), max(report_id) from quality.list_agreement"
    assert reader.execute(of_lists).fetchone() == (6, SHIPPED, SHIPPED)


def test_the_command_shows_both_or_one(foreign_home: Home, run_greenpark: Run) -> None:
    both = run_greenpark("report", "--home", foreign_home.root, "--all").stdout
    assert both.index("A made-up report on Shanxi") < both.index(f"({SHIPPED})")
    assert "481 figures" in both
    one = run_greenpark("report", "--home", foreign_home.root, "--report", MADE_UP).stdout
    assert one.startswith(
        "8 figures. agree: 4 predicted, 1 built in (1 definition); differ: 1 open"
    )
    assert "57000" in one and "Lists of names" not in one
    wrong = run_greenpark("report", "--home", foreign_home.root, "--report", "other")
    assert wrong.returncode == 1 and f"{MADE_UP}, {SHIPPED}" in wrong.stderr
