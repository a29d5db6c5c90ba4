"""The house rules for the dbt project, read off its manifest."""

from __future__ import annotations

import csv
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

PROJECT = Path(__file__).resolve().parents[2] / "dbt_project"

CHINESE = re.compile(r"[\u4e00-\u9fff]")
SNAKE_CASE = re.compile(r"_?[a-z][a-z0-9]*(_+[a-z0-9]+)*")
MART_SCHEMAS = {"reference", "emissions", "indicators", "all_levels", "quality"}

# The end of a column name that says its unit, longest first.
UNIT_OF_SUFFIX = {
    # Money is 10^4 CNY; the name says of what.
    "_tce_per_gdp": "tce_per_10k_cny",
    "_t_per_gdp": "t_per_10k_cny",
    "_tce_per_industrial_va": "tce_per_10k_cny",
    "_t_per_industrial_va": "t_per_10k_cny",
    "_t_per_industrial_output": "t_per_10k_cny",
    "_tce_per_industrial_output": "tce_per_10k_cny",
    "_tce_per_10k_cny": "tce_per_10k_cny",
    "_t_per_10k_cny": "t_per_10k_cny",
    "_10k_cny_per_t": "10k_cny_per_t",
    # Named by the public contract.
    "_energy_intensity": "tce_per_10k_cny",
    "_t_per_quantity": "t per unit",
    "_t_per_unit": "t per unit",
    "_tce_per_unit": "tce per unit",
    "_tce_per_unit_min": "tce per unit",
    "_tce_per_unit_max": "tce per unit",
    "_gj_per_unit": "gj per unit",
    "_t_per_tce": "t per tce",
    "_kg_per_gj": "kg per gj",
    "_tc_per_gj": "t_c per gj",
    "_t_per_mwh": "t per mwh",
    "_t_per_gj": "t per gj",
    "_t_per_t": "t per t",
    "_10k_cny": "10k_cny",
    "_tce": "tce",
    "_gj": "gj",
    "_mwh": "mwh",
    "_mw": "mw",
    "_m3": "m3",
    "_ha": "ha",
    "_t": "t",
    "_share": "1",
    "_rate": "1",
}
# Units that stand in no name: numbers without one, and columns whose unit is in another column.
UNITS_WITHOUT_SUFFIX = {
    "1",
    "see unit",
    "see indicator",
    "see band_set",
    "see figure_kind",
    "see gap_item",
    "unit per printed unit",
    "byte",
}

