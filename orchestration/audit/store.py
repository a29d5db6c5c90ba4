"""Write what the gates found into the database they judged: results, and the rows they doubt."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from expectations.findings import load_findings
from expectations.rules import load_rules
from orchestration.database import connect, literal, one

if TYPE_CHECKING:
    import duckdb

    from expectations.outcomes import Result

DIGITS_TOLD = 6
MARK = "is_doubtful"
# What a doubtful row is known by; an entity of a decomposition is a region or a park.
KEYS = ("region_code", "park_id", "year", "method")


def store(
    database: Path, run_id: str, results: Iterable[Result], built: Path | None = None
) -> None:
    """Append a row per expectation, doubtful row and known finding; mark the doubtful rows.

    The gates judged `built`, of which `database` is a copy with other names; without it, itself.
    """
    results = list(results)
    rows = [
        (
            run_id,
            result.gate,
            result.suite,
            result.rule_id,
            result.expectation,
            result.table_name,
            result.column_name,
            result.success,
            result.severity,
            result.observed_value,
            result.details,
        )
        for result in results
    ]
    with connect(database) as connection:
        if built is not None:
            connection.execute(f"attach {literal(built)} as built (read_only)")
        # One transaction: a commit for each row takes a second.
        connection.execute("begin")
        connection.executemany(
            f"insert into quality.audit_results values ({', '.join('?' * len(rows[0]))})", rows
        )
        doubts = [result for result in results if result.doubtful_query]
        _store_doubts(connection, doubts, is_of_built=built is not None)
        _store_known(connection, results)
        mark_doubts(connection)
        connection.execute("commit")


def _store_doubts(
    connection: duckdb.DuckDBPyConnection, results: list[Result], is_of_built: bool
) -> None:
    """Run the query of each rule that found doubtful rows once more, for all of them."""
    rules = load_rules()
    (own,) = one(connection.execute("select current_database()"))
    if is_of_built:
        connection.execute("use built")
    keys = ", ".join(f"json_extract_string(found, '$.{key}')" for key in KEYS)
    for result in results:
        rule = rules[result.rule_id]
        described = connection.execute(f"describe {result.doubtful_query}").fetchall()
        columns = ", ".join(_told(name, type_) for name, type_, *_ in described)
        connection.execute(
            f"""
            insert into "{own}".quality.doubtful_rows
            select $1, $2, {keys}, found::varchar, $3, $4
            from (
                select to_json(rows_found) as found
                from (select {columns} from ({result.doubtful_query})) as rows_found
            )
            order by all
            """,
            [rule.rule_id, rule.table_name, rule.statement_zh, rule.statement_en],
        )
    if is_of_built:
        connection.execute(f'use "{own}"')


def _store_known(connection: duckdb.DuckDBPyConnection, results: list[Result]) -> None:
    """Write each finding that the version has, with the rows it is about."""
    known = {name: count for result in results for name, count in result.known.items()}
    rows = [
        (
            finding.finding_id,
            finding.rule_id,
            finding.key_columns,
            finding.keys,
            known[finding.finding_id],
            finding.since,
            finding.reason_zh,
            finding.reason_en,
        )
        for finding in load_findings(load_rules())
        if finding.finding_id in known
    ]
    if rows:
        connection.executemany(
            f"insert into quality.known_findings values ({', '.join('?' * len(rows[0]))})", rows
        )


def _told(column: str, type_: str) -> str:
    """A column as it is told: of a double six digits, which are the same on every engine."""
    if type_ != "DOUBLE":
        return f'"{column}"'
    digits = f'{DIGITS_TOLD - 1} - floor(log10(abs("{column}")))::int'
    return f'coalesce(try(round("{column}", {digits})), "{column}") as "{column}"'


def mark_doubts(connection: duckdb.DuckDBPyConnection) -> None:
    """Mark the rows of the same region or park, year and method in every mart that has a mark.

    A finding without a method is about all of them; what starts from a doubtful year is doubtful.
    What is doubted of a scenario says nothing of the year that was. A view shows the marks of its
    table.
    """
    tables = connection.execute(
        """
        select schema_name || '.' || table_name, list(column_name)
        from duckdb_columns() join duckdb_tables() using (database_name, schema_name, table_name)
        where database_name = current_database()
        group by all having list_contains(list(column_name), $1) order by all
        """,
        [MARK],
    ).fetchall()
    # By their names alone: where both kinds of rows are in it, a table has another schema here.
    projections = [table.split(".")[1] for table, columns in tables if "scenario" in columns]
    for table, columns in tables:
        holder = "park_id" if "park_id" in columns else "region_code"
        years = "marked.year" + (", marked.base_year" if "base_year" in columns else "")
        connection.execute(
            f"""
            update {table} as marked set {MARK} = true
            where exists (
                select 1 from quality.doubtful_rows as doubts
                where
                    doubts.{holder} = marked.{holder}
                    and doubts.year in ({years})
                    and coalesce(doubts.method = marked.method, true)
                    and (
                        $1
                        or not list_contains(
                            $2::varchar[], split_part(doubts.table_name, '.', 2)
                        )
                    )
            )
            """,
            [table.split(".")[1] in projections, projections],
        )
