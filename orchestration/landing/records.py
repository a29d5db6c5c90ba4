"""Lists with fixed columns: landed in blocks, then sifted where they lie by the rules of columns.

What a column must be stands in `catalog/dataset_columns.csv`; the conditions here are made from
it, so that a new list needs no code. A row with several faults is quarantined once, by the first,
and the message names them all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import duckdb
import pyarrow as pa

from orchestration.landing.catalogue import (
    CODE_LISTS,
    CODE_TABLES,
    Column,
    Dataset,
    read_rows,
)
from orchestration.landing.mapping import BLANKS, Cell

Refuse = Callable[[duckdb.DuckDBPyConnection, int, list[Cell]], int]
PROVENANCE = """
    _load_id varchar, _file_name varchar, _sheet_name varchar, _row_number bigint,
    _column_number bigint, _column_name varchar, _vintage bigint, _source_id varchar,
    _origin varchar
"""
ERROR_VALUE = r"#(DIV/0!|N/A|NAME\?|NULL!|NUM!|REF!|VALUE!|#+)"
FULL_WIDTH = ("０１２３４５６７８９．，－＋", "0123456789.,-+")
RATIO_LIMITS = "catalog/dataset_ratio_limits.csv"


@dataclass(frozen=True)
class _Check:
    """A condition that a row must not meet."""

    condition: str
    rule: str
    column: str
    detail: str


def create(connection: duckdb.DuckDBPyConnection, dataset: Dataset) -> None:
    """Make the empty raw table of a list; everything in it is text."""
    columns = ", ".join(f'"{column.name}" varchar' for column in dataset.columns)
    connection.execute(f"create table raw.{dataset.name} ({PROVENANCE}, {columns})")


def stage(
    connection: duckdb.DuckDBPyConnection,
    number: int,
    dataset: Dataset,
    rows: Iterator[pa.RecordBatch | Cell],
    refuse: Refuse,
) -> int:
    """Put the rows of one file into its raw table, block by block; returns how many there were.

    A row without any text is no row.
    """
    values = ", ".join(_landed(column) for column in dataset.columns)
    anything = " or ".join(f"{column.name} <> ''" for column in dataset.columns)
    statement = f"""
        insert into raw.{dataset.name}
        select
            files.load_id, files.file_name, batch.sheet_name, batch.row_number, 0, '',
            files.vintage, files.source_id, files.origin, {values}
        from batch cross join files
        where files.file_number = {number} and ({anything})
    """
    count = 0
    for batch in rows:
        if isinstance(batch, Cell):
            count += refuse(connection, number, [batch])
        else:
            count += connection.execute(statement).fetchone()[0]
    return count


def drop_file(connection: duckdb.DuckDBPyConnection, number: int, dataset: Dataset) -> None:
    """Take back what was landed of a file that turned out to be unreadable."""
    connection.execute(
        f"""
        delete from raw.{dataset.name}
        where _load_id = (select load_id from files where file_number = {number})
        """
    )


def judge(connection: duckdb.DuckDBPyConnection, datasets: list[Dataset]) -> None:
    """Move every row that a rule refuses from its raw table to the refused ones."""
    for dataset in datasets:
        filled = connection.execute(f"select 1 from raw.{dataset.name} limit 1").fetchone()
        if filled:
            _sift(connection, dataset, _checks(connection, dataset))
            _sift_copies(connection, dataset)
    names = {dataset.name for dataset in datasets}
    if {ENTERPRISE_ENERGY, PARK_FACTS} <= names:
        _sift_roll_up(connection)


def _landed(column: Column) -> str:
    """A value as landed: without blanks around it, numbers in plain digits, nothing as null."""
    text = f"trim(batch.{column.name}, '{BLANKS}')"
    if not column.is_number:
        return f"nullif({text}, '') as {column.name}"
    plain = f"translate({text}, '{FULL_WIDTH[0]}', '{FULL_WIDTH[1]}')"
    return f"""
        case
            when try_cast(batch.{column.name} as double) is not null then {text}
            when regexp_full_match({plain}, getvariable('number_pattern'))
                then replace({plain}, ',', '')
            else nullif({text}, '')
        end as {column.name}
    """


def _checks(connection: duckdb.DuckDBPyConnection, dataset: Dataset) -> list[_Check]:
    """What the catalogue asks of the columns, value by value and then of values together."""
    checks = []
    for column in dataset.columns:
        checks += _column_checks(connection, column)
    names = {column.name for column in dataset.columns}
    if {"fuel_code", "unit"} <= names:
        checks.append(
            _Check(
                "fuel_code || '|' || unit not in (select fuels.fuel_code || '|' || unit_label "
                "from fuels inner join units on fuels.unit = units.unit)",
                "unit_mismatch",
                "unit",
                "unit || ' is no unit of ' || fuel_code",
            )
        )
    for row in read_rows(RATIO_LIMITS):
        if row["dataset"] == dataset.name:
            checks += _ratio_checks(row)
    return checks


def _column_checks(connection: duckdb.DuckDBPyConnection, column: Column) -> list[_Check]:
    name = column.name
    error = f"{name} like '#%' and regexp_full_match(upper({name}), '{ERROR_VALUE}')"
    checks = [_Check(error, "value_is_error", name, name)]
    if column.is_number or column.code_list:  # a text may well begin with =
        checks.append(_Check(f"{name} like '=%'", "value_is_formula", name, name))
    if column.is_required:
        checks.append(_Check(f"{name} is null", "value_missing", name, "'nothing is given'"))
    number = f"try_cast({name} as double)"
    if column.is_number:
        # The cast knows words and signs that no form has: inf, nan, 1_000.
        strange = f"not isfinite({number}) or contains({name}, '_')"
        wrong = f"{name} is not null and ({number} is null or {strange})"
        checks.append(_Check(wrong, "value_not_a_number", name, name))
    if column.type in ("integer", "year", "month"):
        checks.append(_Check(f"{number} <> floor({number})", "value_not_a_number", name, name))
    if column.type == "year":
        years = f"{name} is not null and not regexp_full_match({name}, '(19|20)\\d\\d')"
        checks.append(_Check(years, "year_invalid", name, name))
    if column.type == "month":
        checks.append(_Check(f"{number} not between 1 and 12", "value_out_of_range", name, name))
    if column.is_non_negative:
        checks.append(_Check(f"{number} < 0", "value_negative", name, name))
    if column.maximum_threshold_id:
        limit = f"threshold('{column.maximum_threshold_id}')"
        detail = f"{name} || ' is above ' || {limit}"
        checks.append(_Check(f"{number} > {limit}", "value_out_of_range", name, detail))
    if column.code_list:
        codes = _codes(column.code_list)
        known = ", ".join(f"'{code}'" for code in codes)
        nearest = (
            f"{name} || '; nearest known: ' || (select max_by(code, "
            f"likeness({name}, code)) from unnest([{known}]) as t (code))"
        )
        checks.append(_Check(f"{name} not in ({known})", "code_unknown", name, nearest))
    return checks


def _ratio_checks(row: dict[str, str]) -> list[_Check]:
    """A ratio of two columns that physics or definition bounds."""
    top, bottom = row["numerator"], row["denominator"]
    ratio = f"try_cast({top} as double) / nullif(try_cast({bottom} as double), 0)"
    checks = []
    for limit, sign in (("minimum_threshold_id", "<"), ("maximum_threshold_id", ">")):
        if row[limit]:
            detail = (
                f"'{top} / {bottom} is ' || round({ratio}, 4) || ', {row['statement_en']} ' "
                f"|| threshold('{row[limit]}')"
            )
            condition = f"{ratio} {sign} threshold('{row[limit]}') * (1 + 1e-9)"
            checks.append(_Check(condition, "value_out_of_range", top, detail))
    return checks


def _codes(code_list: str) -> list[str]:
    if code_list in CODE_TABLES:
        path, column = CODE_TABLES[code_list]
        return [row[column] for row in read_rows(path)]
    return [row["code"] for row in read_rows(CODE_LISTS) if row["code_list"] == code_list]


def _sift(connection: duckdb.DuckDBPyConnection, dataset: Dataset, checks: list[_Check]) -> None:
    """Refuse the rows that meet a condition which no correction accepts."""
    accepted = connection.execute(
        """
        select rule, file_name, row_number from corrections
        inner join files using (file_name)
        where action = 'accept' and state = 'applied' and dataset = $1
        """,
        [dataset.name],
    ).fetchall()
    found = []
    for check in checks:
        condition = f"({check.condition})"
        for rule, file_name, row_number in accepted:
            if rule == check.rule:
                row = f" and _row_number = {row_number}" if row_number is not None else ""
                quoted = file_name.replace("'", "''")
                condition += f" and not (_file_name = '{quoted}'{row})"
        found.append((condition, check))
    faults = ", ".join(
        f"case when {condition} then {{'rule': '{check.rule}', 'name': '{check.column}', "
        f"'detail': {check.detail}}} end"
        for condition, check in found
    )
    connection.execute(
        f"""
        create or replace temp table faulty as
        with suspects as (
            select rowid as row_id, * from raw.{dataset.name}
            where {" or ".join(condition for condition, _ in found)}
        )
        select
            row_id,
            list_filter([{faults}], fault -> fault is not null) as faults
        from suspects
        """
    )
    _move(
        connection,
        dataset,
        "faults[1].rule",
        "faults[1].name",
        "list_aggregate(list_transform(faults, fault -> fault.name || ': ' || fault.detail), "
        "'string_agg', '; ')",
    )


def _sift_copies(connection: duckdb.DuckDBPyConnection, dataset: Dataset) -> None:
    """Refuse the second row of a key; a row of a folder added later supersedes."""
    keys = [column.name for column in dataset.columns if column.is_key]
    key = ", ".join(f"coalesce({name}, '')" for name in ("_vintage::varchar", *keys))
    connection.execute(
        f"""
        create or replace temp table faulty as
        with hashed as (
            -- hashes first: most keys stand once, and need not be kept as text
            select hash({key}) as key_hash from raw.{dataset.name}
            group by key_hash having count(*) > 1
        ),
        suspects as (
            select raw.rowid as row_id, raw.*, files.root_rank
            from raw.{dataset.name} as raw
            inner join files on raw._load_id = files.load_id
            where hash({key}) in (select key_hash from hashed)
        ),
        ranked as (
            select
                row_id,
                root_rank,
                max(root_rank) over (partition by {key}) as top_rank,
                row_number() over same_key as copy_number,
                first_value(_file_name || ' row ' || _row_number) over same_key as kept_at
            from suspects
            window same_key as (
                partition by {key} order by root_rank desc, _file_name, _sheet_name, _row_number
            )
        )
        select
            row_id,
            case when root_rank < top_rank then 'superseded' else 'duplicate_key' end as rule,
            kept_at
        from ranked where copy_number > 1
        """
    )
    _move(connection, dataset, "rule", "''", "kept_at")


ENTERPRISE_ENERGY = "park_returns_enterprise_energy"
PARK_FACTS = "park_returns_park_facts"


def _sift_roll_up(connection: duckdb.DuckDBPyConnection) -> None:
    """Refuse the returns of enterprises that together used more coal than their park says."""
    connection.execute(
        f"""
        create or replace temp table faulty as
        with used as (
            select
                enterprises.rowid as row_id,
                enterprises.park_id,
                enterprises.year,
                enterprises._vintage,
                try_cast(enterprises.consumption_quantity as double)
                * units.to_unit_factor::double as coal_t
            from raw.{ENTERPRISE_ENERGY} as enterprises
            inner join fuels on enterprises.fuel_code = fuels.fuel_code
            inner join units on enterprises.unit = units.unit_label
            where fuels.fuel_group = 'coal'
        ),
        sums as (
            select park_id, year, _vintage, sum(coal_t) as coal_t
            from used group by park_id, year, _vintage
        ),
        exceeded as (
            select
                sums.park_id, sums.year, sums._vintage,
                sums.coal_t || ' t of coal in the enterprises'' returns of '
                    || sums.park_id || ' ' || sums.year || ', ' || max(facts.coal_t::double)
                    || ' t in the park''s' as detail
            from sums
            inner join raw.{PARK_FACTS} as facts
                on sums.park_id = facts.park_id and sums.year = facts.year
            where facts.coal_t is not null
            group by sums.park_id, sums.year, sums._vintage, sums.coal_t
            having sums.coal_t > max(facts.coal_t::double)
                * (1 + threshold('roll_up_tolerance')) 
        )
        select enterprises.rowid as row_id, exceeded.detail
        from raw.{ENTERPRISE_ENERGY} as enterprises
        inner join exceeded
            on
                enterprises.park_id = exceeded.park_id
                and enterprises.year = exceeded.year
                and enterprises._vintage = exceeded._vintage
        """
    )
    dataset = Dataset(ENTERPRISE_ENERGY, "", "", "records", ())
    _move(connection, dataset, "'enterprises_exceed_park'", "'consumption_quantity'", "detail")


def _move(
    connection: duckdb.DuckDBPyConnection, dataset: Dataset, rule: str, column: str, detail: str
) -> None:
    """Move the rows named in `faulty` from the raw table to the refused ones."""
    names = [
        name
        for (name,) in connection.execute(
            "select column_name from duckdb_columns() where schema_name = 'raw' "
            "and database_name = current_database() and table_name = ? "
            "and not starts_with(column_name, '_') order by column_index",
            [dataset.name],
        ).fetchall()
    ]
    text = "concat_ws(chr(9), " + ", ".join(f"coalesce(raw.{name}, '')" for name in names) + ")"
    connection.execute(
        f"""
        insert into refused
        select files.file_number, raw._sheet_name, raw._row_number, 0, {column}, {text}, {rule},
            {detail}
        from faulty
        inner join raw.{dataset.name} as raw on faulty.row_id = raw.rowid
        inner join files on raw._load_id = files.load_id;
        delete from raw.{dataset.name} where rowid in (select row_id from faulty);
        """
    )
