"""The balance as yearbooks print it: what its rows mean, their signs, what adds up."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest
import yaml
from click.testing import CliRunner

from orchestration import cli
from orchestration.landing.land import land
from orchestration.landing.map.balance import inputs_of
from orchestration.landing.map.catalogue import read_rows
from orchestration.landing.map.vocabulary import read_vocabulary
from orchestration.landing.write.report import LandingReport
from orchestration.proposing.publications import find_publication
from orchestration.serving import landing_check
from orchestration.settings import PROJECT_ROOT

FORMS = PROJECT_ROOT / "tests" / "fixtures" / "balances"
BALANCE = "energy_yearbook_energy_balance"
SISTERS = {
    "standard_balance.csv": "provincial_yearbooks_standard_balance",
    "electricity_balance.csv": "provincial_yearbooks_fuel_balance",
    "coal_balance.csv": "provincial_yearbooks_fuel_balance",
    "comprehensive_balance.csv": "provincial_yearbooks_comprehensive_balance",
    "comprehensive_balance_national_form.csv": "provincial_yearbooks_comprehensive_balance",
    "industry_energy.csv": "provincial_yearbooks_industry_energy",
    "industry_fuel_use.csv": "provincial_yearbooks_industry_fuel_use",
    "city_electricity.csv": "provincial_yearbooks_city_electricity",
}
# A source and the region: all that a new user has to say.
SOURCE = ("--source-id", "fujian_yearbook_2022")
REGION = ("--set", "region=350000")
Table = list[list[str]]


def form(name: str) -> Table:
    with (FORMS / name).open(encoding="utf-8", newline="") as handle:
        return list(csv.reader(handle))


def save(path: Path, table: Table) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    sink = io.StringIO()
    csv.writer(sink, lineterminator="\n").writerows(table)
    path.write_text(sink.getvalue(), encoding="utf-8")
    return path


class Landed:
    """A file landed as `greenpark describe --as` reads it, alone."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "data"
        self.database = folder / "landed.duckdb"
        self.report: LandingReport

    def table(self, table: Table, dataset: str, *answers: str, **layout: Any) -> Landed:
        path = save(self.folder / "yearbook" / "table.csv", table)
        path.with_name("table.csv.yml").unlink(missing_ok=True)
        self.database.unlink(missing_ok=True)

        def keep(aside: Path, roots: list[Path]) -> LandingReport:
            """The landing by which `describe` tries the sidecar it wrote."""
            self.report = land(self.database, roots)
            return self.report

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(landing_check, "land", keep)
            said = CliRunner().invoke(
                cli.main,
                ["describe", str(path), "--as", dataset, "--yes", "--lang", "en", *answers],
            )
        sidecar = path.with_name("table.csv.yml")
        assert sidecar.exists(), said.output
        if layout:
            document = yaml.safe_load(sidecar.read_text(encoding="utf-8"))
            document["layout"] |= layout
            sidecar.write_text(yaml.safe_dump(document, allow_unicode=True), encoding="utf-8")
            self.database.unlink()
            self.report = land(self.database, [self.folder])
        assert self.database.exists(), said.output
        return self

    def query(self, sql: str) -> list[tuple[Any, ...]]:
        with duckdb.connect(str(self.database), read_only=True) as connection:
            return connection.execute(sql).fetchall()

    def kept(self, dataset: str = BALANCE) -> dict[tuple[str, str, str], float]:
        """What is kept of each row, sector and fuel, in the unit that was printed."""
        return {
            (item, industry, fuel): value
            for item, industry, fuel, value in self.query(
                "select balance_item, industry_code, fuel_code, "
                "number_text::double * sign(to_unit_factor) "
                f"from raw.{dataset} where number_text is not null"
            )
        }

    def rules(self) -> set[str]:
        return {rule for (rule,) in self.query("select distinct rule from quality.quarantine")}


@pytest.fixture
def landed(tmp_path: Path) -> Landed:
    return Landed(tmp_path)


def balance(landed: Landed, table: Table, *answers: str, **layout: Any) -> Landed:
    return landed.table(table, BALANCE, *(answers or (*SOURCE, *REGION)), **layout)


def rename(table: Table, old: str, new: str) -> Table:
    return [[text.replace(old, new) for text in row] for row in table]


