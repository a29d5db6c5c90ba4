"""Do the recipes of docs/connect.md that the suite cannot run read the published numbers?

    python tests/connect/recipes.py CLIENTS [HOME]

CLIENTS is the environment of clients that `make test-connect` makes, with Node's packages below it.
Each block of a section that is marked "tested apart" is run as it stands, with the path of the
published file; what it prints or shows must be the rows that DuckDB gives here. Exit 1 on any
difference.
"""

from __future__ import annotations

import csv
import fcntl
import functools
import http.server
import io
import json
import math
import os
import pty
import re
import select
import shutil
import struct
import subprocess
import sys
import tempfile
import termios
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import openpyxl

from orchestration.settings import PROJECT_ROOT, Home

PAGE = PROJECT_ROOT / "docs" / "connect.md"
FILE = "warehouse/current/greenpark.duckdb"
QUERY = "select year, co2_t from bi.province_year order by year"
SECTION = re.compile(r"^## (?P<tool>[^\n]+) · tested apart\n(?P<text>.*?)(?=^## |\Z)", re.M | re.S)
BLOCK = re.compile(r"```\w+\n(.*?)```", re.S)
Rows = list[tuple[Any, ...]]
SECONDS = 240


class Clients:
    """Runs one block after the other in a folder of its own."""

    def __init__(self, clients: Path, home: Home, folder: Path) -> None:
        self.clients, self.home, self.folder = clients, home, folder
        self.file = str(home.database.resolve())

    def _run(self, *command: str | Path) -> str:
        done = subprocess.run(
            [str(part) for part in command],
            capture_output=True,
            text=True,
            cwd=self.folder,
            timeout=SECONDS,
            env=os.environ
            | {"PATH": f"{self.clients / 'bin'}:{os.environ['PATH']}"}
            | {"GREENPARK_HOME": str(self.home.root), "PYTHONPATH": str(PROJECT_ROOT)},
        )
        if done.returncode:
            raise RuntimeError(done.stderr[-2000:] or done.stdout[-2000:])
        return done.stdout

    def _script(self, name: str, text: str) -> Path:
        path = self.folder / name
        path.write_text(text.replace(FILE, self.file), encoding="utf-8")
        return path

    def shell(self, block: str) -> Rows:
        """A command whose output is CSV."""
        command = block.replace(FILE, self.file).replace(
            "greenpark export", f"{sys.executable} -m orchestration.cli export"
        )
        _, *rows = csv.reader(io.StringIO(self._run("sh", "-ec", command)))
        return [
            (int(year), None if co2_t in ("", "NULL") else float(co2_t)) for year, co2_t in rows
        ]

    def python(self, block: str) -> Rows:
        """A program that leaves `rows`."""
        said = "import json\nprint(json.dumps([[int(a), None if b != b else b] for a, b in rows]))"
        path = self._script("recipe.py", f"{block}\n{said}\n")
        return _pairs(self._run(self.clients / "bin" / "python", path))

    def notebook(self, block: str) -> Rows:
        """A cell of a notebook that leaves `rows`."""
        path = self._script("recipe.ipy", f"{block}\nimport json; print(json.dumps(rows))\n")
        return _pairs(self._run(self.clients / "bin" / "ipython", path))

    def node(self, block: str) -> Rows:
        """A module that prints the rows as JSON."""
        packages = self.folder / "node_modules"
        packages.symlink_to(self.clients / "node" / "node_modules")
        said = json.loads(self._run("node", self._script("recipe.mjs", block)))
        packages.unlink()
        return [tuple(row) for row in said]

    def datasette(self, block: str) -> Rows:
        """An export, and a server of it that is asked one question."""
        export = block.splitlines()[0].replace(
            "greenpark export", f"{sys.executable} -m orchestration.cli export"
        )
        self._run("sh", "-ec", export)
        sql = QUERY.replace("bi.", "bi_").replace(" ", "+")
        made = self.folder / "for-datasette"
        told = self._run(
            *("datasette", made / "greenpark.sqlite", "--metadata", made / "metadata.json"),
            *("--get", f"/greenpark.json?sql={sql}&_shape=arrays"),
        )
        return [tuple(row) for row in json.loads(told)["rows"]]

    def excel(self, block: str) -> Rows:
        """A workbook as LibreOffice opens and saves it; Excel itself is nowhere here."""
        export = block.replace("greenpark export", f"{sys.executable} -m orchestration.cli export")
        self._run("sh", "-ec", export)
        (book,) = (self.folder / "for-excel").glob("*.xlsx")
        profile = f"-env:UserInstallation={(self.folder / 'profile').as_uri()}"
        convert = ("soffice", profile, "--headless", "--convert-to")
        self._run(*convert, "ods", "--outdir", "ods", book)
        (ods,) = (self.folder / "ods").glob("*.ods")
        self._run(
            "soffice", profile, "--headless", "--convert-to", "xlsx", "--outdir", "again", ods
        )
        (again,) = (self.folder / "again").glob("*.xlsx")
        sheet = openpyxl.load_workbook(again)["province_year"]
        lines = list(sheet.iter_rows(values_only=True))
        head = next(place for place, line in enumerate(lines) if "co2_t" in line)
        year, co2_t = (lines[head].index(name) for name in ("year", "co2_t"))
        return sorted(
            ((line[year], line[co2_t]) for line in lines[head + 1 :] if line[year] is not None),
            key=lambda row: row[0],
        )

    def browser(self, block: str) -> Rows:
        """A page in Chromium, from this machine alone; any other address is an error."""
        from playwright.sync_api import sync_playwright

        site = self.folder / "site"
        site.mkdir()
        (site / "index.html").write_text(block, encoding="utf-8")
        (site / "node_modules").symlink_to(self.clients / "node" / "node_modules")
        (site / "greenpark.duckdb").symlink_to(self.file)
        handler = functools.partial(Quiet, directory=str(site))
        chromium = shutil.which("chromium")
        with (
            http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server,
            sync_playwright() as playwright,
        ):
            threading.Thread(target=server.serve_forever, daemon=True).start()
            address = f"http://127.0.0.1:{server.server_address[1]}/"
            opened = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
            page = opened.new_page()
            asked: list[str] = []
            page.on("request", lambda request: asked.append(request.url))
            page.goto(address + "index.html")
            page.wait_for_function("document.body.innerText.includes('[')", timeout=SECONDS * 1000)
            shown = page.inner_text("#rows")
            opened.close()
            server.shutdown()
        if away := [url for url in asked if not url.startswith((address, "blob:", "data:"))]:
            raise RuntimeError(f"asked elsewhere: {away}")
        return _pairs(shown)

    def terminal(self, block: str) -> Rows:
        """A program of the whole screen: a query typed into it, its answer read from the screen."""
        process, screen = pty.fork()
        if process == 0:
            os.environ["TERM"] = "xterm-256color"
            command = block.split("\n")[0].replace(FILE, self.file).split()
            os.execv(self.clients / "bin" / command[0], command)
        fcntl.ioctl(screen, termios.TIOCSWINSZ, struct.pack("HHHH", 60, 160, 0, 0))
        last = "select max(year) || ' has ' || count(*) as told from bi.province_year"
        expected = _here(self.file, last)[0][0]
        seen, began, typed = b"", time.monotonic(), 0.0
        while time.monotonic() - began < 120 and expected.encode() not in seen:
            if select.select([screen], [], [], 1)[0]:
                seen += os.read(screen, 65536)
            if not typed and b"greenpark" in seen and time.monotonic() - began > 10:
                os.write(screen, last.encode())
                typed = time.monotonic()
            elif typed and time.monotonic() - typed > 3:
                os.write(screen, b"\n")  # Ctrl-J runs what was typed
                typed = time.monotonic()
        os.kill(process, 9)
        os.waitpid(process, 0)
        if expected.encode() not in seen:
            raise RuntimeError(f"the screen does not show {expected!r}")
        return _here(self.file, QUERY)


