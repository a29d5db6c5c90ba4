"""The drills of docs/drills.md, done to the letter in a copy of the project."""

from __future__ import annotations

import csv
import re
import shlex
import subprocess
from pathlib import Path

from documents import FENCE, page
from project_copy import greenpark

PAGE = page("docs/drills.md")
DRILLS = dict(re.findall(r"^## ([^\n]+)\n(.*?)(?=^## |\Z)", PAGE, re.DOTALL | re.MULTILINE))
# A block with what is done with it, or a block of commands.
STEP = re.compile(rf"(?:^`(\w+): ([^`]+)`\n\n)?{FENCE.pattern}", re.DOTALL | re.MULTILINE)


def git(project: Path, *arguments: str) -> str:
    done = subprocess.run(
        ["git", "-c", "user.name=drill", "-c", "user.email=drill@localhost", *arguments],
        cwd=project, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return done.stdout


def write(project: Path, how: str, name: str, text: str) -> None:
    """Do with a file what the document says."""
    path = project / name
    if how == "new":
        assert not path.exists(), f"{name} is there already"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return
    before = path.read_text(encoding="utf-8")
    if how == "append":
        after = before + text
    elif how == "row":
        heading, *rows = before.splitlines(keepends=True)
        after = heading + "".join(sorted([*rows, text], key=lambda row: next(csv.reader([row]))[0]))
    else:
        assert how == "change", f"nothing knows how to do `{how}: {name}`"
        lines = text.splitlines(keepends=True)
        old = "".join(line[1:] or line for line in lines if not line.startswith("+"))
        new = "".join(line[1:] or line for line in lines if not line.startswith("-"))
        assert before.count(old) == 1, f"{name} does not have these lines once:\n{old}"
        after = before.replace(old, new)
    path.write_text(after, encoding="utf-8")


def do(project: Path, steps: str) -> None:
    """Write the files of a drill and run its commands; those whose result is printed come later."""
    for how, name, _, language, text in STEP.findall(steps):
        if how:
            write(project, how, name, text)
        elif language == "sh":
            for line in text.splitlines():
                greenpark(project, *shlex.split(line)[1:])


def do_all(project: Path) -> dict[str, list[str]]:
    """Do each drill in a copy; the files it touched, which are committed."""
    git(project, "init", "--quiet")
    touched = {}
    for name in ("the project", *DRILLS):
        do(project, DRILLS.get(name, ""))
        git(project, "add", "--all")
        touched[name] = git(project, "diff", "--cached", "--name-only").splitlines()
        git(project, "commit", "--quiet", "--message", name)
    return touched


def options() -> list[str]:
    """What the page gives the one refresh that serves all drills."""
    (line,) = STEP.findall(PAGE.split("\n## ")[0])[0][-1].splitlines()
    _, command, *said = shlex.split(line)
    assert command == "refresh"
    return said
