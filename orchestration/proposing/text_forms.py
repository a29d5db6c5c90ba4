"""Where the table is in a text or in JSON that nobody described."""

from __future__ import annotations

import csv
import json
import re
from collections import Counter
from collections.abc import Iterable
from itertools import islice
from pathlib import Path
from typing import Any

from jsonpointer import escape

from orchestration.landing.read.formats import GAPS, WHITESPACE, split_at_gaps
from orchestration.landing.read.sheet import Unreadable


def sniff_delimiter(path: Path, encoding: str) -> str:
    """The sign that parts a text into the most even rows; else the blanks it is set with."""
    with path.open(encoding=encoding, errors="replace", newline="") as handle:
        lines = list(islice(handle, 400))

    def evenness(delimiter: str) -> tuple[float, int]:
        try:
            rows = [
                row for row in csv.reader(lines, delimiter=delimiter) if any(map(str.strip, row))
            ]
        except csv.Error:
            return 0.0, 0
        return _evenness(rows)

    best = max(",\t;|", key=evenness)
    if evenness(best)[1] > 1 and evenness(best)[0] >= 0.5:
        return best
    gaps = [row for line in lines if (row := split_at_gaps(line))]
    share, width = _evenness(gaps)
    return GAPS if width > 1 and share >= 0.5 else WHITESPACE


def _evenness(rows: Iterable[list[str]]) -> tuple[float, int]:
    sizes = Counter(len(row) for row in rows)
    wide = {size: count for size, count in sizes.items() if size > 1}
    if not wide:
        return 0.0, 0
    width = max(wide, key=lambda size: (wide[size], size))
    return wide[width] / sum(sizes.values()), width


def json_places(text: str) -> tuple[dict[str, str], str]:
    """What opens a JSON document, and the unit that stands outside its table.

    Called in the process that may take so much and no more. Raises Unreadable.
    """
    try:
        return find_json_table(text), json_unit(text)
    except (ValueError, RecursionError) as error:
        detail_zh = "JSON 不完整"
        raise Unreadable("file_unreadable", f"not whole JSON: {error}", detail_zh) from error


def find_json_table(text: str) -> dict[str, str]:
    """The pointers to the rows and to the labels across, for the layout."""
    document = json.loads(text, parse_float=str, parse_int=str)
    tables: list[tuple[int, str, Any]] = []
    lists: list[tuple[str, list[Any]]] = []

    def walk(node: Any, pointer: str) -> None:
        children: list[tuple[str, Any]] = []
        if isinstance(node, dict):
            children = [(escape(key), value) for key, value in node.items()]
        elif isinstance(node, list):
            children = [(str(n), value) for n, value in enumerate(node)]
        inner = [value for _, value in children]
        are_lists = all(isinstance(v, list) and not _nested(v) for v in inner)
        are_objects = isinstance(node, list) and all(isinstance(v, dict) for v in inner)
        if inner and (are_lists or are_objects):
            tables.append((sum(map(len, inner)), pointer, node))
        elif isinstance(node, list) and inner and not _nested(node):
            lists.append((pointer, node))
        for key, value in children:
            if isinstance(value, dict | list):
                walk(value, f"{pointer}/{key}")

    walk(document, "")
    if not tables:
        return {}
    _, pointer, node = max(tables, key=lambda table: table[0])
    found = {"json_rows": pointer} if pointer else {}
    rows = list(node.values()) if isinstance(node, dict) else node
    if rows and isinstance(rows[0], list):
        width = len(rows[0])
        inside = f"{pointer}/"
        for place, labels in lists:
            if not place.startswith(inside) and len(labels) in (width, width - 1):
                found["json_columns"] = place
                break
    return found


def json_unit(text: str) -> str:
    """What a key named unit says, at any depth."""
    found = re.search(r'"(?:unit|单位|计量单位)"\s*:\s*"([^"]+)"', text, re.I)
    return found[1] if found else ""


def _nested(values: list[Any]) -> bool:
    return any(isinstance(value, dict | list) for value in values)
