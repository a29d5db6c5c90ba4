"""Every remedy that a rule of the landing prints is followed to the letter, and the file lands."""

from __future__ import annotations

import csv
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pytest
from landing_formats import describe, save, write
from landing_remedies import FOLLOWED, Followed, Hands, correction
from landing_tables import Table

from expectations.rules import load_rules
from orchestration.landing.land import land
from orchestration.landing.map import catalogue
from orchestration.landing.map.catalogue import Dataset, read_datasets
from orchestration.landing.read import limits
from orchestration.landing.write import tables
from orchestration.landing.write.report import LandingReport

LIMIT = 250_000
REMEDIES = {rule.rule_id: rule for rule in load_rules().values() if rule.gate == "landing"}
# A second folder of data takes the place of what the first one says; see the last test. What to do
# about a link is followed in `test_landing_hostile.py`.
WITH_A_TEST_OF_ITS_OWN = {
    "superseded": "nothing to do: the value kept is the one named",
    "file_outside": "copy the file itself into the folder, or name the folder where it lies with "
    "--data",
}
Values = dict[tuple[Any, ...], tuple[Any, ...]]


@dataclass
class Landed:
    """All files of one turn: before anything is done, after, and the sound ones."""

    names: dict[str, str]
    hands: dict[str, Hands]
    report: LandingReport
    database: duckdb.DuckDBPyConnection

    def refused(self, name: str) -> list[tuple[str, str]]:
        """Rule and message of what is refused in the folder of a file."""
        return self.database.execute(
            "select rule, message from quality.quarantine where starts_with(file_name, $1) "
            "order by row_number, column_number",
            [name.partition("/")[0] + "/"],
        ).fetchall()

    def values(self, name: str) -> Values:
        """What landed of a file by what it is of, in the unit that it is kept in.

        A row of a list is one value.
        """
        return self._query(
            name,
            lambda dataset: dataset.codes if dataset.kind == "matrix" else dataset.raw_columns,
            "round(number_text::double * to_unit_factor, 6), value_status, unit",
        )

    def printed(self, name: str) -> Values:
        """What landed of a file by row and column as printed; column 0 is a row of a list."""
        place = ("_row_number", "_column_number")
        return self._query(name, lambda dataset: place, "number_text, value_status")

    def _query(self, name: str, keys: Callable[[Dataset], tuple[str, ...]], value: str) -> Values:
        found: Values = {}
        for dataset in read_datasets().values():
            kept = value if dataset.kind == "matrix" else ", ".join(dataset.raw_columns)
            own = keys(dataset)
            for row in self.database.execute(
                f"select {', '.join(own)}, {kept} from raw.{dataset.name} where _file_name = $1",
                [name],
            ).fetchall():
                plain = tuple(map(_number, row))
                found[plain[: len(own)]] = plain[len(own) :]
        return found


def _number(value: Any) -> Any:
    """A text that is a number as one, but no code: 40.0 and 40 are the same."""
    is_number = isinstance(value, str) and re.fullmatch(r"-?(0|[1-9]\d*)(\.\d+)?", value)
    return float(value) if is_number else value


def _land(folder: Path, hands: dict[str, Hands]) -> Landed:
    """Land all files in one turn, each in a folder of its own."""
    root = folder / "data"
    names = {
        key: one.deliver(root, f"case_{number}") for number, (key, one) in enumerate(hands.items())
    }
    corrections = [row for one in hands.values() for row in one.corrections]
    for number, row in enumerate(corrections):
        row["correction_id"] = f"c{number}"
    if corrections:
        with (root / "corrections.csv").open("w", encoding="utf-8", newline="") as handle:
            columns = [*("correction_id", "action", "file_name", "sheet_name", "row_number"),
                       *("column_number", "column_name", "rule", "expected_text"),
                       *("replacement_text", "reason_zh", "reason_en", "decided_by"),
                       *("decided_on", "expires_on", "source_id")]  # fmt: skip
            writer = csv.DictWriter(handle, columns)
            writer.writeheader()
            writer.writerows(corrections)
    database = folder / "landed.duckdb"
    with pytest.MonkeyPatch.context() as patch, limits.changed(bytes=LIMIT):
        if any(one.rows for one in hands.values()):
            copy = folder / "reference"
            shutil.copytree(catalogue.REFERENCE, copy)
            for one in hands.values():
                for table, lines in one.rows.items():
                    with (copy / table).open("a", encoding="utf-8") as handle:
                        handle.writelines(f"{line}\n" for line in lines)
            for module in (catalogue, tables):
                patch.setattr(module, "REFERENCE", copy)
            _forget()
        report = land(database, [root])
    _forget()
    return Landed(names, hands, report, duckdb.connect(str(database), read_only=True))


def _forget() -> None:
    """What the reference tables say is kept in memory; another copy of them is read afresh."""
    from orchestration.landing.map import list_units

    list_units._units.cache_clear()


def _hands() -> dict[str, Hands]:
    return {entry.id: entry.hands(number) for number, entry in enumerate(FOLLOWED)}


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Landed]:
    landed = _land(tmp_path_factory.mktemp("before"), _hands())
    yield landed
    landed.database.close()


