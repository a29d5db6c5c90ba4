"""Files that are not read, what is hidden in those that are, and the sheets around a table."""

from __future__ import annotations

import io
from pathlib import Path

import openpyxl
import pytest
from landing_formats import deliver, describe, save, write
from landing_tables import Place, Table, enterprises, fuel_use

from orchestration.forms import templates
from orchestration.landing.land import land
from orchestration.landing.map.catalogue import read_datasets
from orchestration.landing.map.vocabulary import read_vocabulary
from orchestration.landing.write.report import LandingReport
from orchestration.proposing import propose
from orchestration.proposing.proposal import Answers, Proposal

OTHER_KINDS = {
    "report.pdf": b"%PDF-1.7 ...",
    "letter.docx": b"PK\x03\x04 word",
    "data.zip": b"PK\x03\x04 zip",
    "scan.png": b"\x89PNG",
    "table.dbf": b"\x03 old",
    "big.xlsb": b"PK\x03\x04 binary",
    "data.sav": b"$FL2",
}


def landed(root: Path, folder: Path) -> LandingReport:
    return land(folder / "check.duckdb", [root])


def by_name(report: LandingReport) -> dict[str, tuple[int, int, int]]:
    return {
        file.file_name: (file.rows_read, file.rows_accepted, file.rows_quarantined)
        for file in report.files
    }


def test_a_file_of_another_kind_is_one_line_of_the_log(tmp_path: Path) -> None:
    root = tmp_path / "data"
    deliver(root, "park/sound.csv", fuel_use(Place(3)))
    sound = by_name(landed(root, tmp_path))
    for name, content in OTHER_KINDS.items():
        save(root, f"park/{name}", content, None)
    save(root, "park/lone.yml", b"dataset: x", None)
    save(root, "park/README.md", b"# ours", None)
    (tmp_path / "check.duckdb").unlink()
    report = landed(root, tmp_path)
    found = by_name(report)
    assert found.pop("park/sound.csv") == sound["park/sound.csv"]
    assert found == {f"park/{name}": (1, 0, 1) for name in (*OTHER_KINDS, "lone.yml")}
    for name in OTHER_KINDS:
        (said,) = [text for text in report.messages if text.startswith(f"park/{name} ")]
        assert "not read" in said and "save it as .xlsx or .csv" in said
        assert any(text.startswith(f"park/{name} ") for text in report.messages_zh)
    assert any("a sidecar without the file" in text for text in report.messages)


def test_both_names_of_a_sidecar_belong_to_their_file(tmp_path: Path) -> None:
    root = tmp_path / "data"
    table = fuel_use(Place(3))
    data = write(table, "csv")
    save(root, "short.csv", data, describe(table, data, "short"))
    (root / "short.csv.yml").rename(root / "short.yml")
    assert list(by_name(landed(root, tmp_path))) == ["short.csv"]


def workbook(table: Table) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(write(table, "xlsx")))


def put(root: Path, name: str, table: Table, book: openpyxl.Workbook) -> None:
    content = io.BytesIO()
    book.save(content)
    save(root, name, content.getvalue(), describe(table, content.getvalue(), name))


def test_what_is_hidden_is_noted(tmp_path: Path) -> None:
    table = fuel_use(Place(3))
    book = workbook(table)
    book.active.row_dimensions[3].hidden = True
    book.active.column_dimensions["C"].hidden = True
    put(tmp_path / "data", "hidden.xlsx", table, book)
    put(tmp_path / "data", "open.xlsx", fuel_use(Place(5)), workbook(fuel_use(Place(5))))
    table = fuel_use(Place(6))
    book = workbook(table)
    book.active.row_dimensions[2].height = 0.1
    book.active.column_dimensions["B"].width = 0.1
    put(tmp_path / "data", "small.xlsx", table, book)
    report = landed(tmp_path / "data", tmp_path)
    assert report.rows_refused == 0
    assert [note.en for note in report.notes] == [
        "hidden.xlsx: Sheet1 hidden and read: row 3 and column C",
        "small.xlsx: Sheet1 hidden and read: row 2 and column B",
    ]
    assert report.notes[0].zh == "hidden.xlsx: Sheet1 已隐藏而照读：第 3 行、C 列"


