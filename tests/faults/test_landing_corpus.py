"""All faults of the corpus are caught, none is accepted, and no good row is lost."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest
from landing_cases import CASES, Case, Where
from landing_formats import SHEETS, SUFFIXES, describe, save, write
from landing_tables import Place, Table, enterprise_energy

from orchestration.landing.land import land
from orchestration.landing.map.catalogue import read_datasets
from orchestration.landing.read import limits
from orchestration.landing.write.report import LandingReport
from orchestration.settings import PROJECT_ROOT

LIMIT = 250_000
# Words of our messages that no label of the corpus has.
ENGLISH = re.compile(
    r"\b(the|is|are|has|have|not|row|nearest|known|given|cells|parts|times|expected|column)\b"
)
# Columns of lists whose names are no words of a sidecar: Chinese messages have their headings.
COLUMNS = {
    column.name
    for dataset in read_datasets().values()
    for column in dataset.columns
    if "_" in column.name
} - {"source_id"}
Position = tuple[str, int, int]  # sheet, row, column; column 0 is the whole row


@dataclass
class Written:
    """A file of the corpus: its name below the root, and the verdicts it should get."""

    name: str
    table: Table
    sheet: str
    refused: dict[Position, str]
    accepted: set[Position]


@dataclass
class Corpus:
    """The corpus as it was landed."""

    report: LandingReport
    database: duckdb.DuckDBPyConnection
    files: dict[str, list[Written]]
    refused: dict[str, dict[Position, tuple[str, str, str, str]]]
    accepted: dict[str, dict[Position, tuple[str, ...]]]


def positions(table: Table, sheet: str, where: Where) -> list[Position]:
    """The places a verdict of a case falls on."""
    rows = range(table.data_starts, len(table.rows) + 1)
    columns = table.value_columns
    match where:
        case "file":
            return [(sheet, row, column) for row in rows for column in columns]
        case int():
            return [(sheet, where, column) for column in columns]
        case ("column", int(column)):
            return [(sheet, row, column) for row in rows]
        case ("line", int(row)):
            return [(sheet, row, 0)]
        case ("none", int(row)):
            return [(sheet, row, 0)]
        case (str(name), int(row)):
            return [(name, row, 0)]
        case (int(row), int(column)):
            return [(sheet, row, column)]
    raise AssertionError(where)


def expect(case: Case, table: Table, sheet: str, data: bytes) -> tuple[dict, set]:
    """Position to rule, and the positions that have to be accepted."""
    if "lines" in case.verdicts:
        rule = case.verdicts["lines"]
        workbook = data.startswith((b"PK", b"\xd0\xcf")) or not data.strip(b"\0")
        text = data.decode(table.encoding, errors="replace").rstrip("\n")
        count = 1 if workbook else len(re.split("\r\n|\r|\n", text.rstrip("\r")))
        return {("", row, 0): rule for row in range(1, count + 1)}, set()
    everything = set(positions(table, sheet, "file"))
    refused: dict[Position, str] = {}
    for where, rule in case.verdicts.items():
        found = positions(table, sheet, where)
        if isinstance(where, tuple) and where[0] in ("line", "none"):
            everything -= set(positions(table, sheet, where[1]))
        elif isinstance(where, tuple) and table.value_columns == [0]:
            everything -= {(sheet, where[0], 0)}
        if rule:
            refused |= {place: rule for place in found if place not in refused}
    return refused, everything - set(refused)


def write_case(root: Path, number: int, case: Case) -> list[Written]:
    """Write the files of one case: the faulty one, its peers, and the same without the fault."""
    written = []
    for is_twin in (False, True):
        place = Place(2 * number + is_twin)
        folder = f"{case.id}{'_twin' if is_twin else ''}"
        faulty = case.base(place, case.edition)
        faulty.encoding = case.encoding
        companions = [(f"edition_{n}.csv", case.base(place, n)) for n in case.peers]
        if case.twin_has_companions or not is_twin:
            companions += case.companions(place)
        if not is_twin:
            case.fault(faulty, place)
        data = write(faulty, case.kind)
        suffix = SUFFIXES[case.kind]
        file_name = "table" if is_twin else case.file_name
        name = f"{folder}/{file_name}{suffix}"
        sheet = SHEETS.get(case.kind, "")
        if is_twin and case.kind == "locked":
            continue
        if is_twin:
            save(root, name, data, describe(faulty, data, folder))
            refused, accepted = {}, set(positions(faulty, sheet, "file"))
        else:
            data = case.damage(data)
            if case.id == "table_cut_off_in_the_middle_of_a_line":
                del faulty.rows[8:]
            save(root, name, data, case.sidecar(describe(faulty, data, folder)))
            refused, accepted = expect(case, faulty, sheet, data)
        written.append(Written(name, faulty, sheet, refused, accepted))
        for companion, table in companions:
            data = write(table, "csv")
            save(root, f"{folder}/{companion}", data, describe(table, data, folder))
            good = set(positions(table, "", "file"))
            written.append(Written(f"{folder}/{companion}", table, "", {}, good))
    return written


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Corpus]:
    """Every file of the corpus, landed at once."""
    folder = tmp_path_factory.mktemp("corpus")
    root = folder / "data"
    files = {case.id: write_case(root, number, case) for number, case in enumerate(CASES)}
    database = folder / "corpus.duckdb"
    with limits.changed(bytes=LIMIT):
        report = land(database, [root])
    with duckdb.connect(str(database), read_only=True) as connection:
        refused: dict = {}
        for name, *place, rule, raw, message, message_zh in connection.execute(
            """
            select file_name, sheet_name, row_number, column_number, rule, raw_value, message,
                message_zh
            from quality.quarantine
            """
        ).fetchall():
            known = refused.setdefault(name, {})
            assert tuple(place) not in known, f"{name} {place} is quarantined twice"
            known[tuple(place)] = rule, raw, message, message_zh
        accepted: dict = {}
        for dataset in read_datasets().values():
            columns = dataset.columns and [column.name for column in dataset.columns]
            values = ", ".join(columns or ["value_text", "number_text"])
            for name, *place, in_row in connection.execute(
                f"""
                select _file_name, _sheet_name, _row_number, _column_number, [{values}]
                from raw.{dataset.name}
                """
            ).fetchall():
                accepted.setdefault(name, {})[tuple(place)] = tuple(in_row)
        yield Corpus(report, connection, files, refused, accepted)


def test_the_corpus_is_large_and_touches_every_rule_and_reader() -> None:
    assert len(CASES) >= 80
    assert len({case.id for case in CASES}) == len(CASES)
    rules = {rule for case in CASES for rule in case.verdicts.values() if rule}
    assert landing_rules() - rules == SEEN_ELSEWHERE
    assert {case.kind for case in CASES} == set(SUFFIXES)
    encodings = {case.encoding for case in CASES}
    assert encodings == {"utf-8", "utf-8-sig", "utf-16", "gb18030"}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_each_row_gets_its_verdict(corpus: Corpus, case: Case) -> None:
    for file in corpus.files[case.id]:
        refused = corpus.refused.get(file.name, {})
        accepted = corpus.accepted.get(file.name, {})
        assert {place: verdict[0] for place, verdict in refused.items()} == file.refused, (
            f"{case.story}: {file.name}"
        )
        assert set(accepted) == file.accepted, f"{case.story}: {file.name}"


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_each_message_names_place_rule_and_remedy_in_two_languages(
    corpus: Corpus, case: Case
) -> None:
    file = corpus.files[case.id][0]
    found = corpus.refused[file.name]
    assert found
    for (sheet, row, column), (rule, raw, message, message_zh) in found.items():
        for text in (message, message_zh):
            assert text.startswith(file.name)
            assert sheet in text
        assert f"row {row}" in message and f"第{row}行" in message_zh
        words = INDEX[rule]
        assert words["statement_en"] in message and words["remedy_en"] in message
        assert words["statement_zh"] in message_zh and words["remedy_zh"] in message_zh
        if column and row <= len(file.table.rows) and rule != "row_ragged":
            seen = raw == file.table.at(row, column).strip() or (row, column) in file.table.formats
            assert seen or rule.startswith(("value_is", "value_merged"))
    for _, _, _, message_zh in found.values():
        assert not ENGLISH.search(message_zh), message_zh
        # a name that `fields` of the sidecar asks for stands behind its heading
        words = re.findall(r"\w+", re.sub(r"（\w+）", "", message_zh), re.A)
        assert not COLUMNS & set(words), message_zh
    said = " ".join(message for _, _, message, _ in found.values())
    assert [words for words in case.says if words not in said] == []


def test_rows_read_are_accepted_or_quarantined(corpus: Corpus) -> None:
    assert {file.file_name for file in corpus.report.files} == {
        file.name for files in corpus.files.values() for file in files
    }
    for file in corpus.report.files:
        assert file.rows_read == file.rows_accepted + file.rows_quarantined, file.file_name
    expected = [file for files in corpus.files.values() for file in files]
    good = sum(len(file.accepted) for file in expected)
    bad = sum(len(file.refused) for file in expected)
    assert (corpus.report.rows_accepted, corpus.report.rows_quarantined) == (good, bad)


def test_accepted_values_are_the_printed_ones(corpus: Corpus) -> None:
    for files in corpus.files.values():
        for file in files:
            for (_, row, column), values in corpus.accepted.get(file.name, {}).items():
                if column:
                    printed, number = values
                    assert printed == file.table.at(row, column)
                    assert number is None or float(number) == float(printed)
                else:
                    line = file.table.rows[row - 1]
                    given = {text for text in line if text}
                    if file.table.is_in_words:
                        continue  # what its words become is the matter of the next test
                    assert given - {"True"} <= {str(v) for v in values} | _numbers(values), line


def test_words_of_a_list_become_codes_and_marks_numbers(corpus: Corpus) -> None:
    file = corpus.files["list_answer_is_neither_yes_nor_no"][1]
    answers = {place[1]: row for place, row in corpus.accepted[file.name].items()}
    names = [column.name for column in read_datasets()[file.table.dataset].columns]
    assert [answers[row][names.index("is_above_size")] for row in (2, 3, 4, 5)] == [
        *["true"] * 3,
        "false",
    ]
    assert answers[3][names.index("industry_code")] == "06"
    file = corpus.files["list_fuel_misspelt_in_words"][1]
    returns = {place[1]: row for place, row in corpus.accepted[file.name].items()}
    names = [column.name for column in read_datasets()[file.table.dataset].columns]
    sound = enterprise_energy(
        Place(2 * list(corpus.files).index("list_fuel_misspelt_in_words") + 1)
    )
    for row, line in returns.items():
        printed = dict(zip(sound.rows[0], sound.rows[row - 1], strict=True))
        for name in ("year", "fuel_code", "unit", "purchase_quantity"):
            assert line[names.index(name)] == printed[name], (row, name)
    assert returns[2][names.index("stock_end_quantity")] == "0"


def _numbers(values: tuple[str, ...]) -> set[str]:
    """Texts that name the same numbers: a workbook keeps 7.0 as 7."""
    numbers = [float(value) for value in values if re.fullmatch(r"-?\d+(\.\d+)?", str(value))]
    return {f"{n:.{places}f}" for n in numbers for places in range(4)}


def landing_rules() -> set[str]:
    return {rule for rule, row in INDEX.items() if row["gate"] == "landing"}


with (PROJECT_ROOT / "expectations" / "rules.csv").open(encoding="utf-8", newline="") as handle:
    INDEX = {row["rule_id"]: row for row in csv.DictReader(handle)}
# Rules about a second folder of data, about corrections, about files that are not read and about
# the signs of a balance have tests of their own.
SEEN_ELSEWHERE = {
    "file_kind_unread",
    "file_outside",
    "sidecar_without_file",
    "superseded",
    "rejected_by_correction",
    "sign_unstated",
    "sign_mixed",
    "sign_of_inputs",
    "transformation_gains",
}
