"""The model run again without a piece of its evidence, so that the piece can judge it.

`quality.model_validation` compares each run with the series it did not see.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from orchestration.reconstruction import city_classes as classes
from orchestration.reconstruction.city_evidence import Evidence
from orchestration.reconstruction.city_model import Panel, solve
from orchestration.reconstruction.files import Row, write_table
from orchestration.reconstruction.inputs import CITIES, Balance

FULL = "full"
WITHOUT_CITY = "without_city"
EDITION = 2026
TEN_THOUSAND, MWH = 1e4, 1e5
# What a run says of a city: the measure and what makes the printed unit t, MWh or tce.
QUANTITIES = {
    "territorial_co2_t": (classes.territorial_co2, TEN_THOUSAND),
    "report_co2_t": (classes.report_co2, TEN_THOUSAND),
    "coal_t": (classes.report_coal, TEN_THOUSAND),
    "final_electricity_mwh": (classes.final_electricity, MWH),
    "industrial_energy_tce": (classes.industrial_energy, TEN_THOUSAND),
}


def held_back(evidence: Evidence) -> dict[str, Evidence]:
    """The evidence of each run but the full one; `without_city` is one run for each city."""
    runs = {
        # What the report says of CO2 would tell of the inventories: it is left out with them.
        "without_edgar": replace(evidence, inventories={"ceads": 1.0}, facts=()),
        "without_ceads": replace(evidence, inventories={"edgar": 1.0}, facts=()),
        "without_inventories": replace(evidence, inventories={}, facts=()),
        "without_electricity": replace(evidence, electricity=False),
        "without_report": replace(evidence, facts=()),
    }
    return runs | {f"{WITHOUT_CITY}/{city}": replace(evidence, hidden_city=city) for city in CITIES}


def run_rows(
    balances: Mapping[int, Balance], full: Mapping[int, Panel], evidence: Evidence
) -> Iterator[Row]:
    """One row for each run, city and year; a city left out is told by its own run alone."""
    yield ["run", "region_code", "year", *QUANTITIES]
    yield from _rows_of(FULL, full, CITIES)
    for name, seen in held_back(evidence).items():
        run, _, city = name.partition("/")
        yield from _rows_of(run, solve(balances, seen), [city] if city else CITIES)


def _rows_of(run: str, panels: Mapping[int, Panel], cities: list[str]) -> Iterator[Row]:
    for year, panel in panels.items():
        values = {
            name: panel.by_city(measure) * unit for name, (measure, unit) in QUANTITIES.items()
        }
        for city in cities:
            number = CITIES.index(city)
            yield [run, city, year, *(round(float(row[number])) for row in values.values())]


def write_runs(
    balances: Mapping[int, Balance],
    full: Mapping[int, Panel],
    evidence: Evidence,
    folder: Path,
) -> None:
    """The runs as a table of raw/city_model."""
    write_table(
        folder,
        "held_back_runs",
        run_rows(balances, full, evidence),
        {
            "dataset": "city_model_held_back_runs",
            "source_id": "greenpark_city_model_runs",
            "title_zh": "分市模型交叉检验结果",
            "title_en": "Runs of the city model without a part of its evidence",
            "edition_year": EDITION,
            "unit_as_printed": "own column",
            "notes_as_printed": ["Each run leaves out what it is to be judged by."],
            "url_or_citation": "docs/city_reconstruction.md",
            "layout": {"kind": "records", "header_rows": 1, "first_data_row": 2},
        },
    )
