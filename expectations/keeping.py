"""What a gate found, kept while all that it was found by and found in stays as it is.

A suite is not run again where its expectations as they are given to Great Expectations, its rules
and known findings, this package and the libraries, and the content of every table that its queries
read are those of the run before.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from expectations.discovery import Suite
from expectations.findings import SUBJECT_ORIGINS, Finding
from expectations.outcomes import Result
from expectations.rules import Rule

if TYPE_CHECKING:
    from great_expectations.expectations import Expectation

MADE_BY = ("duckdb", "great-expectations")
BEFORE = "previous"  # how the version before is attached
# What a query says if it looks at anything but the rows of tables.
LOOKS_ELSEWHERE = re.compile(
    r"\b(duckdb_\w+|read_\w+|information_schema|pragma\w*|current_(?:date|time\w*)"
    r"|(?:now|today|random)\s*\()",
    re.IGNORECASE,
)


def page_of(docs_dir: Path, suite_name: str) -> Path:
    """Return the Data Docs page of a suite."""
    return docs_dir / f"{suite_name}.html"


class Kept:
    """The results of a gate by suite, each with the key it was found under; a JSON file."""

    def __init__(
        self, path: Path, contents: Mapping[str, str], before: Callable[[], Mapping[str, str]]
    ) -> None:
        """Read what was kept.

        `contents` has the hash of what is in each table, `schema.table`, that is under test;
        `before` gives those of the version before.
        """
        self._path = path
        self._contents = contents
        self._before = before
        self._code = _code()
        try:
            self._found = dict(json.loads(path.read_text(encoding="utf-8")))
        except (OSError, ValueError):
            self._found = {}

    def key(
        self,
        suite: Suite,
        pairs: Iterable[tuple[str, Expectation]],
        key: Sequence[str] | None,
        rules: Mapping[str, Rule],
        findings: Sequence[Finding],
    ) -> str | None:
        """Return the key of a suite; nothing where it reads what no content is known of."""
        said: list[Any] = [self._code, suite.table, list(key or ())]
        read, read_before = {suite.table}, set()
        for rule_id, expectation in pairs:
            about = [finding for finding in findings if finding.rule_id == rule_id]
            configuration = expectation.configuration
            said += [
                dataclasses.asdict(rules[rule_id]),
                [dataclasses.asdict(finding) for finding in about],
                configuration.type,
                configuration.kwargs,
                configuration.meta,
            ]
            if any(finding.origin for finding in about):
                read.add(SUBJECT_ORIGINS)
            query = configuration.kwargs.get("unexpected_rows_query")
            if query is not None:
                sql = query.format(batch=suite.table)
                if LOOKS_ELSEWHERE.search(sql):
                    return None
                tables = _tables(sql)
                if not tables:
                    return None
                read |= {table for catalog, table in tables if catalog != BEFORE}
                read_before |= {table for catalog, table in tables if catalog == BEFORE}
        known = [(table, self._contents.get(table)) for table in sorted(read)]
        if read_before:
            before = self._before()
            known += [(f"previous.{table}", before.get(table)) for table in sorted(read_before)]
        if any(content is None for _, content in known):
            return None
        text = json.dumps([said, known], sort_keys=True, default=str)
        return hashlib.sha256(text.encode()).hexdigest()

    def results(self, suite: Suite, key: str | None) -> list[Result] | None:
        """Return what the suite found under this key; nothing if it has to be run."""
        found = self._found.get(suite.name)
        if key is None or found is None or found["key"] != key:
            return None
        return [Result(**result) for result in found["results"]]

    def keep(self, suite: Suite, key: str | None, results: Sequence[Result]) -> None:
        """Keep what a suite found; none of what could not be judged."""
        if key is None or any(result.status == "error" for result in results):
            self._found.pop(suite.name, None)
        else:
            told = [dataclasses.asdict(result) for result in results]
            self._found[suite.name] = {"key": key, "results": told}

    def write(self, suites: Iterable[Suite]) -> None:
        """Write what is kept of these suites."""
        names = {suite.name for suite in suites}
        found = {name: said for name, said in self._found.items() if name in names}
        self._path.parent.mkdir(parents=True, exist_ok=True)
        draft = self._path.with_name(f".{self._path.name}")
        draft.write_text(json.dumps(found, ensure_ascii=False) + "\n", encoding="utf-8")
        draft.replace(self._path)


def _tables(sql: str) -> set[tuple[str, str]]:
    """The tables that a query reads: catalog, if it names one, and `schema.table`.

    None where the engine cannot say how it understood the query. What has no schema is a part of
    the query itself.
    """
    import duckdb  # importing this module is cheap

    ((tree,),) = duckdb.execute("select json_serialize_sql($1)", [sql]).fetchall()
    found = set()

    def walk(node: Any) -> None:
        if isinstance(node, dict):
            if node.get("type") == "BASE_TABLE" and node["schema_name"]:
                table = f"{node['schema_name']}.{node['table_name']}"
                found.add((node["catalog_name"], table))
            for part in node.values():
                walk(part)
        elif isinstance(node, list):
            for part in node:
                walk(part)

    walk(json.loads(tree))
    return found


def _code() -> str:
    """The hash of what judges: this package, its suites aside, and the libraries."""
    digest = hashlib.sha256()
    for path in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(path.read_bytes())
    digest.update(repr([(name, version(name)) for name in MADE_BY]).encode())
    return digest.hexdigest()
