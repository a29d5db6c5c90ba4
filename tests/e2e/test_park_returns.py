"""A park of one's own, as CONTRIBUTING says to the letter: forms, sidecars, refresh, marts."""

from __future__ import annotations

import csv
import subprocess
from collections.abc import Callable
from pathlib import Path

import homes
import openpyxl
import pytest
from roads import command, with_words

from orchestration.landing.map.catalogue import read_datasets
from orchestration.publishing.releases import open_reader
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

OTHERS = """
    select park_id, year, method, industry_code, fuel_code, scope, origin, co2_t, co2e_t
    from all_levels.park_co2_by_method where park_id not like 'OWN%'
    order by park_id, year, method, narrowest_boundary, industry_code, fuel_code, scope
"""


def labels(dataset: str) -> dict[str, str]:
    """Column name to the heading the form prints."""
    columns = read_datasets()[dataset].columns
    return {column.name: f"{column.label_zh} {column.label_en}" for column in columns}


def fill(
    run: Run, folder: Path, dataset: str, rows: list[dict[str, object]], kind: str = "csv"
) -> None:
    """Do what "Your own park" says: print the form, fill it in, let its sidecar be written."""
    forms = folder.parent / "forms"
    line = command("Your own park", "template", "park_returns_parks")
    done = run(*with_words(line, {"park_returns_parks": dataset, "forms": str(forms)}))
    assert done.returncode == 0, done.stderr
    folder.mkdir(parents=True, exist_ok=True)
    form = forms / f"{dataset}.{kind}"
    heading = labels(dataset)
    values = [{heading[name]: value for name, value in row.items()} for row in rows]
    (fill_in_workbook if kind == "xlsx" else fill_in_text)(form, folder / form.name, values)
    line = command("Your own park", "--as", "park_returns_parks")
    words = {"park_returns_parks": dataset, "DIR": str(folder), ".xlsx": f".{kind}"}
    done = run(*with_words(line, words))
    assert done.returncode == 0, done.stdout + done.stderr


def fill_in_text(form: Path, path: Path, rows: list[dict[str, object]]) -> None:
    with form.open(encoding="utf-8-sig", newline="") as handle:
        (header,) = csv.reader(handle)
    with path.open("w", encoding="utf-8-sig", newline="") as handle:
        writer = csv.DictWriter(handle, header, restval="")
        writer.writeheader()
        writer.writerows(rows)


def fill_in_workbook(form: Path, path: Path, rows: list[dict[str, object]]) -> None:
    book = openpyxl.load_workbook(form)
    sheet = book.worksheets[0]
    columns = {str(cell.value).replace("\n", " "): cell.column for cell in sheet[1]}
    for number, row in enumerate(rows, start=2):
        for heading, value in row.items():
            sheet.cell(number, columns[heading], value)
    book.save(path)


def park(park_id: str) -> dict[str, object]:
    return {
        "park_id": park_id,
        "name_zh": f"自有园区{park_id}",
        "level": "national",
        "region_code": "常州市",
        "park_type": "high_tech",
        "leading_industry_code_1": "34",
    }


def enterprise(park_id: str, number: int, industry: str) -> dict[str, object]:
    return {
        "park_id": park_id,
        "enterprise_id": f"{park_id}-{number}",
        "name_zh": f"企业{number}",
        "industry_code": industry,
        "is_above_size": "是",
    }


def used(park_id: str, number: int, fuel: str, unit: str, **quantities: float) -> dict:
    return {
        "park_id": park_id,
        "enterprise_id": f"{park_id}-{number}",
        "year": 2023,
        "fuel_code": fuel,
        "unit": unit,
        **quantities,
    }


@pytest.fixture
def home(tmp_path: Path, published_home: Home) -> Home:
    """A home of the test's own, with the version of the session in it."""
    return homes.published(published_home, tmp_path / "home")


def test_own_parks_appear_in_every_mart_and_a_broken_total_is_refused(
    home: Home, published_home: Home, tmp_path: Path, run_greenpark: Run
) -> None:
    data = tmp_path / "own"
    fill(
        run_greenpark, data, "park_returns_parks",
        [park("OWN1"), park("OWN2") | {"returns_boundary": "above_size_industry"},
         park("OWN3") | {"level": ""}],
        kind="xlsx",
    )  # fmt: skip
    # OWN3 lies in OWN1 and has its works, not its power station.
    fill(
        run_greenpark, data, "park_returns_park_boundaries",
        [{"park_id": "OWN3", "parent_park_id": "OWN1", "boundary_kind": "park_within_park",
          "year_from": 2020}],
    )  # fmt: skip
    fill(
        run_greenpark, data, "park_returns_boundary_members",
        [{"park_id": "OWN3", "list_park_id": "OWN1", "enterprise_id": "OWN1-2",
          "year_from": 2020, "member_share": 1}],
    )  # fmt: skip
    fill(
        run_greenpark, data, "park_returns_enterprises",
        [enterprise("OWN1", 1, "44"), enterprise("OWN1", 2, "34"), enterprise("OWN2", 1, "30")],
    )  # fmt: skip
    plant = {"transformation_input_quantity": 1000}
    fill(
        run_greenpark, data, "park_returns_enterprise_energy",
        [
            # a power station that gives only its whole input, and sells 1200 MWh
            used("OWN1", 1, "原煤", "t", consumption_quantity=1000, **plant),
            used("OWN1", 1, "electricity", "MWh", transformation_output_quantity=1200,
                 sales_quantity=1200),
            # a works that buys 2000 MWh, of which 800 come from outside, in 10^4 kWh
            used("OWN1", 2, "electricity", "万千瓦时", purchase_quantity=200,
                 consumption_quantity=200),
            # by month, in two rows
            used("OWN1", 2, "natural_gas", "万立方米", month=1, consumption_quantity=1),
            used("OWN1", 2, "natural_gas", "万立方米", month=2, consumption_quantity=2),
            # 500 t of coal where the park says 100
            used("OWN2", 1, "raw_coal", "t", consumption_quantity=500),
        ],
    )  # fmt: skip
    facts = {"park_id": "OWN2", "year": 2023, "boundary": "above_size_industry", "coal_t": 100}
    fill(run_greenpark, data, "park_returns_park_facts", [facts])

    line = with_words(command("Your own park", "refresh"), {"DIR": str(data)})
    done = run_greenpark(*line, "--home", home.root)
    assert done.returncode == 0, done.stdout + done.stderr

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
