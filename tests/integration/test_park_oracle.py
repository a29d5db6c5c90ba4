"""The park marts computed again with polars, straight from the raw CSV files and reference rows.

Written from the definitions of docs/park_reconstruction.md and DECISIONS.md, not from the SQL: a
second implementation that shares no code with the models.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest

SEEDS = Path(__file__).resolve().parents[2] / "seeds"
RETURNS = SEEDS / "raw" / "park_returns"
METHODS = (
    "report_2023", "ceads", "ceads_without_recovered_gas", "provincial_guideline_2011", "ipcc_2006",
)  # fmt: skip
VARIANTS = {"ceads_without_recovered_gas": "ceads"}
SECONDARY = ("electricity", "heat")
GJ_PER_TCE = 29.307
CH4_AR5, N2O_AR5 = 28.0, 265.0
GRID_EAST_CHINA_2012 = 0.7035
HEAT_T_PER_GJ = 0.11
RELATIVE = 1e-9
TEXT = {"industry_code": pl.String, "region_code": pl.String}
WIDTH = {"above_size_industry": 1, "all_sectors": 2, "whole_zone": 3}


def _reference(path: str) -> pl.DataFrame:
    return pl.read_csv(SEEDS / "reference" / path, infer_schema_length=None, schema_overrides=TEXT)


def _of_methods(name: str) -> Iterator[dict]:
    """The rows of one file of every method, with the method; a variant has those of its method."""
    for method in METHODS:
        path = f"methods/{method}/{name}.csv"
        if not (SEEDS / "reference" / path).exists():
            path = f"methods/{VARIANTS[method]}/{name}.csv"
        for row in _reference(path).iter_rows(named=True):
            yield row | {"method": method}


def _returns(name: str) -> pl.DataFrame:
    paths = sorted(RETURNS.glob(f"{name}.csv"))
    return pl.concat(
        [pl.read_csv(path, infer_schema_length=None, schema_overrides=TEXT) for path in paths],
        how="diagonal_relaxed",
    )


@pytest.fixture(scope="module")
def returned() -> pl.DataFrame:
    """Every row of the energy returns with unit, boundary, standard coal and net quantities."""
    fuels = _reference("codes/fuel_codes.csv").select("fuel_code", "fuel_group", "unit")
    scales = _reference("units/unit_labels.csv").select("unit_label", "to_unit_factor")
    tce = (
        _reference("factors/tce_factors.csv")
        .filter(pl.col("tce_set") == "nbs_balance")
        .select("fuel_code", "tce_per_unit")
    )
    households = ["RES", "RES_U", "RES_R"]
    enterprises = _returns("sample_enterprises").with_columns(
        boundary=pl.when(pl.col("is_above_size"))
        .then(pl.lit("above_size_industry"))
        .when(pl.col("industry_code").is_in(households))
        .then(pl.lit("whole_zone"))
        .otherwise(pl.lit("all_sectors"))
    )
    rows = (
        _returns("sample_enterprise_energy_*")
        .join(enterprises, on=["park_id", "enterprise_id"])
        .join(fuels.drop("unit"), on="fuel_code")
        .join(scales, left_on="unit", right_on="unit_label")
        .join(tce, on="fuel_code")
    )
    quantities = [column for column in rows.columns if column.endswith("_quantity")]
    return rows.with_columns(
        pl.col(column).cast(pl.Float64).fill_null(0.0) * pl.col("to_unit_factor")
        for column in quantities
    ).with_columns(
        energy_tce=(pl.col("consumption_quantity") - pl.col("transformation_output_quantity"))
        * pl.col("tce_per_unit"),
        burnt=pl.col("consumption_quantity")
        - pl.col("feedstock_quantity")
        - pl.col("transformation_input_quantity")
        + pl.col("power_input_quantity")
        + pl.col("heat_input_quantity"),
    )


def _factor(method: str, fuel: str, industry: str, rows: dict[tuple, float]) -> float | None:
    return rows.get((method, fuel, industry), rows.get((method, fuel, None)))


@pytest.fixture(scope="module")
def emitted(returned: pl.DataFrame) -> pl.DataFrame:
    """CO2 and CO2e of every return by method; scope 2 only for the report's method."""
    scales = dict(
        _reference("units/unit_labels.csv").select("unit_label", "to_unit_factor").iter_rows()
    )
    factors = {
        (row["method"], row["fuel_code"], row["industry_code"]): row["co2_t_per_unit"]
        / scales[row["unit"]]
        for row in _of_methods("co2_factors")
    }
    counted = {
        (row["method"], row["fuel_code"]) for row in _of_methods("fuels") if row["is_counted"]
    }
    gases = {
        (row["fuel_code"], row["sector_class"]): (row["ch4_kg_per_gj"], row["n2o_kg_per_gj"])
        for row in _reference("factors/ch4_n2o_factors.csv").iter_rows(named=True)
    }
    classes = dict(
        _reference("codes/industry_codes.csv").select("industry_code", "sector_class").iter_rows()
    )
    sums = (
        returned.filter(pl.col("fuel_code").is_in(SECONDARY))
        .group_by("park_id", "year", "fuel_code")
        .agg(pl.col("purchase_quantity").sum(), pl.col("sales_quantity").sum())
    )
    outside = {
        (row["park_id"], row["year"], row["fuel_code"]): max(
            row["purchase_quantity"] - row["sales_quantity"], 0.0
        )
        / row["purchase_quantity"]
        for row in sums.iter_rows(named=True)
        if row["purchase_quantity"]
    }
    rows: list[dict[str, Any]] = []
    for row in returned.iter_rows(named=True):
        key = {
            name: row[name]
            for name in ("park_id", "enterprise_id", "year", "fuel_code", "industry_code")
        } | {"boundary": row["boundary"], "is_aggregate": row["is_aggregate"]}
        fuel = row["fuel_code"]
        if fuel in SECONDARY:
            if row["purchase_quantity"]:
                part = outside[row["park_id"], row["year"], fuel]
                factor = GRID_EAST_CHINA_2012 if fuel == "electricity" else HEAT_T_PER_GJ
                co2 = row["purchase_quantity"] * part * factor
                rows.append(
                    key | {"method": "report_2023", "scope": "2", "co2_t": co2, "co2e_t": co2}
                )
            continue
        if not (row["consumption_quantity"]):
            continue
        ch4, n2o = gases.get((fuel, classes[row["industry_code"]]), (0.0, 0.0))
        gj = row["burnt"] * row["tce_per_unit"] * GJ_PER_TCE
        for method in METHODS:
            if (method, fuel) not in counted:
                continue
            co2 = row["burnt"] * _factor(method, fuel, row["industry_code"], factors)
            co2e = co2 + gj * (ch4 * CH4_AR5 + n2o * N2O_AR5) / 1000
            rows.append(key | {"method": method, "scope": "1", "co2_t": co2, "co2e_t": co2e})
    return pl.DataFrame(rows)


