"""What is published: the version, its tables, what was landed, audited and reconciled."""

from __future__ import annotations

import csv
from typing import Any

import duckdb

from orchestration import words
from orchestration.publishing.model_schema import MODEL, without_note
from orchestration.serving import evidence, output, query
from orchestration.serving.codes import Codes
from orchestration.serving.export import MARTS
from orchestration.settings import PROJECT_ROOT, Home

DATASETS = PROJECT_ROOT / "seeds" / "reference" / "catalog" / "datasets.csv"


def collect(connection: duckdb.DuckDBPyConnection, home: Home, lang: str) -> dict[str, Any]:
    """Gather everything `greenpark status` shows; a part the version does not have is None."""
    return {
        "version": _version(connection, home),
        "database": str(home.database),
        "tables": _tables(connection, lang),
        "landing": _landing(connection, lang),
        "audit": _audit(connection),
        "reconciliation": _reconciliation(connection, lang),
    }


def quarantine(connection: duckdb.DuckDBPyConnection, lang: str) -> list[dict[str, Any]]:
    """The refused rows, with the message in the language."""
    query.need_table(connection, "quality", "quarantine")
    message = "coalesce(message_zh, message)" if lang == "zh" else "message"
    return query.records(
        connection,
        f"""
        select dataset, file_name, sheet_name, row_number, column_number, column_name, raw_value,
            rule, {message} as message
        from quality.quarantine
        order by file_name, sheet_name, row_number, column_number
        """,
    )


