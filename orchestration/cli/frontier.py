"""`greenpark frontier`: parks against the best of their type, by linear programs."""

from __future__ import annotations

from pathlib import Path

import click

from orchestration import words
from orchestration.cli.options import (
    home_option,
    json_option,
    listed,
    print_json,
    reader,
    resolve,
    width,
)

INPUTS = "land,water,energy,carbon"
SHOWN = (
    "park_id", "structure", "peer_count", "ccr_efficiency", "bcc_efficiency", "scale_efficiency",
    "returns_to_scale", "peers", "idle",
)  # fmt: skip


@click.command()
@click.argument("year", type=int, required=False)
@home_option
@json_option
@click.option("--park", metavar="ID", help="One park alone.")
@click.option(
    "--inputs",
    default=INPUTS,
    show_default=True,
    metavar="LIST",
    help="Inputs, separated by commas.",
)
def frontier(
    year: int | None, home: Path | None, as_json: bool, park: str | None, inputs: str
) -> None:
    """Say how far parks are from the frontier of their type, and by which peers.

    YEAR is the last one by default. A park with an efficiency of 0.8 makes what it makes with 80 %
    of its land, water, energy and carbon if it does as its peers do: at any size (CCR), or at its
    own (BCC). Computed now, from the published tables; it is in no table itself.

    \b
    Example:
      greenpark frontier 2020 --park P01
    """
    from orchestration.serving import frontier as serving
    from orchestration.serving import output

    wanted = listed(
        inputs,
        (*serving.INPUTS, "air_pollutants"),
        lambda name: f"there is no input {name}; there are {INPUTS},air_pollutants",
    )
    with reader(resolve(home)) as connection:
        places = [place.as_row() for place in serving.places(connection, year, park, wanted)]
    if as_json:
        print_json(places)
        return
    rows = [
        [
            f"{row[name]:.3f}" if isinstance(row[name], float) else str(row[name] or "")
            for name in SHOWN
        ]
        for row in places
    ]
    click.echo(output.table(list(SHOWN), rows, width()), nl=False)
    small = sum(row["is_sample_small"] for row in places)
    said = (
        f"{len(places)} parks of {places[0]['year']}, {small} of them in a group too small to tell"
    )
    click.echo(words.say(said), err=True)