def _published(warehouse: duckdb.DuckDBPyConnection, sql: str) -> pl.DataFrame:
    cursor = warehouse.execute(sql)
    return pl.DataFrame(
        cursor.fetchall(), schema=[c[0] for c in cursor.description], orient="row",
        infer_schema_length=None,
    )  # fmt: skip


def _assert_same(expected: pl.DataFrame, found: pl.DataFrame, key: list[str]) -> None:
    """The same rows, every other column equal to 1e-9 of its size."""
    assert expected.height == found.height > 0
    both = expected.join(found, on=key, suffix="_found", nulls_equal=True)
    assert both.height == expected.height
    for column in expected.columns:
        if column in key:
            continue
        for mine, theirs in both.select(column, f"{column}_found").iter_rows():
            if mine is None or theirs is None or isinstance(mine, (str, bool)):
                assert mine == theirs, column
            else:
                # 1e-3 t or tce is what the roundings of sums of 10^8 leave.
                assert math.isclose(mine, theirs, rel_tol=RELATIVE, abs_tol=1e-6), column


def test_park_energy(returned: pl.DataFrame, warehouse: duckdb.DuckDBPyConnection) -> None:
    key = ["park_id", "year", "narrowest_boundary", "industry_code", "fuel_code"]
    expected = (
        returned.rename({"boundary": "narrowest_boundary"})
        .group_by(key)
        .agg(pl.col("energy_tce").sum(), used_quantity=pl.col("consumption_quantity").sum())
    )
    found = _published(
        warehouse,
        f"select {', '.join(key)}, energy_tce, used_quantity from all_levels.park_energy "
        "where used_quantity is not null",
    )
    _assert_same(expected, found, key)


