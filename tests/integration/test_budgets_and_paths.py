"""Budgets dealt over random trees; error ranges by SQL and by Python; a path there and back."""

from __future__ import annotations

import csv
import hashlib
import json
import math
import random
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from click.testing import CliRunner
from compiled import Models
from scipy import stats
from test_park_account import reader as account  # noqa: F401  the same refresh serves both

from orchestration import cli
from orchestration.inventory import facts, uncertainty
from orchestration.landing.land import land
from orchestration.landing.map.catalogue import read_datasets
from orchestration.publishing.opening import open_reader
from orchestration.settings import Home

LEVELS = ("province", "city", "park", "enterprise")
NODES = (
    "node_id varchar, year integer, budget_level varchar, parent_id varchar,"
    " province_code varchar, base_year integer, share_base_co2_t double, given_t double,"
    " spent_t double, source_id varchar, origin_rank integer"
)
TREES = 200
SIDECAR = """\
dataset: park_returns_path_steps
source_id: paths
publisher: nobody
title_zh: 路径
title_en: Paths
edition_year: 2024
encoding: utf-8
sha256: {sha256}
licence: made up
origin: observed
url_or_citation: greenpark path
layout:
  kind: records
  header_rows: 1
  first_data_row: 2
"""
Node = dict[str, object]
Reader = duckdb.DuckDBPyConnection


@pytest.fixture(scope="module")
def models(published_home: Home) -> Models:
    return Models(published_home)


def tree(name: str, draw: random.Random) -> list[Node]:
    """Four levels below a province with a budget; some nodes are given theirs, some emit nothing.

    The children emit no more than their parent, but where the parks of a city are known better
    than the city itself.
    """
    scale = 10 ** draw.randint(0, 9)
    root: Node = {
        "node_id": name, "year": 2026, "budget_level": "province",
        "share_base_co2_t": scale * draw.random(), "given_t": scale * draw.random(),
    }  # fmt: skip
    nodes = [root]
    parents = [root]
    for level in LEVELS[1:]:
        children: list[Node] = []
        for parent in parents:
            parts = [draw.random() for _ in range(draw.randint(0, 5))]
            whole = float(str(parent["share_base_co2_t"])) * draw.choice((0.3, 1.0, 1.0, 1.7))
            for number, part in enumerate(parts):
                # Equal parts have equal remainders.
                share = whole / len(parts) if draw.random() < 0.3 else whole * part / sum(parts)
                is_given = draw.random() < 0.15
                children.append(
                    {
                        "node_id": f"{parent['node_id']}/{number}",
                        "year": 2026,
                        "budget_level": level,
                        "parent_id": parent["node_id"],
                        "share_base_co2_t": draw.choice((0.0, share, share, share, share)),
                        "given_t": scale * draw.random() / 20 if is_given else None,
                    }
                )
        nodes += children
        parents = children
    return nodes


