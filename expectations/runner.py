"""Runs the suites of a gate on a DuckDB file with Great Expectations.

    python -m expectations.runner DATABASE --gate marts

Importing this module is cheap; great_expectations is imported by the first `run_gate`.
"""

from __future__ import annotations

import argparse
import functools
import itertools
import json
import math
import os
import sys
import warnings
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from expectations.discovery import SUITES, Suite, SuiteContext, check_pairs, find_suites
from expectations.rules import GATES, RULES_CSV, Rule, RuleError, load_rules

if TYPE_CHECKING:
    from great_expectations.core import (
        ExpectationSuiteValidationResult,
        ExpectationValidationResult,
    )
    from great_expectations.data_context import EphemeralDataContext
    from great_expectations.datasource.fluent import SQLDatasource
    from great_expectations.expectations import Expectation

ROW_LIMIT = 20
TEXT_LIMIT = 200
DOUBT = "rows_are_doubtful"
"""Key in the meta of an expectation whose unexpected rows are published as doubtful."""
EXCEPTION_LIMIT = 2000
_names = (f"gate_{number}" for number in itertools.count(1))


class GateError(RuntimeError):
    """The gate could not run at all, e.g. the database is locked by a writer."""


@dataclass(frozen=True)
class Result:
    """The outcome of one expectation; with a run id, a row of `quality.audit_results`.

    An expectation that raised has `success` false too, but it says nothing about the data: its
    `details` hold `exception`, and `status` is "error".
    """

    gate: str
    suite: str
    rule_id: str
    expectation: str
    table_name: str
    column_name: str
    success: bool
    severity: str
    observed_value: str
    details: str
    doubtful_query: str = ""
    """The query for the rows that are doubtful, where the rule marks rows and found some."""

    @property
    def status(self) -> str:
        """Return "pass", "fail" (bad data) or "error" (the expectation itself raised)."""
        if self.success:
            return "pass"
        return "error" if "exception" in json.loads(self.details) else "fail"

    @property
    def blocks(self) -> bool:
        """Return whether this result forbids publishing: critical, and not passed."""
        return self.severity == "critical" and not self.success


@dataclass
class SuiteRun:
    """One suite as it ran: our results, and GX's own where there is one (for Data Docs)."""

    suite: Suite
    results: list[Result]
    validation: ExpectationSuiteValidationResult | None = None


def run_gate(
    database: Path,
    gate: str,
    *,
    previous: Path | None = None,
    docs_dir: Path | None = None,
    as_of_vintage: int | None = None,
    memory_limit: str | None = None,
    package: str = SUITES,
    rules_csv: Path = RULES_CSV,
) -> list[Result]:
    """Run every suite of a gate on a DuckDB file, opened read-only, and close it again.

    `previous` is the database published before, attached as `previous` if the file exists.
    `as_of_vintage` is the edition the build stops at; `memory_limit` is DuckDB's, such as `2GB`.
    `docs_dir` gets an offline Data Docs site, one page per suite and an index. One result per
    expectation, in suite order; a suite that raises or whose table is missing gives an "error"
    result for each of its rules.

    Raises ValueError for an unknown gate or when `previous` is `database`, FileNotFoundError when
    there is no database, RuleError when suites and index disagree, GateError when the database
    cannot be opened.
    """
    suites = find_suites(gate, package)
    rules = load_rules(rules_csv)
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
        runs = [
            _run_suite(datasource, suite, context, suite.key or keys.get(suite.table), rules)
            for suite in suites
        ]
    finally:
        _close(datasource)
    if docs_dir is not None:
        from expectations.data_docs import write_site

        write_site(docs_dir, gate, runs, rules)
    return [result for run in runs for result in run.results]


def blocking(results: Iterable[Result]) -> list[Result]:
    """Return the results that forbid publishing: critical ones that failed or raised."""
    return [result for result in results if result.blocks]


@functools.cache
def gx_context() -> EphemeralDataContext:
    """Return this process's GX context, importing GX (seconds) at the first call.

    In memory, without analytics or progress bars, and with DuckDB made to work.
    """
    os.environ["GX_ANALYTICS_ENABLED"] = "false"
    import great_expectations as gx

    from expectations import duckdb_engine

    duckdb_engine.install()
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False}
    return context