def test_the_sheets_of_the_form_are_no_data(tmp_path: Path) -> None:
    name = "park_returns_enterprises"
    form = openpyxl.load_workbook(io.BytesIO(templates.xlsx_form(read_datasets()[name])))
    columns = [column.name for column in read_datasets()[name].columns]
    for row in enterprises(Place(3)).rows[1:]:
        cells = dict(zip(enterprises(Place(3)).rows[0], row, strict=True))
        form.worksheets[0].append([cells.get(column) for column in columns])
    table = enterprises(Place(3))
    table.layout = {"kind": "records"}
    put(tmp_path / "data", "form.xlsx", table, form)
    form.create_sheet("草稿").append(["x"])
    put(tmp_path / "data", "draft.xlsx", table, form)
    report = landed(tmp_path / "data", tmp_path)
    assert by_name(report)["form.xlsx"][2] in (0, 4)  # the other file has the same keys
    assert any("draft.xlsx 草稿" in text for text in report.messages)
    assert not any("说明" in text or "form.xlsx 代码" in text for text in report.messages)


def proposed(path: Path, dataset: str, **answers: str) -> Proposal:
    return propose.propose(path, read_datasets()[dataset], read_vocabulary(), Answers(**answers))


CITIES = [["城市", "2022年", "2023年"], ["南京市", 747.27, 803.2], ["无锡市", 917.98, 955.1]]


@pytest.mark.parametrize("cover", [["电力统计资料"], ["目录", "第1页", "3"]])
def test_a_cover_sheet_is_not_the_table(tmp_path: Path, cover: list[str]) -> None:
    book = openpyxl.Workbook()
    book.active.title = "封面"
    book.active.append(cover)
    sheet = book.create_sheet("数据")
    for row in CITIES:
        sheet.append(row)
    book.save(tmp_path / "cover.xlsx")
    unit = {"unit": "亿千瓦时"}
    found = proposed(tmp_path / "cover.xlsx", "jiangsu_yearbook_city_electricity", **unit)
    assert (found.layout["sheet"], found.matched) == ("数据", 4)
    assert found.layout["ignore_sheets"] == ["封面"]


@pytest.mark.parametrize(
    ("code", "years"), [('yyyy"年"', ["2022", "2023"]), ("yyyy", ["2022", "2023"])]
)
def test_dates_that_show_a_year_are_years(tmp_path: Path, code: str, years: list[str]) -> None:
    from datetime import date

    book = openpyxl.Workbook()
    for row in ([CITIES[0][0], date(2022, 1, 1), date(2023, 1, 1)], *CITIES[1:]):
        book.active.append(row)
    for cell in book.active[1][1:]:
        cell.number_format = code
    book.save(tmp_path / "dates.xlsx")
    unit = {"unit": "亿千瓦时"}
    found = proposed(tmp_path / "dates.xlsx", "jiangsu_yearbook_city_electricity", **unit)
    assert (found.years, found.matched) == (years, 4)


def test_days_across_are_asked_for(tmp_path: Path) -> None:
    text = "城市,2022-01-01,2023-01-01\n南京市,747.27,803.2\n无锡市,917.98,955.1\n"
    (tmp_path / "days.csv").write_text(text, encoding="utf-8")
    dataset, unit = "jiangsu_yearbook_city_electricity", "亿千瓦时"
    found = proposed(tmp_path / "days.csv", dataset, unit=unit)
    assert [(entry.concept, entry.printed) for entry in found.unknown] == [
        ("year", "2022-01-01"),
        ("year", "2023-01-01"),
    ]
    said = {"2022-01-01": "2022", "2023-01-01": "2023"}
    again = propose.propose(
        tmp_path / "days.csv",
        read_datasets()[dataset],
        read_vocabulary(),
        Answers(unit=unit, labels=said),
    )
    assert again.years == ["2022", "2023"]


def test_a_heading_with_a_word_too_many_is_not_moved_over_its_neighbour(tmp_path: Path) -> None:
    text = "城市 City 2022年 2023年\n南京市 747.27 803.20\n无锡市 917.98 955.10\n"
    (tmp_path / "blanks.txt").write_text(text, encoding="utf-8")
    with pytest.raises(Exception, match="no table found"):
        proposed(tmp_path / "blanks.txt", "jiangsu_yearbook_city_electricity", unit="亿千瓦时")
    (tmp_path / "blanks.txt").write_text(text.replace(" City", ""), encoding="utf-8")
    unit = {"unit": "亿千瓦时"}
    found = proposed(tmp_path / "blanks.txt", "jiangsu_yearbook_city_electricity", **unit)
    assert [cell.number_text for cell in found.preview] == ["747.27", "803.20", "917.98", "955.10"]
