"""What no setting of DuckDB forbids a reader, and what would get round being looked for.

Superset's environment runs this file too, so it needs nothing but DuckDB.
"""

from __future__ import annotations

import re
from itertools import pairwise

import duckdb

# With a file, a log ends the process and a profile each query after it (DuckDB 1.5.5): the lock
# refuses the file where no error can be raised any more.
NAMED = ("enable_logging", "enable_profiling")
# These run a text that is made up as they run.
OF_TEXTS = ("query", "json_execute_serialized_sql")
NAME = re.compile(r'"((?:[^"]|"")*)"|\w+')


def forbidden(sql: str) -> str | None:
    """The first name in a query that a reader may not use; None if there is none.

    The first ones are refused wherever they stand, the others where they are called: `query` may
    be a column.
    """
    lower = sql.lower()
    for name in (*NAMED, OF_TEXTS[1]):
        if name in lower:
            return name
    text = lower.encode()
    places = [place for place, _ in duckdb.tokenize(lower)]
    for place, after in pairwise(places):
        found = NAME.match(text[place:after].decode())
        if found and (found[1] or found[0]) == OF_TEXTS[0] and text[after : after + 1] == b"(":
            return OF_TEXTS[0]
    return None
