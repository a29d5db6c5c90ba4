"""A proposal loses nothing and takes nothing for something else; see proposal_cases.py."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import duckdb
import openpyxl
import pytest
from proposal_cases import CASES, Cell, Proposed, Rows

from orchestration.landing.land import land
from orchestration.landing.map.catalogue import read_datasets
from orchestration.landing.map.vocabulary import Vocabulary, read_vocabulary
from orchestration.proposing import propose
from orchestration.proposing.proposal import Answers, Proposal

DATASETS = read_datasets()
SOURCE = {
    "source_id": "x1", "publisher": "统计局", "edition_year": 2025, "licence": "none",
    "url_or_citation": "yearbook", "title_zh": "表", "title_en": "Table",
}  # fmt: skip


@pytest.fixture(scope="module")
def vocabulary() -> Vocabulary:
    return read_vocabulary()


def write(folder: Path, case: Proposed, rows: Rows) -> Path:
    folder.mkdir()
    path = folder / f"table.{case.kind}"
    if case.kind == "xlsx":
        book = openpyxl.Workbook()
        for row in rows:
            book.active.append([_typed(text) for text in row])
        book.save(path)
    else:
        sink = io.StringIO()
        csv.writer(sink).writerows(rows)
        path.write_text(sink.getvalue(), encoding="utf-8")
    return path


def _typed(text: str) -> str | float | None:
    try:
        return float(text)
    except ValueError:
        return text or None


def proposed(path: Path, case: Proposed, vocabulary: Vocabulary) -> Proposal:
    answers = Answers(sidecar=dict(SOURCE), **case.answers)
    return propose.propose(path, DATASETS[case.dataset], vocabulary, answers)


def landed(path: Path, proposal: Proposal) -> tuple[set[Cell], dict[Cell, str]]:
    """What became of each value: the cells accepted, those refused with their rule."""
    path.with_name(path.name + ".yml").write_text(propose.sidecar_text(proposal), encoding="utf-8")
    database = path.with_name("x.duckdb")
    report = land(database, [path.parent])
    assert all(f.rows_read == f.rows_accepted + f.rows_quarantined for f in report.files)
    with duckdb.connect(str(database), read_only=True) as connection:
        accepted = connection.execute(
            f"select _row_number, _column_number from raw.{proposal.dataset.name} "
            "where value_text <> ''"
        ).fetchall()
        refused = connection.execute(
            "select row_number, column_number, rule from quality.quarantine"
        ).fetchall()
    return set(accepted), {(row, column): rule for row, column, rule in refused}


def left_out(proposal: Proposal, cells: set[Cell]) -> set[Cell]:
    """The cells that the proposal names as not read."""
    places = {(entry.kind, entry.number) for entry in proposal.unread}
    return {(r, c) for r, c in cells if {("row", r), ("column", c)} & places}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_the_sound_table_is_read_whole_without_a_question(
    case: Proposed, tmp_path: Path, vocabulary: Vocabulary
) -> None:
    if any(rule == "unit_mismatch" for rule in case.refused.values()):
        return  # the same table: its unit is the disturbance
    path = write(tmp_path / "sound", case, case.sound)
    proposal = proposed(path, case, vocabulary)
    assert [entry.name for entry in proposal.missing] == []
    assert proposal.unread == [] and proposal.faults == {} and proposal.unknown == []
    accepted, refused = landed(path, proposal)
    assert refused == {}
    assert len(accepted) == proposal.cells == proposal.matched > 0


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_every_printed_cell_gets_its_verdict(
    case: Proposed, tmp_path: Path, vocabulary: Vocabulary
) -> None:
    path = write(tmp_path / "disturbed", case, case.disturbed)
    proposal = proposed(path, case, vocabulary)
    assert tuple(entry.name for entry in proposal.missing) == case.asked
    # What is asked for is not suggested by what the caption contradicts.
    assert [entry.suggestion for entry in proposal.missing] == [""] * len(case.asked)
    if case.asked:
        return
    rows, columns = case.values
    values = {(row, column) for row in rows for column in columns}
    accepted, refused = landed(path, proposal)
    assert refused == case.refused
    assert left_out(proposal, values) == case.left_out
    assert accepted == values - set(case.refused) - case.left_out


def test_what_is_left_out_is_named_with_its_cells(tmp_path: Path, vocabulary: Vocabulary) -> None:
    case = next(case for case in CASES if case.id == "column_of_growth_left_out_on_request")
    path = write(tmp_path / "named", case, case.disturbed)
    (entry,) = proposed(path, case, vocabulary).unread
    assert (entry.kind, entry.number, entry.name, entry.cells) == ("column", 4, "比上年增长(%)", 3)


def test_a_year_of_which_nothing_is_left_is_named(tmp_path: Path, vocabulary: Vocabulary) -> None:
    case = Proposed(
        "", "jiangsu_yearbook_industrial_fuel_use", [],
        [["能源品种", "2021年", "2022年"], ["原煤", "5", ""], ["灵石", "", "6"]],
        (range(0), range(0)),
        answers={"unit": "万吨", "leave_out": True,
                 "constants": {"region": "江苏省", "item": "规模以上工业能源消费量"}},
    )  # fmt: skip
    path = write(tmp_path / "years", case, case.disturbed)
    proposal = proposed(path, case, vocabulary)
    assert [(entry.kind, entry.number, entry.cells) for entry in proposal.unread] == [("row", 3, 1)]
    assert "nothing is left of 2022" in [note.en for note in proposal.notes]
