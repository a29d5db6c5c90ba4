"""`greenpark status`: what is published."""

from __future__ import annotations

from pathlib import Path

import click

from orchestration.cli.options import (
    home_option,
    json_option,
    lang_option,
    page_width,
    print_json,
    reader,
    resolve,
    width,
)


@click.command()
@home_option
@lang_option
@json_option
@click.option(
    "--quarantine", is_flag=True, help="List the refused rows and why, and what was corrected."
)
def status(home: Path | None, lang: str, as_json: bool, quarantine: bool) -> None:
    """Show the published version: tables, landing, audit, reconciliation, freshness.

    \b
    Example:
      greenpark status --quarantine --lang zh
    """
    from orchestration.serving import status as serving

    place = resolve(home)
    with reader(place) as connection:
        found = serving.collect(connection, place, lang)
        if quarantine:
            found["quarantine"] = serving.quarantine(connection, lang)
            found["quarantine_closed"] = serving.quarantine_closed(connection)
    if as_json:
        print_json(found)
    else:
        # A list that is searched has a line for each row, however long.
        wide = width() if quarantine else page_width()
        click.echo(serving.render(found, lang, wide), nl=False)
