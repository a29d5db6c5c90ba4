"""Measure the main job and rewrite benchmarks/README.md.

    python -m benchmarks.run [--repeat N] [--rows N ...] [--cold] [--only PART] [--without-spark]

Each run is added to `runs.csv`; the block shows the run before it beside it, and a drawing of both.

`--rows` sizes the generated returns (10^6 and 10^7 by default); every answer is checked. The main
job and the landing have a block of the README each; `--only` measures and rewrites one of them.

Every case runs in processes of its own, the cases taken in turn, so that a noisy minute falls on
all of them. Times are of the wall, and of the processor for the process and what it waited for;
memory is the largest sum of resident memory over the process and its children, sampled every 50 ms.
`--without-spark` leaves out Spark, whose one refresh takes ten times the others. `--cold` also
measures `make refresh` on a fresh clone, set-up included (it needs the package registry).
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import psutil
import pyperf

from benchmarks.generate import generate
from benchmarks.landing import generate as generate_landing
from orchestration.landing.land import land
from orchestration.settings import DATABASE_NAME, PROJECT_ROOT, Home, data_roots
from orchestration.site.charts import Charts
from orchestration.transform.dbt import variables_text

README = PROJECT_ROOT / "benchmarks" / "README.md"
RUNS = README.with_name("runs.csv")
RUN_COLUMNS = (
    *("measured_on", "git_commit", "case", "runs"),
    *("wall_seconds", "processor_seconds", "peak_mib"),
)
DRAWING = README.with_name("cases.svg")
BIN = Path(sys.executable).parent
SPARK_PYTHON = PROJECT_ROOT / ".venv-spark" / "bin" / "python"
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
                    peak = max(peak, _resident(tree))
                    time.sleep(self.every_s)
                    ended, status, used = os.wait4(process.pid, os.WNOHANG)
                process.returncode = os.waitstatus_to_exitcode(status)
            self.seconds.append(time.perf_counter() - start)
            self.processor.append(used.ru_utime + used.ru_stime)
            self.memory.append(peak)
            print(f"{self.name}: {self.seconds[-1]:.0f} s", file=sys.stderr, flush=True)
            return self._printed(process.returncode, output, log)

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


def measure(repeat: int, folder: Path, with_spark: bool) -> tuple[list[Case], dict[str, float]]:
    """The cases, measured, and where the time of a warm refresh went (medians by step)."""
    home = Home.resolve(folder / "home").ensure()
    landed = folder / "landed.duckdb"
    land(landed, data_roots([]))
    work = folder / "dbt" / DATABASE_NAME
    target = folder / "target"

    def fresh_copy() -> None:
        work.parent.mkdir(exist_ok=True)
        work.unlink(missing_ok=True)
        # A copy by another process: this one has the landed file closed, and stays clear of it.
        subprocess.run(["cp", str(landed), str(work)], check=True)

    dbt_environment = {
        "GREENPARK_BUILD_DATABASE": str(work),
        "GREENPARK_TEMP": str(folder / "tmp"),
        "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
    }
    project = str(PROJECT_ROOT / "dbt_project")
    cases = [
        Case(
            "warm `greenpark refresh --full`",
            [str(BIN / "greenpark"), "refresh", "--full", "--home", str(home.root)],
            {},
        ),
        Case(
            "plain `dbt build`, partial parse",
            [
                *(str(BIN / "dbt"), "build", "--exclude-resource-type", "unit_test"),
                *("--project-dir", project, "--profiles-dir", project),
                *("--target-path", str(target), "--log-path", str(folder / "logs")),
                *("--vars", variables_text({})),
            ],
            dbt_environment,
            fresh_copy,
        ),
        Case(
            "floor: the same SQL in one DuckDB process",
            [sys.executable, "-m", "benchmarks.floor", str(home.root)],
            {},
        ),
    ]
    for case in cases:  # warm up: first parse, first version, compiled modules
        case.run()
        case.forget()
    steps: dict[str, list[float]] = {}
    for _ in range(repeat):
        for case in cases:
            case.run()
        timings = json.loads((home.logs / "timings.json").read_text(encoding="utf-8"))
        for step, seconds in timings.items():
            steps.setdefault(step, []).append(seconds)
    if with_spark:
        # Ten times the others: once is enough to see where it stands.
        spark = Case(
            "warm `greenpark refresh --engine spark`", [*cases[0].command, "--engine", "spark"], {}
        )
        spark.run()
        cases.append(spark)
    middles = {step: summary(step, values).median() for step, values in steps.items()}
    return cases, middles


def measure_returns(repeat: int, rows: int, folder: Path, with_spark: bool) -> list[Case]:
    """The generated returns on each engine; the seconds are those of the query alone."""
    cases = []
    for engine, file_format, python in (
        ("duckdb", "csv", sys.executable),
        ("duckdb", "parquet", sys.executable),
        ("spark", "parquet", str(SPARK_PYTHON)),
    ):
        if engine == "spark" and not with_spark:
            continue
        returns = generate(folder / file_format, rows, file_format)
        case = Case(
            f"{engine}, {rows:,} returns from {file_format}",
            [python, "-m", "benchmarks.returns", engine, str(returns.parent)],
            {"PYTHONPATH": str(PROJECT_ROOT)},
        )
        case.seconds = [float(case.run().splitlines()[-1]) for _ in range(repeat)]
        cases.append(case)
    return cases


# What is landed: kind, rows or cells, runs.
LANDINGS = (
    ("returns", 100_000, 3),
    ("returns", 1_000_000, 3),
    ("returns", 10_000_000, 1),
    ("balances", 100_000, 3),
)


def measure_landing(folder: Path) -> str:
    """Landing and read_csv on the same files, in turn; a table with the ratio of CPU seconds."""
    lines = [
        "| file | runs | land, seconds | land, CPU s | read_csv, CPU s | ratio | land, peak MiB "
        "| read_csv, peak MiB |",
        "| --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    measured = []
    for kind, rows, runs in LANDINGS:
        place = folder / f"{kind}_{rows}"
        size = generate_landing(place, kind, rows).stat().st_size / 2**20
        unit = "rows" if kind == "returns" else "cells"
        title = f"{kind}, {rows:,} {unit}, {size:.0f} MiB"
        both = [
            Case(
                f"{how} {title}", [sys.executable, "-m", "benchmarks.landing", how, str(place)], {}
            )
            for how in ("land", "read_csv")
        ]
        for _ in range(runs):
            for case in both:
                # Without imports, which are most of a small file: what the case says of itself.
                wall, used = case.run().splitlines()[-1].split()
                case.seconds[-1], case.processor[-1] = float(wall), float(used)
        landed, read = (figures(case) for case in both)
        lines.append(
            f"| {title} | {runs} | {landed.seconds:.2f} | {landed.processor:.2f} "
            f"| {read.processor:.2f} | {landed.processor / read.processor:.1f} "
            f"| {landed.memory:.0f} | {read.memory:.0f} |"
        )
        measured += both
        shutil.rmtree(place)
    keep(measured)
    return "\n".join(lines)


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


def draw(cases: list[Case], before: dict[str, Figures]) -> None:
    """The processor's time of each case, and of the run before, as bars."""
    names = [case.name.replace("`", "") for case in cases]
    series: list[tuple[str, list[float | None]]] = [
        (
            "before",
            [
                round(before[case.name].processor, 2) if case.name in before else None
                for case in cases
            ],
        ),
        ("now", [round(figures(case).processor, 2) for case in cases]),
    ]
    option = {
        "animation": False,
        "legend": {},
        "grid": {"containLabel": True, "left": 10, "right": 40},
        "xAxis": {"type": "value", "name": "CPU s"},
        "yAxis": {"type": "category", "data": names, "inverse": True},
        "series": [
            {
                "type": "bar",
                "name": name,
                "data": data,
                "label": {"show": True, "position": "right"},
            }
            for name, data in series
        ],
    }
    tips = [
        [(value, f"{case} {name}: {value} s") for case, value in zip(names, data, strict=True)]
        for name, data in series
    ]
    DRAWING.write_text(Charts(None).svg(option, tips, (860, 120 + 60 * len(cases))), "utf-8")


