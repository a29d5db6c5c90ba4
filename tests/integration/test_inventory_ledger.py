"""The report of a user's own park by the methods of the ledger: worked examples, views, faults."""

from __future__ import annotations

import io
import re
from pathlib import Path

import duckdb
import openpyxl
import pytest
from recalculated import formulas, recalculated
from test_park_account import reader as account  # noqa: F401  the same refresh serves both

from orchestration.inventory import explain
from orchestration.inventory.facts import gather
from orchestration.inventory.sections import compose
from orchestration.inventory.write import FORMATS, contents

ZERO, GHG = "zero_carbon_park_2025", "park_ghg"
WORKED = ("WA", "WB", "WC", "WD", "WE", "WF", "WG")
# Parks within a park: another lists their enterprises, and what they return stands there.
NESTED = ("WP", "WQ", "WR", "WS")
CHINESE = re.compile(r"[\u4e00-\u9fff]")
Reader = duckdb.DuckDBPyConnection


@pytest.mark.parametrize("method", [ZERO, GHG])
def test_every_view_is_that_of_the_account(account: Reader, method: str) -> None:  # noqa: F811
    told = account.execute(
        "select distinct park_id, year from all_levels.park_carbon_account"
        " where method = ? order by all limit 5",
        [method],
    ).fetchall()
    assert len(told) == 5
    for park, year in [*told, *((park, 2023) for park in WORKED)]:
        facts = gather(account, park, year, method)
        assert facts["views"][0] == facts["account"][0]["view"]
        for row in facts["account"]:
            assert (row["net_co2e_t"] is None) == (row["refusal"] is not None)
            if row["refusal"] is None:
                total = facts["net_co2e_t"][row["view"]]
                assert total == pytest.approx(row["net_co2e_t"], rel=1e-9, abs=1e-9)
        own = facts["net_co2e_t"][facts["views"][0]]
        for name in ("by_scope", "by_gas", "by_item", "by_industry", "boundaries"):
            parts = sum(
                row["co2e_t"] for row in facts[name] if row.get("view") in (None, facts["views"][0])
            )
            assert parts == pytest.approx(own, rel=1e-9, abs=1e-6), (park, name)
        for view in facts["uncertainty"]["views"]:
            assert view["agrees"] or view["half_range_t"] == 0


def test_activities_stand_on_the_cells_of_the_forms(account: Reader) -> None:  # noqa: F811
    """Of the parks worked by hand every quantity is made of cells of their forms."""
    seen = set()
    for park in (*WORKED, *NESTED):
        for method in (ZERO, GHG):
            facts = gather(account, park, 2023, method)
            assert facts["activities"]
            made: dict[int, float] = {}
            for cell in facts["cells"]:
                assert cell["makes_quantity"], (park, method, cell)
                share = cell["weight"] * cell["cell_quantity"]
                made[cell["activity_no"]] = made.get(cell["activity_no"], 0.0) + share
                seen.add(cell["raw_table"])
            quantities = {row["activity_no"]: row["quantity"] for row in facts["activities"]}
            assert made == pytest.approx(quantities, rel=1e-9)
    assert seen == {
        f"raw.park_returns_{form}"
        for form in (
            "enterprise_energy",
            "energy_exchange",
            "process",
            "certificates",
            "sinks",
            "allowances",
        )
    }


def test_example_b_to_the_unit(account: Reader) -> None:  # noqa: F811
    facts = gather(account, "WB", 2023, ZERO)
    assert round(facts["net_co2e_t"]["fossil_only"], 2) == 129920.18
    entries: dict[str, float] = {}
    for row in facts["by_entry"]:
        if row["view"] in (None, "fossil_only"):
            entries[row["entry"]] = entries.get(row["entry"], 0.0) + round(row["co2e_t"], 2)
    assert entries == {
        "combustion": 25980.18,
        "purchased_electricity": 66600.0,
        "sold_electricity": -6660.0,
        "self_used_electricity": 0.0,
        "purchased_heat": 44000.0,
    }
    document = compose(facts, "en").as_data()
    (application,) = (part for part in document["sections"] if part["key"] == "application")
    (table,) = application["tables"]
    rows = {row[0]: row[1:] for row in table["rows"]}
    assert table["caption"] == "2023"
    assert rows["Electricity"] == [
        "MWh", "150,000", "5,000", "8,000", "147,000", "–", "–", "59,940.00",
    ]  # fmt: skip
    assert rows["Total"][-1] == "129,920.18"
    assert "Nothing was returned of 2022." in application["paragraphs"]
    (energy,) = (part for part in document["sections"] if part["key"] == "energy")
    assert energy["tables"][0]["rows"][0][1] == "73,943.20"
    assert ["Below the classes: no bound", "73,943.20", "1.75702678"] in [
        row[:3] for row in energy["tables"][1]["rows"]
    ]


