"""A method as a new user adds it: a folder; and one with carriers of its own, in standard coal."""

from __future__ import annotations

import csv
import hashlib
from pathlib import Path

import yaml

from orchestration.landing.map.catalogue import read_rows

OWN = "m5"
CITY, YEAR = "320300", 2023
# 100 and 10 x 10^4 tce of the industry that stands first in a balance; a second city, because one
# alone has no concentration.
TABLE = """地区,项目,煤炭类,电力类
,单位,万吨标准煤,万吨标准煤
徐州市,农、林、牧、渔业,100,10
常州市,农、林、牧、渔业,60,5
"""
CARRIERS = {
    "codes/fuel_codes.csv": [
        ["c_coal", "煤炭类", "Coal group", "coal", "tce", "false", "false"],
        ["c_power", "电力类", "Power group", "electricity", "tce", "false", "false"],
    ],
    "mappings/fuel_aliases.csv": [["煤炭类", "c_coal", "own"], ["电力类", "c_power", "own"]],
    "factors/tce_factors.csv": [
        f"nbs_balance,{fuel},tce,1,1,1,observed,gb_t_2589_2008,sourced,".split(",")
        for fuel in ("c_coal", "c_power")
    ],
}
CO2_HEADING = (
    "fuel_code,industry_code,year_from,year_to,unit,ncv_gj_per_unit,carbon_content_tc_per_gj,"
    "oxidation_rate,co2_t_per_unit,origin,source_id,confidence,note"
)
CLASSES = sorted({row["sector_class"] for row in read_rows("codes/industry_codes.csv")})
RULES_HEADING = "account,balance_item,fuel_code,take,weight,scope,allocation_group,note"


def append(path: Path, rows: list[list[str]]) -> None:
    with path.open("a", encoding="utf-8", newline="") as handle:
        csv.writer(handle, lineterminator="\n").writerows(rows)


def write(path: Path, *lines: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def add_method(project: Path) -> None:
    """The carriers, a word on them from every method, and the folder of the new method."""
    reference = project / "seeds" / "reference"
    for name, rows in CARRIERS.items():
        append(reference / name, rows)
    with (reference / "codes" / "fuel_codes.csv").open(encoding="utf-8", newline="") as handle:
        fuels = [r["fuel_code"] for r in csv.DictReader(handle) if r["is_aggregate"] == "false"]
    for folder in (reference / "methods").iterdir():
        append(
            folder / "fuels.csv",
            [[fuel, "false", "false", f"carrier of {OWN}"] for fuel in ("c_coal", "c_power")],
        )
    own = reference / "methods" / OWN
    write(
        own / "method.csv",
        "name_zh,name_en,description_zh,description_en,industrial_basis,source_id",
        "第五种方法,Fifth method,按品种组折标计量,carriers by group in standard coal,"
        "balance_divisions,ipcc_2006",
    )
    write(
        own / "fuels.csv",
        "fuel_code,is_counted,is_coal,reason",
        *(
            f"{fuel},{fuel == 'c_coal'},{fuel == 'c_coal'},"
            f"{'' if fuel == 'c_coal' else 'counted by group'}".replace("True", "true").replace(
                "False", "false"
            )
            for fuel in fuels
        ),
    )
    write(
        own / "counting_rules.csv",
        RULES_HEADING,
        "territorial,final_consumption,,all,1,1,,",
        "territorial,final_consumption,c_power,all,1,2,,",
    )
    write(
        own / "co2_factors.csv",
        CO2_HEADING,
        "c_coal,,1990,,tce,,,,2.5,derived,ipcc_2006,,",
        "c_power,,1990,,tce,,,,5.0,derived,ipcc_2006,,",
    )
    write(
        own / "ch4_n2o_factors.csv",
        "fuel_code,sector_class,ch4_kg_per_gj,n2o_kg_per_gj,origin,source_id",
        *(f"c_coal,{sector_class},0.01,0.0015,reconstructed,ipcc_2006" for sector_class in CLASSES),
    )


def add_data(data: Path) -> None:
    folder = data / "city_yearbooks"
    folder.mkdir(parents=True)
    (folder / "city_groups.csv").write_text(TABLE, encoding="utf-8")
    sidecar = {
        "dataset": "city_yearbooks_city_energy",
        "source_id": "own_yearbook",
        "publisher": "own",
        "title_zh": "自有表",
        "title_en": "Own table",
        "edition_year": YEAR,
        "table_number": "groups",
        "licence": "own",
        "origin": "observed",
        "url_or_citation": "made for a test",
        "sha256": hashlib.sha256(TABLE.encode()).hexdigest(),
        "layout": {
            "kind": "matrix",
            "header_rows": 1,
            "unit_row": 2,
            "first_data_row": 3,
            "row_labels": {1: "region", 2: "item"},
            "column_labels": "fuel",
            "constants": {"year": YEAR},
        },
    }
    (folder / "city_groups.yml").write_text(
        yaml.safe_dump(sidecar, allow_unicode=True), encoding="utf-8"
    )
