"""The park account: worked examples to the unit, and a second implementation over random parks.

One refresh serves all (`observed_home`): the made-up parks of `tests/fixtures/park_account`, whose
arithmetic stands in docs/park_account.md, and random ones.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator

import duckdb
import pytest
from homes import ENTERPRISES, PARKS, random_parks

from benchmarks.park_account import METHODS, compare
from benchmarks.park_forms import REFERENCE, rows_of
from orchestration.publishing.opening import open_reader
from orchestration.settings import PROJECT_ROOT, Home

GHG, ZERO = METHODS
CO2_PER_CARBON = 44 / 12
COAL = 23.204 * 0.02618 * 0.93 * CO2_PER_CARBON
BLAST_FURNACE_GAS = 37.69 * 0.0708 * 0.99 * CO2_PER_CARBON
Reader = duckdb.DuckDBPyConnection


@pytest.fixture(scope="module")
def reader(observed_home: Home) -> Iterator[Reader]:
    with open_reader(observed_home) as connection:
        yield connection


def one(reader: Reader, columns: str, park: str, method: str = ZERO, view: str = "") -> tuple:
    where = f"electricity_view = '{view}'" if view else "is_own_view"
    rows = reader.execute(
        f"select {columns} from emissions.park_carbon_account "
        f"where park_id = '{park}' and method = '{method}' and {where}"
    ).fetchall()
    assert len(rows) == 1
    return rows[0]


# Products and routes that annex 4 names.
ANNEX = {
    "cement_clinker": ("portland", "white", "sulphoaluminate", "aluminate"),
    "lime": ("",),
    "ammonia": ("coal", "coal_gas", "natural_gas", "oil"),
    "methanol": ("coal", "coal_gas", "natural_gas"),
    "primary_aluminium": ("",),
    "crude_steel": ("",),
    "ferroalloy": ("silicon", "silicomanganese", "manganese", "nickel", "chromium"),
    "industrial_silicon": ("",),
    "calcium_carbide": ("",),
}

# Net CO2 and energy in tce at the equivalent value, as docs/park_account.md works them out.
WORKED = {
    "WA": (50000 * 0.8325, 50000 * 0.3016),
    "WB": (
        1200 * 389.31 * 0.01532 * 0.99 * CO2_PER_CARBON + (80000 - 8000) * 0.8325 + 400000 * 0.11,
        1200 * 13.3 + 147000 * 0.3016 + 400000 * 0.03412,
    ),
    "WC": (
        (669401.04 - 568859.236 - 70700.196 - 29438.64) * CO2_PER_CARBON,
        1e6 * 0.9 - 680000 * 0.9714 - 3e8 * 0.000593 - 40000 * 1.1429,
    ),
    "WD": (
        200000 * COAL + (5000 - 300000) * 0.8325 - 400000 * 0.11,
        200000 * 0.7143 - 400000 * 0.03412 + (5000 - 300000) * 0.3016,
    ),
    "WE": (
        150000 * COAL + 100 * 42.652 * 0.0202 * 0.98 * CO2_PER_CARBON + 1e6 * 0.538
        + 80000 * 0.8325,
        150000 * 0.7143 + 100 * 1.4571 + 80000 * 0.3016,
    ),
    "WF": (
        10000 * 389.31 * 0.01532 * 0.99 * CO2_PER_CARBON + 250000 * 1.1306 + 100000 * 0.8325,
        30000 * 13.3 + 100000 * 0.3016,
    ),
    "WG": (
        400000 * 28.435 * 0.02942 * 0.93 * CO2_PER_CARBON - (60000 - 50000) * BLAST_FURNACE_GAS
        + 100000 * 0.43 + 60000 * 0.8325,
        400000 * 0.9714 - 1e8 * 0.000129 + 60000 * 0.3016,
    ),
    "WH": ((9000 - 6000 - 300) * 0.8325, (9000 + 5000 + 1100 - 300) * 0.3016),
}  # fmt: skip


@pytest.mark.parametrize("park", WORKED)
def test_a_worked_park_comes_out_to_the_unit(park: str, reader: Reader) -> None:
    net, energy = WORKED[park]
    columns = "net_co2_t, equivalent_energy_tce, core_co2_t_per_tce, refusal"
    co2_t, tce, ratio, refusal = one(reader, columns, park)
    assert refusal is None
    assert math.isclose(co2_t, net, rel_tol=1e-9)
    assert math.isclose(tce, energy, rel_tol=1e-9)
    assert math.isclose(ratio, net / energy, rel_tol=1e-9)


def test_the_printed_examples_are_printed(reader: Reader) -> None:
    """A, B and C as the design has them, rounded as it rounds them."""
    columns = "net_co2_t, equivalent_energy_tce, core_co2_t_per_tce, calorific_energy_tce"
    co2_t, tce, ratio, calorific = one(reader, columns, "WA")
    assert (co2_t, tce, round(ratio, 4)) == (41625, pytest.approx(15080), 2.7603)
    assert round(co2_t / calorific, 3) == 6.774
    co2_t, tce, ratio, _ = one(reader, columns, "WB")
    assert (round(co2_t, 2), round(tce, 1), round(ratio, 5)) == (129920.18, 73943.2, 1.75703)
    assert round(one(reader, columns, "WC")[0], 3) == 1477.549


def test_a_park_that_gains_carbon_is_refused_with_its_lines(reader: Reader) -> None:
    columns = "net_co2_t, refusal, ratio_refusal"
    assert one(reader, columns, "WX") == (None, "negative_transformation", "no_net_account")
    lines = reader.execute(
        "select line_item, sign, quantity, balance_co2_t from quality.account_faults "
        f"where park_id = 'WX' and method = '{ZERO}' and electricity_view = 'residual' order by all"
    ).fetchall()
    assert [line[:3] for line in lines] == [
        ("cleaned_coal", 1, 1000000),
        ("coke", -1, 680000),
        ("coke_oven_gas", -1, 300000000),
        ("other_coking_products", -1, 41000),
    ]
    assert lines[0][3] == pytest.approx(-332.998 * CO2_PER_CARBON, rel=1e-6)
    faulty = reader.execute("select distinct park_id from quality.account_faults").fetchall()
    assert faulty == [("WX",)]


def test_the_entries_add_up_to_the_net(reader: Reader) -> None:
    assert (
        reader.execute(
            """
        select park_id, year, method, electricity_view, sum(co2e_t), any_value(net_co2e_t)
        from emissions.park_carbon_ledger
        inner join emissions.park_carbon_account as accounts
            using (park_id, year, method, electricity_view)
        where is_counted and refusal is null
        group by all
        having abs(sum(co2e_t) - any_value(net_co2e_t)) > 1e-6 * sum(abs(co2e_t))
        """
        ).fetchall()
        == []
    )


def test_what_is_sold_inside_a_park_cancels(reader: Reader) -> None:
    lines = reader.execute(
        "select entry, enterprise_id, quantity from emissions.park_carbon_ledger where park_id = "
        f"'WD' and method = '{ZERO}' and electricity_view = 'fossil_only' and entry like '%ed_%' "
        "order by all"
    ).fetchall()
    assert lines == [("purchased_electricity", "WD-2", 5000)]
    sold = reader.execute(
        "select entry, sum(quantity) from emissions.park_carbon_ledger where park_id = 'WD' and "
        f"method = '{ZERO}' and electricity_view = 'fossil_only' and sign = -1 group by all"
    ).fetchall()
    assert ("sold_electricity", 300000) in sold and ("sold_heat", 400000) in sold
    assert reader.execute(
        "select distinct carrier, seller, buyer, status from quality.inside_exchange order by all"
    ).fetchall() == [
        ("electricity", "WD-1", "WD-2", "equal"),
        ("electricity", "WP-1", "WP-2", "equal"),
        ("electricity", "WP-1", "WP-4", "equal"),
        ("heat", "WD-1", "WD-2", "equal"),
        ("heat", "WP-1", "WP-2", "equal"),
    ]


def test_seven_gases_and_what_is_only_shown(reader: Reader) -> None:
    """Cement park: CH4 and N2O of the coal and the diesel, SF6, sinks; allowances are no part."""
    heat_coal, heat_oil = 150000 * 23.204, 100 * 42.652
    co2 = 150000 * COAL + 100 * 42.652 * 0.0202 * 0.98 * CO2_PER_CARBON + 538000 + 80000 * 0.4974
    ch4 = (heat_coal * 0.01 + heat_oil * 0.003) / 1000
    n2o = (heat_coal * 0.0015 + heat_oil * 0.0006) / 1000
    expected = co2 + ch4 * 28 + n2o * 265 + 0.1 * 23500 - 1000 - 500
    assert one(reader, "net_co2e_t", "WE", GHG)[0] == pytest.approx(expected, rel=1e-9)
    shown = reader.execute(
        "select distinct entry from emissions.park_carbon_ledger where park_id = 'WE' "
        f"and method = '{GHG}' and not is_counted order by 1"
    ).fetchall()
    assert shown == [("allowance",), ("memo_bunkers",), ("verified_emission",)]


def test_the_ledger_equals_the_second_implementation(reader: Reader) -> None:
    """Each enterprise by each method and view; 10^5 of them: benchmarks/park_account.py."""
    compared = compare(reader, METHODS, random_parks())
    assert compared.enterprises == PARKS * ENTERPRISES
    views = len(METHODS) * 5
    assert compared.values == 2 * views * (PARKS * ENTERPRISES + 2 * PARKS)
    assert compared.differences == []


def test_a_small_difference_is_seen(reader: Reader) -> None:
    """A quantity that is a millionth larger is found, in its enterprise and its park."""
    (forms, *_) = random_parks()
    row = forms["energy_exchange"][0]
    row["quantity"] = repr(float(row["quantity"]) * (1 + 1e-6))
    named = {key for (_, key, *_), *_ in compare(reader, METHODS, [forms]).differences}
    assert row["enterprise_id"] in named
    assert named <= {row["enterprise_id"], row["park_id"]}


def test_ammonia_is_counted_by_the_carbon_of_its_feedstock(reader: Reader) -> None:
    """The seven gases balance the carbon, the national method takes output times factor."""
    feedstock = 20000 * 389.31 * 0.01532 * CO2_PER_CARBON
    burnt = 10000 * 389.31 * 0.01532 * 0.99 * CO2_PER_CARBON
    columns = "net_co2_t"
    assert one(reader, columns, "WF", GHG)[0] == pytest.approx(
        burnt + feedstock + 100000 * 0.4974, rel=1e-9
    )
    lines = reader.execute(
        "select method, line_item, value_status, round(co2_t, 2) from emissions.park_carbon_ledger "
        "where park_id = 'WF' and entry = 'process' and electricity_view = 'fossil_only' "
        "order by all"
    ).fetchall()
    assert lines == [
        (GHG, "ammonia", "carbon_balance", 0.0),
        (GHG, "natural_gas", "carbon_balance", round(feedstock, 2)),
        (ZERO, "ammonia", "returned", 282650.0),
    ]


def test_a_measured_factor_is_that_of_its_plant(reader: Reader) -> None:
    """23.204 GJ/t would be the default; oxidation was not measured, so it is the method's."""
    measured = 100000 * 22.5 * 0.0262 * 0.93 * CO2_PER_CARBON
    assert one(reader, "net_co2_t", "WI", GHG)[0] == pytest.approx(measured, rel=1e-9)
    assert one(reader, "net_co2_t", "WI")[0] == pytest.approx(100000 * COAL, rel=1e-9)
    named = reader.execute(
        "select distinct method, value_status, factor_id from emissions.park_carbon_ledger "
        "where park_id = 'WI' and entry = 'combustion' order by all"
    ).fetchall()
    assert named == [
        (GHG, "measured_factor", "measured.WI.WI-1.raw_coal.2023"),
        (ZERO, "returned", f"{ZERO}.combustion.raw_coal.other_bituminous"),
    ]


