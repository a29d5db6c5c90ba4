"""A list as Parquet lands as the same list as CSV: its rows, what is refused of it, and why."""

from __future__ import annotations

import csv
import hashlib
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pytest
import yaml
from landing_formats import save
from pyarrow import parquet as pq

from orchestration.landing.land import land
from orchestration.landing.map.catalogue import read_datasets
from orchestration.landing.map.vocabulary import read_vocabulary
from orchestration.landing.read import limits
from orchestration.landing.read.parquet import BATCH_ROWS, ParquetTable
from orchestration.landing.read.sheet import Unreadable
from orchestration.landing.read.sidecar import find_sidecar
from orchestration.landing.write.report import LandingReport
from orchestration.proposing import new_columns, propose
from orchestration.proposing.proposal import Answers
from orchestration.serving import landing_check
from orchestration.settings import PROJECT_ROOT, Home

RETURNS = PROJECT_ROOT / "seeds" / "raw" / "park_returns"
ENERGY = "park_returns_enterprise_energy"
SIDECAR = {
    "dataset": ENERGY,
    "source_id": "test",
    "publisher": "test",
    "title_zh": "测试",
    "title_en": "Test",
    "edition_year": 2024,
    "licence": "none",
    "origin": "observed",
    "url_or_citation": "made by a test",
}
ROW = {
    "park_id": "P1",
    "enterprise_id": "E1",
    "year": 2023,
    "fuel_code": "raw_coal",
    "unit": "吨",
    "consumption_quantity": 10.5,
}


def deliver(path: Path, data: bytes, said: dict[str, Any] | None = None) -> None:
    """Write a file and its sidecar."""
    words = {"layout": {"kind": "records"}} | SIDECAR | (said or {})
    words["sha256"] = hashlib.sha256(data).hexdigest()
    save(path.parent, path.name, data, words)


def packed(columns: dict[str, Any], **options: Any) -> bytes:
    sink = pa.BufferOutputStream()
    pq.write_table(pa.table(columns), sink, **options)
    return sink.getvalue().to_pybytes()


def listed(*rows: dict[str, Any]) -> bytes:
    """Rows that differ from a sound one in what they say."""
    return packed({name: [(ROW | row)[name] for row in rows] for name in ROW})


def as_parquet(path: Path) -> bytes:
    """The same texts, a row group for some of the rows."""
    with path.open(encoding="utf-8-sig", newline="") as handle:
        header, *rows = csv.reader(handle)
    columns = dict(zip(header, map(list, zip(*rows, strict=True)), strict=True))
    return packed(columns, row_group_size=700, compression="snappy")


def tables_of(database: Path) -> dict[str, list[tuple[Any, ...]]]:
    """What landed and what did not, the name and the sum of the file aside."""
    with duckdb.connect(str(database), read_only=True) as connection:
        found = {
            name: connection.execute(
                f"select * exclude (_load_id, _file_name) from raw.{name} order by all"
            ).fetchall()
            for name, dataset in read_datasets().items()
            if dataset.kind == "records"
        }
        found["quarantine"] = connection.execute(
            """
            select * exclude (load_id, file_name) replace (
                replace(message, '.parquet', '.csv') as message,
                replace(message_zh, '.parquet', '.csv') as message_zh
            )
            from quality.quarantine order by all
            """
        ).fetchall()
    return found


def test_every_shipped_return_lands_as_its_csv_does(tmp_path: Path) -> None:
    """Also with faults in it: a word for a number, an unknown fuel, a key twice, an open end."""
    for path in sorted(RETURNS.glob("*.csv")):
        data = path.read_bytes()
        if path.name == "sample_enterprise_energy_2020.csv":
            first, second, third, *others = data.decode().splitlines()
            worse = [second.replace("2020", "２０２０年"), third.replace("2020", "20")]
            lines = [first, *worse, *others, others[0], others[1] + "x", others[2].upper()]
            data = "\n".join([*lines, ""]).encode()
        described = yaml.safe_load((find_sidecar(path) or path).read_text(encoding="utf-8"))
        deliver(tmp_path / "csv" / path.name, data, described)
        columns = as_parquet(tmp_path / "csv" / path.name)
        deliver(tmp_path / "parquet" / f"{path.stem}.parquet", columns, described)
    reports = [land(tmp_path / f"{kind}.duckdb", [tmp_path / kind]) for kind in ("csv", "parquet")]
    text, parquet = (tables_of(tmp_path / f"{kind}.duckdb") for kind in ("csv", "parquet"))
    assert len(text["park_returns_enterprise_energy"]) > 5000 and len(text["quarantine"]) >= 4
    assert parquet == text
    assert [file.rows_read for file in reports[1].files] == [
        file.rows_read for file in reports[0].files
    ]


