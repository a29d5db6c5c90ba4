"""`greenpark model`: the short loop of whoever writes a model."""

from __future__ import annotations

import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import click

from orchestration import words
from orchestration.cli.options import data_option, home_option, resolve, width

ROWS = 10


@click.command()
@click.argument("name")
@data_option
@home_option
@click.option(
    "--rows", type=click.IntRange(min=0), default=ROWS, show_default=True, help="Rows to show."
)
@click.option("--fresh", is_flag=True, help="Land the input again and build every parent anew.")
@click.pass_context
def model(
    ctx: click.Context,
    name: str,
    data: tuple[Path, ...],
    home: Path | None,
    rows: int,
    fresh: bool,
) -> None:
    """Build one model in the work database, test it, lint it, show its first rows.

    What of its parents is missing or has changed is built before it. The first call lands the
    input; the database is kept. Readers see nothing of it. Exits 1 if the build, a test or the
    linter fails.

    \b
    Example:
      greenpark model region_year
      greenpark model stg_energy_yearbook__energy_balance --rows 3
    """
    from orchestration.transform import workbench

    place = resolve(home)
    path = workbench.find_model(name)
    lint = _start_lint(path)
    table, results = workbench.build(place, path, list(data), _say, fresh)
    told = {False: "built", True: "tested"}
    for result in results:
        mark = "failed" if result.failed else "warning" if result.warned else told[result.is_test]
        node = ".".join(result.unique_id.split(".")[2:])
        message = f": {result.message}" if result.failed or result.warned else ""
        click.echo(f"{words.say(mark)} {node} {result.seconds:.1f} s{message}", err=True)
    failed = any(result.failed for result in results)
    if rows and not failed:
        click.echo(workbench.first_rows(place, table, rows, width()), nl=False)
    if lint is not None:
        findings, _ = lint.communicate()
        failed = failed or lint.returncode != 0
        click.echo(findings if lint.returncode else words.say("lint passed"), err=True)
    if failed:
        ctx.exit(1)


def _say(text: str) -> None:
    click.echo(words.say(text), err=True)


def _start_lint(path: Path) -> subprocess.Popen[str] | None:
    """Start sqlfluff on a file, beside the build; None where it is not installed."""
    if find_spec("sqlfluff") is None:
        return None
    from orchestration.settings import PROJECT_ROOT

    return subprocess.Popen(
        [sys.executable, "-m", "sqlfluff", "lint", "--nocolor", str(path)],
        cwd=PROJECT_ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
