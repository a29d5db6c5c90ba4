"""`greenpark model`: the loop of whoever writes a model, on a work database that is kept."""

from __future__ import annotations

import resource
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from orchestration.settings import Home

MODEL = "region_grids"
SECONDS = 15  # of the processor, so that a busy machine does not fail it


def spent() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


@pytest.mark.slow
def test_a_model_is_built_tested_linted_and_shown(
    run_greenpark: Callable[..., subprocess.CompletedProcess[str]],
    published_home: Home,
    tmp_path: Path,
) -> None:
    own = Home.resolve(tmp_path).ensure()
    shutil.copytree(published_home.target, own.target, dirs_exist_ok=True)  # dbt's parse
    first = run_greenpark("model", MODEL, "--home", tmp_path, "--rows", "3")
    assert first.returncode == 0, first.stderr
    assert "landing the input" in first.stderr and "of its parents" in first.stderr
    before = spent()
    again = run_greenpark("model", MODEL, "--home", tmp_path, "--rows", "3")
    assert again.returncode == 0, again.stderr
    assert spent() - before < SECONDS
    assert "landing the input" not in again.stderr and "of its parents" not in again.stderr
    for shown in (f"built {MODEL}", f"tested {MODEL}", "lint passed"):
        assert shown in again.stderr
    header, _, *rows = again.stdout.splitlines()
    assert "region_code" in header
    assert len(rows) == 3 and again.stdout == first.stdout
    assert not (tmp_path / "current").exists()  # readers have nothing of it
