"""The facts that the 2023 report prints and the reconstruction takes as constraints."""

from __future__ import annotations

from orchestration.reconstruction.inputs import aliases, read

FIGURES = {row["figure_id"]: row for row in read("report/published_figures.csv")}
# Sections 2.2: the four cities and their share of coal and CO2 in 2020.
LEADING_CITIES = ("320500", "320100", "320200", "320300")
FACT_YEAR = 2020
COAL_SHARE = float(FIGURES["T22-002"]["value"]) / 100
CO2_SHARE = float(FIGURES["T22-003"]["value"]) / 100
# Section 4.1: cities with the largest potential.
LARGEST_POTENTIAL = tuple(FIGURES[f"T41-00{n}"]["region_code"] for n in (5, 6, 7))
TARGET_YEAR = 2025
# The planned change of energy per value added 2020-2025, the same for every city: an assumption
# of seeds/reference/scenarios/plan_values.csv, and the planned shares inferred from Fig 4-1.
PLANNED_INTENSITY_CHANGE = -0.17
PLANNED_SHARES = {
    ("321100", "coal"): 0.60,
    ("321300", "coal"): 0.56,
    ("321000", "gas"): 0.09,
    ("321200", "gas"): 0.10,
}
# Factors of the Kaya model, t CO2 per tce: raw coal, diesel, natural gas of the report's tool.
KNOWN_FACTORS = {"coal": 1.981 / 0.7143, "oil": 3.096 / 1.4571, "gas": 21.622 / 13.3}


def key_industries() -> dict[str, list[str]]:
    """Table 2-1: the key divisions of each city that has sector data, division 44 aside."""
    codes = aliases("industry", "industry_code")
    found: dict[str, list[str]] = {}
    for figure_id, row in FIGURES.items():
        if figure_id.startswith("TB21-"):
            found.setdefault(row["region_code"], []).append(codes[row["value_text"]])
    return found


def low_carbon_2025() -> dict[str, dict[str, float]]:
    """What is left of Fig 4-1: the low-carbon scenario of four cities in 2025."""
    columns = ("co2", "value_added", "intensity", "coal", "oil", "gas")
    found: dict[str, dict[str, float]] = {}
    rows = [row for figure_id, row in FIGURES.items() if figure_id.startswith("F41-")]
    for number, row in enumerate(rows):
        name = columns[number % len(columns)]
        share = 100 if name in ("coal", "oil", "gas") else 1
        found.setdefault(row["region_code"], {})[name] = float(row["value"]) / share
    return found
