"""What Dagster is told, as a snapshot: a change here is a change of the pipeline."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import dagster as dg
import pytest

from expectations.rules import Rule, load_rules
from orchestration.defs.audit import gate_checks
from orchestration.defs.build import build_definitions
from orchestration.defs.publish import fingerprint
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


def test_the_sensor_sees_every_kind_of_input(tmp_path: Path) -> None:
    kinds = [
        *("table.csv", "table.csv.yml", "other.yml", "corrections.csv", "raw/source/book.xlsx"),
        *("methods/own/method.csv", "park_methods/own/flows.csv", "report/r/gaps.csv"),
        "reference/codes/fuel_codes.csv",
    ]
    seen = [fingerprint([tmp_path])]
    for name in kinds:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("a\n")
        seen.append(fingerprint([tmp_path]))
        path.write_text("b,c\n")
        seen.append(fingerprint([tmp_path]))
    assert len({*seen}) == 1 + 2 * len(kinds)
    (tmp_path / ".hidden").touch()
    assert fingerprint([tmp_path]) == seen[-1]
    (tmp_path / "corrections.csv").unlink()
    assert fingerprint([tmp_path]) not in seen


class Gate:
    """A session whose gate says what it is told to say."""

    def __init__(self, told: list[SimpleNamespace]) -> None:
        self.told = told

    def run_gate(self, gate: str) -> list[SimpleNamespace]:
        return self.told


def test_what_gives_no_result_is_not_published() -> None:
    """A gate without any result, or without that of one rule, lets nothing be published."""
    rules = {rule.rule_id: rule for rule in load_rules().values() if rule.gate == "raw"}
    silent = next(rule for rule in rules.values() if rule.severity == "critical")

    def outcome(rule: Rule) -> SimpleNamespace:
        return SimpleNamespace(
            rule_id=rule.rule_id, table_name=rule.table_name, severity=rule.severity,
            success=True, ran=True, observed_value="0", details="{}",
        )  # fmt: skip

    tables = sorted({dg.AssetKey(rule.table_name.split(".")) for rule in rules.values()})
    published: list[int] = []

    @dg.multi_asset(specs=[dg.AssetSpec(key) for key in tables])
    def landed() -> Iterator[dg.MaterializeResult]:
        yield from map(dg.MaterializeResult, tables)

    @dg.asset(deps=tables)
    def version() -> None:
        published.append(1)

    for told, ends_well in [
        ([outcome(rule) for rule in rules.values()], True),
        ([outcome(rule) for rule in rules.values() if rule is not silent], False),
        ([], False),
    ]:
        published.clear()
        result = dg.Definitions(
            assets=[landed, version],
            asset_checks=[gate_checks("raw")],
            jobs=[dg.define_asset_job("all")],
            resources={"session": Gate(told)},
        ).resolve_job_def("all").execute_in_process(raise_on_error=False)  # fmt: skip
        assert (result.success, bool(published)) == (ends_well, ends_well)


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