class Quiet(http.server.SimpleHTTPRequestHandler):
    """Knows what modules are, and says nothing of each request."""

    extensions_map = http.server.SimpleHTTPRequestHandler.extensions_map | {
        ".mjs": "text/javascript",
        ".wasm": "application/wasm",
    }

    def log_message(self, *said: Any) -> None:
        """Nothing."""


def _pairs(text: str) -> Rows:
    """Rows of what a client printed as JSON in its last line that is JSON."""
    line = next(line for line in reversed(text.splitlines()) if line.startswith("["))
    return [tuple(row) for row in json.loads(line)]


def _here(file: str, sql: str) -> Rows:
    with duckdb.connect(file, read_only=True) as connection:
        return connection.execute(sql).fetchall()


def _same(rows: Rows, expected: Rows) -> bool:
    """Whether the rows are these; LibreOffice keeps fifteen digits of a number."""
    return len(rows) == len(expected) and all(
        year == other and (a is b is None or math.isclose(a, b, rel_tol=1e-14))
        for (year, a), (other, b) in zip(rows, expected, strict=True)
    )


def main(clients: Path, home: Home) -> int:
    """Run all; returns how many failed."""
    page = PAGE.read_text(encoding="utf-8")
    sections = {found["tool"]: BLOCK.findall(found["text"])[-1] for found in SECTION.finditer(page)}
    failed = 0
    with tempfile.TemporaryDirectory() as name:
        run = Clients(clients, home, Path(name))
        ways: dict[str, Callable[[str], Rows]] = {
            "DuckDB command line": run.shell,
            "ADBC": run.python,
            "ibis": run.python,
            "JupySQL": run.notebook,
            "harlequin": run.terminal,
            "Node": run.node,
            "duckdb-wasm": run.browser,
            "datasette": run.datasette,
            "LibreOffice, for Excel": run.excel,
        }
        if sections.keys() != ways.keys():
            print(f"no way to run, or no recipe: {sections.keys() ^ ways.keys()}")
            return 1
        expected = _here(run.file, QUERY)
        for tool, block in sections.items():
            began = time.monotonic()
            try:
                rows = ways[tool](block)
                said = "agrees" if _same(rows, expected) else f"differs: {rows[:3]}"
            except Exception as error:
                said = f"failed: {error}"
            failed += said != "agrees"
            print(f"{tool:24} {time.monotonic() - began:6.1f} s  {said}", flush=True)
    return failed


if __name__ == "__main__":
    home = Home.resolve(Path(sys.argv[2]) if len(sys.argv) > 2 else None)
    sys.exit(1 if main(Path(sys.argv[1]).resolve(), home) else 0)
