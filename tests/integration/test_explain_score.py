"""From every score to the landed cells by one query: complete, exact, and of nothing else."""

from __future__ import annotations

import csv
import json
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import duckdb
import pytest
from click.testing import CliRunner

from orchestration.cli import main
from orchestration.publishing import fresh
from orchestration.publishing.explain_score import create_explain_score
from orchestration.settings import PROJECT_ROOT, Home

RAW = PROJECT_ROOT / "seeds" / "raw"
PARK, YEAR = "P01", 2020
# The mart that each score stands in.
MARTS = {
    "assessment": "carbon_assessment_items",
    "assessment_account": "assessment_account",
    "carbon_budget": "carbon_budgets",
    "coupling": "park_coupling",
    "enterprise_carbon_code": "enterprise_carbon_codes",
    "ets_position": "ets_positions",
    "evaluation": "park_evaluation_indicators",
    "frontier": "resource_intensity",
    "management": "park_management_criteria",
    "park_carbon_code": "park_carbon_codes",
    "path": "park_paths",
    "path_measure": "park_path_measures",
    "resource_intensity": "resource_intensity",
    "synergy": "pollution_carbon_synergy",
    "zero_carbon_gap": "zero_carbon_gap",
}
# Who and where a park is; the product of its province stands beside its own in park_year.
FRAME = {
    "park_returns_boundary_members",
    "park_returns_enterprises",
    "park_returns_park_boundaries",
    "park_returns_parks",
}
PROVINCE = {
    "china_yearbook_gdp",
    "city_yearbooks_city_gdp",
    "city_yearbooks_city_gdp_index",
    "city_yearbooks_industrial_value_added",
    "provincial_bulletins_gdp_index",
}
# What the tables they read hold and they do not take: pollutants are no input of the frontier, and
# synergy takes the CO2 of park_year, not its product.
NOT_OF = {"frontier": {"park_returns_pollutants"}, "synergy": {"park_returns_park_facts"}}
Warehouse = duckdb.DuckDBPyConnection


ASKED: dict[tuple[int, str], list[dict[str, Any]]] = {}


def explained(
    connection: Warehouse, kind: str, subject: str = PARK, year: int = YEAR, peers: bool = False
) -> list[dict[str, Any]]:
    also = ", peers := true" if peers else ""
    return asked(connection, f"from explain_score('{kind}', '{subject}', {year}{also})")


def asked(connection: Warehouse, query: str) -> list[dict[str, Any]]:
    """The rows; a query is run once for each database."""
    if (id(connection), query) not in ASKED:
        found = connection.execute(query)
        names = [column[0] for column in found.description]
        ASKED[id(connection), query] = [
            dict(zip(names, row, strict=True)) for row in found.fetchall()
        ]
    return ASKED[id(connection), query]


def landed_tables_of(manifest: dict[str, Any], *models: str) -> set[str]:
    """The landed tables that the models descend from, by dbt's own graph."""
    names = {node["name"]: key for key, node in manifest["nodes"].items()}
    waiting, seen = [names[model] for model in models], set()
    while waiting:
        key = waiting.pop()
        if key not in seen:
            seen.add(key)
            node = manifest["nodes"].get(key, {})
            waiting += node.get("depends_on", {}).get("nodes", [])
    sources = (manifest["sources"][key] for key in seen if key in manifest["sources"])
    return {source["name"] for source in sources if source["schema"] == "raw"}


def test_no_score_reads_a_landed_table_that_its_explanation_leaves_out(
    manifest: dict[str, Any], warehouse: Warehouse
) -> None:
    """And none is named that the score does not descend from."""
    inputs: dict[str, set[str]] = defaultdict(set)
    kinds: dict[str, set[str]] = defaultdict(set)
    for score, kind, dataset in warehouse.execute(
        "select score_kind, cell_kind, dataset from reference.score_inputs"
    ).fetchall():
        kinds[score].add(kind)
        if dataset is not None:
            inputs[score].add(dataset)
    assert set(kinds) == set(MARTS)
    by_kind = {
        "account": landed_tables_of(manifest, "emission_lineage"),
        "energy": landed_tables_of(manifest, "return_lineage", "energy_lineage"),
        "form": set[str](),
    }
    landed = {
        name
        for (name,) in warehouse.execute(
            "select table_name from duckdb_tables() where schema_name = 'raw'"
        ).fetchall()
    }
    for score, mart in MARTS.items():
        read = landed_tables_of(manifest, mart) & (landed - {"sidecars"})
        told = inputs[score].union(*(by_kind[kind] for kind in kinds[score]))
        is_region = score.startswith("assessment")
        framing = FRAME | NOT_OF.get(score, set()) | (set() if is_region else PROVINCE)
        assert read - told - framing == set(), score
        assert inputs[score] - read == set(), score


