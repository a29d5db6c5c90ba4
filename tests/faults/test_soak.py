"""Damaged files by the hundred in the suite, by the hundred thousand in `make soak`.

Sound tables of every format, with bytes changed, cut, doubled or put together: reading one gives
sheets or says why not, in bounded time, and the next file is read as if nothing had been.
"""

from __future__ import annotations

import os
import random
from collections import Counter
from pathlib import Path

import pytest
import yaml
from landing_formats import SUFFIXES, describe, write
from landing_tables import Place, fuel_use

from orchestration.landing.read import limits
from orchestration.landing.read.formats import guess_encoding, open_sheets
from orchestration.landing.read.sheet import Unreadable
from orchestration.landing.read.sidecar import Layout, SidecarError, read_sidecar

TIMES = int(os.environ.get("GREENPARK_SOAK", "300"))
SEED = int(os.environ.get("GREENPARK_SOAK_SEED", "20"))
SMALL = {"cells": 200_000, "memory_bytes": 1_000_000_000, "seconds": 10, "row_characters": 100_000}
KINDS = sorted(SUFFIXES.keys() - {"locked"})


def damaged(data: bytes, chance: random.Random) -> bytes:
    """The bytes of a file after some accidents."""
    content = bytearray(data)
    for _ in range(chance.choice((1, 1, 2, 5, 20))):
        at = chance.randrange(len(content) + 1)
        match chance.randrange(6):
            case 0 if content:
                content[at % len(content)] = chance.randrange(256)
            case 1:
                del content[at : at + chance.choice((1, 10, 1000))]
            case 2:
                content[at:at] = chance.randbytes(chance.choice((1, 10, 1000)))
            case 3:
                content[at:at] = content[at : at + chance.randrange(1, 2000)]
            case 4:
                content[at:at] = chance.choice(
                    (b"\0", b'"', b"9" * 400, b"<td colspan=999 rowspan=999>", b"[" * 2000, b"\xff")
                )
            case 5:
                del content[at:]
    return bytes(content)


@pytest.fixture(scope="module")
def sound() -> dict[str, tuple[bytes, Layout]]:
    """The bytes of one table in every format, and how each is read."""
    found = {}
    for kind in KINDS:
        table = fuel_use(Place(3))
        found[kind] = write(table, kind), Layout.model_validate(table.layout)
    return found


def read(path: Path, layout: Layout) -> int:
    """How many cells a file has."""
    sheets = open_sheets(path, guess_encoding(path), layout)
    return sum(len(row) for sheet in sheets for row in sheet.rows)


def test_a_damaged_file_is_read_or_refused(
    sound: dict[str, tuple[bytes, Layout]], tmp_path: Path
) -> None:
    chance = random.Random(SEED)
    outcomes: Counter[str] = Counter()
    with limits.changed(**SMALL):
        for number in range(TIMES):
            kind = KINDS[number % len(KINDS)]
            data, layout = sound[kind]
            path = tmp_path / f"table{SUFFIXES[kind]}"
            path.write_bytes(damaged(data, chance))
            try:
                read(path, layout)
                outcomes["read"] += 1
            except Unreadable as error:
                assert error.detail and error.detail_zh, kind
                outcomes[error.rule] += 1
        for kind, (data, layout) in sound.items():
            path = tmp_path / f"table{SUFFIXES[kind]}"
            path.write_bytes(data)
            assert read(path, layout) > 0, kind
    print(f"seed {SEED}: {TIMES} files, {dict(outcomes.most_common())}")
    assert outcomes["read"] > TIMES // 10 and outcomes.total() == TIMES
    assert outcomes["file_unreadable"] > TIMES // 10


def test_a_damaged_sidecar_is_read_or_refused(tmp_path: Path) -> None:
    chance = random.Random(SEED)
    table = fuel_use(Place(3))
    text = yaml.safe_dump(describe(table, b"", "1"), allow_unicode=True).encode()
    path = tmp_path / "table.yml"
    outcomes: Counter[str] = Counter()
    for _ in range(TIMES):
        path.write_bytes(damaged(text, chance))
        try:
            read_sidecar(path)
            outcomes["read"] += 1
        except SidecarError as error:
            assert str(error) and error.in_chinese
            outcomes["refused"] += 1
    print(f"seed {SEED}: {TIMES} sidecars, {dict(outcomes)}")
    assert min(outcomes["read"], outcomes["refused"]) > 0
