"""Each row of CONTRIBUTING's table, and each command and file of the pages, is tried.

A row that nothing proves fails its test: add its proof to PROOFS. Where a row says that rows of the
reference are enough, the proof adds just these to a copy of the project and checks a file there.
"""

from __future__ import annotations

import csv
import hashlib
import re
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import yaml
from documents import (
    FENCE,
    blocks,
    check_command,
    check_test_exists,
    commands,
    links,
    page,
    spans,
    table_rows,
)
from project_copy import run

from benchmarks.project import copy_project
from orchestration.settings import PROJECT_ROOT

HERE = "tests/e2e/test_contributing_promises.py"
ROWS = table_rows(page("CONTRIBUTING.md"), "| change | where")
BY_ROWS = f"{HERE}::test_rows_are_all_that_a_file_wants"
RULES = "tests/faults/test_landing_rules.py"

# The first cell of a row -> the tests that do what the row says. A name without a file is a test
# of dbt; a row of `Wanted` is proved here.
PROOFS = {
    "a table that everybody may see": [
        "tests/conventions/test_confidentiality.py::"
        "test_what_is_public_is_a_table_with_these_columns"
    ],
    "a new yearbook, same table": [BY_ROWS],
    "another province's balance": [
        "tests/e2e/test_provinces.py::test_every_cell_of_the_co2_is_the_oracles"
    ],
    "a region that is new, renamed or abolished": [
        BY_ROWS,
        "tests/e2e/test_provinces.py::test_old_names_are_known_with_their_years",
    ],
    "a balance as the yearbook prints it, or one of its sister tables": [
        "tests/e2e/test_printed_balance.py::test_everything_printed_lands",
        "tests/unit/test_balance.py::test_a_sister_table_lands_by_three_answers_at_most",
    ],
    "a row of the balance nobody had": [BY_ROWS],
    "a corrected keying error": [f"{HERE}::test_a_changed_file_wants_its_new_hash"],
    "a label nobody had": [BY_ROWS],
    "a heading that another form has for a column of a list": [BY_ROWS],
    "a unit nobody had": [BY_ROWS],
    "an indicator nobody had": [BY_ROWS],
    "a word of captions that names no quantity, or a quantity of another dimension": [
        f"{HERE}::test_a_word_of_a_caption_is_a_row"
    ],
    "a new factor set or method": [
        "tests/e2e/test_methods.py::"
        "test_a_copied_folder_and_a_method_in_standard_coal_are_published",
    ],
    "a new carrier": [
        "tests/e2e/test_methods.py::"
        "test_a_copied_folder_and_a_method_in_standard_coal_are_published",
        "tests/unit/test_method_folders.py::test_a_carrier_without_gases_or_standard_coal_is_named",
    ],
    "a source made to meet a publication, a factor fitted to one": [
        "test_reconciliation__evidence_is_the_weakest_that_is_reached",
        "tests/integration/test_evidence.py::test_no_prediction_hangs_on_a_fitted_factor",
    ],
    "a report whose figures are to be compared": [
        "tests/e2e/test_two_reports.py::test_its_figures_are_reconciled_by_rows_alone"
    ],
    "why a figure of a report differs": [
        "test_reconciliation__explained_only_while_the_cause_stands"
    ],
    "what a city, district or zone announced of its energy": [
        f"{HERE}::test_what_is_announced_is_no_input"
    ],
    "a series that the city model is to be judged by": [
        f"{HERE}::test_every_series_has_a_run_that_it_judges",
        "tests/unit/test_city_reconstruction.py::test_the_script_writes_the_same_bytes_again",
    ],
    "a volume index of a region, of product or of industry": [
        "test_int_economy__volumes_chained__levels_by_hand",
        "tests/integration/test_growth.py::"
        "test_the_cities_are_weighted_by_their_product_of_the_year_before",
    ],
    "a table of value added whose years are one edition, or are not": [
        "test_int_economy__values_compared__a_rate_stays_in_one_edition_or_chain"
    ],
    "a target or plan": [
        "test_targets__basis_boundary_and_scope_by_hand",
        "tests/integration/test_growth.py::"
        "test_every_alert_has_a_sourced_target_and_every_other_row_says_why_not",
    ],
    "a standard, a clause, a code scheme, a bound, a benchmark, a set of evaluation, its weights, "
    "a pollution equivalent, a coupling set": [
        "tests/integration/test_judging.py::test_every_row_names_its_clause_and_the_state_of_it",
        "test_enterprise_carbon_codes__bounds_and_validity_by_hand",
        "test_park_carbon_codes__colours_and_their_changes_by_hand",
        "test_park_evaluation_indicators__coverage_peers_and_parts_by_hand",
    ],
    "what a code is called": [
        "tests/integration/test_bi.py::test_every_code_has_words_in_both_languages",
        "tests/integration/test_bi.py::test_every_column_of_codes_is_known_as_one",
    ],
    "a view for tools": [
        "tests/integration/test_bi.py::test_every_sum_of_every_view_is_that_of_its_table"
    ],
    "a question for the cookbook": [
        "tests/integration/test_cookbook.py::test_the_answer_is_the_one_kept"
    ],
    "how wide a kind of activity data or factor is": [
        "tests/integration/test_inventory.py::test_each_range_is_that_of_the_row_that_tells_most",
    ],
    "a notice of grid factors": [
        "test_int_co2__grid_factors_placed__the_notice_of_the_data_year_places_a_region",
        "test_int_co2__emissions_calculated__electricity_takes_the_grid_factor_in_force",
    ],
    "a threshold": [
        "test_city_key_industries__another_threshold_gives_another_list",
        "tests/conventions/test_thresholds.py::test_every_threshold_is_used",
    ],
    "a wrong printed value": [
        "tests/faults/test_landing_corrections.py::"
        "test_a_printed_number_is_replaced_and_stays_beside_it"
    ],
    "who answers for a table of factors, thresholds, rules": [
        "tests/unit/test_sign_offs.py::test_a_changed_factor_stops_and_names_row_cell_and_remedy"
    ],
    "what a ratio or a rank can be by definition": [
        "tests/integration/test_nothing_twice.py::test_a_column_out_of_its_bounds_stops",
        "tests/conventions/test_columns.py::"
        "test_every_number_without_a_unit_and_every_rank_has_bounds_or_a_reason",
    ],
    "a park's return": [
        "tests/e2e/test_park_returns.py::"
        "test_own_parks_appear_in_every_mart_and_a_broken_total_is_refused"
    ],
    "a factor, clause or rule of the park account, or a method of it": [
        "tests/unit/test_park_method_folders.py::test_a_method_of_ones_own_joins_the_shipped_ones",
        "tests/integration/test_park_account.py::test_the_ledger_equals_the_second_implementation",
    ],
    "a view of electricity, or a kind of supply": [
        "test_park_electricity_views__a_view_and_a_kind_of_supply_are_rows",
        "test_int_park__view_factors_placed__of_the_province_or_the_country_by_rows",
    ],
    "a new dataset": [
        "tests/e2e/test_new_dataset.py::test_a_new_list_and_a_new_table_reach_staging"
    ],
    "what a column means: type, unit, label, sum or ratio, format": [
        "tests/conventions/test_columns.py::test_every_column_is_in_the_catalogue",
        "tests/conventions/test_columns.py::test_a_type_is_that_of_the_catalogue",
    ],
    "what a column means in one table alone": [
        "tests/conventions/test_columns.py::test_nothing_is_said_again",
        "tests/conventions/test_columns.py::"
        "test_what_a_table_says_of_a_column_is_in_both_languages",
    ],
    "a new indicator": [
        "tests/conventions/test_manifest.py::"
        "test_every_figure_of_emissions_and_indicators_has_a_hand_worked_unit_test"
    ],
    "a function no model has used yet": [
        "tests/conventions/test_dialect.py::test_models_call_only_portable_functions"
    ],
    "a new rule of the landing": [f"{RULES}::test_a_new_rule_is_one_file_of_sql_and_one_row"],
    "a new check": [
        "tests/integration/test_dbt_unit_tests.py::test_a_check_names_column_and_rule",
        "tests/expectations/test_suites.py::test_each_rule_has_a_fault",
    ],
    "a page, a chart or a table of the readers' site": [
        "tests/integration/test_site.py::test_there_are_pages_of_everything",
        "tests/integration/test_site.py::test_figures_are_those_of_the_sql_they_show",
    ],
    "a warning that is true and stays": [
        "tests/expectations/test_findings.py::test_a_row_of_a_known_key_is_known",
        "tests/expectations/test_findings.py::test_a_row_of_another_key_is_new_and_told",
    ],
}


