"""What must add up to the same from one layer to the next: a row of `conserved_sums.csv` each.

A row names the table a quantity comes from, which of its rows, and the one it goes to; the quantity
and the columns by which sums are taken are called the same in both.
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
    key = ", '/', ".join(f"cast({name} as varchar)" for name in row["keys"].split("|"))
    sums = (
        f"select concat({key}) as of_what, sum({row['quantity']}) as total,"
        f" sum(abs({row['quantity']})) as size"
    )
    from_side = f"{sums} from {row['from_table']} where {row['from_rows']} group by of_what"
    to_side = f"{sums} from {row['to_table']} group by of_what"
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
