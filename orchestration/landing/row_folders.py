"""All kinds of folders of rows: accounting methods, methods of the park account, reports."""

from __future__ import annotations

from pathlib import Path

import duckdb

from orchestration.landing import folders, methods, park_methods, reports

# In the order of loading: a report names methods.
MODULES = (methods, park_methods, reports)
KINDS = (methods.METHODS, park_methods.PARK_METHODS, reports.REPORTS)
METHOD_FOLDERS = frozenset(kind.folder for kind in KINDS if kind is not reports.REPORTS)


def load(connection: duckdb.DuckDBPyConnection, roots: list[Path]) -> None:
    """Make and check the united tables of every kind.

    Raises GreenparkError that names file and row of all that is wrong, in both languages.
    """
    for module in MODULES:
        module.load(connection, roots)


def check(roots: list[Path]) -> None:
    """Raise GreenparkError if a method or a report lacks anything, without a build."""
    folders.refuse_links(KINDS, roots)
    with duckdb.connect() as connection:
        load(connection, roots)