def in_file(cell: dict[str, Any], cache: dict[str, list[list[str]]]) -> str:
    """What the landed file has in the row and column."""
    if cell["file_name"] not in cache:
        with (RAW / cell["file_name"]).open(encoding="utf-8-sig", newline="") as file:
            cache[cell["file_name"]] = list(csv.reader(file))
    rows = cache[cell["file_name"]]
    place = (
        cell["column_number"] - 1 if cell["column_number"] else rows[0].index(cell["column_name"])
    )
    return rows[cell["row_number"] - 1][place]


@pytest.mark.parametrize(
    ("kind", "subject", "year"),
    [
        ("coupling", PARK, YEAR), ("enterprise_carbon_code", "P01/P01-E03", YEAR),
        ("evaluation", PARK, YEAR), ("frontier", PARK, YEAR), ("management", PARK, YEAR),
        ("park_carbon_code", PARK, YEAR), ("path_measure", PARK, YEAR),
        ("resource_intensity", PARK, YEAR), ("synergy", PARK, YEAR),
        ("zero_carbon_gap", PARK, YEAR), ("assessment", "320000", YEAR),
        ("assessment_account", "320000", 2018),
    ],
)  # fmt: skip
def test_cells_are_those_of_the_files(
    warehouse: Warehouse, kind: str, subject: str, year: int
) -> None:
    rows = explained(warehouse, kind, subject, year)
    held = [row for row in rows if row["file_name"] is not None]
    assert held
    cache: dict[str, list[list[str]]] = {}
    compared = 0
    for row in held:
        assert row["input_subject"] == subject and not row["is_peer"]
        if row["file_name"].endswith(".csv"):
            printed = in_file(row, cache)
            assert printed == row["value_text"] or float(printed) == float(row["value_text"]), row
            compared += 1
    assert compared
    # A part appears once for each of its inputs, and without a cell only where it has none.
    for part in {(row["score_variant"], row["score_part"]) for row in rows}:
        of_part = [r for r in rows if (r["score_variant"], r["score_part"]) == part]
        without = [r for r in of_part if r["file_name"] is None]
        assert not without or len(of_part) == 1


def number(rows: list[dict[str, Any]], column: str, year: int = YEAR) -> float:
    """The one cell of the column."""
    found = {
        (r["file_name"], r["row_number"]): float(r["value_text"])
        for r in rows
        if r["column_name"] == column and r["input_year"] == year
    }
    (value,) = found.values()
    return value


def emitted(rows: list[dict[str, Any]], year: int = YEAR) -> float:
    """CO2 of the account cells: each emission once, however many cells it has."""
    emissions = {
        (r["input_subject"], r["enterprise_id"], r["element"], r["factor_id"], r["co2_t"])
        for r in rows
        if r["cell_kind"] == "account" and r["input_year"] == year and r["co2_t"] is not None
    }
    return sum(co2 for *_, co2 in emissions)


def test_scores_are_computed_again_from_their_cells(warehouse: Warehouse) -> None:
    gap = explained(warehouse, "zero_carbon_gap")
    water = [row for row in gap if row["score_part"] == "water_reuse"]
    reused, fresh = number(water, "reused_water_m3"), number(water, "industrial_fresh_water_m3")
    assert water[0]["part_value"] == pytest.approx(reused / (reused + fresh), rel=1e-12)
    waste = [row for row in gap if row["score_part"] == "solid_waste_use"]
    used = number(waste, "waste_used_t") / number(waste, "waste_generated_t")
    assert waste[0]["part_value"] == pytest.approx(used, rel=1e-12)
    assert waste[0]["origin"] == "reconstructed"

    code = explained(warehouse, "park_carbon_code", peers=True)
    code = [row for row in code if row["score_part"] == "efficiency"]
    own = [row for row in code if not row["is_peer"]]
    by_park: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in code:
        by_park[row["input_subject"]].append(row)
    assert len(by_park) > 5
    co2 = {park: emitted(rows) for park, rows in by_park.items()}
    added = {park: number(rows, "industrial_value_added_10k_cny") for park, rows in by_park.items()}
    of_peers = sum(co2.values()) / sum(added.values())
    assert own[0]["part_value"] == pytest.approx(co2[PARK] / added[PARK] / of_peers, rel=1e-9)

    resources = explained(warehouse, "resource_intensity", peers=True)
    land = [row for row in resources if row["score_part"] == "land"]
    by_land: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in land:
        by_land[row["input_subject"]].append(row)
    ratios = {
        park: number(rows, "industrial_value_added_10k_cny") / number(rows, "industrial_area_ha")
        for park, rows in by_land.items()
    }
    assert land[0]["part_value"] == pytest.approx(ratios[PARK] / max(ratios.values()), rel=1e-9)

    management = explained(warehouse, "management")
    change = [row for row in management if row["score_part"] == "co2_change_rate"]
    before = emitted(change, YEAR - 1)
    whole = {row["input_year"] for row in change}
    assert whole == {YEAR - 1, YEAR} and before > 0

    pairs = explained(warehouse, "synergy")
    so2 = [row for row in pairs if row["score_part"] == "so2"]
    assert {row["input_year"] for row in so2} >= {YEAR - 1, YEAR}
    assert number(so2, "emission_t") > 0


