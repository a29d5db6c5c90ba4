"""What the test suite costs, by file and by test.

    python -m benchmarks.suite [ARGUMENTS OF PYTEST]

Runs the suite, or the part that is named, and writes seconds of the processor (of the test and of
every process it waited for; what is made once counts for the test that made it): by file to
`benchmarks/suite_files.csv`, by which the suite puts its longest files first, and the longest 20
tests to `benchmarks/suite_tests.csv`. Files that did not run keep their rows. Exits with the code
of pytest.
"""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

from benchmarks.suite_costs import FOLDER
from orchestration.settings import PROJECT_ROOT

FILES = PROJECT_ROOT / "benchmarks" / "suite_files.csv"
TESTS = PROJECT_ROOT / "benchmarks" / "suite_tests.csv"
FILES_HEADER, TESTS_HEADER = ("file", "tests", "cpu_s"), ("test", "cpu_s")
LONGEST = 20
SHORT_S = 1.0  # a file below has no row


def file_costs() -> dict[str, float]:
    """Seconds of the processor of each file that has a row."""
    with FILES.open(encoding="utf-8", newline="") as handle:
        return {row["file"]: float(row["cpu_s"]) for row in csv.DictReader(handle)}


def measured(folder: Path) -> dict[str, float]:
    """Seconds of each test that ran."""
    lines = [
        json.loads(line)
        for path in folder.glob("*.jsonl")
        for line in path.read_text(encoding="utf-8").splitlines()
    ]
    return {line["node"]: line["cpu"] for line in lines}


def keep(costs: dict[str, float]) -> None:
    """Write both tables, with what was known of files that did not run."""
    ran = {node.partition("::")[0] for node in costs}
    files: dict[str, list[float]] = defaultdict(list)
    for node, cpu in costs.items():
        files[node.partition("::")[0]].append(cpu)
    rows = [
        (row["file"], int(row["tests"]), float(row["cpu_s"]))
        for row in _read(FILES)
        if row["file"] not in ran and (PROJECT_ROOT / row["file"]).is_file()
    ]
    rows += [(name, len(tests), round(sum(tests), 1)) for name, tests in files.items()]
    rows = [row for row in rows if row[2] >= SHORT_S]
    _write(FILES, FILES_HEADER, sorted(rows, key=lambda row: (-row[2], row[0])))
    tests = [
        (row["test"], float(row["cpu_s"]))
        for row in _read(TESTS)
        if row["test"].partition("::")[0] not in ran
    ]
    tests += [(node, round(cpu, 1)) for node, cpu in costs.items()]
    _write(TESTS, TESTS_HEADER, sorted(tests, key=lambda row: (-row[1], row[0]))[:LONGEST])


def _read(path: Path) -> list[dict[str, str]]:
    if not path.is_file():
        return []
    with path.open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def _write(path: Path, header: Iterable[str], rows: Iterable[tuple[object, ...]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.writer(handle, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


def main(arguments: list[str]) -> int:
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "-p", "benchmarks.suite_costs", *arguments],
            cwd=PROJECT_ROOT,
            env=os.environ | {FOLDER: folder},
            check=False,
        )
        costs = measured(Path(folder))
    keep(costs)
    print(f"{len(costs)} tests, {sum(costs.values()):.0f} s of the processor")
    return done.returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
