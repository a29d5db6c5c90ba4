"""What the commands share: options, the home, the reader, and how results are written to stdout."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import click

from orchestration import words

if TYPE_CHECKING:
    import duckdb

    from orchestration.publishing.audiences import Name as Readers
    from orchestration.settings import Home

home_option = click.option(
    "--home",
    type=click.Path(file_okay=False, path_type=Path),
    envvar="GREENPARK_HOME",
    show_envvar=True,
    metavar="DIR",
    help="Folder of everything greenpark writes. Default: warehouse/ in the project.",
)
data_option = click.option(
    "--data",
    type=click.Path(path_type=Path),
    multiple=True,
    metavar="DIR",
    help="Add a folder of input beside seeds/; its files join or supersede. Repeatable.",
)
lang_option = click.option(
    "--lang",
    type=click.Choice(["zh", "en"]),
    default=words.locale_language,
    help="Language of labels and messages. Default: the locale's, else en.",
)
PAGE = 120  # signs in a line of what is read, where there is no terminal to ask
json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
folder_option = click.option(
    "--output",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("."),
    metavar="DIR",
    help="Folder to write to; made if missing. Default: the current one.",
)


def as_option(default: Readers) -> Callable[[Any], Any]:
    """The option of a command that reads one of the files of a version."""
    return click.option(
        "--as",
        "readers",
        type=click.Choice(["admin", "analyst", "public"]),
        default=default,
        show_default=True,
        help="Whose file of the version: in that of the public no cell gives an enterprise away.",
    )


def formats_option(default: str) -> Callable[[Any], Any]:
    """The option of a command that writes a report in several formats."""
    return click.option(
        "--format",
        "formats",
        default=default,
        show_default=True,
        metavar="LIST",
        help="Formats, separated by commas.",
    )


def listed(text: str, known: Collection[str], refusal: Callable[[str], str]) -> list[str]:
    """The names of a list with commas, each once. One that is not known is wrong usage."""
    wanted = list(dict.fromkeys(text.replace(" ", "").split(",")))
    for name in wanted:
        if name not in known:
            raise usage(refusal(name))
    return wanted


def resolve(path: Path | None) -> Home:
    """The home that --home names, or else the environment."""
    from orchestration.settings import Home

    return Home.resolve(path)


def usage(text: str) -> click.UsageError:
    """An error of wrong usage, in the language that is spoken; the caller raises it."""
    return click.UsageError(words.say(text))


@contextmanager
def reader(
    home: Home,
    memory: str | None = None,
    limits: Mapping[str, str] | None = None,
    readers: Readers = "admin",
) -> Iterator[duckdb.DuckDBPyConnection]:
    """The published version, open read-only and locked down, with further settings of DuckDB."""
    from orchestration.publishing.opening import open_reader

    connection = open_reader(home, memory, limits, readers)
    try:
        yield connection
    finally:
        connection.close()


def width() -> int | None:
    """The terminal's width; None when stdout is no terminal, where nothing needs folding."""
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else None


def page_width() -> int:
    """The same for what people read wherever it goes: a file or a pager is as wide as a page."""
    return width() or shutil.get_terminal_size((PAGE, 0)).columns


class Utf8:
    """A sink that writes UTF-8 whatever the locale."""

    def __init__(self, binary: BinaryIO) -> None:
        self.binary = binary

    def write(self, text: str) -> None:
        self.binary.write(text.encode())


def stdout() -> Utf8:
    """Stdout as UTF-8."""
    sys.stdout.flush()
    return Utf8(sys.stdout.buffer)


def print_json(value: Any) -> None:
    """Print a value as JSON, in UTF-8."""
    import json

    from orchestration.serving.output import plain

    stdout().write(json.dumps(plain(value), ensure_ascii=False, indent=2) + "\n")
