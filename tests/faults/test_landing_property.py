"""Any table: what is read is accepted or quarantined, and what is accepted is what was printed.

The tables are made up by Hypothesis, the same in every run; GREENPARK_EXAMPLES asks for more of
them. The verdicts are worked out here a second time, in Python and without the alias tables.
"""

from __future__ import annotations

import os
import re
import tempfile
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

import duckdb
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from landing_formats import SHEETS, SUFFIXES, deliver
from landing_tables import FUEL_UNITS, FUELS, Place, Table, fuel_use

from orchestration.landing.load import land

EXAMPLES = int(os.environ.get("GREENPARK_EXAMPLES", "12"))
NUMBER = re.compile(r"[+-]?(\d{1,3}(,\d{3})+|\d+)(\.\d+)?([eE][+-]?\d+)?")
MARKS = {"": "not_available", "…": "below_unit", "-": "zero", "x": "suppressed"}
TEXT_KINDS = ("csv", "tsv", "semicolon", "bar")
KINDS = (*TEXT_KINDS, "xlsx", "xls", "html", "json")
ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "gb18030")
UNITS = dict(zip(FUELS, FUEL_UNITS, strict=True))
# No sign that means something to a reader: no formula, error, footnote, sub-item or note.
unknown_labels = st.text("甲乙丙丁戊己庚辛 xyzXYZ", min_size=1, max_size=8).filter(
    lambda text: text.strip()
)
junk = (
    st.text("0123456789.,-+eE甲乙 /%~:;|\"'*", min_size=1, max_size=12)
    .map(str.strip)
    .filter(lambda text: text and text not in MARKS and not NUMBER.fullmatch(text))
)
full_width = str.maketrans("0123456789.,", "０１２３４５６７８９．，")


@dataclass
class Printed:
    """A cell: its text, and the number it stands for if it is one or a mark."""

    text: str
    number: Decimal | None = None
    is_sound: bool = True


@st.composite
def cells(draw: st.DrawFn, magnitude: int) -> Printed:
    """A number of a size, perhaps with thousands or in full width; or a mark; or junk."""
    kind = draw(st.sampled_from(["number"] * 6 + ["mark", "junk", "negative"]))
    if kind == "mark":
        mark = draw(st.sampled_from(sorted(MARKS)))
        return Printed(mark, Decimal(0) if MARKS[mark] == "zero" else None)
    if kind == "junk":
        return Printed(draw(junk), None, False)
    places = draw(st.integers(0, 5))
    digits = draw(st.integers(10**places, 9 * 10**places))
    number = (Decimal(digits) * Decimal(10) ** (magnitude - places)).normalize()
    if kind == "negative":
        return Printed(f"{-number:f}", -number, False)
    text = f"{number:f}"
    style = draw(st.sampled_from(["plain"] * 4 + ["thousands", "wide", "signed"]))
    if style == "thousands":
        text = f"{number:,f}"
    elif style == "wide":
        text = text.translate(full_width)
    elif style == "signed":
        text = f"+{text}"
    return Printed(text, number)


@dataclass
class Made:
    """A made-up table: by row and column what was printed and whether it has to be accepted."""

    table: Table
    kind: str
    cells: dict[tuple[int, int], Printed] = field(default_factory=dict)
    accepted: set[tuple[int, int]] = field(default_factory=set)


@st.composite
def matrices(draw: st.DrawFn, number: int) -> Made:
    """Fuels down and years across; some labels unknown or repeated, some years none."""
    table = fuel_use(Place(number))
    known = draw(st.lists(st.sampled_from(FUELS), min_size=1, max_size=6))
    labels = [(label, True) for label in known]
    for label in draw(st.lists(unknown_labels, max_size=2)):
        labels.insert(draw(st.integers(0, len(labels))), (label, False))
    years: list[tuple[str, bool]] = [(year, True) for year in table.rows[0][2:]]
    years = years[: draw(st.integers(1, 5))]
    if draw(st.booleans()):
        years.append((draw(st.sampled_from(["合计", "2O20", "99", "20201", years[0][0]])), False))
    table.rows = [["能源品种", "单位", *(year for year, _ in years)]]
    table.layout["missing_marks"] = MARKS
    made = Made(table, draw(st.sampled_from(KINDS)))
    table.encoding = "utf-8"
    if made.kind in TEXT_KINDS:
        table.encoding = draw(st.sampled_from(ENCODINGS))
    taken: set[tuple[str, str]] = set()
    magnitudes: dict[str, int] = {}
    for row, (label, is_known) in enumerate(labels, start=2):
        # one size per fuel: a series that jumps is refused for it, and rightly
        magnitude = magnitudes.setdefault(label, draw(st.integers(-2, 4)))
        line = [draw(cells(magnitude)) for _ in years]
        has_unit = draw(st.integers(0, 9)) > 0
        table.rows.append(
            [label, UNITS.get(label, "万吨") if has_unit else "万顿", *(c.text for c in line)]
        )
        for column, (cell, (year, is_year)) in enumerate(zip(line, years, strict=True), start=3):
            made.cells[row, column] = cell
            if not (is_known and has_unit and cell.is_sound):
                continue
            if not is_year and year != years[0][0]:
                continue
            if (label, year) not in taken:
                taken.add((label, year))
                made.accepted.add((row, column))
    return made


