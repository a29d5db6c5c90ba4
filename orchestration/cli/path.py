"""`greenpark path`: the cheapest way of a park to its bound."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from orchestration import words
from orchestration.cli.options import home_option, json_option, print_json, reader, resolve, width


@click.command()
@click.argument("park_id", metavar="PARK")
@home_option
@json_option
@click.option("--by", "target_year", type=int, required=True, metavar="YEAR", help="Target year.")
@click.option(
    "--method",
    metavar="NAME",
    help="A method of the park account with a bound; needed where there are several.",
)
@click.option(
    "--output",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help="Also write the path as a return form, to be edited and handed in.",
)
@click.option("--force", is_flag=True, help="Replace files that are there.")
def path(
    park_id: str,
    home: Path | None,
    as_json: bool,
    target_year: int,
    method: str | None,
    output: Path | None,
    force: bool,
) -> None:
    """Find the cheapest path of a park to the zero-carbon bound by a year.

    Least cost by linear programming, from the measures in indicators.park_path_measures. Says what
    one more tonne costs; where the bound is out of reach, what stops it. The form that --output
    writes comes back as indicators.park_paths.

    \b
    Example:
      greenpark path P01 --by 2030 --output paths
    """
    from orchestration.paths import park

    with reader(resolve(home)) as connection:
        found = park.find(connection, park_id, target_year, method)
    if as_json:
        print_json(found)
    else:
        _show(found)
    if output is not None:
        for file in park.write(found, output, force):
            click.echo(file, err=as_json)


def _show(found: dict[str, Any]) -> None:
    from orchestration.serving import output

    def shown(rows: list[dict[str, Any]]) -> None:
        if rows:
            cells = [
                [output.number(v) if isinstance(v, float) else str(v) for v in row.values()]
                for row in rows
            ]
            click.echo(output.table(list(rows[0]), cells, width()), nl=False)

    head = {k: v for k, v in found.items() if not isinstance(v, list) and v is not None}
    shown([{"": key, "value": value} for key, value in head.items()])
    for name in ("steps", "years", "binding"):
        shown(found[name])
    if "default" in found["measure_basis"]:
        click.echo(words.say("potentials and costs are assumptions: return your own"), err=True)
