"""The site as one report on paper: the same sections, set by Typst."""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from orchestration.database import identifier, literal
from orchestration.errors import GreenparkError
from orchestration.inventory.pages import font_folder
from orchestration.settings import memory_limit
from orchestration.site.build import TEMPLATES, Site

# What says which year a row is of, the first that a table has: a scenario is of its base year.
YEARS = ("base_year", "year_to", "year")
# Tables of codes, factors and standards are not of a year of the report.
TIMELESS = ("reference", "raw")
COLUMNS = """
select c.schema_name, c.table_name, list(c.column_name) as columns
from duckdb_columns() as c
where c.database_name = 'published' and not c.internal
group by c.schema_name, c.table_name
"""


@contextmanager
def _reading(database: Path, year: int | None) -> Iterator[duckdb.DuckDBPyConnection]:
    """The published file; with a year, as it would be if nothing later were known.

    What is of later years is hidden by a view under each table's own name, so that the queries of
    the site, which take the last year there is, take this one.
    """
    if year is None:
        with duckdb.connect(str(database), read_only=True) as connection:
            connection.execute(f"set memory_limit = {literal(memory_limit())}")
            yield connection
        return
    with duckdb.connect(config={"memory_limit": memory_limit()}) as connection:
        connection.execute(f"attach {literal(database)} as published (read_only)")
        held = connection.execute(
            "select distinct year from published.indicators.province_year "
            "where co2_t is not null order by year"
        ).fetchall()
        if (year,) not in held:
            raise GreenparkError(
                f"the version has no CO2 of a province in {year}",
                f"years are {', '.join(str(found) for (found,) in held)}",
            )
        for schema, table, columns in connection.execute(COLUMNS).fetchall():
            place = f"{identifier(schema)}.{identifier(table)}"
            column = next((name for name in YEARS if name in columns), None)
            is_of_year = column is not None and schema not in TIMELESS
            hidden = f" where {column} <= {year} or {column} is null" if is_of_year else ""
            connection.execute(f"create schema if not exists {identifier(schema)}")
            connection.execute(f"create view {place} as from published.{place}{hidden}")
        yield connection


def _is_tall(svg: str) -> bool:
    """Whether a chart as wide as the page would be higher than it."""
    found = re.search(r'width="(\d+)" height="(\d+)"', svg)
    return found is not None and int(found[2]) > 1.2 * int(found[1])


def pdf(database: Path, lang: str, with_map: bool = True, year: int | None = None) -> bytes:
    """The report of a published file in one language, as PDF; the same bytes on any machine.

    With a year it is the report of that year: nothing of a later one is in it.
    """
    import typst

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with _reading(database, year) as connection:
            site = Site(connection, folder, with_map=with_map)
            chapters = list(site.chapters(lang))
            version = site.facts.rows("version")[0]["version"]
        charts = 0
        for chapter in chapters:
            for section in chapter["sections"]:
                if section["chart"]:
                    charts += 1
                    section["is_tall"] = _is_tall(section["chart"])
                    drawing = folder / f"{charts}.svg"
                    drawing.write_text(section["chart"], encoding="utf-8")
                    section["chart"] = drawing.name
        said = {key: pair[lang] for key, pair in site.spec["ui"].items()}
        report = {
            "lang": lang,
            "version": version,
            "year": year or "",
            "ui": said,
            "chapters": chapters,
        }
        (folder / "report.json").write_text(json.dumps(report, ensure_ascii=False), "utf-8")
        page = folder / "paper.typ"
        page.write_bytes((TEMPLATES / "paper.typ").read_bytes())
        compiled: bytes = typst.compile(
            page, root=folder, font_paths=[font_folder()], ignore_system_fonts=True
        )
    return compiled