@pytest.mark.parametrize("change", [row[0] for row in ROWS])
def test_every_row_of_the_table_has_a_proof(change: str) -> None:
    assert change in PROOFS, "add what proves this row to PROOFS"
    for node in PROOFS[change]:
        check_test_exists(node)


def test_every_proof_is_of_a_row() -> None:
    assert set(PROOFS) == {row[0] for row in ROWS}
    proved_here = {change for change, nodes in PROOFS.items() if BY_ROWS in nodes}
    assert {wanted.change for wanted in WANTED.values()} == proved_here


# --- rows of the reference are enough ------------------------------------------------------------

SIDECAR = {
    "source_id": "made_up_2026",
    "publisher": "Nobody",
    "title_zh": "样表",
    "title_en": "Sample",
    "edition_year": 2026,
    "licence": "none",
    "origin": "observed",
    "url_or_citation": "made for a test",
}
CITIES = "jiangsu_yearbook_city_electricity"
ELECTRICITY = {
    "kind": "matrix",
    "header_rows": 1,
    "row_labels": {1: "region"},
    "column_labels": "year",
    "unit": "亿千瓦时",
    "constants": {"item": "全社会用电量", "fuel": "电力"},
}
PRODUCT = {
    "kind": "matrix",
    "header_rows": 1,
    "row_labels": {1: "region"},
    "column_labels": "indicator",
    "unit": "亿元",
    "constants": {"year": 2024},
}
BALANCE = {
    "kind": "matrix",
    "header_rows": 1,
    "row_labels": {1: "item"},
    "column_labels": "fuel",
    "unit": "万吨",
    "constants": {"region": "江苏", "year": 2024},
}


