"""Entry point of Dagster: `dagster dev -m orchestration.definitions`, or `greenpark ui`."""

from __future__ import annotations

import dagster as dg

from orchestration.defs.build import build_definitions
from orchestration.settings import Home
from orchestration.transform.dbt import parse


@dg.definitions
def definitions() -> dg.Definitions:
    return build_definitions(parse(Home.resolve().ensure()).path)