def _open(database: Path, memory_limit: str | None) -> SQLDatasource:
    """Add the database to the context as a read-only datasource; GateError when it will not open.

    The path is resolved, since DuckDB keeps its instances by path and `current` is a symlink.
    """
    config = {"temp_directory": f"{database.resolve()}.gate-tmp"}
    if memory_limit is not None:
        config["memory_limit"] = memory_limit
    from great_expectations.datasource.fluent.interfaces import TestConnectionError

    try:
        return gx_context().data_sources.add_sql(
            next(_names),
            connection_string=f"duckdb:///{database.resolve()}",
            kwargs={"connect_args": {"read_only": True, "config": config}},
            create_temp_table=False,
        )
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
) -> SuiteRun:
    """Run one suite; an exception outside the expectations becomes an error of each rule."""
    try:
        pairs = suite.expectations(context)
    except Exception as error:
        return SuiteRun(
            suite,
            [
                _error(suite, rule, "", f"the suite raised {type(error).__name__}: {error}")
                for rule in rules.values()
                if (rule.gate, rule.table_name) == (suite.gate, suite.table)
            ],
        )
    if problems := check_pairs(suite, [rule_id for rule_id, _ in pairs], rules):
        raise RuleError("\n".join(problems))
    if not pairs:
        return SuiteRun(suite, [])
    try:
        validation = _validate(datasource, suite, pairs, key, rules)
    except Exception as error:
        return SuiteRun(
            suite,
            [
                _error(suite, rules[rule_id], item.expectation_type, str(error))
                for rule_id, item in pairs
            ],
        )
    outcomes = {item.expectation_config.meta["rule_id"]: item for item in validation.results}
    results = [_result(suite, rules[rule_id], outcomes[rule_id], key) for rule_id, _ in pairs]
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
            batch.validate(
                by_id[item.expectation_config.meta["rule_id"]], result_format=result_format
            )
            if _exception(item)
            else item
            for item in validation.results
        ]
    return validation


def _error(suite: Suite, rule: Rule, expectation: str, message: str) -> Result:
    """Return the result of a rule that could not be evaluated."""
    details = json.dumps({"exception": message[:EXCEPTION_LIMIT]}, ensure_ascii=False)
    return Result(
        gate=suite.gate,
        suite=suite.name,
        rule_id=rule.rule_id,
        expectation=expectation,
        table_name=suite.table,
        column_name=rule.column_name,
        success=False,
        severity=rule.severity,
        observed_value="not evaluated",
        details=details,
    )


def _result(
    suite: Suite, rule: Rule, outcome: ExpectationValidationResult, key: tuple[str, ...] | None
) -> Result:
    """Turn GX's result of one expectation into ours."""
    expectation = outcome.expectation_config.type
    if message := _exception(outcome):
        return _error(suite, rule, expectation, message)
    meta = outcome.expectation_config.meta
    doubtful_query = ""
    if meta.get(DOUBT) and not outcome.success:
        query = outcome.expectation_config.kwargs["unexpected_rows_query"]
        doubtful_query = query.format(batch=suite.table)
    return Result(
        gate=suite.gate,
        suite=suite.name,
        rule_id=rule.rule_id,
        expectation=expectation,
        table_name=suite.table,
        column_name=rule.column_name,
        success=bool(outcome.success),
        severity=rule.severity,
        observed_value=_observed(outcome.result),
        details=json.dumps(_details(outcome.result, key), ensure_ascii=False, allow_nan=False),
        doubtful_query=doubtful_query,
    )


def _exception(outcome: ExpectationValidationResult) -> str:
    """Return what an expectation raised, or nothing; GX reports one, or one per metric."""
    info = outcome.exception_info or {}
    items = [info] if "raised_exception" in info else list(info.values())
    messages = {
        str(item["exception_message"]).split("\n(Background on this error")[0]
        for item in items
        if item.get("raised_exception")
    }
    return "\n".join(sorted(messages))


def _observed(result: Mapping[str, Any]) -> str:
    """Return in short what was observed: rows for a row-wise expectation, else the value."""
    if "unexpected_rows" in (result.get("details") or {}):
        return f"{result['observed_value']} unexpected rows"
    if "element_count" in result:
        return f"{result['unexpected_count']} unexpected of {result['element_count']} rows"
    value = _plain(result.get("observed_value"))
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= TEXT_LIMIT else text[: TEXT_LIMIT - 1] + "…"


def _details(result: Mapping[str, Any], key: tuple[str, ...] | None) -> dict[str, Any]:
    """Return the unexpected rows (at most ROW_LIMIT) and whatever else explains a failure."""
    details = dict(result.get("details") or {})
    count = result.get("unexpected_count")
    rows = details.pop("unexpected_rows", None)
    if rows is not None:
        count = result["observed_value"]
    elif count:
        rows = result.get("partial_unexpected_index_list")
        if rows is None:
            rows = [
                row if isinstance(row, Mapping) else {"value": row}
                for row in result.get("partial_unexpected_list") or []
            ]
        elif key:
            details["key"] = list(key)
    if count:
        details |= {"unexpected_count": count, "unexpected_rows": list(rows or [])[:ROW_LIMIT]}
    if missing := result.get("partial_missing_list"):
        details["missing_values"] = missing[:ROW_LIMIT]
    return _plain(details)


def _plain(value: Any) -> Any:
    """Return a value as valid JSON has it; NaN and infinities, dates and the rest as text."""
    if value is None or isinstance(value, (bool, int, str)):
        return value
    if isinstance(value, Decimal):
        value = float(value)
    if isinstance(value, float):
        return value if math.isfinite(value) else str(value)
    if isinstance(value, Mapping):
        return {str(name): _plain(item) for name, item in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [_plain(item) for item in value]
    return str(value)


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
