"""`greenpark new-dataset`: the rows, description and staging model of a new dataset."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import click

from orchestration import words
from orchestration.cli.options import usage


@click.command("new-dataset")
@click.argument("name")
@click.option(
    "--kind",
    type=click.Choice(["matrix", "records"]),
    default="matrix",
    show_default=True,
    help="matrix: labels down and across; records: a list with fixed columns.",
)
@click.option("--label-zh", metavar="TEXT", help="Chinese name. Needed for a new dataset.")
@click.option("--label-en", metavar="TEXT", help="English name. Needed for a new dataset.")
@click.option(
    "--concepts",
    default="region,year,item,fuel",
    show_default=True,
    help="What the labels of a matrix are; or region,year,indicator.",
)
@click.option(
    "--from",
    "sample",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE",
    help="A file whose headings give the columns of a list.",
)
@click.option(
    "--header-row",
    type=click.IntRange(min=1),
    default=1,
    show_default=True,
    help="Row of --from that holds the headings.",
)
def new_dataset(
    name: str,
    kind: Literal["matrix", "records"],
    label_zh: str | None,
    label_en: str | None,
    concepts: str,
    sample: Path | None,
    header_row: int,
) -> None:
    """Scaffold a dataset: catalogue rows, source description, staging model.

    NAME is publisher_product_things. Nothing that stands is overwritten but the description of
    the raw table, which is made from the catalogue: run it again after editing the catalogue.

    \b
    Example:
      greenpark new-dataset city_yearbooks_water_use --kind records \\
          --from water.csv --label-zh 用水量 --label-en "Water use"
    """
    from orchestration.landing.map.catalogue import read_datasets
    from orchestration.proposing import new_columns, scaffold

    known = read_datasets().get(name)
    if known is None and not (label_zh and label_en):
        raise usage(f"{name} is new: give --label-zh and --label-en")
    if known:
        kind = "matrix" if known.kind == "matrix" else "records"
    done = scaffold.new_dataset(
        name,
        kind,
        label_zh or "",
        label_en or "",
        known.concepts if known else concepts.split(",") if kind == "matrix" else (),
        new_columns.headings(sample, header_row) if sample else (),
    )
    for path in done.written:
        click.echo(words.say(f"wrote {scaffold.shown(path)}"))
    for path in done.kept:
        click.echo(words.say(f"kept  {scaffold.shown(path)}"))
    for line in done.to_do:
        click.echo(words.say(f"TODO  {line}"))
    if done.to_do:
        said = (
            "Say what is left to do, look at type, unit, is_required and is_key_column of each "
            f"column, then run again: greenpark new-dataset {name}"
        )
        click.echo(words.say(said), err=True)
    else:
        said = f"Next: greenpark describe FILE --as {name} writes the sidecar; then make refresh."
        click.echo(words.say(said), err=True)