POLLUTANTS = ["so2", "nox", "cod", "vocs"]
notes = st.text("甲乙丙 abc,;|\t\"'0123\n", max_size=12)


@st.composite
def lists(draw: st.DrawFn, number: int) -> Made:
    """Pollutants of parks: codes, a number, a note of any words."""
    header = ["park_id", "year", "boundary", "pollutant", "emission_t", "note"]
    layout = {"kind": "records", "header_rows": 1, "first_data_row": 2}
    table = Table("park_returns_pollutants", [header], layout, 2024)
    made = Made(table, draw(st.sampled_from(KINDS)))
    if made.kind in TEXT_KINDS:
        table.encoding = draw(st.sampled_from(ENCODINGS))
    taken: set[tuple[str, ...]] = set()
    for row in range(2, 2 + draw(st.integers(1, 8))):
        year = draw(st.sampled_from(["2020", "2021", "2022", "22"]))
        pollutant = draw(st.sampled_from([*POLLUTANTS, "SO₃", "硫"]))
        cell = draw(cells(2))
        note = draw(notes) if made.kind in TEXT_KINDS else draw(unknown_labels)
        key = (f"Q{number}", year, "whole_zone", pollutant)
        table.rows.append([*key, cell.text, note])
        made.cells[row, 0] = Printed(cell.text, cell.number)
        sound = year != "22" and pollutant in POLLUTANTS and cell.is_sound
        if sound and cell.text not in MARKS and key not in taken:
            taken.add(key)
            made.accepted.add((row, 0))
    return made


@st.composite
def deliveries(draw: st.DrawFn) -> list[Made]:
    """Several tables at once, each with a place of its own."""
    count = draw(st.integers(1, 6))
    return [draw(matrices(n) if draw(st.booleans()) else lists(n)) for n in range(count)]


@settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(deliveries())
def test_nothing_is_lost_and_accepted_values_are_the_printed_ones(delivery: list[Made]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        root, names = Path(folder, "data"), {}
        for number, made in enumerate(delivery):
            name = f"{number}/table{SUFFIXES[made.kind]}"
            deliver(root, name, made.table, made.kind)
            names[name] = made
        report = land(Path(folder, "x.duckdb"), [root])
        with duckdb.connect(str(Path(folder, "x.duckdb"))) as connection:
            for file in report.files:
                made = names[file.file_name]
                assert file.rows_read == file.rows_accepted + file.rows_quarantined
                assert file.rows_read == len(made.cells)
                check(connection, file.file_name, made)


def check(connection: duckdb.DuckDBPyConnection, name: str, made: Made) -> None:
    """Verdicts and values of one file."""
    refused = dict(
        ((row, column), raw)
        for row, column, raw in connection.execute(
            "select row_number, column_number, raw_value from quality.quarantine "
            "where file_name = ?",
            [name],
        ).fetchall()
    )
    is_list = made.table.layout["kind"] == "records"
    values = (
        "emission_t, emission_t, coalesce(note, '')" if is_list else "value_text, number_text, ''"
    )
    accepted = {
        (row, column): texts
        for row, column, *texts in connection.execute(
            f"select _row_number, _column_number, {values} from raw.{made.table.dataset} "
            "where _file_name = ?",
            [name],
        ).fetchall()
    }
    assert set(accepted) | set(refused) == set(made.cells)
    assert set(accepted) == made.accepted, (name, made.kind, made.table.rows)
    is_text = made.kind not in SHEETS
    for place, (text, number, note) in accepted.items():
        cell = made.cells[place]
        assert (number is None) == (cell.number is None)
        if cell.number is not None:
            assert Decimal(number) == cell.number
        if is_list:
            assert note == made.table.rows[place[0] - 1][5].strip(" \t\r\n")
        elif is_text:
            assert text == cell.text
    if is_text and not is_list:
        assert all(raw == made.cells[place].text for place, raw in refused.items())
