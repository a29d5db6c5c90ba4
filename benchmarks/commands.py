"""Refreshes that find little to do, and the commands that people type.

Everything runs in a copy of the project with a home of its own, so that a row of a reference table
can be changed.
"""

from __future__ import annotations

from pathlib import Path

from benchmarks.case import BIN, Case
from benchmarks.project import copy_project

TYPED = 7
THRESHOLDS = "seeds/reference/thresholds/thresholds.csv"
# How near is `within_1pct`: it moves words of comparisons and no figure.
ROW = "reconciliation_within,{},"
VALUES = ("0.01", "0.011")
# Who changes a threshold signs for it; that is no part of the refresh.
SIGNED = (
    *("thresholds/thresholds.csv", "--by", "benchmark"),
    *("--why", "to measure", "--source", "none"),
)
QUESTIONS = (
    ("query", "select region_code, year, co2_t from bi.province_year"),
    ("status",),
    *[("explain", "--park", "P01", "--year", "2020", "--method", "ceads", "--fuel", "raw_coal")],
)


def measure_commands(repeat: int, folder: Path) -> list[Case]:
    """The first refresh of an empty home, small ones after it, then questions to what it made."""
    project, home = copy_project(folder / "project"), folder / "copy_home"

    def case(name: str, *arguments: str) -> Case:
        command = [str(BIN / "greenpark"), *arguments, "--home", str(home)]
        # Modules are compiled, as `make setup` leaves them, whatever this process was told.
        return Case(name, command, {"PYTHONPATH": str(project), "PYTHONDONTWRITEBYTECODE": ""})

    first = case("`greenpark refresh`, an empty home", "refresh")
    unchanged = case("`greenpark refresh`, nothing has changed", "refresh")
    row = case("`greenpark refresh`, one threshold row changed", "refresh")
    signed = Case("", [str(BIN / "greenpark"), "sign-off", *SIGNED], first.environment)
    first.run()
    for turn in range(repeat):
        unchanged.run()
        _change_threshold(project, VALUES[turn % 2], VALUES[1 - turn % 2])
        signed.run()
        row.run()
    typed = [case(f"`greenpark {question[0]}`", *question) for question in QUESTIONS]
    for _ in range(TYPED):
        for asked in typed:
            asked.run()
    return [first, unchanged, row, *typed]


def _change_threshold(project: Path, old: str, new: str) -> None:
    path = project / THRESHOLDS
    text = path.read_text(encoding="utf-8")
    if text.count(ROW.format(old)) != 1:
        raise ValueError(f"{path} has no row {ROW.format(old)}...")
    path.write_text(text.replace(ROW.format(old), ROW.format(new)), encoding="utf-8")
