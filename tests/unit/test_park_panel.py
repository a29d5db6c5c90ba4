"""The reconstruction of the sample parks: nothing lost in a split (test_city_reconstruction.py runs
it again, byte for byte)."""

from __future__ import annotations

import csv

from hypothesis import given
from hypothesis import strategies as st

from orchestration.reconstruction.park_facts import split
from orchestration.settings import PROJECT_ROOT

SHIPPED = PROJECT_ROOT / "seeds" / "raw" / "park_returns"


def test_no_anonymous_park_has_a_real_name() -> None:
    with (SHIPPED / "sample_parks.csv").open(encoding="utf-8", newline="") as handle:
        rows = list(csv.DictReader(handle))
    assert len(rows) == 33
    for row in rows:
        number = int(row["park_id"].removeprefix("P"))
        assert row["name_zh"] == f"样本园区{number}（匿名）"
        assert row["report_label"] == f"园区{number}"


@given(
    total=st.integers(0, 10**9),
    weights=st.lists(st.floats(0.001, 1000), min_size=1, max_size=60),
)
def test_a_split_is_whole_and_complete(total: int, weights: list[float]) -> None:
    parts = split(total, weights)
    assert sum(parts) == total
    assert all(part >= 0 for part in parts)
