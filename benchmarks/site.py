"""Measure the readers' site: drawn from nothing, and with the drawings of the build before.

    python -m benchmarks.site HOME [--repeat N]

Builds the site of the home's current version in a folder that is thrown away; every build is a
process of its own. CPU seconds and peak memory are those of that process.
"""

from __future__ import annotations

import argparse
import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from orchestration.settings import Home
from orchestration.site.build import build


def once(database: Path, folder: Path) -> dict[str, float]:
    """Build once, in this process; says what it took."""
    start = time.perf_counter()
    with tempfile.TemporaryDirectory(dir=folder) as out:
        pages = build(database, Path(out), folder / "drawings")
        written = sum(path.stat().st_size for path in Path(out).rglob("*") if path.is_file())
    used = resource.getrusage(resource.RUSAGE_SELF)
    return {
        "pages": pages,
        "seconds": time.perf_counter() - start,
        "cpu": used.ru_utime + used.ru_stime,
        "memory": used.ru_maxrss / 1024,
        "written": written / 2**20,
    }


def main() -> None:
    """Print the two rows of the table in benchmarks/README.md."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("home", type=Path)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--once", type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    database = Home.resolve(asked.home).database.resolve()
    if asked.once:
        print(json.dumps(once(database, asked.once)))
        return
    found: dict[str, list[dict[str, float]]] = {"from nothing": [], "drawings kept": []}
    for _ in range(asked.repeat):
        with tempfile.TemporaryDirectory() as folder:
            for runs in found.values():
                command = [sys.executable, "-m", "benchmarks.site", asked.home, "--once", folder]
                done = subprocess.run(
                    list(map(str, command)), capture_output=True, text=True, check=True
                )
                runs.append(json.loads(done.stdout))
    for name, runs in found.items():
        said = {key: statistics.median(run[key] for run in runs) for key in runs[0]}
        print(
            f"| {name} | {len(runs)} | {said['pages']:.0f} | {said['seconds']:.1f} | "
            f"{said['cpu']:.1f} | {said['memory']:.0f} | {said['written']:.0f} |"
        )


if __name__ == "__main__":
    main()
