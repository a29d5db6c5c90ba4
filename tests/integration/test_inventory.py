"""`greenpark inventory`: what a report holds, its signature, and that its workbook calculates."""

from __future__ import annotations

import hashlib
import io
import json
import re
from collections.abc import Iterator
from pathlib import Path

import duckdb
import openpyxl
import pypdf
import pytest
from click.testing import CliRunner
from recalculated import formulas, recalculated

from orchestration import cli
from orchestration.errors import GreenparkError
from orchestration.inventory import labels
from orchestration.inventory.facts import Facts, canonical, content_hash, gather
from orchestration.inventory.write import FORMATS, contents
from orchestration.publishing.opening import open_reader
from orchestration.settings import PROJECT_ROOT, Home

PARK, YEAR, METHOD = "P01", 2020, "report_2023"
CHINESE = re.compile(r"[\u4e00-\u9fff]")
SECTIONS = {
    "summary",
    "boundary",
    "results",
    "activities",
    "gaps",
    "factors",
    "uncertainty",
    "change",
    "methods",
    "energy",
    "trace",
    "sources",
}


@pytest.fixture(scope="module")
def reader(published_home: Home) -> Iterator[duckdb.DuckDBPyConnection]:
    with open_reader(published_home) as connection:
        yield connection


@pytest.fixture(scope="module")
def facts(reader: duckdb.DuckDBPyConnection) -> Facts:
    return gather(reader, PARK, YEAR, METHOD)


@pytest.fixture(scope="module")
def files(facts: Facts) -> dict[str, bytes]:
    return {
        name: content for lang in ("zh", "en") for name, content in contents(facts, lang, FORMATS)
    }


def page(files: dict[str, bytes], lang: str) -> str:
    return files[f"{PARK}_{YEAR}_{METHOD}.{lang}.html"].decode()


def pdf_text(files: dict[str, bytes], lang: str) -> str:
    pdf = pypdf.PdfReader(io.BytesIO(files[f"{PARK}_{YEAR}_{METHOD}.{lang}.pdf"]))
    return "\n".join(page.extract_text() for page in pdf.pages).replace("\u200b", "")


@pytest.mark.parametrize("method", ["report_2023", "ceads"])
def test_the_account_is_that_of_the_mart(reader: duckdb.DuckDBPyConnection, method: str) -> None:
    for park in ("P01", "P17", "P33"):
        found = gather(reader, park, YEAR, method)
        told = reader.execute(
            "select sum(co2_t), sum(co2e_t) from all_levels.park_co2_by_method"
            " where park_id = ? and year = ? and method = ?",
            [park, YEAR, method],
        ).fetchone()
        co2 = sum(row["co2e_t"] for row in found["lines"] if row["gas"] == "co2")
        assert (co2, found["net_co2e_t"][""]) == pytest.approx(told, rel=1e-12)
        for name in ("by_scope", "by_gas", "by_item", "by_industry"):
            parts = sum(row["co2e_t"] for row in found[name])
            assert parts == pytest.approx(found["net_co2e_t"][""], rel=1e-12), name


def test_a_line_is_its_activity_times_its_factor_and_an_activity_is_its_cells(
    facts: Facts,
) -> None:
    quantities = {row["activity_no"]: row["quantity"] for row in facts["activities"]}
    cells: dict[int, float] = dict.fromkeys(quantities, 0.0)
    for cell in facts["cells"]:
        cells[cell["activity_no"]] += cell["weight"] * cell["cell_quantity"]
    assert cells == pytest.approx(quantities, rel=1e-12)
    factors = {row["factor_key"]: row["factor_value"] for row in facts["factors"]}
    for line in facts["lines"]:
        product = quantities[line["activity_no"]] * factors[line["factor_key"]] * line["sign"]
        assert line["co2e_t"] == pytest.approx(product, rel=1e-9)


