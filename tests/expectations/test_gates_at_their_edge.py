"""Every gate and test of identities lets true data through at its edge, and false data not.

True data are the same doubles, added in another order; false are off by a thousand tolerances.
"""

from __future__ import annotations

import math
import random
import re
from collections.abc import Callable

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sql import dbt_test, gate_queries, rows_of_gate

from expectations.thresholds import threshold
from expectations.tolerance import is_equal, is_within, render

CLOSURE = threshold("float_closure")
FALSE = 1000 * CLOSURE
ULP = 2.0**-52
SIZES = st.floats(min_value=1e-3, max_value=1e12)
NOISE = st.integers(-8, 8)
PROPERTY = settings(max_examples=50, deadline=None)
BOUNDED = re.compile(
    r"not \((\w+)\) < \((.+?)\) - \S+ \* \(.+?\) and not \(\1\) > \((.+?)\) \+ \S+ \* \((.+?)\)\)"
)


@pytest.fixture(scope="module")
def connection() -> duckdb.DuckDBPyConnection:
    with duckdb.connect() as connection:
        for schema in ("emissions", "indicators", "all_levels", "reference"):
            connection.execute(f"create schema {schema}")
        yield connection


def table(connection: duckdb.DuckDBPyConnection, name: str, rows: list[dict]) -> None:
    """Make a table of the rows, its columns those of the first."""
    columns = list(rows[0])
    types = ", ".join(
        f"{column} {'varchar' if isinstance(rows[0][column], str) else 'double'}"
        if not isinstance(rows[0][column], bool)
        else f"{column} boolean"
        for column in columns
    )
    connection.execute(f"create or replace table {name} ({types})")
    connection.executemany(
        f"insert into {name} values ({', '.join('?' * len(columns))})",
        [[row.get(column) for column in columns] for row in rows],
    )


# --- the definition ------------------------------------------------------------------------------


@PROPERTY
@given(a=SIZES, steps=st.floats(-3, 3), scale=SIZES)
def test_sql_and_python_agree(a: float, steps: float, scale: float) -> None:
    b = a + steps * CLOSURE * scale
    sql = render(
        "select {{ is_equal('a', 'b', 's') }}, {{ is_within('b', 'a', '2 * a', 's') }} "
        f"from (values ({a!r}::double, {b!r}::double, {scale!r}::double)) as t (a, b, s)"
    )
    expected = (is_equal(a, b, scale), is_within(b, a, 2 * a, scale))
    assert duckdb.sql(sql).fetchone() == expected


@PROPERTY
@given(parts=st.lists(SIZES, min_size=2, max_size=30), seed=st.integers())
def test_sums_of_the_same_parts_are_ties_and_equal(parts: list[float], seed: int) -> None:
    other = list(parts)
    random.Random(seed).shuffle(other)
    one, two = sum(parts), sum(other)
    assert is_equal(one, two, math.fsum(parts))
    key = f"{{{{ tie_value('x', {math.fsum(parts)!r}) }}}}"
    values = f"(values ({one!r}::double), ({two!r}::double)) as t (x)"
    ((keys,),) = duckdb.sql(render(f"select count(distinct {key}) from {values}")).fetchall()
    assert keys == 1


@PROPERTY
@given(
    mantissa=st.integers(1, 10**9 - 1),
    decimals=st.integers(0, 6),
    noise=NOISE,
)
def test_printed_numbers_tie_but_for_their_last_digits(
    mantissa: int, decimals: int, noise: int
) -> None:
    """Whatever is printed with a few decimals does not fall on the edge of a step."""
    number = mantissa / 10**decimals
    off = number * (1 + noise * ULP)
    key = "{{ tie_value('x', 'x') }}"
    values = f"(values ({number!r}::double), ({off!r}::double)) as t (x)"
    ((keys,),) = duckdb.sql(render(f"select count(distinct {key}) from {values}")).fetchall()
    assert keys == 1
    apart = f"(values ({number!r}::double), ({number * (1 + 10 * CLOSURE)!r}::double)) as t (x)"
    ((keys,),) = duckdb.sql(render(f"select count(distinct {key}) from {apart}")).fetchall()
    assert keys == 2


# --- bounds of one column ------------------------------------------------------------------------


def _bounded() -> list[tuple[str, str, float, float, float]]:
    found = []
    for rule_id, query in gate_queries().items():
        if "batch as bounded" in query:
            column, low, high, scale = BOUNDED.search(query).groups()
            found.append((rule_id, column, float(low), float(high), float(scale)))
    return found


