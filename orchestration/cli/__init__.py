"""The command line. Results go to stdout, everything else to stderr; 0 is success.

One file for each command, read when the command is asked for, and nothing heavy before it needs it:
what people type has to answer at once.
"""

from __future__ import annotations

import sys
from itertools import chain

import click

from orchestration.cli.group import Commands, Group

SECTIONS = {
    "Input": ("template", "describe", "check", "sign-off", "new-dataset"),
    "Build": ("refresh", "land", "model", "ui"),
    "Read": ("status", "query", "explain", "report", "export", "lineage"),
    "Parks": ("inventory", "scorecard", "frontier", "path", "restatement"),
    "Pages and programs": ("site", "bi", "serve"),
    "Versions": ("versions", "verify", "rollback"),
}


@click.group(
    cls=Group,
    sections=SECTIONS,
    commands=Commands(__name__, tuple(chain.from_iterable(SECTIONS.values()))),
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.version_option(package_name="greenpark")
@click.option("--debug", is_flag=True, help="Show the traceback of an error.")
def main(debug: bool) -> None:
    """Build, check and read the greenpark warehouse.

    \b
    Example:
      greenpark refresh
      greenpark query "select * from indicators.province_year"
    """
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # a locale without Chinese gets ?, not a traceback
            stream.reconfigure(errors="replace")
