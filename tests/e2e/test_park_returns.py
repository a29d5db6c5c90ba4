"""A park of one's own, as CONTRIBUTING says to the letter: forms, sidecars, refresh, marts."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from roads import command, with_words

from orchestration.publishing.opening import open_reader
from orchestration.settings import Home

Run = Callable[..., subprocess.CompletedProcess[str]]

PARK_MARTS = (
    "reference.parks",
    "emissions.park_energy",
    "emissions.park_co2_by_method",
    "emissions.enterprise_co2_by_method",
    "indicators.park_year_by_method",
    "indicators.park_leading_industries",
    "indicators.park_coal_change",
    "indicators.park_types",
    "indicators.park_peak_plans",
    "indicators.park_measures",
    "quality.park_roll_up",
)

# NEW1: 100,000 t of coal x 2.071509 and 500 x 21.650152 of gas, 53,800 of clinker, and 0.8325 for
# 50,000 - 10,000 (certificates) - 90,000 MWh; heat stays inside. Energy 71,430 + 6,650 - 40,000 x
# 0.3016. NEW2: 1,000 x 2.852662 of coke, 50 x 3.095910 of diesel, 5 x 20,000 of silicon, 0.8325 x
# 300,000; energy 971.4 + 72.855 + 550,000 x 0.3016.
ACCOUNTS = {
    "NEW1": (230151.00, 66016.0, 3.48629),
    "NEW2": (352757.46, 166924.255, 2.11328),
}
OTHERS = """
    select park_id, year, method, industry_code, fuel_code, scope, origin, co2_t, co2e_t
    from all_levels.park_co2_by_method where not regexp_matches(park_id, '^(OWN|NEW|E)')
    order by park_id, year, method, narrowest_boundary, industry_code, fuel_code, scope