@dataclass(frozen=True)
class Wanted:
    """A file that lands only with some rows of the reference, by file below seeds/reference."""

    change: str
    dataset: str
    text: str
    layout: dict[str, Any]
    rows: dict[str, dict[str, str]] = field(default_factory=dict)


WANTED = {
    "yearbook": Wanted(
        "a new yearbook, same table", CITIES, "地区,2024\n无锡市,917.98\n", ELECTRICITY
    ),
    "region": Wanted(
        "a region that is new, renamed or abolished",
        CITIES,
        "地区,2024\n新湖市,12.5\n",
        ELECTRICITY,
        {
            "codes/region_codes.csv": {
                "region_code": "329900", "name_zh": "新湖市", "short_name_zh": "新湖",
                "name_en": "Xinhu", "level": "prefecture", "parent_code": "320000",
                "year_from": "2024", "year_to": "9999",
            }
        },
    ),
    "item": Wanted(
        "a row of the balance nobody had",
        "energy_yearbook_energy_balance",
        "项目,原煤\n制氢用能,12.5\n",
        BALANCE,
        {
            "codes/balance_item_codes.csv": {
                "position": "9000", "balance_item": "hydrogen_input", "name_zh": "制氢用能",
                "name_en": "Input of hydrogen plants", "block": "transformation",
                "is_aggregate": "false", "default_industry_code": "TOT",
                "may_be_negative": "false", "stored_sign": "positive", "is_section": "false",
            },
            "mappings/balance_item_aliases.csv": {
                "alias": "制氢用能", "balance_item": "hydrogen_input",
            },
        },
    ),
    "label": Wanted(
        "a label nobody had",
        CITIES,
        "地区,2024\n金陵,803.2\n",
        ELECTRICITY,
        {"mappings/region_aliases.csv": {"alias": "金陵", "region_code": "320100"}},
    ),
    "heading": Wanted(
        "a heading that another form has for a column of a list",
        "park_returns_parks",
        "园区编码,园区大名,级别,所在地区代码,园区类型\nX01,新湖园区,省级,320100,化工园区\n",
        {"kind": "records", "header_rows": 1},
        {
            "mappings/dataset_column_aliases.csv": {
                "dataset": "park_returns_parks", "column_name": "name_zh", "alias": "园区大名",
            }
        },
    ),
    "unit": Wanted(
        "a unit nobody had",
        CITIES,
        "地区,2024\n苏州市,1700.5\n",
        ELECTRICITY | {"unit": "亿度电"},
        {
            "units/unit_labels.csv": {
                "unit_label": "亿度电", "unit": "mwh", "to_unit_factor": "100000",
                "dimension": "electricity",
            }
        },
    ),
    "indicator": Wanted(
        "an indicator nobody had",
        "china_yearbook_gdp",
        "地区,数字经济增加值\n江苏,52000\n",
        PRODUCT,
        {
            "codes/indicator_codes.csv": {
                "indicator": "digital_value_added", "name_zh": "数字经济增加值",
                "name_en": "Value added of the digital economy", "unit": "10k_cny",
            },
            "mappings/indicator_aliases.csv": {
                "alias": "数字经济增加值", "indicator": "digital_value_added",
            },
        },
    ),
}  # fmt: skip