def test_months_beside_their_year_are_compared_and_the_year_counts(reader: Reader) -> None:
    found = reader.execute(
        "select carrier, flow, year_quantity, months_quantity, months_held, status "
        "from quality.month_roll_ups where park_id = 'WJ' order by all"
    ).fetchall()
    assert found == [
        ("diesel", "consumption", 120, 120, 12, "equal"),
        ("electricity", "purchased", 1000, 540, 6, "months_incomplete"),
        ("gasoline", "consumption", 60, 72, 12, "months_exceed_year"),
    ]
    burnt = (120 * 42.652 * 0.0202 + 60 * 43.07 * 0.0189) * 0.98 * CO2_PER_CARBON
    assert one(reader, "net_co2_t", "WJ")[0] == pytest.approx(burnt + 832.5, rel=1e-9)


def test_an_enterprise_that_moves_changes_its_years_and_no_other(reader: Reader) -> None:
    """WK-1 and WK-2 return the same; WK-1 is in WL from April 2023. WN holds both parks."""
    alone = 10000 * COAL + 1000 * 0.8325 + 100 * 0.683
    found = dict(
        ((park, year), co2)
        for park, year, co2 in reader.execute(
            "select park_id, year, net_co2_t from emissions.park_carbon_account "
            f"where park_id in ('WK', 'WL', 'WN') and method = '{ZERO}' and is_own_view"
        ).fetchall()
    )
    assert found == {
        ("WK", 2022): pytest.approx(2 * alone),
        ("WK", 2023): pytest.approx(1.25 * alone),
        ("WL", 2023): pytest.approx(0.75 * alone),
        ("WK", 2024): pytest.approx(alone),
        ("WL", 2024): pytest.approx(alone),
    } | {("WN", year): pytest.approx(2 * alone) for year in (2022, 2023, 2024)}


