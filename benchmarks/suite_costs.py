"""A plugin of pytest that writes what each test cost: `pytest -p benchmarks.suite_costs`."""

from __future__ import annotations

import json
import os
import resource
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

FOLDER = "SUITE_COSTS"


def cpu_seconds() -> float:
    """Of this process and of those that it has waited for."""
    return sum(
        used.ru_utime + used.ru_stime
        for used in map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    )


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    """One line for each test: its own time and that of what was made for it."""
    cpu, wall = cpu_seconds(), time.perf_counter()
    yield
    line = {
        "node": item.nodeid,
        "cpu": round(cpu_seconds() - cpu, 3),
        "wall": round(time.perf_counter() - wall, 3),
    }
    with (Path(os.environ[FOLDER]) / f"{os.getpid()}.jsonl").open("a", encoding="utf-8") as file:
        file.write(json.dumps(line) + "\n")
