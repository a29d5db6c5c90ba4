"""What Dagster is told, as a snapshot: a change here is a change of the pipeline."""

from __future__ import annotations

import json
import os
from pathlib import Path

import dagster as dg
import pytest

from expectations.rules import load_rules
from orchestration.defs.build import build_definitions
from orchestration.landing.map.catalogue import read_datasets
from orchestration.settings import Home

SNAPSHOT = Path(__file__).with_name("definitions.json")


@pytest.fixture(scope="module")
def definitions(published_home: Home) -> dg.Definitions:
    return build_definitions(published_home.target / "manifest.json")


def test_the_jobs_schedules_and_sensors_are_these(definitions: dg.Definitions) -> None:
    repository = definitions.get_repository_def()
    assert {job.name for job in repository.get_all_jobs()} == {"refresh", "__ASSET_JOB"}
    assert [(s.name, s.cron_schedule) for s in repository.schedule_defs] == [
        ("yearly_refresh", "0 6 15 12 *")
    ]
    assert [sensor.name for sensor in repository.sensor_defs] == ["new_input_files"]


def test_every_raw_table_leads_to_the_published_version(definitions: dg.Definitions) -> None:
    graph = definitions.resolve_asset_graph()
    published = dg.AssetKey(["quality", "published_version"])
    ancestors = graph.get_ancestor_asset_keys(published)
    raw = {key for key in graph.get_all_asset_keys() if key.path[0] == "raw"}
    assert {key.path[1] for key in raw} == {*read_datasets(), "sidecars"}
    assert raw <= ancestors


def test_assets_are_named_by_schema_and_table(definitions: dg.Definitions) -> None:
    keys = {key.to_user_string() for key in definitions.resolve_asset_graph().get_all_asset_keys()}
    assert {
        "raw/energy_yearbook_energy_balance",
        "quality/landing_log",
        "staging/stg_energy_yearbook__energy_balance",
        "intermediate/int_co2__emissions_calculated",
        "all_levels/region_energy",
        "emissions/province_co2",
        "indicators/province_year",
        "quality/reconciliation",
        "quality/published_version",
    } <= keys


def test_dbt_tests_and_expectations_are_checks_and_critical_ones_block(
    definitions: dg.Definitions,
) -> None:
    graph = definitions.resolve_asset_graph()
    checks = {key.name for key in graph.asset_check_keys}
    rules = [rule for rule in load_rules().values() if rule.gate in ("raw", "marts")]
    assert {rule.rule_id for rule in rules} <= checks
    assert "region_co2__is_sound" in checks
    for key in graph.asset_check_keys:
        rule = load_rules().get(key.name)
        if rule is not None:
            assert graph.get(key).blocking == (rule.severity == "critical"), key


def test_one_writer_at_a_time(definitions: dg.Definitions) -> None:
    job = definitions.resolve_job_def("refresh")
    pools = {node.name: node.pool for node in job.all_node_defs if getattr(node, "pool", None)}
    assert set(pools.values()) == {"duckdb_writer"}
    assert {"landed_files", "warehouse_models", "quality__published_version"} <= set(pools)
    assert job.executor_def.name == "in_process"


def test_the_sensor_asks_for_a_run_only_when_an_input_file_changes(
    definitions: dg.Definitions, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GREENPARK_DATA", str(tmp_path))
    sensor = definitions.resolve_sensor_def("new_input_files")

    def tick(cursor: str | None) -> tuple[int, str]:
        found = sensor.evaluate_tick(dg.build_sensor_context(cursor=cursor))
        return len(found.run_requests), found.cursor

    runs, cursor = tick(None)
    assert runs == 1
    assert tick(cursor) == (0, cursor)
    (tmp_path / "return_2026.csv").write_text("a\n", encoding="utf-8")
    runs, changed = tick(cursor)
    assert runs == 1
    assert changed != cursor


def test_keys_and_checks_are_those_of_the_snapshot(definitions: dg.Definitions) -> None:
    """A change here is a change of what the pipeline promises: look at it, then rewrite the
    snapshot with GREENPARK_SNAPSHOT=write make test ARGS=tests/orchestration."""
    graph = definitions.resolve_asset_graph()
    found = {
        "assets": sorted(key.to_user_string() for key in graph.get_all_asset_keys()),
        "checks": sorted(
            f"{key.asset_key.to_user_string()}: {key.name}" for key in graph.asset_check_keys
        ),
    }
    if os.environ.get("GREENPARK_SNAPSHOT") == "write":
        SNAPSHOT.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    assert found == json.loads(SNAPSHOT.read_text(encoding="utf-8"))
