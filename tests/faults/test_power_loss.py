"""Power goes at every file-system call of publishing: what was not synced may be gone.

After a kill all that was written is still there. After a power loss a file is what it was when it
was last synced, and a name is in its folder as it was when the folder was; of the rest any part may
have got to the disk, in any order. As ALICE (Pillai et al., OSDI 2014) and SQLite's tests do, the
disk of each instant is made up: with nothing but what had to be there, with all names but no
contents, and with what a seeded chance adds of names and of parts of contents. From each the
readers must see the old or the new version, whole, and the next version must be published.
"""

from __future__ import annotations

import os
import random
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import duckdb
import pytest

from orchestration.keeping import store
from orchestration.keeping.store import Store
from orchestration.publishing import integrity, opening, releases
from orchestration.settings import Home

OLDEST, OLD, NEW, NEXT = (f"2026112{day}T000000Z-run{day}" for day in (1, 2, 3, 4))
CALLS = ("chmod", "fsync", "rename", "unlink", "symlink", "replace", "rmdir")
CHANCES = int(os.environ.get("GREENPARK_SOAK_CHANCES", "1"))  # disks of chance at each call
SEED = int(os.environ.get("GREENPARK_SOAK_SEED", "20"))
Key = tuple[int, int]  # of a file or folder, whatever its name: its inode, and when it was made


@dataclass(frozen=True)
class Entry:
    """What a folder has under a name: a folder, a file, or a link and where it leads."""

    kind: str
    inode: int
    target: str = ""


@dataclass
class Disk:
    """What is on the disk for sure, and what the file system shows."""

    entries: dict[int, dict[str, Entry]] = field(
        default_factory=dict
    )  # of folders that were synced
    contents: dict[int, bytes] = field(default_factory=dict)  # of files that were synced

    def sync(self, path: Path) -> None:
        """What `fsync` of a file, or of a folder, makes sure of."""
        inode = path.stat().st_ino
        if path.is_dir():
            self.entries[inode] = listed(path)
        else:
            self.contents[inode] = path.read_bytes()

    def sync_all(self, root: Path) -> None:
        for place, _, names in os.walk(root):
            for name in names:
                if not Path(place, name).is_symlink():
                    self.sync(Path(place, name))
            self.sync(Path(place))

    def copy(self) -> Disk:
        return Disk(dict(self.entries), dict(self.contents))


def listed(folder: Path) -> dict[str, Entry]:
    found = {}
    for entry in os.scandir(folder):
        kind = "link" if entry.is_symlink() else "folder" if entry.is_dir() else "file"
        target = os.readlink(entry.path) if kind == "link" else ""
        found[entry.name] = Entry(kind, entry.stat(follow_symlinks=False).st_ino, target)
    return found


def seen(root: Path) -> Disk:
    """What the file system shows, synced or not."""
    disk = Disk()
    disk.sync_all(root)
    return disk


@dataclass(frozen=True)
class Instant:
    """One call of publishing: what was done, what is sure by then, what is shown."""

    call: str
    root: int
    sure: Disk
    shown: Disk

    def disks(self, chance: random.Random) -> Iterator[tuple[str, Disk]]:
        """Disks that may be found when the power is back, each by its kind."""
        yield "only what was synced", self.sure
        yield "all names, contents as synced", Disk(self.shown.entries, self.sure.contents)
        for _ in range(CHANCES):
            yield "by chance", self._by_chance(chance)

    def _by_chance(self, chance: random.Random) -> Disk:
        disk = self.sure.copy()
        for inode, now in self.shown.entries.items():
            names = dict(disk.entries.get(inode, {}))
            for name in sorted({*names, *now}):
                if chance.random() < 0.5:
                    names.pop(name, None)
                    if name in now:
                        names[name] = now[name]
            disk.entries[inode] = names
        for inode, content in self.shown.contents.items():
            if content != disk.contents.get(inode) and chance.random() < 0.7:
                disk.contents[inode] = content[: chance.randrange(len(content) + 1)]
        return disk

    def write(self, disk: Disk, target: Path) -> Home:
        """Make a home of what is on a disk; a file that never got there is empty."""

        def make(inode: int, folder: Path) -> None:
            folder.mkdir()
            for name, entry in disk.entries.get(inode, {}).items():
                if entry.kind == "folder":
                    make(entry.inode, folder / name)
                elif entry.kind == "link":
                    (folder / name).symlink_to(entry.target)
                else:
                    (folder / name).write_bytes(disk.contents.get(entry.inode, b""))

        make(self.root, target)
        return Home.resolve(target)


