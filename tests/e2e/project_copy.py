"""A copy of the project that a test may change, and its own command line."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from homes import SAID

from orchestration.settings import Home

TOUCHED = "touched.json"
RUN = "from orchestration.cli import main; main()"


@dataclass(frozen=True)
class Extended:
    """A copy of the project with the drills, a dataset and a method, and the home it published."""

    project: Path
    home: Home

    @property
    def touched(self) -> dict[str, set[str]]:
        """The files of the project that each drill made another."""
        text = (self.project.parent / TOUCHED).read_text(encoding="utf-8")
        return {name: set(files) for name, files in json.loads(text).items()}

    @property
    def said(self) -> str:
        """What its refresh said."""
        return (self.project.parent / SAID).read_text(encoding="utf-8")


def run(project: Path, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """Run the copy's command line."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith("GREENPARK_")}
    return subprocess.run(
        [sys.executable, "-c", RUN, *map(str, arguments)],
        cwd=project,
        capture_output=True,
        text=True,
        check=False,
        # the side process too
        env=environment | {"PYTHONPATH": str(project), "LANG": "C.UTF-8", "GREENPARK_SITE": "off"},
    )


def greenpark(project: Path, *arguments: str | Path) -> str:
    """Run it and return what it said; it must not fail."""
    done = run(project, *arguments)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr
