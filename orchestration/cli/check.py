"""`greenpark check`: what would be landed, what refused, and why."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from orchestration.cli.options import data_option, home_option, lang_option, resolve, usage, width

if TYPE_CHECKING:
    from orchestration.landing.write.report import LandingReport
    from orchestration.settings import Home


@click.command()
@click.argument("files", nargs=-1, type=click.Path(path_type=Path))
@data_option
@home_option
@lang_option
@click.pass_context
def check(
    ctx: click.Context,
    files: tuple[Path, ...],
    data: tuple[Path, ...],
    home: Path | None,
    lang: str,
) -> None:
    """Say what would be landed, what refused, and why.

    Of all input: seeds/ and the folders of --data; or of FILES alone, each with the sidecar beside
    it. Nothing is kept: the landing goes to a database that is thrown away. Exits 1 if a row is
    refused (one superseded by --data is not).

    \b
    Example:
      greenpark check --data ~/yearbooks-2026
      greenpark check gdp_2024.xlsx
    """
    if files and data:
        raise usage("give either FILES or --data")
    if files:
        check_files(ctx, resolve(home), files, lang)
    else:
        check_input(ctx, resolve(home), data, lang)


def check_input(ctx: click.Context, home: Home, data: tuple[Path, ...], lang: str) -> None:
    """Check all input and exit 1 if a row is refused."""
    from orchestration.serving import landing_check

    found = landing_check.check(home, list(data), show_progress)
    click.echo(landing_check.render(found, lang, width()), nl=False)
    end(ctx, found, lang)


def check_files(
    ctx: click.Context,
    home: Home,
    files: tuple[Path, ...],
    lang: str,
    quiet: bool = False,
    is_proposed: bool = False,
) -> None:
    """Check some files and exit 1 if a row is refused.

    `quiet` leaves stdout to others. The notes on a file whose sidecar was just proposed were
    shown with the proposal.
    """
    from orchestration.serving import landing_check

    found = landing_check.check_files(home, files)
    click.echo(landing_check.render(found, lang, width()), nl=False, err=quiet)
    end(ctx, found, lang, with_notes=not is_proposed)


def show_progress(name: str, done: int, total: int) -> None:
    """Count the files on a terminal as they are read; silent elsewhere."""
    if sys.stderr.isatty():
        click.echo(f"\r\033[K{done}/{total} {name}", err=True, nl=done == total)


def end(ctx: click.Context, found: LandingReport, lang: str, with_notes: bool = True) -> None:
    """Tell what was refused and what should be known; exit 1 if a row was refused."""
    for note in found.notes if with_notes else []:
        click.echo(getattr(note, lang), err=True)
    for message in found.messages_zh if lang == "zh" else found.messages:
        click.echo(message, err=True)
    if found.rows_refused:
        ctx.exit(1)
