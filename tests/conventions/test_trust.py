"""docs/trust.md: every row says how to try it again, and what it names is there."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from benchmarks import soak

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "trust.md").read_text(encoding="utf-8")
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
TRIED = [
    [cell.strip() for cell in row.strip("|").split(" | ")]
    for row in PAGE.split("\n## ")[0].splitlines()
    if row.startswith("| ") and not row.startswith(("| class |", "| --- |"))
]
ARGUMENTS = sorted(set(re.findall(r'`make test ARGS=(?:"([^"]+)"|(\S+?))`', PAGE)))
COMMANDS = sorted(set(re.findall(r"`(?:python -m )?(benchmarks\.\w+|make \w[\w-]*)", PAGE)))


@pytest.mark.parametrize("row", TRIED, ids=lambda row: row[0][:40])
def test_a_row_says_how_to_try_it_again_and_nothing_fails(row: list[str]) -> None:
    assert len(row) == 5
    assert row[3].split(":")[0] == "0"
    assert row[4].startswith(("`", "the same", "by hand", "[mutants]"))


@pytest.mark.parametrize("quoted, plain", ARGUMENTS)
def test_the_tests_of_a_row_are_there(quoted: str, plain: str) -> None:
    words = shlex.split(quoted or plain)
    chosen = words[words.index("-k") + 1].split(" or ") if "-k" in words else []
    files = [ROOT / word for word in words if word.endswith(".py")]
    assert files and all(file.is_file() for file in files)
    # Cases may stand beside the file that tries them.
    beside = {path for file in files for path in file.parent.glob("*.py")}
    texts = [path.read_text(encoding="utf-8") for path in beside]
    for part in chosen:
        # In the name of a test, or of one of its cases.
        named = re.compile(rf"def test_\w*{part}|[\"'][^\"'\n]*{part}")
        assert any(named.search(text) for text in texts), part


@pytest.mark.parametrize("command", COMMANDS)
def test_the_command_of_a_row_is_there(command: str) -> None:
    if command.startswith("make "):
        assert f"\n{command.removeprefix('make ')}: " in MAKEFILE
    else:
        place = ROOT.joinpath(*command.split("."))
        assert place.with_suffix(".py").is_file() or (place / "__main__.py").is_file()


def test_the_sums_are_those_of_the_runs() -> None:
    assert soak.page() == PAGE
