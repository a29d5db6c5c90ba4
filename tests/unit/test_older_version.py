"""A version that another greenpark published: what it lacks is named, with the version."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest
from click.testing import CliRunner

from orchestration import cli
from orchestration.settings import Home

VERSION = "20250101T000000Z-0ld"
# Before the clauses had citations.
OLD = """
    create schema reference; create schema all_levels;
    create table reference.standards as select 'c' as clause_id;
    create table reference.score_inputs as select 'zero_carbon_gap' as score_kind;
    create macro explain_score(kind, subject, in_year, peers := false) as table
        select 'c' as clause_id, subject as subject, in_year as year;
    create table all_levels.resource_intensity as select 'P01' as park_id, 2020 as year;
    create table all_levels.parks as select 'P01' as park_id;
"""


@pytest.fixture(scope="module")
def old_home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    home = Home.resolve(tmp_path_factory.mktemp("old"))
    release = home.releases / VERSION
    release.mkdir(parents=True)
    with duckdb.connect(str(release / "greenpark.duckdb")) as connection:
        connection.execute(OLD)
    home.current.symlink_to(release)
    return home


@pytest.mark.parametrize(
    ("line", "lacking"),
    [
        (["explain", "--park", "P01", "--year", "2020", "--score", "zero_carbon_gap"],
         "citation_zh"),
        (["scorecard", "P01", "2020"], "name_zh"),
    ],
)  # fmt: skip
@pytest.mark.parametrize(
    ("lang", "words"),
    [("en", ["What to do: run make refresh"]), ("zh", ["已发布的版本", "运行 make"])],
)
def test_an_older_version_is_told_by_what_it_lacks(
    old_home: Home, tmp_path: Path, line: list[str], lacking: str, lang: str, words: list[str]
) -> None:
    said = CliRunner().invoke(
        cli.main, [*line, "--home", str(old_home.root), "--lang", lang], env={"PWD": str(tmp_path)}
    )
    assert said.exit_code == 1
    for text in (VERSION, lacking, *words):
        assert text in said.output
    assert "Binder" not in said.output and "Catalog" not in said.output
