"""Chapter 2 of the report from the marts, against the definitions worked in polars."""

from __future__ import annotations

import csv
import hashlib
import shutil
from pathlib import Path

import duckdb
import polars as pl
import pytest
import yaml

from orchestration.landing.land import land
from orchestration.publishing import releases
from orchestration.settings import Home, data_roots
from orchestration.transform import dbt

ROOT = Path(__file__).resolve().parents[2]
SEEDS = ROOT / "seeds"
PROVINCE = "320000"
METHOD = "report_2023"
CLOSURE = 1e-9
Warehouse = duckdb.DuckDBPyConnection


def figures(prefix: str) -> dict[str, dict[str, str]]:
    path = SEEDS / "report" / "report_2023" / "figures.csv"
    with path.open(encoding="utf-8", newline="") as handle:
        return {
            row["figure_id"]: row
            for row in csv.DictReader(handle)
            if row["figure_id"].startswith(prefix)
        }


def codes() -> dict[str, str]:
    path = SEEDS / "reference" / "mappings" / "industry_aliases.csv"
    with path.open(encoding="utf-8", newline="") as handle:
        return {row["alias"]: row["industry_code"] for row in csv.DictReader(handle)}


# The report's chapter 2 --------------------------------------------------------------------------


def test_table_2_1_is_predicted_and_in_part_missed(warehouse: Warehouse) -> None:
    """No constraint: a city has four key industries by the rule, 21 of 36 are those printed."""
    code = codes()
    printed = {(row["region_code"], code[row["value_text"]]) for row in figures("TB21").values()}
    found = warehouse.execute(
        """
        select region_code, industry_code
        from all_levels.city_key_industries
        where
            year = 2020 and method = ? and key_status = 'key' and rank is not null
            and region_code <> ?
        """,
        [METHOD, PROVINCE],
    ).fetchall()
    assert len(printed) == 36
    assert {region for region, _ in found} == {region for region, _ in printed}
    assert 15 < len(set(found) & printed) < 36


def test_32_of_the_34_rows_of_table_2_2_follow(warehouse: Warehouse) -> None:
    """The industries of two parks are key neither in their city nor in the province."""
    code = codes()
    printed = {(row["entity"], code[row["value_text"]]) for row in figures("TB22").values()}
    rows = warehouse.execute(
        """
        select name_zh, industry_code, is_in_city_list, is_in_province_list, rule
        from all_levels.key_parks
        inner join (select distinct park_id from raw.park_returns_parks where is_sample is null)
            using (park_id)
        """
    ).fetchall()
    assert len(printed) == 34
    found = {row[:2] for row in rows}
    assert found < printed
    assert {industry for _, industry in printed - found} == {"28", "33"}
    assert sum(row[2] for row in rows) == 16
    assert sum(row[3] and not row[2] for row in rows) == 16
    assert all(row[4] for row in rows)


def test_four_parks_rest_on_the_province_for_their_city_has_no_data(warehouse: Warehouse) -> None:
    rows = warehouse.execute(
        """
        select name_zh, rule from all_levels.key_parks
        where city_data_status = 'no_data' and region_code in ('320300', '320800', '321200')
            and park_id like '%-N%'
        """
    ).fetchall()
    assert {name for name, _ in rows} == {
        "徐州高新技术产业开发区",
        "淮安经济技术开发区",
        "泰州医药高新技术产业开发区",
        "靖江经济技术开发区",
    }
    assert {rule for _, rule in rows} == {"R-PARK/province"}


def test_cities_without_divisions_are_no_data_and_never_zero(warehouse: Warehouse) -> None:
    rows = warehouse.execute(
        """
        select region_code, industry_code, end_use_co2_t, key_status
        from all_levels.city_key_industries
        where data_status = 'no_data' and year = 2020 and method = ?
        """,
        [METHOD],
    ).fetchall()
    assert sorted(rows) == [
        (city, "BCD", None, "no_data") for city in ("320300", "320400", "320800", "321200")
    ]


def test_four_cities_have_the_printed_share_of_co2_and_not_of_coal(warehouse: Warehouse) -> None:
    """The one is a constraint between the two inventories, the other they contradict."""
    rows = warehouse.execute(
        """
        select figure_id, status, evidence, computed_value > published_value + 1
        from quality.reconciliation where figure_id in ('T22-002', 'T22-003') order by figure_id
        """
    ).fetchall()
    assert rows == [
        ("T22-002", "contradicted", "predicted", True),
        ("T22-003", "exact", "constraint", False),
    ]


