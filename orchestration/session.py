"""One run of the main job: its lock, its build file, its side process, and what each step found."""

from __future__ import annotations

import itertools
import sys
import time
import uuid
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from expectations.rules import load_rules
from orchestration import words
from orchestration.database import OUT_OF_MEMORY, out_of_memory, within_memory
from orchestration.landing.land import land
from orchestration.landing.write.parquet import export_landing
from orchestration.landing.write.report import LandingReport
from orchestration.publishing import releases
from orchestration.settings import Home, data_roots, excluded_origins, memory_limit
from orchestration.transform import dbt

if TYPE_CHECKING:
    from expectations.outcomes import Result
    from expectations.worker import Worker

GATE_TIMEOUT_S = 3600
Engine = Literal["duckdb", "spark"]


@dataclass
class Session:
    """State of one run. Steps are methods, in the order they run."""

    home: Home
    roots: list[Path]
    as_of_vintage: int | None
    without: frozenset[str]
    allow_shrink: bool
    engine: Engine
    worker: Worker
    say: Callable[[str], None]
    run_id: str
    started_at: datetime
    parsed: dbt.Parsed | None = None
    landing: LandingReport | None = None
    nodes: list[dbt.NodeResult] = field(default_factory=list)
    audit: list[Result] = field(default_factory=list)
    published: dict[str, Any] | None = None
    seconds: dict[str, float] = field(default_factory=dict)

    @property
    def database(self) -> Path:
        return dbt.build_database(self.home)

    @property
    def landing_folder(self) -> Path:
        """The raw tables as Parquet, published beside the database."""
        return self.database.parent / "landing"

    @property
    def version(self) -> str:
        return f"{self.started_at:%Y%m%dT%H%M%SZ}-{self.run_id}"

    @property
    def previous(self) -> Path | None:
        """The database readers see now, for the gates to compare with; None if they should not.

        The view of a past edition, or without what is reconstructed, is smaller by right.
        """
        if self.allow_shrink or self.as_of_vintage is not None or self.without:
            return None
        return self.home.database if self.home.database.exists() else None

    @contextmanager
    def timed(self, step: str) -> Iterator[None]:
        """Keep how long a step took."""
        start = time.perf_counter()
        try:
            yield
        finally:
            self.seconds[step] = time.perf_counter() - start

    def land(self) -> LandingReport:
        """Start a new build file and land every raw file into it."""
        with self.timed("land"):
            releases.new_build(self.home, dbt.BUILD_ID)
            published = self.home.database if self.home.database.exists() else None
            with within_memory("the landing"):
                self.landing = land(
                    self.database, self.roots, previous=published, without=self.without
                )
                export_landing(self.database, self.landing_folder)
        self.say(
            f"landed {len(self.landing.files)} files: {self.landing.rows_accepted} rows accepted, "
            f"{self.landing.rows_quarantined} quarantined"
        )
        if self.without:
            origins = ", ".join(sorted(self.without))
            self.say(f"  left out: {self.landing.files_left_out} files of origin {origins}")
        is_zh = words.language() == "zh"
        for message in self.landing.messages_zh if is_zh else self.landing.messages:
            self.say(f"  quarantined: {message}")
        for note in self.landing.notes:
            self.say(f"  {note.zh if is_zh else note.en}")
        return self.landing

    def transform(self) -> list[dbt.NodeResult]:
        """Build and test the models."""
        variables = {} if self.as_of_vintage is None else {"as_of_vintage": self.as_of_vintage}
        with self.timed("transform"):
            if self.engine == "spark":
                from orchestration.engines import spark

                self.nodes = spark.transform(
                    self.home, self.landing_folder, self.database, variables
                )
            else:
                # A variable may change what the parse read, so only the default run may reuse it.
                self.nodes = dbt.build(
                    self.home,
                    variables,
                    None if variables else self.parsed,
                    on_node=_show_progress(),
                )
        # dbt runs two nodes at once, so these two add up to more than the step.
        for part, is_test in (("models, in threads", False), ("tests, in threads", True)):
            self.seconds[part] = sum(n.seconds for n in self.nodes if n.is_test is is_test)
        failed = [node for node in self.nodes if node.failed]
        warned = [node for node in self.nodes if node.warned]
        self.say(
            f"built {len(self.nodes)} dbt nodes, {len(failed)} failed, {len(warned)} with warnings"
        )
        for node in failed:
            self.say(f"  failed: {node.unique_id}: {node.message}")
        for node in warned:
            self.say(f"  warning: {node.unique_id}: {node.message}")
        if any(OUT_OF_MEMORY in node.message for node in failed):
            raise out_of_memory("building the models")
        return self.nodes

    def run_gate(self, gate: str) -> list[Result]:
        """Run the expectations of one gate in the side process; keep and return the results."""
        with self.timed(f"gate {gate}"):
            results = self.worker.run_gate(
                self.database,
                gate,
                previous=self.previous,
                docs_dir=self.database.parent / "data_docs" / gate,
                as_of_vintage=self.as_of_vintage,
                memory_limit=memory_limit(),
            ).result(GATE_TIMEOUT_S)
        self.audit += results
        failed = [result for result in results if not result.success]
        self.say(f"gate {gate}: {len(results) - len(failed)} of {len(results)} expectations met")
        if known := sum(bool(result.known) for result in results):
            self.say(f"  known findings by {known} rules, see quality.known_findings")
        for result in failed:
            if words.language() == "zh":
                self.say(load_rules()[result.rule_id].statement_zh)
            self.say(
                f"  {result.severity}: {result.rule_id} on {result.table_name} "
                f"{result.column_name}: {result.observed_value} {result.details}"
            )
        if any(OUT_OF_MEMORY in result.details for result in failed):
            raise out_of_memory("the audit")
        return results

    def publish(self) -> dict[str, Any]:
        """Write the audit, seal the build and make it the current version."""
        from orchestration.audit.store import store
        from orchestration.publishing.finalise import finalise

        with self.timed("publish"), within_memory("publishing"):
            store(self.database, self.version, self.audit)
            self.published = finalise(
                self.database,
                self.version,
                self.started_at,
                self.engine,
                self.as_of_vintage,
                self.without,
            )
            releases.seal(self.database)
            releases.publish(self.home, self.database.parent, self.version)
        self.say(f"published version {self.version}")
        return self.published


