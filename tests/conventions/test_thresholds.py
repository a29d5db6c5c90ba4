"""Every threshold is used: a row nobody reads is a rule nobody keeps."""

from __future__ import annotations

import csv

from orchestration.settings import PROJECT_ROOT

REFERENCE = PROJECT_ROOT / "seeds" / "reference"
THRESHOLDS = REFERENCE / "thresholds" / "thresholds.csv"
# Where reference rows name a threshold: the landing reads it through them.
NAMED_BY_ROWS = (
    "catalog/dataset_columns.csv",
    "catalog/dataset_energy_limits.csv",
    "catalog/dataset_ratio_limits.csv",
    "catalog/dataset_roll_ups.csv",
    "catalog/dataset_yearly_limits.csv",
)


def _named_by_rows() -> set[str]:
    named = set()
    for path in NAMED_BY_ROWS:
        with (REFERENCE / path).open(encoding="utf-8", newline="") as handle:
            for row in csv.DictReader(handle):
                named |= {value for name, value in row.items() if name.endswith("_threshold_id")}
    return named


def test_every_threshold_is_used() -> None:
    code = "".join(
        path.read_text(encoding="utf-8")
        for folder in ("dbt_project", "expectations", "orchestration")
        for pattern in ("*.sql", "*.py")
        for path in (PROJECT_ROOT / folder).rglob(pattern)
    )
    named = _named_by_rows()
    with THRESHOLDS.open(encoding="utf-8") as handle:
        unused = [
            r["threshold_id"]
            for r in csv.DictReader(handle)
            if r["threshold_id"] not in code and r["threshold_id"] not in named
        ]
    assert unused == []