def test_budgets_of_random_trees_add_up_in_whole_tonnes(models: Models) -> None:
    """What is shared out never exceeds the parent, and leaves only what is nobody's part."""
    draw = random.Random(18)
    nodes = [node for number in range(TREES) for node in tree(f"T{number}", draw)]
    draw.shuffle(nodes)
    models.give("intermediate.int_budgets__nodes", NODES, nodes)
    models.seed("thresholds")
    models.build(["int_budgets__allocated"])
    dealt = {
        node: (budget, basis)
        for node, budget, basis in models.rows(
            "select node_id, budget_t, budget_basis"
            " from greenpark.intermediate.int_budgets__allocated"
        )
    }
    children: dict[object, list[Node]] = defaultdict(list)
    for node in nodes:
        children[node.get("parent_id")].append(node)
    shared, left_over = 0, set()
    for node in nodes:
        name = node["node_id"]
        if node["given_t"] is not None:
            assert dealt[name] == (node["given_t"], "given")
        if name not in dealt:
            continue
        below = children[name]
        given = sum(child["given_t"] for child in below if child["given_t"] is not None)
        base = float(str(node["share_base_co2_t"]))
        takers = [c for c in below if c["given_t"] is None and c["share_base_co2_t"]]
        parts = [dealt[child["node_id"]][0] for child in takers]
        assert all(part == math.floor(part) and part >= 0 for part in parts)
        shared += len(parts)
        # Whole tonnes that the others can have: the parent's less what was given.
        rest = max(math.floor(dealt[name][0] - given), 0)
        assert sum(parts) <= rest
        open_base = math.fsum(float(str(child["share_base_co2_t"])) for child in takers)
        given_base = math.fsum(
            float(str(child["share_base_co2_t"])) for child in below if child["given_t"] is not None
        )
        if takers:
            whole = max(open_base, base - given_base)
            theirs = rest * (open_base / whole)
            # All of their part but for less than a tonne, each at most a tonne from its own.
            assert theirs - 1 - 1e-6 * (1 + theirs * 1e-9) < sum(parts) <= theirs + 1e-5
            for child, part in zip(takers, parts, strict=True):
                exact = rest * (float(str(child["share_base_co2_t"])) / whole)
                assert abs(part - exact) < 1 + 1e-5
            left_over.add(sum(parts) < rest)
    assert shared > 1000 and left_over == {True, False}


@pytest.fixture(scope="module")
def published(published_home: Home) -> Iterator[Reader]:
    with open_reader(published_home) as connection:
        yield connection


def test_ranges_by_sql_are_those_of_the_inventory(
    published: Reader,
    account: Reader,  # noqa: F811
) -> None:
    """One rule, two implementations: of the parks shipped, and of those worked by hand."""
    statements = dict(facts._named("facts.sql"))
    compared = 0
    for connection in (published, account):
        rows = connection.execute(
            """
            select park_id, year, method, half_range_co2_t from all_levels.zero_carbon_gap
            where gap_item = 'core_ratio' and half_range_co2_t is not null
            qualify row_number() over (partition by park_id, method order by year desc) = 1
            order by park_id, method limit 25
            """
        ).fetchall()
        for park, year, method, half_range in rows:
            asked = {"park_id": park, "year": year, "method": method}
            assert facts.prepare(connection, asked)
            (view,) = connection.execute(
                "select own_view from reference.park_methods where method = ?", [method]
            ).fetchone()
            activities = {
                row["activity_no"]: row["relative_half_range"]
                for row in facts._run(connection, statements["activities"], asked)
            }
            lines = [
                row
                for row in facts._run(connection, statements["lines"], asked)
                if row["is_in_net"] and row["gas"] == "co2" and row["view"] in (None, view)
            ]
            assert uncertainty.propagate(lines, activities) == pytest.approx(
                half_range, rel=1e-9, abs=1e-9
            ), asked
            compared += half_range > 0
    assert compared > 30


