"""Sums over boundaries, by the SQL of the models, against a second way of counting.

The second way knows no ancestors and no joins: it asks, for each park, enterprise and year, how
much of the enterprise lies in the park, from the rows of the two forms.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import pytest
from compiled import Models
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from orchestration.settings import Home

YEARS = (2018, 2019, 2020)
PARKS = ("A", "B", "C", "D", "E")
METHODS = ("report_2023", "ceads")
SAME = 1e-9
FLOWS = (
    "purchase", "consumption", "feedstock", "transformation_input", "power_input", "heat_input",
    "transformation_output", "recovered", "sales", "bunker",
)  # fmt: skip
UNITS = {"raw_coal": "t", "electricity": "mwh"}

CHAIN = (
    "park_boundaries", "boundary_members", "int_park__boundaries_nested",
    "int_park__members_placed", "int_park__factors_measured", "int_park__units",
    "int_park__flows_standardised",
    "int_park__carriers_balanced", "int_co2__return_inputs_counted",
    "int_co2__activities_counted", "int_co2__emissions_calculated", "park_co2_by_method",
    "int_park__returns_latest", "boundary_sums", "member_shares",
)  # fmt: skip


@dataclass
class Case:
    """Boundaries, members and returns, as the forms have them."""

    parents: dict[str, str] = field(default_factory=dict)
    listed: dict[str, str] = field(default_factory=dict)
    members: list[tuple[str, str, int | None, int | None, float]] = field(default_factory=list)
    flows: dict[tuple[str, int, str, str], float] = field(default_factory=dict)

    def share(self, park: str, enterprise: str, year: int) -> float:
        """How much of the enterprise lies in the park."""
        rows = [row for row in self.members if row[1] == enterprise]
        if not rows:
            stated = 1.0 if self.listed[enterprise] == park else None
        else:
            own = [
                share
                for place, _, first, last, share in rows
                if place == park and (first or 0) <= year <= (last or 9999)
            ]
            stated = sum(own) if own else None
        if stated is not None:
            return stated
        return sum(
            self.share(inner, enterprise, year)
            for inner, outer in self.parents.items()
            if outer == park
        )

    def co2(self, park: str, year: int, factors: dict[str, float], scopes: str) -> float:
        """CO2 of a park: what it burns, and what it buys less what its own plants sell."""
        total = 0.0
        if "1" in scopes:
            total += factors["raw_coal"] * self.sum(park, year, "raw_coal", "consumption")
        if "2" in scopes:
            bought = self.sum(park, year, "electricity", "purchase")
            sold = self.sum(park, year, "electricity", "sales")
            total += factors["electricity"] * max(bought - sold, 0)
        return total

    def sum(self, park: str, year: int, fuel: str, flow: str) -> float:
        return sum(
            self.share(park, enterprise, year) * quantity
            for (enterprise, of_year, of_fuel, of_flow), quantity in self.flows.items()
            if (of_year, of_fuel, of_flow) == (year, fuel, flow)
        )


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """A park in a park in a park, two others; enterprises that stay, move, are split or within."""
    case = Case(parents={"B": "A", "C": "B", "D": "A"})
    count = draw(st.integers(1, 6))
    quantity = st.one_of(st.just(0.0), st.floats(0.5, 5000))
    for number in range(count):
        name = f"e{number}"
        case.listed[name] = draw(st.sampled_from(PARKS))
        kind = draw(st.sampled_from(("stays", "moves", "is split", "is within")))
        if kind == "moves":
            places = draw(st.permutations(PARKS))[: draw(st.integers(1, 3))]
            years = sorted(draw(st.sets(st.sampled_from(YEARS), max_size=len(places) - 1)))
            bounds = [None, *years[: len(places) - 1], None]
            for place, (first, after) in zip(places, pairwise(bounds), strict=False):
                case.members.append((place, name, first, after and after - 1, 1.0))
        elif kind == "is split":
            share = draw(st.floats(0.01, 0.99))
            one, other = draw(st.sampled_from((("C", "D"), ("A", "E"), ("B", "E"), ("C", "E"))))
            case.members.append((one, name, None, None, share))
            case.members.append(
                (other, name, None, None, draw(st.floats(0.01, 0.99)) * (1 - share))
            )
        elif kind == "is within":
            case.members.append(("B", name, 2019, None, 0.75))
            case.members.append(("C", name, 2019, None, draw(st.floats(0.01, 0.75))))
        for year in YEARS:
            case.flows[name, year, "raw_coal", "consumption"] = draw(quantity)
            case.flows[name, year, "electricity", "purchase"] = draw(quantity)
            case.flows[name, year, "electricity", "sales"] = draw(quantity)
    return case


@pytest.fixture(scope="module")
def models(published_home: Home) -> Iterator[Models]:
    built = Models(published_home)
    built.copy(
        "reference.fuels", "reference.industries", "reference.method_fuels",
        "reference.park_counting_rules", "reference.emission_factors", "reference.gwp",
        "reference.grid_emission_factors", "reference.region_grids", "reference.methods",
        "reference.tce_coefficients",
    )  # fmt: skip
    for name in ("constants", "thresholds", "unit_labels"):
        built.seed(name)
    built.connection.execute("create schema if not exists greenpark.intermediate")
    built.connection.execute(
        "create table greenpark.intermediate.int_co2__balance_inputs_counted as "
        "select null::varchar as method, null::varchar as account, null::varchar as region_code, "
        "null::integer as year, null::varchar as balance_item, null::varchar as industry_code, "
        "null::varchar as fuel_code, null::varchar as scope, null::boolean as is_coal, "
        "null::varchar as unit, 'none' as input_role, null::varchar as input_dataset, "
        "null::varchar as input_balance_item, null::varchar as input_industry_code, "
        "null::bigint as input_vintage, null::double as weight, null::double as quantity, "
        "null::double as energy_gj, null::boolean as is_split_frozen, null::integer as origin_rank,"
        " null::integer as split_origin_rank, null::bigint as vintage, null::varchar as source_id "
        "where false"
    )
    built.build(["int_co2__grid_factors_placed"])
    built.give(
        "reference.parks",
        "park_id varchar, region_code varchar, origin varchar, source_id varchar, vintage bigint",
        [{"park_id": park, "region_code": "320000", "origin": "observed", "vintage": 2021}
         for park in PARKS],
    )  # fmt: skip
    yield built
    built.connection.close()


@pytest.fixture(scope="module")
def factors(models: Models) -> dict[str, dict[str, float]]:
    """Coal by method, and the grid factor of the years tested; ceads counts no power of parks."""
    found: dict[str, dict[str, float]] = {}
    for method in METHODS:
        ((coal,),) = models.rows(
            "select co2_t_per_unit from greenpark.reference.emission_factors where "
            f"method = '{method}' and fuel_code = 'raw_coal' "
            "and coalesce(industry_code, '31') = '31' order by industry_code nulls last limit 1"
        )
        found[method] = {"raw_coal": coal, "electricity": 0.7035}
    return found


def land(models: Models, case: Case) -> None:
    """The forms, as staging gives them."""
    note = "vintage bigint, origin varchar, source_id varchar"
    said: dict[str, Any] = {"vintage": 2021, "origin": "observed", "source_id": "s"}
    models.give(
        "staging.stg_park_returns__park_boundaries",
        "park_id varchar, parent_park_id varchar, boundary_kind varchar, "
        f"statistical_boundary varchar, year_from integer, year_to integer, {note}",
        [{"park_id": inner, "parent_park_id": outer, "boundary_kind": "park_within_park",
          "year_from": 2000} | said for inner, outer in case.parents.items()],
    )  # fmt: skip
    models.give(
        "staging.stg_park_returns__boundary_members",
        "park_id varchar, list_park_id varchar, enterprise_id varchar, year_from integer, "
        f"year_to integer, member_share double, {note}",
        [{"park_id": place, "list_park_id": case.listed[name], "enterprise_id": name,
          "year_from": first, "year_to": last, "member_share": share} | said
         for place, name, first, last, share in case.members],
    )  # fmt: skip
    models.give(
        "staging.stg_park_returns__enterprises",
        "park_id varchar, enterprise_id varchar, name_zh varchar, industry_code varchar, "
        f"is_aggregate boolean, is_above_size boolean, {note}",
        [{"park_id": park, "enterprise_id": name, "name_zh": name, "industry_code": "31",
          "is_above_size": True} | said for name, park in case.listed.items()],
    )  # fmt: skip
    cells = [
        {"park_id": case.listed[name], "enterprise_id": name, "year": year, "fuel_code": fuel,
         "flow": flow, "unit": UNITS[fuel], "quantity": quantity} | said
        for (name, year, fuel, flow), quantity in case.flows.items()
    ]  # fmt: skip
    models.give(
        "intermediate.int_park__cells_returned",
        "park_id varchar, enterprise_id varchar, year integer, fuel_code varchar, flow varchar, "
        f"unit varchar, quantity double, {note}",
        cells,
    )
    models.give(
        "staging.stg_park_returns__measured_factors",
        "park_id varchar, enterprise_id varchar, year integer, fuel_code varchar, unit varchar, "
        "unit_heat_gj double, carbon_content_tc_per_gj double, oxidation_rate double, "
        f"laboratory varchar, {note}",
        [],
    )
    texts = ", ".join(f"{flow}_quantity double, {flow}_text varchar" for flow in FLOWS)
    models.give(
        "staging.stg_park_returns__enterprise_energy",
        f"dataset varchar, park_id varchar, enterprise_id varchar, year integer, month integer, "
        f"fuel_code varchar, coal_kind varchar, unit varchar, {texts}, {note}, _load_id varchar, "
        "_file_name varchar, _sheet_name varchar, _row_number bigint",
        [cell | {"month": None} for cell in cells],
    )
    # The other forms that can say which years were returned; none was.
    for form in ("energy_exchange", "process", "allowances"):
        models.give(f"staging.stg_park_returns__{form}", "year integer, vintage bigint", [])


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(case=cases())
def test_parts_and_rest_are_the_whole(
    models: Models, factors: dict[str, dict[str, float]], case: Case
) -> None:
    land(models, case)
    models.build(CHAIN)
    accounts = {
        key: co2_t
        for *key_parts, co2_t in models.rows(
            "select park_id, year, method, scope, sum(co2_t) "
            "from greenpark.emissions.park_co2_by_method group by all"
        )
        for key in [tuple(key_parts)]
    }
    for (park, year, method, scope), co2_t in accounts.items():
        if method not in METHODS:
            continue
        expected = case.co2(park, year, factors[method], scope)
        assert co2_t == pytest.approx(expected, rel=SAME, abs=1e-6), (park, year, method, scope)
    burning = {
        (park, year, method, "1")
        for park in PARKS
        for year in YEARS
        for method in METHODS
        if case.co2(park, year, factors[method], "1") > 0
    }
    assert burning <= accounts.keys()
    sums = models.rows(
        "select park_id, year, method, scope, whole_co2_t, parts_co2_t, rest_co2_t, "
        "exchanged_co2_t, status from greenpark.quality.boundary_sums"
    )
    assert {(park, year) for park, year, *_ in sums} == {
        (park, year)
        for park, year, *_ in accounts
        if park in ("A", "B")
    }  # fmt: skip
    for park, year, method, scope, whole, parts, rest, exchanged, status in sums:
        inside = [inner for inner, outer in case.parents.items() if outer == park]
        of_parts = [accounts.get((inner, year, method, scope), 0.0) for inner in inside]
        assert parts == pytest.approx(sum(of_parts), rel=SAME, abs=1e-6)
        assert whole == accounts[park, year, method, scope]
        assert parts + rest - exchanged == pytest.approx(whole, rel=SAME, abs=1e-6)
        assert status == "equal"
        if scope == "1":
            assert exchanged == 0
            alone = sum(
                (case.share(park, name, year)
                 - sum(case.share(inner, name, year) for inner in inside))
                * case.flows[name, year, "raw_coal", "consumption"]
                for name in case.listed
            )  # fmt: skip
            if method in METHODS:
                expected = factors[method]["raw_coal"] * alone
                assert rest == pytest.approx(expected, rel=SAME, abs=1e-6)


def test_an_enterprise_that_moves_changes_the_years_it_should(
    models: Models, factors: dict[str, dict[str, float]]
) -> None:
    """From E to C, which lies in B in A, in 2019: four parks change, in 2019 and 2020 alone."""
    stays = Case(parents={"B": "A", "C": "B", "D": "A"}, listed={"e": "E", "f": "E", "g": "D"})
    stays.flows = {
        (name, year, "raw_coal", "consumption"): 1000.0
        for name in stays.listed
        for year in YEARS
    }  # fmt: skip
    moves = Case(stays.parents, stays.listed, flows=stays.flows)
    moves.members = [("E", "e", None, 2018, 1.0), ("C", "e", 2019, None, 1.0)]
    found = []
    for case in (stays, moves):
        land(models, case)
        models.build(CHAIN)
        found.append(
            {
                (park, year): co2_t
                for park, year, co2_t in models.rows(
                    "select park_id, year, sum(co2_t) from greenpark.emissions.park_co2_by_method "
                    "where method = 'ceads' group by all"
                )
            }
        )
    before, after = found
    coal = 1000 * factors["ceads"]["raw_coal"]
    changes = {
        key: after.get(key, 0) - before.get(key, 0)
        for key in before.keys() | after.keys()
        if after.get(key, 0) != before.get(key, 0)
    }
    assert changes == pytest.approx(
        {(park, year): coal for park in "ABC" for year in (2019, 2020)}
        | {("E", year): -coal for year in (2019, 2020)}
    )


def test_more_than_the_whole_of_an_enterprise_is_named(models: Models) -> None:
    case = Case(parents={"B": "A"}, listed={"e": "A", "f": "A"})
    case.flows = {(name, 2020, "raw_coal", "consumption"): 1.0 for name in case.listed}
    case.members = [("A", "e", None, None, 0.6), ("E", "e", None, None, 0.5)]
    case.members += [("A", "f", None, None, 0.5), ("B", "f", None, None, 0.7)]
    land(models, case)
    models.build(CHAIN)
    assert models.rows(
        "select enterprise_id, park_id, status from greenpark.quality.member_shares "
        "where status in ('above_whole', 'parts_above_park') order by all"
    ) == [("e", "A", "above_whole"), ("e", "E", "above_whole"), ("f", "A", "parts_above_park")]
