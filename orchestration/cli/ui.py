"""`greenpark ui`: Dagster's web page."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from orchestration import stopping
from orchestration.cli.options import home_option, resolve


@click.command()
@home_option
@click.option("--port", type=click.IntRange(1, 65535), default=3000, show_default=True)
@click.pass_context
def ui(ctx: click.Context, home: Path | None, port: int) -> None:
    """Open Dagster's web page on the graph of assets, reachable from this machine only.

    Open the address that is printed: its token lets your browser in and no
    other page.

    \b
    Example:
      greenpark ui --port 3001
    """
    from orchestration.serving.ui import prepare

    address, command, environment = prepare(resolve(home), port)
    click.echo(address)
    sys.stdout.flush()
    ctx.exit(stopping.run(command, environment))