def test_park_co2(emitted: pl.DataFrame, warehouse: duckdb.DuckDBPyConnection) -> None:
    key = [
        "park_id", "year", "method", "narrowest_boundary", "industry_code", "fuel_code", "scope",
    ]  # fmt: skip
    expected = (
        emitted.rename({"boundary": "narrowest_boundary"})
        .group_by(key)
        .agg(pl.col("co2_t").sum(), pl.col("co2e_t").sum())
    )
    found = _published(
        warehouse, f"select {', '.join(key)}, co2_t, co2e_t from all_levels.park_co2_by_method"
    )
    _assert_same(expected, found, key)


def test_enterprise_co2(emitted: pl.DataFrame, warehouse: duckdb.DuckDBPyConnection) -> None:
    key = ["park_id", "enterprise_id", "year", "method", "scope"]
    expected = emitted.group_by(key).agg(pl.col("co2_t").sum())
    parks = emitted.group_by("park_id", "year", "method").agg(park_co2_t=pl.col("co2_t").sum())
    expected = (
        expected.join(parks, on=["park_id", "year", "method"])
        .with_columns(co2_share=pl.col("co2_t") / pl.col("park_co2_t"))
        .drop("park_co2_t")
    )
    found = _published(
        warehouse,
        f"select {', '.join(key)}, co2_t, co2_share from all_levels.enterprise_co2_by_method "
        "where co2_t is not null",
    )
    _assert_same(expected, found, key)


def test_enterprises_add_up_to_their_park(warehouse: duckdb.DuckDBPyConnection) -> None:
    rows = warehouse.execute(
        """
        with parks as (
            select park_id, year, method, sum(co2_t) as co2_t
            from all_levels.park_co2_by_method group by all
        ),
        enterprises as (
            select park_id, year, method, sum(co2_t) as co2_t
            from all_levels.enterprise_co2_by_method group by all
        )
        select parks.co2_t, enterprises.co2_t, park_year.co2_t
        from parks
        inner join enterprises using (park_id, year, method)
        inner join all_levels.park_year_by_method as park_year using (park_id, year, method)
        """
    ).fetchall()
    assert len(rows) == len(METHODS) * 160
    for park, enterprises, year in rows:
        assert math.isclose(park, enterprises, rel_tol=1e-12)
        assert math.isclose(park, year, rel_tol=1e-12)


def _industry(returned: pl.DataFrame) -> pl.DataFrame:
    """Energy, coal and coke of industry above designated size."""
    above = returned.filter(pl.col("boundary") == "above_size_industry")
    tce = pl.col("consumption_quantity") * pl.col("tce_per_unit")
    coal = pl.col("fuel_group") == "coal"
    return above.group_by("park_id", "year").agg(
        energy_tce=pl.col("energy_tce").sum(),
        coal_t=pl.col("consumption_quantity").filter(coal).sum(),
        coal_tce=tce.filter(coal).sum(),
        coke_tce=tce.filter(pl.col("fuel_code") == "coke").sum(),
        electricity_heat_tce=pl.col("energy_tce")
        .filter(pl.col("fuel_group").is_in(SECONDARY))
        .sum(),
    )


