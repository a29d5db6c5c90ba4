"""The benchmarks' own correctness, on a small size."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.generate import generate
from benchmarks.returns import on_duckdb, wrong_answers


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
