"""Put the definitions together from a dbt manifest."""

from pathlib import Path

import dagster as dg

from orchestration.defs.audit import gate_checks
from orchestration.defs.landing import landing_assets
from orchestration.defs.publish import (
    REFRESH_JOB,
    SessionResource,
    input_sensor,
    publish_asset,
    yearly_schedule,
)
from orchestration.defs.transform import transform_assets
from orchestration.publishing.fresh import MART_SCHEMAS


def build_definitions(manifest: Path) -> dg.Definitions:
    """Assets from file to published version, their checks, the job and what starts it."""
    models = transform_assets(manifest)
    marts = [key for key in models.keys if key.path[0] in MART_SCHEMAS]
    return dg.Definitions(
        assets=[landing_assets(), models, publish_asset(marts)],
        asset_checks=[gate_checks("raw"), gate_checks("marts")],
        jobs=[REFRESH_JOB],
        schedules=[yearly_schedule()],
        sensors=[input_sensor()],
        resources={"session": SessionResource()},
    )