def test_there_are_bounds() -> None:
    assert {"park_year_top_enterprises", "region_year_coal_co2_share"} <= {
        rule_id for rule_id, *_ in _bounded()
    }


@pytest.mark.parametrize(
    ("rule_id", "column", "low", "high", "scale"), _bounded(), ids=[b[0] for b in _bounded()]
)
def test_a_bound_holds_to_the_last_digit(
    connection: duckdb.DuckDBPyConnection,
    rule_id: str,
    column: str,
    low: float,
    high: float,
    scale: float,
) -> None:
    # At a bound of a share: 1.0000000000000002, or -1e-17.
    true = [low, high, low - 2 * ULP * scale, high + 2 * ULP * scale]
    false = [low - FALSE * scale, high + FALSE * scale]
    keys = set(re.findall(r"\w+", gate_queries()[rule_id].split("select ")[-1].split(" from ")[0]))
    rows = [{**dict.fromkeys(keys, "k"), column: value} for value in (*true, *false)]
    table(connection, "bounded_column", rows)
    found = rows_of_gate(connection, rule_id, "bounded_column")
    assert len(found) == len(false), found


# --- identities between tables -------------------------------------------------------------------

Build = Callable[[duckdb.DuckDBPyConnection, float, float, float], str]
IDENTITIES: dict[str, Build] = {}


def identity(rule_id: str) -> Callable[[Build], Build]:
    def register(build: Build) -> Build:
        IDENTITIES[rule_id] = build
        return build

    return register


KEY = {"region_code": "320000", "scenario": "s", "method": "m"}


@identity("park_co2_is_that_of_its_enterprises")
def _roll_up(connection, size: float, other: float, off: float) -> str:
    key = {"park_id": "p", "year": 2020, "method": "m"}
    table(
        connection,
        "emissions.park_co2_by_method",
        [key | {"co2_t": size}, key | {"co2_t": -other}],
    )
    table(connection, "emissions.enterprise_co2_by_method", [key | {"co2_t": size - other + off}])
    return "emissions.park_co2_by_method"


@identity("scenarios_start_from_what_was")
def _start(connection, size: float, other: float, off: float) -> str:
    table(
        connection,
        "indicators.scenarios",
        [KEY | {"year": 2020, "base_year": 2020, "direct_and_purchased_co2_t": size + other + off}],
    )
    table(
        connection,
        "indicators.kaya_factors",
        [
            {
                "region_code": "320000",
                "method": "m",
                "year": 2020,
                "direct_and_purchased_co2_t": size + other,
            }
        ],
    )
    return "indicators.scenarios"


@identity("scenario_potential_lies_between_scenarios")
def _between(connection, size: float, other: float, off: float) -> str:
    table(
        connection,
        "indicators.scenarios",
        [KEY | {"year": 2025, "direct_and_purchased_co2_t": other}],
    )
    table(
        connection,
        "indicators.scenario_potential",
        [
            KEY
            | {
                "year": 2025,
                "reference_co2_t": size + other,
                "direct_and_purchased_co2_t": other,
                "reduction_t": size + off,
            }
        ],
    )
    return "indicators.scenario_potential"


@identity("scenario_potential_parts_add_up")
def _parts(connection, size: float, other: float, off: float) -> str:
    """Effects of `size` that cancel: their sum is nothing but the last digits."""
    table(
        connection,
        "indicators.scenario_potential",
        [
            KEY
            | {
                "year": 2025,
                "reference_co2_t": size + other,
                "direct_and_purchased_co2_t": size + other,
                "reduction_t": 0.0,
                "change_from_base_t": 0.0,
                "growth_reduction_t": size,
                "efficiency_reduction_t": -size + off,
                "structure_reduction_t": 0.0,
                "growth_effect_t": size,
                "efficiency_effect_t": 0.0,
                "structure_effect_t": -size,
            }
        ],
    )
    return "indicators.scenario_potential"


@identity("lmdi_effects_change_is_that_of_the_region")
def _change(connection, size: float, other: float, off: float) -> str:
    effects = {
        "entity": "320000",
        "region_code": "320000",
        "method": "m",
        "period": "p",
        "identity": "territory",
        "form": "additive",
        "year_from": 2016.0,
        "year_to": 2020.0,
        "change": off,
    }
    table(connection, "indicators.lmdi_effects", [effects])
    key = {"region_code": "320000", "method": "m"}
    table(
        connection,
        "all_levels.region_year",
        [
            key | {"year": 2016.0, "co2_t": size + other},
            key | {"year": 2020.0, "co2_t": size + other},
        ],
    )
    return "indicators.lmdi_effects"


