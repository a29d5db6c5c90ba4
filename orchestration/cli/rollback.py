"""`greenpark rollback`: an earlier version made current."""

from __future__ import annotations

from pathlib import Path

import click

from orchestration import words
from orchestration.cli.options import home_option, resolve


@click.command()
@click.argument("version", required=False)
@home_option
def rollback(version: str | None, home: Path | None) -> None:
    """Make an earlier version current: VERSION, or the one before the current.

    Nothing is deleted; name the newer version to go back to it.

    \b
    Example:
      greenpark rollback
      greenpark rollback 20261122T221801Z-ab12cd34
    """
    from orchestration.publishing import releases

    now = releases.rollback(resolve(home), version)
    click.echo(words.say(f"current is {now.version}"))
