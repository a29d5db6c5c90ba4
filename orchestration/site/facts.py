"""What the pages are made of: the rows of the queries, and words for every column and code."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import Any

import duckdb

from orchestration.database import literal
from orchestration.site.numbers import NOTHING, Scale, scale_of

HERE = Path(__file__).parent
QUERIES = HERE / "queries"
LANGUAGES = ("zh", "en")
Row = dict[str, Any]
Pair = dict[str, str]
# What looks like a code of ours: it has words, or it is the id of a row and shown as such.
CODE = re.compile(r"[a-z][a-z0-9]*(?:[_-][a-z0-9]+)*")
NAMED = {
    "region_code": "region",
    "province_code": "region",
    "city_code": "region",
    "industry_code": "industry",
    "fuel_code": "fuel",
    "park_id": "park",
    "best_park_id": "park",
    "best_resource_park_id": "park",
    "medoid_park_id": "park",
    "method": "method",
    "default_method": "method",
    "report_id": "report",
    "source_id": "source",
}
# Columns whose values are names of columns: the dictionary has their words.
LABELLED = {"column_name", "indicator", "indicator_id", "measured"}
# Columns whose values are made of words that each have a row.
OF_WORDS = {"table_or_figure"}
# Columns of free text and of names of files and rules: shown as they stand.
AS_IT_STANDS = {"entity", "published_text", "computed_text", "raw_value", "detail"}
NAMELESS = {
    "bi_view",
    "made_of",
    "key_columns",
    "dataset",
    "table_name",
    "schema_name",
    "file_name",
    "rule",
}
NAMES = """
select 'region' as kind, region_code as code, name_zh, name_en from reference.regions
union all
select 'industry', industry_code, name_zh, name_en from reference.industries
union all
select 'fuel', fuel_code, name_zh, name_en from reference.fuels
union all
select 'park', park_id, name_zh, name_en from reference.parks
union all
select 'park', park_id, name_zh, name_en from model.parks
union all
select 'method', method, name_zh, name_en from reference.methods
union all
select 'method', method, name_zh, name_en from reference.park_methods
union all
select 'report', report_id, title_zh, title_en from reference.reports
union all
select 'source', source_id, title_zh, title_en from reference.sources
"""

# Which tables and figures of the reports a query of the site shows, by province.
DRAWN = """
select r.region_code, t.site_query, t.table_or_figure
from reference.report_tables as t
inner join reference.reports as r on t.report_id = r.report_id
where t.site_query is not null
order by all
"""
CODES = "select column_name, code, label_zh, label_en from reference.codes"
DICTIONARY = """
select column_name, label_zh, label_en, unit, format from reference.data_dictionary order by all
"""
WORDS = (NAMES, DRAWN, CODES, DICTIONARY)  # what every page is worded by
PURE = "1"  # the unit of a ratio, which no number is printed with
TRUTH = "answer"  # the column of codes that has the words of yes and no


class Facts:
    """One reader of the published file: each query is run once, its rows are dealt to the pages."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection = connection
        self._texts: dict[str, str] = {}
        self._rows: dict[str, list[Row]] = {}
        self._dealt: dict[tuple[str, str], dict[Any, list[Row]]] = {}

    def text(self, query: str) -> str:
        """The SQL of a query, as its file has it."""
        if query not in self._texts:
            path = QUERIES / f"{query}.sql"
            self._texts[query] = path.read_text(encoding="utf-8").strip()
        return self._texts[query]

    def rows(self, query: str) -> list[Row]:
        """All rows of a query."""
        if query not in self._rows:
            self._rows[query] = self.ask(self.text(query))
        return self._rows[query]

    def ask(self, sql: str) -> list[Row]:
        """The rows of some SQL."""
        cursor = self._connection.execute(sql)
        names = [column[0] for column in cursor.description or []]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    def of(self, query: str, key: str | None, value: Any) -> list[Row]:
        """The rows of a query that belong to one page."""
        if key is None:
            return self.rows(query)
        if (query, key) not in self._dealt:
            dealt: dict[Any, list[Row]] = {}
            for row in self.rows(query):
                dealt.setdefault(row[key], []).append(row)
            self._dealt[query, key] = dealt
        return self._dealt[query, key].get(value, [])

    def sql(self, query: str, conditions: dict[str, Any]) -> str:
        """The SQL that gives just the rows of a page: a reader runs it as it stands."""
        text = self.text(query)
        if not conditions:
            return text + "\n"
        inner = "\n".join(f"    {line}" if line else "" for line in text.splitlines())
        wanted = " and ".join(f"{key} = {_written(value)}" for key, value in conditions.items())
        return f"select * from (\n{inner}\n)\nwhere {wanted}\n"

    @cached_property
    def names(self) -> dict[tuple[str, str], Pair]:
        """What regions, industries, parks and the like are called."""
        return {
            (row["kind"], row["code"]): {
                "zh": row["name_zh"] or row["name_en"] or row["code"],
                "en": row["name_en"] or row["name_zh"] or row["code"],
            }
            for row in self.ask(NAMES)
        }

    @cached_property
    def dictionary(self) -> dict[str, Row]:
        """Label, unit and format of each column name: what most tables say that have it."""
        said: dict[str, Counter[tuple[Any, ...]]] = {}
        for row in self.ask(DICTIONARY):
            column, *rest = row.values()
            said.setdefault(column, Counter())[tuple(rest)] += 1
        keys = ("zh", "en", "unit", "format")
        return {
            column: dict(zip(keys, counts.most_common(1)[0][0], strict=True))
            for column, counts in said.items()
        }

    @cached_property
    def drawn(self) -> dict[tuple[str, str], list[str]]:
        """The tables and figures of reports that a query shows again, by province and query."""
        found: dict[tuple[str, str], list[str]] = {}
        for row in self.ask(DRAWN):
            region, query, figure = row.values()
            found.setdefault((region, query), []).append(figure)
        return found

    @cached_property
    def codes(self) -> dict[tuple[str, str], Pair]:
        """The words of codes by column."""
        return {
            (row["column_name"], row["code"]): {"zh": row["label_zh"], "en": row["label_en"]}
            for row in self.ask(CODES)
        }


