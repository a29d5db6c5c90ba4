"""The seed of the report's printed figures: one row per number, value as printed."""

import csv
import hashlib
import re
from decimal import Decimal
from pathlib import Path

import pytest
import yaml

SEED = Path(__file__).resolve().parents[2] / "seeds" / "report" / "report_2023" / "figures.csv"

COLUMNS = [
    "figure_id",
    "section",
    "table_or_figure",
    "region_code",
    "entity",
    "year",
    "year_from",
    "year_text",
    "indicator",
    "value",
    "value_text",
    "unit",
    "printed_step",
    "scale",
    "is_bound",
    "note",
]

# Printed with two decimals ("71.40%") but rounded to one.
COARSER_THAN_PRINTED = {f"F23-{number:03d}": Decimal("0.1") for number in range(16, 21)}

SCALES = {
    "万吨": Decimal(10_000),
    "亿元": Decimal(10_000),
    "万吨标煤": Decimal(10_000),
    "%": Decimal("0.01"),
}

WORDS = {
    "半": Decimal("0.5"),
    "两": Decimal(2),
    "十二": Decimal(12),
    "千亿": Decimal(1000),
}
WORDS |= {word: Decimal(number) for number, word in enumerate("一二三四五六七八九十", start=1)}

BAND = re.compile(r"[＜＞]\d+|\d+%?(-|~| 至 )\d+%?|超过\d+%")


@pytest.fixture(scope="module")
def rows():
    """The seed as dictionaries of text."""
    with SEED.open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def number_in(text):
    """The single number that a printed text states, in digits, marks or words."""
    if set(text) <= {"■", " "}:
        return Decimal(text.count("■"))
    if fraction := re.fullmatch(r"(\d+)/(\d+)", text):
        return Decimal(fraction[1]) / Decimal(fraction[2])
    numbers = re.findall(r"\d+(?:\.\d+)?", text)
    if numbers:
        assert len(numbers) == 1, f"more than one number in {text!r}"
        return Decimal(numbers[0])
    words = [word for word in sorted(WORDS, key=len, reverse=True) if word in text]
    assert words, f"no number in {text!r}"
    return WORDS[words[0]]


def decimal_step(value):
    """The step of the last decimal of a printed number: 0.60 gives 0.01."""
    return Decimal(1).scaleb(Decimal(value).as_tuple().exponent)


def with_value(rows):
    """Rows that hold a number."""
    return [row for row in rows if row["value"]]


def test_columns_are_the_agreed_ones(rows):
    """Names and order of the columns."""
    assert list(rows[0]) == COLUMNS
    assert all(None not in row and None not in row.values() for row in rows)


def test_file_is_plain_utf8_with_unix_newlines():
    """No byte order mark, no carriage return, one newline at the end."""
    data = SEED.read_bytes()
    data.decode("utf-8")
    assert not data.startswith(b"\xef\xbb\xbf")
    assert b"\r" not in data
    assert data.endswith(b"\n")


def test_figure_ids_are_unique_and_well_formed(rows):
    """Identifiers look like T21-001 and occur once."""
    ids = [row["figure_id"] for row in rows]
    assert len(ids) == len(set(ids))
    assert [i for i in ids if not re.fullmatch(r"[A-Z]+\d*-\d{3}", i)] == []


def test_no_blank_where_text_is_required(rows):
    """Section, place in the report, entity, indicator and printed text are always given."""
    required = ("section", "table_or_figure", "entity", "indicator", "value_text")
    blank = [(row["figure_id"], c) for row in rows for c in required if not row[c].strip()]
    assert blank == []


def test_value_equals_the_printed_text(rows):
    """The number in value is the number that value_text prints."""
    wrong = [
        row["figure_id"]
        for row in with_value(rows)
        if Decimal(row["value"]) != number_in(row["value_text"])
    ]
    assert wrong == []


def test_value_keeps_the_printed_decimals(rows):
    """A plainly printed number stands in value digit by digit."""
    wrong = [
        row["figure_id"]
        for row in with_value(rows)
        if re.fullmatch(r"\d+(\.\d+)?", row["value_text"]) and row["value"] != row["value_text"]
    ]
    assert wrong == []


def test_only_texts_and_bands_have_no_value(rows):
    """A row without a value is a text fact or a printed band, and has no step, scale or bound."""
    for row in rows:
        if row["value"]:
            assert row["unit"] != "text", row["figure_id"]
            continue
        assert row["unit"] == "text" or BAND.fullmatch(row["value_text"]), row["figure_id"]
        assert (row["printed_step"], row["scale"], row["is_bound"]) == ("", "", "")


def test_printed_step_follows_the_decimals(rows):
    """The step is that of the last printed decimal, but for the listed exceptions."""
    wrong = [
        row["figure_id"]
        for row in with_value(rows)
        if Decimal(row["printed_step"])
        != COARSER_THAN_PRINTED.get(row["figure_id"], decimal_step(row["value"]))
    ]
    assert wrong == []


def test_scale_follows_the_unit(rows):
    """万吨, 亿元 and 万吨标煤 times 10 000, percent times 0.01, the rest as printed."""
    wrong = [
        row["figure_id"]
        for row in with_value(rows)
        if Decimal(row["scale"]) != SCALES.get(row["unit"], Decimal(1))
    ]
    assert wrong == []


def test_bounds_and_years_are_in_their_domains(rows):
    """is_bound has three values; years are whole and periods run forward."""
    for row in rows:
        assert row["is_bound"] in {"", "lower", "upper"}, row["figure_id"]
        assert re.fullmatch(r"((19|20)\d{2})?", row["year"]), row["figure_id"]
        if row["year_from"]:
            assert int(row["year_from"]) < int(row["year"]), row["figure_id"]


def test_region_codes_are_six_digits_except_for_the_front_matter(rows):
    """Every fact has a GB/T 2260 code; the publisher's own facts have none."""
    for row in rows:
        if row["section"] == "front":
            assert row["region_code"] == "", row["figure_id"]
        else:
            assert re.fullmatch(r"32\d{4}|310000|440000", row["region_code"]), row["figure_id"]


def test_notes_do_not_span_lines(rows):
    """No field holds a line break."""
    assert [row["figure_id"] for row in rows if any("\n" in cell for cell in row.values())] == []


def test_sidecar_names_this_file():
    """The sidecar's hash is that of the file."""
    sidecar = yaml.safe_load(SEED.with_suffix(".yml").read_text(encoding="utf-8"))
    assert sidecar["dataset"] == "report_published_figures"
    assert sidecar["sha256"] == hashlib.sha256(SEED.read_bytes()).hexdigest()