def test_every_held_indicator_of_an_evaluation_has_a_cell(warehouse: Warehouse) -> None:
    for row in explained(warehouse, "evaluation"):
        assert row["part_value"] is None or row["file_name"] is not None, row["score_part"]


@pytest.fixture
def made_up(published_home: Home) -> Iterator[Warehouse]:
    """The published tables with a budget of four levels and a path that nobody shipped."""
    connection = duckdb.connect()
    connection.execute(f"attach '{published_home.database}' as published (read_only)")
    for schema in ("all_levels", "raw", "reference", "quality"):
        connection.execute(f"create schema {schema}")
        for (name,) in connection.execute(
            "select table_name from information_schema.tables"
            f" where table_catalog = 'published' and table_schema = '{schema}'"
        ).fetchall():
            kind = "table" if schema == "raw" and name.startswith(("park", "gov")) else "view"
            connection.execute(f"create {kind} {schema}.{name} as from published.{schema}.{name}")
    # What duckdb_tables() does not list as a view is landed all the same.
    for (name,) in connection.execute(
        "select view_name from duckdb_views() where schema_name = 'raw' and not internal"
    ).fetchall():
        connection.execute(f"drop view raw.{name}")
        connection.execute(f"create table raw.{name} as from published.raw.{name}")
    yield connection
    connection.close()
    ASKED.clear()  # another connection may have the same place


def give(connection: Warehouse, table: str, rows: list[dict[str, Any]]) -> None:
    """Put the rows in place of what was published; a column that is not named is null."""
    connection.execute(f"drop view if exists {table}") if not table.startswith("raw.") else None
    if not table.startswith("raw."):
        connection.execute(f"create table {table} as from published.{table} limit 0")
    for row in rows:
        names, marks = ", ".join(row), ", ".join("?" * len(row))
        connection.execute(f"insert into {table} ({names}) values ({marks})", [*row.values()])


def test_a_budget_leads_to_what_was_given_and_emitted(made_up: Warehouse) -> None:
    """An enterprise's budget is of its park's, which is of its city's, of its province's."""
    chain = ["370000", "370200", "P01", "P01/P01-E03"]
    levels = ["province", "city", "park", "enterprise"]
    give(
        made_up,
        "all_levels.carbon_budgets",
        [
            {
                "node_id": node, "year": 2021, "budget_level": level,
                "parent_id": chain[place - 1] if place else None, "base_year": 2020,
                "share_base_co2_t": 10.0, "budget_t": 100.0 / (place + 1), "spent_t": 9.0,
                "budget_basis": "given" if place == 0 else "shared_out", "carried_t": 0.0,
                "clause_id": "carbon_budget",
            }
            for place, (node, level) in enumerate(zip(chain, levels, strict=True))
        ],
    )  # fmt: skip
    place = {"_file_name": "b.csv", "_sheet_name": "", "_source_id": "s", "_origin": "observed"}
    give(
        made_up,
        "raw.government_bulletins_carbon_budgets",
        [
            place | {"_row_number": 2, "_vintage": 2021, "region_code": "370000", "year": "2021",
                     "budget_t": "100"},
            place | {"_row_number": 3, "_vintage": 2020, "region_code": "370000", "year": "2021",
                     "budget_t": "70"},
            place | {"_row_number": 4, "_vintage": 2021, "region_code": "370200", "park_id": "P09",
                     "year": "2021", "budget_t": "5"},
        ],
    )  # fmt: skip
    create_explain_score(made_up)
    rows = explained(made_up, "carbon_budget", "P01/P01-E03", 2021)
    given = [row for row in rows if row["score_part"] == "budget"]
    # The newest edition of what the province was given, and no other park's.
    cell = ("file_name", "row_number", "column_name", "value_text")
    assert [tuple(row[name] for name in cell) for row in given] == [("b.csv", 2, "budget_t", "100")]
    assert given[0]["input_subject"] == "370000" and given[0]["is_peer"]
    base = [row for row in rows if row["score_part"] == "share_base" and not row["is_peer"]]
    assert base and {row["input_year"] for row in base} == {2020}
    assert {row["input_subject"] for row in base} == {"P01/P01-E03"}
    of_park = [row for row in rows if row["score_part"] == "share_base" and row["is_peer"]]
    assert {row["input_subject"] for row in of_park} == {"P01"}
    assert emitted(of_park, 2020) > emitted(base, 2020) > 0


