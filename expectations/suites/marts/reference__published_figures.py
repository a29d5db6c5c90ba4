"""The figures of the reports: all of each was keyed in, so that there is something to compare."""

from __future__ import annotations

from expectations.authoring import Pair, no_rows
from expectations.discovery import SuiteContext

TABLE = "reference.published_figures"
# What a report says it prints (tables.csv of its folder).
TABLES_HELD = """
select printed.report_id, printed.table_or_figure
from reference.report_tables as printed
where printed.has_figures and not exists (
    select 1 from batch as figures
    where
        figures.report_id = printed.report_id
        and contains(figures.table_or_figure, printed.table_or_figure)
)
"""


def expectations(context: SuiteContext) -> list[Pair]:
    """Return the rules."""
    return [no_rows("published_figures_cover_the_report", TABLES_HELD)]
