"""The quarantine: it holds what the log counts, hides no changed file and says what is missing."""

from __future__ import annotations

from expectations.authoring import Pair, no_rows
from expectations.discovery import SuiteContext
from expectations.thresholds import datasets

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


# What was refused of a table, and nothing stands in its place: the sums of that region and year
# lack it.
HOLES = """
with held as ($held),

editions as (select distinct dataset, file_name, vintage from quality.landing_log)

select
    lost.dataset,
    lost.file_name,
    lost.region_code,
    lost.year,
    lost.rule,
    count(*) as cells,
    any_value(concat_ws(' ', lost.balance_item, lost.industry_code, lost.fuel_code, lost.indicator))
        as such_as
from batch as lost
join editions on lost.dataset = editions.dataset and lost.file_name = editions.file_name
anti join held
    on
        lost.dataset = held.dataset
        and editions.vintage = held.vintage
        and lost.region_code = held.region_code
        and lost.year = held.year
        and lost.balance_item is not distinct from held.balance_item
        and lost.industry_code is not distinct from held.industry_code
        and lost.fuel_code is not distinct from held.fuel_code
        and lost.indicator is not distinct from held.indicator
where
    lost.dataset in (select held.dataset from held)
    and lost.region_code is not null
    and lost.year is not null
    and trim(coalesce(lost.raw_value, '')) <> ''
group by all
"""


def expectations(context: SuiteContext) -> list[Pair]:
    """Return the rules."""
    codes = ("region_code", "year", "balance_item", "industry_code", "fuel_code", "indicator")
    held = " union all by name ".join(
        f"select distinct '{name}' as dataset, _vintage as vintage, "
        f"columns(name -> name in {codes}) from raw.{name}"
        for name, kind in datasets().items()
        if kind == "matrix"
    )
    return [
        no_rows("quarantine_counts_match_the_log", COUNTS),
        no_rows("quarantine_has_no_changed_file", CHANGED),
        no_rows("quarantine_leaves_no_holes", HOLES, held=held),
    ]
