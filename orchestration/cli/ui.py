"""`greenpark ui`: Dagster's web page."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from orchestration.cli.options import home_option, resolve


@click.command()
@home_option
@click.option("--port", type=click.IntRange(1, 65535), default=3000, show_default=True)
def ui(home: Path | None, port: int) -> None:
    """Open Dagster's web page on the graph of assets, reachable from this machine only.

    \b
    Example:
      greenpark ui --port 3001
    """
    from orchestration.serving.ui import ADDRESS, PAGE, prepare

    command, environment = prepare(resolve(home), port)
    click.echo(f"http://{ADDRESS}:{port}{PAGE}")
    sys.stdout.flush()
    os.execve(command[0], command, environment)
