"""What dead processes left below tmp/ goes at the next start; what live ones use stays."""

from __future__ import annotations

import contextlib
import os
import re
import subprocess
import sys
from pathlib import Path

import click
import duckdb
import pytest
from click.testing import CliRunner

from expectations.worker import Worker
from orchestration import scratch
from orchestration.cli.group import Group
from orchestration.database import is_disk_full
from orchestration.session import open_session
from orchestration.settings import Home

LEAVE = """
import os, sys
from pathlib import Path
from orchestration import scratch
folder = scratch.folder(Path(sys.argv[1]), "land")
(folder.__enter__() / "half.duckdb").touch()
print(os.getpid(), flush=True)
os._exit(0)
"""


def test_a_run_sweeps_what_the_dead_left_and_nothing_else(tmp_path: Path, monkeypatch) -> None:
    home = Home.resolve(tmp_path / "home").ensure()
    subprocess.run([sys.executable, "-c", LEAVE, str(home.tmp)], check=False)
    (left,) = home.tmp.iterdir()
    (home.tmp / scratch.name("reader")).mkdir()
    for kind in ("land-another.host-1-abc", "land-old", "spark", "dbt"):
        (home.tmp / kind).mkdir()
    os.utime(home.tmp / "land-old", (0, 0))
    monkeypatch.setattr(Worker, "start", lambda: contextlib.nullcontext())
    with scratch.folder(home.tmp, "land") as mine:
        with open_session(home, []):
            there = {path.name for path in home.tmp.iterdir()}
        assert left.name not in there and "land-old" not in there
        assert {mine.name, "land-another.host-1-abc", "spark", "dbt"} < there
        assert any(name.startswith("reader-") for name in there)
    assert not mine.exists()


@pytest.mark.parametrize("place", ["the file of the error", "the text of DuckDB"])
def test_a_full_disk_is_named(place: str) -> None:
    """/dev/full is a device on which every write finds no room."""

    @click.group(cls=Group)
    def main() -> None: ...

    @main.command()
    def refresh() -> None:
        if place == "the file of the error":
            with open("/dev/full", "w") as handle:
                try:
                    os.write(handle.fileno(), b"x")
                except OSError as error:
                    error.filename = handle.name  # as shutil and pathlib do
                    raise
        raise duckdb.IOException(
            'IO Error: Could not write all bytes to file "/dev/full": No space left on device'
        )

    said = CliRunner().invoke(main, ["refresh"])
    assert said.exit_code == 1
    assert re.match(r"error: the disk that holds /dev/full is full: \d", said.output)
    assert "What to do: make room there" in said.output
    assert not is_disk_full("out of memory")
