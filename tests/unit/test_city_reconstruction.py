"""The reconstructed city tables, read as any user would: one test for each constraint.

Nothing here is taken from the script but the last test, which runs it again.
"""

from __future__ import annotations

import csv
import math
import subprocess
import sys
from pathlib import Path

import numpy as np
import polars as pl
import pytest

ROOT = Path(__file__).resolve().parents[2]
SEEDS = ROOT / "seeds"
RAW = SEEDS / "raw"
YEARS = range(2016, 2021)
LEADING = ["苏州市", "南京市", "无锡市", "徐州市"]
WITHOUT_DIVISIONS = ["徐州市", "常州市", "淮安市", "泰州市"]
MARGIN = 1e-9
# Share of the province as the report prints it, and what rounding allows.
PRINTED_SHARE = 5e-4
TRANSFORMATION = [
    "火力发电", "供热", "煤炭洗选", "炼焦", "炼油及煤制油", "制气", "焦炭再投入量", "煤制品加工",
]  # fmt: skip
OTHER_ROWS = [*TRANSFORMATION, "损失量", "消费量合计", "用作原料、材料"]
NOT_FINAL = [*OTHER_ROWS, "规模以上工业能源消费量", "净调入电量"]
OUTSIDE_INDUSTRY = [
    "农、林、牧、渔业", "建筑业", "交通运输、仓储和邮政业", "批发和零售业、住宿和餐饮业",
    "其他", "城镇", "乡村",
]  # fmt: skip
# Factors of the report by printed column: 10^4 t CO2 per printed unit.
CO2 = {
    "原煤": 1.981, "洗精煤": 1.981, "其他洗煤": 1.981, "型煤": 1.947, "焦炭": 2.860,
    "焦炉煤气": 8.555, "其他焦化产品": 2.645, "汽油": 2.925, "煤油": 3.033,
    "柴油": 3.096, "燃料油": 3.170,
    "液化石油气": 3.101, "炼厂干气": 3.012, "其他石油制品": 3.005, "天然气": 21.622,
}  # fmt: skip
PURCHASED = {"电力": 7.035, "热力": 0.11}
# 10^4 tce per printed unit.
TCE = {
    "原煤": 0.7143, "洗精煤": 0.9, "其他洗煤": 0.3333, "型煤": 0.5286, "焦炭": 0.9714,
    "焦炉煤气": 5.93, "其他焦化产品": 1.3, "原油": 1.4286, "汽油": 1.4714, "煤油": 1.4714,
    "柴油": 1.4571, "燃料油": 1.4286, "液化石油气": 1.7143, "炼厂干气": 1.5714, "其他石油制品": 1.4,
    "天然气": 12.15, "热力": 0.03412, "电力": 1.229, "其他能源": 1.0,
}  # fmt: skip
COAL = ["原煤", "洗精煤", "其他洗煤", "型煤"]
OIL = ["原油", "汽油", "煤油", "柴油", "燃料油", "液化石油气", "炼厂干气", "其他石油制品"]
REPORT_COAL = ["原煤", "洗精煤", "其他洗煤"]


def cities(year: int) -> pl.DataFrame:
    """The city table of a year: 地区, 项目, then one column of numbers per fuel."""
    path = RAW / "city_yearbooks" / f"city_energy_{year}.csv"
    table = pl.read_csv(path, infer_schema=False, skip_rows_after_header=1)
    fuels = [name for name in table.columns if name not in ("地区", "项目")]
    return table.with_columns(pl.col(fuels).cast(pl.Float64).fill_null(0.0))


def province(year: int) -> dict[tuple[str, str], float]:
    """The provincial balance of a year by English row and Chinese fuel."""
    path = RAW / "energy_yearbook" / f"energy_balance_320000_{year}.csv"
    with path.open(encoding="utf-8", newline="") as handle:
        header, _, *lines = csv.reader(handle)
    return {
        (line[0], fuel): float(value or 0)
        for line in lines
        for fuel, value in zip(header[1:], line[1:], strict=True)
    }


def weighted(table: pl.DataFrame, factors: dict[str, float]) -> pl.DataFrame:
    return table.with_columns(
        pl.sum_horizontal(pl.col(fuel) * factor for fuel, factor in factors.items()).alias("sum")
    )


def by_city(table: pl.DataFrame, column: str = "sum") -> dict[str, float]:
    return dict(table.group_by("地区").agg(pl.col(column).sum()).iter_rows())