def put(folder: Path, name: str, dataset: str, text: str, layout: dict[str, Any]) -> Path:
    """A file and its sidecar, in a folder of a publisher."""
    folder.mkdir(exist_ok=True)
    path = folder / f"{name}.csv"
    path.write_text(text, encoding="utf-8")
    digest = hashlib.sha256(text.encode()).hexdigest()
    document = SIDECAR | {"dataset": dataset, "sha256": digest, "layout": layout}
    path.with_suffix(".yml").write_text(
        yaml.safe_dump(document, allow_unicode=True, sort_keys=False), encoding="utf-8"
    )
    return path


def add_row(project: Path, file: str, row: dict[str, str]) -> None:
    """Add a row to a table of the copy's reference; what is not said stays blank."""
    path = project / "seeds" / "reference" / file
    with path.open(encoding="utf-8", newline="") as handle:
        header = next(csv.reader(handle))
    assert set(row) <= set(header), f"{file} has other columns"
    with path.open("a", encoding="utf-8", newline="") as handle:
        csv.DictWriter(handle, header, restval="", lineterminator="\n").writerow(row)


def checked(project: Path, home: Path, *files: Path) -> dict[str, tuple[int, int]]:
    """Rows accepted and quarantined of each file, by `greenpark check` of the copy."""
    done = run(project, "check", *files, "--home", home)
    found = re.findall(r"^\S+/(\w+)\.csv .*?(\d+) +(\d+)$", done.stdout, re.MULTILINE)
    assert len(found) == len(files), done.stdout + done.stderr
    return {name: (int(accepted), int(refused)) for name, accepted, refused in found}


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copy_project(tmp_path_factory.mktemp("project"))


def test_rows_are_all_that_a_file_wants(project: Path, tmp_path: Path) -> None:
    """Each file is refused, and lands whole once its rows are there; no code changes."""
    files = [
        put(tmp_path / "yearbook", name, wanted.dataset, wanted.text, wanted.layout)
        for name, wanted in WANTED.items()
    ]
    before = checked(project, tmp_path / "home", *files)
    assert {name for name, (accepted, _) in before.items() if accepted} == {"yearbook"}
    for wanted in WANTED.values():
        for file, row in wanted.rows.items():
            assert any(file in cell or "_aliases.csv" in cell for cell in row_of(wanted.change))
            add_row(project, file, row)
    after = checked(project, tmp_path / "home", *files)
    assert {name: refused for name, (_, refused) in after.items() if refused} == {}
    assert all(accepted for accepted, _ in after.values())


def row_of(change: str) -> list[str]:
    return next(row for row in ROWS if row[0] == change)