def test_both_numbers_of_a_contradiction_are_those_of_the_runs(warehouse: Warehouse) -> None:
    """Every run that does not see the printed share of coal lies above it, of CO2 on both sides."""
    rows = warehouse.execute(
        """
        select figure_id, min(modelled_value), max(modelled_value), max(series_value)
        from quality.model_validation where figure_id is not null and is_held_back
        group by figure_id order by figure_id
        """
    ).fetchall()
    (coal, lowest, _, printed), (co2, low, high, share) = rows
    assert (coal, co2) == ("T22-002", "T22-003")
    assert lowest > printed
    assert low < share < high


def test_figures_of_sections_2_2_and_2_3_are_judged_by_what_they_rest_on(
    warehouse: Warehouse,
) -> None:
    rows = warehouse.execute(
        """
        select figure_id, status, evidence
        from quality.reconciliation where section in ('2.2', '2.3')
        """
    ).fetchall()
    assert len(rows) == 86
    evidence = {row[0]: row[2] for row in rows}
    assert evidence["T22-001"] == evidence["F24-001"] == "definition"
    assert {f for f in evidence if evidence[f] == "constraint"} == {
        "T22-003", "T22-004", "T23-001", "T23-002", "T23-003",
    }  # fmt: skip
    assert {evidence[f] for f in evidence if f.startswith("TB21")} == {"calibrated"}
    assert {evidence[f] for f in evidence if f.startswith("TB22")} == {"read_back"}
    missed = {row[0] for row in rows if row[1] == "mismatch"}
    assert all(f.startswith(("TB21", "TB22", "T22-005")) for f in missed)


def test_lists_count_what_is_found_too_much(warehouse: Warehouse) -> None:
    """What is found and what is missed adds up; the cities without divisions are taken over."""
    rows = warehouse.execute(
        """
        select list_id, listed, found, false_positives, missed, evidence
        from quality.list_agreement where listed_by = 'report' order by list_id
        """
    ).fetchall()
    lists = {row[0]: row[1:] for row in rows}
    assert lists["cities_without_divisions"] == (3, 4, 1, 0, "constraint")
    for listed, found, false_positives, missed, _ in lists.values():
        assert listed - missed == found - false_positives
    assert lists["key_industries_of_cities"][0] == 36
    assert 0 < lists["key_industries_of_cities"][3] < 21
    assert lists["largest_potential"][4] == "calibrated"


# Sums --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("column", ["coal_t", "co2_t", "industrial_co2_t", "energy_tce"])
def test_cities_add_up_to_the_province(column: str, warehouse: Warehouse) -> None:
    rows = warehouse.execute(
        f"""
        select
            year,
            sum({column}) filter (where region_code = ?),
            sum({column}) filter (where region_code <> ?),
            count({column})
        from all_levels.region_year
        where method = ? and year between 2016 and 2020
        group by year order by year
        """,
        [PROVINCE, PROVINCE, METHOD],
    ).fetchall()
    assert [row[0] for row in rows] == list(range(2016, 2021))
    for _, whole, parts, count in rows:
        assert parts == pytest.approx(whole, rel=CLOSURE)
        assert count == 14


def test_city_totals_of_every_method_are_close_to_the_province(warehouse: Warehouse) -> None:
    """Feedstock is taken off industry as a whole where a city has no divisions: within 1 %."""
    rows = warehouse.execute(
        """
        select sum(co2_t) filter (region_code <> ?) / sum(co2_t) filter (region_code = ?) - 1
        from all_levels.region_year where year between 2016 and 2020 group by method, year
        """,
        [PROVINCE, PROVINCE],
    ).fetchall()
    assert len(rows) == 5 * 5  # methods and years
    assert max(abs(row[0]) for row in rows) < 0.01


def test_production_and_use_agree_up_to_net_import_and_losses(warehouse: Warehouse) -> None:
    """Production without import = use without losses - import + losses; cities add up in both."""
    rows = warehouse.execute(
        """
        select
            sum(co2_t) filter (component = 'scope_1') as scope_1,
            sum(co2_t) filter (component = 'net_import') as net_import,
            sum(co2_t) filter (view_name = 'use' and component <> 'losses') as used,
            sum(co2_t) filter (component = 'losses') as losses
        from all_levels.region_co2_views
        where region_code = ? group by year, method
        """,
        [PROVINCE],
    ).fetchall()
    assert len(rows) >= 20
    for scope_1, net_import, used, losses in rows:
        assert scope_1 + net_import == pytest.approx(used + losses, rel=CLOSURE)
        assert net_import > 0
        assert losses > 0
    cities = warehouse.execute(
        """
        select
            view_name,
            sum(co2_t) filter (region_code = ?) as whole,
            sum(co2_t) filter (region_code <> ?) as parts
        from all_levels.region_co2_views
        where method = ? and year between 2016 and 2020
        group by view_name, year
        """,
        [PROVINCE, PROVINCE, METHOD],
    ).fetchall()
    assert len(cities) == 10
    for _, whole, parts in cities:
        assert parts == pytest.approx(whole, rel=CLOSURE)