def printed(figure_id: str) -> float:
    with (SEEDS / "report" / "published_figures.csv").open(encoding="utf-8", newline="") as handle:
        return next(
            float(r["value"]) for r in csv.DictReader(handle) if r["figure_id"] == figure_id
        )


def is_final(table: pl.DataFrame) -> pl.DataFrame:
    return table.filter(~pl.col("项目").is_in(NOT_FINAL))


def is_industry(table: pl.DataFrame) -> pl.DataFrame:
    return is_final(table).filter(~pl.col("项目").is_in(OUTSIDE_INDUSTRY))


@pytest.mark.parametrize("year", YEARS)
def test_rows_add_up_to_the_province(year: int) -> None:
    """Every row and fuel, final use of industry as a whole, to 1e-9."""
    table, whole = cities(year), province(year)
    labels = {
        "火力发电": "Thermal Power", "供热": "Heating Supply", "煤炭洗选": "Coal Washing",
        "炼焦": "Coking", "炼油及煤制油": "Petroleum Refineries", "制气": "Gas Works",
        "焦炭再投入量": "Coke Input (-)", "损失量": "Loss", "消费量合计": "Total Consumption",
        "用作原料、材料": "Non-Energy Use", "建筑业": "Construction", "其他": "Other",
        "城镇": "Urban", "乡村": "Rural",
    }  # fmt: skip
    rows = list(dict.fromkeys(row for row, _ in whole))
    industry = rows[rows.index("Coal Mining and Dressing") : rows.index("Construction")]
    fuels = [name for name in table.columns if name not in ("地区", "项目")]
    compared = 0
    for fuel in fuels:
        sums = dict(table.group_by("项目").agg(pl.col(fuel).sum()).iter_rows())
        for label, row in labels.items():
            assert sums.get(label, 0.0) == pytest.approx(whole[row, fuel], rel=MARGIN, abs=1e-12)
            compared += whole[row, fuel] != 0
        total = sum(whole[row, fuel] for row in industry)
        assert is_industry(table)[fuel].sum() == pytest.approx(total, rel=MARGIN, abs=1e-12)
    assert compared > 80


@pytest.mark.parametrize("year", YEARS)
def test_no_division_exceeds_the_province(year: int) -> None:
    """Nine cities have divisions, so a division is at most the province's, and 39 is less."""
    table, whole = cities(year), province(year)
    sums = table.filter(pl.col("项目") == "计算机、通信和其他电子设备制造业")
    row = "Electronic and Telecommunications Equipment"
    assert sums["地区"].n_unique() == 9
    for fuel in ("电力", "原煤", "天然气"):
        assert 0 < sums[fuel].sum() < whole[row, fuel]


@pytest.mark.parametrize("year", YEARS)
def test_four_cities_have_no_divisions(year: int) -> None:
    table = is_industry(cities(year))
    for city in table["地区"].unique():
        labels = table.filter(pl.col("地区") == city)["项目"].to_list()
        assert (labels == ["工业"]) == (city in WITHOUT_DIVISIONS), city
    assert table["地区"].n_unique() == 13


@pytest.mark.parametrize("year", YEARS)
def test_value_added_adds_up_to_the_province(year: int) -> None:
    values = pl.read_csv(RAW / "city_yearbooks" / f"industrial_value_added_{year}.csv")
    total = pl.read_csv(RAW / "china_yearbook" / f"gdp_{year + 1}.csv")["工业"][0]
    assert values.height == 13
    if year == 2018:  # not printed: between its neighbours
        assert 34013.6 < values["工业增加值"].sum() < 37825.32
    else:
        assert values["工业增加值"].sum() == pytest.approx(float(total), rel=MARGIN)


@pytest.mark.parametrize("year", range(2018, 2021))
def test_electricity_has_the_shares_of_table_9_10(year: int) -> None:
    use = pl.read_csv(RAW / "jiangsu_yearbook" / "city_electricity_2025.csv", encoding="gb18030")
    share = dict(zip(use[use.columns[0]], use[str(year)] / use[str(year)].sum(), strict=True))
    table = by_city(is_final(cities(year)), "电力")
    total = sum(table.values())
    for city, value in table.items():
        assert value / total == pytest.approx(share[city], rel=1e-6)


def gross(year: int, factors: dict[str, float]) -> dict[str, float]:
    """Uses as the report counts them: final use, losses, inputs of transformation."""
    counted = [*TRANSFORMATION, "损失量"]
    counted.remove("焦炭再投入量")
    table = cities(year)
    uses = pl.concat([is_final(table), table.filter(pl.col("项目").is_in(counted))])
    uses = uses.with_columns(pl.when(pl.col(f) > 0).then(pl.col(f)).otherwise(0) for f in factors)
    return by_city(weighted(uses, factors))


