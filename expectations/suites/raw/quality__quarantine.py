"""The quarantine: it holds what the log counts, and no file changed behind its sidecar."""

from __future__ import annotations

from expectations.authoring import Pair, no_rows
from expectations.discovery import SuiteContext

TABLE = "quality.quarantine"

COUNTS = """
with held as (
    select dataset, file_name, count(*) as rows_held from batch group by dataset, file_name
),

logged as (
    select dataset, file_name, sum(rows_quarantined) as rows_quarantined
    from quality.landing_log group by dataset, file_name
)

select
    coalesce(logged.dataset, held.dataset) as dataset,
    coalesce(logged.file_name, held.file_name) as file_name,
    logged.rows_quarantined,
    held.rows_held
from logged
full join held on logged.dataset = held.dataset and logged.file_name = held.file_name
where coalesce(logged.rows_quarantined, 0) <> coalesce(held.rows_held, 0)
"""
CHANGED = """
select distinct dataset, file_name, rule from batch where rule = 'file_hash_changed'
"""


def expectations(context: SuiteContext) -> list[Pair]:
    """Return the rules."""
    return [
        no_rows("quarantine_counts_match_the_log", COUNTS),
        no_rows("quarantine_has_no_changed_file", CHANGED),
    ]