# Numbers that mean nothing of their own: none, once, half, open-ended, and the sign.
PLAIN_NUMBERS = {0.0, 1.0, 2.0, 9999.0}
# (model, number) -> why it is no reference row.
NUMBERS_ALLOWED = {
    ("int_energy__series_standardised", "3"): "origin rank: see macros/origin.sql",
    **{
        (model, "3"): "origin rank: see macros/origin.sql"
        for model in ("scenarios", "scenario_potential", "scenario_tornado", "park_path_measures")
    },
    ("park_key_industries", "6"): "the registry has five columns of leading industries",
    ("region_concentration", "11"): "ten leaders at most are named",
    ("park_leading_industries", "6"): "the form has five columns of leading industries",
    ("int_energy__industry_ancestors", "5"): "one join a level of the tree below its root",
    ("int_park__boundaries_nested", "4"): "one join a level of parks within parks",
    ("factor_physics", "1e1"): "digits are decimal",
    **{
        ("park_evaluation_stability", number): "three cuts make four quarters"
        for number in ("3", "4")
    },
    ("int_park__medoids_chosen", "5"): "sets of up to four medoids, one column each",
}
# (model, part of what is replaced) -> why zero is right there.
ZEROES_ALLOWED = {
    ("int_co2__emissions_calculated", "ch4_kg_per_gj"): (
        "power and heat bought have no CH4 or N2O; for fuels a test wants both factors"
    ),
    ("int_disclosure__fuels_bounded", "summed.co2_t"): (
        "a fuel of which the method counts no CO2 adds none to that of the park"
    ),
    ("int_energy__industry_split", "series.quantity / nullif("): (
        "an industry that burns nothing has a share of nothing"
    ),
    ("int_drivers__activities_united", "entities.energy_tce"): (
        "a fuel that a sector does not burn in a year is none of it"
    ),
    ("int_drivers__activities_united", "entities.co2_t"): (
        "a fuel that a sector does not burn in a year emits nothing"
    ),
    ("int_drivers__activities_united", "entities.base_factor_co2_t"): (
        "a fuel that a sector does not burn in a year emits nothing, by whatever factor"
    ),
    ("int_scenarios__anchors_prepared", "geometric_rate"): "from nothing there is no trend",
    ("int_scenarios__anchors_prepared", "arithmetic_rate"): "from nothing there is no trend",
    ("int_park__distances", "two_high_difference"): "a share equal in all parks has no score",
    ("int_park__distances", "coal_difference"): "a share equal in all parks has no score",
    ("int_park__distances", "electricity_difference"): "a share equal in all parks has no score",
    ("computed_figures", "year - year_from"): "a figure of a single year",
    ("reconciliation", "abs(figures.value) * (inputs.printed_step / 2)"): (
        "no printed input, no rounding of it"
    ),
    ("region_year", "refusals.refused_cells"): "a count: no cell is refused",
    (
        "park_carbon_account",
        "fuel_energy.fuel_tce",
    ): "a park that returns no fuel burns none",
    ("park_carbon_account", "carriers_exchanged.heat_gj"): "no heat passes; heat_basis says so",
    ("park_carbon_account", "carriers_exchanged.electricity_mwh"): (
        "no electricity passes; electricity_basis says so"
    ),
    ("reconciliation", "editions.editions_held"): "a count: no edition is held",
    ("int_budgets__allocated", "sums.given_t"): "of what nobody was given nothing is taken",
    ("int_budgets__allocated", "sums.given_base_t"): "of what nobody was given nothing is taken",
    ("carbon_budgets", "joined.child_count"): "a count: no child has a budget",
    ("park_paths", "measures.added_co2_t"): "a measure that says no added entry adds to none",
    ("park_paths", "measures.energy_change_tce"): (
        "a measure of which the form leaves it empty changes no energy, as the form says"
    ),
    ("park_paths", "measures.annuity_10k_cny"): "only a measure that is not known has none",
    ("park_paths", "bases.entry_co2_t"): "an entry that the account does not have is none of it",
    ("park_path_measures", "capital_10k_cny"): (
        "a measure of which the form leaves it empty takes no capital, as the form says"
    ),
}
# Intermediate models with one reader, and why they are not part of it.
ONE_READER = {
    "int_budgets__allocated": "four levels; its reader carries over from year to year",
    "int_budgets__nodes": "a row for each node, read for every level",
    "int_co2__activities_counted": "a row for each activity, of which emissions has the factors",
    "int_disclosure__fuels_bounded": "the range of each fuel, which a test compares with a solver",
    "int_drivers__effects_calculated": "a row for each effect, read several times",
    "int_drivers__energy_grouped": "380 lines that sum; its reader joins what they are divided by",
    "int_drivers__factors_derived": "a row for each year, its reader has two of them",
    "int_economy__volumes_chained": "a chain of indices; its reader values it",
    "int_park__guiding_valued": "a row for each indicator returned; its reader has the bounds",
    "int_park__emissions_by_boundary": "a row for each boundary; its reader has one of them",
    "int_park__infrastructure_classed": "a row for each park; its reader has years and methods",
    "int_park__ledger_fields_asked": "a row for each field asked; its reader has what is missing",
    "int_park__medoids_chosen": "a search; its reader places the parks",
    "int_park__sources_ranked": "a row for each source of a park; its reader has the parks",
    "int_park__years_joined": "what is joined; its reader has 190 lines of ratios and ranks",
    "int_revisions__returns_united": "a row for each number of a return; its reader unites series",
    "int_scenarios__effects_calculated": "a row for each effect, read several times",
    "int_scenarios__factors_paired": "a row for each factor and year, as the macro of LMDI wants",
}
# Models whose key is tested by a singular test, because the key is long or has nulls.
KEY_TESTED_BY = {
    "energy_lineage": "assert_every_cell_is_read_once",
    "emission_lineage": "assert_every_cell_is_explained_once",
    # A view of emission_lineage: row for row, which the test of every CO2 row would notice.
    "explain": "assert_every_co2_row_is_explained",
    "balance_row_rules": "assert_counting_rules_do_not_repeat",
}

# Tests that warn, and why: they judge the publisher's arithmetic, not ours. That the shipped
# balances add up is asserted in tests/integration/test_reconciliation.py.
WARNINGS_ALLOWED = {
    "assert_balance_identities_hold",
    "assert_total_consumption_is_final_use_plus_transformation",
}

