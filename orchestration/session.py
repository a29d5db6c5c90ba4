"""One run of the main job: its lock, its build file, its side process, and what each step found."""

from __future__ import annotations

import itertools
import shutil
import sys
import time
import uuid
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from expectations.rules import load_rules
from orchestration import scratch, words
from orchestration.database import (
    OUT_OF_MEMORY,
    disk_full_of,
    out_of_memory,
    within_memory,
)
from orchestration.errors import GreenparkError
from orchestration.keeping.store import LANDING, PUBLISHED, Store
from orchestration.landing.write.report import LandingReport
from orchestration.publishing import integrity, releases
from orchestration.publishing.sound import last_sound
from orchestration.settings import DATABASE_NAME, Home, data_roots, excluded_origins, memory_limit
from orchestration.transform import dbt

if TYPE_CHECKING:
    from expectations.outcomes import Result
    from expectations.worker import Worker
    from orchestration.errors import Note
    from orchestration.keeping.inputs import Keys

GATE_TIMEOUT_S = 3600
DOCS, GATES = "data_docs", "gates"
# Of `version.json`: the files given, what was landed of them, what the models made of that.
GIVEN, LANDED, BUILT = "given_sha256", "landed_sha256", "built_sha256"
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
    full: bool = False
    because: str = ""  # why figures move though no file did
    # the database of the current version, or of the last one that is not damaged
    sound: Path | None = None
    is_current_sound: bool = True
    is_new: bool = False  # whether a version was published
    parsed: dbt.Parsed | None = None
    landing: LandingReport | None = None
    nodes: list[dbt.NodeResult] = field(default_factory=list)
    audit: list[Result] = field(default_factory=list)
    published: dict[str, Any] | None = None
    refusal: GreenparkError | None = None  # why nothing may be published
    # what `version.json` says of figures that no file moved
    moves: dict[str, Any] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)

    @property
    def database(self) -> Path:
        return dbt.build_database(self.home)

    @cached_property
    def store(self) -> Store:
        """What was kept for this run; nothing if it is to be full, or on another engine."""
        store = Store(self.home)
        store.open(anew=self.full or self.engine != "duckdb")
        return store

    @property
    def variables(self) -> dict[str, Any]:
        """What dbt is told of this run."""
        return {} if self.as_of_vintage is None else {"as_of_vintage": self.as_of_vintage}

    @property
    def contents(self) -> dict[str, str]:
        """The hash of the content of every seed and model that was built here."""
        return self.store.contents()

    @cached_property
    def unsigned(self) -> list[Note]:
        """What is not signed off and need not be.

        Raises GreenparkError if a reference table is not as somebody signed it off.
        """
        from orchestration import sign_offs

        return sign_offs.check(self.roots)

    @property
    def version(self) -> str:
        return f"{self.started_at:%Y%m%dT%H%M%SZ}-{self.run_id}"

    @property
    def previous(self) -> Path | None:
        """The database readers see now, for the gates to compare with; None if they should not.

        If it is damaged, that of the last version that is not.

        The view of a past edition, or without what is reconstructed, is smaller by right.
        """
        if self.allow_shrink or self.as_of_vintage is not None or self.without:
            return None
        return self.sound

    @contextmanager
    def timed(self, step: str) -> Iterator[None]:
        """Keep how long a step took."""
        start = time.perf_counter()
        try:
            yield
        finally:
            self.seconds[step] = time.perf_counter() - start

    def land(self) -> LandingReport:
        """Land every raw file, or keep what was landed of the same files.

        Raises GreenparkError if a reference table is not as somebody signed it off.
        """
        from orchestration import code_first
        from orchestration.keeping.landed import land_kept

        unsigned = self.unsigned
        with self.timed("code before files"), within_memory("building the models"):
            code_first.judge(self)
        with self.timed("land"):
            asked = self.roots, self.without, self.sound, self.keys
            self.landing = land_kept(self.home, self.store, *asked)
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
        for note in [*self.landing.notes, *unsigned]:
            self.say(f"  {note.zh if is_zh else note.en}")
        return self.landing

    def parse(self) -> dbt.Parsed:
        """The dbt project as it was read for this run."""
        if self.parsed is None:
            self.parsed = dbt.parse(self.home)
        return self.parsed

    def transform(self) -> list[dbt.NodeResult]:
        """Build and test the models that have changed, or that read what has."""
        with self.timed("transform"):
            if self.engine == "spark":
                from orchestration.engines import spark

                self.nodes = spark.transform(
                    self.home, self.store.landing, self.database, self.variables
                )
            else:
                from orchestration.keeping import nodes

                self.nodes = nodes.build(
                    self.home, self.store, self.variables, self.parse(), show_progress()
                )
        # dbt runs two nodes at once, so these two add up to more than the step.
        for part, is_test in (("models, in threads", False), ("tests, in threads", True)):
            self.seconds[part] = sum(n.seconds for n in self.nodes if n.is_test is is_test)
        failed = [node for node in self.nodes if node.failed]
        warned = [node for node in self.nodes if node.warned]
        kept = sum(node.is_kept for node in self.nodes)
        self.say(
            f"built {len(self.nodes) - kept} dbt nodes, {len(failed)} failed, "
            f"{len(warned)} with warnings"
        )
        if kept:
            self.say(f"  kept {kept} nodes of the run before")
        for node in failed:
            self.say(f"  failed: {node.unique_id}: {node.message}")
        for node in warned:
            self.say(f"  warning: {node.unique_id}: {node.message}")
        self._raise_for_want([node.message for node in failed], "building the models")
        return self.nodes

    def run_gate(self, gate: str) -> list[Result]:
        """Run the expectations of one gate in the side process; keep and return the results."""
        with self.timed(f"gate {gate}"):
            results = self.worker.run_gate(
                self.database,
                gate,
                previous=self.previous,
                docs_dir=self.store.folder / DOCS / gate,
                as_of_vintage=self.as_of_vintage,
                memory_limit=memory_limit(),
                kept=self.store.folder / GATES / f"{gate}.json",
                contents=self.store.table_contents(),
            ).result(GATE_TIMEOUT_S)
        ran = [result for result in results if result.ran]
        self.audit += ran
        failed = [result for result in results if not result.success]
        self.say(f"gate {gate}: {len(ran) - len(failed)} of {len(ran)} expectations met")
        if known := sum(bool(result.known) for result in results):
            self.say(f"  known findings by {known} rules, see quality.known_findings")
        for result in failed:
            if words.language() == "zh":
                self.say(load_rules()[result.rule_id].statement_zh)
            self.say(
                f"  {result.severity}: {result.rule_id} on {result.table_name} "
                f"{result.column_name}: {result.observed_value} {result.details}"
            )
        self._raise_for_want([result.details for result in failed], "the audit")
        return results

    def _raise_for_want(self, messages: list[str], step: str) -> None:
        """Raise GreenparkError if what failed says that it lacked memory, or room on the disk."""
        if any(OUT_OF_MEMORY in message for message in messages):
            raise out_of_memory(step)
        for message in messages:
            if full := disk_full_of(message, self.home.root):
                raise full

    def publish(self) -> dict[str, Any]:
        """Make the current version of what was built and audited, unless it is that already."""
        from orchestration.audit.store import store as store_audit
        from orchestration.publishing import parquet_manifest
        from orchestration.publishing.finalise import finalise, is_published
        from orchestration.publishing.fresh import copy_published

        with self.timed("publish"), within_memory("publishing"):
            self.store.note_unsynced()
            fresh = releases.new_build(self.home, self.run_id)
            copied = copy_published(self.database, fresh, self.store.folder / PUBLISHED)
            store_audit(fresh, self.version, self.audit, self.database)
            row = finalise(
                fresh,
                self.database,
                copied.views_sha256,
                self.version,
                self.started_at,
                self.engine,
                self.as_of_vintage,
                self.without,
            )
            has_it = self.is_current_sound and is_published(self.home, row)
            self.is_new = self.full or not has_it
            if self.is_new:
                integrity.note(fresh.parent, **self._said_of_version(fresh))
                for name in (DOCS, LANDING):
                    shutil.copytree(self.store.folder / name, fresh.parent / name)
                parquet_manifest.write(self.home, fresh.parent / LANDING, self.version)
                releases.seal(fresh)
                self._write_for_readers(fresh)
                releases.publish(self.home, fresh.parent, self.version)
            else:
                shutil.rmtree(fresh.parent)
        self.published = row
        if self.engine == "duckdb":
            self.store.sync()
        else:
            self.store.clear()
        if self.is_new:
            self.say(f"published version {self.version}")
        return row

    def _said_of_version(self, fresh: Path) -> dict[str, Any]:
        """What `version.json` says of what was given and built, and of figures that code moved."""
        said = {
            GIVEN: self.given_sha256,
            LANDED: self.store.landed_key(),
            BUILT: self.store.built_key(),
        }
        if self.is_as_before and self.is_of_same_files:
            self.note_moves(fresh)
        return said | self.moves

    def note_moves(self, fresh: Path, heading: str = "") -> None:
        """Note which figures of a file are others than those of the version before, and why.

        Raises GreenparkError where some are and nobody says why.
        """
        from orchestration.publishing import moved

        found = moved.moved(self.sound, fresh) if self.sound else []
        if not found or self.sound is None:
            return
        if heading:
            self.say(heading)
        for move in found:
            names = ", ".join(move.columns)
            self.say(f"  {move.table}: {move.gone} rows gone, {move.new} new ({names})")
        try:
            reason = moved.reason_for(self.sound, fresh, self.because)
        except GreenparkError as error:
            self.refusal = error
            raise
        self.say(f"figures move though no file did: {reason}")
        self.moves = {moved.BECAUSE: reason, moved.MOVED: [move.table for move in found]}

    @cached_property
    def keys(self) -> Keys:
        """The hashes of the files that were given to this run, as they were when it landed them."""
        from orchestration.keeping import inputs

        return inputs.keys(self.roots, self.without)

    @property
    def given_sha256(self) -> str:
        return self.keys.given

    @cached_property
    def before(self) -> dict[str, Any]:
        """What the version before says of itself; nothing if there is none."""
        return integrity.read(self.sound.parent) if self.sound else {}

    @property
    def is_of_same_files(self) -> bool:
        """Whether the version before was made of the same files."""
        return self.before.get(GIVEN) == self.given_sha256

    @property
    def is_as_before(self) -> bool:
        """Whether the version before was asked for in the same way."""
        asked = {
            "engine": self.engine,
            "as_of_vintage": self.as_of_vintage,
            "without_origins": "|".join(sorted(self.without)),
        }
        return asked.items() <= self.before.items()

    def _write_for_readers(self, fresh: Path) -> None:
        """Write the files of those who may not see all, and the site, beside the finished file."""
        from orchestration.publishing.copies import write_copy
        from orchestration.site.release import build_into

        copying = self.database, fresh, self.store.folder
        with self.timed("analysts' copy"):
            write_copy("analyst", *copying, memory_limit())
        # The site is made of that copy, so the public one is written meanwhile.
        half = memory_limit(sharers=2)
        with ThreadPoolExecutor(1) as beside, self.timed("site and public copy"):
            public = beside.submit(write_copy, "public", *copying, half)
            build_into(fresh.parent, self.home, self.previous, self.say, half)
            public.result()


def show_progress() -> Callable[[str, str], None]:
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
    full: bool = False,
    because: str = "",
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
        scratch.sweep(home.tmp)
        worker = stack.enter_context(Worker.start())
        version, damaged = last_sound(home)
        for line in damaged:
            say(f"warning: {line}")
        if damaged and version:
            say(f"  version {version.version} takes its place until a new one is published")
        elif damaged:
            say("  no version is sound: nothing is compared, the quarantine's history begins anew")
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
            full=full,
            because=because.strip(),
            sound=version.path / DATABASE_NAME if version else None,
            is_current_sound=not damaged,
            started_at=datetime.now(UTC).replace(tzinfo=None, microsecond=0),
        )
