"""Measure the main job and rewrite benchmarks/README.md.

    python -m benchmarks.run [--repeat N] [--rows N ...] [--cold] [--only job|landing]

`--rows` sizes the generated returns (10^6 and 10^7 by default); every answer is checked. The main
job and the landing have a block of the README each; `--only` measures and rewrites one of them.

Every case runs in processes of its own, the cases taken in turn, so that a noisy minute falls on
all of them. Times are wall time; memory is the largest sum of resident memory over the process and
its children, sampled every 50 ms. `--cold` also measures `make refresh` on a fresh clone, set-up
included (it needs the package registry).
"""

from __future__ import annotations

import argparse
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

README = PROJECT_ROOT / "benchmarks" / "README.md"
BIN = Path(sys.executable).parent
SPARK_PYTHON = PROJECT_ROOT / ".venv-spark" / "bin" / "python"
SAMPLE_S = 0.05


@dataclass
class Case:
    """One command with what it took: seconds and bytes, a value per run."""

    name: str
    command: list[str]
    environment: dict[str, str]
    prepare: Callable[[], None] = lambda: None
    seconds: list[float] = field(default_factory=list)
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
                peak = 0
                tree = psutil.Process(process.pid)
                while process.poll() is None:
                    peak = max(peak, _resident(tree))
                    time.sleep(SAMPLE_S)
            self.seconds.append(time.perf_counter() - start)
            self.memory.append(peak)
            return self._printed(process.returncode, output, log)

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


def measure(repeat: int, folder: Path) -> tuple[list[Case], dict[str, float]]:
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
            ],
            dbt_environment,
            fresh_copy,
        ),
        Case(
            "floor: the same SQL in one DuckDB process",
            [sys.executable, "-m", "benchmarks.floor", str(target), str(landed)],
            {},
        ),
    ]
    for case in cases:  # warm up: first parse, first version, compiled modules
        case.run()
        case.seconds.clear()
        case.memory.clear()
    steps: dict[str, list[float]] = {}
    for _ in range(repeat):
        for case in cases:
            case.run()
        timings = json.loads((home.logs / "timings.json").read_text(encoding="utf-8"))
        for step, seconds in timings.items():
            steps.setdefault(step, []).append(seconds)
    if SPARK_PYTHON.exists():
        # Ten times the others: once is enough to see where it stands.
        spark = Case(
            "warm `greenpark refresh --engine spark`", [*cases[0].command, "--engine", "spark"], {}
        )
        spark.run()
        cases.append(spark)
    middles = {step: summary(step, values).median() for step, values in steps.items()}
    return cases, middles


def measure_returns(repeat: int, rows: int, folder: Path) -> list[Case]:
    """The generated returns on each engine; the seconds are those of the query alone."""
    cases = []
    for engine, file_format, python in (
        ("duckdb", "csv", sys.executable),
        ("duckdb", "parquet", sys.executable),
        ("spark", "parquet", str(SPARK_PYTHON)),
    ):
        if not Path(python).exists():
            continue
        returns = generate(folder / file_format, rows, file_format)
        case = Case(
            f"{engine}, {rows:,} returns from {file_format}",
            [python, "-m", "benchmarks.returns", engine, str(returns.parent)],
            {"PYTHONPATH": str(PROJECT_ROOT)},
        )
        inner = [float(case.run().splitlines()[-1]) for _ in range(repeat)]
        case.seconds = inner
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
    """Landing and read_csv on the same files, in turn; a table with their ratio."""
    lines = [
        "| file | runs | land, seconds | read_csv, seconds | ratio | land, peak MiB "
        "| read_csv, peak MiB |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    for kind, rows, runs in LANDINGS:
        place = folder / f"{kind}_{rows}"
        size = generate_landing(place, kind, rows).stat().st_size / 2**20
        both = [
            Case(how, [sys.executable, "-m", "benchmarks.landing", how, str(place)], {})
            for how in ("land", "read_csv")
        ]
        seconds: dict[str, list[float]] = {case.name: [] for case in both}
        for _ in range(runs):
            for case in both:
                seconds[case.name].append(float(case.run().splitlines()[-1]))
        land_s, read_s = (summary(case.name, seconds[case.name]).median() for case in both)
        land_b, read_b = (max(case.memory) / 2**20 for case in both)
        unit = "rows" if kind == "returns" else "cells"
        lines.append(
            f"| {kind}, {rows:,} {unit}, {size:.0f} MiB | {runs} | {land_s:.2f} | {read_s:.2f} "
            f"| {land_s / read_s:.1f} | {land_b:.0f} | {read_b:.0f} |"
        )
        shutil.rmtree(place)
    return "\n".join(lines)


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


def table(cases: list[Case], base: Case, base_name: str) -> str:
    """Medians, spread (half of the interquartile range) and the ratio to a base case."""
    base_seconds = summary(base.name, base.seconds).median()
    lines = [
        f"| case | runs | seconds, median | spread | peak memory, MiB | ratio to {base_name} |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    for case in cases:
        bench = summary(case.name, case.seconds)
        spread = (bench.percentile(75) - bench.percentile(25)) / 2
        lines.append(
            f"| {case.name} | {len(case.seconds)} | {bench.median():.2f} | {spread:.2f} "
            f"| {max(case.memory) / 2**20:.0f} | {bench.median() / base_seconds:.2f} |"
        )
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--repeat", type=int, default=5, help="runs per case (default 5)")
    parser.add_argument(
        "--rows", type=int, nargs="+", default=[1_000_000, 10_000_000], help="generated returns"
    )
    parser.add_argument("--cold", action="store_true", help="also a fresh clone")
    parser.add_argument("--only", choices=("job", "landing"), help="one block of the README")
    arguments = parser.parse_args()
    if arguments.only != "job":
        with tempfile.TemporaryDirectory() as folder:
            rewrite("landing", measure_landing(Path(folder)))
    if arguments.only == "landing":
        return
    with tempfile.TemporaryDirectory() as folder:
        first = [cold(Path(folder))] if arguments.cold else []
        cases, steps = measure(arguments.repeat, Path(folder))
        cases = first + cases
        returns = [
            case
            for rows in arguments.rows
            for case in measure_returns(min(arguments.repeat, 3), rows, Path(folder, str(rows)))
        ]
    plain = next(case for case in cases if "dbt build" in case.name)
    parquet = next(
        case for case in returns if case.name.startswith("duckdb") and "parquet" in case.name
    )
    job_table = table(cases, plain, "`dbt build`")
    returns_table = table(returns, parquet, "DuckDB on Parquet")
    step_lines = "\n".join(f"| {step} | {seconds:.2f} |" for step, seconds in steps.items())
    rewrite(
        "measured",
        f"{job_table}\n\n"
        f"Where a warm refresh spends its time (seconds, medians):\n\n"
        f"| step | seconds |\n| --- | --- |\n{step_lines}\n\n"
        f"Enterprise returns of a whole country to CO2 by province and fuel, the query alone, "
        f"every answer checked:\n\n{returns_table}",
    )


if __name__ == "__main__":
    main()
