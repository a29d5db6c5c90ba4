"""`greenpark query`: analysts' SQL on the published version."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from orchestration import words
from orchestration.cli.options import as_option, home_option, reader, resolve, stdout, usage, width
from orchestration.errors import GreenparkError

if TYPE_CHECKING:
    import duckdb

    from orchestration.publishing.audiences import Name as Readers
    from orchestration.serving.output import Sink
    from orchestration.serving.query import Limits, Result

TABLE_ROWS = 1000  # shown unless --limit says otherwise


@click.command()
@click.argument("sql", required=False)
@home_option
@as_option("admin")
@click.option(
    "--file",
    type=click.Path(path_type=Path),
    metavar="F",
    help="Read the SQL from a file.",
)
@click.option(
    "--format",
    "fmt",
    type=click.Choice(["table", "csv", "json", "markdown", "parquet"]),
    help="Default: by the ending of --output, else table. parquet needs --output.",
)
@click.option("--output", type=click.Path(path_type=Path), metavar="F", help="Write to a file.")
@click.option(
    "--limit",
    type=click.IntRange(min=1),
    metavar="N",
    help=f"Rows at most. Default: {TABLE_ROWS} for table, else all, if not over ten million.",
)
@click.option(
    "--seconds",
    type=click.IntRange(min=1),
    metavar="N",
    help="Stop the query after so long. Default: ten minutes.",
)
@click.option(
    "--memory",
    metavar="SIZE",
    help="What it may hold in memory; more goes to disk. Default: GREENPARK_MEMORY, else 2GB.",
)
@click.option("--threads", type=click.IntRange(min=1), metavar="N", help="Threads. Default: two.")
def query(
    sql: str | None,
    home: Path | None,
    readers: Readers,
    file: Path | None,
    fmt: str | None,
    output: Path | None,
    limit: int | None,
    seconds: int | None,
    memory: str | None,
    threads: int | None,
) -> None:
    """Run SQL on the published version, which it cannot change.

    SQL is the statement itself, or - to read it from stdin.

    \b
    Example:
      greenpark query "select year, co2_t from indicators.province_year"
      greenpark query --file cities.sql --output cities.csv
    """
    from orchestration.serving import output as outputs
    from orchestration.serving import query as serving

    if (sql is None) == (file is None):
        raise usage("give either SQL (or - for stdin) or --file")
    fmt = fmt or (serving.FORMATS.get(output.suffix.lower()) if output else None) or "table"
    if fmt == "parquet" and output is None:
        raise usage("--format parquet needs --output")
    if limit is None and fmt == "table":
        limit = TABLE_ROWS
    statement = _statement(sql, file)
    allowed = _allowed(seconds, memory, threads)
    with (
        serving.bounded(allowed),
        reader(resolve(home), allowed.memory, allowed.settings(), readers) as connection,
        serving.within(connection, allowed.seconds),
    ):
        most = limit or allowed.rows
        if output is None:
            result = serving.run(connection, statement)
            count, cut = _write(result, stdout(), fmt, most, width())
            _refuse_rest(cut and limit is None, most)
        else:
            with outputs.replacing(output) as draft:
                count, cut = _write_file(connection, statement, draft, fmt, most)
                _refuse_rest(cut and limit is None, most)
        twins = [] if count else serving.twins_of(connection, statement)
    if twins:
        click.echo(words.say(f"No rows; reconstructed ones are in {', '.join(twins)}"), err=True)
    if cut:
        said = f"Only the first {limit} rows; --limit N shows more, --output F.csv writes all."
        click.echo(words.say(said), err=True)
    if output is not None:
        click.echo(words.say(f"{count} rows written to {output}"), err=True)


def _allowed(seconds: int | None, memory: str | None, threads: int | None) -> Limits:
    """What a query may take, by what is said of it."""
    from dataclasses import replace

    from orchestration.serving.query import LIMITS
    from orchestration.settings import size_bytes

    size = memory or os.environ.get("GREENPARK_MEMORY") or LIMITS.memory
    size_bytes(size)
    return replace(
        LIMITS,
        seconds=seconds or LIMITS.seconds,
        memory=size,
        threads=threads or LIMITS.threads,
    )


def _refuse_rest(is_cut: bool, rows: int) -> None:
    """Raise GreenparkError if a result that was asked for whole was cut."""
    if is_cut:
        raise GreenparkError(
            f"the result has more than {rows} rows", "narrow it, or say how many with --limit"
        )


def _statement(sql: str | None, file: Path | None) -> str:
    if sql is not None and sql != "-":
        return sql
    try:
        raw = sys.stdin.buffer.read() if file is None else file.read_bytes()
        return raw.decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise GreenparkError(
            f"cannot read {file or 'stdin'}: {getattr(error, 'strerror', None) or error}",
            "give the SQL as UTF-8 text",
        ) from error


def _write_file(
    connection: duckdb.DuckDBPyConnection, statement: str, path: Path, fmt: str, limit: int | None
) -> tuple[int, bool]:
    """Write the result to a file; return how many rows, and if any were left."""
    from orchestration.serving import query as serving

    if fmt == "parquet":
        return serving.write_parquet(connection, statement, path, limit)
    with path.open("w", encoding="utf-8", newline="") as sink:
        return _write(serving.run(connection, statement), sink, fmt, limit, None)


def _write(
    result: Result, sink: Sink, fmt: str, limit: int | None, width: int | None
) -> tuple[int, bool]:
    from itertools import islice

    from orchestration.serving import output, query

    if fmt != "table":
        return query.write(result, sink, fmt, limit)
    rows = list(islice(result.rows, limit))
    sink.write(output.table(result.columns, rows, width, null="NULL"))
    return len(rows), next(result.rows, None) is not None