def _show_progress() -> Callable[[str, str], None]:
    """Count the nodes on a terminal as they finish; silent elsewhere."""
    if not sys.stderr.isatty():
        return lambda unique_id, status: None
    finished = itertools.count(1)

    def show(unique_id: str, status: str) -> None:
        name = unique_id.split(".")[2]
        print(f"\r\033[Kbuilding: {next(finished)} {name}\r", end="", file=sys.stderr, flush=True)

    return show


@contextmanager
def open_session(
    home: Home,
    extra_data: list[Path],
    as_of_vintage: int | None = None,
    allow_shrink: bool = False,
    engine: Engine = "duckdb",
    without: Iterable[str] = (),
    say: Callable[[str], None] = lambda line: None,
) -> Iterator[Session]:
    """Take the run lock and start the side process; give both back at the end.

    Raises GreenparkError when another run holds the lock, a data folder does not exist or
    GREENPARK_WITHOUT names no origin.
    """
    from expectations.worker import Worker

    roots = data_roots(extra_data)
    left_out = excluded_origins(without)
    with ExitStack() as stack:
        stack.enter_context(releases.run_lock(home.ensure()))
        worker = stack.enter_context(Worker.start())
        yield Session(
            home=home,
            roots=roots,
            as_of_vintage=as_of_vintage,
            without=left_out,
            allow_shrink=allow_shrink,
            engine=engine,
            worker=worker,
            say=say,
            run_id=uuid.uuid4().hex[:8],
            started_at=datetime.now(UTC).replace(tzinfo=None, microsecond=0),
        )
