"""What is told of a table that is refused whole, in SQL: once, not once for each fault and cell."""

from __future__ import annotations

DETAILS_TOLD = 20  # a table may have as many faults as cells, and each of its cells tells them
# What a Chinese message calls the column of a list.
HEADINGS = """
    left join (select row_id, load_id from {rows}) using (row_id)
    left join headings using (load_id, column_name)
"""


def of_tables(rows: str) -> str:
    """A query for all rows of the tables in `judged`, each with the details of its table."""
    return f"""
        select printed.row_id, table_id, told.column_name, told.detail, told.detail_zh
        from (
            select
                table_id,
                column_name,
                {_told("detail", "; ", "; and {} more")} as detail,
                {_told("coalesce(detail_zh, detail)", "；", "；另有 {} 处")} as detail_zh
            from judged
            group by table_id, column_name
        ) as told
        inner join {rows} as printed using (table_id)
    """


def _told(detail: str, mark: str, more: str) -> str:
    """The first details of a group, in their order, and how many more there are."""
    before, after = more.split("{}")
    count = f"count(distinct {detail})"
    details = f"list(distinct {detail} order by {detail}) filter ({detail} is not null)"
    return f"""array_to_string(({details})[:{DETAILS_TOLD}], '{mark}') || case
        when {count} > {DETAILS_TOLD} then '{before}' || ({count} - {DETAILS_TOLD}) || '{after}'
        else ''
    end"""
