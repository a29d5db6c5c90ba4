"""`greenpark inventory`: the report of a park's account."""

from __future__ import annotations

from pathlib import Path

import click

from orchestration import words
from orchestration.cli.options import (
    folder_option,
    formats_option,
    home_option,
    lang_option,
    listed,
    reader,
    resolve,
)

FORMATS = "html,pdf,xlsx,json"


@click.command()
@click.argument("park_id", metavar="PARK")
@click.argument("year", type=int)
@home_option
@lang_option
@click.option("--method", required=True, metavar="NAME", help="Such as report_2023 or ceads.")
@formats_option(FORMATS)
@folder_option
def inventory(
    park_id: str,
    year: int,
    home: Path | None,
    lang: str,
    method: str,
    formats: str,
    output: Path,
) -> None:
    """Write the inventory report of a park and print the paths of its files.

    Boundary, results, activity data with their status, factors with their sources, uncertainty and
    what changed since the year before. The workbook calculates with the cells as they were
    returned. All files carry the SHA-256 of the content, which is that of the JSON file.

    \b
    Example:
      greenpark inventory P01 2020 --method report_2023 --lang zh --output reports
    """
    from orchestration.inventory.facts import content_hash, gather
    from orchestration.inventory.write import write

    wanted = listed(
        formats,
        FORMATS.split(","),
        lambda name: f"there is no format {name}; there are {FORMATS}",
    )
    with reader(resolve(home)) as connection:
        facts = gather(connection, park_id, year, method)
    for path in write(facts, lang, wanted, output):
        click.echo(path)
    click.echo(words.say(f"content {content_hash(facts)}"), err=True)
