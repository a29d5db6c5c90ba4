"""What is kept of a build is what a build from nothing makes, and no more is built than changed.

A small project with the house's macros stands for the whole, so that many kinds of change fit into
the suite; `python -m benchmarks.twice` makes the same comparison of the real project.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest
import yaml
from dbt.plugins.manager import PluginManager

from orchestration.keeping import code_keys, landed, nodes
from orchestration.keeping.store import MARK, Store
from orchestration.settings import DATABASE_NAME, PROJECT_ROOT, Home
from orchestration.transform import dbt

MACROS = PROJECT_ROOT / "dbt_project" / "macros"
PROJECT_YML = {
    "name": "greenpark",
    "version": "1.0.0",
    "profile": "greenpark",
    "model-paths": ["models"],
    "macro-paths": ["macros"],
    "seed-paths": ["seeds"],
    "test-paths": ["tests"],
    "flags": {"send_anonymous_usage_stats": False},
    "vars": {"year": 2020, "unasked": 1},
    "models": {
        "greenpark": {
            "staging": {"+schema": "staging", "+materialized": "view"},
            "marts": {
                "+schema": "marts",
                "+materialized": "table",
                "+persist_docs": {"relation": True},
                "+contract": {"enforced": True},
            },
        }
    },
    "seeds": {"greenpark": {"+schema": "seed", "+post-hook": "{{ keep_seed() }}"}},
}
MODELS = {
    "staging/stg_figures": "select code, year, value from {{ source('raw', 'figures') }}",
    "marts/figures_summed": """
        select code, {{ counted('value') }} as total from {{ ref('stg_figures') }}
        where value > {{ threshold('floor') }} group by code order by code
    """,
    "marts/figures_named": """
        select summed.code, codes.name, summed.total from {{ ref('figures_summed') }} as summed
        inner join {{ ref('codes') }} as codes on summed.code = codes.code order by summed.code
    """,
    "marts/names_counted": "select count(name) as names from {{ ref('figures_named') }}",
    "marts/figures_of_year": """
        select code, value from {{ ref('stg_figures') }}
        where year = {{ var('year') }} order by code
    """,
    "marts/limits": "select {{ threshold('ceiling') }} as ceiling",
    "marts/entries": """
        select '{{ entries() }}' as entry
    """,
}
COLUMNS = {
    "figures_summed": {"code": "varchar", "total": "double"},
    "figures_named": {"code": "varchar", "name": "varchar", "total": "double"},
    "names_counted": {"names": "bigint"},
    "figures_of_year": {"code": "varchar", "value": "double"},
    "limits": {"ceiling": "double"},
    "entries": {"entry": "varchar"},
}
MACRO = """
{% macro counted(column) %}sum({{ column }}){% endmacro %}
{% macro unused(column) %}{{ column }}{% endmacro %}
{% macro spark__counted(column) %}sum({{ column }}){% endmacro %}
{% macro entries() %}
    {%- if execute -%}
        {{ graph.nodes.values() | map(attribute='description') | map('length') | sum }}
    {%- endif -%}
{% endmacro %}
{% macro generate_schema_name(name, node) %}{{ name or target.schema }}{% endmacro %}
"""
BOUNDS = "column_name,lower_bound,upper_bound,closure\n"
FIGURES = """
    select * from (values ('a', 2020, 1e0), ('a', 2021, 2e0), ('b', 2020, 5e0))
    as figures(code, year, value)
