"""A workbook as LibreOffice calculates it: nothing that was stored in it is believed."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import openpyxl
from openpyxl.workbook import Workbook

# By default LibreOffice takes the stored results of workbooks that it did not write itself.
ALWAYS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop>
</item>
</oor:items>
"""


def recalculated(path: Path, folder: Path) -> Workbook:
    """The values of a workbook after LibreOffice opened it, calculated it and saved it."""
    soffice = shutil.which("soffice")
    assert soffice, "LibreOffice is not installed: make libreoffice"
    profile = folder / "profile"
    (profile / "user").mkdir(parents=True, exist_ok=True)
    (profile / "user" / "registrymodifications.xcu").write_text(ALWAYS, encoding="utf-8")
    target = folder / "recalculated"
    done = subprocess.run(
        [
            soffice,
            f"-env:UserInstallation={profile.as_uri()}",
            "--headless",
            "--convert-to",
            "xlsx",
            "--outdir",
            str(target),
            str(path),
        ],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    made = target / path.name
    assert made.exists(), done.stdout + done.stderr
    return openpyxl.load_workbook(made, data_only=True)


def formulas(path: Path) -> Iterator[tuple[str, str, float]]:
    """Sheet, cell and stored result of every formula."""
    stored = openpyxl.load_workbook(path, data_only=True)
    for sheet in openpyxl.load_workbook(path):
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type == "f":
                    yield sheet.title, cell.coordinate, stored[sheet.title][cell.coordinate].value
