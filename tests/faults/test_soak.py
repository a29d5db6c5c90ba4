"""Damaged files, sidecars and tables: hundreds in the suite, 10^5 of each in `make soak`.

Sound tables of every format, with bytes changed, cut, doubled or put together: reading one gives
sheets or says why not, in bounded time, and the next file is read as if nothing had been. Tables
whose cells or layouts are wrong are mapped and judged: every value is accepted or quarantined.
"""

from __future__ import annotations

import copy
import os
import random
from collections import Counter
from pathlib import Path
from typing import Any

import duckdb
import landing_tables
import pyarrow as pa
import pytest
import yaml
from landing_formats import SUFFIXES, describe, save, write
from landing_tables import Place, Table, fuel_use
from msoffcrypto.method.ecma376_agile import ECMA376Agile
from pyarrow import parquet

from benchmarks import soak
from orchestration.landing.land import land
from orchestration.landing.read import limits
from orchestration.landing.read.formats import guess_encoding, open_sheets
from orchestration.landing.read.sheet import Unreadable
from orchestration.landing.read.sidecar import Layout, SidecarError, read_sidecar

TIMES = int(os.environ.get("GREENPARK_SOAK", "300"))
SPOILT = int(os.environ.get("GREENPARK_SOAK_TABLES", "60"))
SEED = int(os.environ.get("GREENPARK_SOAK_SEED", "20"))
SMALL = {"cells": 200_000, "memory_bytes": 1_000_000_000, "seconds": 10, "row_characters": 100_000}
ENDINGS = SUFFIXES | {"parquet": ".parquet"}
KINDS = sorted(ENDINGS.keys() - {"locked"})


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
    encrypt = ECMA376Agile.encrypt
    with pytest.MonkeyPatch.context() as patch:
        # A password is hashed so often, 100,000 times as written: half of the time of all formats.
        patch.setattr(ECMA376Agile, "encrypt", lambda *said: encrypt(*said, spin_count=100))
        for kind in KINDS:
            table = fuel_use(Place(3))
            if kind == "parquet":
                texts = {
                    "enterprise_id": ["E1", "E2"] * 99,
                    "quantity": [0.5 * n for n in range(198)],
                }
                sink = pa.BufferOutputStream()
                parquet.write_table(pa.table(texts), sink, compression="zstd")
                found[kind] = sink.getvalue().to_pybytes(), Layout.model_validate(table.layout)
                continue
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
            path = tmp_path / f"table{ENDINGS[kind]}"
            path.write_bytes(damaged(data, chance))
            try:
                read(path, layout)
                outcomes["read"] += 1
            except Unreadable as error:
                assert error.detail and error.detail_zh, kind
                outcomes[error.rule] += 1
        for kind, (data, layout) in sound.items():
            path = tmp_path / f"table{ENDINGS[kind]}"
            path.write_bytes(data)
            assert read(path, layout) > 0, kind
    print(f"seed {SEED}: {TIMES} files, {dict(outcomes.most_common())}")
    assert outcomes["read"] > TIMES // 10 and outcomes.total() == TIMES
    assert outcomes["file_unreadable"] > TIMES // 10
    soak.note("files", TIMES, SEED)


# What stands where something else is meant, in a cell or a sidecar.
TEXTS = (
    *(
        "",
        " ",
        "-",
        "…",
        "x",
        "0",
        "-1",
        "1e309",
        "NaN",
        "inf",
        "9" * 400,
        "1,2,3",
        "=1/0",
        "#REF!",
    ),
    *(
        "合计",
        "其中：",
        "原煤",
        "2020",
        "2020年",
        "99",
        "万吨",
        "万顿",
        "江苏省",
        "①",
        "(续)",
        "true",
    ),
    *(
        "\u202e",
        "é\u0301",
        "\ufeff",
        "\u3000",
        "a\nb",
        '"',
        "'",
        ";",
        "|",
        "\t",
        "１２３",
        "٣",
        "½",
    ),
    *(
        "注：",
        "资料来源",
        "单位：万吨",
        "%",
        "2020-2021",
        "1.2.3",
        "x" * 5000,
        "\ud7ff",
        "{}",
        "\\",
    ),
)
SCALARS = (*TEXTS, None, True, 0, 1, -1, 2, 7, 99, 2020, 10**30, 1.5, float("nan"), [], {}, [[]])
LAYOUT_KEYS = sorted(Layout.model_fields)


def changed(value: Any, chance: random.Random) -> Any:
    """A part of a sidecar, with something else in one place of it."""
    if isinstance(value, dict) and value and chance.random() < 0.8:
        key = chance.choice(sorted(value, key=str))
        match chance.randrange(5):
            case 0:
                return {name: part for name, part in value.items() if name != key}
            case 1:
                return value | {chance.choice((*LAYOUT_KEYS, *TEXTS)): chance.choice(SCALARS)}
            case _:
                return value | {key: changed(value[key], chance)}
    if isinstance(value, list) and value and chance.random() < 0.7:
        at = chance.randrange(len(value))
        return [*value[:at], changed(value[at], chance), *value[at + chance.randrange(2) :]]
    if isinstance(value, int) and chance.random() < 0.7:
        return value + chance.choice((-2, -1, 1, 2, 10))
    return copy.deepcopy(chance.choice(SCALARS))


