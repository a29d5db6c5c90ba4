"""The Dagster instance of a run that nobody can ask about once it is over."""

import functools
from typing import Any

import dagster as dg
from dagster._core.execution.context.system import StepExecutionContext
from dagster._core.storage.event_log import InMemoryEventLogStorage


class _NothingKept(InMemoryEventLogStorage):
    """Of events that go with the process a database, even one in memory, is all cost."""

    def store_event(self, event: dg.EventLogEntry) -> None:
        """The run hands its events to who started it; there is no other reader."""

    def get_asset_records(self, asset_keys: object = None) -> list[Any]:
        """No asset has a past here."""
        return []

    def fetch_observations(self, *asked: object, **also: object) -> dg.EventRecordsResult:
        """Nor was one observed."""
        return dg.EventRecordsResult(records=[], cursor="", has_more=False)


def instance_of_one_run() -> dg.DagsterInstance:
    """An ephemeral instance whose events reach only the process that runs the job.

    `greenpark ui`, the schedule and the sensor have an instance that keeps them.
    """
    instance = dg.DagsterInstance.ephemeral()
    _ask_outputs_once()
    storage = _NothingKept()
    storage.register_instance(instance)
    instance._event_storage = storage
    return instance


def _ask_outputs_once() -> None:
    """Have Dagster list the assets of a step once and not with each of its outputs.

    A step of 500 models asks what its 1,500 outputs are 500 times, each time by all of them.
    """
    asked = StepExecutionContext.get_output_asset_keys
    if hasattr(asked, "cache_clear"):
        return
    # A context is of one step, whose outputs stay; it goes with the run, and so does its entry.
    StepExecutionContext.get_output_asset_keys = functools.lru_cache(maxsize=16)(asked)  # type: ignore[method-assign]
