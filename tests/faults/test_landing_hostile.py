"""Files made to hurt: each is refused by name, in little time and memory; the rest lands."""

from __future__ import annotations

import contextlib
import io
import os
import resource
import socket
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pyarrow as pa
import pytest
from hypothesis import given, settings, strategies
from landing_formats import deliver, describe, save, write
from landing_tables import Place, enterprises, fuel_use
from pyarrow import parquet as pq

from orchestration.errors import GreenparkError
from orchestration.keeping import inputs
from orchestration.landing import row_folders
from orchestration.landing.land import land
from orchestration.landing.read import aside, limits, sidecar
from orchestration.landing.read.sheet import Sheet, Unreadable
from orchestration.landing.write.report import LandingReport
from orchestration.proposing import text_forms
from orchestration.serving import landing_check
from orchestration.settings import Home

SOUND = "park/sound.csv"
MOST = {"cells": 100_000, "memory_bytes": 1_000_000_000, "seconds": 5, "row_characters": 100_000}


def hostile(root: Path, name: str, content: bytes, **layout: object) -> None:
    """Put a file that looks like a table of fuels, with a sidecar that is right of it."""
    table = fuel_use(Place(3))
    table.layout |= layout
    save(root, f"park/{name}", content, describe(table, content, name))


def landed(root: Path, folder: Path) -> LandingReport:
    table = fuel_use(Place(3))
    table.edition = 2020
    deliver(root, SOUND, table)
    with limits.changed(**MOST):
        report = land(folder / "landed.duckdb", [root])
    sound = next(file for file in report.files if file.file_name == SOUND)
    assert sound.rows_accepted > 0 and sound.rows_quarantined == 0, report.messages
    return report


def said_of(report: LandingReport, name: str) -> str:
    (english,) = [text for text in report.messages if text.startswith(f"{name} ")]
    (chinese,) = [text for text in report.messages_zh if text.startswith(f"{name} ")]
    assert english != chinese
    return english


def far_cell() -> bytes:
    book = openpyxl.Workbook()
    book.active["A1"], book.active["XFD1048576"] = "地区", 1
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def far_cell_untold() -> bytes:
    """The same, in a way that the extents do not show: only the limit of memory is left."""
    content = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(far_cell())) as book, zipfile.ZipFile(content, "w") as other:
        for name in book.namelist():
            text = book.read(name).replace(b'r="XFD1048576"', b"r='XFD1048576'")
            other.writestr(name, text)
    return content.getvalue()


def bomb(name: str, times: int) -> Callable[[], bytes]:
    """A workbook that unpacks to a part of blanks."""

    def make() -> bytes:
        content = io.BytesIO()
        with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as book:
            book.writestr(name, b" " * times)
        return content.getvalue()

    return make


def spans() -> bytes:
    cell = "<td rowspan=1000 colspan=1000>1</td>"
    return f"<table>{f'<tr>{cell * 8}</tr>' * 40}</table>".encode()


def repeated() -> bytes:
    row = (
        '<table:table-row table:number-rows-repeated="900000">'
        '<table:table-cell table:number-columns-repeated="9000"><text:p>1</text:p>'
        "</table:table-cell></table:table-row>"
    )
    office = "urn:oasis:names:tc:opendocument:xmlns"
    document = (
        f'<o:document-content xmlns:o="{office}:office:1.0" xmlns:table="{office}:table:1.0" '
        f'xmlns:text="{office}:text:1.0"><o:body><o:spreadsheet><table:table table:name="1">{row}'
        "</table:table></o:spreadsheet></o:body></o:document-content>"
    )
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as book:
        book.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        book.writestr("content.xml", document)
    return content.getvalue()


def excel_2003() -> bytes:
    space = "urn:schemas-microsoft-com:office:spreadsheet"
    return (
        f'<?xml version="1.0"?><Workbook xmlns="{space}" xmlns:ss="{space}">'
        '<Worksheet ss:Name="1"><Table><Row ss:Index="900000000"><Cell><Data ss:Type="Number">1'
        "</Data></Cell></Row></Table></Worksheet></Workbook>"
    ).encode()


def quadratic_json() -> bytes:
    return ("[" + ",".join(f'{{"k{n}": 1}}' for n in range(4000)) + "]").encode()


