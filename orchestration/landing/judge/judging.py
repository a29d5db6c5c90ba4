"""The rules: one file of SQL each below `rules/`, for the cells of tables and the rows of lists.

`expectations/rules.csv` says in which order they judge, what about, and what a correction may
accept; this module knows no rule by its name. A file is a Jinja2 template of one of three kinds:

- `value`: sets `when`, a condition on one value, and `detail`, what is wrong with it. It is tried
  on the value of a cell and on every column of a list; where `when` is blank it does not apply.
- `row`: a query for the `row_id` of what it refuses, with `detail`.
- `table`: a query for the `table_id` of what it refuses whole, with `detail`.

Queries may also give `column_name` and `detail_zh`. `{{ rows }}` is what no rule before refused. A
row is refused once, by the first rule that finds it. Lists are judged where they lie. A query that
finds nothing where a table is empty says so (`is_filled`) and is not even planned.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from pathlib import Path
from typing import Any

import duckdb
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from expectations.rules import Rule, landing_rules
from orchestration.errors import GreenparkError
from orchestration.landing.judge import details
from orchestration.landing.map.catalogue import (
    CODE_LISTS,
    CODE_TABLES,
    CODES,
    CONCEPTS,
    Column,
    Dataset,
    read_rows,
)

RULES = Path(__file__).with_name("rules")
SHARED = RULES / "shared"
COMMENT = re.compile(r"^\s*--.*$", re.MULTILINE)
MATRICES = "matrices"
# What tells the cells of matrices apart. In standard coal beside the unit of the fuel a value is
# another one.
CELL_KEYS = (
    *("dataset", "vintage", "region_code", "year", "item_code", "fuel_code", "indicator"),
    "unit",
)
CODE_NAMES = tuple(code for concept in CONCEPTS for code in CODES[concept])
# What a query of a rule may give; what it leaves out is null.
FOUND = (
    "select null::bigint as row_id, null::bigint as table_id, null::varchar as column_name, "
    "null::varchar as detail, null::varchar as detail_zh where false"
)


@dataclass(frozen=True)
class Value:
    """What a rule on values is tried on: pieces of SQL, and what the catalogue says of it."""

    name: str
    text: str
    number: str
    is_given: str
    is_numeric: str
    may_be_negative: str
    column: Column | None = None

    @property
    def is_number(self) -> bool:
        return self.column is None or self.column.is_number

    @property
    def is_whole(self) -> bool:
        return self.column is not None and self.column.type in ("integer", "year", "month")

    @property
    def code_list(self) -> str:
        return self.column.code_list if self.column else ""

    @cached_property
    def codes(self) -> list[str]:
        """The codes of its list."""
        if self.code_list in CODE_TABLES:
            path, column = CODE_TABLES[self.code_list]
            rows = (row for row in read_rows(path) if row.get("is_aggregate") != "true")
            return [row[column] for row in rows]
        return [row["code"] for row in read_rows(CODE_LISTS) if row["code_list"] == self.code_list]


# A replacing correction stands in the number and not in the text.
CELL = Value(
    name="",
    text="value_text",
    number="number",
    is_given="(value_status = '' or number_text <> '')",
    is_numeric="is_number",
    may_be_negative="may_be_negative",
)


def _list_value(column: Column) -> Value:
    number = f"try_cast({column.name} as double)"
    return Value(
        name=column.name,
        text=column.name,
        number=number,
        is_given=f"{column.name} is not null",
        # The cast knows words and signs that no form has: inf, nan, 1_000.
        is_numeric=f"coalesce(is_figure({number}) and not contains({column.name}, '_'), false)",
        may_be_negative="false" if column.is_non_negative else "true",
        column=column,
    )


@dataclass(frozen=True)
class Subject:
    """What is judged together: the cells of all matrices, or the rows of one list."""

    name: str
    kind: str
    rows: str
    keys: tuple[str, ...]
    values: tuple[Value, ...]
    columns: tuple[Column, ...] = ()

    def column_of(self, code_list: str) -> str:
        """The column that takes its values from a list of codes; '' if there is none."""
        return next((c.name for c in self.columns if c.code_list == code_list), "")


class Judge:
    """Gives the verdicts on all that was read; what is refused ends in the table `refused`."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, datasets: Iterable[Dataset]) -> None:
        self.connection = connection
        self.rules = landing_rules()
        self.templates = Environment(
            loader=FileSystemLoader(RULES),
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            autoescape=False,
        )
        self.datasets = {dataset.name: dataset for dataset in datasets}
        self.subjects: list[Subject] = []

    def run(self) -> None:
        """Judge the cells and the lists by every rule in turn."""
        self._prepare()
        # Lists are compared with no others.
        is_compared = all(subject.kind == "records" for subject in self.subjects)
        for judges, group in groupby(self.rules, key=lambda rule: rule.judges):
            if judges == "table" and not is_compared:
                self._execute((SHARED / "peers.sql").read_text(encoding="utf-8"))
                is_compared = True
            # Rules on values are tried together, the others one after the other.
            for rules in [list(group)] if judges == "value" else [[rule] for rule in group]:
                for subject in self.subjects:
                    own = [rule for rule in rules if subject.kind in rule.subjects]
                    if own and judges == "value":
                        self._sift(subject, own)
                    elif own:
                        self._search(subject, rules[0])
        self._put_aside()

    def _execute(self, query: str, parameters: list[Any] | None = None) -> Any:
        return self.connection.execute(query, parameters)

    def _prepare(self) -> None:
        """Make the table of verdicts, and the subjects: the cells and each list, if any."""
        self._execute(
            """
            create or replace temp table verdicts (
                subject varchar, row_id bigint, table_id bigint, rule varchar,
                column_name varchar, detail varchar, detail_zh varchar
            )
            """
        )
        self._execute((SHARED / "measured.sql").read_text(encoding="utf-8"))
        if self._is_filled("measured"):
            self.subjects.append(Subject(MATRICES, "matrix", "open_cells", CELL_KEYS, (CELL,)))
        self.roots = dict(
            self._execute(
                "select dataset, list(distinct root_rank) from files group by dataset"
            ).fetchall()
        )
        for dataset in self.datasets.values():
            is_given = dataset.kind == "records" and dataset.name in self.roots
            if is_given and self._is_filled(f"raw.{dataset.name}"):
                self.subjects.append(self._list(dataset))
        self.accepted = {
            rule
            for (rule,) in self._execute(
                "select distinct rule from corrections "
                "where action = 'accept' and state = 'applied'"
            ).fetchall()
        }

    def _is_filled(self, table: str) -> bool:
        return bool(self._execute(f"select 1 from {table} limit 1").fetchone())

    def _list(self, dataset: Dataset) -> Subject:
        rows = f"open_{dataset.name}"
        columns = ", ".join(f"raw.{column.name}" for column in dataset.columns)
        self._execute(
            f"""
            create or replace temp view {rows} as
            select
                raw.rowid as row_id, raw._load_id as load_id, raw._file_name as file_name,
                raw._sheet_name as sheet_name, raw._row_number as row_number,
                0 as column_number, raw._vintage as vintage, null as item_part, {columns}
            from raw.{dataset.name} as raw
            anti join (
                select row_id from verdicts where subject = '{dataset.name}'
            ) as refused on raw.rowid = refused.row_id
            """
        )
        keys = ("vintage", *(column.name for column in dataset.columns if column.is_key))
        values = tuple(_list_value(column) for column in dataset.columns)
        return Subject(dataset.name, "records", rows, keys, values, dataset.columns)

    # --- what a template sees --------------------------------------------------------------------

    def _context(self, subject: Subject) -> dict[str, Any]:
        return {
            "kind": subject.kind,
            "subject": subject,
            "rows": subject.rows,
            "keys": subject.keys,
            "roots": self._roots(subject),
            "catalogue": self._catalogue(subject),
            "reference": read_rows,
            "is_filled": self._is_filled,
            "rows_of": self._rows_of,
        }

    def _roots(self, subject: Subject) -> list[int]:
        """The places of the data folders that this comes from, in their order."""
        names = [subject.name] if subject.kind == "records" else list(self.datasets)
        return sorted({rank for name in names for rank in self.roots.get(name, ())})

    def _catalogue(self, subject: Subject) -> Callable[[str], list[dict[str, str]]]:
        """The rows of a reference table that are about this list."""
        return lambda path: [row for row in read_rows(path) if row["dataset"] == subject.name]

    def _rows_of(self, dataset: str) -> str:
        """What is not refused of another list; '' if nothing of it was read."""
        return next((other.rows for other in self.subjects if other.name == dataset), "")

    # --- judging ---------------------------------------------------------------------------------

    def _sift(self, subject: Subject, rules: list[Rule]) -> None:
        """Try rules on every value in one pass over the rows."""
        checks = list(self._checks(subject, rules))
        if not checks:
            return
        faults = ", ".join(
            f"case when {when} then {{'position': {position}, 'rule': '{rule}', "
            f"'column_name': '{name}', 'detail': {detail}, 'detail_zh': {detail_zh}}} end"
            for position, (rule, name, when, detail, detail_zh) in enumerate(checks)
        )
        suspects = f"""
            create or replace temp table suspects as
            select * from {subject.rows} where {" or ".join(f"({c[2]})" for c in checks)}
            """
        found = f"""
            create or replace temp table found as
            with faults as (select row_id, unnest([{faults}]) as fault from suspects)
            select row_id, null::bigint as table_id, unnest(fault) from faults
            where fault is not null
            """
        try:
            # What is wrong with each is asked where there are any: planning it is most of the cost.
            is_sound = not self._rows_in(suspects)
            if is_sound or not self._rows_in(found):
                return
        except duckdb.Error:
            for rule, _, when, detail, detail_zh in checks:  # which of them is it?
                self._ask(
                    rule,
                    f"create or replace temp table found as "
                    f"select {detail}, {detail_zh} from {subject.rows} where {when} limit 1",
                )
            raise
        self._give_verdicts(subject, {rule.rule_id for rule in rules})

    def _checks(
        self, subject: Subject, rules: list[Rule]
    ) -> Iterator[tuple[str, str, str, str, str]]:
        context = self._context(subject)
        for rule in rules:
            template = self.templates.get_template(f"{rule.rule_id}.sql")
            for value in subject.values:
                module = template.make_module(context | {"value": value})
                when = str(getattr(module, "when", "")).strip()
                if when:
                    detail = str(vars(module)["detail"]).strip()
                    detail_zh = str(getattr(module, "detail_zh", "null::varchar")).strip()
                    yield rule.rule_id, value.name, when, detail, detail_zh

    def _search(self, subject: Subject, rule: Rule) -> None:
        """Ask for the rows or tables that a rule refuses."""
        template = self.templates.get_template(f"{rule.rule_id}.sql")
        query = COMMENT.sub("", template.render(self._context(subject)))
        if not query.strip():
            return
        if rule.judges == "table":
            judged = details.of_tables(subject.rows)
        else:
            judged = f"""
                select row_id, table_id, column_name, detail, detail_zh
                from judged
                anti join (
                    select row_id from verdicts where subject = '{subject.name}'
                ) using (row_id)
            """
        found = self._ask(
            rule.rule_id,
            f"""
            create or replace temp table found as
            with judged as (
                select * from ({query}) union all by name {FOUND}
            )
            select
                row_id, table_id, 0 as position, '{rule.rule_id}' as rule,
                coalesce(column_name, '') as column_name, detail, detail_zh
            from ({judged})
            """,
        )
        if found:
            self._give_verdicts(subject, {rule.rule_id})

    def _rows_in(self, made: str) -> int:
        """Make a table; how many rows it has."""
        ((rows,),) = self._execute(made).fetchall()
        return int(rows)

    def _ask(self, rule: str, made: str) -> int:
        """Make the table that a rule asks for; how many rows it has.

        Raises GreenparkError that names the rule where it is no query.
        """
        try:
            return self._rows_in(made)
        except duckdb.Error as error:
            raise GreenparkError(
                f"rule {rule} cannot be judged: {str(error).splitlines()[0]}",
                f"correct orchestration/landing/judge/rules/{rule}.sql",
            ) from error

    def _give_verdicts(self, subject: Subject, rules: set[str]) -> None:
        """Refuse what was found, by its first fault, unless a correction accepts it."""
        if rules & self.accepted:
            self._execute(
                f"""
                delete from found where (row_id, rule) in (
                    select rows.row_id, corrections.rule
                    from corrections
                    inner join {subject.rows} as rows
                        on
                            corrections.file_name = rows.file_name
                            and (
                                corrections.row_number is null
                                or (
                                    corrections.sheet_name = rows.sheet_name
                                    and corrections.row_number = rows.row_number
                                    and rows.column_number
                                    in (0, corrections.column_number)
                                )
                            )
                    where
                        corrections.action = 'accept' and corrections.state = 'applied'
                        and rows.row_id in (select row_id from found)
                )
                """
            )
        is_list = subject.kind == "records"
        self._execute(
            f"""
            insert into verdicts
            with faults as (
                -- several of one value are one
                select
                    row_id,
                    any_value(table_id) as table_id,
                    position,
                    rule,
                    column_name,
                    {"any_value(heading)" if is_list else "column_name"} as heading,
                    string_agg(distinct detail, '; ' order by detail) as detail,
                    string_agg(
                        distinct coalesce(detail_zh, detail), '；'
                        order by coalesce(detail_zh, detail)
                    ) as detail_zh
                from found
                {details.HEADINGS.format(rows=subject.rows) if is_list else ""}
                group by row_id, position, rule, column_name
            )
            select
                '{subject.name}',
                row_id,
                any_value(table_id),
                arg_min(rule, (position, column_name)),
                arg_min(column_name, (position, column_name)),
                string_agg(
                    concat_ws(': ', nullif(column_name, ''), detail), '; '
                    order by position, column_name
                ),
                string_agg(
                    concat_ws('：', nullif(heading, ''), detail_zh), '；'
                    order by position, column_name
                )
            from faults
            group by row_id
            """
        )

    # --- afterwards ------------------------------------------------------------------------------

    def _put_aside(self) -> None:
        """Move what is refused out of the lists, and name it in `refused`."""
        codes = ", ".join(CODE_NAMES)
        self._execute(
            f"""
            insert into refused by name
            select
                file_number, sheet_name, row_number, column_number, measured.column_name,
                value_text as raw_value, rule, detail, detail_zh, verdicts.table_id, {codes}
            from measured inner join verdicts using (row_id)
            where verdicts.subject = '{MATRICES}'
            """
        )
        for subject in self.subjects:
            if subject.kind == "records":
                self._move(subject)

    def _move(self, subject: Subject) -> None:
        texts = ", ".join(f"coalesce(raw.{column.name}, '')" for column in subject.columns)
        names = {column.name for column in subject.columns}
        codes = "".join(
            f", {'try_cast(raw.year as integer)' if code == 'year' else f'raw.{code}'} as {code}"
            for code in CODE_NAMES
            if code in names
        )
        self._execute(
            f"""
            insert into refused by name
            select
                files.file_number, raw._sheet_name as sheet_name, raw._row_number as row_number,
                0 as column_number, verdicts.column_name,
                concat_ws(chr(9), {texts}) as raw_value,
                verdicts.rule, verdicts.detail, verdicts.detail_zh{codes}
            from verdicts
            inner join raw.{subject.name} as raw on verdicts.row_id = raw.rowid
            inner join files on raw._load_id = files.load_id
            where verdicts.subject = '{subject.name}'
            """
        )
        self._execute(
            f"""
            delete from raw.{subject.name}
            where rowid in (select row_id from verdicts where subject = '{subject.name}')
            """
        )