def build(home: Home, number: int) -> Path:
    database = releases.new_build(home, "run")
    with duckdb.connect(str(database)) as connection:
        connection.execute(f"CREATE TABLE fact AS SELECT {number} AS number FROM range(1000)")
    (database.parent / "version.json").write_text("{}")
    (database.parent / "site").mkdir()
    (database.parent / "site" / "index.html").write_text(f"version {number}")
    releases.seal(database)
    return database.parent


def publish(home: Home, number: int, version: str) -> None:
    with releases.run_lock(home):
        releases.publish(home, build(home, number), version)


@pytest.fixture(scope="module")
def instants(tmp_path_factory: pytest.TempPathFactory) -> list[Instant]:
    """Every call of publishing NEW over OLD, which prunes OLDEST."""
    home = Home.resolve(tmp_path_factory.mktemp("power") / "home")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GREENPARK_KEEP", "2")
        publish(home, 1, OLDEST)
        publish(home, 2, OLD)
        sure = seen(home.root)
        root = home.root.stat().st_ino
        found: list[Instant] = []

        def noted(name: str) -> None:
            call = getattr(os, name)

            def wrapped(*arguments, **options):
                path = None
                if name == "fsync":
                    path = Path(os.readlink(f"/proc/self/fd/{arguments[0]}"))
                result = call(*arguments, **options)
                if path is not None:
                    sure.sync(path)
                told = f"{name} {path or arguments[0]}".replace(str(home.root), "")
                found.append(Instant(told, root, sure.copy(), seen(home.root)))
                return result

            patch.setattr(os, name, wrapped)

        with releases.run_lock(home):
            built = build(home, 3)
            for name in CALLS:
                noted(name)
            releases.publish(home, built, NEW)
    return found


def test_every_kind_of_call_is_there(instants: list[Instant]) -> None:
    assert {instant.call.split()[0] for instant in instants} == {*CALLS}


def test_power_lost_anywhere_leaves_a_complete_version(
    instants: list[Instant], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GREENPARK_KEEP", "2")
    chance = random.Random(SEED)
    numbers, tried = [], 0
    for at, instant in enumerate(instants):
        for kind, disk in instant.disks(chance):
            where = f"{instant.call} ({at}), {kind}"
            home = instant.write(disk, tmp_path / "home")
            known = releases.versions(home)
            with opening.open_reader(home) as connection:
                row = connection.execute("SELECT max(number), count(*) FROM fact").fetchone()
            assert row in ((2, 1000), (3, 1000)), where
            numbers.append(row[0])
            (current,) = [entry for entry in known if entry.is_current]
            assert current.version == {2: OLD, 3: NEW}[row[0]], where
            # A version that may be rolled back to is whole, or known to be damaged.
            assert integrity.damage(current.path) == [], where
            for entry in known:
                assert integrity.damage(entry.path) == [], f"{where}: {entry.version}"
            if tried % 5 == 0:
                publish(home, 4, NEXT)
                assert integrity.damage(home.current) == [], where
                assert releases.versions(home)[0].version == NEXT, where
            tried += 1
            shutil.rmtree(tmp_path / "home")
    new = numbers.count(3)
    print(f"seed {SEED}: {len(instants)} calls, {tried} disks, {new} of them with the new version")
    assert set(numbers) == {2, 3} and numbers[0] == 2 and numbers[-1] == 3
    assert tried == len(instants) * (2 + CHANCES)


def test_what_is_kept_is_trusted_after_a_power_loss_only_if_it_was_synced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def started(boot: str) -> Store:
        """The work folder as a refresh opens it, of this start of the machine."""
        monkeypatch.setattr(store, "_boot", lambda: boot)
        opened = Store(Home.resolve(tmp_path / "home").ensure())
        opened.open()
        return opened

    def is_kept(opened: Store) -> bool:
        with duckdb.connect(str(opened.database), read_only=True) as connection:
            return connection.execute("select count(*) from work.built").fetchone() == (1,)

    def change(opened: Store) -> None:
        with opened.changing(), duckdb.connect(str(opened.database)) as connection:
            connection.execute("delete from work.built; insert into work.built (node) values (1)")

    change(started("first"))
    assert is_kept(started("first"))  # a crash, and the machine runs on
    assert not is_kept(started("second"))
    change(started("second"))
    started("second").sync()
    assert is_kept(started("third"))
    with pytest.raises(ValueError), started("third").changing():
        raise ValueError  # in an orderly way, and then the power goes
    assert is_kept(started("third"))
    assert not is_kept(started("fourth"))