def deep_json() -> bytes:
    return b"[" * 200_000 + b"]" * 200_000


def parquet(text: str, rows: int) -> Callable[[], bytes]:
    """A few kilobytes that say a long text once and mean it in every row."""

    def make() -> bytes:
        content = io.BytesIO()
        column = pa.DictionaryArray.from_arrays(pa.array([0] * rows, pa.int32()), [text])
        names = fuel_use(Place(3)).rows[0]
        pq.write_table(pa.table([column] * len(names), names), content, compression="zstd")
        assert content.tell() < 10_000
        return content.getvalue()

    return make


STREAMED = {
    "long_row.parquet": parquet("x" * 400_000, 3),
    "dictionary.parquet": parquet("x" * 10_000, 100_000),
    "cut.parquet": lambda: parquet("x", 3)()[:-20],
    "head_alone.parquet": lambda: b"PAR1",
    "no_columns.parquet": lambda: b"PAR1" + b"\0" * 400 + b"PAR1",
}
WHOLE = {
    "far.xlsx": far_cell,
    "far_untold.xlsx": far_cell_untold,
    "bomb.xlsx": bomb("xl/workbook.xml", 2_000_000_000),
    "spans.html": spans,
    "repeated.ods": repeated,
    "index.xml": excel_2003,
    "quadratic.json": quadratic_json,
    "deep.json": deep_json,
    "cut.xlsx": lambda: far_cell()[:900],
}
TEXTS = {
    "long_line.csv": lambda: b"x" * 400_000,
    "long_row.csv": lambda: b'"1\n",' * 100_000,
    "blanks.csv": lambda: b" " * 400_000,
    "blanks.xls": lambda: b" " * 400_000,
    "nothing.csv": lambda: b"\0" * 1000,
}


