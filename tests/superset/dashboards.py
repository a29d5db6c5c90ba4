"""Superset 6.1.0 with the published version: what a reader sees is what SQL gives (`make test-bi`).

Outside `make test`: it needs the environment of `make superset` (700 MB) and some minutes. Imports
a bundle, starts Superset, opens every dashboard in Chromium, takes each answer of a chart apart.
"""

from __future__ import annotations

import json
import math
import os
import re
import shutil
import socket
import stat
import subprocess
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import HTTPCookieProcessor, Request, build_opener

import duckdb
import pytest

from orchestration.bi import server
from orchestration.bi.bundle import DASHBOARDS, LANGUAGES, Bundle, slug
from orchestration.bi.charts import Chart
from orchestration.settings import DATABASE_NAME, Home

SIZE = {"width": 1500, "height": 1000}
# The only thing that Superset asks of another machine: a pixel that counts users, refused by the
# policy of the page. See https://github.com/apache/superset: TelemetryPixel.
PIXEL = "https://apachesuperset.gateway.scarf.sh/pixel/"
BUSY = "document.querySelectorAll('.loading, [data-test=loading-indicator]').length"
SWAPS, QUERIES = 8, 40
NAMES = [path.stem for path in sorted(DASHBOARDS.glob("*.yml"))]


@dataclass
class Served:
    """A home with two versions, and the address of Superset on it."""

    home: Home
    address: str
    port: int
    passwords: dict[str, str]
    bundle: Bundle
    memory: list[int]

    def swap(self, version: str) -> None:
        """Publish the other version, as a refresh does it: one link in the place of the other."""
        draft = self.home.root / "current.new"
        draft.symlink_to(Path("releases") / version)
        os.replace(draft, self.home.current)


class Client:
    """Speaks to Superset's interface as one of its users."""

    def __init__(self, served: Served, user: str) -> None:
        self.address = served.address
        self._opener = build_opener(HTTPCookieProcessor())
        said = {"username": user, "password": served.passwords[user], "provider": "db"}
        self._headers: dict[str, str] = {}
        token = self.ask("/api/v1/security/login", said)[1]["access_token"]
        self._headers["Authorization"] = f"Bearer {token}"
        self._headers["X-CSRFToken"] = self.ask("/api/v1/security/csrf_token/")[1]["result"]
        self._headers["Referer"] = self.address

    def ask(self, path: str, body: Any = None) -> tuple[int, Any]:
        """Status and answer."""
        data = None if body is None else json.dumps(body).encode()
        headers = self._headers | {"Content-Type": "application/json"}
        request = Request(self.address + path, data=data, headers=headers)
        try:
            with self._opener.open(request, timeout=120) as answer:
                return answer.status, json.loads(answer.read())
        except HTTPError as error:
            text = error.read().decode()
            return error.code, text

    def all(self, kind: str) -> list[dict[str, Any]]:
        """All assets of a kind."""
        return self.ask(f"/api/v1/{kind}/?q=(page:0,page_size:500)")[1]["result"]