def test_the_same_input_is_the_same_bytes_and_the_hash_is_that_of_the_content(
    reader: duckdb.DuckDBPyConnection, files: dict[str, bytes]
) -> None:
    again = gather(reader, PARK, YEAR, METHOD)
    for lang in ("zh", "en"):
        for name, content in contents(again, lang, FORMATS):
            assert content == files[name], name
    signature = hashlib.sha256(files[f"{PARK}_{YEAR}_{METHOD}.json"]).hexdigest()
    assert signature == content_hash(again)
    for lang in ("zh", "en"):
        assert signature in page(files, lang)
        assert signature in pdf_text(files, lang).replace("\n", "")
        book = openpyxl.load_workbook(io.BytesIO(files[f"{PARK}_{YEAR}_{METHOD}.{lang}.xlsx"]))
        cover = [cell.value for row in book.worksheets[0].iter_rows() for cell in row]
        assert signature in cover


def test_no_statement_reads_a_table_without_the_rows_of_the_model(
    reader: duckdb.DuckDBPyConnection,
) -> None:
    """Parks of the model have inventories too, so a plain table that lacks them is none to read."""
    split = [
        f"{schema}.{table}"
        for schema, table in reader.execute(
            "select schema_name, table_name from reference.model_tables where has_twin"
        ).fetchall()
    ]
    statements = sorted((PROJECT_ROOT / "orchestration" / "inventory").glob("*.sql"))
    assert len(split) > 50 and len(statements) > 4
    for path in statements:
        named = re.findall(r"\b[a-z_]+\.[a-z_0-9]+\b", path.read_text(encoding="utf-8"))
        assert not set(named) & set(split), path.name


def test_another_number_is_another_hash(facts: Facts) -> None:
    changed = json.loads(canonical(facts))
    changed["activities"][0]["quantity"] += 1
    assert content_hash(changed) != content_hash(facts)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_page_is_complete_and_loads_nothing(files: dict[str, bytes], lang: str) -> None:
    text = page(files, lang)
    assert set(re.findall(r'<section id="(\w+)">', text)) == SECTIONS
    assert "default-src 'none'" in text
    for forbidden in ("<script", "<link", "<img", "src=", "url(", "@import", "javascript:"):
        assert forbidden not in text
    assert ("重建数据" if lang == "zh" else "Reconstructed:") in text.split("<section", 1)[0]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_pdf_says_the_totals(files: dict[str, bytes], facts: Facts, lang: str) -> None:
    text = pdf_text(files, lang)
    assert f"{facts['net_co2e_t']['']:,.2f}" in text
    assert "样本园区1企业" in re.sub(r"\s", "", text)
    assert ("不确定性" in text) == (lang == "zh")
    assert ("Uncertainty" in text) == (lang == "en")
    assert b"/CreationDate" not in files[f"{PARK}_{YEAR}_{METHOD}.{lang}.pdf"]


def test_what_the_page_says_of_codes_is_chinese() -> None:
    chinese, english = labels.Namer("zh", []), labels.Namer("en", [])
    for lists, codes in {
        labels.ENTRIES: ("fuel", "combustion", "purchased_electricity", "memo_bunkers"),
        labels.GASES: ("co2", "ch4", "n2o", "ch4_n2o", "hfc", "pfc", "sf6", "nf3"),
        labels.VIEWS: ("", "location_province", "residual", "fossil_only", "physical"),
        labels.STATUSES: ("have", "estimated", "reconstructed", "missing"),
        labels.ORIGINS: ("observed", "derived", "reconstructed"),
        labels.CONFIDENCES: ("sourced", "memory", "assumed"),
        labels.BASES: ("default", "measured", "missing"),
        labels.REASONS: ("returned", "exchange_form", "not_counted", "no_factor", "unclassed"),
    }.items():
        for code in codes:
            assert CHINESE.search(chinese.code(lists, code)), code
            assert "_" not in english.code(lists, code) != code, code


