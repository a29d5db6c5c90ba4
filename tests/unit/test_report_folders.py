"""A report is one folder: found, superseded whole, and told which file has which wrong row."""

from __future__ import annotations

import shutil
from pathlib import Path

import duckdb
import pytest

from orchestration.defs.publish import fingerprint
from orchestration.errors import GreenparkError
from orchestration.landing import folders, methods, reports, row_folders
from orchestration.landing.read.files import find_files
from orchestration.settings import PROJECT_ROOT

FIXTURE = PROJECT_ROOT / "tests" / "fixtures" / "reports"
SHIPPED = PROJECT_ROOT / "seeds"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of a report in a data folder."""
    shutil.copytree(FIXTURE, tmp_path, dirs_exist_ok=True)
    return tmp_path / "report" / "made_up_shanxi"


def replaced(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def faults(root: Path) -> str:
    with pytest.raises(GreenparkError) as caught:
        row_folders.check([root])
    return caught.value.message


def test_the_shipped_report_is_complete_and_so_is_another_beside_it(folder: Path) -> None:
    row_folders.check([])
    with duckdb.connect() as connection:
        methods.load(connection, [])
        reports.load(connection, [folder.parents[1]])
        found = connection.execute(
            "select report_id, region_code, method from reports.report_descriptions order by all"
        ).fetchall()
        assert found == [
            ("made_up_shanxi", "140000", "ceads"),
            ("report_2023", "320000", "report_2023"),
        ]
        for table in reports.TABLES:
            ids = connection.execute(
                f"select distinct report_id from reports.{table.name}"
            ).fetchall()
            assert ("report_2023",) in ids, table.name


def test_the_files_beside_the_figures_are_no_raw_files(folder: Path) -> None:
    names = [file.name for file in find_files([folder.parents[1]])]
    assert names == ["report/made_up_shanxi/figures.csv"]


def test_a_folder_takes_the_place_of_the_shipped_one_whole(tmp_path: Path) -> None:
    own = tmp_path / "report" / "report_2023"
    shutil.copytree(SHIPPED / "report" / "report_2023", own)
    (own / "gaps.csv").unlink()
    files = folders.find_files(reports.REPORTS, [tmp_path])
    assert {file.path.parent for file in files} == {own}
    with duckdb.connect() as connection:
        methods.load(connection, [])
        reports.load(connection, [tmp_path])
        assert connection.execute("select count(*) from reports.report_gaps").fetchone() == (0,)


@pytest.mark.parametrize(
    ("file", "old", "new", "told"),
    [
        ("metrics.csv", "F22-001,co2_t", "F22-009,co2_t", "figure_id F22-009 is not a figure"),
        ("metrics.csv", "F22-002,", "F22-001,", "figure_id F22-001 has two rows"),
        ("metrics.csv", ",value,", ",mean,", "operator mean is not one of value"),
        ("metrics.csv", ",none,", ",m9,", "method m9 is not a method with a folder"),
        ("metrics.csv", "indicator_id", "measure", "row 1: the columns are not figure_id"),
        ("words.csv", "indicator,", "unit,", "code_list unit is not one of indicator, entity"),
        ("words.csv", ",CO2 of energy", ",", 'is not what "能源二氧化碳排放量" is called'),
        ("report.csv", "140000", "149999", "region_code 149999 is not a region"),
        ("report.csv", "2020", "about 2020", "base_year is about 2020, no integer"),
        ("identities.csv", "1,F22-001", "1,F23-001", "term_figure_id F23-001 is not a figure"),
        ("figures.yml", "report_id: made", "report_id: un", "is not made_up_shanxi, the name"),
        ("figures.csv", "figure_id", "number", "there is no column figure_id"),
        (
            "figures.yml",
            "source_id: made_up",
            "source_id: other",
            "source_id made_up_shanxi is not that of",
        ),
    ],
)
def test_a_wrong_row_is_named(file: str, old: str, new: str, told: str, folder: Path) -> None:
    replaced(folder / file, old, new)
    message = faults(folder.parents[1])
    assert told in message
    assert f"{folder / file}" in message or file == "figures.yml"
    assert "报告不完整" in message


@pytest.mark.parametrize("file", ["report.csv", "metrics.csv", "figures.csv", "figures.yml"])
def test_a_missing_file_is_named(file: str, folder: Path) -> None:
    (folder / file).unlink()
    assert f"{folder / file} is missing" in faults(folder.parents[1])


def test_a_changed_row_is_another_input(folder: Path) -> None:
    root = folder.parents[1]
    before = fingerprint([root])
    replaced(folder / "gaps.csv", "not accounting", "no matter")
    assert fingerprint([root]) != before