def test_the_probability_of_passing_is_that_of_scipy(models: Models, published: Reader) -> None:
    """From sure to hopeless: nets around the bound, one line each whose range is known.

    The gap is normal about what was computed. An error of the coal is one of net and energy,
    that of its factor of the net alone; what no line holds of the energy has one of its own.
    """
    models.copy(
        "reference.core_ratio_bounds", "reference.park_methods", "reference.sources",
        "reference.uncertainty_ranges", "reference.standards", "reference.fuels",
        "reference.tce_coefficients",
    )  # fmt: skip
    for seed in ("thresholds", "constants", "guiding_indicators"):
        models.seed(seed)
    models.give(
        "intermediate.int_park__guiding_valued",
        "park_id varchar, year integer, method varchar, guiding_indicator varchar,"
        " item_value double, item_coverage double, value_refusal varchar, stated_reason varchar,"
        " origin_rank integer",
        [],
    )
    ((method, view),) = models.rows(
        "select distinct method, own_view from greenpark.reference.park_methods"
        " inner join greenpark.reference.core_ratio_bounds using (method)"
    )
    energy, bound = 500_000.0, 0.2
    sources = models.rows(
        "select origin, min(source_id) from greenpark.reference.sources group by origin"
    )
    ratios, lines = [], []
    for source_origin, source_id in sources:
        for number in range(-45, 46):
            park, net = f"{source_origin}{number}", energy * bound * (1 + number / 50)
            common = {"park_id": park, "year": 2023, "method": method, "origin": "derived"}
            ratios.append(
                common | {
                    "energy_basis": "account", "tce_convention": "coal_equivalent",
                    "net_co2_t": net, "basis_energy_tce": energy,
                    "core_co2_t_per_tce": net / energy, "bound_co2_t_per_tce": bound,
                    "energy_class": "small", "bound_status": "meets" if net <= 1e5 else "fails",
                }
            )  # fmt: skip
            lines.append(
                common | {
                    "electricity_view": view, "entry": "combustion", "gas": "co2",
                    "line_item": "raw_coal", "sign": 1, "unit": "t", "quantity": net,
                    "gas_t_per_quantity": 1.0, "co2_t": net, "is_counted": True,
                    "value_status": "reported", "source_id": source_id,
                }
            )  # fmt: skip
    accounts: list[Node] = []  # no line buys electricity
    for table, rows in (
        ("park_core_ratio", ratios),
        ("park_carbon_ledger", lines),
        ("park_carbon_account", accounts),
    ):
        schema = models.schema(table)
        columns = ", ".join(
            f"{name} {kind}"
            for name, kind, *_ in models.rows(f"describe published.all_levels.{table}")
        )
        models.give(f"{schema}.{table}", columns, rows)
    models.build(["zero_carbon_gap"])
    found = models.rows(
        "select net.net_co2_t, net.park_id, half_range_gap_t, pass_probability"
        " from greenpark.indicators.zero_carbon_gap"
        " inner join greenpark.indicators.park_core_ratio as net using (park_id, year, method)"
        " where gap_item = 'core_ratio'"
    )
    assert len(found) == len(sources) * 91
    ((tce_per_t,),) = models.rows(
        "select tce_per_unit from greenpark.reference.tce_coefficients"
        " inner join greenpark.reference.park_methods using (tce_set)"
        f" where fuel_code = 'raw_coal' and method = '{method}'"
    )
    ranges = {
        (of, basis): half
        for of, basis, half in models.rows(
            "select range_of, range_basis, relative_half_range"
            " from greenpark.reference.uncertainty_ranges where entry is null and gas is null"
        )
    }
    basis_of = {"observed": "have", "derived": "estimated", "reconstructed": "reconstructed"}
    for net, park, half_range, probability in found:
        of_coal = ranges["activity", basis_of[park.rstrip("-0123456789")]]
        errors = (
            (net - bound * net * tce_per_t) * of_coal,
            net * ranges["factor", "default"],
            bound * (energy - net * tce_per_t) * of_coal,
        )
        assert half_range == pytest.approx(math.hypot(*errors), rel=1e-9)
        scale = half_range / stats.norm.ppf(0.975)
        expected = stats.norm.cdf(energy * bound, loc=net, scale=scale)
        assert probability == pytest.approx(expected, rel=1e-9, abs=1e-11)
    chances = [probability for *_, probability in found]
    assert min(chances) < 1e-9 and max(chances) > 1 - 1e-9
    # Published rows too, by their own columns.
    for gap, half_range, probability in published.execute(
        "select gap_co2_t, half_range_gap_t, pass_probability from all_levels.zero_carbon_gap"
        " where pass_probability is not null"
    ).fetchall():
        expected = stats.norm.sf(gap, scale=half_range / stats.norm.ppf(0.975))
        assert probability == pytest.approx(expected, rel=1e-9, abs=1e-11)


