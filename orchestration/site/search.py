"""Search, for a site on a web server: on a page of its own, the only one with a script."""

from __future__ import annotations

import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

from orchestration.errors import GreenparkError
from orchestration.site.charts import ASSETS

SCRIPT = "search.js"
PAGE = "search.html"


def index(folder: Path) -> None:
    """Index the pages of a site in its folder `pagefind`, a part for each language."""
    if find_spec("pagefind") is None:
        raise GreenparkError("the package `pagefind` is not installed", "run make setup")
    shutil.copyfile(ASSETS / SCRIPT, folder / "assets" / SCRIPT)
    done = subprocess.run(
        [sys.executable, "-m", "pagefind", "--site", str(folder), "--glob", "{zh,en}/**/*.html"],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise GreenparkError(
            f"`pagefind` failed: {done.stderr.strip()[-200:]}", "leave out --search"
        )
