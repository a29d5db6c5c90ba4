"""The scorecard, the frontier and synergy of the sample parks, from the shipped files on."""

from __future__ import annotations

import json
from io import BytesIO

import duckdb
import polars as pl
import pytest
from click.testing import CliRunner
from pypdf import PdfReader

from orchestration import words
from orchestration.cli import main
from orchestration.errors import GreenparkError
from orchestration.inventory import pages
from orchestration.serving import frontier, scorecard
from orchestration.settings import PROJECT_ROOT, Home

RETURNS = PROJECT_ROOT / "seeds" / "raw" / "park_returns"
PARK, YEAR = "P01", 2020
# The law's kilograms by equivalent; VOCs as the trial of 2015 had them.
EQUIVALENT_KG = {"so2": 0.95, "nox": 0.95, "soot": 2.18, "vocs": 0.95}


def returned(form: str) -> pl.DataFrame:
    return pl.read_csv(RETURNS / f"sample_{form}.csv")


@pytest.fixture(scope="module")
def facts(warehouse: duckdb.DuckDBPyConnection) -> scorecard.Facts:
    return scorecard.gather(warehouse, PARK, YEAR)


def test_scores_are_those_of_the_returned_cells(facts: scorecard.Facts) -> None:
    above = returned("park_facts").filter(
        (pl.col("boundary") == "above_size_industry") & (pl.col("year") == YEAR)
    )
    joined = above.join(returned("land"), on=["park_id", "year"]).join(
        returned("water").drop("boundary"), on=["park_id", "year"]
    )
    mine = joined.filter(pl.col("park_id") == PARK)
    held = {row["resource"]: row for row in facts["resources"]}
    for resource, column in (
        ("land", "industrial_area_ha"),
        ("water", "industrial_fresh_water_m3"),
    ):
        expected = mine["industrial_value_added_10k_cny"][0] / mine[column][0]
        assert held[resource]["industrial_va_per_quantity"] == pytest.approx(expected)
        best = joined.filter(pl.col("park_id") == held[resource]["best_resource_park_id"])
        top = best["industrial_value_added_10k_cny"][0] / best[column][0]
        assert held[resource]["share_of_best"] == pytest.approx(expected / top)
    assert held["carbon"]["quantity_per_industrial_va"] == pytest.approx(
        1 / held["carbon"]["industrial_va_per_quantity"]
    )


def test_the_queries_of_the_page_lead_to_the_cells(
    warehouse: duckdb.DuckDBPyConnection, facts: scorecard.Facts
) -> None:
    """What the queries give is held to files and scores in test_explain_score.py."""
    document = scorecard.compose(facts, "en")
    (cells,) = [section for section in document.sections if section.key == "cells"]
    query, kinds = cells.paragraphs[0].split("; kind: ")
    assert kinds.count("'") == 2 * len(scorecard.EXPLAINED)
    for kind in kinds.split(", "):
        found = warehouse.execute(query.replace("(kind", f"({kind}")).pl()
        assert set(found["subject"]) == {PARK} and found["file_name"].is_not_null().any()


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_it_is_one_page_in_either_language(facts: scorecard.Facts, lang: str) -> None:
    document = scorecard.compose(facts, lang)
    reader = PdfReader(BytesIO(pages.one_page(document)))
    assert len(reader.pages) == 1
    page = pages.html(document).decode()
    assert document.banner and document.banner in page
    assert page.count("<meter") == len(scorecard.RESOURCES)
    assert "P33" in page and "<script" not in page
    other = scorecard.compose(facts, {"zh": "en", "en": "zh"}[lang])
    assert other.signature == document.signature


def test_more_rows_of_ones_own_are_one_page_too(facts: scorecard.Facts) -> None:
    """Sets and schemes are rows, so nobody knows how many there are."""
    document = scorecard.compose(facts | {"codes": facts["codes"] * 8}, "en")
    counts = [len(PdfReader(BytesIO(made(document))).pages) for made in (pages.pdf, pages.one_page)]
    assert counts == [2, 1]


def test_every_name_of_the_page_has_its_words() -> None:
    names = {name for labels in scorecard.ALL for name in labels.values()}
    assert {name for name in names if words.in_chinese(name) == name} == set()


