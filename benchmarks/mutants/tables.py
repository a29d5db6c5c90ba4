"""One change of a table of reference rows: a number, its sign, a row, a code."""

from __future__ import annotations

import csv
import io
import random
import re
from typing import NamedTuple

NUMBER = re.compile(r"-?\d+(\.\d+)?")
CODE = re.compile(r"[A-Za-z][A-Za-z0-9_.|]*")
FLAGS = {"true": "false", "false": "true"}
# What is said to people: another word there is no wrong number.
SAID = re.compile(r"note|reason|label|name|description|statement|remedy|source|citation|url|origin")
FACTORS = (1.1, 0.9, 10.0)


class Changed(NamedTuple):
    """A table with one change."""

    kind: str
    line: int  # of the file, the heading is 1
    column: str
    before: str
    after: str
    text: str


def change(text: str, chance: random.Random) -> Changed | None:
    """One change; None where there is nothing to change."""
    rows = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))
    if len(rows) < 2:
        return None
    heading, body = rows[0], rows[1:]
    kinds = ["number", "number", "sign", "row_removed", "code", "code"]
    for _ in range(40):
        kind, line = chance.choice(kinds), chance.randrange(len(body))
        if kind == "row_removed":
            said = ",".join(body[line])
            return Changed(
                kind, line + 2, "", said, "", _written([*rows[: line + 1], *rows[line + 2 :]])
            )
        column = chance.randrange(len(heading))
        before = body[line][column] if column < len(body[line]) else ""
        if SAID.search(heading[column]):
            continue
        after = _other(
            kind, before, sorted({row[column] for row in body if column < len(row)}), chance
        )
        if after is not None and after != before:
            changed = [list(row) for row in rows]
            changed[line + 1][column] = after
            return Changed(kind, line + 2, heading[column], before, after, _written(changed))
    return None


def _other(kind: str, before: str, known: list[str], chance: random.Random) -> str | None:
    is_number = bool(NUMBER.fullmatch(before)) and not re.fullmatch(r"0\d+", before)
    if kind == "sign":
        return str(-float(before)) if is_number and float(before) else None
    if kind == "number":
        if not is_number:
            return None
        value = float(before)
        if before.lstrip("-").isdecimal():
            return str(int(value) + 1)
        return f"{value * chance.choice(FACTORS) or 1.0:.10g}"
    if before in FLAGS:
        return FLAGS[before]
    others = [text for text in known if text not in ("", before) and CODE.fullmatch(text)]
    is_code = bool(CODE.fullmatch(before)) or bool(re.fullmatch(r"\d{6}", before))
    if re.fullmatch(r"\d{6}", before):
        others = [text for text in known if re.fullmatch(r"\d{6}", text) and text != before]
    return chance.choice(others) if is_code and others else None


def _written(rows: list[list[str]]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue()