def test_an_account_that_rests_on_a_fault_says_so_first(account: Reader) -> None:  # noqa: F811
    facts = gather(account, "WX", 2023, ZERO)
    for lang, told in (
        ("en", "No net account: More carbon comes out than went in."),
        ("zh", "无净账户：产出含碳多于投入。"),
    ):
        document = compose(facts, lang)
        assert document.banner.startswith(told)
        text = str(document.as_data())
        assert ("Sum of the lines (no net account)" in text) == (lang == "en")
    assert len(facts["faults"]) == 4


@pytest.mark.parametrize(("park", "method"), [("WB", ZERO), ("WE", GHG), ("WG", ZERO)])
def test_libreoffice_calculates_every_view(
    account: Reader,  # noqa: F811
    park: str,
    method: str,
    tmp_path: Path,
) -> None:
    facts = gather(account, park, 2023, method)
    ((_, content),) = contents(facts, "zh", ["xlsx"])
    path = tmp_path / "report.xlsx"
    path.write_bytes(content)
    book = recalculated(path, tmp_path)
    for sheet, cell, stored in formulas(path):
        assert book[sheet][cell].value == pytest.approx(stored, rel=1e-9, abs=1e-6), (sheet, cell)
    totals = [row[1].value for row in book.worksheets[0] if isinstance(row[1].value, float | int)]
    assert totals == pytest.approx(list(facts["net_co2e_t"].values()), rel=1e-9)
    names = openpyxl.load_workbook(io.BytesIO(content)).sheetnames
    forms = {row["raw_table"].split(".")[1] for row in facts["cells"]}
    assert forms <= set(names)


def test_boundaries_and_requests_are_told_where_a_version_has_them(
    account: Reader,  # noqa: F811
) -> None:
    facts = gather(account, "WB", 2023, GHG)
    facts["stated_boundaries"] = [
        {"park_id": "WB", "parent_park_id": None, "boundary_kind": "park",
         "statistical_boundary": "approved_area", "year_from": 2020, "year_to": None},
    ]  # fmt: skip
    facts["requests"] = [
        {"dataset": "park_returns_process", "column_name": "process_quantity_t",
         "status": status, "owning_department_zh": "统计", "owning_department_en": "Statistics",
         "missing_count": 2, "co2_width_t": 1234.5}
        for status in ("missing", "have")
    ]  # fmt: skip
    for lang, department in (("zh", "统计"), ("en", "Statistics")):
        parts = {part["key"]: part for part in compose(facts, lang).as_data()["sections"]}
        assert parts["boundary"]["tables"][1]["rows"][0][4] == "2020–"
        (row,) = parts["gaps"]["tables"][0]["rows"]
        assert row[3:] == [department, "2", "1,234.50"]


def test_the_same_bytes_twice(account: Reader) -> None:  # noqa: F811
    first, second = (gather(account, "WE", 2023, GHG) for _ in range(2))
    for lang in ("zh", "en"):
        assert list(contents(first, lang, FORMATS)) == list(contents(second, lang, FORMATS))


def test_nothing_of_the_page_is_english(account: Reader) -> None:  # noqa: F811
    """Headings, captions and sentences; codes, units, file names and citations stay as they are."""
    asked: set[str] = set()
    for park, method in (("WE", GHG), ("WX", ZERO), ("WG", ZERO), ("WQ", GHG)):
        document = compose(gather(account, park, 2023, method), "zh").as_data()
        for section in document["sections"]:
            told = [section["title"], *section["paragraphs"]]
            for table in section["tables"]:
                told += [table["caption"], *table["heads"]]
            for text in filter(None, told):
                assert CHINESE.search(text) or re.fullmatch(r"[\d–-]+|SHA-256", text), text
        parts = {section["key"]: section["tables"] for section in document["sections"]}
        units = {row[5] for table in parts["activities"] for row in table["rows"]}
        assert units and all(CHINESE.search(text) for text in units), units
        for table in parts["gaps"]:
            if table["caption"] == "待补数据，按对结果的影响排列":
                asked |= {text for row in table["rows"] for text in row[:2]}
    assert asked and all(CHINESE.search(text) for text in asked), asked


def test_a_line_leads_to_its_cell_factor_and_clause(account: Reader) -> None:  # noqa: F811
    facts, lines = explain.select(account, "WB", 2023, ZERO)
    assert len(lines) == len(facts["lines"]) > 10
    table = explain.render(facts, lines, "zh", None)
    for line in lines:
        assert line["cells"] and line["factor_source"] and line["clause"], line["line_no"]
    assert "ndrc_910.annex4.heat" in table and "energy_exchange.csv: 7: quantity" in table
    gas = next(line["line_no"] for line in lines if line["entry"] == "combustion")
    told = explain.render(*explain.select(account, "WB", 2023, ZERO, None, gas), "en", None)
    for part in (
        "25980.2 t CO2e = 12,000,000 m3",
        "389.31 GJ/10^4 m3 × 0.01532 t C/GJ × 0.99 × 44/12",
        "Clause ndrc_910.annex4.fuel",
        "consumption_quantity",
        "12000000",
    ):
        assert part in told