def change(table: Table, label: str, change_number: Callable[[float], float]) -> Table:
    """The same table with the numbers of one row changed."""
    return [
        [row[0], *(f"{change_number(float(text)):.1f}" if text else "" for text in row[1:])]
        if row[0].strip() == label
        else row
        for row in table
    ]


# --- the standard table ------------------------------------------------------------------------


def test_every_row_of_the_printed_balance_lands_by_two_answers(landed: Landed) -> None:
    balance(landed, form("regional_balance.csv"))
    assert landed.report.rows_quarantined == 0
    assert landed.report.rows_accepted == 41 * 13
    items = {item for (item,) in landed.query(f"select distinct balance_item from raw.{BALANCE}")}
    unprinted = {"stock_change", "loss_heading", "consumption_by_sector", "transformation_loss"}
    wanted = {
        row["balance_item"]
        for row in read_rows("codes/balance_item_codes.csv")
        if row["block"] != "memo" and row["balance_item"] not in unprinted
    }
    assert items == wanted | {"non_energy_use"}


def test_inputs_are_kept_positive_and_what_leaves_negative(landed: Landed) -> None:
    """Printed: power burns -1500.2 and gives 450.0; 210.6 leave, 98.0 stay in stock."""
    kept = balance(landed, form("regional_balance.csv")).kept()
    assert kept["thermal_power", "44", "raw_coal"] == 1500.2
    assert kept["thermal_power", "44", "electricity"] == -450.0
    assert kept["coking", "25", "coke"] == -560.0
    assert kept["outflow", "TOT", "raw_coal"] == -210.6
    assert kept["closing_stock", "TOT", "raw_coal"] == -98.0
    assert kept["supply_total", "TOT", "coke"] == -91.0  # a net outflow stays one
    assert kept["difference", "TOT", "raw_coal"] == 14.8


def test_recovered_energy_is_told_apart_by_the_part_it_stands_in(landed: Landed) -> None:
    kept = balance(landed, form("regional_balance.csv")).kept()
    assert kept["recovered_energy_supplied", "TOT", "other_energy"] == 15.0
    assert kept["recovered_energy", "TOT", "heat"] == -600.0


def test_sectors_stand_on_three_levels(landed: Landed) -> None:
    kept = balance(landed, form("regional_balance.csv")).kept()
    assert kept["final_consumption", "I2", "raw_coal"] == 762.5
    assert kept["final_consumption", "BCD", "raw_coal"] == 760.0
    assert kept["final_consumption", "RES", "raw_coal"] == 17.0
    assert kept["final_consumption", "RES_R", "raw_coal"] == 14.0
    assert kept["non_energy_use", "BCD", "raw_coal"] == 45.0


def test_a_row_to_deduct_may_be_printed_with_or_without_its_minus(landed: Landed) -> None:
    """Both are seen: 调出量(-) is 246.59 in one edition of a yearbook, -246.59 in another."""
    table = form("regional_balance.csv")
    deducted = [row[0] for row in table if row[0].endswith("(-)") and "再投入" not in row[0]]
    assert len(deducted) == 4
    for label in deducted:
        table = change(table, label, abs)
    kept = balance(landed, table).kept()
    assert landed.report.rows_quarantined == 0
    assert kept["outflow", "TOT", "raw_coal"] == -210.6


def test_a_deducted_row_with_both_signs_is_refused(landed: Landed) -> None:
    table = form("regional_balance.csv")
    row = next(row for row in table if "调出量" in row[0])
    row[1] = row[1].removeprefix("-")
    balance(landed, table)
    refused = landed.query("select distinct rule, row_number from quality.quarantine")
    assert refused == [("sign_mixed", table.index(row) + 1)]


@pytest.mark.parametrize(
    ("heading", "inputs"),
    [
        ("二、加工转换投入(-)产出(+)量", "negative"),
        ("二、加工转换投入（－）、产出（＋）量", "negative"),
        ("二、加工转换投入\u2212产出量".replace("\u2212", "(\u2212)"), "negative"),
        ("加工转换投入产出量", "negative"),
        ("Inputs(+) outputs(-)", "positive"),
        ("Input(-) & Output(+) of Transformation", "negative"),
        ("加工转换", ""),
    ],
)
def test_the_heading_says_which_sign_inputs_have(heading: str, inputs: str) -> None:
    assert inputs_of(heading) == inputs


