"""Files that are parsed whole are read in a child process, which may take so much and no more.

A library that asks for 550 GB, loops or crashes takes the child with it and not the landing: the
file is refused, and the next one has a new child. One child serves all files of a process. What is
asked and answered is a line of JSON; the rows of a sheet come some at a time.
"""

from __future__ import annotations

import atexit
import dataclasses
import json
import os
import select
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from orchestration.landing.read.limits import Limits, current, exceeded
from orchestration.landing.read.sheet import Sheet, Unreadable

CHILD = "orchestration.landing.read.child"
# A child that has grown is not kept for the next file.
KEPT_BYTES = 500_000_000
# Wall clock of one answer, in times of the processor's: a machine may have much else to do.
PATIENCE = 10


class _Died(Exception):
    """The child ended, or did not answer in time; `code` is how it ended."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


class _Child:
    """The one child of this process, started when it is needed."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._grown = False
        self.opened = 0  # which file is open in it

    def open(self, request: dict[str, Any], limits: Limits) -> dict[str, Any]:
        """Open a file in the child. Raises Unreadable."""
        with self._lock:
            if self._grown:
                self._end()
            self.opened += 1
            return self._ask(request, limits)

    def rows(self, opened: int, sheet: int, limits: Limits) -> dict[str, Any]:
        """Some more rows of a sheet. Raises Unreadable."""
        with self._lock:
            if opened != self.opened:
                raise RuntimeError("the rows of a sheet were asked for after the next file")
            return self._ask({"rows_of": sheet}, limits)

    def end(self) -> None:
        """End the child."""
        with self._lock:
            self._end()

    def _end(self) -> None:
        process, self._process, self._grown = self._process, None, False
        if process is None:
            return
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                with suppress(OSError):  # what was not sent to a child that is gone
                    pipe.close()

    def _ask(self, request: dict[str, Any], limits: Limits) -> dict[str, Any]:
        try:
            answer = self._answer(request, limits)
        except _Died as death:
            self._end()
            raise _why(death.code, limits) from None
        except BaseException:
            self._end()  # else its answer would be taken for that to the next question
            raise
        if "fault" in answer:
            raise Unreadable(*answer["fault"])
        self._grown = answer.get("peak_bytes", 0) > KEPT_BYTES
        return answer

    def _answer(self, request: dict[str, Any], limits: Limits) -> dict[str, Any]:
        process = self._process or self._start()
        if process.stdin is None or process.stdout is None:
            raise ValueError("the child has to be started with pipes")
        try:
            process.stdin.write(json.dumps(request).encode() + b"\n")
            process.stdin.flush()
        except OSError:
            raise _Died(process.wait()) from None
        ready, _, _ = select.select([process.stdout], [], [], limits.seconds * PATIENCE)
        if not ready:
            raise _Died(-signal.SIGXCPU)
        line = process.stdout.readline()
        if not line.endswith(b"\n"):
            raise _Died(process.wait())
        return dict(json.loads(line))

    def _start(self) -> subprocess.Popen[bytes]:
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", CHILD],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        )
        return self._process


def _why(code: int, limits: Limits) -> Unreadable:
    """Why a child ended: it was out of time, or it could not have the memory it asked for."""
    if code in (-signal.SIGXCPU, -signal.SIGKILL):
        seconds = f"{limits.seconds} s"
        return exceeded("seconds", "reading it takes too long", "读取耗时过长", seconds)
    return out_of_memory(limits)


def out_of_memory(limits: Limits) -> Unreadable:
    """The refusal of a file that takes more memory than one may."""
    limit = f"{limits.memory_bytes / 1e9:.2g} GB"
    found = "reading it takes more memory than there is for a file, or crashes the reader"
    return exceeded("memory_bytes", found, "读取所需内存过多，或使读取程序崩溃", limit)


_child = _Child()
end = _child.end
atexit.register(end)
os.register_at_fork(after_in_child=lambda: _child.__init__())  # type: ignore[misc]


def ask(path: Path, encoding: str, function: Callable[[str], Any]) -> Any:
    """What a function of a module of the project says of the text of a file, as JSON.

    Raises Unreadable, also for what the function raises.
    """
    limits = current()
    request = {"path": os.fsdecode(path), "encoding": encoding}
    request["asked"] = f"{function.__module__}:{function.__qualname__}"
    return _child.open(request | {"limits": dataclasses.asdict(limits)}, limits)["found"]


def read(path: Path, kind: str, encoding: str, keys: dict[str, Any]) -> list[Sheet]:
    """The sheets of a file that is parsed whole; their rows are there until the next is read.

    `keys` are those of its layout that say where its rows are. Raises Unreadable, also while rows
    are read.
    """
    limits = current()
    request = {"path": os.fsdecode(path), "kind": kind, "encoding": encoding, "keys": keys}
    request["limits"] = dataclasses.asdict(limits)
    found = _child.open(request, limits)["sheets"]
    opened = _child.opened
    return [
        Sheet(
            **(
                said
                | {
                    "rows": _rows(opened, number, limits),
                    "merged": [tuple(place) for place in said["merged"]],
                    "faults": {(row, col): (rule, text) for row, col, rule, text in said["faults"]},
                }
            )
        )
        for number, said in enumerate(found)
    ]


def _rows(opened: int, number: int, limits: Limits) -> Iterator[list[str]]:
    while rows := _child.rows(opened, number, limits)["rows"]:
        yield from rows