def test_codes_are_worded_as_everywhere(
    warehouse: duckdb.DuckDBPyConnection, facts: scorecard.Facts
) -> None:
    """Every code of the page has a word, in both languages that of reference.codes."""
    codes = {
        (code_list, code): (zh, en)
        for code_list, code, zh, en in warehouse.execute(
            "select code_list, code, label_zh, label_en from reference.codes"
        ).fetchall()
    }
    held = {(row["kind"], row["code"]): (row["name_zh"], row["name_en"]) for row in facts["words"]}
    assert all(codes[key] == labels for key, labels in held.items())
    for rows, column, code_list in (
        ("synergy", "pollutant", "pollutant"), ("synergy", "synergy_state", "synergy_state"),
        ("coupling", "coupling_set", "coupling_set"), ("codes", "colour", "colour"),
        ("coupling", "coupling_state", "coupling_state"), ("resources", "resource", "resource"),
        ("codes", "clause_status", "clause_status"),
    ):  # fmt: skip
        said = {row[column] for row in facts[rows] if row[column] is not None}
        assert said and {(code_list, code) for code in said} <= held.keys()
    page = pages.html(scorecard.compose(facts, "zh")).decode()
    (state, *_) = [row["synergy_state"] for row in facts["synergy"] if row["synergy_state"]]
    assert codes["synergy_state", state][0] in page


def test_what_was_not_returned_is_said(facts: scorecard.Facts) -> None:
    """No number of land: the page says so, gives no coupling and no frontier."""
    lacking = json.loads(json.dumps(facts))
    lacking |= {"frontier": [], "synergy": []}
    for row in lacking["resources"]:
        if row["resource"] == "land":
            row |= dict.fromkeys(("quantity", "industrial_va_per_quantity", "share_of_best"))
            row["refusal"] = "resource_not_returned"
    for row in lacking["coupling"]:
        if row["coupling_set"] == "land_water_energy_carbon":
            row |= {"coordination_degree": None, "refusal": "resource_not_returned"}
            row["refused_resource"] = "land"
    lacking["words"].append(
        {"kind": "refusal", "code": "resource_not_returned", "name_zh": "", "name_en": "Not given"}
    )
    page = pages.html(scorecard.compose(lacking, "en")).decode()
    assert "Land, Not given" in page
    assert "Pollutants of two years were not returned." in page
    assert "Frontier of" not in page


def test_a_park_or_year_that_is_not_held_is_refused(warehouse: duckdb.DuckDBPyConnection) -> None:
    with pytest.raises(GreenparkError, match="P0X"):
        scorecard.gather(warehouse, "P0X", YEAR)
    with pytest.raises(GreenparkError, match="1999"):
        scorecard.gather(warehouse, PARK, 1999)
    with pytest.raises(GreenparkError, match="no park has value added"):
        list(frontier.places(warehouse, 1999, None))


def test_the_frontier_is_served(published_home: Home, facts: scorecard.Facts) -> None:
    command = ["frontier", str(YEAR), "--park", PARK, "--home", str(published_home.root), "--json"]
    said = CliRunner().invoke(main, command)
    assert said.exit_code == 0
    (place,) = json.loads(said.stdout)
    (of_card,) = facts["frontier"]
    assert place["ccr_efficiency"] == pytest.approx(of_card["ccr_efficiency"])
    assert 0 < place["ccr_efficiency"] <= place["bcc_efficiency"] <= 1
    assert place["origin"] == "reconstructed"
    wrong = CliRunner().invoke(main, [*command, "--inputs", "land,sand"])
    assert wrong.exit_code == 2


def test_synergy_is_computed_again(warehouse: duckdb.DuckDBPyConnection) -> None:
    emissions = returned("pollutants").with_columns(
        equivalents=pl.col("emission_t") * 1000 / pl.col("pollutant").replace_strict(EQUIVALENT_KG)
    )
    totals = {
        (park, year): total
        for park, year, total in emissions.group_by("park_id", "year")
        .agg(pl.col("equivalents").sum())
        .iter_rows()
    }
    carbon = {
        (park, year): co2
        for park, year, co2 in warehouse.execute(
            "select park_id, year, above_size_co2_t from all_levels.park_year_by_method"
            " where method = 'report_2023'"
        ).fetchall()
    }
    rows = warehouse.execute(
        """
        select park_id, year_from, year_to, pollution_reduction_rate, co2_reduction_rate,
            cross_elasticity, synergy_state
        from all_levels.pollution_carbon_synergy
        where pollutant = 'air_equivalents' and refusal is null
        """
    ).fetchall()
    assert len(rows) > 100
    for park, start, end, pollution, co2, elasticity, state in rows:
        fall = 1 - totals[park, end] / totals[park, start]
        fall_of_co2 = 1 - carbon[park, end] / carbon[park, start]
        assert (pollution, co2) == pytest.approx((fall, fall_of_co2), rel=1e-9, abs=1e-12)
        assert elasticity == pytest.approx(fall / fall_of_co2, rel=1e-6)
        quadrant = {
            (True, True): "co_control",
            (True, False): "pollution_only",
            (False, True): "carbon_only",
            (False, False): "no_control",
        }
        assert state == quadrant[fall > 0, fall_of_co2 > 0]
