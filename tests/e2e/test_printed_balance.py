"""The printed balance through the whole job: published, with the CO2 of the other arrangement."""

from __future__ import annotations

import csv
import hashlib
import shutil
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import homes
import pytest
from click.testing import CliRunner

from orchestration import cli
from orchestration.settings import PROJECT_ROOT, Home

FORMS = PROJECT_ROOT / "tests" / "fixtures" / "balances"
SHIPPED = PROJECT_ROOT / "seeds" / "raw" / "energy_yearbook" / "energy_balance_320000_2022.csv"
BALANCE = "energy_yearbook_energy_balance"
PRINTED, PRINTED_WITHOUT_DIVISIONS, FORM = "370000", "330000", "350000"
Row = list[Decimal | None]


def added(rows: list[Row]) -> Row:
    return [
        sum((n for n in column if n is not None), Decimal(0)) for column in zip(*rows, strict=True)
    ]


def printed_form(with_divisions: bool) -> list[list[str]]:
    """The shipped balance as the yearbook prints it; inflow or outflow closes its supply side."""
    with SHIPPED.open(encoding="utf-8", newline="") as handle:
        header, units, *body = csv.reader(handle)
    rows: dict[str, Row] = {
        row[0]: [Decimal(text) if text else None for text in row[1:]] for row in body
    }
    names = list(rows)
    sectors = names[1 : names.index("Inputs(+) outputs(-)")]
    farms, construction, transport, trade, others, towns, country = (
        sectors[0], *sectors[sectors.index("Construction"):]
    )  # fmt: skip
    divisions = sectors[1 : sectors.index("Construction")]

    def turned(name: str) -> Row:
        return [None if n is None else -n for n in rows[name]]

    total, loss = rows["Total Final Consumption"], rows["Loss"]
    supply = added([rows["Inputs(+) outputs(-)"], total, loss])
    none: Row = [None] * len(total)
    industry = added([rows[name] for name in divisions])
    table: list[tuple[str, Row]] = [
        ("一、可供本地区消费的能源量", supply),
        ("4.外省(区、市)调入量", [max(n, Decimal(0)) for n in supply]),
        ("7.本省(区、市)调出量(-)", [min(n, Decimal(0)) for n in supply]),
        ("二、加工转换投入(-)产出(+)量", turned("Inputs(+) outputs(-)")),
        ("1.火力发电", turned("Thermal Power")),
        ("2.供热", turned("Heating Supply")),
        ("3.煤炭洗选", turned("Coal Washing")),
        ("4.炼焦", turned("Coking")),
        ("5.炼油及煤制油", turned("Petroleum Refineries")),
        ("6.制气", turned("Gas Works")),
        ("  #焦炭再投入量(-)", turned("Coke Input (-)")),
        ("8.煤制品加工", turned("Briquettes")),
        ("三、损失量", loss),
        ("四、终端消费量", total),
        ("(一)第一产业", rows[farms]),
        ("  农、林、牧、渔业", rows[farms]),
        ("(二)第二产业", added([industry, rows[construction]])),
        ("  1.工业", industry),
        *((f"    {name}", rows[name]) for name in divisions if with_divisions),
        ("    #用作原料、材料", rows["Non-Energy Use"]),
        ("  2.建筑业", rows[construction]),
        ("(三)第三产业", added([rows[transport], rows[trade], rows[others]])),
        ("  1.交通运输、仓储和邮政业", rows[transport]),
        ("  2.批发、零售业和住宿、餐饮业", rows[trade]),
        ("  3.其他", rows[others]),
        ("(四)生活消费", added([rows[towns], rows[country]])),
        ("  1.城镇", rows[towns]),
        ("  2.乡村", rows[country]),
        ("五、平衡差额", [n and n * 0 for n in none]),
        ("六、消费量合计", rows["Total Consumption"]),
    ]
    title = ["地区能源平衡表（实物量）（2022年）", *[""] * len(total)]
    texts = [[label, *("" if n is None else f"{n}" for n in row)] for label, row in table]
    return [title, header, units, *texts]


