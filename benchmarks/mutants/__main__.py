"""Try random single changes of what the numbers are made of, and see which gate catches each.

    python -m benchmarks.mutants [--number 200] [--seed 1] [--jobs 1] [--home HOME] [--work DIR]

Draws mutants of SQL, macros, reference rows and landing rules from a seed. For each the build is
carried on from a home that is published, as the next refresh would do, and stopped where that
would be stopped. What came of it goes to `DIR/mutants.csv` as it comes: a run that is interrupted
goes on where it stood, as long as the project is the same. At the end `benchmarks/mutants.csv`
holds all of them and docs/mutants.md the counts and the survivors.

The outcomes: `caught` before publishing (`by` says by what), `equal` (no published cell is
another), `not_compiled`, `survived` (published, with the tables whose content is another), `no_end`
(more than its share of time), `error` (of this tool).
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import json
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterable
from itertools import islice
from pathlib import Path

from benchmarks.mutants.draw import Mutant, draw
from benchmarks.project import copy_project
from orchestration.settings import PROJECT_ROOT

HEADER = ("number", "subject", "kind", "path", "line", "before", "after")
FOUND = ("outcome", "by", "changed", "cpu_s")
SHOWN = 160  # letters of a text


def project_key() -> str:
    """The hash of all that is copied: what was found of another project counts no more."""
    digest = hashlib.sha256()
    for folder in ("orchestration", "expectations", "dbt_project", "seeds"):
        for path in sorted((PROJECT_ROOT / folder).rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                digest.update(path.relative_to(PROJECT_ROOT).as_posix().encode())
                digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:16]


class Slot:
    """A copy of the project, a home published from it, and the process that tries mutants there."""

    def __init__(self, folder: Path, home: Path | None) -> None:
        self.folder = folder
        self.project, self.base = folder / "project", folder / "base"
        self._environment = os.environ | {
            "PYTHONPATH": str(self.project),
            "GREENPARK_SITE": "off",
            "LANG": "C.UTF-8",
        }
        copy_project(self.project)
        if not self.base.exists() and home is not None:
            shutil.copytree(home, self.base, symlinks=True)
        self._python("-m", "orchestration.cli", "refresh", "--home", str(self.base))
        self._process = subprocess.Popen(
            [
                sys.executable,
                *("-m", "benchmarks.mutants.slot", str(self.base), str(folder / "home")),
            ],
            cwd=self.project,
            env=self._environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )

    def _python(self, *arguments: str) -> None:
        done = subprocess.run(
            [sys.executable, *arguments],
            cwd=self.project,
            env=self._environment,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise SystemExit(done.stdout + done.stderr)

    def found(self, mutant: Mutant) -> dict[str, object]:
        """What came of one mutant."""
        if self._process.stdin is None or self._process.stdout is None:
            raise ValueError("the slot has to be started with pipes")
        asked = {"path": str(self.project / mutant.path), "text": mutant.text}
        self._process.stdin.write(json.dumps(asked) + "\n")
        self._process.stdin.flush()
        return json.loads(self._process.stdout.readline())

    def close(self) -> None:
        if self._process.stdin is not None:
            self._process.stdin.close()
        self._process.wait()


def row_of(mutant: Mutant, found: dict[str, object]) -> dict[str, object]:
    """What is kept of a mutant."""
    changed = found.get("changed", [])
    said = {name: str(getattr(mutant, name))[:SHOWN] for name in HEADER}
    said |= {name: found.get(name, "") for name in FOUND}
    said["by"] = " ".join(str(said["by"]).split())[:300]
    return said | {"changed": " ".join(changed) if isinstance(changed, list) else ""}


def read(path: Path) -> dict[int, dict[str, str]]:
    """What was found before, by the number of the mutant."""
    if not path.is_file():
        return {}
    with path.open(encoding="utf-8", newline="") as handle:
        return {int(row["number"]): row for row in csv.DictReader(handle)}


def write(path: Path, rows: Iterable[dict[str, object]]) -> None:
    """All rows, in the order of their numbers."""
    with path.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(handle, (*HEADER, *FOUND), lineterminator="\n")
        writer.writeheader()
        writer.writerows(sorted(rows, key=lambda row: int(str(row["number"]))))


def run(
    number: int, seed: int, jobs: int, work: Path, home: Path | None, only: set[int]
) -> list[dict[str, object]]:
    """Try the mutants of a seed that were not tried yet; all that is known of them."""
    folder = work / f"{seed}-{project_key()}"
    folder.mkdir(parents=True, exist_ok=True)
    kept = folder / "mutants.csv"
    known: dict[int, dict[str, object]] = {n: dict(row) for n, row in read(kept).items()}
    mutants = [m for m in islice(draw(seed), number) if not only or m.number in only]
    waiting = [mutant for mutant in mutants if mutant.number not in known]
    lock = threading.Lock()

    def work_off(slot: Slot) -> None:
        while True:
            with lock:
                if not waiting:
                    break
                mutant = waiting.pop(0)
            found = row_of(mutant, slot.found(mutant))
            with lock:
                known[mutant.number] = found
                write(kept, known.values())
                told = f"{found['number']:>4} {found['outcome']:12} {mutant.path}:{mutant.line}"
                print(f"{told} {mutant.kind}: {str(found['by'])[:100]}", flush=True)
        slot.close()

    if waiting:
        slots = [Slot(work / f"slot{job}", home) for job in range(jobs)]
        threads = [threading.Thread(target=work_off, args=[slot]) for slot in slots]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    return [known[mutant.number] for mutant in mutants]


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.mutants", description=__doc__)
    parser.add_argument("--number", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--work", type=Path, default=PROJECT_ROOT / "warehouse" / "mutants")
    parser.add_argument("--home", type=Path, help="a published home to begin from")
    parser.add_argument("--only", type=int, nargs="*", default=[], help="numbers of mutants")
    asked = parser.parse_args()
    work = asked.work.absolute()
    rows = run(asked.number, asked.seed, asked.jobs, work, asked.home, set(asked.only))
    from benchmarks.mutants.page import write_page

    print(write_page(rows, asked.seed, whole=not asked.only))


if __name__ == "__main__":
    main()