@identity("peak_status_maximum_is_the_largest")
def _maximum(connection, size: float, other: float, off: float) -> str:
    table(
        connection,
        "indicators.peak_status",
        [{"entity": "e", "method": "m", "indicator": "co2_t", "peak_value_t": size + other}],
    )
    table(
        connection,
        "all_levels.region_year",
        [{"region_code": "e", "method": "m", "co2_t": size + other + abs(off)}],
    )
    return "indicators.peak_status"


@identity("region_co2_views_agree")
def _views(connection, size: float, other: float, off: float) -> str:
    key = {"region_code": "320000", "year": 2020, "method": "m"}
    table(
        connection,
        "all_levels.region_co2_views",
        [
            key | {"view_name": "production", "co2_t": size},
            key | {"view_name": "production", "co2_t": -size},
            key | {"view_name": "use", "co2_t": other},
            key | {"view_name": "use", "co2_t": -other + off},
        ],
    )
    table(connection, "reference.regions", [{"region_code": "320000", "level": "province"}])
    return "all_levels.region_co2_views"


@pytest.mark.parametrize("rule_id", IDENTITIES)
@PROPERTY
@given(size=SIZES, other=SIZES, noise=NOISE)
def test_an_identity_holds_to_the_last_digit(
    connection: duckdb.DuckDBPyConnection, rule_id: str, size: float, other: float, noise: int
) -> None:
    build = IDENTITIES[rule_id]
    whole = size + other
    name = build(connection, size, other, noise * ULP * whole)
    assert rows_of_gate(connection, rule_id, name) == []
    name = build(connection, size, other, FALSE * 2 * whole)
    assert rows_of_gate(connection, rule_id, name) != []


@pytest.mark.parametrize(
    ("rule_id", "name", "columns"),
    [
        (
            "scenarios_shares_make_a_whole",
            "indicators.scenarios",
            ("coal_share", "oil_share", "gas_share", "other_share"),
        ),
        (
            "kaya_factors_shares_make_a_whole",
            "indicators.kaya_factors",
            ("coal_share", "oil_share", "gas_share", "other_share"),
        ),
        ("price_deflators_are_one_in_their_base_year", "indicators.price_deflators", ("deflator",)),
    ],
)
@PROPERTY
@given(cut=st.floats(0.1, 3), noise=NOISE)
def test_shares_make_a_whole_to_the_last_digit(
    connection: duckdb.DuckDBPyConnection,
    rule_id: str,
    name: str,
    columns: tuple[str, ...],
    cut: float,
    noise: int,
) -> None:
    """Also the shares of who sells more power than it uses: one above 1, another below 0."""
    key = KEY | {"year": 2020, "price_base_year": 2020}
    rest = [0.0] * (len(columns) - 2)

    def values(off: float) -> dict[str, float]:
        if len(columns) == 1:
            return {columns[0]: 1 + off}
        return dict(zip(columns, [cut, 1 - cut + off, *rest], strict=True))

    table(connection, name, [key | values(noise * ULP)])
    assert rows_of_gate(connection, rule_id, name) == []
    table(connection, name, [key | values(FALSE * 10)])
    assert rows_of_gate(connection, rule_id, name) != []


@pytest.mark.parametrize(
    ("activity", "co2", "state", "passes"),
    [
        (0.1, 1e-17, "strong_decoupling", True),
        (0.1, -1e-17, "weak_decoupling", True),
        (-0.1, -1e-17, "strong_negative_decoupling", True),
        (0.1, 0.01, "strong_decoupling", False),
        (0.1, -0.01, "weak_decoupling", False),
        (-0.1, 0.01, "recessive_coupling", False),
    ],
)
def test_states_of_decoupling_at_their_edge(
    connection: duckdb.DuckDBPyConnection, activity: float, co2: float, state: str, passes: bool
) -> None:
    row = {
        "entity": "e",
        "method": "m",
        "period": "p",
        "activity_change_rate": activity,
        "co2_change_rate": co2,
        "state": state,
    }
    table(connection, "indicators.decoupling", [row])
    rule_id = "decoupling_states_follow_from_the_signs"
    assert (rows_of_gate(connection, rule_id, "indicators.decoupling") == []) is passes