"""


class Project:
    """The small project, a home that keeps and one that is built from nothing each time."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "dbt_project"
        self.kept = Home.resolve(folder / "kept").ensure()
        self.whole = Home.resolve(folder / "whole").ensure()
        self.figures = FIGURES
        self.variables: dict[str, int] = {}
        self.yaml = {
            "sources": [{"name": "raw", "schema": "raw", "tables": [{"name": "figures"}]}],
            "models": [
                {
                    "name": name,
                    "description": name,
                    "columns": [
                        {"name": column, "data_type": type_} for column, type_ in columns.items()
                    ],
                }
                for name, columns in COLUMNS.items()
            ],
            "seeds": [
                {
                    "name": "thresholds",
                    "config": {
                        "column_types": {"threshold_id": "varchar", "value": "double"},
                        "meta": {"read_by": "threshold_id"},
                    },
                }
            ],
        }
        self.model("figures_named")["data_tests"] = [
            {"is_sound": {"name": "sound", "arguments": {"key": ["code"], "given": ["name"]}}}
        ]
        for name, sql in MODELS.items():
            self.write(f"models/{name}.sql", sql)
        self.write("macros/own.sql", MACRO)
        self.write("seeds/thresholds.csv", "threshold_id,value\nfloor,0.5\nceiling,9\n")
        self.write("seeds/codes.csv", "code,name\na,A\nb,B\n")
        self.write("seeds/column_bounds.csv", BOUNDS + "total,0,100,0\n")
        self.write("tests/some.sql", "select * from {{ ref('figures_summed') }} where total < 0")
        for part in ("tests", "factors", "dialect"):
            shutil.copytree(MACROS / part, self.folder / "macros" / part)
        shutil.copyfile(PROJECT_ROOT / "dbt_project/profiles.yml", self.folder / "profiles.yml")
        self.write("seeds/constants.csv", "constant_id,value\none,1\n")
        self.settings = dict(PROJECT_YML)

    def write(self, name: str, text: str) -> None:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def replace(self, name: str, old: str, new: str) -> None:
        text = (self.folder / name).read_text(encoding="utf-8")
        assert old in text
        self.write(name, text.replace(old, new))

    def model(self, name: str) -> dict:
        return next(model for model in self.yaml["models"] if model["name"] == name)

    def build(
        self, home: Home, full: bool, parsed: dbt.Parsed | None = None
    ) -> tuple[Store, list[dbt.NodeResult]]:
        self.write("dbt_project.yml", yaml.safe_dump(self.settings))
        self.write("models/all.yml", yaml.safe_dump(self.yaml))
        code_keys._project_variables.cache_clear()
        store = Store(home)
        store.open(anew=full)
        draft = home.tmp / "draft.duckdb"
        draft.unlink(missing_ok=True)
        with duckdb.connect(str(draft)) as connection:
            connection.execute(f"create schema raw; create table raw.figures as {self.figures}")
        landed._take_over(store, draft, ["raw"])
        self.parsed = parsed or dbt.parse_at(dbt.run_place(home), with_json=False)
        results = nodes.build(home, store, self.variables, self.parsed, lambda node, status: None)
        return store, results

    def changed(self) -> set[str]:
        """Build what has changed; it must be what a build from nothing makes. What was built."""
        store, results = self.build(self.kept, full=False)
        whole, all_results = self.build(self.whole, full=True, parsed=self.parsed)
        assert store.contents() == whole.contents()
        assert tables(store) == tables(whole)
        outcome = {(r.unique_id, r.status, r.failures) for r in results if r.is_test}
        assert outcome == {(r.unique_id, r.status, r.failures) for r in all_results if r.is_test}
        return {result.unique_id.split(".")[2] for result in results if not result.is_kept}


