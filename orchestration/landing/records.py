"""Lists with fixed columns: landed in blocks, then sifted where they lie by the rules of columns.

What a column must be stands in `catalog/dataset_columns.csv`; the conditions here are made from
it, so that a new list needs no code. A row with several faults is quarantined once, by the first,
and the message names them all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

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
ROW_GROUP = 122_880  # rows DuckDB stores together
FULL_WIDTH = ("０１２３４５６７８９．，－＋", "0123456789.,-+")
RATIO_LIMITS = "catalog/dataset_ratio_limits.csv"
YEARLY_LIMITS = "catalog/dataset_yearly_limits.csv"
ROLL_UPS = "mappings/park_fact_fuels.csv"


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
    for item in _ahead(rows):
        if isinstance(item, Cell):
            count += refuse(connection, number, [item])
        else:
            batch = _trimmed(item)  # noqa: F841, DuckDB finds it by its name
            count += connection.execute(statement).fetchone()[0]
    return count


def _ahead(rows: Iterator[pa.RecordBatch | Cell]) -> Iterator[pa.RecordBatch | Cell]:
    """The same, each read while the one before it is worked on."""
    with ThreadPoolExecutor(max_workers=1) as reader:
        following = reader.submit(next, rows, None)
        while (item := following.result()) is not None:
            following = reader.submit(next, rows, None)
            yield item


def _trimmed(batch: pa.RecordBatch) -> pa.Table:
    """Text without blanks around it; Arrow does this many times as fast as SQL.

    In pieces of the size of DuckDB's row groups, so that it compresses several at once.
    """
    columns = [
        pc.utf8_trim(column, characters=BLANKS) if pa.types.is_string(column.type) else column
        for column in batch.columns
    ]
    trimmed = pa.RecordBatch.from_arrays(columns, batch.schema.names)
    pieces = [trimmed.slice(at, ROW_GROUP) for at in range(0, max(len(trimmed), 1), ROW_GROUP)]
    return pa.Table.from_batches(pieces)


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
    filled = {
        dataset.name
        for dataset in datasets
        if connection.execute(f"select 1 from raw.{dataset.name} limit 1").fetchone()
    }
    for dataset in datasets:
        if dataset.name not in filled:
            continue
        names = {column.name for column in dataset.columns}
        _sift_rejected(connection, dataset)
        _sift(connection, dataset, _checks(connection, dataset))
        _sift_copies(connection, dataset)
        if "month" in names:
            _sift_periods(connection, dataset)
        _sift_yearly(connection, dataset)
    if ENTERPRISE_ENERGY in filled:
        _sift_factors(connection)
        _sift_roll_up(connection)


def _landed(column: Column) -> str:
    """A value as landed: numbers in plain digits, nothing as null."""
    text = f"batch.{column.name}"
    if not column.is_number:
        return f"nullif({text}, '') as {column.name}"
    plain = f"translate({text}, '{FULL_WIDTH[0]}', '{FULL_WIDTH[1]}')"
    return f"""
        case
            when try_cast({text} as double) is not null then {text}
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
    """Refuse the rows that meet a condition, unless a correction accepts what it finds."""
    faults = ", ".join(
        f"case when {check.condition} then {{'rule': '{check.rule}', 'name': '{check.column}', "
        f"'detail': {check.detail}}} end"
        for check in checks
    )
    connection.execute(
        f"""
        create or replace temp table faulty as
        with suspects as (
            select rowid as row_id, * from raw.{dataset.name}
            where {" or ".join(f"({check.condition})" for check in checks)}
        ),
        found as (
            select
                row_id,
                _file_name,
                _sheet_name,
                _row_number,
                list_filter([{faults}], fault -> fault is not null) as faults
            from suspects
        ),
        accepted as (
            select file_name, sheet_name, row_number, list(rule) as rules
            from corrections where action = 'accept' and state = 'applied'
            group by file_name, sheet_name, row_number
        ),
        standing as (
            select
                found.row_id,
                list_filter(
                    any_value(found.faults),
                    fault -> not list_contains(
                        coalesce(flatten(list(accepted.rules)), []), fault.rule
                    )
                ) as faults
            from found
            left join accepted
                on
                    found._file_name = accepted.file_name
                    and (
                        accepted.row_number is null
                        or (
                            found._sheet_name = accepted.sheet_name
                            and found._row_number = accepted.row_number
                        )
                    )
            group by found.row_id
        )
        select * from standing where len(faults) > 0
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


def _sift_rejected(connection: duckdb.DuckDBPyConnection, dataset: Dataset) -> None:
    """Refuse the rows that a correction rejects."""
    connection.execute(
        f"""
        create or replace temp table faulty as
        select
            raw.rowid as row_id,
            any_value(corrections.column_name) as column_name,
            string_agg(
                correction_id || ': ' || reason_en, '; ' order by correction_id
            ) as detail
        from raw.{dataset.name} as raw
        inner join corrections
            on
                raw._file_name = corrections.file_name
                and raw._sheet_name = corrections.sheet_name
                and raw._row_number = corrections.row_number
        where corrections.action = 'reject' and corrections.state = 'applied'
        group by raw.rowid
        """
    )
    _move(connection, dataset, "'rejected_by_correction'", "column_name", "faulty.detail")


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


def _not_accepted(rule: str) -> str:
    """A condition on a row of `raw`: no correction accepts what this rule finds in it."""
    return f"""
        not exists (
            select 1 from corrections
            where
                action = 'accept' and state = 'applied' and rule = '{rule}'
                and corrections.file_name = raw._file_name
                and (
                    corrections.row_number is null
                    or (
                        corrections.sheet_name = raw._sheet_name
                        and corrections.row_number = raw._row_number
                    )
                )
        )
    """


def _sift_periods(connection: duckdb.DuckDBPyConnection, dataset: Dataset) -> None:
    """Refuse the months of a year that is returned as a whole too: they would count twice."""
    keys = [column.name for column in dataset.columns if column.is_key and column.name != "month"]
    same = " and ".join(
        f"raw.{name} is not distinct from whole.{name}" for name in ("_vintage", *keys)
    )
    connection.execute(
        f"""
        create or replace temp table faulty as
        select
            raw.rowid as row_id,
            any_value(whole._file_name || ' row ' || whole._row_number) as detail
        from raw.{dataset.name} as raw
        inner join raw.{dataset.name} as whole on {same}
        where raw.month is not null and whole.month is null
        group by raw.rowid
        """
    )
    _move(connection, dataset, "'period_returned_twice'", "'month'", "faulty.detail")


def _sift_factors(connection: duckdb.DuckDBPyConnection) -> None:
    """Refuse energy that is not what its quantity can give: a coefficient off by a power of ten."""
    rule = "factor_out_of_range"
    connection.execute(
        f"""
        create or replace temp table faulty as
        with known as (
            select
                fuel_code,
                min(tce_per_unit_min::double) as smallest,
                max(tce_per_unit_max::double) as largest
            from reference('factors/tce_factors.csv')
            group by fuel_code
        )
        select
            raw.rowid as row_id,
            raw.energy_tce || ' tce of ' || raw.consumption_quantity || ' ' || raw.unit || ' '
                || raw.fuel_code || ' is '
                || round(
                    raw.energy_tce::double
                    / nullif(raw.consumption_quantity::double * units.to_unit_factor::double, 0),
                    6
                )
                || ' tce per ' || units.unit || ', known are ' || known.smallest || ' to '
                || known.largest as detail
        from raw.{ENTERPRISE_ENERGY} as raw
        inner join units on raw.unit = units.unit_label
        inner join known on raw.fuel_code = known.fuel_code
        where
            raw.consumption_quantity::double > 0
            and raw.energy_tce::double
            not between known.smallest / threshold('tce_factor_ratio_max')
            * raw.consumption_quantity::double * units.to_unit_factor::double
            and known.largest * threshold('tce_factor_ratio_max')
            * raw.consumption_quantity::double * units.to_unit_factor::double
            and {_not_accepted(rule)}
        """
    )
    _move(connection, _energy_dataset(), f"'{rule}'", "'energy_tce'", "faulty.detail")


def _sift_yearly(connection: duckdb.DuckDBPyConnection, dataset: Dataset) -> None:
    """Refuse a row one of whose figures is many times what it is in every near year."""
    limits = [row for row in read_rows(YEARLY_LIMITS) if row["dataset"] == dataset.name]
    keys = [column.name for column in dataset.columns if column.is_key and column.name != "year"]
    for row in limits:
        name = row["column_name"]
        same = " and ".join(f"raw.{key} is not distinct from peer.{key}" for key in keys)
        connection.execute(
            f"""
            create or replace temp table faulty as
            select
                raw.rowid as row_id,
                raw.year || ': ' || any_value(raw.{name}) || ' against ' || string_agg(
                    distinct peer.year || ' ' || peer.{name}, ', '
                    order by peer.year || ' ' || peer.{name}
                ) as detail
            from raw.{dataset.name} as raw
            inner join raw.{dataset.name} as peer
                on {same} and abs(raw.year::int - peer.year::int) between 1 and 2
            where
                raw.{name}::double > 0 and peer.{name}::double > 0
                and {_not_accepted("value_jump")}
            group by raw.rowid, raw.year
            having
                bool_and(
                    abs(ln(raw.{name}::double / peer.{name}::double))
                    > ln(threshold('{row["maximum_threshold_id"]}'))
                )
                and is_suspect(
                    bool_or(raw.year > peer.year), count(distinct peer.year)
                )
            """
        )
        _move(connection, dataset, "'value_jump'", f"'{name}'", "faulty.detail")


ENTERPRISE_ENERGY = "park_returns_enterprise_energy"
PARK_FACTS = "park_returns_park_facts"


def _energy_dataset() -> Dataset:
    return Dataset(ENTERPRISE_ENERGY, "", "", "records", ())


def _sift_roll_up(connection: duckdb.DuckDBPyConnection) -> None:
    """Refuse what the enterprises of a park used of a fuel if it is more than the park says.

    Compared is what can be added up: coal net of what washing gives back, and single fuels. The
    park's largest figure counts, of whatever boundary or edition. Energy in standard coal cannot
    be added: what a power plant burns and what it sells would both be in it.
    """
    rule = "enterprises_exceed_park"
    rows = read_rows(ROLL_UPS)
    columns = sorted({row["park_column"] for row in rows})
    figures = ", ".join(f"max({name}::double) as {name}" for name in columns)
    connection.execute(
        f"""
        create or replace temp table faulty as
        with facts as (
            unpivot (
                select park_id, year, {figures} from raw.{PARK_FACTS} group by park_id, year
            ) on {", ".join(columns)} into name park_column value park_quantity
        ),
        used as (
            select
                enterprises.rowid as row_id,
                enterprises.park_id,
                enterprises.year,
                enterprises._vintage,
                roll_ups.park_column,
                (
                    enterprises.consumption_quantity::double - case
                        when roll_ups.is_net_of_output = 'true'
                            then coalesce(enterprises.transformation_output_quantity::double, 0)
                        else 0
                    end
                ) * units.to_unit_factor::double as quantity
            from raw.{ENTERPRISE_ENERGY} as enterprises
            inner join units on enterprises.unit = units.unit_label
            inner join reference('{ROLL_UPS}') as roll_ups
                on enterprises.fuel_code = roll_ups.fuel_code
            where enterprises.consumption_quantity is not null
        ),
        sums as (
            select park_id, year, _vintage, park_column, sum(quantity) as quantity
            from used group by park_id, year, _vintage, park_column
        ),
        exceeded as (
            select
                sums.*,
                'the returns of the enterprises of ' || sums.park_id || ' ' || sums.year
                    || ' add up to ' || round(sums.quantity, 3) || ', ' || sums.park_column
                    || ' of the park is ' || facts.park_quantity as detail
            from sums
            inner join facts using (park_id, year, park_column)
            where sums.quantity > facts.park_quantity * (1 + threshold('roll_up_tolerance'))
        )
        select used.row_id, exceeded.detail
        from used
        inner join exceeded using (park_id, year, _vintage, park_column)
        inner join raw.{ENTERPRISE_ENERGY} as raw on used.row_id = raw.rowid
        where {_not_accepted(rule)}
        """
    )
    _move(connection, _energy_dataset(), f"'{rule}'", "'consumption_quantity'", "faulty.detail")


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
        select files.file_number, raw._sheet_name, raw._row_number, 0, moved.column_at_fault,
            {text}, moved.rule_broken, moved.what_is_wrong
        from (
            select row_id, {column} as column_at_fault, {rule} as rule_broken,
                {detail} as what_is_wrong
            from faulty
        ) as moved
        inner join raw.{dataset.name} as raw on moved.row_id = raw.rowid
        inner join files on raw._load_id = files.load_id;
        delete from raw.{dataset.name} where rowid in (select row_id from faulty);
        """
    )
