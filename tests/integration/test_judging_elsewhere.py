"""Codes and stability of places of other provinces: made up, and computed again here."""

from __future__ import annotations

import random
from collections import defaultdict
from typing import Any

import numpy as np
import pytest
from compiled import Models

from orchestration.settings import Home

Row = dict[str, Any]
BANDS = ((0.8, "green"), (1.2, "blue"), (2.0, "yellow"), (float("inf"), "red"))
GROUPS = (("peers_in_province", 5), ("peers", 5), ("all_in_province", 5), ("all", 2))
# Huzhou, Baoji, Datong: none of the province that ships.
PLACES = {"330500": "330000", "610300": "610000", "140200": "140000"}
CLOSE = 1e-9


@pytest.fixture(scope="module")
def models(published_home: Home) -> Models:
    return Models(published_home)


def like(models: Models, table: str, published: str, rows: list[Row]) -> None:
    """A table with the columns that were published, and these rows."""
    columns = ", ".join(
        f"{name} {kind}" for name, kind, *_ in models.rows(f"describe published.{published}")
    )
    models.give(table, columns, rows)


def parks_of(draw: random.Random) -> list[Row]:
    """Of each place and type a few, so that every group of comparison is the one that suffices."""
    sizes = {("330500", "x"): 9, ("610300", "x"): 3, ("610300", "y"): 2, ("140200", "y"): 2,
             ("140200", "z"): 1, ("330500", "z"): 1}  # fmt: skip
    rows = []
    for (region, structure), size in sizes.items():
        for number in range(size):
            for year in (2021, 2022, 2023):
                rows.append(
                    {
                        "park_id": f"{region}{structure}{number}",
                        "region_code": region,
                        "structure": structure,
                        "year": year,
                        "co2": 100.0 * draw.lognormvariate(0, 0.7),
                        "added": 100.0 * draw.lognormvariate(0, 0.3),
                    }
                )
    return rows


def coded(models: Models, rows: list[Row]) -> dict[tuple[str, int], Row]:
    models.copy("reference.regions", "reference.standards")
    for seed in ("thresholds", "code_schemes", "code_bands", "code_benchmarks", "code_deductions"):
        models.seed(seed)
    for form, code in (("sinks", "sink_kind"), ("allowances", "allowance_kind")):
        models.give(
            f"staging.stg_park_returns__{form}",
            f"park_id varchar, enterprise_id varchar, year integer, {code} varchar, co2_t double,"
            " quantity_t double, vintage bigint, _load_id varchar, _file_name varchar,"
            " _sheet_name varchar, _row_number bigint, origin varchar",
            [],
        )
    common = {"is_sample": False, "origin": "observed", "default_method": "m"}
    like(models, "reference.parks", "all_levels.parks", [
        {"park_id": row["park_id"], "region_code": row["region_code"], "origin": "observed"}
        for row in rows if row["year"] == 2023
    ])  # fmt: skip
    like(models, "indicators.park_year", "indicators.park_year", [
        common | {
            "park_id": row["park_id"], "year": row["year"], "above_size_co2_t": row["co2"],
            "co2_t": row["co2"], "industrial_value_added_10k_cny": row["added"],
        }
        for row in rows
    ])  # fmt: skip
    like(models, "indicators.park_types", "all_levels.park_types", [
        common | {"park_id": row["park_id"], "year": row["year"], "structure": row["structure"]}
        for row in rows
    ])  # fmt: skip
    models.build(["park_carbon_codes"])
    found = models.connection.execute("from greenpark.indicators.park_carbon_codes")
    names = [column[0] for column in found.description]
    return {
        (row["park_id"], row["year"]): row
        for row in (dict(zip(names, values, strict=True)) for values in found.fetchall())
    }


def colour_of(ratio: float) -> str:
    return next(colour for top, colour in BANDS if ratio <= top * (1 + CLOSE))


