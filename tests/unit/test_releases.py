"""Versions: what readers see while they are published, rolled back and pruned."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from click.testing import CliRunner

from expectations.worker import Worker
from orchestration import settings
from orchestration.cli import main
from orchestration.errors import GreenparkError
from orchestration.publishing import integrity, opening, releases
from orchestration.publishing.sound import last_sound
from orchestration.session import open_session
from orchestration.settings import DATABASE_NAME, Home

FIRST, SECOND, THIRD = (f"2026112{day}T000000Z-run{day}" for day in (1, 2, 3))


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    monkeypatch.delenv("GREENPARK_KEEP", raising=False)
    return Home.resolve(tmp_path / "home").ensure()


@pytest.fixture
def locked_home(home: Home) -> Iterator[Home]:
    with releases.run_lock(home):
        yield home


def build(home: Home, number: int) -> Path:
    """Build a sealed database that holds `number` and return its folder; under the run lock."""
    database = releases.new_build(home, f"run{number}")
    with duckdb.connect(str(database)) as connection:
        connection.execute(f"CREATE TABLE fact AS SELECT {number} AS number")
        connection.execute("CREATE VIEW answer AS SELECT number FROM greenpark.main.fact")
    (database.parent / "version.json").write_text("{}")
    releases.seal(database)
    return database.parent


def publish(home: Home, version: str, number: int) -> Path:
    with releases.run_lock(home):
        return releases.publish(home, build(home, number), version)


def read(connection: duckdb.DuckDBPyConnection) -> int:
    return connection.execute("SELECT number FROM greenpark.main.answer").fetchone()[0]


def read_current(home: Home) -> int:
    with opening.open_reader(home) as connection:
        return read(connection)


def python(code: str, *arguments: object) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", code, *map(str, arguments)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def names(home: Home) -> list[str]:
    return [entry.version for entry in releases.versions(home)]


# --- settings ------------------------------------------------------------------------------------


def test_home__argument_then_environment_then_project(tmp_path, monkeypatch):
    monkeypatch.setenv("GREENPARK_HOME", str(tmp_path / "environment"))
    assert Home.resolve(tmp_path / "argument").root == tmp_path / "argument"
    assert Home.resolve().root == tmp_path / "environment"
    monkeypatch.delenv("GREENPARK_HOME")
    assert Home.resolve().root == settings.PROJECT_ROOT / "warehouse"
    assert not list(tmp_path.iterdir())


def test_home__place_that_cannot_be_written(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(GreenparkError, match="What to do: choose a folder you may write to"):
        Home.resolve(tmp_path / "file").ensure()


def test_home__a_folder_of_somebody_else_is_left_alone(tmp_path):
    """A project of any kind has a folder `build`, which a build of a home would empty."""
    work = tmp_path / "build" / "work.txt"
    work.parent.mkdir()
    work.write_text("mine")
    with pytest.raises(GreenparkError, match="no home of greenpark.*\nWhat to do: choose an empty"):
        releases.new_build(Home(tmp_path).ensure(), "first")
    assert [*tmp_path.rglob("*")] == [work.parent, work]


def test_home__older_than_its_marker_is_taken(tmp_path):
    home = Home(tmp_path / "home")
    with releases.run_lock(home):
        pass
    home.marker.unlink()
    assert home.ensure().marker.exists()
    (home.root / "notes.txt").touch()
    home.ensure()


@pytest.mark.parametrize("text", ["0", "-1", "many", "2.5"])
def test_kept_versions__refuses_nonsense(monkeypatch, text):
    monkeypatch.setenv("GREENPARK_KEEP", text)
    with pytest.raises(GreenparkError, match="GREENPARK_KEEP.*\nWhat to do: set it to a number"):
        settings.kept_versions()


def test_kept_versions__environment_or_default(monkeypatch):
    monkeypatch.setenv("GREENPARK_KEEP", "2")
    assert settings.kept_versions() == 2
    monkeypatch.delenv("GREENPARK_KEEP")
    assert settings.kept_versions() == settings.KEPT_VERSIONS == 5


def test_data_roots__order_and_missing_folder(tmp_path, monkeypatch):
    monkeypatch.setattr(settings, "PROJECT_ROOT", tmp_path)
    folders = [tmp_path / name for name in ("seeds", "one", "two", "three")]
    for folder in folders:
        folder.mkdir()
    monkeypatch.setenv("GREENPARK_DATA", f"{folders[1]}{os.pathsep}{folders[2]}")
    assert settings.data_roots([folders[3], folders[1]]) == folders
    with pytest.raises(GreenparkError, match="absent.*--data.*\nWhat to do: correct the path"):
        settings.data_roots([tmp_path / "absent"])
    monkeypatch.setenv("GREENPARK_DATA", str(tmp_path / "gone"))
    with pytest.raises(GreenparkError, match="gone.*GREENPARK_DATA"):
        settings.data_roots()


# --- publishing ----------------------------------------------------------------------------------


def test_publish__swaps_a_relative_symlink_to_a_read_only_release(home):
    release = publish(home, FIRST, 1)
    assert os.readlink(home.current) == f"releases/{FIRST}"
    assert read_current(home) == 1
    assert {path.name for path in release.iterdir()} == {DATABASE_NAME, "version.json", "PUBLISHED"}
    assert (release / DATABASE_NAME).stat().st_mode & 0o777 == 0o440
    assert not list(home.build.iterdir())


def test_publish__open_reader_keeps_its_version_and_new_ones_see_the_new(home, monkeypatch):
    monkeypatch.setenv("GREENPARK_KEEP", "1")  # so that the old version is even deleted
    publish(home, FIRST, 1)
    code = (
        "import sys, duckdb\n"
        "ask = lambda c: print(c.sql('SELECT number FROM greenpark.answer').fetchone()[0], "
        "flush=True)\n"
        "old = duckdb.connect(sys.argv[1], read_only=True); ask(old); sys.stdin.readline()\n"
        "ask(old); ask(duckdb.connect(sys.argv[1], read_only=True))\n"
    )
    with opening.open_reader(home) as old, python(code, home.database) as other:
        assert other.stdout.readline() == "1\n"
        publish(home, SECOND, 2)
        assert names(home) == [SECOND]
        assert read(old) == 1
        assert read_current(home) == 2
        with duckdb.connect(str(home.database), read_only=True) as plain:
            assert read(plain) == 2
        assert other.communicate("go\n", timeout=20)[0] == "1\n2\n"


def test_publish__again_goes_on_from_the_release(locked_home):
    folder = build(locked_home, 1)
    releases.publish(locked_home, folder, FIRST)
    assert releases.publish(locked_home, folder, FIRST).is_dir()
    assert names(locked_home) == [FIRST]


@pytest.mark.parametrize("spoil", ["version.json", DATABASE_NAME])
def test_publish__refuses_an_incomplete_build(locked_home, spoil):
    folder = build(locked_home, 1)
    (folder / spoil).unlink()
    with pytest.raises(GreenparkError, match="What to do: "):
        releases.publish(locked_home, folder, FIRST)
    assert folder.is_dir() and not locked_home.current.exists()


def test_publish__refuses_a_version_that_exists_or_is_misspelt(locked_home):
    releases.publish(locked_home, build(locked_home, 1), FIRST)
    folder = build(locked_home, 2)
    with pytest.raises(GreenparkError, match="exists already"):
        releases.publish(locked_home, folder, FIRST)
    with pytest.raises(GreenparkError, match="is not a version"):
        releases.publish(locked_home, folder, "../latest")
    assert read_current(locked_home) == 1


def test_publish__refuses_a_database_still_open_for_writing(locked_home):
    folder = build(locked_home, 1)
    with (
        duckdb.connect(str(folder / DATABASE_NAME)),
        pytest.raises(GreenparkError, match="still in use"),
    ):
        releases.publish(locked_home, folder, FIRST)
    assert folder.is_dir() and not locked_home.current.exists()


def test_publish__leaves_a_current_that_is_no_symlink_alone(locked_home):
    locked_home.current.mkdir()
    with pytest.raises(GreenparkError, match="is not a symlink"):
        releases.publish(locked_home, build(locked_home, 1), FIRST)


# --- seal ----------------------------------------------------------------------------------------


def test_seal__refuses_a_stale_wal_and_does_not_replay_it(locked_home, tmp_path):
    code = (
        "import sys, os, duckdb\n"
        "c = duckdb.connect(sys.argv[1]); c.sql('CREATE TABLE ghost AS SELECT 1')\n"
        "os.kill(os.getpid(), 9)\n"
    )
    ghost = tmp_path / DATABASE_NAME
    python(code, ghost).communicate(timeout=20)
    database = build(locked_home, 1) / DATABASE_NAME
    before = database.read_bytes()
    wal = database.with_name(f"{DATABASE_NAME}.wal")
    wal.write_bytes(ghost.with_name(wal.name).read_bytes())
    assert wal.stat().st_size
    with pytest.raises(GreenparkError, match=r"\.wal exists.*\nWhat to do: close every connection"):
        releases.seal(database)
    with pytest.raises(GreenparkError, match=r"\.wal exists"):
        releases.publish(locked_home, database.parent, FIRST)
    assert database.read_bytes() == before


@pytest.mark.parametrize("dirty", [True, False])
def test_seal__refuses_a_connection_of_this_process(locked_home, dirty):
    database = releases.new_build(locked_home, "run")
    with duckdb.connect(str(database)) as connection:
        connection.execute("CREATE TABLE fact AS SELECT 1")
        if not dirty:
            connection.execute("CHECKPOINT")
        with pytest.raises(GreenparkError, match="still open|still in use"):
            releases.seal(database)
    releases.seal(database)


def test_seal__missing_file_is_not_created(tmp_path):
    with pytest.raises(GreenparkError, match="no database.*\nWhat to do: run make refresh"):
        releases.seal(tmp_path / DATABASE_NAME)
    assert not list(tmp_path.iterdir())


# --- the lock ------------------------------------------------------------------------------------


def test_run_lock__held_by_another_process_until_it_dies(home):
    code = (
        "import sys, time\n"
        "from orchestration.publishing import releases\n"
        "from orchestration.settings import Home\n"
        "with releases.run_lock(Home.resolve(sys.argv[1])):\n"
        "    print('held', flush=True); time.sleep(60)\n"
    )
    with python(code, home.root) as other:
        assert other.stdout.readline() == "held\n"
        taken = (
            rf"process {other.pid} holds .*refresh\.lock\)\nWhat to do: wait until .*{other.pid}"
        )
        with pytest.raises(GreenparkError, match=taken), releases.run_lock(home):
            pass
        with pytest.raises(GreenparkError, match=taken):
            releases.rollback(home)
        other.send_signal(signal.SIGKILL)
        other.wait(timeout=20)
    with releases.run_lock(home):
        assert home.lock_file.read_text() == f"{os.getpid()}\n"


def test_run_lock__is_not_taken_twice_by_one_process(locked_home):
    with (
        pytest.raises(GreenparkError, match=f"process {os.getpid()}"),
        releases.run_lock(locked_home),
    ):
        pass


def test_new_build__clears_leftovers_only_under_the_lock(home):
    leftover = home.build / "crashed"
    leftover.mkdir()
    (leftover / f"{DATABASE_NAME}.wal").touch()
    (home.build / "stray").touch()
    with pytest.raises(GreenparkError, match="without the run lock"):
        releases.new_build(home, "run")
    assert leftover.exists()
    with releases.run_lock(home):
        database = releases.new_build(home, "run")
        with pytest.raises(GreenparkError, match="cannot name a build"):
            releases.new_build(home, "../run")
    assert database == home.build / "run" / DATABASE_NAME
    with pytest.raises(GreenparkError, match="without the run lock"):  # it was let go
        releases.new_build(home, "run")
    assert list(home.build.iterdir()) == [database.parent]


# --- versions ------------------------------------------------------------------------------------


def test_versions__newest_first_with_size_and_time(home):
    assert releases.versions(home) == []
    publish(home, FIRST, 1)
    publish(home, SECOND, 2)
    newest, oldest = releases.versions(home)
    assert (newest.version, newest.is_current) == (SECOND, True)
    assert (oldest.version, oldest.is_current) == (FIRST, False)
    assert newest.size_bytes > (newest.path / DATABASE_NAME).stat().st_size
    assert newest.published_at.utcoffset().total_seconds() == 0
    assert newest.published_at >= oldest.published_at


def test_prune__counts_published_versions_only(home):
    for version, number in ((FIRST, 1), (SECOND, 2), (THIRD, 3)):
        publish(home, version, number)
    with releases.run_lock(home):  # audited, never published, newer than all others
        os.rename(build(home, 9), home.releases / "20261129T000000Z-run9")
    (home.releases / "notes").mkdir()
    assert releases.prune(home, 2) == [FIRST, "20261129T000000Z-run9"]
    assert names(home) == [THIRD, SECOND]
    assert (home.releases / "notes").is_dir()
    with pytest.raises(GreenparkError, match="keep at least 1"):
        releases.prune(home, 0)


def test_prune__half_deleted_is_no_version_and_goes_next_time(home, monkeypatch):
    publish(home, FIRST, 1)
    publish(home, SECOND, 2)
    with monkeypatch.context() as patch:
        patch.setattr(releases.shutil, "rmtree", lambda *_, **__: None)
        assert releases.prune(home, 1) == [FIRST]
    assert (home.releases / FIRST / DATABASE_NAME).is_file()
    assert names(home) == [SECOND]
    assert releases.prune(home, 1) == [FIRST]
    assert not (home.releases / FIRST).exists()


def test_prune__keeps_the_current_version_however_old(home):
    for version, number in ((FIRST, 1), (SECOND, 2), (THIRD, 3)):
        publish(home, version, number)
    releases.rollback(home, FIRST)
    assert releases.prune(home, 1) == [SECOND]
    assert names(home) == [THIRD, FIRST]
    assert read_current(home) == 1


def test_rollback__to_the_one_before_or_a_named_one(home):
    for version, number in ((FIRST, 1), (SECOND, 2), (THIRD, 3)):
        publish(home, version, number)
    back = releases.rollback(home)
    assert (back.version, back.is_current, read_current(home)) == (SECOND, True, 2)
    assert releases.rollback(home).version == FIRST
    with pytest.raises(GreenparkError, match=f"no version before.*\n.*{THIRD}, {SECOND}, {FIRST}"):
        releases.rollback(home)
    with releases.run_lock(home):  # also for a caller that holds the lock
        assert releases.rollback(home, THIRD).version == THIRD
    assert read_current(home) == 3


def test_rollback__names_the_versions_there_are(home):
    with pytest.raises(GreenparkError, match="What to do: run make refresh"):
        releases.rollback(home)
    publish(home, FIRST, 1)
    with pytest.raises(GreenparkError, match=f"no published version {SECOND}\nWhat.*{FIRST}"):
        releases.rollback(home, SECOND)
    assert read_current(home) == 1


# --- the reader ----------------------------------------------------------------------------------


def test_open_reader__nothing_published_yet(home):
    with pytest.raises(GreenparkError, match="no published version yet\nWhat.*run make refresh"):
        opening.open_reader(home)


def test_open_reader__is_locked_down(home, tmp_path):
    publish(home, FIRST, 1)
    with opening.open_reader(home, memory_limit="200MB") as connection:
        for sql in (
            "SELECT * FROM read_csv('/etc/passwd')",
            f"COPY fact TO '{tmp_path}/out.csv'",
            f"ATTACH '{tmp_path}/other.duckdb'",
            f"EXPORT DATABASE '{tmp_path}/export'",
            "LOAD httpfs",
            "SET memory_limit='8GB'",
            "SET enable_external_access=true",
            "CREATE TABLE greenpark.main.mine AS SELECT 1",
        ):
            with pytest.raises(duckdb.Error):
                connection.execute(sql)
        connection.execute("CREATE TEMP TABLE mine AS SELECT * FROM fact")
        assert connection.execute("SELECT * FROM mine").fetchall() == [(1,)]
        with opening.open_reader(home) as second:  # shares the locked instance
            assert read(second) == 1


def test_open_reader__spills_into_a_folder_of_its_own(home):
    publish(home, FIRST, 1)
    with opening.open_reader(home, memory_limit="60MB") as first:
        publish(home, SECOND, 2)
        with opening.open_reader(home, memory_limit="60MB") as second:
            for connection in (first, second):
                connection.execute(
                    "CREATE TEMP TABLE big AS "
                    "SELECT range AS i, md5(range::text) AS s FROM range(1500000)"
                )
            spills = [path for path in home.tmp.iterdir() if list(path.iterdir())]
            assert len(spills) == 2
            for connection in (first, second):
                sums = connection.execute("SELECT count(DISTINCT i), min(len(s)) FROM big")
                assert sums.fetchone() == (1500000, 32)
    assert not list(home.tmp.iterdir())


def test_open_reader__refuses_what_another_connection_left_unsafe(home):
    publish(home, FIRST, 1)
    with duckdb.connect(str(home.database), read_only=True) as loose:
        loose.execute("SET lock_configuration=true")
        with pytest.raises(GreenparkError, match="its own locked settings"):
            opening.open_reader(home)


def test_open_reader__version_pruned_while_opening(home, monkeypatch):
    monkeypatch.setenv("GREENPARK_KEEP", "1")
    publish(home, FIRST, 1)
    connect = duckdb.connect

    def connect_late(path: str, **options: object) -> duckdb.DuckDBPyConnection:
        monkeypatch.setattr(duckdb, "connect", connect)
        publish(home, SECOND, 2)
        return connect(path, **options)

    monkeypatch.setattr(duckdb, "connect", connect_late)
    assert read_current(home) == 2


def test_open_reader__version_pruned_while_its_path_is_found(home, monkeypatch):
    """Which takes several steps: the link is read, then what it names is gone."""
    monkeypatch.setenv("GREENPARK_KEEP", "1")
    publish(home, FIRST, 1)
    resolve = Path.resolve

    def resolve_late(path: Path, strict: bool = False) -> Path:
        monkeypatch.setattr(Path, "resolve", resolve)
        found = resolve(path, strict=strict)
        publish(home, SECOND, 2)
        return resolve(found, strict=strict)

    monkeypatch.setattr(Path, "resolve", resolve_late)
    assert read_current(home) == 2


# --- damage --------------------------------------------------------------------------------------


def spoil(database: Path, at: int = 5000) -> None:
    """Change one bit, and nothing that the file system tells of the file."""
    state = database.stat()
    content = bytearray(database.read_bytes())
    content[at] ^= 1
    database.chmod(0o644)
    database.write_bytes(content)
    database.chmod(0o444)
    os.utime(database, ns=(state.st_atime_ns, state.st_mtime_ns))


def test_damage__each_kind_is_found_and_named(home):
    release = publish(home, FIRST, 1)
    (release / "docs").mkdir()
    assert integrity.damage(release) == []
    (release / "docs/page.html").touch()
    assert integrity.damage(release) == ["docs/page.html is not of this version"]
    (release / "docs/page.html").unlink()
    database = release / DATABASE_NAME
    spoil(database)
    assert integrity.damage(release) == [
        f"{DATABASE_NAME} is not as published: its sha256 is another"
    ]
    os.truncate(database, 4096)
    assert integrity.damage(release)[0].startswith(f"{DATABASE_NAME} has 4096 bytes, not ")
    database.unlink()
    assert integrity.damage(release) == [f"{DATABASE_NAME} is missing"]
    (release / "version.json").write_text("{")
    assert integrity.damage(release) == ["version.json cannot be read"]


def test_damage__of_a_version_from_before_nothing_is_known(home):
    release = publish(home, FIRST, 1)
    (release / "version.json").write_text('{"version": "old"}')
    assert integrity.damage(release) is None
    assert last_sound(home) == (releases.versions(home)[0], [])
    os.truncate(release / DATABASE_NAME, 100)
    version, told = last_sound(home)
    assert version is None and "does not open" in told[0]


def test_last_sound__falls_back_and_says_so(home):
    for number, version in enumerate((FIRST, SECOND, THIRD)):
        publish(home, version, number)
    assert last_sound(home) == (releases.versions(home)[0], [])
    spoil(home.database)
    version, told = last_sound(home)
    assert version.version == SECOND
    (line,) = told
    assert line.startswith(f"version {THIRD} is damaged: {DATABASE_NAME} is not as published")
    spoil(home.releases / SECOND / DATABASE_NAME)
    spoil(home.releases / FIRST / DATABASE_NAME)
    version, told = last_sound(home)
    assert version is None and len(told) == 3


def test_rollback__passes_over_what_is_damaged_and_refuses_it_by_name(home):
    for number, version in enumerate((FIRST, SECOND, THIRD)):
        publish(home, version, number)
    spoil(home.releases / SECOND / DATABASE_NAME)
    with pytest.raises(GreenparkError, match=f"version {SECOND} is damaged: .*sha256"):
        releases.rollback(home, SECOND)
    assert releases.rollback(home).version == FIRST
    releases.rollback(home, THIRD)
    spoil(home.releases / FIRST / DATABASE_NAME)
    with pytest.raises(GreenparkError, match=f"is damaged: {SECOND}, {FIRST}"):
        releases.rollback(home)


def test_sequence__a_clock_set_back_changes_no_order(home, monkeypatch):
    publish(home, THIRD, 1)
    publish(home, FIRST, 2)  # published last, by a clock that was set back
    assert [(entry.version, entry.sequence) for entry in releases.versions(home)] == [
        (FIRST, 2),
        (THIRD, 1),
    ]
    assert releases.rollback(home).version == THIRD
    monkeypatch.setenv("GREENPARK_KEEP", "1")
    publish(home, SECOND, 3)
    assert names(home) == [SECOND] and read_current(home) == 3


def test_verify__says_each_version_and_ends_with_1_if_one_is_damaged(home):
    runner = CliRunner()
    publish(home, FIRST, 1)
    publish(home, SECOND, 2)
    ask = ["verify", "--home", str(home.root)]
    sound = runner.invoke(main, ask)
    assert sound.exit_code == 0 and sound.output.count("sound") == 2
    spoil(home.releases / FIRST / DATABASE_NAME)
    said = runner.invoke(main, ask)
    assert said.exit_code == 1 and said.output.count("damaged") == 1
    assert "its sha256 is another" in said.output and "run make refresh" in said.output
    one = runner.invoke(main, [*ask, SECOND, "--json"])
    assert one.exit_code == 0
    assert json.loads(one.output) == [{"version": SECOND, "state": "sound", "damage": []}]
    there_is_none = runner.invoke(main, [*ask, THIRD])
    assert there_is_none.exit_code == 1 and f"no published version {THIRD}" in there_is_none.output
    listed = json.loads(
        runner.invoke(main, ["versions", "--home", str(home.root), "--json"]).output
    )
    assert [(entry["sequence"], len(entry["damage"])) for entry in listed] == [(2, 0), (1, 1)]
    table = runner.invoke(main, ["versions", "--home", str(home.root)]).output
    assert "damaged" in table and "sound" in table


def test_session__goes_on_from_the_last_sound_version(home, monkeypatch):
    publish(home, FIRST, 1)
    publish(home, SECOND, 2)
    (home.releases / SECOND / "PUBLISHED").chmod(0o644)
    (home.releases / SECOND / "PUBLISHED").write_text("\0")
    monkeypatch.setattr(Worker, "start", lambda: contextlib.nullcontext())
    said = []
    with open_session(home, [], say=said.append) as session:
        assert (session.previous, session.is_current_sound) == (home.database.resolve(), True)
    assert said == []
    (home.releases / SECOND / DATABASE_NAME).unlink()
    with open_session(home, [], say=said.append) as session:
        assert session.previous == home.releases / FIRST / DATABASE_NAME
        assert not session.is_current_sound
    assert f"version {SECOND} is damaged: {DATABASE_NAME} is missing" in said[0]
    assert f"version {FIRST} takes its place" in said[1]
    spoil(home.releases / FIRST / DATABASE_NAME)
    with open_session(home, [], say=said.append) as session:
        assert session.previous is None
    assert "the quarantine's history begins anew" in said[-1]