def rewrite(block: str, content: str) -> None:
    """Put measured content between the marks of a block of the README."""
    begin, end = f"<!-- {block}: begin -->", f"<!-- {block}: end -->"
    text = README.read_text(encoding="utf-8")
    head, _, rest = text.partition(begin)
    _, _, tail = rest.partition(end)
    README.write_text(
        f"{head}{begin}\n{machine_line()}\n\n{content}\n{end}{tail}", encoding="utf-8"
    )
    print(content)


def cold(folder: Path) -> Case:
    """`make refresh` on a fresh clone."""
    clone = folder / "clone"
    case = Case(
        "cold `make refresh` (fresh clone, set-up included)",
        ["make", "-C", str(clone), "refresh"],
        {"MAKEFLAGS": "", "MAKEOVERRIDES": "", "ARGS": ""},  # not those of `make bench`
        lambda: (
            subprocess.run(["git", "clone", "--quiet", str(PROJECT_ROOT), str(clone)], check=True)
            and None
        ),
    )
    case.run()
    return case


def machine_line() -> str:
    """What the numbers were measured on."""
    memory = psutil.virtual_memory().total / 2**30
    return (
        f"{os.cpu_count()} cores, {memory:.0f} GiB, {platform.system()} {platform.machine()}, "
        f"Python {platform.python_version()}; measured {time.strftime('%Y-%m-%d')}"
    )


