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
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from landing_formats import SHEETS, SUFFIXES, deliver, write
from landing_tables import FUEL_UNITS, FUELS, Place, Table, fuel_use

from orchestration.landing.land import land
from orchestration.landing.map.catalogue import read_datasets
from orchestration.landing.map.vocabulary import read_vocabulary
from orchestration.proposing import propose
from orchestration.proposing.proposal import Answers

DATASETS = read_datasets()
VOCABULARY = read_vocabulary()
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


# --- proposals -----------------------------------------------------------------------------------

# What was meant for a number or printed in its place, and is none.
ODDITIES = [
    "约747",
    "<0.1",
    "1,2345",
    "12,34,567",
    "803.2 1)",
    "45.6b",
    "12.5%",
    "暂缺",
    "保密",
    "—?",
]
FORMULA = "=1+1"
CITIES = ["南京市", "无锡市", "徐州市", "常州市", "苏州市", "南通市"]
STRANGE_CITIES = ["火星市", "金星地区", "月亮 县"]
STRANGE_YEARS = ["比上年增长(%)", "2022年1-6月", "位次", "2020-2022年平均", "年均增速"]
PROPOSED_KINDS = ("csv", "tsv", "semicolon", "bar", "xlsx", "xls", "html")
SOURCE = {
    "source_id": "x1", "publisher": "统计局", "edition_year": 2050, "licence": "none",
    "url_or_citation": "yearbook", "title_zh": "表", "title_en": "Table",
}  # fmt: skip


@dataclass
class Unnamed:
    """A table nobody described: what each figure is, if it has to be accepted."""

    rows: list[list[str]]
    kind: str
    dataset: str
    answers: dict[str, object]
    values: set[tuple[int, int]]
    accepted: dict[tuple[int, int], tuple[str, ...]]
    asked: tuple[str, ...] = ()


def _years_across(draw: st.DrawFn) -> tuple[int, list[str], list[str]]:
    """The first year, headings of some years, one of them perhaps strange, and what each means."""
    first = draw(st.integers(1990, 2015))
    style = draw(st.sampled_from(["{}", "{}年", "{}年度", "{}.0"]))
    years = [first + n for n in range(draw(st.integers(2, 4)))]
    heads = [style.format(year) for year in years]
    known = [str(year) for year in years]
    for strange in draw(st.lists(st.sampled_from(STRANGE_YEARS), max_size=1)):
        place = draw(st.integers(1, len(heads)))
        heads.insert(place, strange)
        known.insert(place, "")
    return first, heads, known


def _printed_cell(draw: st.DrawFn, kind: str, is_worded: bool) -> tuple[str, bool]:
    """What a cell of a table of one format prints, and whether it can be landed."""
    cell = draw(st.sampled_from(["number"] * 8 + ["odd", "blank", "formula"]))
    text = f"{draw(st.integers(10_000, 90_000)) / 100:.2f}"
    if is_worded or cell == "odd":
        return draw(st.sampled_from(ODDITIES)), False
    if cell == "formula":
        return (FORMULA, False) if kind == "xlsx" else (text, True)
    return ("", False) if cell == "blank" else (text, True)


@st.composite
def undescribed(draw: st.DrawFn) -> Unnamed:
    """Cities down and years across, or the other way, with disturbances of every kind."""
    kind = draw(st.sampled_from(PROPOSED_KINDS))
    labels = draw(st.lists(st.sampled_from(CITIES), min_size=2, max_size=6, unique=True))
    for strange in draw(st.lists(st.sampled_from(STRANGE_CITIES), max_size=1)):
        labels.insert(draw(st.integers(0, len(labels))), strange)
    first, heads, known = _years_across(draw)
    english = draw(st.integers(0, 3)) == 0
    label_columns = 2 if english else 1
    captions = draw(
        st.lists(
            st.sampled_from(["9-10 分市全社会用电量", "Electricity Use by City", "单位：亿千瓦时"]),
            max_size=3, unique=True,
        )
    )  # fmt: skip
    half = draw(st.integers(0, 7)) == 0 and all(known)
    revenue = draw(st.integers(0, 7)) == 0
    if revenue:
        captions.append("一般公共预算收入")
    if half:
        captions.append(f"{first}年上半年")
    width = label_columns + len(heads)
    rows = [[line, *[""] * (width - 1)] for line in captions]
    rows.append(["城市", *(["City"] if english else []), *heads])
    values, accepted = set(), {}
    for label in labels:
        row, line = len(rows) + 1, [label, *(["Town"] if english else [])]
        is_worded = draw(st.integers(0, 9)) == 0
        for column, year in enumerate(known, start=label_columns + 1):
            text, is_sound = _printed_cell(draw, kind, is_worded)
            line.append(text)
            if text:
                values.add((row, column))
            if is_sound and year and label in CITIES and not (half and year):
                accepted[row, column] = (label, year, text)
        rows.append(line)
    if draw(st.booleans()):
        rows.append(["注：本表为初步数。", *[""] * (width - 1)])
    # Electricity Use is in no table; beside a Chinese title it is taken for its translation.
    is_english = "Electricity Use by City" in captions and "9-10 分市全社会用电量" not in captions
    asked = ("item", "fuel") if revenue or is_english else ()
    answers: dict[str, object] = {"leave_out": draw(st.booleans())}
    if "单位：亿千瓦时" not in captions:
        answers["unit"] = "亿千瓦时"
    return Unnamed(
        rows, kind, "jiangsu_yearbook_city_electricity", answers, values, accepted, asked
    )