# --- the workbook --------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_libreoffice_calculates_what_the_marts_say(
    files: dict[str, bytes], facts: Facts, lang: str, tmp_path: Path
) -> None:
    path = tmp_path / "report.xlsx"
    path.write_bytes(files[f"{PARK}_{YEAR}_{METHOD}.{lang}.xlsx"])
    book = recalculated(path, tmp_path)
    said = list(formulas(path))
    assert len(said) > 5 * len(facts["lines"])
    for sheet, cell, stored in said:
        assert book[sheet][cell].value == pytest.approx(stored, rel=1e-9, abs=1e-6), (sheet, cell)
    total = next(
        row[1].value
        for row in book.worksheets[0].iter_rows()
        if isinstance(row[1].value, float | int)
    )
    assert total == pytest.approx(facts["net_co2e_t"][""], rel=1e-9)


def test_an_auditor_who_changes_a_cell_sees_the_total_change(
    files: dict[str, bytes], facts: Facts, tmp_path: Path
) -> None:
    path = tmp_path / "report.xlsx"
    path.write_bytes(files[f"{PARK}_{YEAR}_{METHOD}.en.xlsx"])
    book = openpyxl.load_workbook(path)
    form = book["park_returns_enterprise_energy"]
    coal = next(
        row
        for row in form.iter_rows(min_row=4)
        if row[4].value == "power_input_quantity" and row[8].value == 1
    )
    coal[5].value += 1000
    book.save(path)
    factor = max(
        row["co2e_t"] / quantity
        for row in facts["lines"]
        for quantity in [
            next(
                a["quantity"] for a in facts["activities"] if a["activity_no"] == row["activity_no"]
            )
        ]
        if row["activity_no"] == coal[0].value and row["gas"] == "co2"
    )
    sheet = recalculated(path, tmp_path).worksheets[0]
    total = next(row[1].value for row in sheet.iter_rows() if isinstance(row[1].value, float | int))
    assert total - facts["net_co2e_t"][""] > 0.99 * 1000 * factor > 1900


def test_the_page_shows_formulas_that_are_there(files: dict[str, bytes]) -> None:
    page = (PROJECT_ROOT / "docs" / "park_inventory.md").read_text(encoding="utf-8")
    shown = re.findall(r"(?m)^(\w[\w ]*?) +([A-Z]\d+) {2,}(=\S.*?)(?:  .*)?$", page)
    assert len(shown) == 5
    book = openpyxl.load_workbook(io.BytesIO(files[f"{PARK}_{YEAR}_{METHOD}.en.xlsx"]))
    for sheet, cell, formula in shown:
        first, _, last = formula.partition("...")
        assert book[sheet][cell].value.startswith(first), (sheet, cell)
        assert book[sheet][cell].value.endswith(last), (sheet, cell)


def test_a_text_that_begins_like_a_formula_stays_a_text(facts: Facts) -> None:
    bad = json.loads(canonical(facts))
    bad["names"] = [
        row | {"name_zh": "=1+1", "name_en": '=HYPERLINK("x")'}
        if row["kind"] == "enterprise"
        else row
        for row in bad["names"]
    ]
    ((_, content),) = contents(bad, "en", ["xlsx"])
    book = openpyxl.load_workbook(io.BytesIO(content))
    risky = [
        cell
        for sheet in book
        for row in sheet.iter_rows()
        for cell in row
        if isinstance(cell.value, str) and cell.value.startswith("=HYPERLINK")
    ]
    assert risky and all(cell.data_type == "s" and cell.quotePrefix for cell in risky)
    ((_, markup),) = contents(
        bad | {"names": [row | {"name_en": "<script>"} for row in bad["names"]]}, "en", ["html"]
    )
    assert b"<script" not in markup and b"&lt;script&gt;" in markup


# --- uncertainty, errors -------------------------------------------------------------------------