def test_a_file_that_would_take_too_much_is_refused_by_name(tmp_path: Path) -> None:
    for name, make in (WHOLE | TEXTS | STREAMED).items():
        hostile(tmp_path / "data", name, make())
    start, before = time.process_time(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    report = landed(tmp_path / "data", tmp_path)
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown < 400_000, "KiB of this process, whatever its files ask for"
    assert time.process_time() - start < 30
    for name in WHOLE | TEXTS | STREAMED:
        file = next(file for file in report.files if file.file_name == f"park/{name}")
        assert (file.rows_accepted, file.rows_read) == (0, file.rows_quarantined), name
        assert said_of(report, f"park/{name}")
    far = said_of(report, "park/far.xlsx")
    assert "1,048,576 rows of 16,384 cells, to XFD1048576" in far
    assert "the limit is 100,000" in far and "raise file_cells_max in seeds/reference/" in far
    assert "raise file_memory_bytes_max" in said_of(report, "park/far_untold.xlsx")
    assert "raise file_row_characters_max" in said_of(report, "park/long_line.csv")
    assert "raise file_row_characters_max" in said_of(report, "park/long_row.csv")
    assert "raise file_memory_bytes_max" in said_of(report, "park/long_row.parquet")


def test_a_file_that_takes_too_long_is_refused_and_the_next_one_read(tmp_path: Path) -> None:
    (tmp_path / "long.json").write_bytes(b"[" + b"[1]," * 6_000_000 + b"[1]]")
    (tmp_path / "short.json").write_bytes(b"[[1]]")
    keys = {"json_rows": None, "json_columns": None}
    with limits.changed(seconds=0), pytest.raises(Unreadable, match="raise file_seconds_max"):
        aside.read(tmp_path / "long.json", "json", "utf-8", keys)
    (sheet,) = aside.read(tmp_path / "short.json", "json", "utf-8", keys)
    assert list(sheet.rows) == [["1"]]


def test_a_sheet_that_merges_in_every_row_is_read_in_bounded_time() -> None:
    """Each label looked through all ranges before: 40 thousand million looks."""
    rows = 200_000
    places = [(row, column, row, column + 1) for row in range(1, rows + 1) for column in (1, 4)]
    sheet = Sheet("a", iter([]), merged=[(1, 9, rows, 9), *reversed(places)])
    start = time.process_time()
    for row in range(1, rows + 1):
        assert sheet.origin(row, 5) == (row, 4) and sheet.origin(row, 3) == (row, 3)
        assert sheet.origin(row, 9) == (1, 9)
    assert time.process_time() - start < 20


@settings(max_examples=200, deadline=None)
@given(strategies.data())
def test_a_cell_lies_in_the_range_that_covers_it(data: strategies.DataObject) -> None:
    """Whatever the order of ranges and cells: as by looking through all of them."""
    whole = {}
    ranges = []
    corner = strategies.integers(1, 12)
    for _ in range(data.draw(strategies.integers(0, 12))):
        (top, bottom), (left, right) = (
            sorted((data.draw(corner), data.draw(corner))) for _ in "ab"
        )
        cells = [(row, c) for row in range(top, bottom + 1) for c in range(left, right + 1)]
        if not whole.keys() & set(cells):
            ranges.append((top, left, bottom, right))
            whole |= dict.fromkeys(cells, (top, left))
    sheet = Sheet("a", iter([]), merged=data.draw(strategies.permutations(ranges)))
    for _ in range(30):
        cell = data.draw(corner), data.draw(corner)
        assert sheet.origin(*cell) == whole.get(cell, cell)


def test_describe_parses_json_within_the_limits_of_files(tmp_path: Path) -> None:
    path = tmp_path / "wide.json"
    path.write_bytes(b"[" + b"[1]," * 3_000_000 + b"[1]]")
    with limits.changed(memory_bytes=300_000_000, seconds=20):
        with pytest.raises(Unreadable, match="more memory"):
            aside.ask(path, "utf-8", text_forms.json_places)
        path.write_bytes(b"[" * 100_000)
        with pytest.raises(Unreadable, match="not whole JSON"):
            aside.ask(path, "utf-8", text_forms.json_places)
        path.write_bytes(b'{"unit": "t", "rows": [{"a": 1}, {"a": 2}]}')
        assert aside.ask(path, "utf-8", text_forms.json_places) == [{"json_rows": "/rows"}, "t"]


def test_the_quarantine_keeps_an_excerpt(tmp_path: Path) -> None:
    import duckdb

    content = b"x" * 3_000_000 + b"\n" + b"y\n" * 50
    save(tmp_path / "data", "park/line.csv", content, "dataset: ?")
    with limits.changed(excerpt_lines=20):
        report = landed(tmp_path / "data", tmp_path)
    line = next(file for file in report.files if file.file_name == "park/line.csv")
    assert line.rows_read == line.rows_quarantined == 21
    with duckdb.connect(str(tmp_path / "landed.duckdb")) as connection:
        rows = connection.execute(
            "select raw_value from quality.quarantine where file_name = 'park/line.csv' "
            "order by row_number"
        ).fetchall()
    assert rows[0] == ("x" * 1000 + "…",)
    assert rows[1] == ("y",)
    assert rows[20][0].startswith("… from line 21 on; 3000101 bytes in all, sha256 ")


BAD_SIDECARS = {
    "no_delimiter": lambda said: said["layout"].update(delimiter=""),
    "two_delimiters": lambda said: said["layout"].update(delimiter=",;"),
    "far_year": lambda said: said.update(edition_year=10**30),
    "digits": lambda said: said.update(edition_year=int("9" * 4000)),
    "next_year_but_one": lambda said: said.update(edition_year=time.localtime().tm_year + 2),
    "old_year": lambda said: said.update(edition_year=200),
    "far_row": lambda said: said["layout"].update(header_rows=[10**30], first_data_row=None),
    "list_for_a_key": lambda said: said.update(dataset=["a"]),
}
BAD_YAML = {
    "deep": "a: " + "[" * 5000 + "]" * 5000,
    "deep_list": "- " * 3000 + "a",
    "laughs": "a0: &a0 [x, x]\n"
    + "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 12)),
    "not_utf_8": "\udcff\udcfe: 1",
    "key_is_a_list": "? [a, b]\n: 1",
    "long_number": "edition_year: " + "9" * 5000,
    "tag": "!!python/object/apply:os.system [echo]",
    "empty": "",
    "scalar": "just words",
}


def test_a_bad_sidecar_refuses_its_file_alone_by_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sidecar, "editions", lambda: (1981, time.localtime().tm_year + 1))
    root = tmp_path / "data"
    for name, spoil in BAD_SIDECARS.items():
        table = fuel_use(Place(3))
        content = "\n".join(",".join(map(str, row)) for row in table.rows).encode()
        said = describe(table, content, name) | {"edition_year": 2020}
        spoil(said)
        save(root, f"park/{name}.csv", content, said)
    for name, text in BAD_YAML.items():
        save(root, f"park/{name}.csv", b"a,b\n1,2\n", None)
        (root / f"park/{name}.csv.yml").write_bytes(text.encode("utf-8", "surrogateescape"))
    (root / "park/folder.csv").write_text("a,b\n")
    (root / "park/folder.csv.yml").mkdir()
    (root / "park/is_folder.csv").mkdir()
    (root / "park/is_folder.csv.yml").write_text("dataset: x")
    strange = os.fsencode(root / "park") + b"/\xff\xfe.csv"
    with open(strange, "wb") as handle:
        handle.write(b"a,b\n")
    start = time.process_time()
    report = landed(root, tmp_path)
    assert time.process_time() - start < 20
    for name in [*BAD_SIDECARS, *BAD_YAML, "folder"]:
        assert "the sidecar is not valid" in said_of(report, f"park/{name}.csv"), name
    assert "the delimiter is not one sign" in said_of(report, "park/no_delimiter.csv")
    assert "no year from 1981 to" in said_of(report, "park/far_year.csv")
    assert "less than or equal to 1000000000" in said_of(report, "park/far_row.csv")
    assert "20 lists and mappings" in said_of(report, "park/deep.csv")
    assert "a sidecar without the file" in said_of(report, "park/is_folder.csv.yml")
    assert "not UTF-8: rename it" in said_of(report, "park/\\xff\\xfe.csv")


