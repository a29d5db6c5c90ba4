"""Writes a report: one set of facts, a file for each format."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from orchestration.errors import GreenparkError
from orchestration.inventory import pages, workbook
from orchestration.inventory.facts import Facts, canonical
from orchestration.inventory.sections import compose
from orchestration.serving import output

FORMATS = ("html", "pdf", "xlsx", "json")


def contents(facts: Facts, lang: str, formats: Sequence[str]) -> Iterator[tuple[str, bytes]]:
    """The name of each file and what is in it; the facts are the same in any language."""
    document = compose(facts, lang)
    stem = re.sub(r"[^\w.-]", "_", f"{facts['park_id']}_{facts['year']}_{facts['method']}")
    made = {
        "html": lambda: pages.html(document),
        "pdf": lambda: pages.pdf(document),
        "xlsx": lambda: workbook.xlsx(facts, document),
        "json": lambda: canonical(facts),
    }
    for name in formats:
        yield (f"{stem}.json" if name == "json" else f"{stem}.{lang}.{name}"), made[name]()


def write(facts: Facts, lang: str, formats: Sequence[str], folder: Path) -> Iterator[Path]:
    """Write the files of a report to `folder`, as `save` does."""
    return save(contents(facts, lang, formats), folder)


def save(files: Iterable[tuple[str, bytes]], folder: Path) -> Iterator[Path]:
    """Write files to `folder`, made if missing; a file of the name is replaced as a whole."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise GreenparkError(
            f"cannot create {folder}: {error.strerror}", "name another folder with --output"
        ) from error
    for name, content in files:
        path = folder / name
        with output.replacing(path) as draft:
            draft.write_bytes(content)
        yield path
