"""`greenpark restatement`: why accounts of parks differ between two versions."""

from __future__ import annotations

from pathlib import Path

import click

from orchestration import words
from orchestration.cli.options import home_option, json_option, print_json, resolve, width


@click.command()
@click.argument("before", required=False)
@click.argument("after", required=False)
@home_option
@json_option
@click.option("--park", metavar="ID", help="One park alone.")
@click.option("--method", metavar="NAME", help="One method alone.")
def restatement(
    before: str | None,
    after: str | None,
    home: Path | None,
    as_json: bool,
    park: str | None,
    method: str | None,
) -> None:
    """Say why the CO2 of parks differs between two published versions.

    BEFORE and AFTER are versions; without them, the current one and the one before it. The change
    of each account is told by data, factor, rule and boundary, in this order; the four add up.

    \b
    Example:
      greenpark restatement --park P01
    """
    from orchestration.serving import output
    from orchestration.serving import restatement as serving

    older, newer = serving.versions(resolve(home), before, after)
    columns, rows = serving.read(older, newer, park, method)
    if as_json:
        print_json([dict(zip(columns, row, strict=True)) for row in rows])
        return
    shown = [[output.number(v) if isinstance(v, float) else str(v) for v in row] for row in rows]
    if rows:
        click.echo(output.table(list(columns), shown, width()), nl=False)
    said = f"{len(rows)} accounts differ between {older.version} and {newer.version}"
    click.echo(words.say(said), err=True)
