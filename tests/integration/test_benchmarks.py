"""The benchmarks' own correctness, on a small size."""

from __future__ import annotations

import csv
import re
import sys
from pathlib import Path

import pytest

from benchmarks import landing, run
from benchmarks.case import README, Case, last_run
from benchmarks.generate import generate
from benchmarks.returns import on_duckdb, wrong_answers

SIZE = re.compile("[0-9,]+ rows")


@pytest.mark.parametrize("file_format", ["csv", "parquet"])
def test_the_answers_are_known_beforehand(tmp_path: Path, file_format: str) -> None:
    returns = generate(tmp_path, 20_000, file_format)
    _, rows = on_duckdb(returns)
    assert wrong_answers(rows, tmp_path / "answers.parquet") == []


def test_a_wrong_answer_is_seen(tmp_path: Path) -> None:
    _, rows = on_duckdb(generate(tmp_path, 20_000, "parquet"))
    region, fuel, count, reported, quantity, co2 = rows[0]
    changed = [(region, fuel, count, reported, quantity * 1.00001, co2), *rows[1:]]
    assert len(wrong_answers(changed, tmp_path / "answers.parquet")) == 1
    assert len(wrong_answers(rows[1:], tmp_path / "answers.parquet")) == 1


def test_the_same_size_gives_the_same_returns(tmp_path: Path) -> None:
    first = generate(tmp_path / "a", 5_000, "csv").read_bytes()
    assert generate(tmp_path / "b", 5_000, "csv").read_bytes() == first


@pytest.mark.parametrize("kind", landing.KINDS)
def test_every_row_of_the_landing_benchmark_lands(tmp_path: Path, kind: str) -> None:
    landing.generate(tmp_path, kind, 2_000)
    _, faults = landing.landed(tmp_path)
    assert faults == []
    assert landing.read(tmp_path)[1] == []


def test_a_row_lost_in_the_landing_is_seen(tmp_path: Path) -> None:
    landing.generate(tmp_path, "returns", 1_000)
    (tmp_path / "expected.json").write_text('{"rows": 1001}', encoding="utf-8")
    assert landing.landed(tmp_path)[1] == ["1000 rows accepted, 1001 written"]


def test_every_goal_is_of_a_case_that_was_measured() -> None:
    """Perhaps at another size: of that the page says that it was not measured."""
    with run.GOALS.open(encoding="utf-8", newline="") as handle:
        named = {row[column] for row in csv.DictReader(handle) for column in ("case", "over")}
    measured = {SIZE.sub("", case) for case in last_run()}
    assert {SIZE.sub("", case) for case in named - {""}} <= measured


def test_the_page_has_each_goal_beside_what_was_measured_last() -> None:
    assert run.goals() in README.read_text(encoding="utf-8")


@pytest.mark.slow
def test_the_memory_of_a_landing_does_not_grow_with_the_file(tmp_path: Path) -> None:
    """Ten times the rows do not take three times the memory: it is read in blocks."""
    peaks = []
    for rows in (100_000, 1_000_000):
        folder = tmp_path / str(rows)
        landing.generate(folder, "returns", rows)
        case = Case(
            "land",
            [sys.executable, "-m", "benchmarks.landing", "land", str(folder)],
            {"GREENPARK_MEMORY": "300MB"},
        )
        case.run()
        peaks.append(case.memory[0])
    assert peaks[1] < 3 * peaks[0]
    assert peaks[1] < 900 * 2**20