def _written(value: Any) -> str:
    return literal(value) if isinstance(value, str) else str(value).lower()


class Words:
    """Says columns, codes and numbers in one language; remembers the codes that have no words."""

    def __init__(
        self,
        facts: Facts,
        lang: str,
        labels: dict[str, Pair],
        codes: dict[str, dict[str, Pair]],
    ) -> None:
        """`labels` and `codes` are of what the queries of the site make and no table has."""
        self.facts = facts
        self.lang = lang
        self._labels = labels
        self._codes = codes

    def label(self, column: str) -> str:
        """What a column is called."""
        if column in self._labels:
            return self._labels[column][self.lang]
        known = self.facts.dictionary.get(column)
        return str(known[self.lang]) if known else column

    def word(self, column: str, value: Any) -> str:
        """What a value of a column of words is called."""
        if value is None or value == "":
            return NOTHING
        if isinstance(value, bool):
            column, value = TRUTH, "yes" if value else "no"
        text = str(value)
        if column in LABELLED and text in self.facts.dictionary:
            return self.label(text)
        if column in OF_WORDS:
            return " ".join(self._of(column, part) or part for part in text.split())
        name = self.facts.names.get((NAMED.get(column, ""), text))
        return name[self.lang] if name else self._of(column, text) or text

    def _of(self, column: str, code: str) -> str | None:
        pair = self.facts.codes.get((column, code)) or self._codes.get(column, {}).get(code)
        return pair[self.lang] if pair else None

    def scale(self, column: str, rows: Iterable[Row]) -> Scale:
        """How the numbers of a column are shown."""
        known = self.facts.dictionary.get(column, {}) | self._labels.get(column, {})
        values = [row.get(column) for row in rows]
        return scale_of(known.get("unit"), known.get("format"), values, self.lang)

    def measure(self, name: str, unit: str | None, values: Iterable[Any]) -> Scale:
        """How numbers of a quantity are shown where each row names its own, and its unit."""
        known = self.facts.dictionary.get(name, {})
        scale = scale_of(known.get("unit") or unit, known.get("format"), values, self.lang)
        is_named = scale.unit or unit in (None, PURE)
        return scale if is_named else replace(scale, unit=self.word("unit", unit))
