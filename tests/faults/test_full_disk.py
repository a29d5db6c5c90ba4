"""A disk that fills up in the middle: the run says which, and publishes nothing.

The disk is a tmpfs of a few megabytes in the place of one folder of the home, mounted in a mount
namespace of its own: it goes when the process does.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import homes
import pytest

from orchestration.publishing import integrity, releases
from orchestration.settings import PROJECT_ROOT, Home

NAMESPACE = ["unshare", "--mount", *([] if os.geteuid() == 0 else ["--map-root-user"])]
RUN = """
import sys
from datetime import datetime
from pathlib import Path
from expectations.outcomes import Result
from orchestration.database import disk_full_of
from orchestration.publishing import integrity, releases
from orchestration.session import Session
from orchestration.settings import Home
home = Home.resolve(sys.argv[1])
session = Session(
    home=home.ensure(), roots=[], as_of_vintage=None, without=frozenset(), allow_shrink=True,
    engine="duckdb", worker=None, say=print, run_id="disk", started_at=datetime(2030, 1, 1),
    audit=[Result("marts", "s", "r", "e", "t", "c", True, "warning", "", "")],
)
try:
    with releases.run_lock(home):
        getattr(session, sys.argv[2])()
except Exception as error:
    print("told:", disk_full_of(error, Path("/nowhere")) or error)
"""


def ran_out(home: Home, place: Path, megabytes: int, step: str) -> str:
    """What is said when a step of a run finds so much room and no more in a folder."""
    # What dbt has parsed is there; to write it takes most of the room.
    mount = (
        'mkdir -p "$3" && mount -t tmpfs -o size="$1"m none "$2" && mkdir -p "$4" && '
        'cp -a "$3/." "$4" && touch "$2/.greenpark" && shift 4 && exec "$@"'
    )
    aside = home.root.with_name("parsed")
    given = [str(megabytes), str(place), str(aside), str(home.target)]
    run = [sys.executable, "-c", RUN, str(home.root), step]
    done = subprocess.run(
        [*NAMESPACE, "sh", "-c", mount, "sh", *given, *run],
        capture_output=True, text=True, check=False, cwd=PROJECT_ROOT,
        env=os.environ | {"PYTHONPATH": str(PROJECT_ROOT)},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


def can_mount() -> bool:
    tried = [*NAMESPACE, "sh", "-c", "mount -t tmpfs none /mnt"]
    return subprocess.run(tried, capture_output=True, check=False).returncode == 0


ROOM_MB = 10
pytestmark = pytest.mark.skipif(not can_mount(), reason="no disk of its own can be mounted here")


def test_building_finds_no_room(published_home: Home, tmp_path: Path) -> None:
    """While the seeds are written, which takes some megabytes more than what dbt has parsed."""
    home = Home.resolve(tmp_path / "home").ensure()
    shutil.copytree(published_home.target, tmp_path / "parsed")
    parsed = sum(path.stat().st_size for path in (tmp_path / "parsed").rglob("*"))
    said = ran_out(home, home.root, parsed // 10**6 + ROOM_MB, "transform")
    told = said.partition("told: ")[2]
    assert told.startswith(f"the disk that holds {home.root}"), said
    assert "What to do: make room there" in told


@pytest.mark.parametrize("megabytes", [20, 140, 220])
def test_publishing_finds_no_room(published_home: Home, tmp_path: Path, megabytes: int) -> None:
    """In the middle of the first file, of what lies beside it, of the files for others."""
    home = homes.published(published_home, tmp_path / "home")
    told = ran_out(home, home.build, megabytes, "publish").partition("told: ")[2]
    assert told.startswith(f"the disk that holds {home.build}"), told
    (version,) = releases.versions(home)
    assert version.is_current
    assert integrity.damage(version.path) == []
