"""`greenpark export`: published tables as files."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from orchestration import words
from orchestration.cli.options import as_option, home_option, reader, resolve, usage

if TYPE_CHECKING:
    from orchestration.publishing.audiences import Name as Readers

FORMATS = ["csv", "parquet", "xlsx", "sqlite"]


@click.command()
@click.argument("tables", nargs=-1)
@home_option
@as_option("admin")
@click.option("--format", "fmt", type=click.Choice(FORMATS), default="csv", show_default=True)
@click.option(
    "--output",
    type=click.Path(path_type=Path),
    default=Path("greenpark_export"),
    show_default=True,
    metavar="DIR",
    help="Folder to write to; made if missing.",
)
@click.option("--bom", is_flag=True, help="Start each CSV with a byte order mark, for Excel.")
def export(
    tables: tuple[str, ...],
    home: Path | None,
    readers: Readers,
    fmt: str,
    output: Path,
    bom: bool,
) -> None:
    """Write published tables to files and print their paths.

    TABLES are `schema.table`, `table` or `schema`; without any, all of reference, emissions,
    indicators and quality. A workbook has labels and units in both languages above the columns;
    sqlite is one file, with the metadata that datasette reads. A text that a spreadsheet would take
    for a formula is escaped.

    \b
    Example:
      greenpark export bi --format xlsx
      greenpark export indicators quality.reconciliation --bom --output for-excel
    """
    from orchestration.serving import export as serving

    if bom and fmt != "csv":
        raise usage("--bom is for --format csv")
    rows = 0
    with reader(resolve(home), readers=readers) as connection:
        chosen = serving.choose(connection, tables)
        paths = []
        for written in serving.export(connection, chosen, fmt, output, bom):
            rows += written.rows
            if written.path not in paths:
                paths.append(written.path)
                click.echo(written.path)
        files = len(paths)
    click.echo(words.say(f"{files} files, {rows:,} rows"), err=True)