# A park of Shaanxi around WQ and WR, with WS in WQ: what crosses a part stays inside the whole.
NESTED = {
    "WS": 10000 * 0.8325,
    "WQ": 100000 * COAL - (50000 + 20000) * 0.8325 - 400000 * 0.11,
    "WR": (5000 + 20000) * 0.8325 + 400000 * 0.11,
    "WP": 110000 * COAL + (5000 + 3000 - 50000) * 0.8325,
}


def test_the_accounts_of_parts_and_rest_are_that_of_the_whole(reader: Reader) -> None:
    found = {park: one(reader, "net_co2_t, refusal", park) for park in NESTED}
    assert found == {park: (pytest.approx(net, rel=1e-9), None) for park, net in NESTED.items()}
    rest = 10000 * COAL + 3000 * 0.8325
    assert NESTED["WQ"] + NESTED["WR"] + rest == pytest.approx(found["WP"][0], rel=1e-9)
    alone = 100000 * COAL - (50000 + 20000 + 10000) * 0.8325 - 400000 * 0.11
    assert NESTED["WS"] + alone == pytest.approx(found["WQ"][0], rel=1e-9)


def test_the_sums_of_a_park_in_a_park_in_a_park_are_proved(reader: Reader) -> None:
    """By the methods of enterprise returns: WR and WS buy from WQ, the whole sells more."""
    sums = reader.execute(
        "select park_id, method, scope, part_count, exchanged_co2_t, status "
        "from quality.boundary_sums where park_id in ('WP', 'WQ') order by all"
    ).fetchall()
    assert {status for *_, status in sums} == {"equal"}
    methods = {method for _, method, *_ in sums}
    assert {(park, method) for park, method, scope, *_ in sums if scope == "1"} == {
        (park, method) for park in ("WP", "WQ") for method in methods
    }
    assert {(park, parts) for park, _, _, parts, *_ in sums} == {("WP", 2), ("WQ", 1)}
    assert {exchanged for _, _, scope, _, exchanged, _ in sums if scope == "1"} == {0}
    bought = {(park, method): e for park, method, scope, _, e, _ in sums if scope == "2"}
    assert bought and all(exchanged > 0 for exchanged in bought.values())