def test_an_edited_path_leads_to_its_steps(made_up: Warehouse) -> None:
    give(
        made_up,
        "all_levels.park_paths",
        [{"park_id": PARK, "method": "m", "path_id": "mine", "year": 2026, "base_year": YEAR,
          "path_co2_t_per_tce": 0.4, "bound_status": "fails"}],
    )  # fmt: skip
    place = {"_file_name": "p.csv", "_sheet_name": "", "_source_id": "s", "_origin": "observed",
             "_vintage": 2024, "park_id": PARK, "path_measure_id": "waste_heat"}  # fmt: skip
    give(
        made_up,
        "raw.park_returns_path_steps",
        [
            place | {"_row_number": 2, "path_id": "mine", "year": "2026", "planned_share": "0.5"},
            place | {"_row_number": 3, "path_id": "mine", "year": "2027", "planned_share": "1"},
            place | {"_row_number": 4, "path_id": "other", "year": "2026", "planned_share": "0.1"},
        ],
    )
    create_explain_score(made_up)
    rows = explained(made_up, "path", PARK, 2026)
    steps = [row for row in rows if row["raw_table"] == "raw.park_returns_path_steps"]
    assert [(row["row_number"], row["value_text"]) for row in steps] == [(2, "0.5")]
    energy = [row for row in rows if row["cell_kind"] == "energy"]
    assert energy and {row["input_year"] for row in energy} == {YEAR}


def test_the_command_says_it_in_both_languages(published_home: Home) -> None:
    command = ["explain", "--score", "zero_carbon_gap", "--park", PARK, "--year", str(YEAR),
               "--home", str(published_home.root)]  # fmt: skip
    english = CliRunner().invoke(main, command)
    assert english.exit_code == 0, english.output
    method = "National zero-carbon park method 2025"
    assert f"Zero-carbon gap / {method} / Industrial water reuse" in english.stdout
    assert "sample_water.csv" in english.stdout and "nobody returned a cell of it" in english.stdout
    chinese = CliRunner().invoke(main, [*command, "--lang", "zh"])
    assert "没有人填报其单元格" in chinese.stdout and "zero_carbon_park_2025" not in chinese.stdout
    command[2] = "management"  # whose `fair` is no state of coupling
    graded = CliRunner().invoke(main, [*command, "--lang", "zh"])
    assert "差  (条款" in graded.stdout and "失调" not in graded.stdout
    command[2] = "zero_carbon_gap"
    as_json = json.loads(CliRunner().invoke(main, [*command, "--json"]).stdout)
    assert {row["score_part"] for row in as_json} >= {"core_ratio", "water_reuse"}
    wrong = CliRunner().invoke(main, [*command[:2], "nonsense", *command[3:]])
    assert wrong.exit_code != 0 and "zero_carbon_gap" in wrong.output
    nobody = CliRunner().invoke(main, [*command[:4], "P0X", *command[5:]])
    assert nobody.exit_code != 0


def test_the_queries_of_the_page_run(warehouse: Warehouse) -> None:
    """docs/judging.md has one query for each score; each leads somewhere on the shipped data."""
    page = (PROJECT_ROOT / "docs" / "judging.md").read_text(encoding="utf-8")
    queries = [line for line in page.splitlines() if line.startswith("from explain_score(")]
    kinds = {query.split("'")[1] for query in queries}
    assert kinds == set(MARTS)
    for query in queries:
        rows = asked(warehouse, query.split("--")[0].rstrip("; "))
        assert rows, query


def test_a_changed_macro_is_published() -> None:
    """A version has the same content only if its macros have; every file of theirs counts."""
    connection = duckdb.connect()
    connection.execute("create macro twice(x) as x + x")
    before = connection.execute(fresh.VIEWS).fetchall()
    connection.execute("create or replace macro twice(x) as 2 * x")
    assert connection.execute(fresh.VIEWS).fetchall() != before
    files = {path.suffix for path in fresh.CODE.iterdir() if path.is_file()}
    assert files == {".py", ".sql", ".csv"}