REGION_YEAR = (
    "coal_t industrial_coal_t energy_tce co2_t industrial_co2_t coal_co2_t gdp_10k_cny"
    " industrial_value_added_10k_cny industrial_coal_share coal_co2_share industrial_co2_share"
    " industrial_coal_t_per_industrial_va co2_t_per_gdp industrial_co2_t_per_industrial_va"
    " price_basis origin coal_t_change_rate co2_t_change_rate industrial_co2_t_change_rate"
    " co2_t_per_gdp_change_rate"
)
PARK_YEAR = (
    "gdp_10k_cny industrial_value_added_10k_cny energy_tce coal_t coal_tce co2_t co2_t_per_gdp"
    " coal_share_of_energy energy_infrastructure_answer top10_enterprise_share co2_rank co2_band"
    " coal_band"
)
# The public contract (docs/contract.md): columns nobody may rename or drop.
CONTRACT = {
    "reference.sources": (
        "source_id title_zh title_en publisher edition_year licence origin url_or_citation"
    ),
    "reference.regions": "region_code name_zh name_en level parent_code",
    "reference.industries": "industry_code name_zh name_en section is_industrial is_high_energy",
    "reference.fuels": "fuel_code name_zh name_en fuel_group unit",
    "reference.emission_factors": (
        "method fuel_code industry_code co2_t_per_unit ncv_gj_per_unit carbon_content_tc_per_gj"
        " oxidation_rate ch4_kg_per_gj n2o_kg_per_gj unit year_from year_to source_id"
    ),
    "reference.grid_emission_factors": "method grid_name year co2_t_per_mwh source_id",
    "reference.parks": "park_id name_zh level region_code park_type is_sample is_key origin",
    "reference.threshold_values": "threshold_id value unit statement_zh statement_en source_id",
    "reference.plans": "plan_id region_code indicator base_year target_year value provenance",
    "reference.class_bands": "band_set band lower_limit upper_limit",
    "reference.codes": "column_name code label_zh label_en sort",
    "reference.bi_views": "bi_view name_zh schema_name table_name has_model filters region_level",
    "reference.units": "unit_label unit to_unit_factor dimension gj_per_unit",
    "bi.province_year": (
        "region_code region_name_zh region_name_en year default_method default_method_name_zh"
        " co2_t coal_t energy_tce co2_t_per_gdp origin origin_name_zh"
    ),
    **{
        f"bi.{view}{ending}": f"{subject}_name_zh {subject}_name_en year {measure}{mark}"
        for view, subject, measure in (
            ("city_year", "region", "co2_t"),
            ("park_year", "park", "co2_t"),
            ("park_latest", "park", "co2_t"),
            ("park_account", "park", "net_co2e_t"),
            ("enterprise_co2", "park", "co2_t"),
        )
        for ending, mark in (("", ""), ("_with_model", " is_model"))
    },
    "reference.published_figures": (
        "figure_id section table_or_figure region_code entity year indicator value value_text unit"
    ),
    "reference.data_dictionary": (
        "schema_name table_name column_name label_zh label_en unit heading_zh heading_en"
        " description description_zh description_en aggregation numerator denominator format"
        " is_key_column"
    ),
    **{
        f"emissions.{level}_{table}": columns
        for level in ("province", "city")
        for table, columns in {
            "energy": "region_code year fuel_code quantity unit energy_tce origin source_id",
            "co2": (
                "region_code year default_method balance_item industry_code fuel_code co2_t"
                " scope1_co2_t scope2_co2_t co2e_t origin source_id"
            ),
            "co2_by_method": (
                "region_code year method balance_item industry_code fuel_code co2_t scope1_co2_t"
                " scope2_co2_t co2e_t origin source_id"
            ),
            "industry_co2": (
                "region_code year default_method industry_code scope1_co2_t scope2_co2_t origin"
            ),
            "industry_co2_by_method": (
                "region_code year method industry_code scope1_co2_t scope2_co2_t origin"
            ),
            "above_size_co2": "region_code year default_method above_size_co2_t origin",
            "production_and_use_co2": (
                "region_code year default_method component production_co2_t use_co2_t origin"
            ),
        }.items()
    },
    **{
        f"indicators.{level}_{table}": columns
        for level in ("province", "city")
        for table, columns in {
            "year": f"region_code year default_method {REGION_YEAR}",
            "year_by_method": f"region_code year method {REGION_YEAR}",
            "industry_year": (
                "region_code year default_method industrial_energy_tce"
                " energy_tce_per_industrial_va direct_co2_t net_purchased_co2_t origin"
            ),
            "economy": "region_code year gdp_10k_cny industrial_value_added_10k_cny origin",
            "growth": "region_code year indicator real_growth_rate refusal origin",
            "balance": "region_code year fuel_code total_consumption_tce origin",
            "balance_total": "region_code year total_consumption_tce self_sufficiency_rate origin",
        }.items()
    },
    "emissions.city_inventory_co2": "region_code year ceads_inventory_co2_t edgar_co2_t",
    "emissions.park_energy": "park_id year industry_code fuel_code energy_tce origin",
    "emissions.park_co2": (
        "park_id year default_method industry_code fuel_code co2_t scope1_co2_t scope2_co2_t origin"
    ),
    "emissions.park_co2_by_method": (
        "park_id year method industry_code fuel_code scope co2_t co2e_t origin"
    ),
    "emissions.enterprise_co2": (
        "park_id enterprise_id year default_method scope co2_t coal_t energy_tce co2_share"
        " rank_in_park"
    ),
    "emissions.park_carbon_ledger": (
        "park_id year method electricity_view entry enterprise_id line_item line_detail gas sign"
        " quantity unit gas_t_per_quantity co2_t co2e_t is_counted clause_id value_status origin"
    ),
    "emissions.park_carbon_account": (
        "park_id year method electricity_view is_own_view net_co2_t net_co2e_t"
        " equivalent_energy_tce calorific_energy_tce core_co2_t_per_tce ratio_refusal refusal"
    ),
    "emissions.park_electricity_views": (
        "park_id year month method electricity_view received_mwh sent_mwh view_co2_t refusal"
    ),
    "indicators.park_core_ratio": (
        "park_id year method energy_basis tce_convention core_co2_t_per_tce ratio_refusal"
        " energy_class bound_status"
    ),
    "quality.view_bridge": "park_id year month method view_from view_to cause difference_co2_t",
    "quality.certificate_claims": "certificate_id claim_scheme park_id status first_park_id",
    "emissions.enterprise_co2_by_method": (
        "park_id enterprise_id year method scope co2_t coal_t energy_tce co2_share rank_in_park"
    ),
    "indicators.park_year": f"park_id year default_method {PARK_YEAR}",
    "indicators.park_year_by_method": f"park_id year method {PARK_YEAR}",
    "indicators.park_latest": f"park_id name_zh year default_method {PARK_YEAR} refusal",
    "indicators.park_leading_industries": (
        "park_id year method industry_code co2_t coal_t co2_share is_main_emitter is_main_coal_user"
    ),
    "indicators.park_coal_change": "park_id first_coal_t last_coal_t change_rate class",
    "indicators.park_types": "park_id year structure energy_mix cluster silhouette",
    "indicators.park_peak_plans": (
        "park_id peak_year peak_co2_t base_co2_t increase_rate increase_band five_year_plan"
    ),
    "indicators.park_measures": "park_id measure answer detail",
    "indicators.decoupling": "region_code park_id period elasticity state method price_basis",
    "indicators.kaya_factors": (
        "region_code year method industrial_value_added_10k_cny"
        " energy_tce_per_industrial_va coal_share co2_t_per_tce"
    ),
    "indicators.lmdi_effects": "entity period method form effect value change",
    "indicators.scenarios": (
        "region_code scenario year method industrial_value_added_10k_cny"
        " energy_tce_per_industrial_va coal_share direct_and_purchased_co2_t co2_median_t co2_low_t"
        " co2_high_t"
    ),
    "indicators.scenario_potential": (
        "region_code year method reduction_t reduction_rate growth_effect_t efficiency_effect_t"
        " structure_effect_t"
    ),
    "quality.landing_log": (
        "load_id dataset file_name file_sha256 vintage rows_read rows_accepted rows_quarantined"
        " loaded_at"
    ),
    "quality.quarantine": (
        "load_id dataset file_name row_number column_name raw_value rule message"
    ),
    "quality.audit_results": (
        "run_id gate suite expectation table_name column_name success severity observed_value"
        " details"
    ),
    "quality.reconciliation": (
        "figure_id published_value computed_value unit relative_difference status explanation_zh"
        " explanation_en"
    ),
    "quality.revisions": (
        "dataset series_key year vintage_old vintage_new value_old value_new relative_change"
    ),
    "quality.published_version": (
        "version built_at git_commit input_sha256 dbt_version duckdb_version"
    ),
    "quality.known_findings": "finding_id rule_id keys row_count since reason_zh reason_en",
    "quality.subject_origins": "subject_type subject_code year fact origin",
    "reference.model_tables": "schema_name table_name subject_columns year_columns",
}
# The model has the same columns under the same names.
CONTRACT |= {
    f"model.{table.split('.')[1]}": columns
    for table, columns in CONTRACT.items()
    if table.split(".")[0] in ("emissions", "indicators") or table == "reference.parks"
}

