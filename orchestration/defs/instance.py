"""The Dagster instance of a run that nobody can ask about once it is over."""

from typing import Any

import dagster as dg
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
    storage = _NothingKept()
    storage.register_instance(instance)
    instance._event_storage = storage
    return instance