@pytest.fixture(scope="module")
def served(published_home: Home, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Superset in a home of its own; its second version has twice the CO2."""
    home = Home.resolve(tmp_path_factory.mktemp("bi") / "home").ensure()
    for version in ("one", "two"):
        (home.releases / version).mkdir()
        shutil.copyfile(published_home.database, home.releases / version / DATABASE_NAME)
    with duckdb.connect(str(home.releases / "two" / DATABASE_NAME)) as connection:
        connection.execute("alter view bi.province_year rename to province_year_before")
        connection.execute(
            "create view bi.province_year as"
            " select * replace (co2_t * 2 as co2_t) from bi.province_year_before"
        )
    home.current.symlink_to(Path("releases") / "one")
    with socket.socket() as free:
        free.bind((server.ADDRESS, 0))
        port = free.getsockname()[1]
    server.prepare(home)
    zipped = server.bi_folder(home) / "bundle.zip"
    server.write_bundle(home, zipped)
    began = time.monotonic()
    print(server.import_bundle(home, zipped, port, "en"), f"{time.monotonic() - began:.0f} s")
    with (server.bi_folder(home) / "server.log").open("w") as log:
        process = subprocess.Popen(
            server.command(port),
            env=server.environment(home, port, "en"),
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        address = f"http://{server.ADDRESS}:{port}"
        try:
            _wait(address, process)
            passwords = json.loads(server.passwords_file(home).read_text(encoding="utf-8"))
            with duckdb.connect(str(home.releases / "one" / DATABASE_NAME), read_only=True) as own:
                yield Served(home, address, port, passwords, Bundle(own), [])
        finally:
            process.terminate()
            process.wait(timeout=60)


def _wait(address: str, process: subprocess.Popen[bytes]) -> None:
    for _ in range(600):
        assert process.poll() is None, "Superset ended; see server.log"
        try:
            with build_opener().open(f"{address}/health", timeout=5):
                return
        except OSError:
            time.sleep(1)
    raise AssertionError("Superset did not answer in ten minutes")


@pytest.fixture(scope="module")
def warehouse(served: Served) -> Iterator[duckdb.DuckDBPyConnection]:
    """The version that is shown, opened by its own path."""
    path = served.home.releases / "one" / DATABASE_NAME
    with duckdb.connect(str(path), read_only=True) as connection:
        yield connection


@pytest.fixture(scope="module")
def pictures() -> Path:
    """Where pictures are kept to be looked at: GREENPARK_PICTURES, else in warehouse/."""
    folder = Path(os.environ.get("GREENPARK_PICTURES", "warehouse/pictures-of-bi"))
    folder.mkdir(parents=True, exist_ok=True)
    return folder


class Tab:
    """A tab of a user who is logged in, which remembers what went wrong and what charts got."""

    def __init__(self, browser: Any, served: Served, user: str) -> None:
        self.served = served
        self.page = browser.new_context(viewport=SIZE).new_page()
        self.faults: list[str] = []
        self.refused: list[str] = []
        self.answers: list[dict[str, Any]] = []
        self.page.on("pageerror", lambda error: self.faults.append(f"error {error}"))
        self.page.on("console", self._console)
        self.page.on("requestfailed", self._failed)
        self.page.on("response", self._response)
        self.page.goto(f"{served.address}/login/")
        self.page.fill("#username", user)
        self.page.fill("#password", served.passwords[user])
        self.page.click("button[type=submit], input[type=submit]")
        self.page.wait_for_url("**/superset/welcome/**", timeout=120_000)
        self.page.wait_for_load_state("networkidle")
        self.page.goto("about:blank")

    def _console(self, said: Any) -> None:
        if said.type == "error" and PIXEL not in said.text:
            self.faults.append(f"console: {said.text}")

    def _failed(self, request: Any) -> None:
        if request.url.startswith(PIXEL):
            self.refused.append(request.failure)
        else:
            self.faults.append(f"failed {request.url}: {request.failure}")

    def _response(self, response: Any) -> None:
        if response.status >= 400:
            self.faults.append(f"{response.status} {response.url}")
        if not response.url.startswith(self.served.address):
            self.faults.append(f"elsewhere {response.url}")
        if "/api/v1/chart/data" in response.url and response.status == 200:
            asked = response.request.post_data_json
            self.answers.append({"asked": asked, "result": response.json()["result"]})

    def open(self, dashboard: str) -> None:
        """Open a dashboard and wait until every chart has its answer and is drawn."""
        for kept in (self.faults, self.refused, self.answers):
            kept.clear()
        self.page.goto(f"{self.served.address}/superset/dashboard/{dashboard}/")
        self.page.wait_for_selector("[data-test=dashboard-grid], .grid-container", timeout=120_000)
        self._settle()
        height = self.page.evaluate("document.querySelector('.grid-container').scrollHeight")
        self.page.set_viewport_size({"width": SIZE["width"], "height": int(height) + 240})
        self._settle()

    def _settle(self) -> None:
        """Charts ask one after the other: until nothing loads for two seconds."""
        quiet = 0
        for _ in range(360):
            quiet = quiet + 1 if self.page.evaluate(BUSY) == 0 else 0
            if quiet == 5:
                return
            self.page.wait_for_timeout(500)
        raise AssertionError("charts still load after three minutes")

    def close(self) -> None:
        self.page.goto("about:blank")
        self.page.context.close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    assert chromium, "Chromium is not installed: make chromium"
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", "--disable-gpu"]
        )
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def tab(browser: Any, served: Served) -> Iterator[Tab]:
    opened = Tab(browser, served, "viewer")
    yield opened
    opened.close()


# --- what a chart has to show, by SQL of our own --------------------


def value_of(chart: Chart, name: str) -> str:
    """A metric as SQL, from the dictionary alone and not from the dataset."""
    if name == "row_count":
        return "count(*)::double"
    field = chart.dataset.by_name[name]
    if field.aggregation == "sum" and chart.dataset.adds_up:
        return f"sum({name})"
    if field.aggregation == "ratio" and chart.dataset.adds_up:
        above, below = field.numerator, field.denominator
        if {above, below} <= chart.dataset.by_name.keys():
            return (
                f"sum(case when {below} is not null then {above} end)"
                f" / sum(case when {above} is not null then {below} end)"
            )
    return f"case when min({name}) = max({name}) then max({name}) end"


def expected(
    served: Served, warehouse: duckdb.DuckDBPyConnection, spec: dict[str, Any], chart: Chart
) -> list[tuple[Any, ...]]:
    """The rows of a chart: its names and its numbers, in the units of the view."""
    asked = chart.spec
    views = {key: union["views"] for key, union in spec.get("unions", {}).items()}
    rows = " union all by name ".join(
        f"select * from bi.{view}" for view in views.get(asked["view"], [asked["view"]])
    )
    conditions = list(asked.get("where", []))
    for filtered in spec.get("filters", []):
        if filtered.get("is_latest") and not asked.get("all_years"):
            conditions.append(
                f"year = (select max(year) from bi.{filtered['view']} where {filtered['where']})"
            )
    where = f" where {' and '.join(conditions)}" if conditions else ""
    names = [
        *([asked["x"]] if "x" in asked else []),
        *asked.get("by", []),
        *asked.get("across", []),
        *asked.get("columns", []),
    ]
    said = []
    for name in names:
        column = chart.column(name)
        words = ("是", "否") if chart.lang == "zh" else ("Yes", "No")
        is_flag = column.endswith("_in_words")
        said.append(f"if({name}, '{words[0]}', '{words[1]}')" if is_flag else column)
    numbers = [f"({value_of(chart, name)})::double" for name in asked.get("metrics", [])]
    group = " group by all" if names and numbers else ""
    selected = ", ".join([*said, *numbers])
    return warehouse.execute(f"select {selected} from ({rows}){where}{group}").fetchall()


def shown(chart: Chart, answer: dict[str, Any]) -> list[tuple[Any, ...]]:
    """The rows that Superset's interface gave for a chart, its numbers in the units of the view."""
    asked = chart.spec
    names = [
        *([asked["x"]] if "x" in asked else []),
        *asked.get("by", []),
        *asked.get("across", []),
        *asked.get("columns", []),
    ]
    columns = [chart.column(name) for name in names]
    rows: list[tuple[Any, ...]] = []
    if "x" in asked and asked.get("by"):
        # A column for each name of the group: what has no value has no row in SQL either.
        (metric,) = chart.metrics
        return [
            (row[columns[0]], group, value * metric.divisor)
            for row in answer["data"]
            for group, value in row.items()
            if group != columns[0] and value is not None
        ]
    for row in answer["data"]:
        numbers = [
            None if row[metric.name] is None else row[metric.name] * metric.divisor
            for metric in chart.metrics
        ]
        rows.append((*(row[column] for column in columns), *numbers))
    return rows


def differences(found: list[tuple[Any, ...]], wanted: list[tuple[Any, ...]], limit: int) -> str:
    """What differs between two sets of rows; empty if nothing does."""

    def key(row: tuple[Any, ...]) -> str:
        return repr([v for v in row if not isinstance(v, (int, float))])

    def same(a: Any, b: Any) -> bool:
        if isinstance(a, (int, float)) and isinstance(b, (int, float)):
            return math.isclose(a, b, rel_tol=1e-9, abs_tol=1e-9)
        return bool(a == b)

    if len(found) != min(len(wanted), limit):
        return f"{len(found)} rows, wanted {min(len(wanted), limit)}"
    by_key: dict[str, list[tuple[Any, ...]]] = {}
    for row in wanted:
        by_key.setdefault(key(row), []).append(row)
    for row in found:
        candidates = by_key.get(key(row), [])
        match = next(
            (c for c in candidates if all(same(a, b) for a, b in zip(row, c, strict=True))), None
        )
        if match is None:
            return f"{row} is not in SQL, which has {candidates[:2]}"
        candidates.remove(match)
    return ""


# --- the dashboards --------------------


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", NAMES)
def test_every_chart_shows_the_numbers_of_sql(
    name: str,
    lang: str,
    tab: Tab,
    served: Served,
    warehouse: duckdb.DuckDBPyConnection,
    pictures: Path,
) -> None:
    """Each answer that the browser got equals SQL; the large numbers as they stand on the page."""
    began = time.monotonic()
    tab.open(slug(name, lang))
    tab.page.screenshot(path=pictures / f"{name}.{lang}.png")
    print(f"{name}.{lang}: {time.monotonic() - began:.0f} s")
    assert tab.faults == []
    assert set(tab.refused) <= {"csp"}
    (spec,) = (spec for spec in served.bundle.specs if spec["dashboard"] == name)
    ids = {c["slice_name"]: c["id"] for c in Client(served, "viewer").all("chart")}
    compared = 0
    for asked in served.bundle.charts_of(spec):
        chart = served.bundle.chart(asked, lang)
        answers = [
            got["result"][0]
            for got in tab.answers
            if got["asked"]["form_data"].get("slice_id") == _id(tab, asked, spec, lang)
        ]
        assert answers, f"{asked['chart']} asked nothing ({len(ids)} charts)"
        if asked["kind"] == "map":
            _map(tab, chart, answers[-1], warehouse)
        else:
            wanted = expected(served, warehouse, spec, chart)
            limit = chart.params()["row_limit"]
            assert differences(shown(chart, answers[-1]), wanted, limit) == "", asked["chart"]
            assert wanted, asked["chart"]
        if asked["kind"] == "number":
            metric = chart.metrics[0]
            (number,) = answers[-1]["data"]
            _shown_text(tab, asked, lang, metric.d3, number[metric.name], metric.label)
        compared += 1
    assert compared == len(list(served.bundle.charts_of(spec)))
    text = tab.page.inner_text("body")
    assert not re.search(r"\d\.\d{5,}|\b\d+(\.\d+)?[kMBG]\b|\d{8,}", text)  # pages are 1234567
    assert not re.search(r"\b(null|undefined|NaN)\b", text)


def _id(tab: Tab, asked: dict[str, Any], spec: dict[str, Any], lang: str) -> int:
    """The number that Superset gave a chart: it stands on its card."""
    holder = tab.page.locator(
        f"[data-test-chart-name={json.dumps(_title(tab, asked, lang), ensure_ascii=False)}]"
    )
    return int(holder.first.get_attribute("data-test-chart-id"))


def _title(tab: Tab, asked: dict[str, Any], lang: str) -> str:
    return tab.served.bundle.chart(asked, lang).title


def _shown_text(
    tab: Tab, asked: dict[str, Any], lang: str, d3: str, value: float, label: str
) -> None:
    """The text of a large number: rounded as its format says, its unit below it."""
    card = tab.page.locator(
        f"[data-test-chart-name={json.dumps(_title(tab, asked, lang), ensure_ascii=False)}]"
    ).first
    text = card.inner_text()
    digits = int(re.search(r"\.(\d)", d3)[1])
    assert f"{value:,.{digits}f}" in text, (text, value)
    assert label in text


def _map(
    tab: Tab, chart: Chart, answer: dict[str, Any], warehouse: duckdb.DuckDBPyConnection
) -> None:
    """Each area has its outline, its name and its number, as text."""
    (metric,) = chart.spec["metrics"]
    rows = warehouse.execute(
        f"select region_name_{chart.lang}, {metric} from bi.{chart.spec['view']}"
        f" where year = (select max(year) from bi.{chart.spec['view']} where {metric} is not null)"
    ).fetchall()
    assert len(rows) == len(answer["data"]) > 0
    drawn = tab.page.locator("svg[viewBox] path[fill^='#']")
    texts = set(tab.page.locator("svg[viewBox] text").all_text_contents())
    assert drawn.count() >= len(rows)
    scale = served_scale(chart, metric)
    for region, value in rows:
        assert region in texts
        assert f"{value / scale[0]:,.{scale[1]}f}" in texts


def served_scale(chart: Chart, column: str) -> tuple[float, int]:
    label = chart.dataset.by_name["amount"].label
    return (1e4, 1) if "万" in label else (1e6, 2)


def test_the_filter_of_years_asks_anew(
    tab: Tab, served: Served, warehouse: duckdb.DuckDBPyConnection
) -> None:
    """A reader who chooses another year sees that year's number."""
    tab.open(slug("province", "en"))
    before = len(tab.answers)
    tab.page.locator("[data-test='form-item-value'] .ant-select").nth(1).click()
    tab.page.locator(".ant-select-item-option", has_text="2016").first.click()
    tab.page.keyboard.press("Escape")
    tab.page.locator("[data-test='filter-bar__apply-button']").click()
    tab._settle()
    assert len(tab.answers) > before
    (value,) = warehouse.execute("select co2_t from bi.province_year where year = 2016").fetchone()
    assert f"{value / 1e6:,.2f}" in tab.page.inner_text("body")


# --- who may what --------------------


def test_nobody_looks_without_a_password(served: Served) -> None:
    opener = build_opener()
    for path in ("/api/v1/chart/", "/api/v1/dashboard/", "/api/v1/database/"):
        with pytest.raises(HTTPError) as refused:
            opener.open(served.address + path)
        assert refused.value.code in (401, 403)
    for path in (server.passwords_file(served.home), server.bi_folder(served.home) / "secret_key"):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    # Loopback alone: no other address of this machine answers.
    listening = subprocess.run(["ss", "-Hltn"], capture_output=True, text=True).stdout
    bound = {line.split()[3] for line in listening.splitlines() if f":{served.port}" in line}
    assert bound <= {f"{server.ADDRESS}:{served.port}"}


def _sql(client: Client, database: int, sql: str) -> tuple[int, Any]:
    body = {"database_id": database, "sql": sql, "schema": "bi", "runAsync": False}
    return client.ask("/api/v1/sqllab/execute/", body)


def test_a_viewer_looks_and_an_analyst_asks(served: Served) -> None:
    analyst, viewer = Client(served, "analyst"), Client(served, "viewer")
    (database,) = (row["id"] for row in analyst.all("database"))
    status, answer = _sql(analyst, database, "select co2_t from bi.province_year where year = 2020")
    assert status == 200
    assert answer["data"][0]["co2_t"] == pytest.approx(9.0619e8, rel=1e-4)
    assert _sql(viewer, database, "select 1")[0] in (401, 403)
    chart = {"slice_name": "own", "viz_type": "table", "params": "{}", "datasource_type": "table"}
    dataset = viewer.all("dataset")[0]["id"]
    assert viewer.ask("/api/v1/chart/", chart | {"datasource_id": dataset})[0] in (401, 403)
    assert analyst.ask("/api/v1/chart/", chart | {"datasource_id": dataset})[0] == 201


@pytest.mark.parametrize(
    "sql",
    [
        "create table bi.mine (a integer)",
        "delete from quality.landing_log",
        "copy (select 1) to 'out.csv'",
        "select * from read_csv('/etc/passwd')",
        "select * from read_text('/etc/passwd')",
        "attach 'other.duckdb'",
        "set enable_external_access = true",
        "install httpfs",
        "call enable_logging(storage = 'file', storage_path = 'log')",
        "from query('from enable' || '_logging(storage=''file'', storage_path=''log'')')",
    ],
)
def test_nothing_is_written_and_no_other_file_is_read(sql: str, served: Served) -> None:
    analyst = Client(served, "analyst")
    (database,) = (row["id"] for row in analyst.all("database"))
    status, answer = _sql(analyst, database, sql)
    assert status >= 400, answer
    assert "root:" not in str(answer)


# --- a refresh below open dashboards --------------------


def test_a_query_without_end_is_stopped(served: Served) -> None:
    analyst = Client(served, "analyst")
    (database,) = (row["id"] for row in analyst.all("database"))
    endless = "select sum(a.range) from range(10000000) as a, range(10000000) as b"
    status, answer = _sql(analyst, database, endless)
    assert status >= 400 and "nterrupt" in str(answer)
    assert _sql(analyst, database, "select 1 as a")[0] == 200


def test_a_swap_gives_the_new_number_at_the_next_query(served: Served) -> None:
    """Forty questions below eight swaps, more beside them: no error, and never an old number."""
    client = Client(served, "viewer")
    (dataset,) = (
        row["id"] for row in client.all("dataset") if row["table_name"] == "province_year"
    )
    question = {
        "datasource": {"id": dataset, "type": "table"},
        "queries": [
            {
                "metrics": ["sum_co2_t"],
                "columns": [],
                "filters": [{"col": "year", "op": "==", "val": 2020}],
            }
        ],
        "result_format": "json",
        "result_type": "full",
    }

    def number(asking: Client) -> float:
        status, answer = asking.ask("/api/v1/chart/data", question)
        assert status == 200, answer
        return float(answer["result"][0]["data"][0]["sum_co2_t"])

    once = number(client)
    stop, beside, errors = threading.Event(), [], []

    def read() -> None:
        reader = Client(served, "viewer")
        while not stop.is_set():
            try:
                beside.append(number(reader))
            except Exception as error:
                errors.append(repr(error))

    readers = [threading.Thread(target=read) for _ in range(2)]
    for reader in readers:
        reader.start()
    try:
        for query in range(QUERIES):
            doubled = (query // (QUERIES // SWAPS)) % 2 == 0
            if query % (QUERIES // SWAPS) == 0:
                served.swap("two" if doubled else "one")
            assert number(client) == pytest.approx(once * (2 if doubled else 1), rel=1e-9), query
    finally:
        stop.set()
        for reader in readers:
            reader.join()
        served.swap("one")
    assert errors == []
    assert beside
    assert all(min(abs(n / once - 1), abs(n / once - 2)) < 1e-9 for n in beside)
    print(f"{QUERIES} questions below {SWAPS} swaps, {len(beside)} more beside them")


def test_another_import_overwrites_and_removes(
    served: Served, tmp_path: Path, warehouse: duckdb.DuckDBPyConnection
) -> None:
    """An edited title is the new one, a removed dashboard is gone, an analyst's chart stays."""
    admin = Client(served, "admin")
    before = {kind: len(admin.all(kind)) for kind in ("dataset", "chart", "dashboard")}
    folder = tmp_path / "dashboards"
    shutil.copytree(DASHBOARDS, folder)
    (folder / "quality.yml").unlink()
    path = folder / "futures.yml"
    path.write_text(path.read_text(encoding="utf-8").replace("zh: 未来,", "zh: 改过,"), "utf-8")
    edited = Bundle(warehouse, folder)
    edited.zip(tmp_path / "edited.zip")
    server.import_bundle(served.home, tmp_path / "edited.zip", served.port, "en")
    titles = {row["dashboard_title"] for row in admin.all("dashboard")}
    assert "改过" in titles
    assert titles.isdisjoint({"未来", "数据质量", "Data quality"})
    gone = len(served.bundle.files) - len(edited.files)
    after = {kind: len(admin.all(kind)) for kind in before}
    assert sum(before.values()) - sum(after.values()) == gone
    assert {row["slice_name"] for row in admin.all("chart")} >= {"own"}
    server.import_bundle(
        served.home, server.bi_folder(served.home) / "bundle.zip", served.port, "en"
    )
    assert {kind: len(admin.all(kind)) for kind in before} == before