def test_a_changed_file_wants_its_new_hash(project: Path, tmp_path: Path) -> None:
    text = "地区,2024\n南京市,808.2\n"
    path = put(tmp_path / "yearbook", "keyed", CITIES, text, ELECTRICITY)
    corrected = text.replace("808.2", "803.2")
    path.write_text(corrected, encoding="utf-8")
    assert checked(project, tmp_path / "home", path)["keyed"][0] == 0
    put(path.parent, "keyed", CITIES, corrected, ELECTRICITY)
    assert checked(project, tmp_path / "home", path) == {"keyed": (1, 0)}


def test_a_word_of_a_caption_is_a_row(project: Path, tmp_path: Path) -> None:
    """A word of another dimension, or of a part of a year, refuses the table it stands over."""
    captions = {"dimension": "每企业地区生产总值", "period": "地区生产总值（开春）"}
    files = [
        put(
            tmp_path / "yearbook",
            name,
            "china_yearbook_gdp",
            f"{caption},\n地区,地区生产总值\n江苏,137000\n",
            PRODUCT | {"header_rows": 2, "constants": {"year": year}},
        )
        for year, (name, caption) in enumerate(captions.items(), start=2023)
    ]
    assert set(checked(project, tmp_path / "home", *files).values()) == {(1, 0)}
    add_row(
        project,
        "mappings/caption_words.csv",
        {"word": "每企业", "dimension": "per_head", "is_modifier": "true"},
    )
    add_row(
        project,
        "mappings/period_words.csv",
        {
            "pattern": "开春",
            "first_month": "1",
            "last_month": "2",
            "name_zh": "开春",
            "name_en": "x",
        },
    )
    assert set(checked(project, tmp_path / "home", *files).values()) == {(0, 1)}


def test_what_is_announced_is_no_input() -> None:
    """Only models of `quality` that hold it against others read what areas announced of energy."""
    models = PROJECT_ROOT / "dbt_project" / "models"
    readers = {
        path.relative_to(models).as_posix()
        for path in models.rglob("*.sql")
        if "stg_government_bulletins__area_energy')" in path.read_text(encoding="utf-8")
    }
    judging = ("announced_energy", "assessment_residuals", "model_validation")
    assert readers == {f"marts/quality/{name}.sql" for name in judging}


def test_every_series_has_a_run_that_it_judges() -> None:
    """Each row names a run that `make reconstruct` wrote."""
    seeds = PROJECT_ROOT / "seeds"
    series = seeds / "reference" / "mappings" / "model_validation_series.csv"
    runs = seeds / "raw" / "city_model" / "held_back_runs.csv"
    named, written = (
        {row["run"] for row in csv.DictReader(path.read_text(encoding="utf-8").splitlines())}
        for path in (series, runs)
    )
    assert named and named <= written


# --- commands and files of all pages -------------------------------------------------------------

TWINS = ("CONTRIBUTING.md", "CONTRIBUTING.zh-CN.md")
PAGES = (
    *TWINS,
    "DECISIONS.md",
    *(f"docs/{p.name}" for p in sorted((PROJECT_ROOT / "docs").glob("*.md"))),
)
# Files that a reader makes while following a page.
EXAMPLES = {
    "seeds/raw/energy_yearbook/energy_balance_320000_2023.csv": "a yearbook to come",
    "cities.csv": "the table of the walkthrough",
    "dbt_project/models/marts/indicators/city_coal_share.sql": "a mart to come",
    "city_coal_share.yml": "its columns",
    "table.xls.yml": "a sidecar",
    "table.yml": "a sidecar",
}
FILE = re.compile(
    r"[\w.<>*/-]+\.(csv|lock|md|py|sql|toml|yml)|(seeds|orchestration|tests|dbt_project|expectations|docs|benchmarks)/[\w.<>*/-]*"
)
TRACKED = subprocess.run(
    ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
    cwd=PROJECT_ROOT, capture_output=True, text=True, check=True,
).stdout.splitlines()  # fmt: skip


