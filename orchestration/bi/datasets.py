"""Datasets: the views of schema `bi` with labels, units, formats and certified metrics.

What a column is called, its unit, its format and how it adds up is said by
`reference.data_dictionary`; a number is shown in the unit that readers of the site see it in. In
English a dataset is the view itself; in Chinese a query on it, since Superset keeps one dataset for
each table.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import duckdb

from orchestration.bi.assets import DATABASE, WORDS, YAML, certified, uuid_of
from orchestration.database import identifier, literal
from orchestration.publishing.bi_views import CODE_COLUMNS, LANGUAGES, SCHEMA
from orchestration.serving.query import records
from orchestration.site.numbers import Scale, scale_of

NUMBERS = ("DOUBLE", "BIGINT", "INTEGER", "HUGEINT", "FLOAT", "DECIMAL")
SEE_UNIT = "see unit"  # the unit stands in the row, in the column named so
ROWS = "row_count"
ONE_OF = "only_"  # before a column that does not add up
SUM_OF = "sum_"
RATIO_OF = "ratio_"
SAID = "_in_words"  # behind a column of true and false


@dataclass(frozen=True)
class Field:
    """A column of a view, in one language."""

    name: str
    type: str
    label: str
    heading: str  # the label with the unit of the view
    unit: str | None
    aggregation: str
    numerator: str | None
    denominator: str | None
    format: str | None
    description: str
    scale: Scale
    expression: str | None = None  # of a column that Superset computes

    @property
    def is_number(self) -> bool:
        return self.type.startswith(NUMBERS)

    @property
    def d3(self) -> str:
        """The format of its values as they stand in the view."""
        return d3(scale_of(None, self.format, (), "en")) if self.is_number else ""

    def yaml(self) -> YAML:
        """As a dataset has it."""
        return {
            "column_name": self.name,
            "verbose_name": self.heading,
            "is_dttm": False,
            "is_active": True,
            "type": self.type,
            "advanced_data_type": None,
            "groupby": True,
            "filterable": True,
            "expression": self.expression,
            "description": self.description,
            "python_date_format": None,
            "extra": {},
        }


@dataclass(frozen=True)
class Metric:
    """What Superset computes of the rows of a dataset, with its label, unit and format."""

    name: str
    label: str
    expression: str
    d3: str
    description: str
    details: str
    unit: str = ""
    divisor: float = 1.0  # what the value of the view is divided by

    def yaml(self) -> YAML:
        return {
            "metric_name": self.name,
            "verbose_name": self.label,
            "metric_type": None,
            "expression": self.expression,
            "description": self.description,
            "d3format": self.d3,
            "currency": None,
            "extra": certified(self.details),
            "warning_text": None,
        }


@dataclass(frozen=True)
class Dataset:
    """A view, or several of the same columns, in one language."""

    key: str
    lang: str
    name: str
    description: str
    sql: str | None
    fields: tuple[Field, ...]
    adds_up: bool = True  # whether its rows may be summed at all

    @property
    def uuid(self) -> str:
        return uuid_of("dataset", self.key, self.lang)

    @cached_property
    def by_name(self) -> dict[str, Field]:
        return {field.name: field for field in self.fields}

    @cached_property
    def metrics(self) -> dict[str, Metric]:
        """By name: a sum, a ratio of sums, or the one value; and the number of rows."""
        rows = Metric(ROWS, WORDS["rows"][self.lang], "count(*)", ",.0f", "", "count(*)")
        found = [rows, *(self._metric(field) for field in self.fields if field.is_number)]
        return {metric.name: metric for metric in found}

    def _metric(self, field: Field) -> Metric:
        column = identifier(field.name)
        match field.aggregation if self.adds_up else "none":
            case "sum":
                name, value = SUM_OF + field.name, f"sum({column})"
                said, details = field.description, f"sum({field.name})"
            case "ratio" if {field.numerator, field.denominator} <= self.by_name.keys():
                above, below = (
                    identifier(field.numerator or ""),
                    identifier(field.denominator or ""),
                )
                # Of the rows that have both, or the whole would be larger than its parts.
                both = f"filter (where {above} is not null and {below} is not null)"
                name = RATIO_OF + field.name
                value = f"sum({above}) {both} / nullif(sum({below}) {both}, 0)"
                said = field.description
                details = f"sum({field.numerator}) / sum({field.denominator})"
            case _:
                name = ONE_OF + field.name
                value = f"case when count(distinct {column}) = 1 then min({column}) end"
                said = f"{field.description} {WORDS['only'][self.lang]}".strip()
                details = WORDS["one_value"][self.lang]
        scale = field.scale
        is_percent = scale.unit == "%"
        divisor = 1.0 if is_percent else scale.divisor
        return Metric(
            name=name,
            label=self._label(field),
            expression=value if divisor == 1 else f"({value}) / {divisor!r}",
            d3=d3(scale),
            description=said,
            details=details,
            unit="" if is_percent else scale.unit,
            divisor=divisor,
        )

    def _label(self, field: Field) -> str:
        """With the unit that readers expect, else that of the view, if it has one."""
        unit = field.scale.unit
        if unit == "%":
            return field.label
        return WORDS["unit"][self.lang].format(field.label, unit) if unit else field.heading

    def yaml(self) -> YAML:
        """As Superset imports it."""
        return {
            "table_name": self.name,
            "main_dttm_col": None,
            "description": self.description,
            "default_endpoint": None,
            "offset": 0,
            "cache_timeout": 0,
            "schema": SCHEMA,
            "catalog": None,
            "sql": self.sql,
            "params": None,
            "template_params": None,
            "filter_select_enabled": True,
            "fetch_values_predicate": None,
            "extra": certified(f"{SCHEMA}.{self.key}"),
            "uuid": self.uuid,
            "metrics": [metric.yaml() for metric in self.metrics.values()],
            "columns": [field.yaml() for field in self.fields],
            "version": "1.0.0",
            "database_uuid": uuid_of("database", DATABASE),
            "is_managed_externally": True,
        }


def d3(scale: Scale) -> str:
    """A scale as a format of d3: digits as the site shows them, never 1B or 1e9."""
    group = "," if scale.grouped else ""
    trim = "~" if scale.trimmed else ""
    return f"{group}.{scale.decimals}{trim}{'%' if scale.unit == '%' else 'f'}"


class Views:
    """The views of schema `bi` of one published file, as datasets."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection = connection
        with CODE_COLUMNS.open(encoding="utf-8", newline="") as file:
            self._codes = {row["column_name"]: row for row in csv.DictReader(file)}
        self._named = {row["name_column"]: row for row in self._codes.values()}
        # Labels differ from table to table; those of names are said once.
        self._answers = {
            code: {"zh": zh, "en": en}
            for code, zh, en in connection.execute(
                "select code, label_zh, label_en from reference.codes"
                " where column_name = 'answer' and code in ('yes', 'no')"
            ).fetchall()
        }

    @cached_property
    def names(self) -> dict[str, dict[str, str]]:
        """The views: what each is called and holds."""
        rows = records(self._connection, "select * from reference.bi_views order by bi_view")
        return {row["bi_view"]: row for row in rows}

    def dataset(self, view: str, lang: str) -> Dataset:
        """One view in one language."""
        row = self.names[view]
        return Dataset(
            key=view,
            lang=lang,
            name=row["name_zh"] if lang == "zh" else view,
            description=row[f"description_{lang}"],
            sql=f"select * from {SCHEMA}.{view}" if lang == "zh" else None,
            fields=tuple(self._fields(view, lang)),
        )

    def union(self, key: str, name: str, views: Sequence[str], lang: str) -> Dataset:
        """Several views of the same columns one below the other; their rows do not add up."""
        parts = " union all by name ".join(f"select * from {SCHEMA}.{view}" for view in views)
        first = self.dataset(views[0], lang)
        fields = list(first.fields)
        for place, field in enumerate(fields):
            largest = max(
                (self.dataset(view, lang).by_name[field.name].scale for view in views),
                key=lambda scale: scale.divisor,
            )
            fields[place] = replace(field, scale=largest)
        return replace(first, key=key, name=name, sql=parts, fields=tuple(fields), adds_up=False)

    @cached_property
    def _described(self) -> dict[str, dict[str, dict[str, Any]]]:
        """What the dictionary says, by view and column, in the order of the view."""
        rows = records(
            self._connection,
            f"""
            select said.*, columns.data_type
            from reference.data_dictionary as said
            inner join duckdb_columns() as columns
                on columns.database_name = current_database()
                    and columns.schema_name = said.schema_name
                    and columns.table_name = said.table_name
                    and columns.column_name = said.column_name
            where said.schema_name = {literal(SCHEMA)}
            order by said.table_name, columns.column_index
            """,
        )
        found: dict[str, dict[str, dict[str, Any]]] = {}
        for row in rows:
            found.setdefault(row["table_name"], {})[row["column_name"]] = row
        return found

    @cached_property
    def _sizes(self) -> dict[tuple[str, str], float]:
        """The largest value of each number of each view, which its unit depends on."""
        sizes: dict[tuple[str, str], float] = {}
        for view, columns in self._described.items():
            numbers = [
                name for name, row in columns.items() if row["data_type"].startswith(NUMBERS)
            ]
            asked = ", ".join(f"max(abs({identifier(name)}))" for name in numbers)
            if asked:
                row = self._connection.execute(f"select {asked} from {SCHEMA}.{view}").fetchone()
                sizes |= {
                    (view, name): float(size or 0)
                    for name, size in zip(numbers, row or (), strict=True)
                }
        return sizes

    @cached_property
    def _units(self) -> dict[str, str | None]:
        """Of views that have the unit in each row: the unit, if all rows have the same."""
        found: dict[str, str | None] = {}
        for view, columns in self._described.items():
            if "unit" in columns:
                rows = self._connection.execute(
                    f"select distinct unit from {SCHEMA}.{view}"
                ).fetchall()
                found[view] = rows[0][0] if len(rows) == 1 else None
        return found

    def _fields(self, view: str, lang: str) -> Iterable[Field]:
        """Its columns in one language: names of codes in that one alone, yes and no in words."""
        described = self._described[view]
        others = [other for other in LANGUAGES if other != lang]
        for name, row in described.items():
            stem, _, language = name.rpartition("_")
            if language in others and self._is_twin(stem, described):
                continue
            field = self._field(view, name, row, lang)
            yield field
            if field.type == "BOOLEAN":
                yield self._in_words(field, lang)

    @staticmethod
    def _is_twin(stem: str, described: dict[str, dict[str, Any]]) -> bool:
        return all(f"{stem}_{language}" in described for language in LANGUAGES)

    def _field(self, view: str, name: str, row: dict[str, Any], lang: str) -> Field:
        unit = row["unit"]
        if unit == SEE_UNIT:
            unit = self._units.get(view)
        size = self._sizes.get((view, name), 0.0)
        stem, _, language = name.rpartition("_")
        label, heading = row[f"label_{lang}"], row[f"heading_{lang}"]
        if stem in self._named and language == lang:
            label = heading = self._named[stem][f"name_label_{lang}"] or label
        elif name in self._codes and label == self._codes[name][f"name_label_{lang}"]:
            label = heading = WORDS["code"][lang].format(label)
        return Field(
            name=name,
            type=row["data_type"],
            label=label,
            heading=heading,
            unit=unit,
            aggregation=row["aggregation"] or "none",
            numerator=row["numerator"],
            denominator=row["denominator"],
            format=row["format"],
            description=row[f"description_{lang}"] or "",
            scale=scale_of(unit, row["format"], [size], lang),
        )

    def _in_words(self, field: Field, lang: str) -> Field:
        """Yes and no, where the view has true and false."""
        yes, no = (literal(self._answers[code][lang]) for code in ("yes", "no"))
        column = identifier(field.name)
        return replace(
            field,
            name=field.name + SAID,
            type="VARCHAR",
            expression=f"case when {column} then {yes} when not {column} then {no} end",
        )
