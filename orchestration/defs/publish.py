"""The published version, the job that makes it, and what starts the job."""

import hashlib
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import dagster as dg
from pydantic import Field

from orchestration.defs.landing import WRITER_POOL
from orchestration.session import Engine, Session, open_session
from orchestration.settings import Home, data_roots

JOB_NAME = "refresh"


class SessionResource(dg.ConfigurableResource):
    """Opens a session for a run that Dagster itself started (UI, schedule, sensor).

    as_of_vintage 0 means the latest; engine builds the models (spark: see docs/scale.md); without
    leaves out files by their origin; because says why figures move though no file did. The home and
    the folders of input are those of GREENPARK_HOME and GREENPARK_DATA: who may start a run may not
    name a path.
    """

    as_of_vintage: int = 0
    allow_shrink: bool = False
    engine: Engine = "duckdb"
    without: list[str] = Field(default_factory=list)
    because: str = ""

    @contextmanager
    def yield_for_execution(self, context: dg.InitResourceContext) -> Iterator[Session]:
        with open_session(
            Home.resolve(),
            [],
            self.as_of_vintage or None,
            self.allow_shrink,
            self.engine,
            self.without,
            say=context.log.info if context.log else print,
            because=self.because,
        ) as session:
            yield session


def publish_asset(marts: list[dg.AssetKey]) -> dg.AssetsDefinition:
    """The version readers open; it waits for every mart and every blocking check."""

    @dg.asset(
        key=["quality", "published_version"],
        group_name="quality",
        deps=marts,
        pool=WRITER_POOL,
    )
    def published_version(session: dg.ResourceParam[Session]) -> dg.MaterializeResult:
        """Seal the audited build and swap it in as the current version."""
        return dg.MaterializeResult(metadata=session.publish())

    return published_version


# Everything in one process: the lock and the build file belong to one process.
REFRESH_JOB = dg.define_asset_job(
    JOB_NAME,
    selection=dg.AssetSelection.all(),
    executor_def=dg.in_process_executor,
    description="Land, build, audit and publish the warehouse.",
)


def yearly_schedule() -> dg.ScheduleDefinition:
    """Every 15 December: the yearbooks of the year are out."""
    return dg.ScheduleDefinition(
        name="yearly_refresh",
        job_name=JOB_NAME,
        cron_schedule="0 6 15 12 *",
        execution_timezone="Asia/Shanghai",
    )


def fingerprint(roots: list[Path]) -> str:
    """Changes when anything of the data folders comes, goes or changes, hidden files aside.

    Tables and sidecars, corrections, methods and reports, reference rows: whatever a refresh reads.
    """
    digest = hashlib.sha256()
    for root in roots:
        for place, folders, names in os.walk(root):
            folders[:] = sorted(name for name in folders if not name.startswith((".", "__")))
            for name in sorted([*names, *folders]):
                if name.startswith("."):
                    continue
                path = Path(place, name)
                with suppress(FileNotFoundError):  # it went while we looked
                    state = path.lstat()
                    is_folder = stat.S_ISDIR(state.st_mode)
                    said = () if is_folder else (state.st_mtime_ns, state.st_size, state.st_mode)
                    digest.update(os.fsencode(path) + repr(said).encode())
    return digest.hexdigest()


def input_sensor() -> dg.SensorDefinition:
    """Starts the job when the input files are not those of the last run it asked for."""

    @dg.sensor(name="new_input_files", job_name=JOB_NAME, minimum_interval_seconds=300)
    def new_input_files(context: dg.SensorEvaluationContext) -> dg.RunRequest | dg.SkipReason:
        state = fingerprint(data_roots([]))
        if state == context.cursor:
            return dg.SkipReason("no input file is new or changed")
        context.update_cursor(state)
        return dg.RunRequest(run_key=state)

    return new_input_files