def quarantine_closed(connection: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    """How many refused rows of each file and rule this version found corrected."""
    if not query.has_table(connection, "quality", "quarantine_history"):
        return []
    return query.records(
        connection,
        """
        select file_name, rule, count(*) as rows, min(first_seen_at) as first_seen_at
        from quality.quarantine_history
        where closed_at = (select max(loaded_at) from quality.landing_log)
        group by file_name, rule
        order by file_name, rule
        """,
    )


def render(found: dict[str, Any], lang: str, width: int | None) -> str:
    """`collect`'s result for people."""
    say = words.Speaker(lang)
    lines = []
    version = found["version"]
    lines.append(say("Version {version}, built {built_at}").format(**version))
    if "git_commit" in version:
        short = {name: str(value or "-")[:12] for name, value in version.items()}
        lines.append(
            say(
                "commit {git_commit}, input {input_sha256}, dbt {dbt_version}, "
                "DuckDB {duckdb_version}"
            ).format(**short)
        )
    lines.append(say("Database {path}").format(path=found["database"]))

    def part(heading: str, columns: list[str], rows: list[list[Any]] | None) -> None:
        lines.append(f"\n{heading}")
        if rows is None:
            lines.append(f"  {say('not in this version')}")
        elif not rows:
            lines.append(f"  {say('none')}")
        else:
            lines.append(output.table(columns, rows, width).rstrip("\n"))

    # Once, not beside each table.
    has_model = any(table["schema"] == MODEL for table in found["tables"])
    split = say("What is reconstructed stands in `model`, and with the rest in `all_levels`.")
    part(
        f"{say('Tables')}\n  {split}" if has_model else say("Tables"),
        say.each("table", "rows", "content"),
        [
            [f"{table['schema']}.{table['table']}", output.number(table["rows"]), table["label"]]
            for table in found["tables"]
        ],
    )
    landing = found["landing"]
    part(
        say(
            "Landing: {files} files, {rows_read} rows read, {rows_accepted} accepted, "
            "{rows_quarantined} quarantined"
        ).format(**landing)
        if landing
        else say("Landing"),
        say.each(
            "dataset",
            "newest vintage",
            "files",
            "read",
            "accepted",
            "quarantined",
            "loaded at (UTC)",
        ),
        landing
        and [
            [
                f"{entry['dataset']} {entry['label']}".strip(),
                entry["newest_vintage"],
                entry["files"],
                output.number(entry["rows_read"]),
                output.number(entry["rows_accepted"]),
                output.number(entry["rows_quarantined"]),
                entry["loaded_at"],
            ]
            for entry in landing["datasets"]
        ],
    )
    audit = found["audit"]
    part(
        say("Audit"),
        say.each("gate", "severity", "passed", "failed"),
        audit if audit is None else [list(entry.values()) for entry in audit],
    )
    figures = found["reconciliation"]
    part(
        say("Reconciliation with the report"),
        say.each("evidence", "status", "figures"),
        figures
        if figures is None
        else [
            [
                entry["evidence_name"],
                entry["status_name"],
                entry["figures"],
            ]
            for entry in figures
        ],
    )
    if "quarantine" in found:
        part(
            say("Quarantine"),
            say.each("file", "row", "column", "raw value", "rule", "message"),
            [
                [
                    f"{entry['file_name']} {entry['sheet_name']}".rstrip(),
                    entry["row_number"],
                    entry["column_name"] or entry["column_number"],
                    entry["raw_value"],
                    entry["rule"],
                    entry["message"],
                ]
                for entry in found["quarantine"]
            ],
        )
    if found.get("quarantine_closed"):
        part(
            say("Closed with this version"),
            say.each("file", "rule", "rows", "first seen at (UTC)"),
            [list(entry.values()) for entry in found["quarantine_closed"]],
        )
    return "\n".join(lines) + "\n"


def _version(connection: duckdb.DuckDBPyConnection, home: Home) -> dict[str, Any]:
    if query.has_table(connection, "quality", "published_version"):
        found = query.records(connection, "select * from quality.published_version")
        if found:
            return found[0]
    return {"version": home.current.resolve().name, "built_at": None}


def _tables(connection: duckdb.DuckDBPyConnection, lang: str) -> list[dict[str, Any]]:
    tables = query.records(
        connection,
        """
        with relations as (
            -- rows as the storage counts them: from a published file none is ever deleted
            select database_name, schema_name, table_name, comment, estimated_size as rows
            from duckdb_tables()
            union all
            -- to count those of a view takes seconds
            select database_name, schema_name, view_name, comment, null from duckdb_views()
        )

        select schema_name as schema, table_name as table, comment, rows from relations
        where database_name = current_database() and schema_name in ?
        order by list_position(?, schema_name), table_name
        """,
        [list(MARTS), list(MARTS)],
    )
    for entry in tables:
        # A mart's description: the first line Chinese, the second English.
        comment = (entry.pop("comment") or "").strip().splitlines()
        at = 1 if lang == "en" and len(comment) > 1 else 0
        said = comment[at].strip() if comment else ""
        entry["label"] = without_note(said, entry["table"])
    return tables


def _landing(connection: duckdb.DuckDBPyConnection, lang: str) -> dict[str, Any] | None:
    if not query.has_table(connection, "quality", "landing_log"):
        return None
    totals = """
        count(*) as files,
        coalesce(sum(rows_read), 0)::bigint as rows_read,
        coalesce(sum(rows_accepted), 0)::bigint as rows_accepted,
        coalesce(sum(rows_quarantined), 0)::bigint as rows_quarantined
    """
    (landing,) = query.records(connection, f"select {totals} from quality.landing_log")
    landing["datasets"] = query.records(
        connection,
        f"""
        select dataset, max(vintage) as newest_vintage, max(loaded_at) as loaded_at, {totals}
        from quality.landing_log group by dataset order by dataset
        """,
    )
    labels = dataset_labels(lang)
    for entry in landing["datasets"]:
        entry["dataset"] = entry["dataset"] or ""
        entry["label"] = labels.get(entry["dataset"], "")
    return landing


def dataset_labels(lang: str) -> dict[str, str]:
    """The datasets' names in the language, from the catalogue; empty where it cannot be read."""
    try:
        with DATASETS.open(encoding="utf-8") as file:
            return {row["dataset"]: row[f"label_{lang}"] for row in csv.DictReader(file)}
    except (OSError, KeyError):
        return {}


def _audit(connection: duckdb.DuckDBPyConnection) -> list[dict[str, Any]] | None:
    if not query.has_table(connection, "quality", "audit_results"):
        return None
    return query.records(
        connection,
        """
        select
            gate,
            severity,
            count(*) filter (where success) as passed,
            count(*) filter (where not success) as failed
        from quality.audit_results
        group by gate, severity
        order by
            list_position(['landing', 'raw', 'staging', 'marts'], gate) nulls last, gate, severity
        """,
    )


def _reconciliation(
    connection: duckdb.DuckDBPyConnection, lang: str
) -> list[dict[str, Any]] | None:
    if not query.has_table(connection, "quality", "reconciliation"):
        return None
    counts = evidence.count(query.records(connection, "select * from quality.reconciliation"))
    kinds, statuses = evidence.EVIDENCE, evidence.STATUSES

    def place(entry: dict[str, Any]) -> tuple[int, int]:
        kind, status = entry["evidence"], entry["status"]
        return (
            kinds.index(kind) if kind in kinds else len(kinds),
            statuses.index(status) if status in statuses else len(statuses),
        )

    codes = Codes(connection, lang)
    return sorted(
        (
            {
                "evidence": kind,
                "status": status,
                "figures": figures,
                "evidence_name": evidence.said(codes, "evidence", kind or ""),
                "status_name": evidence.said(codes, "status", status),
            }
            for (kind, status), figures in counts.items()
        ),
        key=place,
    )
