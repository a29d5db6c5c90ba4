"""Reconciliation with the reports: no figure differs without a reason in the data."""

from __future__ import annotations

from expectations.authoring import Pair, no_rows
from expectations.discovery import SuiteContext

TABLE = "quality.reconciliation"

MISMATCH = """
select report_id, figure_id, region_code, year, indicator, published_text, computed_value, unit
from batch where status = 'mismatch'
"""
# A reason in the data: an edition printed after the report revised a series of the region in one
# of the figure's years, or --as-of-vintage leaves out editions that the explanations cite.
UNACCOUNTED = """
with editions as (
    select
        (select max(vintage) from all_levels.region_energy) as used,
        (
            select max(vintage) from quality.landing_log
            where rows_accepted > 0 and 'raw.' || dataset in (
                select raw_table from quality.energy_lineage
            )
        ) as landed
)
select
    reconciliation.report_id,
    reconciliation.figure_id,
    reconciliation.region_code,
    reconciliation.year,
    reconciliation.indicator,
    reconciliation.published_text,
    reconciliation.computed_value,
    reconciliation.unit
from batch as reconciliation
join reference.published_figures as figures using (report_id, figure_id)
join reference.sources as sources on figures.source_id = sources.source_id
cross join editions
where
    reconciliation.status = 'mismatch'
    and editions.used >= editions.landed
    and not exists (
        select 1 from quality.revisions as revisions
        where
            starts_with(revisions.series_key, reconciliation.region_code || '/')
            and revisions.year in (figures.year, figures.year_from)
            and revisions.vintage_new > sources.edition_year
    )
"""
NO_LONGER_COMPARED = """
select before.report_id, before.figure_id, before.status as status_before, now.status
from previous.quality.reconciliation as before
left join batch as now
    on before.report_id = now.report_id and before.figure_id = now.figure_id
where
    now.figure_id is null
    or (before.status <> 'not_derivable' and now.status = 'not_derivable')
"""


def expectations(context: SuiteContext) -> list[Pair]:
    """Return the rules; one compares with the version before."""
    rules = [
        no_rows("reconciliation_has_no_mismatch", MISMATCH),
        no_rows("reconciliation_mismatch_has_a_revision", UNACCOUNTED),
    ]
    if context.in_previous(TABLE, "report_id", "figure_id", "status"):
        rules.append(no_rows("reconciliation_keeps_figures", NO_LONGER_COMPARED))
    return rules
