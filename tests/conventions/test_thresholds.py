"""Every threshold is used: a row nobody reads is a rule nobody keeps."""

from __future__ import annotations

import csv

from orchestration.settings import PROJECT_ROOT

THRESHOLDS = PROJECT_ROOT / "seeds" / "reference" / "thresholds" / "thresholds.csv"


def test_every_threshold_is_used() -> None:
    code = "".join(
        path.read_text(encoding="utf-8")
        for folder in ("dbt_project", "expectations", "orchestration")
        for pattern in ("*.sql", "*.py")
        for path in (PROJECT_ROOT / folder).rglob(pattern)
    )
    with THRESHOLDS.open(encoding="utf-8") as handle:
        unused = [
            r["threshold_id"] for r in csv.DictReader(handle) if r["threshold_id"] not in code
        ]
    assert unused == []