def test_four_cities_have_the_printed_share_of_coal_and_stand_above_the_others() -> None:
    coal = gross(2020, dict.fromkeys(REPORT_COAL, 1.0))
    assert sum(coal.values()) == pytest.approx(25166.35, rel=1e-6)  # 25166.4 as printed
    share = sum(coal[city] for city in LEADING) / sum(coal.values())
    assert share == pytest.approx(printed("T22-002") / 100, abs=PRINTED_SHARE)
    others = max(value for city, value in coal.items() if city not in LEADING)
    assert min(coal[city] for city in LEADING) > 1.04 * others


def test_four_cities_have_the_printed_share_of_co2_and_stand_above_the_others() -> None:
    """Fuel by the report's factors and the electricity of total consumption at 0.7035."""
    co2 = gross(2020, CO2)
    table = cities(2020).filter(pl.col("项目") == "消费量合计")
    for city, electricity in by_city(table, "电力").items():
        co2[city] += electricity * PURCHASED["电力"]
    assert sum(co2.values()) == pytest.approx(90618.6, rel=1e-6)
    share = sum(co2[city] for city in LEADING) / sum(co2.values())
    assert share == pytest.approx(printed("T22-003") / 100, abs=PRINTED_SHARE)
    others = max(value for city, value in co2.items() if city not in LEADING)
    assert min(co2[city] for city in LEADING) > 1.04 * others