def test_the_province_stands_as_before(warehouse: Warehouse) -> None:
    """Numbers of the province published in version 0.1.0: cities are beside it, not in it."""
    rows = dict(
        warehouse.execute(
            """
            select method, co2_t / 1e4 from all_levels.region_year
            where region_code = ? and year = 2020
            """,
            [PROVINCE],
        ).fetchall()
    )
    assert rows["report_2023"] == pytest.approx(90618.6174449759, rel=CLOSURE)
    assert rows["ceads"] == pytest.approx(72966.62557251121, rel=CLOSURE)


# The same arithmetic in polars -------------------------------------------------------------------


def test_ranks_shares_and_location_quotients(warehouse: Warehouse) -> None:
    rows = warehouse.execute(
        """
        select region_code, industry_code, sum(co2_t) as co2_t
        from all_levels.industry_co2
        inner join reference.industries using (industry_code)
        where
            year = 2020 and method = ? and is_industrial and level in ('division', 'composite')
        group by all
        """,
        [METHOD],
    ).pl()
    counted = rows.group_by("region_code").len().filter(pl.col("len") > 1)["region_code"]
    rows = rows.filter(pl.col("region_code").is_in(counted.implode()))
    total = pl.col("co2_t").sum().over("region_code")
    whole = rows.filter(pl.col("region_code") == PROVINCE)
    of_province = dict(zip(whole["industry_code"], whole["co2_t"], strict=True))
    whole_total = sum(of_province.values())
    rows = rows.with_columns(
        (pl.col("co2_t") / total).alias("part"),
        (pl.col("industry_code").replace_strict(of_province) / whole_total).alias("province_part"),
    ).with_columns((pl.col("part") / pl.col("province_part")).alias("expected_quotient"))
    ranked = (
        rows.filter(pl.col("industry_code") != "44")
        .sort("region_code", "co2_t", descending=[False, True])
        .with_columns(
            (pl.col("co2_t") / pl.col("co2_t").sum().over("region_code")).alias("expected_share"),
            pl.int_range(1, pl.len() + 1).over("region_code").alias("expected_rank"),
        )
        .with_columns(
            pl.col("expected_share").cum_sum().over("region_code").alias("expected_cumulative")
        )
    )
    mart = warehouse.execute(
        """
        select region_code, industry_code, co2_share, cumulative_share, rank, location_quotient
        from all_levels.city_key_industries
        where year = 2020 and method = ? and data_status = 'available'
        """,
        [METHOD],
    ).pl()
    joined = ranked.join(mart, on=["region_code", "industry_code"], how="left")
    assert joined["rank"].null_count() == 0
    # Industries without any emission tie; their order is by code and is not compared.
    some = joined.filter(pl.col("co2_t") > 0)
    assert some.height > 300
    assert (some["rank"] == some["expected_rank"]).all()
    for left, right in (
        ("co2_share", "expected_share"),
        ("cumulative_share", "expected_cumulative"),
        ("location_quotient", "expected_quotient"),
    ):
        assert (some[left] - some[right]).abs().max() < 1e-9


def test_concentration_from_the_definition(warehouse: Warehouse) -> None:
    values = warehouse.execute(
        """
        select co2_t from all_levels.region_year
        where region_code <> ? and year = 2018 and method = ? order by co2_t
        """,
        [PROVINCE, METHOD],
    ).pl()["co2_t"]
    share, count = values / values.sum(), len(values)
    pairs = sum(abs(a - b) for a in values for b in values)
    expected = {
        "cr4": share.tail(4).sum(),
        "hhi": (share**2).sum(),
        "hhi_normalised": ((share**2).sum() - 1 / count) / (1 - 1 / count),
        "gini": pairs / (2 * count**2 * values.mean()),
        "theil": ((values / values.mean()) * (values / values.mean()).log()).mean(),
    }
    found = dict(
        warehouse.execute(
            """
            select statistic, value from all_levels.region_concentration
            where region_code = ? and year = 2018 and method = ? and measured = 'co2_t'
            """,
            [PROVINCE, METHOD],
        ).fetchall()
    )
    for statistic, value in expected.items():
        assert found[statistic] == pytest.approx(value, rel=1e-9), statistic
    assert found["theil_between"] + found["theil_within"] == pytest.approx(found["theil"], rel=1e-9)
    assert found["theil_between"] > 0
    assert found["theil_within"] > 0