@pytest.mark.parametrize(
    ("name", "span"),
    [(n, s) for n in PAGES for s in spans(page(n)) if FILE.fullmatch(s) and s not in EXAMPLES],
)
def test_every_file_that_is_named_exists(name: str, span: str) -> None:
    span = re.sub(r"\d{4}\.\.\d{4}", "*", span)  # a file for each year
    pattern = re.sub(r"\\?<\w+\\?>", "[^/]+", re.escape(span.rstrip("/")).replace(r"\*", "[^/]*"))
    wanted = re.compile(rf"(?:.*/)?{pattern}(?:/.*)?")
    assert any(wanted.fullmatch(path) for path in TRACKED), f"{name}: there is no {span}"


@pytest.mark.parametrize(
    ("name", "line"),
    [
        (name, line)
        for name in PAGES
        for line in commands(page(name))
        if not line.startswith("export ")
    ],
)
def test_every_command_exists_with_its_options(name: str, line: str) -> None:
    check_command(line.split("  #")[0])


# Commands of CONTRIBUTING's blocks -> the test that runs them as printed.
RUN_ELSEWHERE = {
    "greenpark describe balance.csv": "tests/e2e/test_printed_balance.py::"
    "test_everything_printed_lands",
    "greenpark new-dataset city_yearbooks_water_use": "tests/e2e/test_new_dataset.py::"
    "test_a_new_list_and_a_new_table_reach_staging",
    "greenpark describe cities.csv": "tests/unit/test_landing_propose.py::"
    "test_the_walkthrough_shows_what_the_command_prints",
    "greenpark template park_returns_energy_exchange": "tests/e2e/test_park_returns.py::"
    "test_forms_alone_give_a_whole_account",
    "greenpark describe DIR/*.xlsx": "tests/e2e/test_park_returns.py::"
    "test_forms_alone_give_a_whole_account",
    "greenpark describe DIR/park_returns_parks.xlsx": "tests/e2e/test_park_returns.py::"
    "test_own_parks_appear_in_every_mart_and_a_broken_total_is_refused",
    "make model M=region_year": "tests/e2e/test_model.py::"
    "test_a_model_is_built_tested_linted_and_shown",
    ".venv/bin/pre-commit install": f"{HERE}::test_the_hooks_are_those_of_the_linters",
}


def test_every_block_of_commands_is_run_by_a_test() -> None:
    text = page("CONTRIBUTING.md")
    shown = [line for line in commands(text) if line not in spans(text)]
    for line in shown:
        proofs = [node for start, node in RUN_ELSEWHERE.items() if line.startswith(start)]
        assert proofs, f"{line}: no test runs this"
        check_test_exists(proofs[0])


def test_the_chinese_twin_has_the_same_parts() -> None:
    """The same blocks, the same code in each row of each table, the same names in the prose."""
    english, chinese = (page(name) for name in TWINS)
    assert blocks(english) == blocks(chinese)
    assert set(spans(english)) == set(spans(chinese))
    parts = (r"^#+ ", r"^\|.*", r"^\d\. ", r"^- ")
    for part in parts:
        first, second = (
            [sorted(spans(line)) for line in re.findall(part, FENCE.sub("", text), re.MULTILINE)]
            for text in (english, chinese)
        )
        assert first == second, part


def test_the_twins_lead_to_each_other_and_from_the_readme() -> None:
    for name, other in zip(TWINS, reversed(TWINS), strict=True):
        assert other in links(page(name))
        assert name in links(page(name.replace("CONTRIBUTING", "README")))


def test_the_hooks_are_those_of_the_linters() -> None:
    """A commit is checked offline, by the tools of `make lint` as they are installed here."""
    hooks = yaml.safe_load(page(".pre-commit-config.yaml"))["repos"]
    assert [repository["repo"] for repository in hooks] == ["local"]
    assert {hook["language"] for hook in hooks[0]["hooks"]} == {"system"}
    tools = {hook["entry"].split()[0] for hook in hooks[0]["hooks"]}
    recipe = page("Makefile").split("\nlint:")[1].split("\n\n")[0]
    assert tools == {f".venv/bin/{tool}" for tool in re.findall(r"\$\(BIN\)/(\w+)", recipe)}