Node = dict[str, Any]


def _nodes(manifest: Node, kind: str) -> list[Node]:
    return [node for node in manifest["nodes"].values() if node["resource_type"] == kind]


@pytest.fixture(scope="module")
def models(manifest: Node) -> list[Node]:
    return _nodes(manifest, "model")


@pytest.fixture(scope="module")
def marts(models: list[Node]) -> list[Node]:
    return [model for model in models if model["fqn"][1] == "marts"]


@pytest.fixture(scope="module")
def tests(manifest: Node) -> list[Node]:
    return _nodes(manifest, "test")


def _columns(models: list[Node]) -> Iterator[tuple[str, str, str | None]]:
    """Model, column and unit of every column."""
    for model in models:
        for column in model["columns"].values():
            yield model["name"], column["name"], column["config"]["meta"].get("unit")


def _sql(model: Node) -> str:
    """The SQL of a model without comments."""
    code = re.sub(r"\{#.*?#\}", " ", model["raw_code"], flags=re.DOTALL)
    return re.sub(r"--[^\n]*", " ", code)


def _arguments(call: str) -> list[str]:
    """The arguments of a call, from the text behind its opening bracket."""
    arguments, depth, start = [], 0, 0
    for position, letter in enumerate(call):
        if letter == "(":
            depth += 1
        elif letter == ")" and depth == 0:
            arguments.append(call[start:position])
            break
        elif letter == ")":
            depth -= 1
        elif letter == "," and depth == 0:
            arguments.append(call[start:position])
            start = position + 1
    return [" ".join(argument.split()) for argument in arguments]