def table_2_1() -> dict[str, set[str]]:
    """City to the divisions that table 2-1 prints, by their name of 2017."""
    with (SEEDS / "reference" / "mappings" / "industry_aliases.csv").open(encoding="utf-8") as file:
        code = {row["alias"]: row["industry_code"] for row in csv.DictReader(file)}
    with (SEEDS / "reference" / "codes" / "industry_codes.csv").open(encoding="utf-8") as file:
        name = {row["industry_code"]: row["name_zh"] for row in csv.DictReader(file)}
    with (SEEDS / "reference" / "codes" / "region_codes.csv").open(encoding="utf-8") as file:
        region = {row["region_code"]: row["name_zh"] for row in csv.DictReader(file)}
    listed: dict[str, set[str]] = {}
    with (SEEDS / "report" / "published_figures.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["figure_id"].startswith("TB21-"):
                industry = name[code[row["value_text"]]]
                listed.setdefault(region[row["region_code"]], set()).add(industry)
    return listed


def test_table_2_1_follows_from_the_ranking() -> None:
    """The four largest by CO2 with electricity and heat bought; three do not reach 80 %."""
    listed = table_2_1()
    assert sum(map(len, listed.values())) == 36
    table = weighted(is_industry(cities(2020)), CO2 | PURCHASED).filter(
        pl.col("项目") != "电力、热力生产和供应业"
    )
    for city, industries in listed.items():
        ranked = table.filter(pl.col("地区") == city).sort("sum", descending=True)
        assert set(ranked["项目"][:4]) == industries, city
        shares = (ranked["sum"] / ranked["sum"].sum()).to_list()
        assert sum(shares[:3]) < 0.8
        assert shares[3] > 0.01
        assert shares[3] > 1.04 * shares[4]


def test_power_and_heat_are_made_everywhere_at_one_efficiency() -> None:
    """Output goes with the coal it is made of, so no city makes power of nothing."""
    table = cities(2020)
    for row, output in (("火力发电", "电力"), ("供热", "热力")):
        made = table.filter(pl.col("项目") == row)
        ratios = (made[output] / made["原煤"]).drop_nans()
        assert ratios.max() - ratios.min() < 1e-3 * abs(ratios.mean())


def industry_series() -> dict[str, dict[str, np.ndarray]]:
    """Value added, energy by kind and CO2 of each city's industry, 2016-2020."""
    found: dict[str, dict[str, np.ndarray]] = {}
    for position, year in enumerate(YEARS):
        table = cities(year)
        net = pl.concat(
            [is_industry(table), table.filter(pl.col("项目").is_in(["火力发电", "供热"]))]
        )
        kinds = {
            "energy": TCE,
            "coal": {fuel: TCE[fuel] for fuel in COAL},
            "oil": {fuel: TCE[fuel] for fuel in OIL},
            "gas": {"天然气": TCE["天然气"]},
            "co2": CO2 | PURCHASED,
        }
        values = pl.read_csv(RAW / "city_yearbooks" / f"industrial_value_added_{year}.csv")
        parts = {name: by_city(weighted(net, factors)) for name, factors in kinds.items()}
        parts["added"] = dict(values.iter_rows())
        for name, part in parts.items():
            for city, value in part.items():
                series = found.setdefault(city, {}).setdefault(name, np.zeros(len(YEARS)))
                series[position] = value
    return found


KNOWN = np.array([1.981 / 0.7143, 3.096 / 1.4571, 21.622 / 13.3])
PLANNED = {("镇江市", 0): 0.60, ("宿迁市", 0): 0.56, ("扬州市", 2): 0.09, ("泰州市", 2): 0.10}
RESIDUE = {"扬州市": 1, "镇江市": 7, "宿迁市": 13, "泰州市": 19}


def scenario(city: str, series: dict[str, np.ndarray]) -> dict[str, float]:
    """The report's Kaya model for 2025, from the definition (design, section 3.4)."""

    def trend(values: np.ndarray) -> float:
        return float(values[-1] * (values[-1] / values[0]) ** (5 / 4))

    intensity = series["energy"] / series["added"]
    shares = np.array([series[kind] / series["energy"] for kind in ("coal", "oil", "gas")])
    rest = 1 - shares[:, -1].sum()
    residual = (series["co2"][-1] / series["energy"][-1] - KNOWN @ shares[:, -1]) / rest
    added, at_trend = trend(series["added"]), trend(intensity)
    baseline = np.array([trend(row) for row in shares])
    assert baseline.sum() < 1
    low = baseline.copy()
    for (name, kind), value in PLANNED.items():
        if name == city:
            low[kind] = min(low[kind], value) if kind == 0 else max(low[kind], value)
    planned = min(at_trend, intensity[-1] * 0.83)

    def per_energy(mix: np.ndarray) -> float:
        return float(KNOWN @ mix + residual * (1 - mix.sum()))

    base, low_co2 = series["co2"][-1], added * planned * per_energy(low)
    mean = (low_co2 - base) / math.log(low_co2 / base)
    return {
        "added": added,
        "intensity": planned,
        "coal": low[0],
        "oil": low[1],
        "gas": low[2],
        "co2": low_co2,
        "potential": added * at_trend * per_energy(baseline) - low_co2,
        "growth": mean * math.log(added / series["added"][-1]),
        "efficiency": mean * math.log(planned / intensity[-1]),
        "structure": mean * math.log(per_energy(low) / per_energy(shares[:, -1])),
    }


@pytest.fixture(scope="module")
def scenarios() -> dict[str, dict[str, float]]:
    return {city: scenario(city, series) for city, series in industry_series().items()}


def test_every_city_has_a_potential_and_three_have_the_largest(scenarios) -> None:
    potentials = {city: row["potential"] for city, row in scenarios.items()}
    assert len(potentials) == 13
    assert min(potentials.values()) > 0
    largest = sorted(potentials, key=potentials.__getitem__, reverse=True)[:3]
    assert set(largest) == {"苏州市", "盐城市", "宿迁市"}


def test_growth_adds_efficiency_takes_off_most_and_structure_little(scenarios) -> None:
    for city, row in scenarios.items():
        assert row["growth"] > 0, city
        assert row["efficiency"] < 0, city
        assert abs(row["structure"]) < abs(row["efficiency"]), city


@pytest.mark.parametrize("city", RESIDUE)
def test_what_is_left_of_fig_4_1_holds_as_printed(city: str, scenarios) -> None:
    first = RESIDUE[city]
    for position, (name, scale, step) in enumerate(
        [
            ("co2", 1, 0.01),
            ("added", 1, 0.01),
            ("intensity", 1, 0.01),
            ("coal", 100, 0.01),
            ("oil", 100, 0.01),
            ("gas", 100, 0.01),
        ]
    ):
        value = printed(f"F41-{first + position:03d}")
        assert scenarios[city][name] * scale == pytest.approx(value, abs=step / 2), name


@pytest.mark.timeout(600)
def test_the_script_writes_the_same_bytes_again(tmp_path: Path) -> None:
    subprocess.run(
        [sys.executable, "-m", "orchestration.reconstruction", str(tmp_path)],
        cwd=ROOT,
        check=True,
    )
    written = sorted(path.name for path in tmp_path.iterdir())
    assert len(written) == 20
    for name in written:
        shipped = RAW / "city_yearbooks" / name
        assert (tmp_path / name).read_bytes() == shipped.read_bytes(), name