def test_numbers_and_dates_land_as_they_would_be_written(tmp_path: Path) -> None:
    path = tmp_path / "typed.parquet"
    columns = {
        "small": pa.array([1, None, -3], pa.int16()),
        "double": [2023.0, 0.1, float("nan")],
        "float": pa.array([0.1, 1e20, None], pa.float32()),
        "decimal": [Decimal("12.500"), Decimal("-0.001"), None],
        "flag": [True, False, None],
        "date": [date(2023, 12, 1), None, None],
        "moment": [datetime(2023, 12, 1), datetime(2023, 12, 1, 8), None],
        "bytes": ["原煤".encode(), b"coal", None],
        "words": pa.array(["煤", "", " 气 "]).dictionary_encode(),
        "list": [[1, 2], [], None],
    }
    path.write_bytes(packed(columns))
    header, *rows = ParquetTable(path).rows()
    assert header == list(columns)
    assert ["|".join(row) for row in rows] == [
        "1|2023|0.1|12.500|true|2023-12-01|2023-12-01|原煤|煤|[1, 2]",
        "|0.1|1e+20|-0.001|false||2023-12-01 08:00:00|coal||[]",
        "-3|nan||||||| 气 |",
    ]


def test_a_long_file_keeps_the_numbers_of_its_rows(tmp_path: Path) -> None:
    """Across batches, below a heading and rows that are none."""
    count = 2 * BATCH_ROWS + 10
    columns = {
        "enterprise_id": [f"E{n}" for n in range(count)],
        **{name: [ROW[name]] * count for name in ROW if name != "enterprise_id"},
    }
    layout = {"kind": "records", "first_data_row": BATCH_ROWS + 5}
    deliver(tmp_path / "data" / "long.parquet", packed(columns), {"layout": layout})
    land(tmp_path / "landed.duckdb", [tmp_path / "data"])
    with duckdb.connect(str(tmp_path / "landed.duckdb"), read_only=True) as connection:
        found = connection.execute(
            "select count(*), min(_row_number), max(_row_number), "
            "bool_and(_row_number = substr(enterprise_id, 2)::int + 2) "
            f"from raw.{ENERGY}"
        ).fetchall()
    assert found == [(BATCH_ROWS + 7, BATCH_ROWS + 5, count + 1, True)]


SOUND = listed({})
REFUSED: dict[str, tuple[bytes, dict[str, Any], str, str, str]] = {
    # name: bytes, what the sidecar says, rule, words of the message in English, in Chinese
    "empty.parquet": (b"", {}, "file_unreadable", "empty or damaged", "空文件或已损坏"),
    "text.parquet": (b"park_id,year\n", {}, "layout_mismatch", "no column", "缺少列"),
    "other.parquet": (b"PAR2" + SOUND[4:], {}, "file_unreadable", "damaged", "已损坏"),
    "cut.parquet": (SOUND[:-9], {}, "file_unreadable", "", "文件不是完整的 Parquet"),
    "middle.parquet": (
        *(SOUND[:4] + b"\xff" * 300 + SOUND[304:], {}),
        *("file_unreadable", "", "文件不是完整的 Parquet"),
    ),
    "stranger.parquet": (
        *(packed({**{name: [value] for name, value in ROW.items()}, "colour": ["red"]}), {}),
        *("column_unknown", "colour", "colour"),
    ),
    "short.parquet": (
        packed({name: [ROW[name]] for name in ROW if name != "unit"}),
        *({}, "layout_mismatch", "no column unit", "缺少列"),
    ),
    "no_columns.parquet": (packed({}), {}, "file_unreadable", "column", "文件不是完整的 Parquet"),
    "second_heading.parquet": (
        *(SOUND, {"layout": {"kind": "records", "header_rows": [1, 2]}}),
        *("layout_mismatch", "1 rows, the header is in 2", "表头在第 2 行"),
    ),
    "blocks.parquet": (
        *(SOUND, {"layout": {"kind": "records", "blocks": [{"first_data_row": 3}]}}),
        *("layout_mismatch", "has no blocks", "不能有 blocks"),
    ),
}