def test_park_year(
    returned: pl.DataFrame, emitted: pl.DataFrame, warehouse: duckdb.DuckDBPyConnection
) -> None:
    key = ["park_id", "year", "method"]
    facts = _returns("sample_park_facts")
    zone = facts.filter(pl.col("boundary") == "whole_zone").select("park_id", "year", "gdp_10k_cny")
    above = facts.filter(pl.col("boundary") == "above_size_industry").select(
        "park_id", "year", "industrial_value_added_10k_cny", "industrial_output_10k_cny",
        "two_high_output_10k_cny",
    )  # fmt: skip
    totals = emitted.group_by(key).agg(
        co2_t=pl.col("co2_t").sum(),
        co2e_t=pl.col("co2e_t").sum(),
        above_size_co2_t=pl.col("co2_t").filter(pl.col("boundary") == "above_size_industry").sum(),
    )
    firms = (
        emitted.filter(~pl.col("is_aggregate"))
        .group_by(*key, "enterprise_id")
        .agg(pl.col("co2_t").sum())
        .sort("co2_t", descending=True)
        .group_by(key)
        .agg(top_t=pl.col("co2_t").head(10).sum())
    )
    expected = (
        totals.join(zone, on=["park_id", "year"])
        .join(above, on=["park_id", "year"])
        .join(_industry(returned), on=["park_id", "year"])
        .join(firms, on=key)
        .select(
            *key,
            "co2_t",
            "co2e_t",
            "above_size_co2_t",
            "energy_tce",
            pl.col("gdp_10k_cny").cast(pl.Float64),
            co2_t_per_gdp=pl.col("co2_t") / pl.col("gdp_10k_cny"),
            energy_tce_per_industrial_va=pl.col("energy_tce")
            / pl.col("industrial_value_added_10k_cny"),
            energy_tce_per_industrial_output=pl.col("energy_tce")
            / pl.col("industrial_output_10k_cny"),
            two_high_output_share=pl.col("two_high_output_10k_cny")
            / pl.col("industrial_output_10k_cny"),
            above_size_co2_t_per_tce=pl.col("above_size_co2_t") / pl.col("energy_tce"),
            top10_enterprise_share=pl.col("top_t") / pl.col("co2_t"),
            co2_rank=pl.col("co2_t").rank("min", descending=True).over("year", "method"),
        )
    )
    columns = ", ".join(expected.columns)
    found = _published(warehouse, f"select {columns} from all_levels.park_year_by_method")
    _assert_same(expected, found, key)


def test_park_leading_industries(
    returned: pl.DataFrame, emitted: pl.DataFrame, warehouse: duckdb.DuckDBPyConnection
) -> None:
    key = ["park_id", "year", "method", "industry_code"]
    industrial = (
        _reference("codes/industry_codes.csv").filter("is_industrial")["industry_code"].to_list()
    )
    co2 = emitted.group_by(key).agg(co2_t=pl.col("co2_t").sum())
    total = emitted.group_by(key[:3]).agg(park_t=pl.col("co2_t").sum())
    coal = (
        returned.filter(pl.col("fuel_group") == "coal")
        .group_by("park_id", "year", "industry_code")
        .agg(coal_t=pl.col("consumption_quantity").sum())
    )
    park_coal = coal.group_by("park_id", "year").agg(all_coal_t=pl.col("coal_t").sum())
    expected = (
        co2.join(total, on=key[:3])
        .join(coal, on=["park_id", "year", "industry_code"], how="left")
        .join(park_coal, on=["park_id", "year"], how="left")
        .with_columns(co2_share=pl.col("co2_t") / pl.col("park_t"))
        .select(
            *key,
            "co2_t",
            "co2_share",
            is_main_emitter=(pl.col("co2_share") >= 0.1)
            & pl.col("industry_code").is_in(industrial),
            is_main_coal_user=((pl.col("coal_t") / pl.col("all_coal_t")) >= 0.1).fill_null(False)
            & pl.col("industry_code").is_in(industrial),
        )
    )
    found = _published(
        warehouse,
        f"select {', '.join(expected.columns)} from all_levels.park_leading_industries "
        "where co2_t is not null",
    )
    _assert_same(expected, found, key)


def test_park_coal_change(returned: pl.DataFrame, warehouse: duckdb.DuckDBPyConnection) -> None:
    energy = _industry(returned)
    first = energy.filter(pl.col("year") == 2016).select("park_id", first_coal_t="coal_t")
    last = energy.filter(pl.col("year") == 2020).select(
        "park_id", "coal_tce", "energy_tce", last_coal_t="coal_t"
    )

    def classify(row: dict[str, Any]) -> str:
        if row["coal_tce"] / row["energy_tce"] <= 0.005:
            return "coal_free"
        if row["first_coal_t"] is None:
            return "unknown"
        rate = row["last_coal_t"] / row["first_coal_t"] - 1
        limits = (("cut_over_20pct", -0.2), ("cut_10_20pct", -0.1), ("cut_under_10pct", 0.0))
        return next((name for name, limit in limits if rate < limit), "increased")

    rows = last.join(first, on="park_id", how="left").iter_rows(named=True)
    expected = pl.DataFrame(
        [
            {name: row[name] for name in ("park_id", "first_coal_t", "last_coal_t")}
            | {"class": classify(row)}
            for row in rows
        ]
    )
    found = _published(
        warehouse,
        "select park_id, first_coal_t, last_coal_t, class from all_levels.park_coal_change",
    )
    _assert_same(expected, found, ["park_id"])


