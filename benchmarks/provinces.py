"""Balances of many provinces, made up from the shipped one, through the whole job.

    python -m benchmarks.provinces [--provinces 30] [--years 9] [--without-gdp] [--as-of-vintage Y]

Writes a balance per province and year (the shipped balance of that year, its fuels scaled apart, so
that every identity of a fuel still holds) and their product, publishes the shipped data alone and
with them, and prints how much longer the second takes. The seed of the scales is fixed, so the same
size is the same data on every machine. The shipped province counts as one of the provinces. With
--folder the data and the homes stay there.
"""

from __future__ import annotations

import argparse
import csv
import json
import random
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

import yaml

from benchmarks.case import BIN, Case, machine_line
from benchmarks.landing import describe
from orchestration.landing.map.catalogue import read_rows
from orchestration.settings import PROJECT_ROOT

BALANCES = PROJECT_ROOT / "seeds" / "raw" / "energy_yearbook"
MADE_UP = "benchmarks/provinces.py"
SEED = 2260
# A province is 10 % to 120 % of the shipped one, a fuel 20 % more or less than its province.
PROVINCE_SCALE, FUEL_SCALE, YEAR_SCALE = (0.1, 1.2), (0.8, 1.2), (0.97, 1.03)
GDP_AT_FULL_SCALE_100M_CNY, GDP_GROWTH = 70_000, 1.06
GDP_LAYOUT = {
    "kind": "matrix",
    "header_rows": 1,
    "first_data_row": 2,
    "row_labels": {1: "region", 2: "year"},
    "column_labels": "indicator",
    "unit": "亿元",
}


def generate(
    folder: Path, provinces: int, years: int, with_gdp: bool = True, taken: Iterable[str] = ()
) -> int:
    """Write the data of `provinces` less the shipped one below `folder`; the number of files.

    The codes in `taken` are left to others.
    """
    folder.mkdir(parents=True, exist_ok=True)
    shipped = sorted(BALANCES.glob("energy_balance_*.csv"))[-years:]
    sidecars = {
        path: yaml.safe_load(path.with_suffix(".yml").read_text("utf-8")) for path in shipped
    }
    own = {sidecar["layout"]["constants"]["region"] for sidecar in sidecars.values()}
    codes = [
        row["region_code"]
        for row in read_rows("codes/region_codes.csv")
        if row["level"] == "province" and row["region_code"] not in own.union(taken)
    ][: provinces - len(own)]
    chance = random.Random(SEED)
    product: list[list[object]] = []
    for code in codes:
        size = chance.uniform(*PROVINCE_SCALE)
        fuels: dict[str, float] = {}
        for number, (path, sidecar) in enumerate(sidecars.items()):
            layout = dict(sidecar["layout"])
            year = layout["constants"]["year"]
            layout["constants"] = {"region": code, "year": year}
            drift = size * chance.uniform(*YEAR_SCALE)
            with path.open(encoding="utf-8", newline="") as handle:
                header, units, *rows = csv.reader(handle)
            for fuel in header[1:]:
                fuels.setdefault(fuel, chance.uniform(*FUEL_SCALE))
            scales = [drift * fuels[fuel] for fuel in header[1:]]
            made = folder / f"energy_balance_{code}_{year}.csv"
            with made.open("w", encoding="utf-8", newline="") as handle:
                writer = csv.writer(handle, lineterminator="\n")
                writer.writerows([header, units])
                writer.writerows([item, *_scaled(item, cells, scales)] for item, *cells in rows)
            describe(
                made,
                sidecar["dataset"],
                layout,
                MADE_UP,
                edition_year=sidecar["edition_year"],
                source_id=f"benchmark_{sidecar['edition_year']}",
            )
            gdp = GDP_AT_FULL_SCALE_100M_CNY * size * GDP_GROWTH**number
            product.append([code, year, round(gdp, 2), round(gdp * 0.38, 2)])
    if with_gdp:
        # One file an edition: as of a past one its years are known and no later ones.
        for year, lines in (
            (y, [p for p in product if p[1] == y]) for y in {p[1] for p in product}
        ):
            path = folder / f"gdp_{year}.csv"
            with path.open("w", encoding="utf-8", newline="") as handle:
                writer = csv.writer(handle, lineterminator="\n")
                writer.writerows([["地区", "年份", "地区生产总值", "工业"], *lines])
            edition = {"edition_year": year + 1, "source_id": f"benchmark_{year + 1}"}
            describe(path, "china_yearbook_gdp", GDP_LAYOUT, MADE_UP, **edition)
    return len(list(folder.glob("*.csv")))


def _scaled(item: str, cells: list[str], scales: list[float]) -> list[object]:
    """A row of the balance in another size; a share of losses (`% Loss`) has none."""
    return [
        cell if not cell or item.startswith("%") else repr(float(cell) * scale)
        for cell, scale in zip(cells, scales, strict=True)
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--provinces", type=int, default=30)
    parser.add_argument("--years", type=int, default=9)
    parser.add_argument("--without-gdp", action="store_true")
    parser.add_argument("--as-of-vintage", type=int, metavar="YEAR")
    parser.add_argument("--folder", type=Path, help="where data and homes stay")
    arguments = parser.parse_args()
    as_of = ["--as-of-vintage", str(arguments.as_of_vintage)] if arguments.as_of_vintage else []
    with tempfile.TemporaryDirectory() as temporary:
        folder = arguments.folder or Path(temporary)
        data = folder / "data"
        files = generate(data, arguments.provinces, arguments.years, not arguments.without_gdp)
        figures = []
        for name, also in (("one", []), ("many", ["--data", str(data)])):
            home = folder / name
            command = [str(BIN / "greenpark"), "refresh", "--home", str(home), *also, *as_of]
            case = Case(name, command, {})
            print(case.run(), file=sys.stderr)
            steps = json.loads((home / "logs" / "timings.json").read_text(encoding="utf-8"))
            figures.append((case.seconds[0], steps["transform"], case.memory[0] / 2**20))
    (one, one_dbt, one_peak), (many, many_dbt, many_peak) = figures
    print(
        f"{machine_line()}\n\n"
        "| provinces | years | product | as of | files | seconds, one and all | ratio "
        "| of which dbt | ratio | peak, MiB |\n"
        "| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |\n"
        f"| {arguments.provinces} | {arguments.years} | {'no' if arguments.without_gdp else 'yes'} "
        f"| {arguments.as_of_vintage or 'latest'} | {files} | {one:.0f}, {many:.0f} "
        f"| {many / one:.2f} | {one_dbt:.0f}, {many_dbt:.0f} | {many_dbt / one_dbt:.2f} "
        f"| {one_peak:.0f}, {many_peak:.0f} |"
    )


if __name__ == "__main__":
    main()
