"""`greenpark lineage`: dbt's documentation as one page."""

from __future__ import annotations

from pathlib import Path

import click

from orchestration.cli.options import home_option, reader, resolve


@click.command()
@home_option
@click.option(
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    default=Path("lineage.html"),
    show_default=True,
    metavar="FILE",
    help="File to write.",
)
def lineage(home: Path | None, output: Path) -> None:
    """Write what each table is made of, with its SQL and columns, as one page for a browser.

    It is dbt's documentation, with descriptions in Chinese and English. The page
    runs scripts of its own and needs no network.

    \b
    Example:
      greenpark lineage --output lineage.html
    """
    from orchestration.serving import lineage as serving
    from orchestration.serving.output import replacing

    place = resolve(home)
    with reader(place) as connection:
        text = serving.page(place, connection)
    with replacing(output) as draft:
        draft.write_text(text, encoding="utf-8")
    click.echo(output)
