"""What a run in this process costs beside its steps, in counts that do not vary."""

from __future__ import annotations

from collections import Counter

import dagster as dg

from orchestration.defs.instance import instance_of_one_run


def test_a_run_hands_over_its_events_and_keeps_none() -> None:
    @dg.multi_asset(
        specs=[dg.AssetSpec("seen"), dg.AssetSpec("made", deps=["seen"])],
        check_specs=[dg.AssetCheckSpec("sound", asset="made", blocking=True)],
    )
    def tables():
        for name in ("seen", "made"):
            yield dg.MaterializeResult(name, data_version=dg.DataVersion("1"))
        yield dg.AssetCheckResult(asset_key="made", check_name="sound", passed=True)

    @dg.asset(deps=["made"])
    def published() -> None:
        """After the check."""

    job = dg.Definitions(
        assets=[tables, published], jobs=[dg.define_asset_job("job")]
    ).resolve_job_def("job")
    instance = instance_of_one_run()
    result = job.execute_in_process(instance=instance)
    assert result.success
    told = Counter(event.event_type_value for event in result.all_events)
    assert told["ASSET_MATERIALIZATION"] == 3 and told["ASSET_CHECK_EVALUATION"] == 1
    assert instance.all_logs(result.run_id) == []


def test_a_check_that_fails_still_blocks() -> None:
    @dg.asset(check_specs=[dg.AssetCheckSpec("sound", asset="made", blocking=True)])
    def made():
        yield dg.MaterializeResult()
        yield dg.AssetCheckResult(check_name="sound", passed=False)

    ran = []

    @dg.asset(deps=[made])
    def published() -> None:
        ran.append("published")

    job = dg.Definitions(
        assets=[made, published], jobs=[dg.define_asset_job("job")]
    ).resolve_job_def("job")
    result = job.execute_in_process(instance=instance_of_one_run(), raise_on_error=False)
    assert not result.success
    assert ran == []


def test_a_step_is_asked_for_its_assets_once(monkeypatch) -> None:
    """Dagster asks with each output; of hundreds of models that is the square of their number."""
    from dagster._core.definitions.assets.job.asset_layer import AssetLayer

    asked: Counter[str] = Counter()
    original = AssetLayer.get_asset_key_for_node_output

    def counted(self, node_handle, output_name):
        asked[output_name] += 1
        return original(self, node_handle, output_name)

    monkeypatch.setattr(AssetLayer, "get_asset_key_for_node_output", counted)
    names = [f"table_{number}" for number in range(40)]

    @dg.multi_asset(specs=[dg.AssetSpec(name) for name in names])
    def tables():
        for name in names:
            yield dg.MaterializeResult(name)

    job = dg.Definitions(assets=[tables], jobs=[dg.define_asset_job("job")]).resolve_job_def("job")
    assert job.execute_in_process(instance=instance_of_one_run()).success
    assert max(asked.values()) < 10