def test_a_path_comes_back_as_it_was_found(
    published_home: Home, models: Models, tmp_path: Path
) -> None:
    """`greenpark path`, its form handed in, landed, and what indicators.park_paths says of it.

    The park edits a copy: a path of its own with half of every share comes to half of it all.
    """
    said = CliRunner().invoke(
        cli.main,
        ["path", "P01", "--by", "2030", "--home", str(published_home.root), "--json",
         "--output", str(tmp_path / "forms")],
    )  # fmt: skip
    assert said.exit_code == 0, said.output
    found = json.loads(said.stdout)
    assert found["status"] == "reached"

    data = tmp_path / "data" / "mine"
    data.mkdir(parents=True)
    (form,) = (tmp_path / "forms").glob("*.csv")
    with form.open(encoding="utf-8-sig", newline="") as file:
        heading, *steps = csv.reader(file)
    names = [column.name for column in read_datasets()["park_returns_path_steps"].columns]
    share = names.index("planned_share")
    halves = [
        [*row[:1], "mine", *row[2:share], repr(float(row[share]) / 2), *row[share + 1 :]]
        for row in steps
    ]
    with (data / form.name).open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([heading, *steps, *halves])
    handed_in = (data / form.name).read_bytes()
    sidecar = SIDECAR.format(sha256=hashlib.sha256(handed_in).hexdigest())
    (data / f"{form.stem}.yml").write_text(sidecar, encoding="utf-8")
    landed = tmp_path / "landed.duckdb"
    report = land(landed, [data.parent])
    written = [*steps, *halves]
    assert [(file.rows_read, file.rows_accepted) for file in report.files] == [
        (len(written), len(written))
    ]

    database = models.connection
    database.execute(f"attach '{landed}' as landed (read_only)")
    models.copy("reference.core_ratio_bounds", "reference.standards")
    database.execute(
        "create schema greenpark.raw; create schema if not exists greenpark.indicators"
    )
    database.execute(
        "create table greenpark.raw.park_returns_path_steps as"
        " from landed.raw.park_returns_path_steps"
    )
    for table in ("park_path_measures", "park_path_bases"):
        database.execute(
            f"create table greenpark.indicators.{table} as from published.all_levels.{table}"
        )
    models.seed("thresholds")
    models.build(["stg_park_returns__path_steps", "park_paths"])
    assert models.rows("select count(*) from greenpark.staging.stg_park_returns__path_steps") == [
        (len(written),)
    ]
    rows = models.rows(
        "select year, path_co2_t, path_energy_tce, path_cost_10k_cny, path_fault, bound_status"
        " from greenpark.indicators.park_paths where path_id = 'least_cost' order by year"
    )
    by_year = {row["year"]: row for row in found["years"]}
    assert [year for year, *_ in rows] == sorted(by_year)
    for year, co2, energy, cost, fault, _ in rows:
        assert fault is None
        assert (co2, energy, cost) == tuple(
            pytest.approx(by_year[year][name], rel=1e-9)
            for name in ("path_co2_t", "path_energy_tce", "path_cost_10k_cny")
        )
    assert rows[-1][0] == 2030 and rows[-1][-1] == "meets"
    assert {status for *_, status in rows[:-1]} == {"fails"}
    mine = models.rows(
        "select year, path_co2_t, path_cost_10k_cny, path_fault, base.net_co2_t"
        " from greenpark.indicators.park_paths as paths"
        " inner join (select park_id, method, max(net_co2_t) as net_co2_t"
        " from greenpark.indicators.park_path_bases group by all) as base using (park_id, method)"
        " where path_id = 'mine' order by year"
    )
    assert [year for year, *_ in mine] == sorted(by_year)
    for year, co2, cost, fault, net in mine:
        whole = by_year[year]
        assert fault is None
        assert net - co2 == pytest.approx((net - whole["path_co2_t"]) / 2, rel=1e-9, abs=1e-6)
        assert cost == pytest.approx(whole["path_cost_10k_cny"] / 2, rel=1e-9, abs=1e-9)