# The park with sun and certificates: January 4000 and February 5000 MWh from the grid, 200 and 100
# sent out; certificates of 1000 MWh in January and of 6000 in February, of which 5000 count.
VIEWS = {
    "location_province": (3800 * 0.4974, 4900 * 0.4974),
    "location_national": (3800 * 0.5306, 4900 * 0.5306),
    "residual": (2800 * 0.6096, -100 * 0.6096),
    "fossil_only": (2800 * 0.8325, -100 * 0.8325),
    "physical": (3800 * 0.8325, 4900 * 0.8325),
}


def test_five_views_of_the_same_electricity(reader: Reader) -> None:
    found = reader.execute(
        "select electricity_view, month, view_co2_t, use_of_electricity_mwh "
        f"from emissions.park_electricity_views where park_id = 'WH' and method = '{ZERO}'"
    ).fetchall()
    assert {(view, month): pytest.approx(co2, rel=1e-9) for view, month, co2, _ in found} == {
        (view, month): co2 for view, months in VIEWS.items() for month, co2 in enumerate(months, 1)
    }
    assert {use for *_, use in found} == {7300, 7500}


def test_the_bridge_adds_up_to_the_difference_of_any_two_views(reader: Reader) -> None:
    bridge = reader.execute(
        "select view_from, view_to, month, sum(difference_co2_t), count(*) "
        f"from quality.view_bridge where park_id = 'WH' and method = '{ZERO}' group by all"
    ).fetchall()
    assert len(bridge) == 10 * 2
    for view_from, view_to, month, difference, _ in bridge:
        expected = VIEWS[view_to][month - 1] - VIEWS[view_from][month - 1]
        assert difference == pytest.approx(expected, abs=1e-6)
    causes = dict(
        reader.execute(
            "select cause, difference_co2_t from quality.view_bridge where park_id = 'WH' and "
            f"method = '{ZERO}' and month = 1 and view_from = 'residual' and view_to = 'physical'"
        ).fetchall()
    )
    assert causes == {
        "certificates": pytest.approx(1000 * (0.6096 + 0.8325) / 2),
        "other_non_fossil": pytest.approx((2800 + 500) * (0.8325 - 0.6096)),
        "fossil_factor": pytest.approx(0),
    }