def test_the_middle_of_nearly_equal_draws_is_in_their_interval(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    row = KEY | {"year": 2020, "co2_median_t": 0.1 + 0.2, "co2_low_t": 0.1, "co2_high_t": 0.3}
    table(connection, "indicators.scenarios", [row])
    rule_id = "scenarios_median_lies_in_the_interval"
    assert rows_of_gate(connection, rule_id, "indicators.scenarios") == []


# --- dbt tests -----------------------------------------------------------------------------------


def _effects(
    connection: duckdb.DuckDBPyConnection, effects: list[float], change: float, total: float
) -> list[tuple]:
    key = {"entity": "e", "method": "m", "price_basis": "none", "period": "2019-2020"}
    table(
        connection,
        "lmdi_effects",
        [
            key
            | {
                "year_from": 2019.0,
                "year_to": 2020.0,
                "form": "additive",
                "value": value,
                "change": change,
                "refusal": None,
            }
            for value in effects
        ],
    )
    part = {"entity": "e", "method": "m", "price_basis": "none"}
    table(
        connection,
        "int_drivers__activities_united",
        [part | {"year": year, "co2_t": total} for year in (2019.0, 2020.0)],
    )
    return connection.execute(dbt_test("assert_effects_add_up_to_the_change")).fetchall()


def test_effects_of_nothing_but_noise_add_up_to_no_change(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    """An enterprise of 10^6 t whose CO2 did not change."""
    noise = [2.220446049250313e-15, -1.6e-15, -1.3e-15]
    assert _effects(connection, noise, 0.0, 1.0e6) == []
    assert _effects(connection, [*noise, 1.0], 0.0, 1.0e6) != []


@PROPERTY
@given(
    effects=st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=6),
    total=st.floats(1e6, 1e9),
    noise=NOISE,
)
def test_effects_add_up_to_the_last_digit(
    connection: duckdb.DuckDBPyConnection, effects: list[float], total: float, noise: int
) -> None:
    change = math.fsum(effects)
    assert _effects(connection, effects, change + noise * ULP * total, total) == []
    gross = 2 * total + sum(abs(effect) for effect in effects)
    assert _effects(connection, effects, change + FALSE * gross, total) != []


@PROPERTY
@given(parts=st.lists(st.floats(-1e9, 1e9), min_size=2, max_size=20), seed=st.integers())
def test_a_total_is_the_sum_of_its_rows_in_any_order(
    connection: duckdb.DuckDBPyConnection, parts: list[float], seed: int
) -> None:
    """Deductions may leave next to nothing of large parts."""
    key = {"region_code": "320000", "year": 2020, "method": "m"}
    shuffled = list(parts)
    random.Random(seed).shuffle(shuffled)
    gross = sum(abs(part) for part in parts)
    table(connection, "region_co2", [key | {"co2_t": p, "co2e_t": p} for p in parts])
    sql = dbt_test("assert_region_co2_adds_up_to_region_year")
    total = sum(shuffled)
    table(connection, "region_year", [key | {"co2_t": total, "co2e_t": total}])
    assert connection.execute(sql).fetchall() == []
    wrong = total + FALSE * gross
    table(connection, "region_year", [key | {"co2_t": wrong, "co2e_t": total}])
    assert (connection.execute(sql).fetchall() != []) is (gross > 0)


# --- parks of two kinds in one city --------------------------------------------------------------


@pytest.mark.parametrize(
    ("origins", "found"),
    [
        pytest.param(("observed", "reconstructed"), [], id="each kind fits"),
        pytest.param(("observed", "observed"), [False], id="returns do not"),
        pytest.param(("reconstructed", "reconstructed"), [True], id="the model does not"),
    ],
)
def test_parks_that_return_lie_in_their_city_apart_from_those_of_the_model(
    connection: duckdb.DuckDBPyConnection, origins: tuple[str, str], found: list[bool]
) -> None:
    """Two parks of 0.8 of what their city uses, each."""
    parks = [{"park_id": park, "region_code": "c"} for park in ("A", "B")]
    table(connection, "reference.parks", parks)
    industry = {"industry_code": "26", "parent_code": "x", "level": "division"}
    table(connection, "reference.industries", [industry | {"is_industrial": True}])
    used = {"industry_code": "26", "year": 2020.0, "energy_tce": 80.0, "is_within_park": False}
    rows = [used | {"park_id": park, "origin": origin}
            for park, origin in zip("AB", origins, strict=True)]  # fmt: skip
    table(connection, "emissions.park_energy", rows)
    city = {"region_code": "c", "industry_code": "26", "year": 2020.0, "energy_tce": 100.0}
    city |= {"balance_item": "final_consumption", "is_aggregate": False}
    table(connection, "all_levels.region_energy", [city | {"is_latest_vintage": True}])
    rows = rows_of_gate(connection, "parks_lie_inside_their_city", "emissions.park_energy")
    assert [is_modelled for _, _, _, is_modelled, _, _ in rows] == found
