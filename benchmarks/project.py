"""A copy of the project, for what changes it and looks what comes of that."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

from orchestration.settings import PROJECT_ROOT


def copy_project(folder: Path) -> Path:
    """What git would give a newcomer, with the changes at hand; returns the folder."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=PROJECT_ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    for name in listed.stdout.splitlines():
        if (PROJECT_ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(PROJECT_ROOT / name, folder / name)
    return folder
