"""Parks of one's own, as CONTRIBUTING says to the letter: forms, filled in, and sidecars."""

from __future__ import annotations

import csv
from pathlib import Path

import openpyxl
from click.testing import CliRunner
from roads import command, with_words

from orchestration import cli
from orchestration.landing.map.catalogue import read_datasets

# Refused: its enterprise burns more than the whole park.
REFUSED = {("park_returns_enterprise_energy.csv", "enterprises_exceed_park"): 1}


def labels(dataset: str) -> dict[str, str]:
    """Column name to the heading the form prints."""
    columns = read_datasets()[dataset].columns
    return {column.name: f"{column.label_zh} {column.label_en}" for column in columns}


def run(line: list[str]) -> None:
    said = CliRunner().invoke(cli.main, line)
    assert said.exit_code == 0, said.output


def fill(folder: Path, dataset: str, rows: list[dict[str, object]], kind: str = "csv") -> None:
    """Do what "Your own park" says: print the form, fill it in, let its sidecar be written."""
    forms = folder.parent / "forms"
    line = command("Your own park", "template", "park_returns_parks")
    run(with_words(line, {"park_returns_parks": dataset, "forms": str(forms)}))
    folder.mkdir(parents=True, exist_ok=True)
    form = forms / f"{dataset}.{kind}"
    heading = labels(dataset)
    values = [{heading[name]: value for name, value in row.items()} for row in rows]
    (fill_in_workbook if kind == "xlsx" else fill_in_text)(form, folder / form.name, values)
    line = command("Your own park", "--as", "park_returns_parks")
    words = {"park_returns_parks": dataset, "DIR": str(folder), ".xlsx": f".{kind}"}
    run(with_words(line, words))


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


def write_all(data: Path) -> None:
    """OWN1 with OWN3 in it, and OWN2, whose total is broken."""
    fill(
        data, "park_returns_parks",
        [park("OWN1"), park("OWN2") | {"returns_boundary": "above_size_industry"},
         park("OWN3") | {"level": ""}],
        kind="xlsx",
    )  # fmt: skip
    # OWN3 lies in OWN1 and has its works, not its power station.
    fill(
        data, "park_returns_park_boundaries",
        [{"park_id": "OWN3", "parent_park_id": "OWN1", "boundary_kind": "park_within_park",
          "year_from": 2020}],
    )  # fmt: skip
    fill(
        data, "park_returns_boundary_members",
        [{"park_id": "OWN3", "list_park_id": "OWN1", "enterprise_id": "OWN1-2",
          "year_from": 2020, "member_share": 1}],
    )  # fmt: skip
    fill(
        data, "park_returns_enterprises",
        [enterprise("OWN1", 1, "44"), enterprise("OWN1", 2, "34"), enterprise("OWN2", 1, "30")],
    )  # fmt: skip
    plant = {"transformation_input_quantity": 1000}
    fill(
        data, "park_returns_enterprise_energy",
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
    fill(data, "park_returns_park_facts", [facts])