# Descriptions ------------------------------------------------------------------------------------


def test_every_model_and_source_is_described(manifest: Node, models: list[Node]) -> None:
    tables = [*models, *manifest["sources"].values(), *_nodes(manifest, "seed")]
    assert [table["unique_id"] for table in tables if not table["description"].strip()] == []


def test_every_column_is_described(manifest: Node, models: list[Node]) -> None:
    """That the YAML names every column is tested on a build: test_dbt_unit_tests.py."""
    tables = [*models, *manifest["sources"].values()]
    assert [table["unique_id"] for table in tables if not table["columns"]] == []
    assert [
        (table["unique_id"], column["name"])
        for table in tables
        for column in table["columns"].values()
        if not column["description"].strip()
    ] == []


def test_descriptions_are_chinese_first_and_english_second(
    manifest: Node, models: list[Node]
) -> None:
    wrong = []
    for table in [*models, *manifest["sources"].values()]:
        lines = [*table["description"].strip().splitlines(), "", ""]
        if not CHINESE.search(lines[0]) or not lines[1].strip() or CHINESE.search(lines[1]):
            wrong.append(table["unique_id"])
    assert wrong == []


def test_every_model_states_its_grain(models: list[Node]) -> None:
    assert [m["name"] for m in models if not m["config"]["meta"].get("grain")] == []


def test_every_mart_has_an_enforced_contract(marts: list[Node]) -> None:
    assert [mart["name"] for mart in marts if not mart["config"]["contract"]["enforced"]] == []
    assert [
        (mart["name"], column["name"])
        for mart in marts
        for column in mart["columns"].values()
        if not column["data_type"]
    ] == []


def test_every_mart_column_has_labels_in_both_languages(marts: list[Node]) -> None:
    assert [
        (mart["name"], column["name"])
        for mart in marts
        for column in mart["columns"].values()
        if not CHINESE.search(column["config"]["meta"].get("label_zh", ""))
        or not column["config"]["meta"].get("label_en")
    ] == []


# Names and units ---------------------------------------------------------------------------------


