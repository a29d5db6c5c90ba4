"""What must add up to the same from one layer to the next: a row of `conserved_sums.csv` each.

A row names the tables a quantity comes from and the one it goes to, which of their rows, the
quantity in both, and the columns by which sums are taken. Both sides have the same keys.
"""

from __future__ import annotations

import csv
from pathlib import Path

CONSERVED = Path(__file__).with_name("conserved_sums.csv")


def query() -> str:
    """The query for every sum that is another on the other side."""
    with CONSERVED.open(encoding="utf-8", newline="") as handle:
        rows = list(csv.DictReader(handle))
    return "\nunion all\n".join(_of_row(row) for row in rows)


def _of_row(row: dict[str, str]) -> str:
    def side(tables: str, rows: str, keys: str, quantity: str) -> str:
        said = ", '/', ".join(f"cast({key} as varchar)" for key in keys.split("|"))
        parts = " union all ".join(
            f"select concat({said}) as of_what, {quantity} as quantity from {table} where {rows}"
            for table in tables.split("|")
        )
        return (
            "select of_what, sum(quantity) as total, sum(abs(quantity)) as size "
            f"from ({parts}) as listed group by of_what"
        )

    from_side = side(row["from_tables"], row["from_rows"], row["from_keys"], row["from_quantity"])
    to_side = side(row["to_table"], row["to_rows"], row["to_keys"], row["to_quantity"])
    return f"""
    select
        '{row["sum_id"]}' as sum_id, coalesce(here.of_what, there.of_what) as of_what,
        here.total as from_total, there.total as to_total
    from ({from_side}) as here
    full outer join ({to_side}) as there on here.of_what = there.of_what
    where
        (here.total is null) <> (there.total is null)
        or not {{{{ is_equal('here.total', 'there.total', 'here.size') }}}}
    """
