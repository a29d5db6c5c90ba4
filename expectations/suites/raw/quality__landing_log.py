"""The landing log: what was read is what was kept, and it is the file it says it is."""

from __future__ import annotations

from expectations.authoring import Pair, no_rows
from expectations.discovery import SuiteContext
from expectations.thresholds import datasets, expected_datasets

TABLE = "quality.landing_log"

ROWS_ADD_UP = """
select dataset, file_name, rows_read, rows_accepted, rows_quarantined
from batch where rows_read <> rows_accepted + rows_quarantined
"""
ROWS_HELD = """
with held as ($held)
select
    coalesce(log.dataset, held.dataset) as dataset,
    log.file_name,
    coalesce(log.load_id, held.load_id) as load_id,
    log.rows_accepted,
    held.rows_held
from batch as log
full join held on log.dataset = held.dataset and log.load_id = held.load_id
where coalesce(log.rows_accepted, 0) <> coalesce(held.rows_held, 0) or log.load_id is null
"""
# A file whose rows a later data folder replaced is empty by right.
FILE_IS_EMPTY = """
with replaced as (
    select dataset, file_name, count(*) as rows_replaced
    from quality.quarantine where rule = 'superseded' group by all
)
select log.dataset, log.file_name, log.rows_read
from batch as log
left join replaced on log.dataset = replaced.dataset and log.file_name = replaced.file_name
where log.rows_accepted = 0 and coalesce(replaced.rows_replaced, 0) < greatest(log.rows_read, 1)
"""
VINTAGE = """
select dataset, file_name, vintage from batch
where vintage < $edition_year_min or vintage > year(loaded_at) + 1
"""
YEAR_AFTER_EDITION = """
with years as ($years)
select years.dataset, log.file_name, log.vintage, years.year
from years
join batch as log on years._load_id = log.load_id and years.dataset = log.dataset
where years.year > years._vintage
"""
SAME_CONTENT = """
select
    file_sha256,
    dataset,
    string_agg(file_name, ', ' order by file_name) as file_names
from batch
where rows_accepted > 0
group by file_sha256, dataset having count(*) > 1
"""
QUARANTINE_SHARE = """
with refused as (
    select dataset, file_name, count(*) as rows_refused
    from quality.quarantine where rule <> 'superseded' group by all
)
select log.dataset, log.file_name, log.rows_read, refused.rows_refused
from batch as log
join refused on log.dataset = refused.dataset and log.file_name = refused.file_name
where refused.rows_refused > $quarantine_share_max * log.rows_read
"""
DATASETS = """
with expected (dataset) as ($datasets)
select dataset from expected
where dataset not in (select log.dataset from batch as log where log.rows_accepted > 0)
"""
LOST_FILES = """
select dataset, file_name, vintage, rows_accepted
from previous.quality.landing_log
where rows_accepted > 0 and file_name not in (select log.file_name from batch as log)
"""
CHANGED_FILES = """
select
    now.dataset,
    now.file_name,
    now.vintage,
    before.file_sha256 as sha256_before,
    now.file_sha256 as sha256_now
from batch as now
join previous.quality.landing_log as before
    on
        now.dataset = before.dataset
        and now.file_name = before.file_name
        and now.vintage = before.vintage
where now.file_sha256 not in (
    select same.file_sha256 from previous.quality.landing_log as same
    where same.file_name = now.file_name
)
"""


def expectations(context: SuiteContext) -> list[Pair]:
    """Return the rules; two compare with the log of the version before."""
    held = " union all ".join(
        f"select '{name}' as dataset, _load_id as load_id, count(*) as rows_held "
        f"from raw.{name} group by _load_id"
        for name in datasets()
    )
    years = " union all ".join(
        f"select distinct '{name}' as dataset, _load_id, _file_name, _vintage, year from raw.{name}"
        for name, kind in datasets().items()
        if kind == "matrix"
    )
    names = "values " + ", ".join(f"('{name}')" for name in expected_datasets())
    rules = [
        no_rows("landing_log_rows_add_up", ROWS_ADD_UP),
        no_rows("landing_log_rows_are_held", ROWS_HELD, held=held),
        no_rows("landing_log_files_have_rows", FILE_IS_EMPTY),
        no_rows("landing_log_vintage_is_plausible", VINTAGE),
        no_rows("landing_log_years_before_edition", YEAR_AFTER_EDITION, years=years),
        no_rows("landing_log_contents_differ", SAME_CONTENT),
        no_rows("landing_log_quarantine_is_small", QUARANTINE_SHARE),
        no_rows("landing_log_datasets_complete", DATASETS, datasets=names),
    ]
    if context.in_previous(TABLE, "dataset", "file_name", "vintage", "file_sha256"):
        rules += [
            no_rows("landing_log_keeps_files", LOST_FILES),
            no_rows("landing_log_editions_are_frozen", CHANGED_FILES),
        ]
    return rules
