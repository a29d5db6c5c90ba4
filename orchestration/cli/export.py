"""`greenpark export`: published tables as files."""

from __future__ import annotations

from pathlib import Path

import click

from orchestration import words
from orchestration.cli.options import home_option, reader, resolve, usage


@click.command()
@click.argument("tables", nargs=-1)
@home_option
@click.option("--format", "fmt", type=click.Choice(["csv", "parquet"]), default="csv")
@click.option(
    "--output",
    type=click.Path(path_type=Path),
    default=Path("greenpark_export"),
    show_default=True,
    metavar="DIR",
    help="Folder to write to; made if missing.",
)
@click.option("--bom", is_flag=True, help="Start each CSV with a byte order mark, for Excel.")
def export(tables: tuple[str, ...], home: Path | None, fmt: str, output: Path, bom: bool) -> None:
    """Write published tables to files and print their paths.

    TABLES are `schema.table`, `table` or `schema`; without any, all of reference, emissions,
    indicators and quality.

    \b
    Example:
      greenpark export indicators quality.reconciliation --bom --output for-excel
    """
    from orchestration.serving import export as serving

    if bom and fmt != "csv":
        raise usage("--bom is for --format csv")
    rows = files = 0
    with reader(resolve(home)) as connection:
        chosen = serving.choose(connection, tables)
        for written in serving.export(connection, chosen, fmt, output, bom):
            click.echo(written.path)
            files += 1
            rows += written.rows
    click.echo(words.say(f"{files} files, {rows:,} rows"), err=True)
