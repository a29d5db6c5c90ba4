"""Return forms: read back by two libraries, they say what the catalogue says."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner, Result
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet
from python_calamine import CalamineWorkbook

from orchestration import cli
from orchestration.errors import GreenparkError
from orchestration.forms import templates
from orchestration.landing.map.catalogue import Column, read_datasets

FORMS = templates.forms()
ENERGY = "park_returns_enterprise_energy"


def workbook(name: str) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(templates.xlsx_form(FORMS[name])))


def validations(sheet: Worksheet) -> dict[str, DataValidation]:
    """By the letter of the column it reaches over, from the first row to fill in to the last."""
    found = {}
    for validation in sheet.data_validations.dataValidation:
        (area,) = validation.sqref.ranges
        assert (area.min_row, area.max_row) == (2, templates.LAST_ROW)
        assert area.min_col == area.max_col
        found[openpyxl.utils.get_column_letter(area.min_col)] = validation
    return found


def validation_of(book: openpyxl.Workbook, dataset: str, column: str) -> DataValidation | None:
    position = [c.name for c in FORMS[dataset].columns].index(column) + 1
    letter = openpyxl.utils.get_column_letter(position)
    return validations(book[templates.FORM_SHEET]).get(letter)


def run(*arguments: object) -> Result:
    return CliRunner().invoke(cli.main, ["template", *map(str, arguments)])


def test_every_records_dataset_has_a_form() -> None:
    records = {n for n, dataset in read_datasets().items() if dataset.kind == "records"}
    assert set(FORMS) == records
    assert {"park_returns_parks", "park_returns_enterprises", ENERGY} <= set(FORMS)


@pytest.mark.parametrize("name", sorted(FORMS))
def test_the_csv_is_one_bilingual_header(name: str) -> None:
    content = templates.csv_form(FORMS[name])
    assert content.startswith(b"\xef\xbb\xbf")
    (header,) = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""))
    assert header == [f"{c.label_zh} {c.label_en}" for c in FORMS[name].columns]


@pytest.mark.parametrize("name", sorted(FORMS))
def test_both_libraries_read_the_headings(name: str) -> None:
    expected = [f"{c.label_zh}\n{c.label_en}" for c in FORMS[name].columns]
    sheets = [templates.FORM_SHEET, templates.GUIDE_SHEET, templates.CODE_SHEET]
    content = templates.xlsx_form(FORMS[name])

    book = openpyxl.load_workbook(io.BytesIO(content))
    assert book.sheetnames == sheets
    assert {sheet.sheet_state for sheet in book} == {"visible"}
    form = book[templates.FORM_SHEET]
    assert form.freeze_panes == "A2"
    assert [[cell.value for cell in row] for row in form.iter_rows()] == [expected]

    other = CalamineWorkbook.from_filelike(io.BytesIO(content))
    assert other.sheet_names == sheets
    assert other.get_sheet_by_name(templates.FORM_SHEET).to_python() == [expected]


@pytest.mark.parametrize("name", sorted(FORMS))
def test_headings_say_what_is_required_and_meant(name: str) -> None:
    form = workbook(name)[templates.FORM_SHEET]
    for cell, column in zip(form[1], FORMS[name].columns, strict=True):
        is_marked = cell.fill.fgColor.rgb[-6:] == templates.REQUIRED_FILL.fgColor.rgb[-6:]
        assert is_marked == column.is_required, column.name
        for part in (column.name, column.unit, templates.TYPE_LABELS[column.type]):
            assert part in cell.comment.text, column.name
        keeps_text = form.column_dimensions[cell.column_letter].number_format == "@"
        assert keeps_text == (column.type in ("text", "boolean", "date")), column.name


@pytest.mark.parametrize("name", sorted(FORMS))
def test_every_list_column_offers_the_codes_of_its_list(name: str) -> None:
    book = workbook(name)
    codes, found = book[templates.CODE_SHEET], validations(book[templates.FORM_SHEET])
    for cell, column in zip(book[templates.FORM_SHEET][1], FORMS[name].columns, strict=True):
        validation = found.get(cell.column_letter)
        if column.code_list:
            sheet, area = validation.formula1.split("!")
            assert (validation.type, sheet) == ("list", f"'{templates.CODE_SHEET}'")
            offered = [row[0].value for row in codes[area.replace("$", "")]]
            entries = templates.code_entries(column.code_list)
            assert offered == [entry.code for entry in entries]
            assert offered and all(isinstance(code, str) for code in offered)
        elif column.type in ("text", "date"):
            assert validation is None, column.name
        else:
            assert validation.type == ("decimal" if column.type == "number" else "whole")


def test_numbers_are_bounded_as_the_catalogue_says() -> None:
    book = workbook(ENERGY)
    use = validation_of(book, ENERGY, "consumption_quantity")
    assert (use.type, use.operator, use.formula1) == ("decimal", "greaterThanOrEqual", "0")
    year = validation_of(book, ENERGY, "year")
    assert (year.type, year.operator) == ("whole", "between")
    assert (year.formula1, year.formula2) == ("1900", "2099")
    month = validation_of(book, ENERGY, "month")
    assert (month.type, month.formula1, month.formula2) == ("whole", "1", "12")
    assert validation_of(book, ENERGY, "enterprise_id") is None

    exchange = "park_returns_energy_exchange"
    share = validation_of(workbook(exchange), exchange, "renewable_share")
    assert (share.operator, share.formula1, share.formula2) == ("between", "0", "1")

    facts = "park_returns_park_facts"
    growth = validation_of(workbook(facts), facts, "gdp_real_growth_rate")
    assert growth.type == "decimal"
    assert float(growth.formula1) < -1  # a fall is an answer too
    people = validation_of(workbook(facts), facts, "employees")
    assert (people.type, people.operator, people.formula1) == ("whole", "greaterThanOrEqual", "0")


def test_a_maximum_alone_bounds_a_signed_number() -> None:
    column = Column("x", "甲", "X", "number", "1", False, False, "", False, "share_max")
    validation = templates._validation(column, {})
    assert (validation.operator, validation.formula2) == ("between", "1")
    assert float(validation.formula1) < -1
    assert "≤ 1" in validation.error


def test_lists_keep_leading_zeros_and_leave_out_aggregates() -> None:
    industries = [entry.code for entry in templates.code_entries("industries")]
    assert "06" in industries and "TOT" not in industries
    fuels = [entry.code for entry in templates.code_entries("fuels")]
    assert "raw_coal" in fuels and "coal_total" not in fuels
    units = {entry.code: entry for entry in templates.code_entries("unit_labels")}
    assert "万立方米" in units and "万元" not in units
    assert units["万吨"].label_en == "10000 t"

    content = templates.xlsx_form(FORMS["park_returns_enterprises"])
    rows = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_name(
        templates.CODE_SHEET
    )
    assert ["industries", "06", "煤炭开采和洗选业"] in [row[:3] for row in rows.to_python()]


@pytest.mark.parametrize("name", sorted(FORMS))
def test_the_guide_explains_every_column(name: str) -> None:
    guide = workbook(name)[templates.GUIDE_SHEET]
    rows = [[cell.value for cell in row] for row in guide.iter_rows()]
    header = next(n for n, row in enumerate(rows) if row[0] == "列名 Column")
    explained = rows[header + 1 :]
    assert [row[:3] for row in explained] == [
        [c.name, c.label_zh, c.label_en] for c in FORMS[name].columns
    ]
    assert all(row[3] and row[4] and row[5] for row in explained)
    assert [row[7] == templates.YES for row in explained] == [
        c.is_required for c in FORMS[name].columns
    ]
    assert [row[8] == templates.YES for row in explained] == [c.is_key for c in FORMS[name].columns]


def test_the_same_catalogue_gives_the_same_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    first = templates.xlsx_form(FORMS[ENERGY])
    monkeypatch.setattr("time.time", lambda: 2_000_000_000.0)
    monkeypatch.setattr("time.localtime", lambda *_: (2033, 5, 18, 0, 0, 0, 0, 1, 0))
    assert templates.xlsx_form(FORMS[ENERGY]) == first


@pytest.mark.parametrize("name", ["=1+1", "+cmd|' /C calc'!A0", "@SUM(A1)", "-2+3"])
def test_what_looks_like_a_formula_is_handed_out_as_text(name: str) -> None:
    """A form with what is held already goes to others than who returned it."""
    dataset = read_datasets()["park_returns_enterprises"]
    filling = templates.Filling([{"park_id": "P1", "enterprise_id": "E1", "name_zh": name}])
    rows = list(csv.reader(io.StringIO(templates.csv_form(dataset, filling).decode("utf-8-sig"))))
    assert rows[1][:3] == ["P1", "E1", f"'{name}"]
    book = openpyxl.load_workbook(io.BytesIO(templates.xlsx_form(dataset, filling)))
    cell = book.worksheets[0].cell(2, 3)
    assert (cell.value, cell.data_type) == (name, "s")


def test_a_matrix_has_no_form() -> None:
    with pytest.raises(GreenparkError, match="no form for a dataset china_yearbook_gdp"):
        templates.form_of("china_yearbook_gdp")  # it is keyed as printed


# --- the command ---------------------------------------------------------------------------------


def test_without_a_dataset_the_forms_are_listed() -> None:
    done = run()
    assert done.exit_code == 0
    assert all(name in done.stdout and form.label_zh in done.stdout for name, form in FORMS.items())


def test_the_forms_are_written_and_never_overwritten_unasked(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "forms"
    done = run(ENERGY, "--output", folder)
    assert done.exit_code == 0
    paths = [folder / f"{ENERGY}.csv", folder / f"{ENERGY}.xlsx"]
    assert done.stdout.split() == [str(path) for path in paths]

    paths[0].unlink()
    paths[1].write_text("filled in")
    refused = run(ENERGY, "--output", folder)
    assert refused.exit_code == 1
    assert f"{paths[1]} is there already" in refused.stderr
    assert "--force" in refused.stderr
    assert not paths[0].exists()
    assert paths[1].read_text() == "filled in"

    assert run(ENERGY, "--output", folder, "--force").exit_code == 0
    assert paths[1].read_bytes() == templates.xlsx_form(FORMS[ENERGY])


def test_an_unknown_dataset_is_answered_with_the_known() -> None:
    done = run("park_returns_park")
    assert done.exit_code == 1
    assert done.stdout == ""
    assert all(name in done.stderr for name in FORMS)


def test_a_folder_that_cannot_be_made_is_an_error_with_a_remedy(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    done = run(ENERGY, "--output", tmp_path / "file" / "below")
    assert done.exit_code == 1
    assert "What to do: " in done.stderr