def test_identifiers_are_snake_case(manifest: Node, models: list[Node]) -> None:
    names = {node["name"] for kind in ("model", "seed", "test") for node in _nodes(manifest, kind)}
    names |= {source["name"] for source in manifest["sources"].values()}
    names |= {unit_test["name"] for unit_test in manifest["unit_tests"].values()}
    names |= {column for _, column, _ in _columns(models)}
    names |= {
        macro["name"]
        for macro in manifest["macros"].values()
        if macro["package_name"] == "greenpark"
    }
    assert sorted(name for name in names if not SNAKE_CASE.fullmatch(name)) == []


def test_models_are_named_after_their_layer(models: list[Node]) -> None:
    wrong = []
    for model in models:
        layer, folder, name = model["fqn"][1], model["fqn"][2], model["name"]
        expected = {"staging": f"stg_{folder}__", "intermediate": f"int_{folder}__"}.get(layer)
        if expected:
            good = name.startswith(expected) and model["schema"] == layer
        else:
            good = not re.match(r"(stg|int|fct|dim|mart)_", name) and model["schema"] == folder
        if not good or Path(model["original_file_path"]).stem != name:
            wrong.append(model["unique_id"])
    assert wrong == []
    assert {model["schema"] for model in models if model["fqn"][1] == "marts"} <= MART_SCHEMAS


def test_the_name_of_a_column_says_its_unit(models: list[Node]) -> None:
    wrong = []
    for model, column, unit in _columns(models):
        suffixes = [suffix for suffix in UNIT_OF_SUFFIX if f"_{column}".endswith(suffix)]
        expected = UNIT_OF_SUFFIX[max(suffixes, key=len)] if suffixes else None
        # A suffix wants its unit; a unit that can stand in a name wants its suffix.
        if expected != unit and (expected or unit not in {*UNITS_WITHOUT_SUFFIX, None}):
            wrong.append((model, column, unit))
    assert wrong == []


def test_every_measure_has_a_unit(marts: list[Node]) -> None:
    """A DOUBLE without a unit is a number nobody can read."""
    assert [
        (mart["name"], column["name"])
        for mart in marts
        for column in mart["columns"].values()
        if column["data_type"] == "double" and not column["config"]["meta"].get("unit")
    ] == []


def test_a_column_name_has_one_unit_everywhere(models: list[Node]) -> None:
    units = defaultdict(set)
    for _, column, unit in _columns(models):
        units[column].add(unit)
    assert {column: found for column, found in units.items() if len(found) > 1} == {}


# Layers and SQL ----------------------------------------------------------------------------------


def test_staging_reads_only_seeds_and_sources(models: list[Node]) -> None:
    assert [
        (model["name"], parent)
        for model in models
        if model["fqn"][1] == "staging"
        for parent in model["depends_on"]["nodes"]
        if not parent.startswith(("seed.", "source."))
    ] == []


# What the landing says of the files has no labels and units that staging would turn into codes.
LANDING = "source.greenpark.quality."


def test_only_staging_and_reference_read_the_raw_tables(models: list[Node]) -> None:
    assert [
        (model["name"], parent)
        for model in models
        if model["fqn"][1] != "staging" and model["fqn"][1:3] != ["marts", "reference"]
        for parent in model["depends_on"]["nodes"]
        if parent.startswith("source.") and not parent.startswith(LANDING)
    ] == []


def test_no_intermediate_reads_what_is_built_from_it(manifest: Node, models: list[Node]) -> None:
    """Of the marts, intermediate models read the code tables of reference alone."""
    marts_of_results = {
        model["unique_id"]
        for model in models
        if model["fqn"][1] == "marts" and model["fqn"][2] != "reference"
    }
    assert [
        (model["name"], parent)
        for model in models
        if model["fqn"][1] == "intermediate"
        for parent in model["depends_on"]["nodes"]
        if parent in marts_of_results
    ] == []


def test_an_intermediate_with_one_reader_is_a_grain_of_its_own(models: list[Node]) -> None:
    """What has one reader is part of it, but where a reason is given."""
    readers: dict[str, set[str]] = defaultdict(set)
    for model in models:
        for parent in model["depends_on"]["nodes"]:
            readers[parent].add(model["name"])
    alone = {
        model["name"]
        for model in models
        if model["fqn"][1] == "intermediate" and len(readers[model["unique_id"]]) < 2
    }
    assert alone == set(ONE_READER)


