"""SIGKILL after every file-system call of `publish`: readers always have a complete version.

A child process wraps the calls of `os` that change or force files, and kills itself after the
n-th. One child process serves all n: it forks for each, so that Python starts once.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from orchestration.publishing import opening, releases
from orchestration.settings import DATABASE_NAME, Home

OLDEST, OLD, NEW, NEXT = (f"2026112{day}T000000Z-run{day}" for day in (1, 2, 3, 4))
KEEP = "1"  # so that publishing also prunes: OLD's publishing has pruned OLDEST, NEW's prunes OLD

KILLER = """
import itertools, json, os, shutil, signal, sys
from pathlib import Path
from orchestration.publishing import releases
from orchestration.settings import Home

CALLS = ("chmod", "fsync", "rename", "unlink", "symlink", "replace", "rmdir")
root, version = Path(sys.argv[1]), sys.argv[2]

def publish_and_die_after(count, home):
    done = itertools.count(1)
    def deadly(call, name):
        def wrapped(*arguments, **options):
            result = call(*arguments, **options)
            if next(done) == count:
                print(json.dumps([count, name, str(arguments[0])]), flush=True)
                os.kill(os.getpid(), signal.SIGKILL)
            return result
        return wrapped
    for name in CALLS:
        setattr(os, name, deadly(getattr(os, name), name))
    with releases.run_lock(home):
        releases.publish(home, home.build / "run", version)

for count in itertools.count(1):
    home = Home.resolve(root / str(count))
    shutil.copytree(root / "template", home.root, symlinks=True)
    child = os.fork()
    if child == 0:
        publish_and_die_after(count, home)
        os._exit(0)
    status = os.waitpid(child, 0)[1]
    if not os.WIFSIGNALED(status):
        sys.exit(os.waitstatus_to_exitcode(status))
"""


def build(home: Home, number: int) -> Path:
    database = releases.new_build(home, "run")
    with duckdb.connect(str(database)) as connection:
        connection.execute(f"CREATE TABLE fact AS SELECT {number} AS number FROM range(1000)")
    (database.parent / "version.json").write_text("{}")
    releases.seal(database)
    return database.parent


def read_current(home: Home) -> tuple[int, int]:
    with opening.open_reader(home) as connection:
        return connection.execute("SELECT max(number), count(*) FROM greenpark.fact").fetchone()


def check_sound(home: Home, number: int) -> None:
    """Everything is as after a publish that nothing disturbed."""
    (only,) = releases.versions(home)
    assert only.is_current and (only.path / "PUBLISHED").is_file()
    assert read_current(home) == (number, 1000)
    assert [path.name for path in home.releases.iterdir()] == [only.version]
    assert not list(home.build.iterdir())
    assert sorted(path.name for path in home.root.iterdir()) == [
        ".greenpark",
        *("build", "cache", "current", "kept", "logs", "refresh.lock", "releases", "tmp"),
    ]


@pytest.fixture(scope="module")
def killed(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[str, Path]]:
    """Homes whose publishing was killed: what was done last, and a copy to try things on."""
    root = tmp_path_factory.mktemp("killed")
    home = Home.resolve(root / "template")
    with pytest.MonkeyPatch.context() as patch, releases.run_lock(home):
        patch.setenv("GREENPARK_KEEP", KEEP)
        releases.publish(home, build(home, 1), OLDEST)
        releases.publish(home, build(home, 2), OLD)
        build(home, 3)
        done = subprocess.run(
            [sys.executable, "-c", KILLER, str(root), NEW],
            capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip
    assert done.returncode == 0, done.stderr
    stages = [json.loads(line) for line in done.stdout.splitlines()]
    check_sound(Home.resolve(root / str(len(stages) + 1)), 3)  # the child that lived
    return [
        (f"{name} {Path(path).name} ({count})", root / str(count)) for count, name, path in stages
    ]


def test_publish__every_kind_of_step_was_killed(killed):
    assert {stage.split()[0] for stage, _ in killed} == {
        "chmod", "fsync", "rename", "symlink", "replace", "unlink", "rmdir",
    }  # fmt: skip


def test_publish__killed_anywhere_leaves_a_complete_version(killed):
    seen = []
    for stage, root in killed:
        home = Home.resolve(root)
        number, rows = read_current(home)
        assert rows == 1000, stage
        current = [entry.version for entry in releases.versions(home) if entry.is_current]
        assert current == [{2: OLD, 3: NEW}[number]], stage
        for entry in releases.versions(home):  # whatever is listed can be rolled back to
            assert (entry.path / DATABASE_NAME).is_file(), stage
        seen.append(number)
    assert seen == sorted(seen) and set(seen) == {2, 3}, "one switch from the old to the new"


def test_publish__same_call_again_finishes_what_was_killed(killed, tmp_path, monkeypatch):
    monkeypatch.setenv("GREENPARK_KEEP", KEEP)
    for count, (stage, root) in enumerate(killed):
        home = copy_of(root, tmp_path / str(count))
        releases.publish(home, home.build / "run", NEW)
        assert releases.versions(home)[0].version == NEW, stage
        check_sound(home, 3)


def test_publish__next_version_heals_what_was_killed(killed, tmp_path, monkeypatch):
    monkeypatch.setenv("GREENPARK_KEEP", KEEP)
    for count, (_, root) in enumerate(killed):
        home = copy_of(root, tmp_path / str(count))
        with releases.run_lock(home):
            releases.publish(home, build(home, 4), NEXT)
        check_sound(home, 4)


def test_publish__current_without_a_mark_counts_as_published(killed, tmp_path, monkeypatch):
    monkeypatch.setenv("GREENPARK_KEEP", "5")
    ((_, root),) = [entry for entry in killed if entry[0].startswith("replace .current.next")]
    home = copy_of(root, tmp_path / "home")
    assert not (home.current / "PUBLISHED").exists()
    assert [entry.version for entry in releases.versions(home)] == [NEW, OLD]
    with releases.run_lock(home):
        releases.publish(home, build(home, 4), NEXT)
    assert [entry.version for entry in releases.versions(home)] == [NEXT, NEW, OLD]
    assert releases.rollback(home).version == NEW
    assert read_current(home) == (3, 1000)


def copy_of(root: Path, target: Path) -> Home:
    shutil.copytree(root, target, symlinks=True)
    return Home.resolve(target)