@pytest.fixture(scope="module")
def after(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Landed]:
    hands = _hands()
    for entry in FOLLOWED:
        entry.follow(hands[entry.id])
    landed = _land(tmp_path_factory.mktemp("after"), hands)
    yield landed
    landed.database.close()


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Landed]:
    """The tables as the publisher printed them, with the editions beside them."""
    folder = tmp_path_factory.mktemp("sound")
    names = {}
    for number, entry in enumerate(FOLLOWED):
        hands = entry.hands(number)
        table = hands.sound
        data = write(table, "csv")
        names[entry.id] = f"case_{number}/table.csv"
        save(folder / "data", names[entry.id], data, describe(table, data, f"case_{number}"))
        for companion, other in hands.companions:
            own = write(other, "csv")
            save(folder / "data", f"case_{number}/{companion}", own,
                 describe(other, own, f"case_{number}"))  # fmt: skip
    database = folder / "landed.duckdb"
    report = land(database, [folder / "data"])
    with duckdb.connect(str(database), read_only=True) as connection:
        yield Landed(names, {}, report, connection)


@pytest.mark.parametrize("rule_id", sorted(REMEDIES))
def test_every_word_of_every_remedy_is_followed(rule_id: str) -> None:
    """A rule whose remedy nobody follows, or a part of it, is found here."""
    remedy = REMEDIES[rule_id].remedy_en
    said = [entry.says for entry in FOLLOWED if entry.rule == rule_id]
    said += [WITH_A_TEST_OF_ITS_OWN[rule_id]] if rule_id in WITH_A_TEST_OF_ITS_OWN else []
    assert said, f"follow the remedy of {rule_id} in landing_remedies.py"
    left = remedy
    for words in sorted(said, key=len, reverse=True):
        assert words in remedy, (rule_id, words)
        left = left.replace(words, " ")
    assert set(re.findall(r"\w+", left)) <= {"or", "and"}, (rule_id, left)


def test_no_remedy_is_followed_for_a_rule_that_is_not_there() -> None:
    assert {entry.rule for entry in FOLLOWED} <= set(REMEDIES)
    assert len({entry.id for entry in FOLLOWED}) == len(FOLLOWED)


@pytest.mark.parametrize("entry", FOLLOWED, ids=lambda entry: entry.id)
def test_a_remedy_is_printed_where_it_is_needed(before: Landed, entry: Followed) -> None:
    refused = before.refused(before.names[entry.id])
    assert entry.rule in {rule for rule, _ in refused}
    messages = [message for rule, message in refused if rule == entry.rule]
    assert all(REMEDIES[entry.rule].remedy_en in message for message in messages)


@pytest.mark.parametrize("entry", FOLLOWED, ids=lambda entry: entry.id)
def test_a_remedy_that_is_followed_heals(after: Landed, sound: Landed, entry: Followed) -> None:
    name = after.names[entry.id]
    assert after.refused(name) == []
    values, placed = after.values(name), after.printed(name)
    if entry.lands == "nothing":
        assert values == {}
    elif entry.lands == "printed":
        assert placed == _printed(after.hands[entry.id].table, placed)
    else:
        expected = sound.values(sound.names[entry.id])
        assert expected and values.keys() == expected.keys()
        changed = [key for key in values if values[key] != expected[key]]
        assert len(changed) == len(entry.but), changed
        for place, (number, status) in entry.but.items():
            assert placed[place] == (number, status or "reported")


def _printed(table: Table, landed: Values) -> Values:
    """What has to land of a file as it stands; of a list, that its numbers are there."""
    skipped = {n for rows in table.layout.get("skip_rows", []) for n in _rows(rows)}
    expected: Values = {}
    for row in range(table.data_starts, len(table.rows) + 1):
        if row in skipped:
            continue
        for column in table.value_columns:
            if column:
                expected[row, column] = (_number(table.at(row, column)), "reported")
                continue
            numbers = [n for n in map(_number, table.rows[row - 1]) if isinstance(n, float)]
            kept = landed.get((row, 0), ())
            expected[row, 0] = kept if set(numbers) <= set(kept) else tuple(numbers)
    return expected


def _rows(rows: int | list[int]) -> range:
    first, last = (rows, rows) if isinstance(rows, int) else rows
    return range(first, last + 1)


def test_of_two_folders_the_value_kept_is_the_one_named(tmp_path: Path) -> None:
    """The remedy of `superseded`: nothing to do."""
    (entry,) = (e for e in FOLLOWED if e.id == "year_invalid: correct the year")
    for number, root in enumerate(("shipped", "own")):
        table = entry.hands(0).sound
        table.put(2, 3, ("45.5", "46.25")[number])
        data = write(table, "csv")
        name = f"folder_{number}/table.csv"
        save(tmp_path / root, name, data, describe(table, data, "1"))
    database = tmp_path / "landed.duckdb"
    report = land(database, [tmp_path / "shipped", tmp_path / "own"])
    assert report.rows_refused == 0 and report.rows_superseded == 50
    with duckdb.connect(str(database), read_only=True) as connection:
        messages = connection.execute("select distinct rule, message from quality.quarantine")
        for rule, message in messages.fetchall():
            assert rule == "superseded" and "folder_1/table.csv" in message
        kept = connection.execute(
            "select _file_name, number_text from raw.jiangsu_yearbook_industrial_fuel_use "
            "where _row_number = 2 and _column_number = 3"
        ).fetchall()
    assert kept == [("folder_1/table.csv", "46.25")]


def test_a_correction_of_the_test_has_the_columns_of_the_table() -> None:
    header = (catalogue.REFERENCE / "corrections" / "corrections.csv").read_text(encoding="utf-8")
    assert set(correction(action="accept")) == {*header.splitlines()[0].split(",")}