"""


def test_own_parks_appear_in_every_mart_and_a_broken_total_is_refused(
    foreign_home: Home, published_home: Home, tmp_path: Path, run_greenpark: Run
) -> None:
    home = foreign_home
    line = command("Your own park", "inventory")
    line = with_words(line, {"PARK": "OWN1", "DIR": str(tmp_path / "reports")})
    done = run_greenpark(*line, "--home", home.root)
    assert done.returncode == 0, done.stdout + done.stderr
    report = (tmp_path / "reports" / "OWN1_2023_report_2023.zh.html").read_text(encoding="utf-8")
    # 1981 t of coal, 64.866 of gas, 440 of power
    assert "2,485.87" in report and "自有园区OWN1" in report and "重建数据" not in report

    with open_reader(home) as reader:
        missing = [
            table
            for table in PARK_MARTS
            if not reader.execute(f"select 1 from {table} where park_id = 'OWN1'").fetchone()
        ]
        assert missing == []
        # Its data are its own: no table of the model has it, though factors are reconstructed.
        in_model = [
            table
            for table in PARK_MARTS[:-1]
            if reader.execute(
                f"select 1 from model.{table.split('.')[1]} where park_id = 'OWN1'"
            ).fetchone()
        ]
        assert in_model == []
        # The table of pairs has the parks of the sample; the macro takes any two.
        compared = reader.execute(
            "select count(*) from indicators.compare_parks("
            "'OWN1', 'P03', points := 'all_levels.park_points') "
            "where park_id = 'OWN1' and value is not null"
        ).fetchone()
        assert compared > (0,)

        # 1000 t x 1.981 burnt, 3 x 10^4 m3 x 21.622, 800 MWh x 0.55 (2023) from outside the park
        emitted = reader.execute(
            "select fuel_code, scope, co2_t from emissions.park_co2_by_method "
            "where park_id = 'OWN1' and method = 'report_2023' order by all"
        ).fetchall()
        assert [(fuel, scope, round(co2, 6)) for fuel, scope, co2 in emitted] == [
            ("electricity", "2", 440.0),
            ("natural_gas", "1", 64.866),
            ("raw_coal", "1", 1981.0),
        ]
        # OWN3 buys all 2000 MWh from outside itself, 1100 t; for OWN1 1200 MWh, 660 t, are its own.
        sums = reader.execute(
            "select scope, whole_co2_t, parts_co2_t, rest_co2_t, exchanged_co2_t, status "
            "from quality.boundary_sums where park_id = 'OWN1' and method = 'report_2023' "
            "order by scope"
        ).fetchall()
        assert [(s, *(round(n, 6) for n in numbers), status) for s, *numbers, status in sums] == [
            ("1", 2045.866, 64.866, 1981.0, 0.0, "equal"),
            ("2", 440.0, 1100.0, 0.0, 660.0, "equal"),
        ]
        assert reader.execute(
            "select distinct park_id from emissions.park_co2 where park_id like 'OWN%'"
        ).fetchall() == [("OWN1",)]
        assert reader.execute(
            "select distinct park_id, enterprise_id from emissions.enterprise_co2_by_method "
            "where park_id = 'OWN3'"
        ).fetchall() == [("OWN3", "OWN1/OWN1-2")]
        # 714.3 of coal + 36.45 of gas + 245.8 bought - 147.48 made
        ((energy, ratio, refusal),) = reader.execute(
            "select energy_tce, co2_t_per_gdp, intensity_refusal"
            " from indicators.park_year_by_method where park_id = 'OWN1' and method = 'report_2023'"
        ).fetchall()
        assert (round(energy, 6), ratio, refusal) == (849.07, None, "gdp_missing")

        refused = reader.execute(
            "select file_name, rule, message from quality.quarantine where rule like 'enter%'"
        ).fetchall()
        ((file_name, rule, message),) = refused
        assert file_name.endswith("park_returns_enterprise_energy.csv")
        assert rule == "enterprises_exceed_park"
        assert "OWN2" in message and "500" in message and "100" in message
        assert (
            reader.execute(
                "select 1 from indicators.park_year_by_method where park_id = 'OWN2'"
            ).fetchone()
            is None
        )
        after = reader.execute(OTHERS).fetchall()
    with open_reader(published_home) as reader:
        before = reader.execute(OTHERS).fetchall()
    # More rows are added in another order: the last digit may differ, and no more.
    assert [row[:-2] for row in after] == [row[:-2] for row in before]
    assert [row[-2:] for row in after] == [
        (pytest.approx(co2, rel=1e-12), pytest.approx(co2e, rel=1e-12)) for *_, co2, co2e in before
    ]


def test_forms_alone_give_a_whole_account(
    foreign_home: Home, tmp_path: Path, run_greenpark: Run
) -> None:
    """Two parks that no shipped file knows, one filled in in Chinese, one in English."""
    with open_reader(foreign_home) as reader:
        found = reader.execute(
            "select park_id, round(net_co2_t, 2), round(equivalent_energy_tce, 3),"
            " round(core_co2_t_per_tce, 5) from emissions.park_carbon_account"
            " where park_id like 'NEW%' and method = 'zero_carbon_park_2025' and is_own_view"
        ).fetchall()
        assert {park: tuple(rest) for park, *rest in found} == ACCOUNTS
        views = reader.execute(
            "select park_id, count(*) from emissions.park_carbon_account where park_id like 'NEW%'"
            " and net_co2e_t is not null and calorific_energy_tce is not null group by all"
        ).fetchall()
        assert dict(views) == dict.fromkeys(ACCOUNTS, 2 * 5)
        tests = reader.execute(
            "select supply_test, status from indicators.park_direct_supply where park_id = 'NEW2'"
        ).fetchall()
        assert dict(tests) == {
            "direct_supply": "fails", "self_used_generation": "meets", "self_used_load": "meets"
        }  # fmt: skip
    for park, lang, name in (("NEW1", "zh", "青岛新园区"), ("NEW2", "en", "New park of Yunnan")):
        line = ["inventory", park, "2023", "--method", "zero_carbon_park_2025", "--lang", lang]
        line += ["--format", "html", "--output", str(tmp_path)]
        done = run_greenpark(*line, "--home", foreign_home.root)
        assert done.returncode == 0, done.stdout + done.stderr
        page = (tmp_path / f"{park}_2023_zero_carbon_park_2025.{lang}.html").read_text("utf-8")
        assert name in page and f"{ACCOUNTS[park][0]:,.2f}" in page
