"""Ctrl-C and SIGTERM: wherever a command is, it ends within 5 s and leaves nothing running."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

# What a run may be doing when it is told to stop. Each says `there` when it is.
BUSY = {
    "asleep": "say(); time.sleep(60)",
    "in a query": """
import duckdb
say()
duckdb.sql("select count(*) from range(10_000_000_000) as a where hash(a.range) = 3").fetchall()
""",
    "waiting for a thread that imports": """
(folder / "slow_module.py").write_text("import time; time.sleep(60)")
sys.path.insert(0, str(folder))
threading.Thread(target=lambda: __import__("slow_module"), daemon=True).start()
time.sleep(0.2)
say()
import slow_module
""",
    "deaf: its own handler swallows the signal": """
signal.signal(signal.SIGINT, lambda *_: None)
signal.signal(signal.SIGTERM, lambda *_: None)
say()
while True:
    try:
        time.sleep(60)
    except BaseException:
        pass
""",
    "with a side process that is at work": """
from expectations.worker import Worker
with Worker.start("toy") as worker:
    say()
    time.sleep(60)
""",
    "reading a file aside": """
from orchestration.landing.read import aside
(folder / "a.json").write_bytes(b"[" + b"[1]," * 3_000_000 + b"[1]]")
threading.Timer(0.3, say).start()
while True:
    aside.read(folder / "a.json", "json", "utf-8", {"json_rows": None, "json_columns": None})
""",
    "a program with a child, both deaf": """
from orchestration import stopping
import os
deaf = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); "
child = deaf + "time.sleep(60)"
code = deaf + f"import subprocess, sys; subprocess.Popen([sys.executable, '-c', {child!r}]); " \
    "time.sleep(0.5); print('there', flush=True); time.sleep(60)"
stopping.run([sys.executable, "-c", code], dict(os.environ))
""",
    "just published": """
from orchestration import stopping
stopping.note_published("v7"); say(); time.sleep(60)
""",
}
COMMAND = """
import signal, sys, threading, time
from pathlib import Path
import click
from orchestration.cli.group import Group
folder = Path(sys.argv.pop())
def say():
    print("there", flush=True)
@click.group(cls=Group)
def main(): ...
@main.command()
def refresh():
    exec(sys.stdin.read(), globals())
main()
"""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("busy", BUSY)
def test_a_command_ends_at_once(busy: str, number: signal.Signals, tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", COMMAND, "refresh", str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "LEFT_OF": str(tmp_path)},  # by which what is left behind is found
    ) as process:
        process.stdin.write(BUSY[busy])
        process.stdin.close()
        assert process.stdout.readline() == "there\n", process.stderr.read()
        start = time.monotonic()
        process.send_signal(number)
        assert process.wait(10) == 128 + number
        assert time.monotonic() - start < 5
        said = process.stderr.read()
    assert said.strip() == (
        "stopped; current is v7" if busy == "just published" else "stopped; nothing published"
    )
    assert not left_of(tmp_path)


def left_of(folder: Path) -> list[str]:
    """The processes of a test that still run; one that is being reaped does not."""
    sign = f"LEFT_OF={folder}\0".encode()
    for _ in range(20):
        left = []
        for path in Path("/proc").glob("[0-9]*"):
            try:
                if sign in (path / "environ").read_bytes() + b"\0":
                    left.append((path / "cmdline").read_text())
            except OSError:
                continue
        if not left:
            return []
        time.sleep(0.1)
    return left


def test_ctrl_c_while_the_program_is_loaded_ends_it_without_a_word() -> None:
    code = "import orchestration.program, time; print('there', flush=True); time.sleep(60)"
    with subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout.readline() == "there\n", process.stderr.read()
        process.send_signal(signal.SIGINT)
        assert process.wait(5) == -signal.SIGINT  # which a shell calls 130
        assert process.stderr.read() == ""


def test_what_was_told_to_ignore_a_signal_ignores_it(tmp_path: Path) -> None:
    """`nohup`: the terminal goes, the run goes on."""
    code = "import signal; signal.signal(signal.SIGHUP, signal.SIG_IGN)\n" + COMMAND
    with subprocess.Popen(
        [sys.executable, "-c", code, "refresh", str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        process.stdin.write("say(); time.sleep(0.5)")
        process.stdin.close()
        assert process.stdout.readline() == "there\n"
        process.send_signal(signal.SIGHUP)
        assert process.wait(10) == 0
