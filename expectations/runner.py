"""Runs the suites of a gate on a DuckDB file with Great Expectations.

    python -m expectations.runner DATABASE --gate marts

Importing this module is cheap; great_expectations is imported by the first `run_gate`.
"""

from __future__ import annotations

import argparse
import functools
import itertools
import json
import os
import sys
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from expectations.discovery import SUITES, Suite, SuiteContext, check_pairs, find_suites
from expectations.findings import Finding, judge, load_findings
from expectations.keeping import Kept, page_of
from expectations.outcomes import (
    ROW_LIMIT,
    Result,
    blocking,
    exception_of,
    not_evaluated,
    not_run,
    result_of,
    rows_query,
    rule_of,
    with_known,
)
from expectations.rules import GATES, RULES_CSV, Rule, RuleError, load_rules

if TYPE_CHECKING:
    from great_expectations.core import (
        ExpectationSuiteValidationResult,
    )
    from great_expectations.data_context import EphemeralDataContext
    from great_expectations.datasource.fluent import SQLDatasource
    from great_expectations.expectations import Expectation

_names = (f"gate_{number}" for number in itertools.count(1))


class GateError(RuntimeError):
    """The gate could not run at all, e.g. the database is locked by a writer."""


@dataclass
class SuiteRun:
    """One suite as it ran: our results, and GX's own where there is one (for Data Docs)."""

    suite: Suite
    results: list[Result]
    validation: ExpectationSuiteValidationResult | None = None
    is_kept: bool = False  # it did not run: these are the results of a run before


def run_gate(
    database: Path,
    gate: str,
    *,
    previous: Path | None = None,
    docs_dir: Path | None = None,
    as_of_vintage: int | None = None,
    memory_limit: str | None = None,
    kept: Path | None = None,
    contents: Mapping[str, str] | None = None,
    package: str = SUITES,
    rules_csv: Path = RULES_CSV,
) -> list[Result]:
    """Run every suite of a gate on a DuckDB file, opened read-only, and close it again.

    `previous` is the database published before, attached as `previous` if the file exists.
    `as_of_vintage` is the edition the build stops at; `memory_limit` is DuckDB's, such as `2GB`.
    `docs_dir` gets an offline Data Docs site, one page per suite and an index. `kept` is the file
    with what was found before and `contents` the hash of what is in each table: with both, a suite
    that would find the same is not run, and its page is left as it is. One result per expectation,
    in suite order; a suite that raises or whose table is missing gives an "error" result for each
    of its rules.

    Raises ValueError for an unknown gate or when `previous` is `database`, FileNotFoundError when
    there is no database, RuleError when suites and index disagree, GateError when the database
    cannot be opened.
    """
    suites = find_suites(gate, package)
    rules = load_rules(rules_csv)
    findings = load_findings(rules)
    if not database.is_file():
        raise FileNotFoundError(f"no database at {database}")
    if previous is not None and not previous.is_file():
        previous = None
    if previous is not None and previous.samefile(database):
        raise ValueError(f"{previous} is the database under test, not the version before it")

    datasource = _open(database, memory_limit)
    try:
        context = replace(_attach_previous(datasource, previous), as_of_vintage=as_of_vintage)
        keys = _primary_keys(datasource)
        store = Kept(kept, contents or {}, _contents_before(datasource, previous)) if kept else None
        runs = [
            _run_suite(
                datasource,
                suite,
                context,
                suite.key or keys.get(suite.table),
                rules,
                findings,
                store,
                has_page=docs_dir is None or page_of(docs_dir, suite.name).is_file(),
            )
            for suite in suites
        ]
    finally:
        _close(datasource)
    if docs_dir is not None:
        from expectations.data_docs import write_site

        write_site(docs_dir, gate, runs, rules)
    if store is not None:
        store.write(suites)
    return [result for run in runs for result in run.results]


def silent_rules(
    gate: str,
    told: set[str],
    as_of_vintage: int | None = None,
    package: str = SUITES,
    rules_csv: Path = RULES_CSV,
) -> list[Result]:
    """Return a result for each rule of a gate that `told` lacks: a silent rule has not passed.

    One that compares, and had nothing to compare with, has not `ran`; another is an error.
    """
    rules = load_rules(rules_csv)
    bare = SuiteContext(as_of_vintage=as_of_vintage)
    found = []
    for suite in find_suites(gate, package):
        silent = [
            rule
            for rule in rules.values()
            if (rule.gate, rule.table_name) == (gate, suite.table) and rule.rule_id not in told
        ]
        if not silent:
            continue
        always = {rule_id for rule_id, _ in suite.expectations(bare)}
        known = {rule_id for rule_id, _ in suite.expectations(SuiteContext.complete())}
        for rule in silent:
            if rule.rule_id in known - always:
                found.append(not_run(suite, rule))
            else:
                found.append(not_evaluated(suite, rule, "", "the suite says nothing of this rule"))
    return found