@pytest.fixture(scope="module")
def database(
    tmp_path_factory: pytest.TempPathFactory,
    run_greenpark: Callable[..., Any],
    published_home: Home,
) -> Iterator[duckdb.DuckDBPyConnection]:
    folder = tmp_path_factory.mktemp("printed")
    data = folder / "data" / "yearbooks"
    data.mkdir(parents=True)

    def describe(path: Path, dataset: str, *answers: str) -> None:
        said = CliRunner().invoke(
            cli.main, ["describe", str(path), "--as", dataset, "--yes", *answers]
        )  # fmt: skip
        assert said.exit_code == 0, said.output

    for region, with_divisions in ((PRINTED, True), (PRINTED_WITHOUT_DIVISIONS, False)):
        path = data / f"balance_{region}.csv"
        with path.open("w", encoding="utf-8", newline="") as handle:
            csv.writer(handle).writerows(printed_form(with_divisions))
        describe(path, BALANCE, "--source-id", "energy_yearbook_2023", "--set", f"region={region}")
    forms = {
        "regional_balance.csv": BALANCE,
        "standard_balance.csv": "provincial_yearbooks_standard_balance",
        "electricity_balance.csv": "provincial_yearbooks_fuel_balance",
        "comprehensive_balance.csv": "provincial_yearbooks_comprehensive_balance",
        "industry_energy.csv": "provincial_yearbooks_industry_energy",
        "industry_fuel_use.csv": "provincial_yearbooks_industry_fuel_use",
    }
    for name, dataset in forms.items():
        shutil.copyfile(FORMS / name, data / name)
        answers = ("--source-id", "fujian_yearbook_2022", "--set", f"region={FORM}", "--leave-out")
        describe(data / name, dataset, *answers)
    printed = data / f"balance_{PRINTED}.csv"
    sha256 = hashlib.sha256(printed.read_bytes()).hexdigest()
    # Two tables of the same figures are a copy, unless somebody says that they are meant.
    (folder / "data" / "corrections.csv").write_text(
        "correction_id,action,file_name,sheet_name,row_number,column_number,column_name,rule,"
        "expected_text,replacement_text,reason_zh,reason_en,decided_by,decided_on,expires_on,source_id\n"
        f"c1,accept,yearbooks/balance_{PRINTED}.csv,,,,,content_copied,{sha256},,同一张表的两种印法,"
        "one table printed in two ways,test,2026-01-31,9999-12-31,\n",
        encoding="utf-8",
    )
    home = homes.keeping(published_home, folder / "home")
    done = run_greenpark("refresh", "--home", home.root, "--data", folder / "data")
    assert done.returncode == 0, done.stdout + done.stderr
    with duckdb.connect(str(home.database), read_only=True) as connection:
        yield connection


def test_everything_printed_lands(database: duckdb.DuckDBPyConnection) -> None:
    refused = "select file_name, rule, message from quality.quarantine"
    assert database.execute(refused).fetchall() == []


CO2 = """
    select balance_item, industry_code, fuel_code, scope, round(sum(co2_t), 3) as co2_t
    from all_levels.region_co2
    where region_code = ? and year = 2022 and method = 'ceads'
    group by all having sum(co2_t) <> 0 order by all
"""


def test_the_printed_balance_gives_the_same_co2(database: duckdb.DuckDBPyConnection) -> None:
    """Row by row: by sector, fuel and row of the balance, to the kilogram."""
    arranged = database.execute(CO2, ["320000"]).fetchall()
    assert len(arranged) > 200
    assert database.execute(CO2, [PRINTED]).fetchall() == arranged