def tables(store: Store) -> dict[str, list[tuple]]:
    """Every row of every table and view, and the comments."""
    with duckdb.connect(str(store.database), read_only=True) as connection:
        names = connection.execute(
            "select table_schema || '.' || table_name from information_schema.tables "
            "where table_schema not in ('work') order by all"
        ).fetchall()
        rows = {
            name: connection.execute(f"from {name} order by all").fetchall() for (name,) in names
        }
        rows["comments"] = connection.execute(
            "select table_name, comment from duckdb_tables() where schema_name <> 'work' "
            "order by all"
        ).fetchall()
        return rows


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    project = Project(tmp_path_factory.mktemp("small"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(dbt, "PROJECT", project.folder)
        patch.setattr(code_keys, "PROJECT", project.folder)
        # What is the same at every run of dbt: the catalogue, and what is installed.
        returns, installed = dbt.yearly_returns(), PluginManager.get_prefixed_modules()
        patch.setattr(dbt, "yearly_returns", lambda: returns)
        patch.setattr(PluginManager, "get_prefixed_modules", lambda: installed)
        _, results = project.build(project.kept, full=True)
        assert [(r.unique_id, r.message) for r in results if r.failed] == []
        assert len(results) == 13
        yield project


def threshold(p: Project) -> None:
    p.replace("seeds/thresholds.csv", "ceiling,9", "ceiling,10")


def words_of_a_seed(p: Project) -> None:
    p.replace("seeds/thresholds.csv", "ceiling,10", "ceiling,10.0")


def row_of_a_seed(p: Project) -> None:
    p.replace("seeds/codes.csv", "a,A", "a,Aa")


def column_of_a_seed(p: Project) -> None:
    p.write("seeds/codes.csv", "code,name,note\na,Aa,\nb,B,x\n")


def figure_added(p: Project) -> None:
    p.figures = FIGURES.replace("('b', 2020, 5e0)", "('b', 2020, 5e0), ('c', 2019, 7e0)")


def figure_below_the_floor(p: Project) -> None:
    p.figures = p.figures.replace("('c', 2019, 7e0)", "('c', 2019, 7e0), ('c', 2018, 1e-1)")


def figures_in_another_order(p: Project) -> None:
    p.figures += " order by value desc"


def figure_taken_away(p: Project) -> None:
    p.figures = FIGURES


def column_of_the_landing(p: Project) -> None:
    p.figures = FIGURES.replace("select *", "select *, 'x' as note")


def comment_in_a_model(p: Project) -> None:
    p.replace("models/marts/figures_summed.sql", "select code", "-- Sums.\nselect code")


def model(p: Project) -> None:
    p.replace("models/marts/figures_summed.sql", "as total", "* 2 as total")


def contract(p: Project) -> None:
    p.model("figures_of_year")["columns"][1]["constraints"] = [{"type": "not_null"}]


def words_of_a_table(p: Project) -> None:
    p.model("limits")["description"] = "Limits of all kinds."


def macro(p: Project) -> None:
    p.replace("macros/own.sql", "{% macro counted(column) %}sum", "{% macro counted(column) %}max")


def macro_nobody_names(p: Project) -> None:
    p.replace("macros/own.sql", "spark__counted(column) %}sum", "spark__counted(column) %}max")


def variable(p: Project) -> None:
    p.settings["vars"] = {"year": 2021, "unasked": 1}


def variable_of_the_run(p: Project) -> None:
    p.variables = {"year": 2020}


def variable_nobody_asks_for(p: Project) -> None:
    p.settings["vars"] = {"year": 2021, "unasked": 2}


def table_to_view(p: Project) -> None:
    p.replace("models/marts/limits.sql", "select", "{{ config(materialized='view') }} select")


def view_to_table(p: Project) -> None:
    p.replace("models/marts/limits.sql", "{{ config(materialized='view') }}", "")


def arguments_of_a_test(p: Project) -> None:
    p.model("figures_named")["data_tests"][0]["is_sound"]["arguments"]["given"] = ["name", "code"]


def own_test(p: Project) -> None:
    p.replace("tests/some.sql", "total < 0", "total < -1")


def model_added(p: Project) -> None:
    p.write("models/marts/more.sql", "select max(total) as most from {{ ref('figures_named') }}")
    columns = [{"name": "most", "data_type": "double"}]
    p.yaml["models"].append({"name": "more", "description": "more", "columns": columns})


def model_taken_away(p: Project) -> None:
    (p.folder / "models/marts/more.sql").unlink()
    p.yaml["models"].pop()


NAMED = {"figures_named", "sound"}
SUMMED = {"figures_summed", "some", *NAMED}
# What each change builds: the node itself and what reads it, as far as content is another.
# `entries` reads the project, so that it is built where a YAML says something else.
CHANGES: list[tuple[Callable[[Project], None], set[str]]] = [
    (lambda p: None, set()),
    (threshold, {"thresholds", "limits"}),
    (words_of_a_seed, {"thresholds"}),
    (row_of_a_seed, {"codes", "names_counted", *NAMED}),
    (column_of_a_seed, {"codes", "figures_named"}),
    (figure_added, {"stg_figures", "figures_of_year", "figures_summed", "some", "figures_named"}),
    (figure_below_the_floor, {"stg_figures", "figures_summed", "figures_of_year"}),
    (figures_in_another_order, set()),
    (figure_taken_away, {"stg_figures", "figures_of_year", *SUMMED} - {"sound"}),
    (column_of_the_landing, {"stg_figures", "figures_summed", "figures_of_year"}),
    (comment_in_a_model, {"figures_summed"}),
    (model, SUMMED | {"names_counted"}),
    (contract, {"figures_of_year"}),
    (words_of_a_table, {"limits", "entries"}),
    (macro, SUMMED | {"names_counted"}),
    (macro_nobody_names, set()),
    (variable, {"figures_of_year"}),
    (variable_of_the_run, {"figures_of_year"}),
    (variable_nobody_asks_for, set()),
    (table_to_view, {"limits", "entries"}),
    (view_to_table, {"limits", "entries"}),
    (arguments_of_a_test, {"sound", "entries"}),
    (own_test, {"some"}),
    (model_added, {"more", "entries"}),
    (model_taken_away, {"entries"}),
]


@pytest.mark.parametrize(
    ("change", "built"), CHANGES, ids=lambda value: getattr(value, "__name__", "")
)
def test_a_change_builds_what_hangs_on_it(
    project: Project, change: Callable[[Project], None], built: set[str]
) -> None:
    """One after the other, each upon those before."""
    change(project)
    assert project.changed() == built


def of_parse(parsed: dbt.Parsed) -> Any:
    """A parse, but for when it was made."""

    def timeless(said: Any) -> Any:
        if isinstance(said, dict):
            return {key: timeless(value) for key, value in said.items() if key != "created_at"}
        return [*map(timeless, said)] if isinstance(said, list) else said

    document = parsed.manifest.writable_manifest().to_dict(omit_none=False)
    return timeless(document | {"metadata": None})


def test_other_rows_of_seeds_parse_nothing_again(
    project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And dbt has what a parse from nothing gives it."""
    monkeypatch.setattr(dbt, "DEFAULT_HOME", tmp_path)
    times = {name: node.created_at for name, node in project.parsed.manifest.nodes.items()}
    seeds = [project.folder / "seeds" / f"{name}.csv" for name in ("thresholds", "codes")]
    before = [path.read_text(encoding="utf-8") for path in seeds]
    for path in seeds:
        path.write_text("code\nx\n", encoding="utf-8")
    parsed = dbt.parse_at(dbt.run_place(project.kept), with_json=False)
    target = tmp_path / "dbt"
    place = dbt.Place(project.kept.root / DATABASE_NAME, target, tmp_path, tmp_path)
    whole = dbt.parse_at(place, with_json=False)
    for path, text in zip(seeds, before, strict=True):
        path.write_text(text, encoding="utf-8")
    assert {name: node.created_at for name, node in parsed.manifest.nodes.items()} == times
    assert of_parse(parsed) == of_parse(whole) != of_parse(project.parsed)


def test_a_failed_test_runs_again_until_it_is_met(project: Project) -> None:
    project.replace("tests/some.sql", "total < -1", "total > 0")
    assert project.changed() == {"some"}
    _, results = project.build(project.kept, full=False)
    assert [r.unique_id.split(".")[2] for r in results if r.failed] == ["some"]
    project.replace("tests/some.sql", "total > 0", "total < -1")
    assert project.changed() == set()


def test_a_column_out_of_its_bounds_stops(project: Project) -> None:
    project.write("seeds/column_bounds.csv", BOUNDS + "total,0,4,0\n")
    _, results = project.build(project.kept, full=False)
    (failed,) = [r for r in results if r.failed]
    assert failed.unique_id.split(".")[2] == "sound" and "is_at_most" in failed.message
    project.write("seeds/column_bounds.csv", BOUNDS + "total,0,100,0\n")
    assert not any(r.failed for r in project.build(project.kept, full=False)[1])


def test_a_unit_test_of_changed_code_stops_until_it_passes(project: Project) -> None:
    """Names are distinct in the data there are, so nothing but the unit test tells."""
    rows = [{"name": "A"}, {"name": "A"}]
    project.yaml["unit_tests"] = [
        {
            "name": "test_names",
            "model": "names_counted",
            "given": [{"input": "ref('figures_named')", "rows": rows}],
            "expect": {"rows": [{"names": 2}]},
        }
    ]
    place = "models/marts/names_counted.sql"
    before = project.build(project.kept, full=False)[0].contents()
    project.replace(place, "count(name)", "count(distinct name)")
    for _ in range(2):
        store, results = project.build(project.kept, full=False)
        assert [r.unique_id.split(".")[2] for r in results if r.failed] == ["names_counted"]
        assert store.contents() == before
    project.replace(place, "count(distinct name)", "count( name )")
    _, results = project.build(project.kept, full=False)
    (tested,) = [r for r in results if r.unique_id.startswith("unit_test.")]
    assert tested.status == "pass"
    _, results = project.build(project.kept, full=False)
    assert not any(r.unique_id.startswith("unit_test.") for r in results)
    # Another edition is asked for: other variables are no other code.
    before = project.variables
    for project.variables in ({"year": 2019}, before):
        _, results = project.build(project.kept, full=False)
        assert not any(r.unique_id.startswith("unit_test.") for r in results)


def test_what_a_crash_left_is_thrown_away(project: Project) -> None:
    store = Store(project.kept)
    (store.folder / MARK).touch()
    store.open()
    assert store.contents() == {}
    assert not (store.folder / MARK).exists()