def by_hand(rows: list[Row]) -> dict[tuple[str, int], tuple[str, float, float]]:
    """Group, benchmark and ratio of each park and year."""
    found = {}
    for row in rows:
        alike = [other for other in rows if other["year"] == row["year"]]
        here = [o for o in alike if PLACES[o["region_code"]] == PLACES[row["region_code"]]]
        groups = {
            "peers_in_province": [o for o in here if o["structure"] == row["structure"]],
            "peers": [o for o in alike if o["structure"] == row["structure"]],
            "all_in_province": here,
            "all": alike,
        }
        name = next(name for name, least in GROUPS if len(groups[name]) >= least)
        chosen = groups[name]
        benchmark = sum(o["co2"] for o in chosen) / sum(o["added"] for o in chosen)
        found[row["park_id"], row["year"]] = (
            name, benchmark, row["co2"] / row["added"] / benchmark,
        )  # fmt: skip
    return found


def reason_of(before: tuple[str, float, float], now: tuple[str, float, float]) -> str:
    """Each of the two changes alone: which gives the new colour?"""
    colours = colour_of(before[2]), colour_of(now[2])
    if colours[0] == colours[1]:
        return "same"
    if before[0] != now[0]:
        return "benchmark_group"
    own = colour_of(now[2] * now[1] / before[1]) == colours[1]
    benchmark = colour_of(before[2] * before[1] / now[1]) == colours[1]
    if own == benchmark:
        return "both"
    return "own_intensity" if own else "benchmark"


@pytest.mark.parametrize("seed", [1, 2])
def test_codes_of_other_provinces_are_computed_again(models: Models, seed: int) -> None:
    rows = parks_of(random.Random(seed))
    found, expected = coded(models, rows), by_hand(rows)
    assert found.keys() == expected.keys()
    reasons = set()
    for (park, year), (group, benchmark, ratio) in expected.items():
        row = found[park, year]
        assert row["benchmark_group"] == group
        assert row["benchmark_co2_t_per_industrial_va"] == pytest.approx(benchmark, rel=CLOSE)
        assert row["efficiency_ratio"] == pytest.approx(ratio, rel=CLOSE)
        assert row["colour"] == colour_of(ratio)
        first = year == 2021
        reason = (
            "first_year" if first else reason_of(expected[park, year - 1], expected[park, year])
        )
        assert row["change_reason"] == reason, (park, year)
        reasons.add(reason)
        assert row["benchmark_reason"] == (
            "first_choice" if group == "peers_in_province" else "sample_too_small"
        )
    assert {group for group, *_ in expected.values()} == {name for name, _ in GROUPS}
    assert reasons >= {"first_year", "same", "own_intensity"}


def test_codes_do_not_hang_on_units_or_order_and_less_co2_is_never_worse(models: Models) -> None:
    rows = parks_of(random.Random(3))
    before = coded(models, rows)
    shuffled = [row | {"co2": row["co2"] * 1e6, "added": row["added"] * 1e-3} for row in rows]
    random.Random(4).shuffle(shuffled)
    after = coded(models, shuffled)
    for key, row in before.items():
        assert after[key]["efficiency_ratio"] == pytest.approx(row["efficiency_ratio"], rel=CLOSE)
        assert after[key]["colour"] == row["colour"]
    one = max(before, key=lambda key: before[key]["efficiency_ratio"])
    cut = [
        row | {"co2": row["co2"] * 0.7} if (row["park_id"], row["year"]) == one else row
        for row in rows
    ]
    assert coded(models, cut)[one]["efficiency_ratio"] < before[one]["efficiency_ratio"]


@pytest.mark.parametrize(
    ("ratio", "colour"),
    [(0.8, "green"), (0.8000001, "blue"), (0.7999999, "green"), (1.2, "blue"),
     (1.2000001, "yellow"), (2.0, "yellow"), (2.0000001, "red")],
)  # fmt: skip
def test_colours_at_and_beside_their_bounds(models: Models, ratio: float, colour: str) -> None:
    """Nine parks at 1 and one at the ratio, weighed so that the mean stays 1."""
    rows = [
        {"park_id": f"p{n}", "region_code": "610300", "structure": "x", "year": 2023,
         "co2": 1.0, "added": 1.0}
        for n in range(9)
    ]  # fmt: skip
    weight = 0.1
    rows.append(rows[0] | {"park_id": "edge", "co2": ratio * weight, "added": weight})
    # One park takes what the edge has too much or too little.
    rows[0] |= {"co2": 1.0 - (ratio - 1.0) * weight}
    assert coded(models, rows)["edge", 2023]["colour"] == colour


