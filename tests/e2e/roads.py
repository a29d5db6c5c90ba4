"""The commands that a section of CONTRIBUTING shows, in their order, to be run as they stand."""

from __future__ import annotations

import re
import shlex

from orchestration.settings import PROJECT_ROOT

# After `$ ` in a block, with what follows a backslash; or in the text between backticks.
COMMAND = re.compile(r"\$ (greenpark (?:[^\n]*\\\n)*[^\n]*)|`(greenpark [^`]+)`")


def commands(heading: str) -> list[list[str]]:
    """The words of each command below a heading, without the program's name."""
    page = (PROJECT_ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    section = page.partition(f"## {heading}\n")[2].partition("\n## ")[0]
    found = (block or span for block, span in COMMAND.findall(section))
    return [shlex.split(text.replace("\\\n", " "))[1:] for text in found]


def command(heading: str, *words: str) -> list[str]:
    """The one command of a section that holds these words."""
    (found,) = (line for line in commands(heading) if set(words) <= set(line))
    return found


def with_words(line: list[str], replaced: dict[str, str]) -> list[str]:
    """The command with other words in the place of those that stand for something."""
    for old, new in replaced.items():
        assert any(old in word for word in line), f"{old} is not in {' '.join(line)}"
        line = [word.replace(old, new) for word in line]
    return line