def test_every_bridge_adds_up(reader: Reader) -> None:
    assert (
        reader.execute(
            """
        with bridge as (
            select park_id, year, month, method, view_from, view_to, sum(difference_co2_t) as d
            from quality.view_bridge group by all
        )
        select bridge.*, b.view_co2_t - a.view_co2_t as difference
        from bridge
        inner join emissions.park_electricity_views as a
            on a.park_id = bridge.park_id and a.year = bridge.year and a.method = bridge.method
            and a.month is not distinct from bridge.month and a.electricity_view = view_from
        inner join emissions.park_electricity_views as b
            on b.park_id = bridge.park_id and b.year = bridge.year and b.method = bridge.method
            and b.month is not distinct from bridge.month and b.electricity_view = view_to
        where abs(d - (b.view_co2_t - a.view_co2_t)) > 1e-9 * (a.received_mwh + a.sent_mwh)
        """
        ).fetchall()
        == []
    )


def test_a_certificate_counts_once_in_a_scheme(reader: Reader) -> None:
    claims = reader.execute(
        "select certificate_id, claim_scheme, park_id, status, first_park_id, first_retired_on "
        "from quality.certificate_claims order by certificate_id, claim_scheme, claim_rank"
    ).fetchall()
    assert claims == [
        ("GEC-1", "park_inventory", "WH", "counted", None, None),
        ("GEC-1", "zero_carbon_park", "WH", "counted", None, None),
        ("GEC-1", "zero_carbon_park", "WB", "claimed_before", "WH", "2024-02-01"),
        ("GEC-2", "zero_carbon_park", "WH", "counted", None, None),
        ("GEC-3", "zero_carbon_park", "WH", "not_retired", None, None),
        ("GEC-B", "zero_carbon_park", "WB", "counted", None, None),
    ]


def test_a_second_claim_is_told_with_file_row_and_holder_of_both(reader: Reader) -> None:
    found = reader.execute(
        "select message, message_zh, first_file_name, first_row_number "
        "from quality.certificate_claims where message is not null or message_zh is not null"
    ).fetchall()
    form = "worked/certificates.csv"
    assert found == [
        (
            f"{form} row 3: certificate GEC-1 of park WB (holder WB) was claimed before by park WH "
            f"(holder WH), {form} row 4 (Zero-carbon park account): this claim does not count. "
            "Have the two agree whose it is, and take the other row out",
            f"{form} 第3行：园区 WB（持有者 WB）的绿证 GEC-1 已由园区 WH（持有者 WH）申明，"
            f"见 {form} 第4行（零碳园区核算）：本行不计。请双方核对归属，删去另一行",
            form,
            4,
        )
    ]
    ((details,),) = reader.execute(
        "select details from quality.audit_results where rule_id = 'certificates_are_claimed_once'"
    ).fetchall()
    assert found[0][0] in details and found[0][1] in details