def test_stability_is_that_of_other_draws(models: Models) -> None:
    """The share of draws in each quarter, by numpy's Dirichlet: another sequence, the same law."""
    models.seed("thresholds")
    models.seed("evaluation_indicators")
    models.seed("evaluation_sets")
    ((set_id,),) = models.rows("select set_id from greenpark.seed.evaluation_sets where is_drawn")
    names = [
        name
        for (name,) in models.rows(
            f"select indicator from greenpark.seed.evaluation_indicators where set_id = '{set_id}'"
            " order by slot"
        )
    ]
    draw = np.random.default_rng(18)
    groups = {("610000", "x"): 9, ("330000", "x"): 6, ("330000", "y"): 4}
    rows: list[Row] = []
    matrices = {}
    for (province, structure), size in groups.items():
        values = draw.random((size, len(names)))
        values[draw.random(values.shape) < 0.15] = np.nan  # what a park lacks
        matrices[province, structure] = values
        for park in range(size):
            for place, name in enumerate(names):
                if not np.isnan(values[park, place]):
                    rows.append(
                        {
                            "set_id": set_id, "weighting": "equal", "year": 2023,
                            "park_id": f"{province}{structure}{park}", "indicator": name,
                            "province_code": province, "structure": structure,
                            "scaled_value": float(values[park, place]),
                        }
                    )  # fmt: skip
    published = "all_levels.park_evaluation_indicators"
    like(models, "indicators.park_evaluation_indicators", published, rows)
    models.build(["park_evaluation_stability"])
    found: dict[str, dict[int, float]] = defaultdict(dict)
    counts = set()
    for park, quartile, share, count in models.rows(
        "select park_id, quartile, draw_share, draw_count"
        " from greenpark.indicators.park_evaluation_stability"
    ):
        found[park][quartile] = share
        counts.add(count)
    assert counts == {10_000}
    for (province, structure), values in matrices.items():
        weights = draw.dirichlet(np.ones(len(names)), 40_000)
        held = ~np.isnan(values)
        scores = (weights @ np.nan_to_num(values).T) / (weights @ held.T)
        places = 1 + (scores[:, None, :] > scores[:, :, None]).sum(axis=2)
        quarters = 4 * (places - 1) // len(values) + 1
        for park in range(len(values)):
            shares = found[f"{province}{structure}{park}"]
            for quarter in range(1, 5):
                expected = float((quarters[:, park] == quarter).mean())
                # Four standard errors of 10,000 draws, and what an even sequence may be off.
                assert shares.get(quarter, 0.0) == pytest.approx(expected, abs=0.025)


def test_gini_of_random_regions_is_that_of_pairs(models: Models) -> None:
    """Half the mean difference of all pairs over the mean; units and order do not matter.

    That this is pymcdm's Gini, tests/unit/test_evaluation.py shows.
    """
    models.seed("thresholds")
    models.seed("region_groups")
    draw = np.random.default_rng(18)
    members: dict[str, list[str]] = defaultdict(list)
    for region, parent in models.rows(
        "select region_code, parent_code from published.reference.regions"
        " where level = 'prefecture' and parent_code is not null order by all"
    ):
        members[parent].append(region)
    models.copy("reference.regions")
    parts = {
        (parent, year): draw.lognormal(10, 2, len(regions))
        for parent, regions in members.items()
        for year in (2021, 2022)
        if len(regions) > 1
    }
    assert len(parts) > 40
    rows = [
        {"region_code": region, "year": year, "method": "m", "co2_t": float(value),
         "coal_t": float(value) * 1e-6, "is_complete": True, "origin": "derived"}
        for (parent, year), values in parts.items()
        for region, value in zip(members[parent], values, strict=True)
    ]  # fmt: skip
    random.Random(18).shuffle(rows)
    schema = models.schema("region_year")
    like(models, f"{schema}.region_year", "all_levels.region_year", rows)
    models.build(["region_concentration"])
    found = models.rows(
        "select region_code, year, value from greenpark.indicators.region_concentration"
        " where statistic = 'gini'"
    )
    assert len(found) == 2 * len(parts)  # of CO2, and of coal, which is a millionth of it
    for parent, year, gini in found:
        values = parts[parent, year]
        mean_difference = np.abs(values[:, None] - values).mean()
        assert gini == pytest.approx(mean_difference / 2 / values.mean(), rel=CLOSE)
