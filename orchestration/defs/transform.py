"""The dbt project as assets: a seed or model each, its tests as checks."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import dagster as dg
import dagster_dbt as dd

from orchestration.defs.landing import WRITER_POOL
from orchestration.engines.spark import is_marts_alone
from orchestration.session import Session

UNIQUE_ID = "dagster_dbt/unique_id"


class Translator(dd.DagsterDbtTranslator):
    """An asset's key is [schema, name], its group the layer."""

    def get_asset_key(self, dbt_resource_props: Mapping[str, Any]) -> dg.AssetKey:
        return dg.AssetKey([dbt_resource_props["schema"], dbt_resource_props["name"]])

    def get_group_name(self, dbt_resource_props: Mapping[str, Any]) -> str | None:
        return dbt_resource_props["schema"]


def transform_assets(manifest: Path) -> dg.AssetsDefinition:
    """The dbt build: seeds, models and tests in one invocation."""

    @dd.dbt_assets(manifest=manifest, dagster_dbt_translator=Translator(), pool=WRITER_POOL)
    def warehouse_models(
        context: dg.AssetExecutionContext, session: dg.ResourceParam[Session]
    ) -> Iterator[dg.MaterializeResult | dg.AssetCheckResult]:
        nodes = session.transform()
        contents = session.contents
        assets = {spec.metadata[UNIQUE_ID]: spec for spec in context.assets_def.specs}
        checks = {check.metadata[UNIQUE_ID]: check for check in context.assets_def.check_specs}
        # dbt finishes a model after what it depends on, the order Dagster asks for.
        for node in nodes:
            if node.unique_id in assets and node.status == "success":
                content = contents.get(node.unique_id)
                # The version of the data tells what was made from what stands as it was.
                yield dg.MaterializeResult(
                    asset_key=assets[node.unique_id].key,
                    metadata={"kept": True} if node.is_kept else {"seconds": node.seconds},
                    data_version=dg.DataVersion(content) if content else None,
                )
        for node in nodes:
            if node.unique_id in checks and node.status != "skipped":
                yield dg.AssetCheckResult(
                    asset_key=checks[node.unique_id].asset_key,
                    check_name=checks[node.unique_id].name,
                    passed=not node.failed,
                    severity=dg.AssetCheckSeverity.ERROR,
                    metadata={
                        "failures": node.failures or 0,
                        "message": node.message,
                        "kept": node.is_kept,
                    },
                )
        failed = [node for node in nodes if node.failed]
        if failed:
            raise dg.Failure(
                f"{len(failed)} dbt nodes failed: "
                + "; ".join(f"{node.unique_id}: {node.message}" for node in failed),
                allow_retries=False,
            )
        asked = {*assets}
        # tests/spark/compare.py asks Spark for the marts alone and holds them to DuckDB's.
        if not is_marts_alone(session.engine):
            asked |= {*checks}
        silent = sorted(asked - {node.unique_id for node in nodes if node.status != "skipped"})
        if silent:  # what was not built or not checked must not be published
            raise dg.Failure(
                f"{len(silent)} dbt nodes gave no result: {', '.join(silent)}",
                allow_retries=False,
            )

    return warehouse_models
