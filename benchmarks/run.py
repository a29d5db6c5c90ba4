"""Measure the main job and rewrite benchmarks/README.md.

    python -m benchmarks.run [--repeat N] [--rows N ...] [--cold] [--only PART] [--without-spark]

Each run is added to `runs.csv`; the block shows the run before it beside it, and a drawing of both.

`--rows` sizes the generated returns (10^6 and 10^7 by default); every answer is checked. The main
job, the landing and the commands have blocks of the README of their own; `--only` measures and
rewrites those of one part. What was measured last stands beside the goals of `goals.csv`.

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
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks import engines
from benchmarks.case import (
    BIN,
    README,
    Case,
    Figures,
    figures,
    keep,
    last_run,
    machine_line,
    summary,
)
from benchmarks.commands import measure_commands
from benchmarks.engines import WAYS
from benchmarks.generate import generate
from benchmarks.landing import BALANCES
from benchmarks.landing import generate as generate_landing
from orchestration.landing.land import land
from orchestration.settings import DATABASE_NAME, PROJECT_ROOT, Home, data_roots
from orchestration.site.charts import Charts
from orchestration.transform.dbt import variables_text

DRAWING = README.with_name("cases.svg")
GOALS = README.with_name("goals.csv")
# The measures of `goals.csv`, as `Figures` has them.
MEASURES = {"wall_seconds": "seconds", "processor_seconds": "processor", "peak_mib": "memory"}
UNITS = {"wall_seconds": "s", "processor_seconds": "CPU s", "peak_mib": "MiB"}
PANDAS_ROWS = 1_000_000
SPARK_PYTHON = PROJECT_ROOT / ".venv-spark" / "bin" / "python"


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
    ("returns as Parquet", 1_000_000, 3),
    ("balances", 100_000, 3),
)


def measure_landing(folder: Path) -> str:
    """Landing and the engine's reader on the same files, in turn; a table with their ratio."""
    lines = [
        "| file | runs | land, seconds | land, CPU s | read, CPU s | ratio | land, peak MiB "
        "| read, peak MiB |",
        "| --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    measured = []
    for kind, rows, runs in LANDINGS:
        place = folder / f"{kind}_{rows}"
        size = generate_landing(place, kind, rows).stat().st_size / 2**20
        title = f"{kind}, {rows:,} {'cells' if kind == BALANCES else 'rows'}"
        both = [
            Case(
                f"{how} {title}", [sys.executable, "-m", "benchmarks.landing", how, str(place)], {}
            )
            for how in ("land", "read")
        ]
        for _ in range(runs):
            for case in both:
                # Without imports, which are most of a small file: what the case says of itself.
                wall, used = case.run().splitlines()[-1].split()
                case.seconds[-1], case.processor[-1] = float(wall), float(used)
        landed, read = (figures(case) for case in both)
        lines.append(
            f"| {title}, {size:.0f} MiB | {runs} | {landed.seconds:.2f} | {landed.processor:.2f} "
            f"| {read.processor:.2f} | {landed.processor / read.processor:.1f} "
            f"| {landed.memory:.0f} | {read.memory:.0f} |"
        )
        measured += both
        shutil.rmtree(place)
    keep(measured)
    return "\n".join(lines)


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


def goals() -> str:
    """Each goal of `goals.csv` beside what was measured last."""
    told = last_run()
    lines = ["| what | goal | measured | kept |", "| --- | --- | --- | --- |"]
    with GOALS.open(encoding="utf-8", newline="") as handle:
        for goal in csv.DictReader(handle):
            case, over, at_most = goal["case"], goal["over"], float(goal["at_most"])
            unit = f"times {over}" if over else UNITS[goal["measure"]]
            measured, kept = "not measured", ""
            if case in told and (not over or over in told):
                value = getattr(told[case], MEASURES[goal["measure"]])
                if over:
                    value /= getattr(told[over], MEASURES[goal["measure"]])
                measured, kept = f"{value:.2f}", "yes" if value <= at_most else "no"
            lines.append(f"| {case} | {at_most:g} {unit} | {measured} | {kept} |")
    return "\n".join(lines)


def job(arguments: argparse.Namespace, folder: Path) -> None:
    """The main job, and the queries alone on generated returns."""
    with_spark = SPARK_PYTHON.exists() and not arguments.without_spark
    first = [cold(folder)] if arguments.cold else []
    cases, steps = measure(arguments.repeat, folder, with_spark)
    cases, repeat = first + cases, min(arguments.repeat, 3)
    returns = [
        case
        for rows in arguments.rows
        for case in measure_returns(repeat, rows, folder / str(rows), with_spark)
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


def landing(arguments: argparse.Namespace, folder: Path) -> None:
    """Files of many rows, landed."""
    rewrite("landing", measure_landing(folder))


def commands(arguments: argparse.Namespace, folder: Path) -> None:
    """Small refreshes and questions; then the park account, on the home that they leave."""
    before = last_run()
    cases = measure_commands(min(arguments.repeat, 3), folder)
    rewrite("commands", table(cases, cases[0], "the first refresh", before))
    keep(cases)
    home = Home.resolve(folder / "copy_home")
    account = []
    for rows in arguments.rows:
        # pandas would need more memory than this machine has for more.
        ways = WAYS if rows <= PANDAS_ROWS else WAYS[:-1]
        with tempfile.TemporaryDirectory(dir=folder) as files:
            cases = engines.measure(home, rows, "4GB", ways, Path(files))
        account.append(engines.table(cases))
        keep(cases)
    rewrite("account", "\n\n".join(account))


PARTS = {part.__name__: part for part in (landing, job, commands)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--repeat", type=int, default=5, help="runs per case (default 5)")
    parser.add_argument(
        "--rows", type=int, nargs="+", default=[1_000_000, 10_000_000], help="generated returns"
    )
    parser.add_argument("--without-spark", action="store_true", help="DuckDB alone")
    parser.add_argument("--cold", action="store_true", help="also a fresh clone")
    parser.add_argument("--only", choices=tuple(PARTS), help="one part of the README")
    arguments = parser.parse_args()
    for name, part in PARTS.items():
        if arguments.only in (None, name):
            with tempfile.TemporaryDirectory() as folder:
                part(arguments, Path(folder))
    rewrite("goals", goals())


if __name__ == "__main__":
    main()