def test_direct_supply_is_tested(reader: Reader) -> None:
    found = reader.execute(
        "select park_id, supply_project, supply_test, time_basis, round(tested_share, 4), status "
        "from indicators.park_direct_supply where park_id in ('WB', 'WH') order by all"
    ).fetchall()
    assert found == [
        ("WB", "S2", "self_used_generation", "year", 0.6, "meets"),
        ("WB", "S2", "self_used_load", "year", 0.25, "fails"),
        ("WB", None, "direct_supply", "year", 0.4082, "fails"),
        ("WH", "S1", "self_used_generation", "hour", 0.8333, "meets"),
        ("WH", "S1", "self_used_load", "hour", 0.6667, "meets"),
        ("WH", None, "direct_supply", "year", 0.3378, "fails"),
    ]


def test_the_products_told_to_have_no_factor_have_none() -> None:
    """The annex's products by route, those of docs/park_account.md left out, have one each."""
    page = (PROJECT_ROOT / "docs/park_account.md").read_text(encoding="utf-8")
    section = page.partition("## Products without a factor")[2].partition("\n## ")[0]
    told = set()
    for line in section.splitlines():
        if line.startswith("| `"):
            (product,), routes, *_ = (re.findall("`(.*?)`", cell) for cell in line.split("|")[1:])
            told |= {(product, route) for route in routes or [""]}
    held = {
        (row["process_product"], row["process_route"])
        for row in rows_of(REFERENCE / "park_methods" / ZERO / "process_factors.csv")
        if row["gas_t_per_t"]
    }
    of_annex = {(product, route) for product, routes in ANNEX.items() for route in routes}
    assert told == of_annex - held


def test_a_ratio_of_two_conventions_is_refused(reader: Reader) -> None:
    found = reader.execute(
        "select tce_convention, core_co2_t_per_tce is null, ratio_refusal, bound_status "
        f"from indicators.park_core_ratio where park_id = 'WA' and method = '{ZERO}' order by 1"
    ).fetchall()
    assert found == [
        ("calorific", True, "convention_differs", None),
        ("coal_equivalent", False, None, "unclassed"),
    ]
    assert one(reader, "core_co2_t_per_tce, ratio_refusal", "WA", view="residual") == (
        None,
        "another_view",
    )


def test_a_frozen_account_stands_beside_what_is_computed_now(reader: Reader) -> None:
    found = reader.execute(
        "select park_id, frozen_co2_t, round(recomputed_co2_t, 2), status "
        "from quality.frozen_accounts order by 1"
    ).fetchall()
    assert found == [("WA", 41625, 41625, "equal"), ("WB", 129000, 129920.18, "differs")]


def test_a_gap_says_how_wide_the_core_ratio_is(reader: Reader) -> None:
    """WB does not say whether its gas is raw material: all of 25,980.18 t may be."""
    energy = WORKED["WB"][1]
    found = reader.execute(
        "select column_name, core_least_co2_t_per_tce, core_most_co2_t_per_tce, request_rank "
        f"from quality.data_requests where park_id = 'WB' and method = '{ZERO}'"
        " and status = 'missing'"
    ).fetchall()
    gas = 1200 * 389.31 * 0.01532 * 0.99 * CO2_PER_CARBON
    least, most = (WORKED["WB"][0] - gas) / energy, WORKED["WB"][0] / energy
    assert found == [("feedstock_quantity", pytest.approx(least), pytest.approx(most), 1)]


def test_what_is_held_is_told_beside_what_is_missing(reader: Reader) -> None:
    """WB returned its fuels, the kinds of its power and heat, and its certificates."""
    found = reader.execute(
        "select column_name, owning_department_en, core_width_co2_t_per_tce "
        f"from quality.data_requests where park_id = 'WB' and method = '{ZERO}' "
        "and status = 'have' order by all"
    ).fetchall()
    assert found == [
        ("certificate_mwh", "Power company", 0),
        ("consumption_quantity", "Statistics office", 0),
        ("supply_kind", "Heat supplier", 0),
        ("supply_kind", "Power company", 0),
    ]
