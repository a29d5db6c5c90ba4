"""The command line. Results go to stdout, everything else to stderr; 0 is success.

One file for each command, read when the command is asked for, and nothing heavy before it needs it:
what people type has to answer at once.
"""

from __future__ import annotations

import sys

import click

from orchestration.cli.group import Commands, Group

INPUT = ("template", "describe", "check", "sign-off", "new-dataset")
BUILDING = ("refresh", "land", "model", "ui")
READING = (
    "status",
    "query",
    "export",
    "report",
    "explain",
    "inventory",
    "scorecard",
    "frontier",
    "restatement",
    "path",
    "site",
    "lineage",
    "serve",
    "bi",
)
VERSIONS = ("versions", "verify", "rollback")


@click.group(
    cls=Group,
    commands=Commands(__name__, (*INPUT, *BUILDING, *READING, *VERSIONS)),
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