def test_models_end_with_a_cte_called_final(models: list[Node]) -> None:
    # A staging model that is one macro call has its SQL in the macro.
    assert [
        model["name"]
        for model in models
        if "select" in _sql(model)
        and not re.search(r"select \* from final(\s+order by\s[\w\s,]+)?\s*$", _sql(model))
    ] == []


def test_marts_list_their_columns(marts: list[Node]) -> None:
    wrong = []
    for mart in marts:
        final = _sql(mart).split("final as (")[-1].split("select * from final")[0]
        if re.search(r"select\s+(distinct\s+)?\*|\w\.\*", final):
            wrong.append(mart["name"])
    assert wrong == []


def test_models_hold_no_constants(models: list[Node]) -> None:
    """44/12, GJ per tce and thresholds are reference rows."""
    wrong = []
    for model in models:
        code = re.sub(r"'[^']*'", "''", _sql(model))
        for number in re.findall(r"(?<![\w.])\d+(?:\.\d+)?(?:e[+-]?\d+)?(?!\w)", code):
            if float(number) not in PLAIN_NUMBERS and (model["name"], number) not in (
                NUMBERS_ALLOWED
            ):
                wrong.append((model["name"], number))
    assert wrong == []


def test_missing_is_never_made_zero(models: list[Node]) -> None:
    wrong, used = [], set()
    for model in models:
        code = _sql(model)
        for call in re.finditer(r"\bcoalesce\(", code):
            *replaced, default = _arguments(code[call.end() :])
            if not re.fullmatch(r"0(\.0+)?|cast\(0 as \w+\)", default):
                continue
            allowed = [
                key for key in ZEROES_ALLOWED if key[0] == model["name"] and key[1] in replaced[0]
            ]
            used.update(allowed)
            if not allowed:
                wrong.append((model["name"], replaced[0]))
        wrong += [(model["name"], call) for call in re.findall(r"\bifnull\(|\bzeroifnull\(", code)]
    assert wrong == []
    assert set(ZEROES_ALLOWED) == used


# Tests -------------------------------------------------------------------------------------------


def test_every_data_test_is_named(manifest: Node, tests: list[Node]) -> None:
    wrong = []
    for test in tests:
        generic = (test.get("test_metadata") or {}).get("name")
        if generic:
            table = (test.get("attached_node") or "").split(".")[-1]
            good = test["name"].startswith(f"{table}__") if table else "__" in test["name"]
            good = good and not test["name"].startswith((f"{generic}_", f"source_{generic}_"))
        else:
            good = test["name"].startswith("assert_")
        if not good:
            wrong.append(test["name"])
    assert wrong == []
    assert [
        unit_test["name"]
        for unit_test in manifest["unit_tests"].values()
        if not unit_test["name"].startswith(f"test_{unit_test['model']}__")
        or not (unit_test["description"] or "").strip()
    ] == []


def test_no_test_is_switched_off_or_softened(manifest: Node, tests: list[Node]) -> None:
    assert [
        test["name"]
        for test in tests
        if (test["config"]["severity"].lower() != "error" and test["name"] not in WARNINGS_ALLOWED)
        or test["config"]["error_if"] != "!= 0"
        or not test["config"]["enabled"]
    ] == []
    assert [key for key in manifest["disabled"] if key.split(".")[0] in ("test", "unit_test")] == []


def test_the_key_of_every_model_is_tested(models: list[Node], tests: list[Node]) -> None:
    tested = {
        test["attached_node"]
        for test in tests
        if (test.get("test_metadata") or {}).get("kwargs", {}).get("key")
    }
    names = {test["name"] for test in tests}
    assert set(KEY_TESTED_BY.values()) <= names
    assert [
        model["name"]
        for model in models
        if model["unique_id"] not in tested and model["name"] not in KEY_TESTED_BY
    ] == []


def test_the_project_stays_small(manifest: Node, models: list[Node], tests: list[Node]) -> None:
    """What dbt spends on a node is most of a refresh: 350 for 144 marts, four for each one more.

    The checks `is_sound` are no nodes of a refresh (orchestration/transform/checks.py).
    """
    checks = [test for test in tests if (test.get("test_metadata") or {}).get("name") == "is_sound"]
    of_each = Counter(test["attached_node"] for test in checks)
    assert [table for table, count in of_each.items() if count > 1] == []
    assert [test["name"] for test in checks if test["config"]["where"]] == []
    marts = sum(model["schema"] in MART_SCHEMAS for model in models)
    assert len(manifest["nodes"]) - len(checks) <= 350 + 4 * max(0, marts - 144)
    others = Counter(
        test["attached_node"] for test in tests if test not in checks and test.get("attached_node")
    )
    assert [table for table, count in others.items() if count > 2] == []