def test_park_types_by_rule(returned: pl.DataFrame, warehouse: duckdb.DuckDBPyConnection) -> None:
    above = _returns("sample_park_facts").filter(pl.col("boundary") == "above_size_industry")
    expected = (
        _industry(returned)
        .join(above, on=["park_id", "year"])
        .select(
            "park_id",
            "year",
            two_high_output_share=pl.col("two_high_output_10k_cny")
            / pl.col("industrial_output_10k_cny"),
            coal_coke_share=(pl.col("coal_tce") + pl.col("coke_tce")) / pl.col("energy_tce"),
            electricity_heat_share=pl.col("electricity_heat_tce") / pl.col("energy_tce"),
        )
        .with_columns(
            structure=pl.when(pl.col("two_high_output_share") >= 0.2)
            .then(pl.lit("industry_type"))
            .otherwise(pl.lit("comprehensive")),
            energy_mix=pl.when(pl.col("coal_coke_share") >= 0.5)
            .then(pl.lit("coal_based"))
            .otherwise(pl.lit("power_gas_heat_based")),
        )
    )
    found = _published(
        warehouse, f"select {', '.join(expected.columns)} from all_levels.park_types"
    )
    _assert_same(expected, found, ["park_id", "year"])


def test_park_peak_plans(warehouse: duckdb.DuckDBPyConnection) -> None:
    expected = (
        _returns("sample_peak_plans")
        .filter(pl.col("has_plan"))
        .select(
            "park_id",
            "peak_year",
            increase_rate=pl.col("peak_co2_t") / pl.col("base_co2_t") - 1,
            five_year_plan=pl.when(pl.col("peak_year") <= 2025)
            .then(pl.lit("fyp_14"))
            .otherwise(pl.lit("fyp_15")),
        )
    )
    found = _published(
        warehouse,
        f"select {', '.join(expected.columns)} from all_levels.park_peak_plans"
        " where plan_answer = 'yes'",
    )
    _assert_same(expected, found, ["park_id"])


def test_park_measures(warehouse: duckdb.DuckDBPyConnection) -> None:
    expected = _returns("sample_measures").select("park_id", "measure", "adopted")
    found = _published(
        warehouse,
        "select park_id, measure, answer = 'yes' as adopted from all_levels.park_measures"
        " where answer <> 'not_returned'",
    )
    _assert_same(expected, found, ["park_id", "measure"])


def test_park_representativeness(
    returned: pl.DataFrame, emitted: pl.DataFrame, warehouse: duckdb.DuckDBPyConnection
) -> None:
    key = ["year", "method", "indicator"]
    gdp = (
        _returns("sample_park_facts")
        .filter((pl.col("boundary") == "whole_zone") & (pl.col("year") <= 2020))
        .group_by("year")
        .agg(gdp_10k_cny=pl.col("gdp_10k_cny").sum().cast(pl.Float64))
    )
    industry = _industry(returned).group_by("year").agg(
        pl.col("coal_t").sum(), pl.col("energy_tce").sum()
    )  # fmt: skip
    expected = (
        emitted.group_by("year", "method")
        .agg(pl.col("co2_t").sum())
        .join(gdp, on="year")
        .join(industry, on="year")
        .unpivot(index=["year", "method"], variable_name="indicator", value_name="set_value")
    )
    found = _published(
        warehouse,
        "select year, method, indicator, set_value from all_levels.park_representativeness "
        "where park_set = 'sample'",
    )
    _assert_same(expected, found, key)


def test_a_share_of_two_boundaries_is_refused(warehouse: duckdb.DuckDBPyConnection) -> None:
    rows = warehouse.execute(
        """
        select set_boundary is not distinct from province_boundary, value_share is null, refusal
        from all_levels.park_representativeness
        """
    ).fetchall()
    assert {refusal for _, _, refusal in rows} >= {None, "boundaries_differ", "province_not_held"}
    for same_boundary, is_refused, refusal in rows:
        assert is_refused == (refusal is not None)
        assert same_boundary or is_refused
