"""What commands print in a terminal of eighty signs fits it, in a pipe a page, in both languages.

A Chinese sign takes two columns.
"""

from __future__ import annotations

import fcntl
import os
import pty
import re
import struct
import subprocess
import sys
import termios

import pytest
from click.testing import CliRunner
from rich.cells import cell_len

from orchestration.cli import main
from orchestration.cli.options import PAGE
from orchestration.settings import PROJECT_ROOT, Home

COLUMNS = 80
COMMANDS = {
    "report": "",
    "status": "",
    "explain": "--region 320000 --year 2020 --method ceads --fuel raw_coal --industry 31",
    "explain --park": "P01 --year 2020 --method report_2023 --line 65",
}


def shown(arguments: list[str]) -> list[str]:
    """The lines of a command that runs in a terminal of that many columns."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 50, COLUMNS, 0, 0))
    kept = {k: v for k, v in os.environ.items() if k not in ("COLUMNS", "LINES")}
    process = subprocess.Popen(
        [sys.executable, "-m", "orchestration.cli", *arguments],
        stdin=theirs,
        stdout=theirs,
        stderr=subprocess.STDOUT,
        cwd=PROJECT_ROOT,
        env=kept | {"TERM": "xterm"},
    )
    os.close(theirs)
    said = b""
    while True:
        try:
            part = os.read(ours, 65536)
        except OSError:  # Linux says so when the other end is closed
            break
        if not part:
            break
        said += part
    os.close(ours)
    assert process.wait() == 0, said
    plain = re.sub(r"\x1b\[[0-9;]*m", "", said.decode())
    return plain.replace("\r", "").splitlines()


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("command", COMMANDS)
def test_a_terminal_of_eighty_signs_is_enough(
    command: str, lang: str, published_home: Home
) -> None:
    said = f"{command} {COMMANDS[command]} --lang {lang}".split()
    lines = shown([*said, "--home", str(published_home.root)])
    assert len(lines) > 5
    if lang == "zh":
        assert re.search("[\u4e00-\u9fff]", "".join(lines))
    assert [line for line in lines if cell_len(line) > COLUMNS] == []


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("command", ["report", "status"])
def test_a_pipe_is_as_wide_as_a_page(command: str, lang: str, published_home: Home) -> None:
    """The files and columns of `explain` are looked for by name: a pipe leaves them whole."""
    said = [command, "--lang", lang, "--home", str(published_home.root)]
    done = CliRunner().invoke(main, said)
    assert done.exit_code == 0, done.output
    assert [line for line in done.stdout.splitlines() if cell_len(line) > PAGE] == []