@functools.cache
def gx_context() -> EphemeralDataContext:
    """Return this process's GX context, importing GX (seconds) at the first call.

    In memory, without analytics or progress bars, and with DuckDB made to work.
    """
    os.environ["GX_ANALYTICS_ENABLED"] = "false"
    import great_expectations as gx
    from great_expectations.data_context.types.base import ProgressBarsConfig

    from expectations import duckdb_engine

    duckdb_engine.install()
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = ProgressBarsConfig(globally=False)
    return context


def _open(database: Path, memory_limit: str | None) -> SQLDatasource:
    """Add the database to the context as a read-only datasource; GateError when it will not open.

    The path is resolved, since DuckDB keeps its instances by path and `current` is a symlink.
    """
    config = {"temp_directory": f"{database.resolve()}.gate-tmp"}
    if memory_limit is not None:
        config["memory_limit"] = memory_limit
    from great_expectations.datasource.fluent.interfaces import TestConnectionError

    sources: Any = gx_context().data_sources  # the types of add_sql do not know its `kwargs`
    try:
        datasource: SQLDatasource = sources.add_sql(
            next(_names),
            connection_string=f"duckdb:///{database.resolve()}",
            kwargs={"connect_args": {"read_only": True, "config": config}},
            create_temp_table=False,
        )
        return datasource
    except TestConnectionError as error:
        raise GateError(f"cannot open {database} read-only: {error}") from error


def _close(datasource: SQLDatasource) -> None:
    """Close the database and forget the datasource."""
    from expectations import duckdb_engine

    duckdb_engine.release(datasource)
    gx_context().data_sources.delete(datasource.name)


def _query(datasource: SQLDatasource, sql: str) -> list[tuple[Any, ...]]:
    """Run SQL on the datasource's one kept connection."""
    with datasource.get_execution_engine().get_connection() as connection:
        return [tuple(row) for row in connection.exec_driver_sql(sql).fetchall()]


def _attach_previous(datasource: SQLDatasource, previous: Path | None) -> SuiteContext:
    """Attach the version before, if any, and return what suites may know of it."""
    if previous is None:
        return SuiteContext()
    path = str(previous.resolve()).replace("'", "''")
    with datasource.get_execution_engine().get_connection() as connection:
        connection.exec_driver_sql(f"attach '{path}' as previous (read_only)")
    rows = _query(
        datasource,
        "select schema_name || '.' || table_name, list(column_name) from duckdb_columns() "
        "semi join duckdb_tables() using (database_name, schema_name, table_name) "
        "where database_name = 'previous' group by all",
    )
    return SuiteContext(True, {table: frozenset(columns) for table, columns in rows})


def _contents_before(
    datasource: SQLDatasource, previous: Path | None
) -> Callable[[], Mapping[str, str]]:
    """Return what asks, once, for the hash of what is in each table of the version before."""

    @functools.cache
    def ask() -> Mapping[str, str]:
        if previous is None:
            return {}
        return dict(
            _query(
                datasource,
                "select schema_name || '.' || table_name, content_hash "
                "from previous.quality.table_hashes",
            )
        )

    return ask


def _primary_keys(datasource: SQLDatasource) -> dict[str, tuple[str, ...]]:
    """Return the primary key columns of each table of the database that has one."""
    rows = _query(
        datasource,
        "select schema_name || '.' || table_name, constraint_column_names "
        "from duckdb_constraints() where constraint_type = 'PRIMARY KEY' "
        "and database_name = current_database()",
    )
    return {table: tuple(columns) for table, columns in rows}


def _run_suite(
    datasource: SQLDatasource,
    suite: Suite,
    context: SuiteContext,
    key: tuple[str, ...] | None,
    rules: Mapping[str, Rule],
    findings: Sequence[Finding],
    store: Kept | None = None,
    has_page: bool = False,
) -> SuiteRun:
    """Run one suite, or take what is kept of it and has a page.

    An exception outside the expectations becomes an error of each rule.
    """
    try:
        pairs = suite.expectations(context)
    except Exception as error:
        return SuiteRun(
            suite,
            [
                not_evaluated(suite, rule, "", f"the suite raised {type(error).__name__}: {error}")
                for rule in rules.values()
                if (rule.gate, rule.table_name) == (suite.gate, suite.table)
            ],
        )
    if problems := check_pairs(suite, [rule_id for rule_id, _ in pairs], rules):
        raise RuleError("\n".join(problems))
    if not pairs:
        return SuiteRun(suite, [])
    content_key = store.key(suite, pairs, key, rules, findings) if store else None
    if store and has_page and (known := store.results(suite, content_key)) is not None:
        return SuiteRun(suite, known, is_kept=True)
    try:
        validation = _validate(datasource, suite, pairs, key, rules)
    except Exception as error:
        return SuiteRun(
            suite,
            [
                not_evaluated(suite, rules[rule_id], item.expectation_type, str(error))
                for rule_id, item in pairs
            ],
        )
    outcomes = {rule_of(item): item for item in validation.results}
    results = []
    for rule_id, _ in pairs:
        result = result_of(suite, rules[rule_id], outcomes[rule_id], key)
        about = [finding for finding in findings if finding.rule_id == rule_id]
        if about and (sql := rows_query(outcomes[rule_id], suite)):
            query = functools.partial(_query, datasource)
            result = with_known(result, judge(query, sql, about, ROW_LIMIT))
        results.append(result)
    if store:
        store.keep(suite, content_key, results)
    return SuiteRun(suite, results, validation)


