"""A whole refresh, stopped at hundreds of points: what would stand there if it had been killed?

    python -m benchmarks.stops HOME [--points 500] [--next 10] [--full] [--minutes 60]

HOME is a published home. A copy is refreshed with one file more. At file-system calls
of Python all over the run, and at even times for those of libraries, every process of the run is
stopped (SIGSTOP): all that is on the file system then is what SIGKILL would leave. Readers must see
the old or the new version whole and nothing after the new but the new; every version that can be
rolled back to must be sound. Of some points the home is copied as it is: there the next refresh
must publish what the one that went on to its end did, and leave nothing behind.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.twice import province
from orchestration import stopping
from orchestration.publishing import integrity, opening, releases
from orchestration.settings import DATABASE_NAME, PROJECT_ROOT, Home

# What changes a file or a name, of what Python tells of itself.
EVENTS = ("os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.symlink", "os.chmod", "os.link",
          "os.truncate", "shutil.rmtree", "shutil.copyfile", "shutil.copytree", "shutil.move",
          "tempfile.mkdtemp", "tempfile.mkstemp", "subprocess.Popen")  # fmt: skip
SLICE_S = 0.15  # of the processor time that the run takes


# --- in the process of the refresh ---------------------------------------------------------------


def refresh_here(root: str, data: str, full: int, every: int, tell: int, told: int) -> int:
    """Refresh, and at every so many calls say so and wait for a word."""
    from orchestration.refresh import refresh

    calls = 0

    def heard(event: str, arguments: tuple[object, ...]) -> None:
        nonlocal calls
        if event == "open":
            flags = arguments[2]
            if not isinstance(flags, int) or not flags & (os.O_WRONLY | os.O_RDWR):
                return
        elif event not in EVENTS:
            return
        calls += 1
        if calls % every == 0:
            os.write(tell, f"{event} {str(arguments[0])[-80:]}\n".encode())
            os.read(told, 1)

    sys.addaudithook(heard)
    return refresh(Home.resolve(root), [Path(data)], full=bool(full))


# --- around it -----------------------------------------------------------------------------------


@dataclass
class Watch:
    """What was found at the points so far."""

    home: Home
    old: str  # the version that was current before
    snapshots: Path
    faults: list[str] = field(default_factory=list)
    kinds: Counter[str] = field(default_factory=Counter)
    new: str = ""  # the version that came
    taken: list[Path] = field(default_factory=list)
    _sound: dict[str, tuple[object, ...]] = field(default_factory=dict)

    def look(self, where: str) -> None:
        """Look at the home as a reader does; note what is wrong."""
        try:
            self._look()
        except Exception as error:
            self.faults.append(f"{where}: {type(error).__name__}: {error}")
            print(self.faults[-1], flush=True)

    def _look(self) -> None:
        current = os.readlink(self.home.current).split("/")[-1]
        if current != self.old:
            self.new = self.new or current
        if current != (self.new or self.old):
            raise ValueError(f"current is {current}, after {self.new}")
        known = releases.versions(self.home)
        if current not in [entry.version for entry in known if entry.is_current]:
            raise ValueError(f"{current} is not listed as current")
        for entry in known:
            # Files of a version are never opened to write again: a new one has another folder.
            stated = (entry.path.stat(), (entry.path / DATABASE_NAME).stat())
            state = tuple((s.st_ino, s.st_mtime_ns, s.st_size) for s in stated)
            if self._sound.get(entry.version) != state or self.kinds.total() % 50 == 0:
                if found := integrity.damage(entry.path):
                    raise ValueError(f"{entry.version}: {integrity.told(found)}")
                self._sound[entry.version] = state
        with opening.open_reader(self.home) as connection:
            ((version, tables),) = connection.execute(
                "select version, (select count(*) from quality.table_hashes) "
                "from quality.published_version"
            ).fetchall()
        if version != current or not tables:
            raise ValueError(f"the database says {version}, with {tables} tables")

    def snapshot(self, where: str) -> None:
        """Copy the home as it is; what is published is not written again, so it is linked."""
        target = self.snapshots / f"{len(self.taken)}"

        def copy(source: str, destination: str) -> None:
            of_version = Path(source).is_relative_to(self.home.releases)
            (os.link if of_version else shutil.copy2)(source, destination)

        shutil.copytree(self.home.root, target, symlinks=True, copy_function=copy)
        (self.snapshots / f"{len(self.taken)}.txt").write_text(where)
        self.taken.append(target)


def _tree(pid: int) -> list[int]:
    return [pid, *stopping.descendants(pid)]


def _send(pid: int, number: signal.Signals) -> None:
    for _ in range(2):  # a child that was being made when we looked
        for process in _tree(pid):
            try:
                os.kill(process, number)
            except ProcessLookupError:
                continue


def _cpu(pid: int) -> float:
    """The processor time of a process and those below it, in seconds."""
    total = 0
    for process in _tree(pid):
        try:
            parts = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        total += int(parts[11]) + int(parts[12])
    return total / os.sysconf("SC_CLK_TCK")


def watched(watch: Watch, data: Path, asked: argparse.Namespace, copies: set[int]) -> int:
    """Run the refresh to its end, stopping it at up to so many points; returns its exit code."""
    until = time.monotonic() + 60 * asked.minutes
    tell_end, tell = os.pipe()
    told, told_end = os.pipe()
    code = (
        "import sys; from benchmarks.stops import refresh_here; a = sys.argv; "
        "sys.exit(refresh_here(a[1], a[2], *map(int, a[3:])))"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, str(watch.home.root), str(data),
         *map(str, (int(asked.full), asked.every, tell, told))],
        cwd=PROJECT_ROOT, pass_fds=(tell, told), stderr=subprocess.DEVNULL,
        env=os.environ | {"PYTHONPATH": str(PROJECT_ROOT)},
    ) as process:  # fmt: skip
        os.close(tell)
        os.close(told)
        last, number = 0.0, 0
        while process.poll() is None:
            ready, _, _ = select.select([tell_end], [], [], 0.1)
            said = os.read(tell_end, 4096).decode(errors="replace").strip() if ready else ""
            if not said and (ready or _cpu(process.pid) - last < SLICE_S):
                continue
            if number < asked.points and time.monotonic() < until:
                _send(process.pid, signal.SIGSTOP)
                time.sleep(0.01)
                number += 1
                watch.kinds[said.split(" ")[0] if said else "time"] += 1
                watch.look(f"{number} {said}")
                if number in copies:
                    watch.snapshot(f"{number} {said or 'time'}")
                _send(process.pid, signal.SIGCONT)
                if number % 25 == 0:
                    spent = _cpu(process.pid)
                    print(f"{number} points, {spent:.0f} s of the processor", flush=True)
            last = _cpu(process.pid)
            os.write(told_end, b"." * len(said.splitlines()))
        os.close(tell_end)
        os.close(told_end)
        return process.wait()


def next_runs(watch: Watch, data: Path) -> None:
    """Refresh each copy; each must come to what the run that was not disturbed came to."""
    wanted = integrity.read(watch.home.current)["content_sha256"]
    for folder in watch.taken:
        where = folder.with_suffix(".txt").read_text()
        home = Home.resolve(folder)
        done = subprocess.run(
            [sys.executable, "-m", "orchestration.cli", "refresh", "--home", str(folder),
             "--data", str(data)],
            cwd=PROJECT_ROOT, capture_output=True, text=True, check=False,
            env=os.environ | {"PYTHONPATH": str(PROJECT_ROOT)},
        )  # fmt: skip
        left = [path.name for path in (*home.build.iterdir(), *home.tmp.iterdir())]
        left = [name for name in left if name != "dbt"]
        got = integrity.read(home.current).get("content_sha256")
        if done.returncode or got != wanted or left or integrity.damage(home.current.resolve()):
            watch.faults.append(f"next after {where}: {done.returncode}, {got}, {left}")
            watch.faults.append(done.stderr[-500:])
        print(f"next after {where}: {'equal' if got == wanted else 'another content'}", flush=True)
        shutil.rmtree(folder)


def main() -> int:
    """Stop a refresh at many points; fail if a reader would have seen anything but a version."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("home", type=Path)
    parser.add_argument("--points", type=int, default=500)
    parser.add_argument("--every", type=int, default=7, help="calls of Python from point to point")
    parser.add_argument("--next", type=int, default=10, help="points from which to run the next")
    parser.add_argument("--full", action="store_true", help="build all of it anew")
    parser.add_argument("--minutes", type=int, default=600, help="of stopping; then it goes on")
    parser.add_argument("--seed", type=int, default=20)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        root, data = Path(folder, "home"), Path(folder, "data")
        subprocess.run(["cp", "-a", asked.home, root], check=True)
        province("340000", 0.5)(PROJECT_ROOT, data, {})
        Path(folder, "snapshots").mkdir()
        home = Home.resolve(root)
        watch = Watch(home, os.readlink(home.current).split("/")[-1], Path(folder, "snapshots"))
        chance = random.Random(asked.seed)
        copies = set(chance.sample(range(1, asked.points + 1), asked.next))
        code = watched(watch, data, asked, copies)
        watch.look("at the end")
        print(f"{watch.kinds.total()} points: {json.dumps(watch.kinds)}; refresh ended with {code}")
        next_runs(watch, data)
    print(*(watch.faults or ["no fault"]), sep="\n")
    return 1 if watch.faults or code or not watch.new else 0


if __name__ == "__main__":
    sys.exit(main())
