"""One measured command, the record of all runs, and what is told of them."""

from __future__ import annotations

import csv
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import psutil
import pyperf

from orchestration.settings import PROJECT_ROOT

README = PROJECT_ROOT / "benchmarks" / "README.md"
RUNS = README.with_name("runs.csv")
RUN_COLUMNS = (
    *("measured_on", "git_commit", "case", "runs"),
    *("wall_seconds", "processor_seconds", "peak_mib"),
)
BIN = Path(sys.executable).parent
SAMPLE_S = 0.05


@dataclass
class Case:
    """One command with what it took: seconds of wall and processor, bytes; a value per run."""

    name: str
    command: list[str]
    environment: dict[str, str]
    prepare: Callable[[], None] = lambda: None
    every_s: float = SAMPLE_S
    seconds: list[float] = field(default_factory=list)
    processor: list[float] = field(default_factory=list)
    memory: list[int] = field(default_factory=list)

    def run(self) -> str:
        """Run once; return what it printed. Exits with its messages if it failed."""
        self.prepare()
        start = time.perf_counter()
        with tempfile.TemporaryDirectory() as folder:
            output, log = Path(folder, "stdout"), Path(folder, "stderr")
            with output.open("w") as stdout, log.open("w") as stderr:
                process = subprocess.Popen(
                    self.command,
                    env=os.environ | self.environment,
                    stdout=stdout,
                    stderr=stderr,
                )
                peak = ended = 0
                tree = psutil.Process(process.pid)
                while not ended:
                    peak = max(peak, self.look(tree, log))
                    time.sleep(self.every_s)
                    ended, status, used = os.wait4(process.pid, os.WNOHANG)
                process.returncode = os.waitstatus_to_exitcode(status)
            self.seconds.append(time.perf_counter() - start)
            self.processor.append(used.ru_utime + used.ru_stime)
            self.memory.append(peak)
            print(f"{self.name}: {self.seconds[-1]:.0f} s", file=sys.stderr, flush=True)
            return self._printed(process.returncode, output, log)

    def look(self, tree: psutil.Process, log: Path) -> int:
        """The resident memory of the process and its children, while it runs; `log` is so far."""
        return _resident(tree)

    def forget(self) -> None:
        """Take what was measured so far for a warm-up."""
        self.seconds.clear()
        self.processor.clear()
        self.memory.clear()

    def _printed(self, code: int, output: Path, log: Path) -> str:
        if code:
            sys.exit(f"{' '.join(self.command)} failed:\n{log.read_text(encoding='utf-8')}")
        return output.read_text(encoding="utf-8")


def summary(name: str, seconds: list[float]) -> pyperf.Benchmark:
    """The runs of one case, for median and percentiles."""
    metadata = {"name": name, "unit": "second"}
    runs = [pyperf.Run([value], metadata=metadata, collect_metadata=False) for value in seconds]
    return pyperf.Benchmark(runs)


def _resident(tree: psutil.Process) -> int:
    total = 0
    try:
        for process in (tree, *tree.children(recursive=True)):
            total += process.memory_info().rss
    except psutil.NoSuchProcess:
        pass
    return total


@dataclass(frozen=True)
class Figures:
    """Medians of the runs of one case, and the peak of its memory in MiB."""

    seconds: float
    processor: float
    memory: float


def figures(case: Case) -> Figures:
    """What is told of a case."""
    return Figures(
        summary(case.name, case.seconds).median(),
        summary(case.name, case.processor).median(),
        max(case.memory) / 2**20,
    )


def last_run() -> dict[str, Figures]:
    """Each case as it was measured last, by `runs.csv`."""
    if not RUNS.exists():
        return {}
    with RUNS.open(encoding="utf-8", newline="") as handle:
        return {
            row["case"]: Figures(*(float(row[name]) for name in RUN_COLUMNS[-3:]))
            for row in csv.DictReader(handle)
        }


def keep(cases: list[Case]) -> None:
    """Add what was measured to `runs.csv`."""
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"],
        cwd=PROJECT_ROOT,
        capture_output=True,
        text=True,
        check=False,
    ).stdout.strip()
    is_new = not RUNS.exists()
    with RUNS.open("a", encoding="utf-8", newline="") as handle:
        writer = csv.writer(handle, lineterminator="\n")
        if is_new:
            writer.writerow(RUN_COLUMNS)
        for case in cases:
            told = figures(case)
            writer.writerow(
                [
                    *(time.strftime("%Y-%m-%d"), commit, case.name, len(case.seconds)),
                    *(f"{value:.3f}" for value in (told.seconds, told.processor, told.memory)),
                ]
            )


def machine_line() -> str:
    """What the numbers were measured on."""
    memory = psutil.virtual_memory().total / 2**30
    return (
        f"{os.cpu_count()} cores, {memory:.0f} GiB, {platform.system()} {platform.machine()}, "
        f"Python {platform.python_version()}; measured {time.strftime('%Y-%m-%d')}"
    )
