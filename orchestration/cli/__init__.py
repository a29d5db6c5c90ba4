"""The command line. Results go to stdout, everything else to stderr; 0 is success.

One file for each command. Nothing heavy is imported before a command needs it: `greenpark --help`
has to be immediate.
"""

from __future__ import annotations

import sys

import click

from orchestration.cli.bi import bi
from orchestration.cli.check import check
from orchestration.cli.describe import describe
from orchestration.cli.explain import explain
from orchestration.cli.export import export
from orchestration.cli.frontier import frontier
from orchestration.cli.group import Group
from orchestration.cli.inventory import inventory
from orchestration.cli.land import land
from orchestration.cli.lineage import lineage
from orchestration.cli.model import model
from orchestration.cli.new_dataset import new_dataset
from orchestration.cli.path import path
from orchestration.cli.query import query
from orchestration.cli.refresh import refresh
from orchestration.cli.report import report
from orchestration.cli.restatement import restatement
from orchestration.cli.rollback import rollback
from orchestration.cli.scorecard import scorecard
from orchestration.cli.serve import serve
from orchestration.cli.sign_off import sign_off
from orchestration.cli.site import site
from orchestration.cli.status import status
from orchestration.cli.template import template
from orchestration.cli.ui import ui
from orchestration.cli.verify import verify
from orchestration.cli.versions import versions

INPUT = (template, describe, check, sign_off, new_dataset)
BUILDING = (refresh, land, model, ui)
READING = (
    status,
    query,
    export,
    report,
    explain,
    inventory,
    scorecard,
    frontier,
    restatement,
    path,
    site,
    lineage,
    serve,
    bi,
)
VERSIONS = (versions, verify, rollback)


@click.group(cls=Group, context_settings={"help_option_names": ["-h", "--help"]})
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


for command in (*INPUT, *BUILDING, *READING, *VERSIONS):
    main.add_command(command)
