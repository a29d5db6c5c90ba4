"""The words of the command line in Chinese, one row of `words_zh.csv` for each English text.

`{}` in a text stands for what differs each time: a name, a number, another text. What has no row
is given back as it is; a test finds every text of the code that has none.
"""

from __future__ import annotations

import csv
import importlib
import os
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from inspect import cleandoc
from itertools import chain
from pathlib import Path
from typing import Any

WORDS = Path(__file__).with_name("words_zh.csv")
# Click asks gettext for its words, and gettext needs compiled files: click gets this table instead.
CLICK = ("core", "decorators", "exceptions", "formatting", "parser", "termui", "types")
# What stays in one line: a run of Latin signs or one Chinese sign, with its punctuation.
PIECES = re.compile(
    r"\s+|[（《“「\[]*(?:[^\s\u2e80-\uffef“”]+|[^\s（《“「，。；：、）》”」！？])[，。；：、）》”」！？]*|\S+"
)
_spoken = ["en"]  # of the process: a run has threads of its own


def locale_language() -> str:
    """The language of the locale, as POSIX ranks the variables: zh, or else en."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if value := os.environ.get(name):
            return "zh" if value.lower().startswith("zh") else "en"
    return "en"


def asked(arguments: Sequence[str]) -> str:
    """The language that a command line asks for, before it is parsed: its errors need it too."""
    for place, text in enumerate(arguments):
        if text == "--lang" and place + 1 < len(arguments):
            return "zh" if arguments[place + 1] == "zh" else "en"
        if text.startswith("--lang="):
            return "zh" if text == "--lang=zh" else "en"
    return locale_language()


def language() -> str:
    """The language that is spoken."""
    return _spoken[-1]


@cache
def _known() -> dict[str, str]:
    with WORDS.open(encoding="utf-8", newline="") as handle:
        return {row["en"]: row["zh"] for row in csv.DictReader(handle)}


@cache
def _patterns() -> list[tuple[re.Pattern[str], str]]:
    """The texts with gaps, the most telling first."""
    gapped = [(en, zh) for en, zh in _known().items() if "{}" in en]
    gapped.sort(key=lambda pair: len(pair[0].replace("{}", "")), reverse=True)
    return [
        (re.compile("(.*?)".join(map(re.escape, en.split("{}"))), re.S), zh) for en, zh in gapped
    ]


def in_chinese(text: str) -> str:
    """A text in Chinese, if its words are known."""
    if text in _known():
        return _known()[text]
    for pattern, zh in _patterns():
        found = pattern.fullmatch(text)
        if found:
            pieces = zh.split("{}")
            gaps = [*map(in_chinese, found.groups()), ""]
            return "".join(piece + gap for piece, gap in zip(pieces, gaps, strict=True))
    return text


def say(text: str) -> str:
    """A text in the language that is spoken."""
    return Speaker(language())(text)


class Speaker:
    """Says texts in one language: that of a command's --lang."""

    def __init__(self, lang: str) -> None:
        self.lang = lang

    def __call__(self, text: str) -> str:
        return in_chinese(text) if self.lang == "zh" else text

    def each(self, *texts: str) -> list[str]:
        """Several texts, such as the headings of a table."""
        return [self(text) for text in texts]


@contextmanager
def spoken(commands: Iterable[Any], lang: str) -> Iterator[None]:
    """Speak a language: the help of commands, click's words, our messages."""
    _spoken.append(lang)
    undo: list[tuple[Any, str, Any]] = []
    if lang == "zh":
        undo = [*chain.from_iterable(map(_translate, commands)), *_translate_click()]
    try:
        yield
    finally:
        for owner, name, value in undo:
            setattr(owner, name, value)
        _spoken.pop()


def _translate(command: Any) -> Iterator[tuple[Any, str, Any]]:
    """Put Chinese help in place; gives back what stood there."""
    for owner in (command, *command.params):
        text = getattr(owner, "help", None)
        if text:
            yield owner, "help", text
            owner.help = "\n\n".join(map(_paragraph, cleandoc(text).split("\n\n")))
    yield command, "_help_option", None  # click keeps the option --help with its words
    command._help_option = None


def _paragraph(text: str) -> str:
    """A paragraph of help; the commands of an example stay as they are."""
    if text.lstrip().startswith("\b"):
        return text.replace("Example:", in_chinese("Example:"))
    return in_chinese(" ".join(text.split()))


def _translate_click() -> Iterator[tuple[Any, str, Any]]:
    for name in CLICK:
        module = importlib.import_module(f"click.{name}")
        for function, replacement in (("_", in_chinese), ("ngettext", _plural)):
            if hasattr(module, function):
                yield module, function, getattr(module, function)
                setattr(module, function, replacement)
    types = importlib.import_module("click.types")
    for kind in (types.IntParamType, types.IntRange):
        yield kind, "name", kind.name
        kind.name = in_chinese(kind.name)
    # It counts signs, and breaks at blanks: a Chinese sign takes two columns, and has no blank.
    wrapping = importlib.import_module("click._textwrap")
    wrapper = wrapping.TextWrapper
    yield wrapping, "term_len", wrapping.term_len
    wrapping.term_len = _columns  # type: ignore[attr-defined]
    yield wrapper, "_split", wrapper._split
    wrapper._split = lambda _, text: PIECES.findall(text)


def _columns(text: str) -> int:
    from rich.cells import cell_len  # not for every command

    return cell_len(text)


def _plural(one: str, many: str, number: int) -> str:
    return in_chinese(one if number == 1 else many)