# A yearbook of one's own -------------------------------------------------------------------------


def yearbook(folder: Path, edition: int) -> None:
    """Suzhou's steel and Xuzhou's first division for 2020, as a city yearbook would print them."""
    target = folder / "city_yearbooks"
    target.mkdir(parents=True)
    shipped = SEEDS / "raw" / "city_yearbooks" / "city_energy_2020.yml"
    sidecar = yaml.safe_load(shipped.read_text(encoding="utf-8"))
    data = (
        "地区,项目,原煤,电力\n,单位,万吨,亿千瓦时\n"
        "苏州市,黑色金属冶炼和压延加工业,0.04,209.0\n徐州市,通用设备制造业,7,3\n"
    ).encode()
    (target / "own_city_energy_2020.csv").write_bytes(data)
    sidecar |= {
        "source_id": f"own_yearbook_{edition}",
        "edition_year": edition,
        # A table of its own: not held to have every row that ours has.
        "table_number": "3-7",
        "origin": "observed",
        "sha256": hashlib.sha256(data).hexdigest(),
    }
    (target / "own_city_energy_2020.yml").write_text(
        yaml.safe_dump(sidecar, allow_unicode=True), encoding="utf-8"
    )


def test_a_yearbook_of_the_same_edition_supersedes_at_landing(tmp_path: Path) -> None:
    yearbook(tmp_path / "own", 2020)
    report = land(tmp_path / "landed.duckdb", data_roots([tmp_path / "own"]))
    with duckdb.connect(str(tmp_path / "landed.duckdb"), read_only=True) as connection:
        rows = connection.execute(
            """
            select raw_value, message from quality.quarantine
            where rule = 'superseded' and dataset = 'city_yearbooks_city_energy'
            """
        ).fetchall()
        kept = connection.execute(
            """
            select _origin, value_text, fuel_label from raw.city_yearbooks_city_energy
            where _file_name like '%own_city_energy_2020.csv' order by value_text
            """
        ).fetchall()
    assert report.rows_superseded == len(rows) == 2
    assert all("own_city_energy_2020.csv" in message for _, message in rows)
    assert {row[1:] for row in kept} == {
        ("0.04", "原煤"),
        ("209.0", "电力"),
        ("7", "原煤"),
        ("3", "电力"),
    }
    assert {row[0] for row in kept} == {"observed"}


@pytest.mark.timeout(600)
def test_a_later_yearbook_takes_the_place_of_single_cells(
    tmp_path: Path, published_home: Home
) -> None:
    """Edition 2021 against the reconstruction's 2020; Xuzhou's 工业 is left out where one is."""
    yearbook(tmp_path / "own", 2021)
    home = Home.resolve(tmp_path / "home").ensure()
    with releases.run_lock(home):
        land(dbt.build_database(home), data_roots([tmp_path / "own"]))
        place = dbt.run_place(home)
        parsed = dbt.parse_at(place, with_json=False, earlier=published_home.target)
        results = dbt.build_at(place, {}, parsed, ["+region_energy"])
    assert [result.unique_id for result in results if result.failed] == []
    with duckdb.connect(str(dbt.build_database(home)), read_only=True) as connection:
        rows = connection.execute(
            """
            select region_code, industry_code, fuel_code, quantity, origin
            from all_levels.region_energy
            where
                year = 2020 and is_latest_vintage and balance_item = 'final_consumption'
                and (
                    (region_code = '320500' and industry_code = '31')
                    or (region_code = '320300' and industry_code in ('34', 'BCD'))
                )
                and fuel_code in ('raw_coal', 'coke')
            order by all
            """
        ).fetchall()
    found = {row[:3]: row[3:] for row in rows}
    assert found["320500", "31", "raw_coal"] == (pytest.approx(400.0), "observed")
    assert found["320500", "31", "coke"][1] == "reconstructed"
    assert found["320300", "34", "raw_coal"] == (70000.0, "observed")
    assert ("320300", "BCD", "raw_coal") not in found
    assert found["320300", "BCD", "coke"][1] == "reconstructed"
    shutil.rmtree(tmp_path / "home")
