"""The readers' site of other people's data: every province has its pages, and nothing is amiss."""

from __future__ import annotations

import sys
from pathlib import Path

import duckdb

from orchestration.settings import PROJECT_ROOT, Home

sys.path.insert(0, str(PROJECT_ROOT / "tests" / "integration"))
import site_checks as checks


def test_every_province_has_pages(foreign_home: Home, reader: duckdb.DuckDBPyConnection) -> None:
    site = (foreign_home.current / "site").resolve()
    provinces = [
        code
        for (code,) in reader.execute(
            "select distinct region_code from indicators.province_year order by all"
        ).fetchall()
    ]
    assert len(provinces) > 3

    def query(sql: str) -> tuple[list[str], list[tuple[object, ...]]]:
        cursor = reader.execute(sql)
        return [column[0] for column in cursor.description or []], cursor.fetchall()

    for code in provinces:
        pages = sorted((site / "zh" / code).glob("*.html"))
        assert len(pages) == len(list((site / "zh" / provinces[0]).glob("*.html"))) > 10
        for path in pages:
            page = checks.parsed(path)
            others = page.xpath("//nav[@class='siblings']//a")
            assert len(others) >= len(provinces)
            assert checks.links(site, path, page) == []
            assert checks.bars(path, page) == []
            assert checks.words(path, page) == []
            assert checks.numbers(path, page, query, site) == []


def test_the_home_page_has_each_province_and_each_report(
    foreign_home: Home, reader: duckdb.DuckDBPyConnection
) -> None:
    page = checks.parsed(Path(foreign_home.current, "site", "en", "index.html").resolve())
    found = {section.get("id") for section in page.xpath("//section")}
    for (code,) in reader.execute(
        "select distinct region_code from indicators.province_year"
    ).fetchall():
        assert f"home_co2-{code}" in found
    for (report_id,) in reader.execute("select report_id from reference.reports").fetchall():
        assert f"home_trust-{report_id}" in found