def test_an_error_nobody_foresaw_is_that_of_its_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from orchestration.landing.write import stage

    as_ever = stage.read_records

    def read(content, dataset):
        yield from as_ever(content, dataset)
        raise ZeroDivisionError("a fault of ours")

    monkeypatch.setattr(stage, "read_records", read)
    deliver(tmp_path / "data", "park/list.csv", enterprises(Place(3)))
    report = landed(tmp_path / "data", tmp_path)
    said = said_of(report, "park/list.csv")
    assert "ZeroDivisionError: a fault of ours" in said
    file = next(file for file in report.files if file.file_name == "park/list.csv")
    assert (file.rows_accepted, file.rows_read) == (0, file.rows_quarantined)


SECRET = "nobody outside may read this"


def linked(folder: Path) -> Path:
    """A data folder with every kind of what only seems to be a file of it."""
    outside, root = folder / "outside", folder / "data"
    outside.mkdir()
    (root / "park").mkdir(parents=True)
    table = fuel_use(Place(5))
    content = write(table, "csv")
    (outside / "secret.csv").write_text(f"{SECRET},1\n2,3\n")
    (outside / "sidecar.yml").write_text(f"{SECRET}: 1\n")
    park = root / "park"
    (park / "file.csv").symlink_to(outside / "secret.csv")
    save(root, "park/alias.csv", content, None)
    (park / "alias.csv.yml").symlink_to(outside / "sidecar.yml")
    (park / "folder").symlink_to(outside)
    (park / "up.csv").symlink_to("../../outside/secret.csv")
    (park / "nowhere.csv").symlink_to(outside / "absent.csv")
    (park / "loop.csv").symlink_to("loop.csv")
    (park / "zero.csv").symlink_to("/dev/zero")
    (park / "secret.yml").symlink_to(outside / "secret.csv")
    os.mkfifo(park / "pipe.csv")
    with socket.socket(socket.AF_UNIX) as bound, contextlib.chdir(park):
        bound.bind("socket.csv")
    # A link to a file of the folder is that file.
    save(root, "park/inside.csv", content, describe(table, content, "inside"))
    (root / "again").mkdir()
    (root / "again/linked.csv").symlink_to("../park/inside.csv")
    (root / "again/linked.csv.yml").symlink_to("../park/inside.csv.yml")
    return root