def test_a_balance_that_does_not_say_its_signs_is_asked_for_them(landed: Landed) -> None:
    table = rename(form("regional_balance.csv"), "加工转换投入(-)产出(+)量", "加工转换")
    path = save(landed.folder / "yearbook" / "table.csv", table)
    arguments = ["describe", str(path), "--as", BALANCE, "--yes", "--lang", "en", *SOURCE, *REGION]
    said = CliRunner().invoke(cli.main, arguments)
    assert said.exit_code == 1 and "--set transformation_inputs=" in said.output
    balance(landed, table, *SOURCE, *REGION, "--set", "transformation_inputs=negative")
    assert landed.report.rows_quarantined == 0
    assert landed.kept()["thermal_power", "44", "raw_coal"] == 1500.2


NEGATIVE = ("--set", "transformation_inputs=negative")


@pytest.mark.parametrize("sign", [1, -1])
def test_plants_show_the_signs_that_nothing_says_and_a_note_tells(
    landed: Landed, sign: int
) -> None:
    stated = form("regional_balance.csv")
    balance(landed, stated)
    kept = landed.kept()
    table = rename(stated, "加工转换投入(-)产出(+)量", "加工转换")
    labels = [row[0] for row in table]
    first = next(n for n, label in enumerate(labels) if "加工转换" in label)
    last = next(n for n, label in enumerate(labels) if "损失量" in label)
    for row in table[first:last]:
        row[1:] = [str(float(text) * sign) if text else "" for text in row[1:]]
    balance(landed, table, *SOURCE, *REGION, *NEGATIVE, transformation_inputs=None)
    assert landed.report.rows_quarantined == 0
    assert landed.kept() == kept
    (note,) = landed.report.notes
    said = f"inputs of transformation are {'negative' if sign > 0 else 'positive'}"
    assert note.en.startswith(f"yearbook/table.csv: {said}") and "火力发电" in note.en
    assert f"投入为{'负' if sign > 0 else '正'}" in note.zh


def test_without_plants_nothing_shows_the_signs(landed: Landed) -> None:
    table = rename(form("regional_balance.csv"), "加工转换投入(-)产出(+)量", "加工转换")
    for row in table:
        if any(label in row[0] for label in ("火力发电", "供热")):
            row[1:] = ["" for _ in row[1:]]
    balance(landed, table, *SOURCE, *REGION, *NEGATIVE, transformation_inputs=None)
    assert landed.rules() >= {"sign_unstated"} and landed.report.notes == []
    blocks = {
        row["balance_item"]: row["block"] for row in read_rows("codes/balance_item_codes.csv")
    }
    accepted = {item for item, _, _ in landed.kept()}
    assert "transformation" not in {blocks[item] for item in accepted}


def test_a_power_station_that_gives_coal_refuses_the_table_by_name(landed: Landed) -> None:
    """The heading says inputs are positive; the figures have them negative."""
    table = rename(form("regional_balance.csv"), "投入(-)产出(+)", "投入(+)产出(-)")
    balance(landed, table)
    assert landed.report.rows_accepted == 0
    assert landed.rules() == {"sign_of_inputs"}
    assert "火力发电" in landed.report.messages[0]
    assert "所用燃料的符号是产出" in landed.report.messages_zh[0]


def test_transformation_cannot_gain_heat(landed: Landed) -> None:
    """Three times the power from the same fuel, with every total made to fit."""
    table = form("regional_balance.csv")
    column = table[2].index("电力")
    gain = 5000.0
    for label in (
        "二、加工转换投入(-)产出(+)量",
        "1.火力发电",
        "四、终端消费量",
        "(二)第二产业",
        "1.工业",
    ):
        row = next(row for row in table if row[0].strip() == label)
        row[column] = f"{float(row[column]) + gain:.1f}"
    balance(landed, table)
    assert landed.rules() == {"transformation_gains"}