def table(cases: list[Case], base: Case, base_name: str, before: dict[str, Figures]) -> str:
    """Medians, spread (half of the interquartile range), the run before and the ratio to a base."""
    base_seconds = figures(base).seconds
    lines = [
        "| case | runs | seconds, median | spread | before | CPU s, median | before "
        f"| peak memory, MiB | before | ratio to {base_name} |",
        "| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    for case in cases:
        bench, told = summary(case.name, case.seconds), figures(case)
        spread = (bench.percentile(75) - bench.percentile(25)) / 2
        old = before.get(case.name)
        was = (
            (f"{old.seconds:.2f}", f"{old.processor:.2f}", f"{old.memory:.0f}")
            if old
            else ("", "", "")
        )
        lines.append(
            f"| {case.name} | {len(case.seconds)} | {told.seconds:.2f} | {spread:.2f} | {was[0]} "
            f"| {told.processor:.2f} | {was[1]} | {told.memory:.0f} | {was[2]} "
            f"| {told.seconds / base_seconds:.2f} |"
        )
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--repeat", type=int, default=5, help="runs per case (default 5)")
    parser.add_argument(
        "--rows", type=int, nargs="+", default=[1_000_000, 10_000_000], help="generated returns"
    )
    parser.add_argument("--without-spark", action="store_true", help="DuckDB alone")
    parser.add_argument("--cold", action="store_true", help="also a fresh clone")
    parser.add_argument("--only", choices=("job", "landing"), help="one block of the README")
    arguments = parser.parse_args()
    if arguments.only != "job":
        with tempfile.TemporaryDirectory() as folder:
            rewrite("landing", measure_landing(Path(folder)))
    if arguments.only == "landing":
        return
    with_spark = SPARK_PYTHON.exists() and not arguments.without_spark
    with tempfile.TemporaryDirectory() as folder:
        first = [cold(Path(folder))] if arguments.cold else []
        cases, steps = measure(arguments.repeat, Path(folder), with_spark)
        cases, repeat = first + cases, min(arguments.repeat, 3)
        returns = [
            case
            for rows in arguments.rows
            for case in measure_returns(repeat, rows, Path(folder, str(rows)), with_spark)
        ]
    plain = next(case for case in cases if "dbt build" in case.name)
    parquet = next(
        case for case in returns if case.name.startswith("duckdb") and "parquet" in case.name
    )
    before = last_run()
    job_table = table(cases, plain, "`dbt build`", before)
    returns_table = table(returns, parquet, "DuckDB on Parquet", before)
    draw(cases, before)
    keep(cases + returns)
    step_lines = "\n".join(f"| {step} | {seconds:.2f} |" for step, seconds in steps.items())
    rewrite(
        "measured",
        f"{job_table}\n\n![CPU seconds of each case]({DRAWING.name})\n\n"
        f"Where a warm refresh spends its time (seconds, medians):\n\n"
        f"| step | seconds |\n| --- | --- |\n{step_lines}\n\n"
        f"Enterprise returns of a whole country to CO2 by province and fuel, the query alone, "
        f"every answer checked:\n\n{returns_table}",
    )


if __name__ == "__main__":
    main()
