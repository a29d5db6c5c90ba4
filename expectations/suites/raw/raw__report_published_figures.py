"""The figures of the report: all of it was keyed in, so that there is something to compare."""

from __future__ import annotations

from expectations.authoring import Pair, no_rows
from expectations.discovery import SuiteContext

TABLE = "raw.report_published_figures"
TABLES = (
    *("Fig 2-2", "Fig 2-3", "Fig 2-4", "Table 2-1", "Table 2-2", "Fig 3-1", "Fig 3-2"),
    *("Table 3-1", "Table 3-2", "Fig 4-1", "Fig 4-3", "Fig 4-4", "Table 4-1"),
)

TABLES_HELD = """
with printed (table_or_figure) as ($tables)
select table_or_figure from printed
where not exists (
    select 1 from batch as figures
    where contains(figures.table_or_figure, printed.table_or_figure)
)
"""


def expectations(context: SuiteContext) -> list[Pair]:
    """Return the rules."""
    tables = "values " + ", ".join(f"('{name}')" for name in TABLES)
    return [no_rows("published_figures_cover_the_report", TABLES_HELD, tables=tables)]
