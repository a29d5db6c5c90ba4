"""What the long forms of the tests came to, run by run: `benchmarks/soak.csv`, and the sums.

    python -m benchmarks.soak

writes the sums beside the goals into `docs/trust.md`. Where GREENPARK_SOAK_NOTE is set a run adds a
row; one that is cut off loses no other, so a goal may be reached in many sessions.
"""

from __future__ import annotations

import csv
import os
from datetime import UTC, datetime
from pathlib import Path

from orchestration.settings import PROJECT_ROOT

RUNS = Path(__file__).with_name("soak.csv")
# What is counted, how often it is to be done, and what does it.
GOALS = {
    "files": (100_000, "damaged files, read or refused", "`make soak`"),
    "sidecars": (100_000, "damaged sidecars, read or refused", "`make soak`"),
    "mappings": (100_000, "damaged tables and layouts, mapped or refused", "`make soak`"),
    "arguments": (100_000, "hostile command lines", "`make soak`"),
    "power": (500, "disks after a power loss in publishing", "`make soak`"),
    "publishes": (200, "publishes under 16 readers of four kinds", "`make soak`"),
    "refreshes": (
        200,
        "whole refreshes under 16 readers, Superset among them",
        "`benchmarks.readers --superset`",
    ),
    "kills": (
        500,
        "points of a whole refresh, as a SIGKILL there would leave it",
        "`benchmarks.stops`",
    ),
    "next": (50, "refreshes after such a point", "`benchmarks.stops`"),
    "signals": (60, "signals into a whole refresh", "`benchmarks.signals`"),
    "builds": (50, "builds under load, of equal hashes", "`benchmarks.builds`"),
}
PAGE = PROJECT_ROOT / "docs" / "trust.md"
FROM, TO = "<!-- sums of benchmarks/soak.csv -->\n", "<!-- end of the sums -->\n"


def note(form: str, times: int, seed: int, fault_count: int = 0) -> None:
    """Add a run to those that are kept, where that is asked for."""
    if not os.environ.get("GREENPARK_SOAK_NOTE"):
        return
    if form not in GOALS:
        raise KeyError(form)
    with RUNS.open("a", encoding="utf-8", newline="") as file:
        row = (form, datetime.now(UTC).date().isoformat(), seed, times, fault_count)
        csv.writer(file, lineterminator="\n").writerow(row)


def table() -> str:
    """The sums beside the goals, as the page has them."""
    with RUNS.open(encoding="utf-8", newline="") as file:
        runs = list(csv.DictReader(file))
    lines = ["| what | done | goal | faults found | command |", "| --- | --- | --- | --- | --- |"]
    for form, (goal, words, command) in GOALS.items():
        of_it = [run for run in runs if run["form"] == form]
        times = sum(int(run["times"]) for run in of_it)
        faults = sum(int(run["fault_count"]) for run in of_it)
        lines.append(f"| {words} | {times:,} | {goal:,} | {faults} | {command} |")
    return "\n".join(lines) + "\n"


def page() -> str:
    """The page with the sums of today."""
    before, _, rest = PAGE.read_text(encoding="utf-8").partition(FROM)
    return f"{before}{FROM}{table()}{TO}{rest.partition(TO)[2]}"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
