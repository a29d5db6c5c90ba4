"""`greenpark refresh`: land, build, audit and publish."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from orchestration.cli.options import data_option, home_option, resolve
from orchestration.settings import EXCLUDABLE_ORIGINS

if TYPE_CHECKING:
    from orchestration.session import Engine


@click.command()
@data_option
@home_option
@click.option(
    "--as-of-vintage",
    type=click.IntRange(1900, 2200),
    metavar="YEAR",
    help="Build the marts as they would have stood with the editions up to YEAR.",
)
@click.option(
    "--without",
    multiple=True,
    type=click.Choice(EXCLUDABLE_ORIGINS),
    help="Leave out the files of this origin: no invented city or park. Repeatable; also "
    "GREENPARK_WITHOUT.",
)
@click.option("--strict", is_flag=True, help="Fail if any row is quarantined.")
@click.option(
    "--allow-shrink",
    is_flag=True,
    help="Publish even if regions or years of the current version are missing (data taken away).",
)
@click.option(
    "--engine",
    type=click.Choice(["duckdb", "spark"]),
    default="duckdb",
    show_default=True,
    help="What builds the models. Spark needs `make spark`; the marts are the same.",
)
@click.option(
    "--because",
    default="",
    metavar="REASON",
    help="Why figures move though no file did: code or rows of reference were changed. It is kept "
    "with the version.",
)
@click.option("--full", is_flag=True, help="Build all of it anew, and publish it in any case.")
@click.pass_context
def refresh(
    ctx: click.Context,
    data: tuple[Path, ...],
    home: Path | None,
    as_of_vintage: int | None,
    without: tuple[str, ...],
    strict: bool,
    allow_shrink: bool,
    engine: Engine,
    because: str,
    full: bool,
) -> None:
    """Land, build, audit and publish a new version.

    What has not changed since the run before is kept; where nothing has, nothing is published.

    \b
    Example:
      greenpark refresh --data ~/yearbooks-2026
      greenpark refresh --as-of-vintage 2021
      greenpark refresh --without reconstructed
      greenpark refresh --because "heat is counted by its own factor"
    """
    from orchestration.refresh import refresh as run

    asked = resolve(home), list(data), as_of_vintage, strict, allow_shrink, engine, without, full
    ctx.exit(run(*asked, because))