def test_each_range_is_that_of_the_row_that_tells_most(facts: Facts) -> None:
    rows = {row["range_id"]: row for row in facts["ranges"]}
    for line in facts["lines"]:
        row = rows[line["range_id"]]
        assert row["range_of"] == "factor" and row["range_basis"] == "default"
        if line["gas"] == "ch4_n2o":
            assert row["gas"] == "ch4_n2o"
        elif line["entry"] != "combustion":
            assert (row["gas"], row["entry"]) == (None, line["entry"])
        else:
            assert (row["gas"], row["entry"]) == (None, None)
        assert line["relative_half_range"] == row["relative_half_range"]
    for activity in facts["activities"]:
        row = rows[activity["range_id"]]
        assert (row["range_of"], row["range_basis"]) == ("activity", activity["status"])


def test_the_two_ways_agree_for_every_shipped_park(reader: duckdb.DuckDBPyConnection) -> None:
    for park in ("P01", "P08", "P22"):
        for view in gather(reader, park, YEAR, METHOD)["uncertainty"]["views"]:
            assert view["agrees"] and view["difference"] < 0.05
            assert view["monte_carlo_low_t"] < view["co2e_t"] < view["monte_carlo_high_t"]


@pytest.mark.parametrize(
    ("arguments", "en", "zh"),
    [
        (["P1", "2020", "--method", METHOD], "there is no park P1", "没有园区 P1"),
        (["P01", "2031", "--method", METHOD], "the nearest years are 2018, 2019, 2020", "2020"),
        (["P01", "2020", "--method", "report"], "nearest methods are report_2023", "最接近的方法"),
    ],
)
def test_what_there_is_no_account_of_is_told_in_both_languages(
    published_home: Home, arguments: list[str], en: str, zh: str
) -> None:
    home = ["--home", str(published_home.root)]
    said = CliRunner().invoke(cli.main, ["inventory", *arguments, *home])
    assert said.exit_code == 1 and en in said.stderr
    said = CliRunner().invoke(cli.main, ["inventory", *arguments, *home, "--lang", "zh"])
    assert said.exit_code == 1 and zh in said.stderr
    assert not re.search(r"\b(there|park|nearest|method)\b", said.stderr)
    if arguments[0] == "P1":
        assert "P01" in said.stderr


def test_parks_without_accounts_are_named_where_no_park_has_one(
    published_home: Home,
) -> None:
    """So it is of a version without reconstructed data and without returns."""
    with duckdb.connect() as connection:
        connection.execute(f"attach '{published_home.database}' as published (read_only)")
        connection.execute("create schema all_levels; create schema reference")
        for name, kept in (
            ("all_levels.parks", "origin <> 'reconstructed'"),
            ("all_levels.park_co2_by_method", "false"),
            ("all_levels.park_carbon_account", "false"),
            ("reference.uncertainty_ranges", "true"),
        ):
            connection.execute(f"create table {name} as from published.{name} where {kept}")
        first = connection.execute("select min(park_id) from all_levels.parks").fetchone()
        assert first is not None
        with pytest.raises(GreenparkError, match="there is no park P01") as unknown:
            gather(connection, PARK, YEAR, METHOD)
        assert first[0] in unknown.value.remedy
        with pytest.raises(GreenparkError, match="has no account"):
            gather(connection, first[0], YEAR, METHOD)


def test_the_command_writes_what_it_names(published_home: Home, tmp_path: Path) -> None:
    done = CliRunner().invoke(
        cli.main,
        ["inventory", PARK, str(YEAR), "--method", METHOD, "--lang", "zh", "--format", "html,json",
         "--home", str(published_home.root), "--output", str(tmp_path / "out")],
    )  # fmt: skip
    assert done.exit_code == 0, done.stderr
    written = [Path(line) for line in done.stdout.splitlines()]
    assert [path.suffix for path in written] == [".html", ".json"]
    assert hashlib.sha256(written[1].read_bytes()).hexdigest() in done.stderr
    refused = CliRunner().invoke(
        cli.main, ["inventory", PARK, "2020", "--method", METHOD, "--format", "docx"]
    )
    assert refused.exit_code == 2 and "docx" in refused.stderr
