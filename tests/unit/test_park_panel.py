"""The reconstruction of the sample parks: the same files in every run, nothing lost in a split."""

from __future__ import annotations

import csv
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from orchestration.settings import PROJECT_ROOT
from orchestration.reconstruction.park_facts import split

SHIPPED = PROJECT_ROOT / "seeds" / "raw" / "park_returns"


def test_a_rerun_gives_the_shipped_files_byte_for_byte(tmp_path: Path) -> None:
    park_panel.main(tmp_path)
    written = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    shipped = {path.name: path.read_bytes() for path in SHIPPED.glob("sample_*")}
    assert written.keys() == shipped.keys()
    assert [name for name in written if written[name] != shipped[name]] == []


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