def _validate(
    datasource: SQLDatasource,
    suite: Suite,
    pairs: list[tuple[str, Expectation]],
    key: tuple[str, ...] | None,
    rules: Mapping[str, Rule],
) -> ExpectationSuiteValidationResult:
    """Run the expectations on one batch, the whole table; raises when the table is missing.

    GX bundles the aggregates of a suite in one query, so one that raises takes others with it:
    those that raised are run again, each alone.
    """
    from great_expectations.core import ExpectationSuite
    from great_expectations.expectations.metadata_types import FailureSeverity

    schema, table = suite.table.split(".")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # schema_name: no other way for DuckDB
        asset = datasource.add_table_asset(suite.table, table_name=table, schema_name=schema)
    batch = asset.get_batch(asset.build_batch_request())
    for rule_id, expectation in pairs:
        expectation.meta = {**(expectation.meta or {}), "rule_id": rule_id}
        expectation.severity = FailureSeverity(rules[rule_id].severity)
    result_format: dict[str, Any] = {
        "result_format": "COMPLETE",
        "partial_unexpected_count": ROW_LIMIT,
        "include_unexpected_rows": False,
    }
    if key:
        result_format["unexpected_index_column_names"] = list(key)
    gx_suite = ExpectationSuite(name=suite.name, expectations=[item for _, item in pairs])
    validation = batch.validate(gx_suite, result_format=result_format)
    if len(pairs) > 1:
        by_id = dict(pairs)
        validation.results = [
            batch.validate(by_id[rule_of(item)], result_format=result_format)
            if exception_of(item)
            else item
            for item in validation.results
        ]
    return validation


def main(argv: list[str] | None = None) -> int:
    """Run a gate from the command line; 1 if it blocks, 2 if it could not run."""
    parser = argparse.ArgumentParser(prog="python -m expectations.runner", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("database", type=Path, help="DuckDB file, opened read-only")
    parser.add_argument("--gate", choices=GATES, required=True)
    parser.add_argument("--previous", type=Path, help="database published before, to compare with")
    parser.add_argument("--docs-dir", type=Path, help="write an offline Data Docs site here")
    parser.add_argument(
        "--package", default=SUITES, help="package of suites (default: %(default)s)"
    )
    parser.add_argument("--rules", type=Path, default=RULES_CSV, help="index of rules")
    arguments = parser.parse_args(argv)

    import logging

    logging.getLogger("great_expectations").setLevel(logging.CRITICAL)  # errors are in the results
    try:
        results = run_gate(
            arguments.database,
            arguments.gate,
            previous=arguments.previous,
            docs_dir=arguments.docs_dir,
            package=arguments.package,
            rules_csv=arguments.rules,
        )
    except (OSError, ValueError, GateError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    _print(results)
    return 1 if blocking(results) else 0


def _print(results: list[Result]) -> None:
    """Print the results as a table, failures with their first row or exception."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    styles = {"pass": "green", "fail": "red", "error": "magenta"}
    table = Table(box=None, header_style="bold")
    for heading in ("status", "severity", "rule", "column", "observed"):
        table.add_column(heading, overflow="fold")
    for result in results:
        observed = result.observed_value
        details = json.loads(result.details)
        if not result.success:
            note = details.get("exception") or details.get("unexpected_rows", [""])[0]
            observed += f"\n{note}" if note else ""
        table.add_row(
            Text(result.status, style=styles[result.status]),
            result.severity,
            Text(result.rule_id),
            Text(result.column_name),
            Text(observed),
        )
    console = Console()
    console.print(table)
    passed = sum(result.success for result in results)
    console.print(
        f"{passed} of {len(results)} passed, {len(blocking(results))} block publishing",
        highlight=False,
    )


if __name__ == "__main__":
    sys.exit(main())
