"""Data Docs: readable offline, every suite listed with its counts, data cannot add markup."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from expectations.runner import run_gate

EVIL = '<script src="https://evil.example/x.js"></script>'


class _Page(HTMLParser):
    """Collects the tags, the resources they load, and the text of index rows by suite."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.loads: list[str] = []
        self.links: list[str] = []
        self.rows: dict[str, list[str]] = {}
        self._cells: list[str] | None = None
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        self.tags.add(tag)
        self.loads += [value for name, value in attrs if name in ("src", "srcset", "data") if value]
        if tag == "link":
            self.loads.append(values.get("href") or "")
        if tag == "a":
            self.links.append(values.get("href") or "")
        if tag == "tr" and "data-suite" in values:
            self._cells = self.rows.setdefault(values["data-suite"], [])

    def handle_data(self, data: str) -> None:
        if self._cells is not None and data.strip():
            self._cells.append(data.strip())

    def handle_endtag(self, tag: str) -> None:
        if tag == "tr":
            self._cells = None


@pytest.fixture
def site(build, toy_rules, tmp_path) -> Path:
    """Build the site of a gate with failures, markup among the data, and a passing suite."""
    database = build(
        f"update toy.region set name_zh = '{EVIL}', coal_share = 7 where region_code = '320500'"
    )
    docs = tmp_path / "docs"
    run_gate(
        database,
        "marts",
        previous=build(name="previous"),
        docs_dir=docs,
        package="toy_suites",
        rules_csv=toy_rules,
    )
    return docs


def test_nothing_is_loaded(site) -> None:
    pages = sorted(site.glob("*.html"))
    assert [page.name for page in pages] == ["index.html", "toy__region.html", "toy__yearly.html"]
    for path in pages:
        page, text = _Page(path), path.read_text(encoding="utf-8")
        assert not page.loads
        assert not page.tags & {"script", "link", "img", "iframe", "object", "embed"}
        assert not re.search(r"url\(|@import", text)
        assert "default-src 'none'" in text
        assert all(not link.startswith("http") for link in page.links)


def test_index_lists_every_suite_with_its_counts(site) -> None:
    index = _Page(site / "index.html")
    assert index.rows == {
        # suite, table, rules, passed, critical failures, warnings, errors, status
        "toy__region": ["toy__region", "toy.region", "3", "1", "1", "1", "0", "fail"],
        "toy__yearly": ["toy__yearly", "toy.yearly", "3", "3", "0", "0", "0", "pass"],
    }
    assert all((site / link).is_file() for link in index.links)


def test_suite_page_says_what_failed(site) -> None:
    text = (site / "toy__region.html").read_text(encoding="utf-8")
    assert "煤炭占比在零到一之间" in text and "The coal share is between 0 and 1" in text
    assert "1 unexpected of 2 rows" in text and "&#34;coal_share&#34;: 7.0" in text
    assert "greater than or equal to" in text  # rendered by GX


def test_broken_suites_are_listed_as_errors(build, broken_rules, tmp_path) -> None:
    docs = tmp_path / "docs"
    run_gate(build(), "marts", docs_dir=docs, package="toy_broken", rules_csv=broken_rules)
    rows = _Page(docs / "index.html").rows
    assert {suite: row[-2:] for suite, row in rows.items()} == {
        "toy__absent": ["1", "error"],
        "toy__landing": ["1", "error"],
        "toy__region": ["3", "error"],
    }
