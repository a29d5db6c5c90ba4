"""What no setting of DuckDB forbids a reader, and what would get round being looked for.

Superset's environment runs this file too, so it needs nothing but DuckDB.
"""

from __future__ import annotations

import re
from itertools import pairwise

import duckdb

# With a file, a log ends the process and a profile each query after it (DuckDB 1.5.5): the lock
# refuses the file where no error can be raised any more. The last, as QUERY, runs a text that is
# made up as it runs.
NAMED = ("enable_logging", "enable_profiling", "json_execute_serialized_sql")
QUERY = "query"
NAME = re.compile(r'"((?:[^"]|"")*)"|\w+')


def forbidden(sql: str) -> str | None:
    """The first name in a query that a reader may not use; None if there is none.

    Most are refused wherever they stand, `query` where it is called: it may be a column.
    """
    lower = sql.lower()
    for name in NAMED:
        if name in lower:
            return name
    text = lower.encode()
    places = [place for place, _ in duckdb.tokenize(lower)]
    for place, after in pairwise(places):
        found = NAME.match(text[place:after].decode())
        if found and (found[1] or found[0]) == QUERY and text[after : after + 1] == b"(":
            return QUERY
    return None
