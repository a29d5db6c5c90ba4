"""Other people's data, as they are landed beside the shipped.

The balances are the shipped ones of a year, scaled and with single rows changed, so that every
identity of a balance still holds; those of Shanxi and Sichuan (PRINTED) are the printed ones.
"""

from __future__ import annotations

import csv
import hashlib
from pathlib import Path

import yaml

from benchmarks import parks, provinces
from orchestration.settings import PROJECT_ROOT

Changes = dict[tuple[str, str], float]
SHIPPED = PROJECT_ROOT / "seeds" / "raw" / "energy_yearbook"
PRINTED = PROJECT_ROOT / "tests" / "fixtures" / "provinces"
REPORTS = PROJECT_ROOT / "tests" / "fixtures" / "reports"
ENTERPRISES = (1, 2, 10, 11)
# The rows that a change of one row of the transformation goes through to.
ABOVE = ("Inputs(+) outputs(-)", "Total Consumption")
COAL_PROVINCE, NET_SELLER, WITH_A_HOLE = "610000", "460000", "530000"
# Of about the size of the product of 2018-2020; made up.
GDP = {
    "610000": [(2016, 11946, 4200), (2020, 17835, 6700)],
    "460000": [(2016, 3982, 1050), (2020, 5945, 1675)],
    "140000": [(2018, 16000, 6000), (2019, 17000, 6300), (2020, 17700, 6600)],
    "510000": [(2018, 43000, 12200), (2019, 46400, 13400), (2020, 48600, 13400)],
}


def describe(path: Path, dataset: str, layout: dict, **words: object) -> None:
    sidecar = {
        "dataset": dataset,
        "source_id": f"test_{dataset}",
        "publisher": "test",
        "title_zh": "测试",
        "title_en": "Test",
        "edition_year": 2021,
        "encoding": "utf-8",
        "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
        "licence": "made up",
        "origin": "observed",
        "url_or_citation": "tests/e2e/foreign.py",
        "layout": layout,
    } | words
    path.with_suffix(".yml").write_text(
        yaml.safe_dump(sidecar, allow_unicode=True), encoding="utf-8"
    )


def balance(folder: Path, region: str, year: int, scale: float, changes: Changes) -> None:
    """The shipped balance of the year, each number times `scale`, some rows changed by so much."""
    name = f"energy_balance_320000_{year}"
    with (SHIPPED / f"{name}.csv").open(encoding="utf-8", newline="") as handle:
        header, units, *rows = csv.reader(handle)
    added: dict[tuple[str, str], float] = {}
    for (item, fuel), change in changes.items():
        for row in (item, *ABOVE):
            added[row, fuel] = added.get((row, fuel), 0) + change
    path = folder / f"energy_balance_{region}_{year}.csv"
    with path.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.writer(handle)
        writer.writerows([header, units])
        for item, *cells in rows:
            # The share of losses is a ratio and stays.
            factor = 1 if item.startswith("%") else scale
            numbers = [
                (float(cell or 0) * factor + added.pop((item, fuel), 0)) if cell or change else None
                for fuel, cell in zip(header[1:], cells, strict=True)
                for change in [(item, fuel) in added]
            ]
            writer.writerow([item, *("" if n is None else round(n, 9) for n in numbers)])
    assert added == {}
    shipped = yaml.safe_load((SHIPPED / f"{name}.yml").read_text(encoding="utf-8"))
    layout = shipped["layout"] | {"constants": {"region": region, "year": year}}
    describe(
        path,
        "energy_yearbook_energy_balance",
        layout,
        edition_year=year + 1,
        source_id=f"test_balance_{region}_{year}",
    )


def product(folder: Path) -> None:
    path = folder / "gdp_of_others.csv"
    lines = ["地区,年份,地区生产总值,工业"]
    lines += [f"{code},{year},{a},{b}" for code, rows in GDP.items() for year, a, b in rows]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    layout = {
        "kind": "matrix",
        "header_rows": 1,
        "first_data_row": 2,
        "row_labels": {1: "region", 2: "year"},
        "column_labels": "indicator",
        "unit": "亿元",
    }
    describe(path, "china_yearbook_gdp", layout)


def unreadable(folder: Path) -> None:
    """A balance in which one number of coal cannot be read; the total leaves room for it."""
    balance(folder, WITH_A_HOLE, 2020, 0.0613, {})
    path = folder / f"energy_balance_{WITH_A_HOLE}_2020.csv"
    with path.open(encoding="utf-8", newline="") as handle:
        rows = list(csv.reader(handle))
    (row,) = (row for row in rows if row[0] == "Nonmetal Mineral Products")
    row[1] = "see note"
    with path.open("w", encoding="utf-8", newline="") as handle:
        csv.writer(handle).writerows(rows)
    sidecar = path.with_suffix(".yml")
    said = yaml.safe_load(sidecar.read_text(encoding="utf-8"))
    said["sha256"] = hashlib.sha256(path.read_bytes()).hexdigest()
    sidecar.write_text(yaml.safe_dump(said, allow_unicode=True), encoding="utf-8")


def write_all(data: Path) -> None:
    """A coal province, one that sells power, one with a hole, three of three years, parks."""
    for year in (2016, 2020):
        # 600 Mt of raw coal washed: method report_2023 counts all of it, the others none.
        balance(data, COAL_PROVINCE, year, 1.0731, {("Coal Washing", "原煤"): 60_000})
    balance(data, NET_SELLER, 2016, 0.0123, {})
    # Gas-fired plants that send out more power than industry uses.
    sold = {("Thermal Power", "天然气"): 60, ("Thermal Power", "电力"): -300}
    balance(data, NET_SELLER, 2020, 0.0127, sold)
    product(data)
    for count in ENTERPRISES:
        parks.generate(data / f"parks_{count}", 1, 5, count, prefix=f"E{count:02}_")
    unreadable(data)
    provinces.generate(data / "provinces", 4, 3, taken=("140000",))