def test_a_damaged_sidecar_is_read_or_refused(tmp_path: Path) -> None:
    """Every other one by its bytes, the others by what they say."""
    chance = random.Random(SEED)
    table = fuel_use(Place(3))
    said = describe(table, b"", "1")
    text = yaml.safe_dump(said, allow_unicode=True).encode()
    path = tmp_path / "table.yml"
    outcomes: Counter[str] = Counter()
    for number in range(TIMES):
        if number % 2:
            path.write_bytes(damaged(text, chance))
        else:
            layout = changed(table.layout, chance)
            other = changed(said, chance) if number % 4 else said | {"layout": layout}
            path.write_text(yaml.safe_dump(other, allow_unicode=True), "utf-8", "surrogatepass")
        try:
            read_sidecar(path)
            outcomes["read"] += 1
        except SidecarError as error:
            assert str(error) and error.in_chinese
            outcomes["refused"] += 1
    print(f"seed {SEED}: {TIMES} sidecars, {dict(outcomes)}")
    assert min(outcomes["read"], outcomes["refused"]) > 0
    soak.note("sidecars", TIMES, SEED)


TABLES = (
    *(landing_tables.fuel_use, landing_tables.balance, landing_tables.captioned_balance),
    *(landing_tables.regional_product, landing_tables.captioned_product),
    *(landing_tables.city_electricity, landing_tables.park_facts, landing_tables.enterprises),
    *(landing_tables.enterprise_energy, landing_tables.exchange, landing_tables.energy_in_words),
)
BATCH = 200  # files that are landed at once


def spoilt(table: Table, chance: random.Random) -> Table:
    """A table with some cells, rows or columns, or a key of its layout, wrong."""
    for _ in range(chance.choice((1, 1, 2, 5))):
        rows = table.rows
        row = chance.randrange(len(rows))
        column = chance.randrange(max(1, len(rows[row])))
        match chance.randrange(9):
            case 0 | 1 if rows[row]:
                rows[row][column] = chance.choice(TEXTS)
            case 2 if rows[row]:
                del rows[row][column]
            case 3 if len(rows) > 2:
                del rows[row]
            case 4:
                rows.insert(row, list(chance.choice(rows)))
            case 5 if rows[row]:
                rows[row][column] += chance.choice(TEXTS)[:100]
            case 6:
                at = chance.randrange(20)
                for line in rows:
                    line.insert(at, chance.choice(("", line[0] if line else "")))
            case _:
                table.layout = changed(table.layout, chance)
    return table


def test_a_spoilt_table_is_mapped_and_judged(tmp_path: Path) -> None:
    chance = random.Random(SEED)
    outcomes: Counter[str] = Counter()
    for first in range(0, SPOILT, BATCH):
        folder = tmp_path / str(first)
        for number in range(first, min(first + BATCH, SPOILT)):
            make = TABLES[number % len(TABLES)]
            table = spoilt(make(Place(chance.randrange(200))), chance)
            table.encoding = "utf-8"
            data = _text(table)
            sidecar = describe(table, data, "1")
            save(folder, f"{number}.csv", data, yaml.safe_dump(sidecar, allow_unicode=True))
        database = folder / "x.duckdb"
        report = land(database, [folder])
        told = [f"seed {SEED}, {file.file_name}" for file in report.files]
        for file, where in zip(report.files, told, strict=True):
            assert file.rows_read == file.rows_accepted + file.rows_quarantined, where
            outcomes["accepted" if file.rows_accepted else "refused"] += 1
        with duckdb.connect(str(database)) as connection:
            # A text is read in this process: an error that nobody foresaw is ours.
            unforeseen = connection.execute(
                "select distinct file_name, message from quality.quarantine "
                "where contains(message_zh, '读取出错')"
            ).fetchall()
        assert unforeseen == [], f"seed {SEED}, {unforeseen}"
    print(f"seed {SEED}: {SPOILT} tables, {dict(outcomes)}")
    assert min(outcomes["accepted"], outcomes["refused"]) > SPOILT // 10
    soak.note("mappings", SPOILT, SEED)


def _text(table: Table) -> bytes:
    """The table as CSV, with the delimiter that it may have been told."""
    return write(table, "csv") if isinstance(table.layout, dict) else b""


def test_the_page_has_the_sums_of_what_was_run() -> None:
    """`python -m benchmarks.soak` writes them."""
    assert soak.PAGE.read_text(encoding="utf-8") == soak.page()