def test_without_divisions_only_the_factors_of_industry_differ(
    database: duckdb.DuckDBPyConnection,
) -> None:
    """One row of industry has one factor and one feedstock; all that is no industry is the same.

    CEADs has an oxidation rate for each division, so the one row of industry is a few per cent off.
    """

    def rest(region: str) -> list[tuple[Any, ...]]:
        return database.execute(
            CO2.replace("group by all having", """
                and industry_code not in (
                    select industry_code from reference.industries
                    where is_industrial and industry_code <> '44'
                )
                and balance_item <> 'final_consumption' or (
                    region_code = $1 and year = 2022 and method = 'ceads'
                    and industry_code in ('A', 'E', 'G', 'FH', 'IS', 'RES_U', 'RES_R')
                )
                group by all having"""),
            [region],
        ).fetchall()  # fmt: skip

    def burnt(region: str) -> list[tuple[Any, ...]]:
        return database.execute(
            """
            select fuel_code, round(sum(quantity), 3) from all_levels.region_energy
            where
                region_code = ? and year = 2022 and balance_item = 'final_consumption'
                and is_latest_vintage and not is_aggregate and quantity <> 0
            group by all order by all
            """,
            [region],
        ).fetchall()

    assert rest(PRINTED_WITHOUT_DIVISIONS) == rest("320000") != []
    assert burnt(PRINTED_WITHOUT_DIVISIONS) == burnt("320000") != []
    totals = dict(
        database.execute(
            "select region_code, co2_t from all_levels.region_year "
            "where year = 2022 and method = 'ceads'"
        ).fetchall()
    )
    assert totals[PRINTED] == pytest.approx(totals["320000"], rel=1e-12)
    assert totals[PRINTED_WITHOUT_DIVISIONS] == pytest.approx(totals["320000"], rel=0.05)


def test_region_balance_has_the_printed_form_in_standard_coal(
    database: duckdb.DuckDBPyConnection,
) -> None:
    """Raw coal at 0.7143: mined 800.0, supply 3350.0, net inflow 2600.4 + 150.0 - 210.6 - 12.3."""
    found = database.execute(
        """
        select primary_production_tce, supply_tce, net_inflow_tce, stock_change_tce,
            net_transformation_input_tce, difference_tce, self_sufficiency_rate
        from all_levels.region_balance
        where region_code = ? and year = 2021 and fuel_code = 'raw_coal'
        """,
        [FORM],
    ).fetchone()
    expected = [800.0, 3350.0, 2527.5, 22.5, 2525.2, 14.8]
    assert found[:6] == pytest.approx([n * 1e4 * 0.7143 for n in expected])
    assert found[6] == pytest.approx(800.0 / 3350.0)
    total = database.execute(
        """
        select
            supply_tce - net_transformation_input_tce - loss_tce - final_consumption_tce
            - difference_tce,
            supply_tce, transformation_output_tce < transformation_input_tce
        from all_levels.region_balance
        where region_code = ? and year = 2021 and fuel_code = 'energy_total'
        """,
        [FORM],
    ).fetchone()
    assert total[0] == pytest.approx(0, abs=1e-9 * total[1]) and total[2]


def test_the_supply_side_is_in_region_energy(database: duckdb.DuckDBPyConnection) -> None:
    found = database.execute(
        """
        select balance_item, quantity from all_levels.region_energy
        where
            region_code = ? and year = 2021 and fuel_code = 'diesel'
            and balance_item in (
                select balance_item from reference.balance_items
                where block in ('supply', 'bunkers')
            )
            and quantity is not null
        order by all
        """,
        [FORM],
    ).fetchall()
    assert dict(found) == {
        "supply_total": 325000.0, "opening_stock": 120000.0, "inflow": 1400000.0,
        "bunkers_chinese_abroad": 30000.0, "outflow": -900000.0, "exports": -200000.0,
        "bunkers_foreign_in_china": -15000.0, "closing_stock": -110000.0,
    }  # fmt: skip


def test_the_sister_tables_are_published(database: duckdb.DuckDBPyConnection) -> None:
    found = {
        name
        for (name,) in database.execute(
            "select distinct table_name from all_levels.region_energy_published"
        ).fetchall()
    }
    assert found == {
        "standard_balance", "fuel_balance", "comprehensive_balance", "industry_energy",
        "industry_fuel_use",
    }  # fmt: skip
    equal = database.execute(
        """
        select max(abs(standard.energy_tce - physical.energy_tce) / 1e4)
        from all_levels.region_energy_published as standard
        inner join all_levels.region_energy as physical
            using (region_code, year, balance_item, industry_code, fuel_code)
        where
            standard.table_name = 'standard_balance' and fuel_code = 'raw_coal'
            and standard.balance_item <> 'total_consumption'
        """
    ).fetchone()
    assert equal[0] < 0.05  # rounding of the standard quantity to 0.01, some rows of it added
