"""A file that is carried from version to version is what was built, and says so."""

from __future__ import annotations

import shutil
from pathlib import Path

import duckdb
import pytest

from orchestration.database import connect
from orchestration.keeping.store import PUBLISHED
from orchestration.publishing import fresh
from orchestration.publishing.audiences import audience
from orchestration.publishing.finalise import HASH_FUNCTION
from orchestration.settings import DATABASE_NAME, Home

SCHEMAS = ("reference",)
CHANGED = "reference.units"


def test_what_a_version_says_of_its_tables_is_true(published_home: Home) -> None:
    """Its hashes are those of what was built; here every table is read, the carried ones too."""
    with duckdb.connect(str(published_home.database), read_only=True) as connection:
        said = connection.execute(
            """
            select hashes.schema_name || '.' || hashes.table_name, hashes.row_count,
                hashes.content_hash, tables.schema_name || '.' || tables.table_name
            from quality.table_hashes as hashes
            inner join duckdb_tables() as tables
                on
                    hashes.table_name = tables.table_name
                    and tables.schema_name in (hashes.schema_name, 'all_levels')
            where hashes.hash_function = $1
            order by all
            """,
            [HASH_FUNCTION],
        ).fetchall()
        assert len(said) > 150
        # `greenpark status` says the rows that the storage counts.
        assert (
            connection.execute(
                """
            select tables.table_name
            from duckdb_tables() as tables
            inner join quality.table_hashes as hashes
                on
                    hashes.table_name = tables.table_name
                    and tables.schema_name in (hashes.schema_name, 'all_levels')
            where tables.estimated_size <> hashes.row_count
            """
            ).fetchall()
            == []
        )
        found = connection.execute(
            " union all ".join(
                f"select '{name}', count(*), to_hex(coalesce(sum(hash(t)::hugeint), 0)), '{place}'"
                f" from {place} as t"
                for name, _, _, place in said
            )
            + " order by all"
        ).fetchall()
    assert found == said


@pytest.fixture
def built(published_home: Home, tmp_path: Path) -> Path:
    """The work database, of which a test may change what it likes."""
    path = tmp_path / "built.duckdb"
    shutil.copyfile(published_home.kept / DATABASE_NAME, path)
    return path


@pytest.fixture(autouse=True)
def undressed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tables alone: the views and macros over them need all of them."""
    monkeypatch.setattr(fresh, "_dress", lambda connection, found: None)


def copied(built: Path) -> fresh.Copied:
    folder = built.parent
    return fresh.copy_published(built, folder / DATABASE_NAME, folder / PUBLISHED, SCHEMAS)


def table_of(path: Path, name: str = CHANGED) -> list[tuple]:
    with duckdb.connect(str(path), read_only=True) as connection:
        return connection.execute(f"from {name} order by all").fetchall()


def changed(built: Path, *statements: str) -> None:
    """Change a table as a run would: its rows, and what is kept of their content."""
    with duckdb.connect(str(built)) as connection:
        for statement in statements:
            connection.execute(statement)
        connection.execute(
            "update work.built set content = content || '+' where node = 'model.greenpark.units'"
        )


def test_every_macro_says_how_it_is_called(warehouse: duckdb.DuckDBPyConnection) -> None:
    found = warehouse.execute(
        "select function_name, comment from duckdb_functions()"
        " where function_type in ('macro', 'table_macro') and not internal"
    ).fetchall()
    assert len(found) > 10
    for name, comment in found:
        chinese, english = (comment or "\n").split("\n")
        for said in (chinese, english):
            assert said.startswith(f"{name}("), name


def test_only_what_has_changed_is_written(built: Path) -> None:
    whole = copied(built).written
    assert CHANGED in whole and len(whole) > 30
    assert copied(built).written == []
    changed(built, f"delete from {CHANGED} where rowid = 0")
    assert copied(built).written == [CHANGED]
    published = built.parent / DATABASE_NAME
    assert table_of(published) == table_of(built)
    with duckdb.connect(str(published), read_only=True) as connection:
        ((comment, undescribed),) = connection.execute(
            """
            select any_value(tables.comment), count_if(columns.comment is null)
            from duckdb_tables() as tables
            inner join duckdb_columns() as columns using (schema_name, table_name)
            where tables.schema_name || '.' || tables.table_name = $1
            """,
            [CHANGED],
        ).fetchall()
    assert comment and undescribed == 0


def test_what_may_be_taken_is_what_is_given(built: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    taken = set()

    def connecting(database: Path, **config: str | int) -> duckdb.DuckDBPyConnection:
        taken.add(config.get("memory_limit"))
        return connect(database, **config)

    monkeypatch.setattr(fresh, "connect", connecting)
    monkeypatch.setenv("GREENPARK_MEMORY", "2GB")
    for name, memory in (("whole", None), ("half", "900MiB")):
        carried = built.with_name(f"{name}.duckdb")
        fresh.copy_published(built, built.with_name(name), carried, SCHEMAS, memory=memory)
    assert taken == {"2GB", "900MiB"}


def test_duckdb_1_4_reads_what_is_published(built: Path) -> None:
    """In a form that is quick to open: docs/connect.md names the oldest reader."""
    copied(built)
    with duckdb.connect(str(built.parent / DATABASE_NAME), read_only=True) as connection:
        said = connection.execute(
            "select tags['storage_version'] from duckdb_databases() where not internal"
        ).fetchall()
    assert [text.split("+")[0] for (text,) in said] == ["v1.4.0"]


def test_what_is_gone_goes_and_what_has_other_columns_is_written(built: Path) -> None:
    copied(built)
    with duckdb.connect(str(built)) as connection:
        connection.execute("drop table reference.gwp")
    changed(built, f"alter table {CHANGED} add column more varchar default 'x'")
    assert copied(built).written == [CHANGED]
    published = built.parent / DATABASE_NAME
    assert table_of(published) == table_of(built)
    with pytest.raises(duckdb.CatalogException):
        table_of(published, "reference.gwp")


def test_what_a_crash_left_is_not_carried(built: Path) -> None:
    whole = copied(built).written
    (built.parent / PUBLISHED).with_suffix(".json").unlink()
    assert copied(built).written == whole


def test_of_the_publics_file_large_tables_stay_and_the_rest_is_written_anew(
    built: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fresh, "LARGE", 1_000)
    large = "reference.codes"

    def public(folder: str = "kept") -> list[str]:
        carried = built.parent / folder / "published_public.duckdb"
        carried.parent.mkdir(exist_ok=True)
        file = built.parent / DATABASE_NAME
        return fresh.copy_published(built, file, carried, SCHEMAS, audience("public")).written

    whole = public()
    assert {CHANGED, large} <= {*whole}
    assert public() == []
    changed(built, f"delete from {CHANGED} where rowid = 0")
    written = public()
    assert CHANGED in written and large not in written
    published = built.parent / DATABASE_NAME
    kept = {name: table_of(published, name) for name in whole}
    assert kept[CHANGED] == table_of(built)
    assert public("another") == whole
    assert {name: table_of(published, name) for name in whole} == kept
    with duckdb.connect(str(built)) as connection:
        connection.execute(f"delete from {large} where rowid = 0")
        connection.execute(
            "update work.built set content = content || '+' where node = 'model.greenpark.codes'"
        )
    assert public() == whole
    assert table_of(published, large) == table_of(built, large)


def test_a_file_of_free_blocks_is_made_anew(built: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = copied(built).written
    monkeypatch.setattr(fresh, "FREE_AT_MOST", -1.0)
    assert copied(built).written == whole