@pytest.fixture(scope="module")
def refused(tmp_path_factory: pytest.TempPathFactory) -> tuple[LandingReport, Path]:
    """All of them and sound ones, landed at once."""
    root = tmp_path_factory.mktemp("refused")
    for name, (data, said, *_) in REFUSED.items():
        deliver(root / "data" / name, data, said)
    rows: list[dict[str, Any]] = [{"enterprise_id": f"R{n}"} for n in range(4)]
    rows[1]["fuel_code"], rows[3]["consumption_quantity"] = "phlogiston", -1.0
    deliver(root / "data" / "rows [1]*.parquet", listed(*rows))
    deliver(root / "data" / "misnamed.csv", listed({"enterprise_id": "M"}))
    deliver(root / "data" / "no_rows.parquet", listed())
    (root / "data" / "alone.parquet").write_bytes(SOUND)
    return land(root / "landed.duckdb", [root / "data"]), root


@pytest.mark.parametrize("name", REFUSED)
def test_a_file_that_is_no_such_list_is_refused_in_both_languages(
    refused: tuple[LandingReport, Path], name: str
) -> None:
    _, root = refused
    data, _, rule, english, chinese = REFUSED[name]
    with duckdb.connect(str(root / "landed.duckdb"), read_only=True) as connection:
        rows = connection.execute(
            "select rule, row_number, raw_value, message, message_zh from quality.quarantine "
            "where file_name = ?",
            [name],
        ).fetchall()
    ((found, row, raw, message, message_zh),) = rows
    assert (found, row) == (rule, 1)
    if data.startswith(b"PAR1"):
        assert raw == f"{len(data)} bytes, sha256 {hashlib.sha256(data).hexdigest()}"
    assert english in message and chinese in message_zh


def test_only_the_rows_that_are_wrong_are_refused(refused: tuple[LandingReport, Path]) -> None:
    _, root = refused
    with duckdb.connect(str(root / "landed.duckdb"), read_only=True) as connection:
        bad = connection.execute(
            "select row_number, column_name, rule from quality.quarantine "
            "where file_name = 'rows [1]*.parquet' order by all"
        ).fetchall()
        good = connection.execute(
            "select _file_name, _row_number, enterprise_id, year, consumption_quantity "
            f"from raw.{ENERGY} order by all"
        ).fetchall()
    assert bad == [
        (3, "fuel_code", "code_unknown"),
        (5, "consumption_quantity", "value_negative"),
    ]
    assert good == [
        ("misnamed.csv", 2, "M", "2023", "10.5"),
        ("rows [1]*.parquet", 2, "R0", "2023", "10.5"),
        ("rows [1]*.parquet", 4, "R2", "2023", "10.5"),
    ]


def test_one_row_said_many_times_is_refused(tmp_path: Path) -> None:
    """Of equal rows Parquet holds one and how often: some kilobytes may be a billion rows."""
    times, path = 50_000, tmp_path / "x.parquet"
    with limits.changed(cells=100_000):
        path.write_bytes(packed({name: [ROW[name]] * times for name in ROW}))
        with pytest.raises(Unreadable) as refused:
            list(ParquetTable(path).batches())
        assert "file_cells_max" in refused.value.detail and "文件很小" in refused.value.detail_zh
        # As many rows that differ are no bomb.
        path.write_bytes(packed({name: [f"{ROW[name]}{n}" for n in range(times)] for name in ROW}))
        assert sum(batch.num_rows for batch in ParquetTable(path).batches()) == times


def test_a_file_without_a_sidecar_is_refused_and_described(
    refused: tuple[LandingReport, Path], tmp_path: Path
) -> None:
    """As a CSV is: known by its heading as a form, and landed by what `describe` writes."""
    report, _ = refused
    (said,) = [text for text in report.messages if text.startswith("alone.parquet ")]
    assert "no sidecar" in said
    path = tmp_path / "forms" / "alone.parquet"
    path.parent.mkdir()
    path.write_bytes(SOUND)
    fields = ("source_id", "publisher", "edition_year", "licence", "url_or_citation")
    answers = Answers(sidecar={name: SIDECAR[name] for name in fields})
    forms = [each for each in read_datasets().values() if each.name.startswith("park_returns_")]
    vocabulary = read_vocabulary()
    assert propose.form_of(path, forms, vocabulary, answers) == read_datasets()[ENERGY]
    proposal = propose.propose(path, read_datasets()[ENERGY], vocabulary, answers)
    propose.sidecar_path(path).write_text(propose.sidecar_text(proposal), encoding="utf-8")
    found = landing_check.check_files(Home(tmp_path / "home"), [path])
    assert (found.rows_accepted, found.messages) == (1, [])


def test_the_columns_of_a_new_list_are_guessed(tmp_path: Path) -> None:
    path = tmp_path / "new.parquet"
    path.write_bytes(packed({"园区": ["P1"], "用水量（立方米）": [2.5]}))
    assert new_columns.headings(path, 1) == [
        new_columns.Heading("园区"),
        new_columns.Heading("用水量（立方米）", is_number=True),
    ]