OUTSIDE = {
    "park/file.csv": "a link to {outside}/secret.csv",
    "park/folder": "a link to {outside}",
    "park/up.csv": "a link to ../../outside/secret.csv",
    "park/nowhere.csv": "a link to {outside}/absent.csv",
    "park/loop.csv": "a link to loop.csv",
    "park/zero.csv": "a link to /dev/zero",
    "park/secret.yml": "a link to {outside}/secret.csv",
    "park/pipe.csv": "a pipe, a socket or a device",
    "park/socket.csv": "a pipe, a socket or a device",
}


def test_nothing_outside_the_data_folder_is_read(tmp_path: Path) -> None:
    root = linked(tmp_path)
    report = landed(root, tmp_path)
    for name, said in OUTSIDE.items():
        told = said_of(report, name)
        assert "no file of the data folder" in told and "--data" in told
        assert said.format(outside=tmp_path / "outside") in told, name
    assert "alias.csv.yml is a link to" in said_of(report, "park/alias.csv")
    files = {file.file_name: file for file in report.files}
    assert files.keys() == {
        *OUTSIDE,
        "park/alias.csv",
        "park/inside.csv",
        "again/linked.csv",
        SOUND,
    }
    same = files["park/inside.csv"], files["again/linked.csv"]
    assert len({file.sha256 for file in same}) == 1
    assert sum(file.rows_accepted for file in same) > 0
    assert not any(SECRET in text for text in report.messages)
    assert SECRET.encode() not in (tmp_path / "landed.duckdb").read_bytes()
    assert inputs.whole_key([root], {}) == inputs.whole_key([root], {})  # and it ends


@pytest.mark.parametrize(
    "place",
    ["corrections.csv", "methods", "methods/own", "methods/own/method.csv", "report/r/x.csv"],
)
def test_rows_of_the_data_folder_are_no_links_either(tmp_path: Path, place: str) -> None:
    outside = tmp_path / "outside"
    outside.write_text(SECRET)
    link = tmp_path / "data" / place
    link.parent.mkdir(parents=True)
    link.symlink_to(outside)
    (tmp_path / "data/a.csv").write_text("a")
    with pytest.raises(GreenparkError, match="is a link to .*: it is not read") as refusal:
        land(tmp_path / "landed.duckdb", [tmp_path / "data"])
    assert str(link) in str(refusal.value) and SECRET not in str(refusal.value)
    with pytest.raises(GreenparkError, match="is a link to"):
        row_folders.check([tmp_path / "data"])


def test_what_the_refusal_of_a_link_says_to_do_heals(tmp_path: Path) -> None:
    """Copy the file itself into the folder; or name the folder where it lies."""
    table = fuel_use(Place(5))
    table.edition = 2020
    deliver(tmp_path / "far", "park/real.csv", table)
    (tmp_path / "data/park").mkdir(parents=True)
    for suffix in ("", ".yml"):
        link = tmp_path / f"data/park/real.csv{suffix}"
        link.symlink_to(tmp_path / f"far/park/real.csv{suffix}")
    refused = land(tmp_path / "0.duckdb", [tmp_path / "data"])
    assert (refused.rows_accepted, refused.rows_refused) == (0, 1)
    named = land(tmp_path / "1.duckdb", [tmp_path / "data", tmp_path / "far"])
    assert named.rows_accepted > 0 and named.rows_refused == 0
    for suffix in ("", ".yml"):
        path = tmp_path / f"data/park/real.csv{suffix}"
        content = path.read_bytes()
        path.unlink()
        path.write_bytes(content)
    copied = land(tmp_path / "2.duckdb", [tmp_path / "data"])
    assert (copied.rows_accepted, copied.rows_refused) == (named.rows_accepted, 0)


def test_a_file_that_is_named_is_read_wherever_it_lies(tmp_path: Path) -> None:
    """`greenpark check FILE`: who names a file has it read, also by a link of his own."""
    table = fuel_use(Place(5))
    table.edition = 2020
    deliver(tmp_path / "far", "park/real.csv", table)
    for suffix in ("", ".yml"):
        (tmp_path / f"mine.csv{suffix}").symlink_to(tmp_path / f"far/park/real.csv{suffix}")
    report = landing_check.check_files(Home.resolve(tmp_path / "home"), [tmp_path / "mine.csv"])
    assert [(file.rows_accepted > 0, file.rows_quarantined) for file in report.files] == [(True, 0)]
