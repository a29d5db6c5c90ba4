"""The dbt unit tests: numbers worked by hand, run on a build of the shipped data."""

from __future__ import annotations

from pathlib import Path

from orchestration.landing.load import land
from orchestration.publishing import releases
from orchestration.settings import Home, data_roots
from orchestration.transform import dbt


def test_every_dbt_unit_test_passes(tmp_path: Path) -> None:
    home = Home.resolve(tmp_path).ensure()
    with releases.run_lock(home):
        releases.new_build(home, dbt.BUILD_ID)
        land(dbt.build_database(home), data_roots([]))
        nodes = dbt.build(home, {}, unit_tests=True)
    unit_tests = [node for node in nodes if node.unique_id.startswith("unit_test.")]
    assert len(unit_tests) >= 10
    assert [(node.unique_id, node.message) for node in nodes if node.failed] == []