@pytest.mark.parametrize(
    ("label", "identity"),
    [
        ("4.外省(区、市)调入量", "可供本地区消费的能源量"),
        ("3.煤炭洗选", "加工转换投入(-)产出(+)量"),
        ("1.工业", "第二产业"),
        ("1.城镇", "生活消费"),
        ("(三)第三产业", "终端消费量"),
        ("五、平衡差额", "可供本地区消费的能源量"),
    ],
)
def test_a_row_that_breaks_an_identity_refuses_the_table(
    landed: Landed, label: str, identity: str
) -> None:
    balance(landed, change(form("regional_balance.csv"), label, lambda number: number * 3 + 900))
    assert landed.rules() == {"total_mismatch"}
    assert any(identity in message for message in landed.report.messages)


def test_households_are_not_added_to_town_and_country(landed: Landed) -> None:
    """The total is 810.0: 20.0 + 762.5 + 10.5 + 17.0, and 17.0 is 3.0 + 14.0."""
    balance(landed, form("regional_balance.csv"))
    assert landed.rules() == set()


def test_reinput_closes_inside_the_total_or_beside_it(landed: Landed) -> None:
    """-30.0 of oil are in the total of this table; another office leaves them out of it."""
    table = form("regional_balance.csv")
    column = table[2].index("其他石油制品")
    for label in ("二、加工转换投入(-)产出(+)量", "四、终端消费量", "(二)第二产业", "1.工业"):
        row = next(row for row in table if row[0].strip() == label)
        row[column] = f"{float(row[column]) + 30.0:.1f}"
    balance(landed, table)
    assert landed.rules() == set()


def test_a_unit_that_lost_its_superscript_is_recognised(landed: Landed) -> None:
    table = rename(form("regional_balance.csv"), "万百万千焦", "1010 kj")
    balance(landed, table)
    assert landed.report.rows_quarantined == 0
    factor = f"select distinct to_unit_factor from raw.{BALANCE} where fuel_code = 'heat'"
    assert {abs(f) for (f,) in landed.query(factor)} == {10000.0}


def test_captions_between_blocks_are_no_data(landed: Landed) -> None:
    """A line with a unit above a value column, and no label, is neither landed nor refused."""
    table = form("regional_balance.csv")
    at = next(n for n, row in enumerate(table) if row[0].startswith("三、"))
    table.insert(at, ["", "", "", "单位：万吨", *[""] * (len(table[0]) - 4)])
    balance(landed, table)
    assert landed.report.rows_quarantined == 0
    assert landed.report.rows_accepted == 41 * 13


# --- printed again -----------------------------------------------------------------------------


def test_a_balance_printed_landed_and_printed_again_is_the_same(landed: Landed) -> None:
    """From codes and quantities alone, by the order and signs of the code table."""
    table = form("regional_balance.csv")
    balance(landed, table)
    items = {row["balance_item"]: row for row in read_rows("codes/balance_item_codes.csv")}
    aliases = read_vocabulary()
    fuels = [aliases.meaning("fuel", [text], {}).code for text in table[2][1:]]
    units = [aliases.unit_meaning(text).factor for text in table[3][1:]]
    kept = {
        (item, industry, fuel): quantity
        for item, industry, fuel, quantity in landed.query(
            "select balance_item, industry_code, fuel_code, number_text::double * to_unit_factor "
            f"from raw.{BALANCE}"
        )
    }
    rows = sorted({(item, industry) for item, industry, _ in kept})
    again = {}
    for item, industry in rows:
        sign = -1 if items[item]["stored_sign"] == "inputs_positive" else 1
        again[item, industry] = [
            ""
            if (quantity := kept[item, industry, fuel]) is None
            else f"{sign * quantity / factor + 0.0:.1f}"
            for fuel, factor in zip(fuels, units, strict=True)
        ]
    order = list(dict.fromkeys(landed.query(
        f"select balance_item, industry_code from raw.{BALANCE} order by _row_number"
    )))  # fmt: skip
    assert [again[row] for row in order] == [row[1:] for row in table[4:]]
    positions = [int(items[item]["position"]) for item, _ in order if item != "non_energy_use"]
    assert positions == sorted(positions)  # as the code table has them


# --- its sisters -------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "dataset"), SISTERS.items())
def test_a_sister_table_lands_by_three_answers_at_most(
    landed: Landed, name: str, dataset: str
) -> None:
    answers = SOURCE if name == "city_electricity.csv" else (*SOURCE, *REGION)
    answers += ("--leave-out",) if name == "industry_energy.csv" else ()  # its growth
    landed.table(form(name), dataset, *answers)
    printed = [row for row in form(name) if sum(bool(re.search(r"\d", t)) for t in row[1:]) > 0]
    assert landed.report.rows_quarantined == 0, landed.report.messages
    assert landed.report.rows_accepted >= len(printed) - 2


