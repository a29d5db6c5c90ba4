"""Figures that move though no file did stop a refresh, unless somebody says why."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest
from click.testing import CliRunner

from expectations.worker import Worker
from orchestration import code_first, words
from orchestration.cli import main
from orchestration.errors import GreenparkError
from orchestration.keeping import inputs
from orchestration.publishing import integrity, moved, releases
from orchestration.session import BUILT, GIVEN, LANDED, Session, open_session
from orchestration.settings import DATABASE_NAME, Home
from orchestration.transform import dbt

SCHEMAS = ("reference", "indicators", "all_levels", "quality", "model")
TABLES = """
    create table all_levels.region_co2 (
        region_code varchar, region_zh varchar, co2_t double, is_doubtful boolean
    );
    insert into all_levels.region_co2
    select code, '市', 0.1 * code, false from range(1, 40) as codes (code);
    create view indicators.city_co2 as
    select region_code, co2_t from all_levels.region_co2 where region_code <> '32';
    create table reference.fuels as from (values ('coal', 2.5), ('coke', 3.0)) as f (fuel, factor);
    create table quality.audit_results as select 'a rule' as rule_id;
    create table quality.doubtful_rows as select 'a row' as details;
    create table quality.published_version as select 'first' as version;
    create table reference.table_sign_offs as from (
        values ('fuels', '2026', 'li', 'new')
    ) as s (signed_table, signed_at, signed_by, sign_off_reason);
"""
HASHES = """
    create or replace table quality.table_hashes as
    select
        schema_name, table_name, 'one' as hash_function,
        case table_name
            when 'region_co2' then (select sum(hash(t)) from all_levels.region_co2 as t)
            when 'fuels' then (select sum(hash(t)) from reference.fuels as t)
        end::varchar as content_hash
    from duckdb_tables()
