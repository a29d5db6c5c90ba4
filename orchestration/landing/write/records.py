"""Lists with fixed columns, landed in blocks; the rules judge them in the database.

What a column must be stands in `catalog/dataset_columns.csv`, so that a new list needs no code.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from orchestration import full_width
from orchestration.landing.map.catalogue import Column, Dataset
from orchestration.landing.map.cell import Cell
from orchestration.landing.map.labels import BLANKS
from orchestration.landing.map.list_words import ListWords

Refuse = Callable[[duckdb.DuckDBPyConnection, int, list[Cell]], int]
PROVENANCE = """
    _load_id varchar, _file_name varchar, _sheet_name varchar, _row_number bigint,
    _column_number bigint, _column_name varchar, _vintage bigint, _source_id varchar,
    _origin varchar
"""
PROVENANCE_NAMES = [column.split()[0] for column in PROVENANCE.split(",")]
ROW_GROUP = 122_880  # rows DuckDB stores together


def table(dataset: Dataset) -> str:
    """The statement that makes the empty raw table of a list; everything in it is text."""
    columns = ", ".join(f'"{column.name}" varchar' for column in dataset.columns)
    return f"create table raw.{dataset.name} ({PROVENANCE}, {columns})"


def stage(
    connection: duckdb.DuckDBPyConnection,
    number: int,
    words: ListWords,
    rows: Iterator[pa.RecordBatch | Cell],
    refuse: Refuse,
    scales: dict[str, float],
) -> int:
    """Put the rows of one file into its raw table, block by block; returns how many there were.

    A row without any text is no row. `scales` fills before the first rows come: what the figures of
    a column are multiplied by, because the file prints another unit.
    """
    dataset = words.dataset
    count = 0
    for item in _ahead(rows):
        if isinstance(item, Cell):
            count += refuse(connection, number, [item])
        else:
            given = set(item.schema.names)
            columns = [column for column in dataset.columns if column.name in given]
            anything = " or ".join(f"batch.{column.name} <> ''" for column in columns)
            batch = _pieces(words.meant(_trimmed(item)))  # noqa: F841, DuckDB finds it by its name
            is_plain = words.plain - scales.keys()
            values = ", ".join(
                _landed(column, scales, column.name in is_plain) for column in columns
            )
            names = ", ".join(f'"{column.name}"' for column in columns)
            statement = f"""
                insert into raw.{dataset.name} ({", ".join(PROVENANCE_NAMES)}, {names})
                select
                    files.load_id, files.file_name, batch.sheet_name, batch.row_number, 0, '',
                    files.vintage, files.source_id, files.origin, {values}
                from batch cross join files
                where files.file_number = {number} and ({anything})
            """
            ((landed,),) = connection.execute(statement).fetchall()
            count += landed
    return count


def _ahead(rows: Iterator[pa.RecordBatch | Cell]) -> Iterator[pa.RecordBatch | Cell]:
    """The same, each read while the one before it is worked on."""
    with ThreadPoolExecutor(max_workers=1) as reader:
        following = reader.submit(next, rows, None)
        while (item := following.result()) is not None:
            following = reader.submit(next, rows, None)
            yield item


def _trimmed(batch: pa.RecordBatch) -> pa.RecordBatch:
    """Text without blanks around it; Arrow does this many times as fast as SQL."""
    columns = [
        pc.utf8_trim(column, characters=BLANKS) if pa.types.is_string(column.type) else column
        for column in batch.columns
    ]
    return pa.RecordBatch.from_arrays(columns, batch.schema.names)


def _pieces(batch: pa.RecordBatch) -> pa.Table:
    """In pieces of the size of DuckDB's row groups, so that it compresses several at once."""
    pieces = [batch.slice(at, ROW_GROUP) for at in range(0, max(len(batch), 1), ROW_GROUP)]
    return pa.Table.from_batches(pieces)


def drop_file(connection: duckdb.DuckDBPyConnection, number: int, dataset: Dataset) -> None:
    """Take back what was landed of a file that turned out to be unreadable."""
    connection.execute(
        f"""
        delete from raw.{dataset.name}
        where _load_id = (select load_id from files where file_number = {number})
        """
    )


def _landed(column: Column, scales: dict[str, float], is_plain: bool) -> str:
    """A value as landed: numbers in plain digits and the unit of the column, nothing as null."""
    text = f"batch.{column.name}"
    if is_plain or not column.is_number:
        return f"nullif({text}, '') as {column.name}"
    wide, narrow = full_width.NUMBERS
    plain = f"translate({text}, '{wide}', '{narrow}')"
    if column.name in scales:
        number = f"try_cast(replace({plain}, ',', '') as double)"
        return f"""
            case
                when regexp_full_match({plain}, getvariable('number_pattern'))
                    then format('{{:.15g}}', {number} * {scales[column.name]!r})
                else nullif({text}, '')
            end as {column.name}
        """
    return f"""
        case
            when try_cast({text} as double) is not null then {text}
            when regexp_full_match({plain}, getvariable('number_pattern'))
                then replace({plain}, ',', '')
            else nullif({text}, '')
        end as {column.name}
    """
