"""The data dictionary explains every column in both languages; sums are conserved."""

from __future__ import annotations

from expectations.authoring import Pair, given, no_rows
from expectations.conservation import query
from expectations.discovery import SuiteContext

TABLE = "reference.data_dictionary"

NOT_DESCRIBED = """
select columns.schema_name, columns.table_name, columns.column_name
from duckdb_columns() as columns
anti join batch as described
    on
        columns.schema_name = described.schema_name
        and columns.table_name = described.table_name
        and columns.column_name = described.column_name
where
    columns.database_name = current_database()
    and columns.schema_name in (
        'raw', 'reference', 'emissions', 'indicators', 'all_levels', 'quality'
    )
"""


def expectations(context: SuiteContext) -> list[Pair]:
    """Return the rules."""
    key = "schema_name, table_name, column_name"
    texts = ("label_zh", "label_en", "description_zh", "description_en", "aggregation")
    return [
        given("data_dictionary_is_complete", *texts, key=key),
        no_rows("data_dictionary_covers_every_column", NOT_DESCRIBED),
        no_rows("sums_are_conserved", query()),
    ]
