"""Balances and their sister tables as yearbooks print them, with the sidecars that are proposed."""

from __future__ import annotations

import csv
import hashlib
import shutil
from decimal import Decimal
from pathlib import Path

from click.testing import CliRunner

from orchestration import cli
from orchestration.settings import PROJECT_ROOT

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


def write_all(folder: Path) -> None:
    """The shipped balance of a year in two printed forms, and the forms of another province."""
    data = folder / "yearbooks"
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
    (folder / "corrections.csv").write_text(
        "correction_id,action,file_name,sheet_name,row_number,column_number,column_name,rule,"
        "expected_text,replacement_text,reason_zh,reason_en,decided_by,decided_on,expires_on,source_id\n"
        f"c1,accept,yearbooks/balance_{PRINTED}.csv,,,,,content_copied,{sha256},,同一张表的两种印法,"
        "one table printed in two ways,test,2026-01-31,9999-12-31,\n",
        encoding="utf-8",
    )
