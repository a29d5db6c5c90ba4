"""What a page of documentation says that can be tried: its blocks, commands, names and numbers."""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass
from pathlib import Path

import click

from orchestration.cli import main
from orchestration.settings import PROJECT_ROOT

PAGES = ("README.md", "README.zh-CN.md", "CONTRIBUTING.md", "DECISIONS.md")
FENCE = re.compile(r"^( *)```(\w*)\n(.*?)^ *```$", re.DOTALL | re.MULTILINE)
SPAN = re.compile(r"`([^`]+)`")
LINK = re.compile(r"\[([^\]]*)\]\(([^)]*)\)")
# Programs of docs/connect.md and docs/deploy.md, which say what was tried.
OF_OTHERS = {"cp", "datasette", "duckdb", "harlequin", "install", "systemctl", "useradd"}
NUMBER = re.compile(r"\d[\d.,]*\d|\d")


@dataclass(frozen=True)
class Block:
    """A fenced block: its language and its text, without the indentation of the fence."""

    language: str
    text: str


def page(name: str) -> str:
    return (PROJECT_ROOT / name).read_text(encoding="utf-8")


def blocks(text: str, language: str = "") -> list[Block]:
    """The fenced blocks of a page, or those of one language."""
    found = [
        Block(kind, "".join(line.removeprefix(indent) for line in body.splitlines(keepends=True)))
        for indent, kind, body in FENCE.findall(text)
    ]
    return [block for block in found if not language or block.language == language]


def spans(text: str) -> list[str]:
    """What stands in `backticks` outside the blocks, once each; line breaks are blanks."""
    found = (re.sub(r"\s+", " ", span) for span in SPAN.findall(FENCE.sub("", text)))
    return list(dict.fromkeys(found))


def prose(text: str) -> str:
    """A page without blocks, code and the targets of links, on one line."""
    plain = LINK.sub(r"\1", SPAN.sub("`", FENCE.sub("", text)))
    return re.sub(r"\s+", " ", plain)


def links(text: str) -> list[str]:
    """The files that a page points to."""
    return [target for _, target in LINK.findall(FENCE.sub("", text)) if "://" not in target]


def commands(text: str) -> list[str]:
    """Every command a page shows: lines of shell blocks, lines after `$`, and code in prose."""
    lines = []
    for block in blocks(text):
        joined = block.text.replace("\\\n", " ")
        if block.language == "sh":
            lines += [line.split("   #")[0].strip() for line in joined.splitlines()]
        lines += [line[2:] for line in joined.splitlines() if line.startswith("$ ")]
    lines += [span for span in spans(text) if re.match(r"(greenpark|make) ", span)]
    return list(dict.fromkeys(line for line in lines if line))


def table_rows(text: str, header: str) -> list[list[str]]:
    """The cells of each row of the table that starts with `header`."""
    lines = text[text.index(header) :].split("\n\n")[0].splitlines()[2:]
    return [[cell.strip() for cell in line.strip().strip("|").split(" | ")] for line in lines]


def check_command(line: str) -> None:
    """Fail unless the command exists and has the options that are given; nothing is run."""
    program, *arguments = shlex.split(line)
    if program == "make":
        targets = re.findall(r"^([a-z-]+):", page("Makefile"), re.MULTILINE)
        named = [word for word in arguments if "=" not in word]
        assert named and set(named) <= set(targets), f"{line}: no such target"
        return
    if program in OF_OTHERS:
        return
    if program.startswith(".venv/bin/"):
        assert f'"{Path(program).name}>=' in page("pyproject.toml"), f"{line}: not installed"
        return
    assert program == "greenpark", f"{line}: nothing knows how to try this"
    command = main.commands.get(arguments[0])
    assert command is not None, f"{line}: no such command"
    context = click.Context(command, info_name=arguments[0])
    command.make_parser(context).parse_args(args=arguments[1:])


def exists(path: str, home: Path) -> bool:
    """Whether a path of a page exists: in the project, in its reference, or in the home."""
    if path.startswith("warehouse/"):
        return (home / path.removeprefix("warehouse/")).exists()
    pattern = re.sub(r"<\w+>", "*", path.rstrip("/"))
    roots = (PROJECT_ROOT, PROJECT_ROOT / "seeds" / "reference")
    return any(next(root.glob(pattern), None) is not None for root in roots)


def check_test_exists(node: str) -> None:
    """Fail unless `tests/...py::name` is a test, or `name` a unit test or singular test of dbt."""
    path, _, name = node.partition("::")
    if name:
        assert f"\ndef {name}(" in "\n" + page(path), f"no test {node}"
        return
    project = PROJECT_ROOT / "dbt_project"
    if (found := next((project / "tests").rglob(f"{path}.sql"), None)) is None:
        yaml = (file.read_text(encoding="utf-8") for file in project.rglob("models/**/*.yml"))
        found = next((text for text in yaml if f"name: {path}\n" in text), None)
    assert found is not None, f"no test of dbt is called {node}"