def test_every_figure_of_emissions_and_indicators_has_a_hand_worked_unit_test(
    manifest: Node,
) -> None:
    """The marts that add and divide, and the models that decide what is counted."""
    tested = {unit_test["model"] for unit_test in manifest["unit_tests"].values()}
    assert {
        "decoupling",
        "int_co2__activities_counted",
        "int_co2__balance_inputs_counted",
        "int_co2__return_inputs_counted",
        "int_co2__rules_resolved",
        "int_drivers__factors_derived",
        "int_drivers__factors_paired",
        "int_scenarios__anchors_prepared",
        "int_scenarios__cases_valued",
        "peak_status",
        "int_co2__emissions_calculated",
        "int_energy__industry_split",
        "int_energy__series_aggregated",
        "int_energy__series_standardised",
        "int_park__carriers_balanced",
        "int_park__emissions_by_boundary",
        "int_park__energy_counted",
        "computed_figures",
        "park_coal_change",
        "park_year_by_method",
        "region_year",
        "revisions",
        "reconciliation",
    } <= tested


# Seeds -------------------------------------------------------------------------------------------


def test_every_seed_column_has_a_type(manifest: Node) -> None:
    for seed in _nodes(manifest, "seed"):
        path = PROJECT / seed["original_file_path"]
        with path.open(encoding="utf-8", newline="") as file:
            header = next(csv.reader(file))
        assert header == list(seed["config"]["column_types"]), seed["name"]
        assert [name for name in header if not SNAKE_CASE.fullmatch(name)] == [], seed["name"]


# The public contract -----------------------------------------------------------------------------


@pytest.mark.parametrize("table", sorted(CONTRACT))
def test_the_contract_is_kept(table: str, warehouse: duckdb.DuckDBPyConnection) -> None:
    schema, name = table.split(".")
    found = warehouse.execute(
        """
        select column_name from information_schema.columns
        where table_catalog = 'greenpark' and table_schema = ? and table_name = ?
        """,
        [schema, name],
    ).fetchall()
    assert set(CONTRACT[table].split()) - {column for (column,) in found} == set()


def test_everything_published_is_commented(warehouse: duckdb.DuckDBPyConnection) -> None:
    """Descriptions travel with the file, as comments of DuckDB: Chinese first, English below."""
    comments = warehouse.execute(
        """
        with comments as (
            select schema_name, table_name, column_name, comment from duckdb_columns()
            where database_name = 'greenpark' and not internal
            union all
            select schema_name, table_name, null, comment from duckdb_tables()
            where database_name = 'greenpark' and not internal
            union all
            select schema_name, view_name, null, comment from duckdb_views()
            where database_name = 'greenpark' and not internal
        )

        select * from comments
        where list_contains($1, schema_name)
        """,
        [[*MART_SCHEMAS, "raw", "bi", "model", "v1", "v2"]],
    ).fetchall()
    assert len(comments) > len(CONTRACT)
    assert [
        name
        for *name, comment in comments
        if len(lines := (comment or "").strip().splitlines()) < 2
        or not CHINESE.search(lines[0])
        or CHINESE.search(lines[1].replace("园区10", ""))
    ] == []


def test_the_dictionary_says_how_every_column_adds_up_and_what_the_key_is(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    assert warehouse.execute(
        "select aggregation, numerator, denominator, format, is_key_column"
        " from reference.data_dictionary where table_name = 'region_year'"
        " and column_name in ('co2_t', 'co2_t_per_gdp', 'region_code') order by column_name"
    ).fetchall() == [
        ("sum", None, None, "#,##0", False),
        ("ratio", "co2_t", "gdp_10k_cny", "#,##0.000", False),
        ("none", None, None, None, True),
    ]
    # A form says what it asks for; its columns are those of the dataset's key.
    assert warehouse.execute(
        "select label_zh, unit, is_key_column from reference.data_dictionary"
        " where table_name = 'park_returns_parks'"
        " and column_name in ('park_id', 'approved_area_ha')"
        " order by column_name"
    ).fetchall() == [("批准面积", "ha", False), ("园区编码", None, True)]
    assert warehouse.execute(
        "select count(*) from reference.data_dictionary where aggregation is null"
    ).fetchone() == (0,)