"""
ASKED: dict[str, Any] = {"engine": "duckdb", "as_of_vintage": None, "without_origins": ""}


def database(path: Path, *changes: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    with duckdb.connect(str(path)) as connection:
        for schema in SCHEMAS:
            connection.execute(f"create schema {schema}")
        for sql in (TABLES, *changes, HASHES):
            connection.execute(sql)
    return path


@pytest.fixture
def before(tmp_path: Path) -> Path:
    return database(tmp_path / "before" / DATABASE_NAME)


CHANGES = {
    "a cell": (
        "update all_levels.region_co2 set co2_t = co2_t * (1 + 1e-8) where region_code = '7'",
        {"all_levels.region_co2": (1, 1, ("co2_t",))},
    ),
    "a row more": (
        "insert into all_levels.region_co2 values ('40', '市', 1, false)",
        {"all_levels.region_co2": (0, 1, ("co2_t", "region_code"))},
    ),
    "a row less": (
        "delete from all_levels.region_co2 where region_code = '32'",
        {"all_levels.region_co2": (1, 0, ("co2_t", "region_code"))},
    ),
    "two cells in each other's place": (
        "update all_levels.region_co2 set co2_t = 0.3 - co2_t where region_code in ('1', '2')",
        {"all_levels.region_co2": (2, 2, ())},
    ),
    "another type": (
        "alter table all_levels.region_co2 alter region_code type integer",
        {},
    ),
    "a view": (
        "create or replace view indicators.city_co2 as "
        "select region_code, -co2_t as co2_t from all_levels.region_co2",
        {"indicators.city_co2": (38, 39, ("co2_t", "region_code"))},
    ),
    "the text of a view alone": (
        "create or replace view indicators.city_co2 as "
        "select region_code, 1 * co2_t as co2_t from all_levels.region_co2 "
        "where not region_code = '32'",
        {},
    ),
    "a factor": (
        "update reference.fuels set factor = 2.6 where fuel = 'coal'",
        {"reference.fuels": (1, 1, ("factor",))},
    ),
    "a row more of a list": ("insert into reference.fuels values ('wood', 1.0)", {}),
    "a mart more": ("create table all_levels.other as select 1 as co2_t", {}),
    "a mart less": ("drop view indicators.city_co2", {}),
    "a column more": ("alter table reference.fuels add column unit varchar", {}),
    "the order of rows": (
        "create or replace table reference.fuels as from reference.fuels order by fuel desc",
        {},
    ),
    "last digits": ("update all_levels.region_co2 set co2_t = co2_t * (1 + 4e-16)", {}),
    "words": ("update all_levels.region_co2 set region_zh = '州'", {}),
    "what the gates say": (
        "update all_levels.region_co2 set is_doubtful = true; "
        "insert into quality.doubtful_rows values ('more'); "
        "insert into quality.audit_results values ('more'); "
        "update quality.published_version set version = 'second'",
        {},
    ),
}


@pytest.mark.parametrize("name", CHANGES)
def test_what_moves_is_counted_and_named(name: str, before: Path, tmp_path: Path) -> None:
    sql, expected = CHANGES[name]
    found = moved.moved(before, database(tmp_path / "after" / DATABASE_NAME, sql))
    assert {move.table: (move.gone, move.new, move.columns) for move in found} == expected


def test_a_table_known_to_be_the_same_is_not_read(before: Path, tmp_path: Path) -> None:
    change = "update reference.fuels set factor = 2.6"
    after = database(tmp_path / "after" / DATABASE_NAME, change)
    assert moved.moved(before, after, same={"fuels"}) == []


@pytest.fixture
def session(
    before: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> contextlib.AbstractContextManager[Session]:
    """What opens a session after a version of the same files; its keywords go to the session."""
    home = Home.resolve(tmp_path / "home").ensure()
    with releases.run_lock(home):
        fresh = releases.new_build(home, "first")
        fresh.write_bytes(before.read_bytes())
        given = inputs.keys([tmp_path / "data"], []).given
        said = ASKED | {GIVEN: given}
        (fresh.parent / "version.json").write_text(json.dumps(said))
        releases.seal(fresh)
        releases.publish(home, fresh.parent, "20260101T000000Z-first")
    (tmp_path / "data").mkdir()
    monkeypatch.setattr("orchestration.session.data_roots", lambda extra: [tmp_path / "data"])
    monkeypatch.setattr(Worker, "start", lambda: contextlib.nullcontext())
    return lambda **asked: open_session(home, [], **asked)


def said_of(session: Session, after: Path) -> dict[str, Any]:
    """What a version would say but for what is landed and built, which is nothing here."""
    said = session._said_of_version(after)
    del said[LANDED], said[BUILT]
    return said


def test_a_refresh_is_stopped_unless_somebody_says_why(session, tmp_path: Path) -> None:
    after = database(tmp_path / "after" / DATABASE_NAME, CHANGES["a cell"][0])
    lines: list[str] = []
    with session(say=lines.append) as run, pytest.raises(GreenparkError) as stopped:
        said_of(run, after)
    assert lines == ["  all_levels.region_co2: 1 rows gone, 1 new (co2_t)"]
    assert words.in_chinese(lines[0]) == "  all_levels.region_co2：少了 1 行，新增 1 行（co2_t）"
    assert "--because" in stopped.value.remedy
    assert run.refusal is stopped.value
    with session(because=" heat has its own factor ", say=lines.append) as run:
        said = said_of(run, after)
    assert said[moved.BECAUSE] == "heat has its own factor"
    assert said[moved.MOVED] == ["all_levels.region_co2"]
    assert words.in_chinese(lines[-1]) == "输入文件未变而数字改变：heat has its own factor"
    # A reason is kept only where something moved.
    same = database(tmp_path / "same" / DATABASE_NAME)
    with session(because="nothing") as run:
        assert moved.BECAUSE not in said_of(run, same)


def test_who_signs_a_table_off_has_said_why(session, tmp_path: Path) -> None:
    sign = "insert into reference.table_sign_offs values ('fuels', '2027', 'li', 'notice 12')"
    after = database(tmp_path / "after" / DATABASE_NAME, CHANGES["a factor"][0], sign)
    with session() as run:
        assert said_of(run, after)[moved.BECAUSE] == "fuels: notice 12"


@pytest.mark.parametrize(
    "asked", [{"as_of_vintage": 2020}, {"without": ("reconstructed",)}, {"engine": "spark"}]
)
def test_what_is_asked_for_otherwise_may_move(session, tmp_path: Path, asked: Any) -> None:
    after = database(tmp_path / "after" / DATABASE_NAME, CHANGES["a cell"][0])
    with session(**asked) as run:
        assert said_of(run, after) == {GIVEN: run.given_sha256}


@pytest.mark.parametrize(
    "name", ["raw/table.csv", "corrections.csv", "methods/own/method.csv", "report/r/figures.csv"]
)
def test_where_a_file_came_figures_may_move(session, tmp_path: Path, name: str) -> None:
    after = database(tmp_path / "after" / DATABASE_NAME, CHANGES["a cell"][0])
    path = tmp_path / "data" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("a\nb\n")
    with session() as run:
        assert [*said_of(run, after)] == [GIVEN]


def test_a_file_that_changes_after_it_landed_is_not_the_one_given(session, tmp_path: Path) -> None:
    """Else figures of the old file would stand in a version that names the new one."""
    after = database(tmp_path / "after" / DATABASE_NAME, CHANGES["a cell"][0])
    with session() as run:
        given = run.keys.given  # a landing asks for them before it reads anything
        (tmp_path / "data" / "raw").mkdir()
        (tmp_path / "data" / "raw" / "table.csv").write_text("a\nb\n")
        with pytest.raises(GreenparkError):
            said_of(run, after)
        assert run.given_sha256 == given != inputs.keys([tmp_path / "data"], []).given


def test_the_first_version_is_compared_with_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Worker, "start", lambda: contextlib.nullcontext())
    with open_session(Home.resolve(tmp_path / "new").ensure(), []) as run:
        assert [*said_of(run, tmp_path / "none")] == [GIVEN]


@pytest.fixture
def judged(session, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[..., Session]:
    """Judges code where a file came with it; `builds` is what is built of the files before."""
    home = Home.resolve(tmp_path / "home")
    (tmp_path / "data" / "raw").mkdir()
    (tmp_path / "data" / "raw" / "table.csv").write_text("a\nb\n")

    def judge(
        builds: Path, failed: bool = False, landed: bool = True, moves: bool = True, **asked: Any
    ) -> Session:
        node = dbt.NodeResult("model.a.b", "error" if failed else "success", "", 0.0, None)
        monkeypatch.setattr("orchestration.keeping.nodes.build", lambda *_, **__: [node])
        monkeypatch.setattr(
            "orchestration.publishing.fresh.copy_published",
            lambda built, fresh, carried: fresh.write_bytes(builds.read_bytes()),
        )
        monkeypatch.setattr("orchestration.publishing.finalise.hash_tables", lambda *_: None)
        monkeypatch.setattr(Session, "parse", lambda self: None)
        with session(**asked) as run:
            key, built = run.store.landed_key(), "" if moves else run.store.built_key()
            integrity.note(home.current.resolve(), landed_sha256=key * landed, built_sha256=built)
            code_first.judge(run)
            assert [*home.build.iterdir()] == []
        return run

    home.current.resolve().chmod(0o755)
    return judge


def test_code_that_comes_with_a_file_is_judged_without_it(judged, tmp_path: Path) -> None:
    after = database(tmp_path / "after" / DATABASE_NAME, CHANGES["a cell"][0])
    lines: list[str] = []
    with pytest.raises(GreenparkError, match="figures move though no file did"):
        judged(after, say=lines.append)
    assert lines == [code_first.HEADING, "  all_levels.region_co2: 1 rows gone, 1 new (co2_t)"]
    run = judged(after, because="heat")
    assert run.moves == {moved.BECAUSE: "heat", moved.MOVED: ["all_levels.region_co2"]}
    assert run._said_of_version(after).items() >= run.moves.items()  # the file may move more
    assert judged(database(tmp_path / "same" / DATABASE_NAME)).moves == {}


@pytest.mark.parametrize(
    "why", [{"failed": True}, {"landed": False}, {"moves": False}, {"full": True}]
)
def test_code_is_not_judged_where_nothing_can_be_said(judged, tmp_path: Path, why: Any) -> None:
    after = database(tmp_path / "after" / DATABASE_NAME, CHANGES["a cell"][0])
    lines: list[str] = []
    assert judged(after, say=lines.append, **why).moves == {}
    assert bool(lines) == ("failed" in why)


def test_versions_say_why_figures_moved(session, tmp_path: Path) -> None:
    home = Home.resolve(tmp_path / "home")
    current = home.current.resolve()
    (current / "version.json").chmod(0o644)
    said = json.loads((current / "version.json").read_text())
    (current / "version.json").write_text(json.dumps(said | {"because": "heat", "moved": ["a.b"]}))
    table = CliRunner().invoke(main, ["versions", "--home", str(home.root)]).output
    assert "figures moved because" in table and "heat" in table
    (entry,) = json.loads(
        CliRunner().invoke(main, ["versions", "--home", str(home.root), "--json"]).output
    )
    assert (entry["because"], entry["moved"]) == ("heat", ["a.b"])
