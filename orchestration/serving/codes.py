"""What codes are called, for commands that print them to people."""

from __future__ import annotations

from typing import Any

import duckdb

from orchestration.serving import query


class Codes:
    """The words of `reference.codes` in one language; a code without words stays as it is."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, lang: str) -> None:
        self.lang = lang
        self._said: dict[tuple[str, str], str] = {}
        if query.has_table(connection, "reference", "codes"):  # not in a version of old
            found = connection.execute(
                f"select column_name, code, label_{lang} from reference.codes"
            ).fetchall()
            self._said = {(column, code): label for column, code, label in found}

    def __call__(self, column: str, code: Any) -> str:
        return self._said.get((column, str(code)), str(code))
