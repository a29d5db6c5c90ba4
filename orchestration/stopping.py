"""Ctrl-C and SIGTERM: the command ends at once, with all that it started, and says what stands.

Whatever dies here is a crash like any other, and every step of a run is made to survive one: what
readers see is changed in one step, at the end. So nothing is unwound. Unwinding took minutes, hung
on the lock of a module that was being imported, and left the side process behind.

A thread is told by the interpreter's wakeup descriptor, since the main thread may be in a library
that looks at no signal for as long as it likes, or has put its own handler in place.
"""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType

from orchestration import words

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
PATIENCE_S = 3  # for what must not be cut in two to be done
# Held while readers are given another version, so that what is said of it is true.
undisturbed = threading.RLock()
_published: list[str] = []
_asked_first: list[int] = []  # programs that are asked to end before they are made to


def note_published(version: str) -> None:
    """Note that readers see this version now."""
    _published.append(version)


def _noted(number: int, frame: FrameType | None) -> None:
    """The handler: the thread that waits for the byte does the rest."""


@contextmanager
def watched(publishes: Callable[[], bool]) -> Iterator[None]:
    """End the process at once if it is told to stop in this block.

    `publishes` says whether the command under way is one that publishes, or prepares to.

    Does nothing but in the main thread, which alone may set handlers.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    _published.clear()
    # What was told to ignore a signal, as nohup does, goes on doing so.
    taken = [number for number in SIGNALS if signal.getsignal(number) is not signal.SIG_IGN]
    before = {number: signal.signal(number, _noted) for number in taken}
    told, tell = os.pipe()
    os.set_blocking(tell, False)
    earlier = signal.set_wakeup_fd(tell, warn_on_full_buffer=False)
    watcher = threading.Thread(target=_wait, args=(told, publishes), name="stop", daemon=True)
    watcher.start()
    try:
        yield
    finally:
        signal.set_wakeup_fd(earlier)
        for number, handler in before.items():
            signal.signal(number, handler)
        os.close(tell)
        watcher.join()
        os.close(told)


def _wait(told: int, publishes: Callable[[], bool]) -> None:
    while numbers := os.read(told, 1):
        if numbers[0] in SIGNALS:
            _end(numbers[0], publishes)


def _end(number: int, publishes: Callable[[], bool]) -> None:
    # While readers are being given another version, what is true of it is not yet said.
    undisturbed.acquire(timeout=PATIENCE_S)
    said = "stopped; nothing published" if publishes() else "stopped"
    if _published:
        said = f"stopped; current is {_published[-1]}"
    with suppress(OSError):  # nobody listens any more
        os.write(2, f"\n{words.say(said)}\n".encode())
    children = descendants(os.getpid())
    if _asked_first:
        _send(children, signal.SIGTERM)
        deadline = time.monotonic() + PATIENCE_S
        while time.monotonic() < deadline and any(map(_runs, children)):
            time.sleep(0.05)
        children += descendants(os.getpid())
    _send(children, signal.SIGKILL)
    os._exit(128 + number)


def run(command: list[str], environment: dict[str, str]) -> int:
    """Run a program that has children of its own, until it ends; returns its exit code.

    Told to stop, this process first asks all of them to end, so that they may write down what
    they were at. Ctrl-C reaches them through this process alone.
    """
    import subprocess

    with subprocess.Popen(command, env=environment, start_new_session=True) as process:
        _asked_first.append(process.pid)
        try:
            return process.wait()
        finally:
            _asked_first.clear()


def _send(processes: list[int], number: signal.Signals) -> None:
    for process in processes:
        with suppress(OSError):  # it has ended
            os.kill(process, number)


def _runs(process: int) -> bool:
    """Whether a process is there and no zombie."""
    try:
        state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except (OSError, IndexError):
        return False
    return state not in "ZX"


def descendants(pid: int) -> list[int]:
    """The processes below one, its children first; none where the system has no /proc.

    There a child ends when its stdin does, once it has done what it was asked.
    """
    children: dict[int, list[int]] = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            # The name in brackets may hold blanks and brackets.
            parent = int(path.read_text().rpartition(")")[2].split()[1])
        except (OSError, ValueError, IndexError):
            continue  # it ended while we looked
        children.setdefault(parent, []).append(int(path.parent.name))
    found = [pid]
    for each in found:
        found += children.get(each, [])
    return found[1:]
