"""One writer at a time: the lock is held by one block, names its process and goes with it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from orchestration import locks
from orchestration.errors import GreenparkError

HOLD = """
import sys, time
from pathlib import Path
from orchestration import locks
with locks.hold(Path(sys.argv[1]), Path("home")):
    print("held", flush=True)
    time.sleep(60)
"""


def test_a_held_lock_refuses_the_next_and_is_free_afterwards(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    with locks.hold(path, tmp_path):
        assert locks.holds(path)
        with (
            pytest.raises(GreenparkError, match=f"process {os.getpid()} holds"),
            locks.hold(path, tmp_path),
        ):
            pass
        assert locks.holds(path)
    assert not locks.holds(path)
    with locks.hold(path, tmp_path):
        pass


def test_a_lock_goes_with_its_process(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    child = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(path)], stdout=subprocess.PIPE, text=True
    )
    assert child.stdout is not None and child.stdout.readline() == "held\n"
    assert not locks.holds(path)
    with pytest.raises(GreenparkError, match=f"process {child.pid} "), locks.hold(path, tmp_path):
        pass
    child.send_signal(signal.SIGKILL)
    child.wait()
    child.stdout.close()
    with locks.hold(path, tmp_path):
        assert path.read_text() == f"{os.getpid()}\n"


def test_a_lock_that_cannot_be_opened_says_so(tmp_path: Path) -> None:
    with pytest.raises(GreenparkError, match="cannot open"), locks.hold(tmp_path, tmp_path):
        pass