# How a heading, a line above or the user may say the unit of tonnes of CO2, and what it is in t.
CO2_HEADINGS = {
    "co2_t": 1, "二氧化碳排放量（吨）": 1, "二氧化碳排放量（万吨）": 10_000, "CO2 (Mt)": 1_000_000,
    "二氧化碳排放量（万吨二氧化碳）": 10_000, "二氧化碳排放量（万元）": None, "排放（百吨）": None,
}  # fmt: skip


@st.composite
def undescribed_lists(draw: st.DrawFn) -> Unnamed:
    """CO2 of cities in some unit, with figures that are none and a column that nobody knows."""
    heading, factor = draw(st.sampled_from(sorted(CO2_HEADINGS.items())))
    answers: dict[str, object] = {"leave_out": False}
    rows, values, accepted = [], set(), {}
    if draw(st.integers(0, 3)) == 0:
        heading, factor = "二氧化碳排放量", 10_000
        if draw(st.booleans()):
            rows.append(["单位：万吨", "", ""])
        else:
            answers["unit"] = "万吨"
    half = draw(st.integers(0, 7)) == 0
    if half:
        rows.append(["2020年1-9月城市二氧化碳排放", "", ""])
    rows.append(["region_code", "year", heading])
    for number in range(draw(st.integers(1, 6))):
        row = len(rows) + 1
        text = f"{draw(st.integers(10_000, 90_000)) / 100:.2f}"
        is_sound = draw(st.integers(0, 4)) > 0
        text = text if is_sound else draw(st.sampled_from(ODDITIES))
        code, year = f"320{number + 1}00", "2019"
        rows.append([code, year, text])
        values.add((row, 3))
        if is_sound and factor and not half:
            accepted[row, 0] = (code, year, str(Decimal(text) * factor))
    kind = draw(st.sampled_from(("csv", "tsv", "semicolon", "bar", "xlsx", "xls")))
    asked = () if factor else ("co2_t",)
    return Unnamed(rows, kind, "ceads_inventory_city_co2", answers, values, accepted, asked)


def save_undescribed(path: Path, made: Unnamed) -> Path:
    table = Table(made.dataset, made.rows, {"kind": "matrix"}, 2050)
    path.parent.mkdir(parents=True)
    path.write_bytes(write(table, made.kind))
    return path


@settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],  # a case is small, and shrinking takes minutes
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(st.lists(undescribed() | undescribed_lists(), min_size=3, max_size=5))
def test_a_proposal_accounts_for_every_printed_cell(tables: list[Unnamed]) -> None:
    """Each figure is accepted as what it is, refused, or left out by name; else it is asked for."""
    with tempfile.TemporaryDirectory() as folder:
        # Each alone: tables of the same cities and years would be compared with each other.
        for number, made in enumerate(tables):
            root = Path(folder, str(number))
            path = save_undescribed(root / "bureau" / f"table{SUFFIXES[made.kind]}", made)
            answers = Answers(sidecar=dict(SOURCE), **made.answers)
            proposal = propose.propose(path, DATASETS[made.dataset], VOCABULARY, answers)
            assert tuple(entry.name for entry in proposal.missing) == made.asked, made.rows
            if made.asked:
                continue
            sidecar = propose.sidecar_text(proposal)
            path.with_name(path.name + ".yml").write_text(sidecar, encoding="utf-8")
            left = {
                (row, column)
                for row, column in made.values
                for entry in proposal.unread
                if (entry.kind, entry.number) in (("row", row), ("column", column))
            }
            land(root / "x.duckdb", [root])
            with duckdb.connect(str(root / "x.duckdb")) as connection:
                check_proposed(connection, f"bureau/{path.name}", made, left)


def check_proposed(
    connection: duckdb.DuckDBPyConnection,
    name: str,
    made: Unnamed,
    left: set[tuple[int, int]],
) -> None:
    """No figure is in none of the three places, and what is accepted is what was printed."""
    is_list = DATASETS[made.dataset].kind == "records"
    columns = "region_code, year, co2_t" if is_list else "region_label, year, number_text"
    accepted = {
        (row, column): (label, str(year), Decimal(number))
        for row, column, label, year, number in connection.execute(
            f"select _row_number, _column_number, {columns} from raw.{made.dataset} "
            f"where _file_name = ? and {columns.split(', ')[-1]} is not null",
            [name],
        ).fetchall()
    }
    refused = set(
        connection.execute(
            "select row_number, column_number from quality.quarantine where file_name = ?", [name]
        ).fetchall()
    )
    whole = {row for row, column in {*accepted, *refused} if column == 0 or is_list}
    lost = {place for place in made.values if place[0] not in whole}
    lost -= {*accepted, *refused, *left}
    assert not lost, (name, made.kind, made.rows, lost)
    assert set(accepted) == set(made.accepted), (made.kind, made.rows)
    for place, (label, year, number) in accepted.items():
        expected = made.accepted[place]
        assert (label, year, number) == (expected[0], expected[1], Decimal(expected[2]))
