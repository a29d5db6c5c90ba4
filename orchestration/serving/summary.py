"""The summary a refresh ends with."""

from __future__ import annotations

from rich.console import Console
from rich.table import Table

from orchestration import words
from orchestration.database import one
from orchestration.publishing.opening import open_reader
from orchestration.serving import evidence, query
from orchestration.serving.codes import Codes
from orchestration.settings import Home

COUNTS = {
    "landed": """
        select count(*) || ' files, ' || sum(rows_read) || ' rows read = ' || sum(rows_accepted)
            || ' accepted + ' || sum(rows_quarantined) || ' quarantined'
        from quality.landing_log
    """,
    "built": """
        select count(*) || ' marts, ' || sum(row_count) || ' rows' from quality.table_hashes
    """,
    "audited": """
        select count(*) filter (where success) || ' of ' || count(*) || ' expectations met'
            || coalesce('; not met: ' || string_agg(rule_id, ', ') filter (where not success), '')
        from quality.audit_results
    """,
    "known": """
        select count(*) || ' findings by ' || count(distinct rule_id)
            || ' rules, with reasons: see quality.known_findings'
        from quality.known_findings
        having count(*) > 0
    """,
    "doubtful": """
        select count(*) || ' rows by ' || count(distinct rule_id)
            || ' rules, published and marked: see quality.doubtful_rows'
        from quality.doubtful_rows
        having count(*) > 0
    """,
}
FIGURES = "select evidence, status from quality.reconciliation"
VERSION = "select version from quality.published_version"


def print_summary(home: Home, seconds: float) -> None:
    """Print what landed, was built, audited, reconciled and published, and where it is."""
    table = Table(show_header=False, box=None, pad_edge=False)
    with open_reader(home) as reader:
        for name, sql in COUNTS.items():
            if row := reader.execute(sql).fetchone():
                table.add_row(words.say(name), words.say(str(row[0])))
        figures = evidence.count(query.records(reader, FIGURES))
        table.add_row(
            words.say("reconciled"), evidence.line(figures, Codes(reader, words.language()))
        )
        table.add_row(words.say("published"), str(one(reader.execute(VERSION))[0]))
    table.add_row(words.say("database"), str(home.database))
    table.add_row(words.say("time"), f"{seconds:.1f} s")
    Console().print(table)