def test_one_fuel_lands_in_its_own_unit_and_in_standard_coal(landed: Landed) -> None:
    """Power at its equivalent value is another fuel than power at its calorific value."""
    dataset = SISTERS["electricity_balance.csv"]
    landed.table(form("electricity_balance.csv"), dataset, *SOURCE, *REGION)
    found = landed.query(
        f"select fuel_code, unit, year, number_text::double * to_unit_factor from raw.{dataset} "
        "where balance_item = 'thermal_power' order by all"
    )
    assert found == [
        ("electricity", "mwh", 2020, -405.0 * 1e5), ("electricity", "mwh", 2021, -450.0 * 1e5),
        ("electricity_equivalent", "tce", 2020, -1235.25 * 1e4),
        ("electricity_equivalent", "tce", 2021, -1372.5 * 1e4),
    ]  # fmt: skip
    landed.table(form("coal_balance.csv"), dataset, *SOURCE, *REGION)
    found = landed.query(
        f"select unit, number_text::double from raw.{dataset} "
        "where balance_item = 'primary_production' and year = 2021 order by all"
    )
    assert found == [("t", 800.0), ("tce", 571.44)]


@pytest.mark.parametrize("name", [n for n in SISTERS if n.startswith("comprehensive")])
def test_sectors_of_total_and_of_final_consumption_are_two_things(
    landed: Landed, name: str
) -> None:
    """Industry: 7602.0 of all energy used in 2020, of it so much in final use."""
    dataset = SISTERS[name]
    landed.table(form(name), dataset, *SOURCE, *REGION)
    found = dict(landed.query(
        f"select balance_item, number_text::double * sign(to_unit_factor) from raw.{dataset} "
        "where industry_code = 'BCD' and year = 2020"
    ))  # fmt: skip
    industry, final = (row for row in form(name) if "工" in row[0] and "业" in row[0] and row[3])
    assert found == {
        "consumption_by_sector": float(industry[3]),
        "final_consumption": float(final[3]),
    }
    (outflow,) = landed.query(
        f"select number_text::double * sign(to_unit_factor) from raw.{dataset} "
        "where balance_item = 'outflow' and year = 2020"
    )
    assert outflow == (-1000.0,)  # printed 1000.0 below 调出量(-)
    assert landed.query(
        f"select count(*) from raw.{dataset} where balance_item like 'transformation_loss_%'"
    ) == [(6,)]


def test_a_comprehensive_balance_that_does_not_add_up_is_refused(landed: Landed) -> None:
    name = "comprehensive_balance.csv"
    table = change(form(name), "2.工业", lambda number: number * 1.5)
    landed.table(table, SISTERS[name], *SOURCE, *REGION)
    assert landed.rules() == {"total_mismatch"}
    assert any("能源消费总量" in message for message in landed.report.messages)


def test_growth_beside_energy_by_industry_is_not_energy(landed: Landed) -> None:
    dataset = SISTERS["industry_energy.csv"]
    landed.table(form("industry_energy.csv"), dataset, *SOURCE, *REGION)
    assert landed.rules() == {"label_unknown"}  # unless it is left out, it is named
    found = landed.query(
        f"select distinct fuel_code, unit, balance_item, _column_number from raw.{dataset}"
    )
    assert found == [("energy_total", "tce", "industrial_energy_above_size", 2)]


def test_standard_coal_in_the_physical_balance_is_refused(landed: Landed) -> None:
    table = form("standard_balance.csv")
    balance(landed, table)
    assert "unit_mismatch" in landed.rules()


# --- sources -----------------------------------------------------------------------------------


def test_an_edition_of_a_yearbook_in_series_is_known_by_its_name() -> None:
    found = find_publication("shandong_yearbook_2022")
    assert found["publisher"] == "山东省统计局 (Shandong Bureau of Statistics)"
    assert found["title_zh"] == "山东统计年鉴2022" and found["edition_year"] == "2022"
    assert find_publication("energy_yearbook_2031")["edition_year"] == "2031"
    assert find_publication("atlantis_yearbook_2022") == {}
    assert find_publication("shandong_yearbook") == {}
