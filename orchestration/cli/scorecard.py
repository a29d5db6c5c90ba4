"""`greenpark scorecard`: one page about a park."""

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

FORMATS = "html,pdf"


@click.command()
@click.argument("park_id", metavar="PARK")
@click.argument("year", type=int)
@home_option
@lang_option
@formats_option(FORMATS)
@folder_option
def scorecard(
    park_id: str, year: int, home: Path | None, lang: str, formats: str, output: Path
) -> None:
    """Write the scorecard of a park, one page, and print the paths of its files.

    Output by land, carbon by output and output by carbon beside the best park of the type; land,
    water, energy, carbon and pollution in step; the frontier, computed now; the codes and grades;
    and the queries that lead to the returned cells.

    \b
    Example:
      greenpark scorecard P01 2020 --lang zh --output reports
    """
    from orchestration.inventory.facts import content_hash
    from orchestration.serving.scorecard import FORMATS as KNOWN
    from orchestration.serving.scorecard import gather, write

    wanted = listed(
        formats, KNOWN, lambda name: f"there is no format {name}; there are {', '.join(KNOWN)}"
    )
    with reader(resolve(home)) as connection:
        facts = gather(connection, park_id, year)
    for path in write(facts, lang, wanted, output):
        click.echo(path)
    click.echo(words.say(f"content {content_hash(facts)}"), err=True)
