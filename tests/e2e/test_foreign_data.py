"""Other people's data beside the shipped: what is doubtful is marked, all else is published.

The balances are the shipped ones of a year, scaled and with single rows changed, so that every
identity of a balance still holds.
"""

from __future__ import annotations

import csv
import hashlib
import subprocess
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest
import yaml

from benchmarks.parks import generate
from orchestration.publishing.releases import open_reader
from orchestration.settings import PROJECT_ROOT, Home

Run = Callable[..., subprocess.CompletedProcess[str]]
Changes = dict[tuple[str, str], float]
SHIPPED = PROJECT_ROOT / "seeds" / "raw" / "energy_yearbook"
ENTERPRISES = (1, 2, 10, 11)
# The rows that a change of one row of the transformation goes through to.
ABOVE = ("Inputs(+) outputs(-)", "Total Consumption")
COAL_PROVINCE, NET_SELLER = "140000", "460000"


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
        "url_or_citation": "tests/e2e/test_foreign_data.py",
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
    lines += [f"山西,{year},{gdp},{industry}" for year, gdp, industry in GDP]
    lines += [f"海南,{year},{gdp / 3},{industry / 4}" for year, gdp, industry in GDP]
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


GDP = [(2016, 11946, 4200), (2020, 17835, 6700)]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory, run_greenpark: Run) -> Home:
    """Published from the shipped data, a coal province, a province that sells power, four parks."""
    data = tmp_path_factory.mktemp("foreign")
    for year in (2016, 2020):
        # 600 Mt of raw coal washed: method report_2023 counts all of it, the others none.
        balance(data, COAL_PROVINCE, year, 1.0731, {("Coal Washing", "原煤"): 60_000})
    balance(data, NET_SELLER, 2016, 0.0123, {})
    # Gas-fired plants that send out more power than industry uses.
    sold = {("Thermal Power", "天然气"): 60, ("Thermal Power", "电力"): -300}
    balance(data, NET_SELLER, 2020, 0.0127, sold)
    product(data)
    for count in ENTERPRISES:
        generate(data / f"parks_{count}", 1, 5, count, prefix=f"E{count:02}_")
    home = Home.resolve(tmp_path_factory.mktemp("home"))
    done = run_greenpark("refresh", "--home", home.root, "--data", data)
    assert done.returncode == 0, done.stdout + done.stderr
    return home


@pytest.fixture
def reader(home: Home) -> duckdb.DuckDBPyConnection:
    with open_reader(home) as connection:
        yield connection


def test_everything_landed(reader: duckdb.DuckDBPyConnection) -> None:
    refused = "select file_name, rule, message from quality.quarantine"
    assert reader.execute(refused).fetchall() == []


def test_nothing_critical_failed(reader: duckdb.DuckDBPyConnection) -> None:
    failed = "select rule_id from quality.audit_results where severity = 'critical' and not success"
    assert reader.execute(failed).fetchall() == []


def test_the_doubtful_method_of_the_coal_province_is_marked_and_no_other(
    reader: duckdb.DuckDBPyConnection,
) -> None:
    doubts = reader.execute(
        """
        select distinct region_code, year, method from quality.doubtful_rows
        where rule_id = 'region_co2_size_of_a_province' and region_code = ?
        order by all
        """,
        [COAL_PROVINCE],
    ).fetchall()
    assert doubts == [(COAL_PROVINCE, 2016, "report_2023"), (COAL_PROVINCE, 2020, "report_2023")]
    marked = dict(
        reader.execute(
            """
            select method, is_doubtful from indicators.region_year
            where region_code = ? and year = 2020
            """,
            [COAL_PROVINCE],
        ).fetchall()
    )
    assert marked == {
        "report_2023": True,
        "ceads": False,
        "ipcc_2006": False,
        "provincial_guideline_2011": False,
    }
    ((largest,),) = reader.execute(
        "select max(co2_t) from indicators.region_year where region_code = ?", [COAL_PROVINCE]
    ).fetchall()
    assert largest > 2e9


def test_nobody_else_is_in_doubt(reader: duckdb.DuckDBPyConnection) -> None:
    for table in ("region_year", "kaya_factors", "scenarios"):
        others = f"select distinct region_code from indicators.{table} where is_doubtful"
        assert {code for (code,) in reader.execute(others).fetchall()} <= {
            COAL_PROVINCE,
            NET_SELLER,
        }
    shipped = "select count(*) from indicators.region_year where region_code = '320000'"
    assert reader.execute(shipped).fetchone() > (0,)


def test_who_sells_more_power_than_industry_uses_has_no_scenario_and_a_reason(
    reader: duckdb.DuckDBPyConnection,
) -> None:
    ((share,),) = reader.execute(
        """
        select other_share from indicators.kaya_factors
        where region_code = ? and year = 2020 and method = 'report_2023'
        """,
        [NET_SELLER],
    ).fetchall()
    assert share < 0
    coverage = reader.execute(
        """
        select distinct has_scenario, refusal, refusal_zh is not null and refusal_en is not null
        from quality.scenario_coverage where region_code = ? and method = 'report_2023'
        """,
        [NET_SELLER],
    ).fetchall()
    assert coverage == [(False, "sells_energy", True)]
    projected = reader.execute(
        "select distinct method from indicators.scenarios where region_code = ? order by all",
        [NET_SELLER],
    ).fetchall()
    assert ("report_2023",) not in projected and projected
    start = reader.execute(
        """
        select count(*), max(abs(scenarios.co2_t / factors.co2_t - 1)) < 1e-9
        from indicators.scenarios
        join indicators.kaya_factors as factors using (region_code, year, method)
        where scenarios.year = scenarios.base_year
        """
    ).fetchone()
    assert start[0] > 0 and start[1]


@pytest.mark.parametrize("count", ENTERPRISES)
def test_a_park_of_few_enterprises_is_published(
    reader: duckdb.DuckDBPyConnection, count: int
) -> None:
    rows = reader.execute(
        """
        select year, top10_enterprise_share from indicators.park_year
        where park_id = ? and method = 'report_2023' order by year
        """,
        [f"E{count:02}_00000"],
    ).fetchall()
    assert [year for year, _ in rows] == [2016, 2017, 2018, 2019, 2020]
    for _, share in rows:
        if count <= 10:
            assert share == pytest.approx(1, rel=1e-12)
        else:
            assert 0 < share < 1


def test_any_two_parks_are_compared_by_the_macro(reader: duckdb.DuckDBPyConnection) -> None:
    compared = reader.execute(
        "select point, other_value from indicators.compare_parks('E10_00000', 'E11_00000') "
        "where method = 'report_2023' order by sort"
    ).fetchall()
    own = reader.execute(
        "select point, point_value from indicators.park_points "
        "where park_id = 'E11_00000' and method = 'report_2023' order by sort"
    ).fetchall()
    assert compared == own and len(own) == 15
    listed = reader.execute(
        """
        select * from indicators.compare_parks('P03', 'P15')
        except
        select * from indicators.park_comparison
        """
    ).fetchall()
    assert listed == []
    ((parks,),) = reader.execute(
        "select count(distinct park_id) from indicators.park_comparison"
    ).fetchall()
    assert parks == 33
