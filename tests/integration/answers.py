"""How the documents print the answer of a query."""

from __future__ import annotations

import duckdb


def printed(connection: duckdb.DuckDBPyConnection, sql: str) -> str:
    """The answer as a page prints it: a heading, a row a line, numbers to five digits."""
    found = connection.execute(sql)
    names = [column[0] for column in found.description]
    cells = [[_cell(value) for value in row] for row in found.fetchall()]
    widths = [max(len(text) for text in column) for column in zip(names, *cells, strict=True)]
    lines = [
        "  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip()
        for row in [names, *cells]
    ]
    return "\n".join(lines) + "\n"


def _cell(value: object) -> str:
    if value is None:
        return "-"
    if isinstance(value, bool):
        return str(value).lower()
    return f"{value:.5g}" if isinstance(value, float) else str(value)
