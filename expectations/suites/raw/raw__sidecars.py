"""The sidecars: every file says who published it and under which licence."""

from __future__ import annotations

from expectations.authoring import Pair, given, no_rows
from expectations.discovery import SuiteContext

TABLE = "raw.sidecars"

SOURCE_EDITIONS = """
select
    source_id,
    string_agg(distinct vintage, ', ' order by vintage) as vintages,
    string_agg(distinct file_name, ', ' order by file_name) as file_names
from batch
group by source_id having count(distinct vintage) > 1
"""


def expectations(context: SuiteContext) -> list[Pair]:
    """Return the rules."""
    described = ("source_id", "publisher", "title_zh", "title_en", "url_or_citation")
    return [
        given("sidecars_name_a_licence", "licence", key="file_name"),
        given("sidecars_name_a_source", *described, key="file_name"),
        no_rows("sidecars_source_is_one_edition", SOURCE_EDITIONS),
    ]
