"""The readers' site: figures are those of SQL, charts those of the figures, nothing is refused."""

from __future__ import annotations

import csv
import functools
import hashlib
import http.server
import os
import re
import shutil
import signal
import threading
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlparse

import duckdb
import pytest
import site_checks as checks
import yaml
from pypdf import PdfReader

from orchestration.cli import main
from orchestration.errors import GreenparkError
from orchestration.publishing.audiences import file_of
from orchestration.settings import DATABASE_NAME, Home
from orchestration.site import build as site_build
from orchestration.site import paper, search
from orchestration.site.charts import ASSETS, Charts
from orchestration.site.facts import CODES
from orchestration.site.numbers import scale_of
from orchestration.site.release import READERS

PHONE = {"width": 375, "height": 740}
# Rows below the fifth are as those above, and to look at all of them takes ten seconds a page.
LESS = "document.querySelectorAll('tbody tr:nth-child(n+6)').forEach(row => row.remove())"
# Values on cards that are not on one line with their unit.
BROKEN = """[...document.querySelectorAll('.cards dd[data-value]')].filter(
    dd => dd.offsetHeight > 1.5 * parseFloat(getComputedStyle(dd).lineHeight)
).map(dd => dd.innerText)"""
# Texts of a chart that lie over each other, and cells whose text leaves them.
RUN_OVER = """[...document.querySelectorAll('.chart:not(.map):not(.plane) svg')].flatMap(svg => {
    const texts = [...svg.querySelectorAll('text')].map(text => [
        text.getBoundingClientRect(), text.textContent
    ]).filter(([box]) => box.width);
    return texts.flatMap(([a, said], place) => texts.slice(place + 1).filter(([b]) =>
        Math.min(a.right, b.right) - Math.max(a.left, b.left) > 2 &&
        Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > a.height / 2
    ).map(([, other]) => said + ' | ' + other));
}).concat([...document.querySelectorAll('tbody tr:nth-child(-n+9) td')].filter(td => {
    const inside = document.createRange();
    inside.selectNodeContents(td);
    return inside.getBoundingClientRect().right > td.getBoundingClientRect().right + 1;
}).map(td => td.textContent))"""
# axe-core is asked once for each kind of page, in either language.
KINDS_ASKED = 24
# Of which pictures are kept: the first of each, in both languages and widths.
LOOKED_AT = (
    "index.html",
    "*/province.html",
    "*/cities.html",
    "*/futures.html",
    "*/drivers.html",
    "park/*.html",
)


@pytest.fixture(scope="module")
def site(published_home: Home) -> Path:
    """The site of the published version."""
    folder = (published_home.current / "site").resolve()
    assert (folder / "index.html").is_file()
    return folder


@pytest.fixture(scope="module")
def parsed(site: Path) -> dict[Path, Any]:
    return {path: checks.parsed(path) for path in checks.pages(site)}


def source(home: Home) -> Path:
    """The file that the site is made of."""
    return file_of(home.current.resolve(), READERS)


@pytest.fixture(scope="module")
def query(published_home: Home, tmp_path_factory: pytest.TempPathFactory) -> Iterator[checks.Query]:
    """Runs the SQL of a page as a reader would; a SQL that several pages show, once."""
    copy = tmp_path_factory.mktemp("source") / DATABASE_NAME
    shutil.copyfile(source(published_home), copy)
    known: dict[str, tuple[list[str], list[tuple[Any, ...]]]] = {}
    warehouse = duckdb.connect(str(copy), read_only=True)

    def run(sql: str) -> tuple[list[str], list[tuple[Any, ...]]]:
        if sql not in known:
            cursor = warehouse.execute(sql)
            known[sql] = [column[0] for column in cursor.description or []], cursor.fetchall()
        return known[sql]

    yield run
    warehouse.close()


def figure_pages(parsed: dict[Path, Any], site: Path) -> dict[Path, Any]:
    """All pages but those of parks, of which every thirtieth: they are made by one template."""
    parks = [path for path in parsed if path.parent.name == "park"]
    left_out = {path for place, path in enumerate(parks) if place % 30}
    return {path: page for path, page in parsed.items() if path not in left_out}


# --- the pages as they lie in the folder ---------------------------------------------------------


def test_there_are_pages_of_everything(
    parsed: dict[Path, Any], site: Path, query: checks.Query
) -> None:
    spec = yaml.safe_load(site_build.PAGES.read_text(encoding="utf-8"))
    names = {
        path.relative_to(site / "zh").as_posix() for path in parsed if (site / "zh") in path.parents
    }
    english = {
        path.relative_to(site / "en").as_posix() for path in parsed if (site / "en") in path.parents
    }
    assert names == english
    found = {name.split("/")[-1] if name.count("/") == 0 else name for name in names}
    for page in spec["pages"]:
        assert [name for name in found if page["page"] in name], page["page"]
    _, parks = query(
        "select park_id from reference.parks union all select park_id from model.parks"
    )
    assert {f"park/{park_id}.html" for (park_id,) in parks} <= names
    for lang, name in ((lang, name) for lang in ("zh", "en") for name in ("index", "tables")):
        page = parsed[site / lang / f"{name}.html"]
        assert page.xpath("//a[@href='../lineage.html']"), (lang, name)
    assert len(parsed) > 270


def test_every_link_arrives_and_nothing_runs(parsed: dict[Path, Any], site: Path) -> None:
    assert [
        fault for path, page in parsed.items() for fault in checks.links(site, path, page)
    ] == []


def test_figures_are_those_of_the_sql_they_show(
    parsed: dict[Path, Any], site: Path, query: checks.Query
) -> None:
    chosen = figure_pages(parsed, site)
    compared = sum(len(page.xpath("//*[@data-value]")) for page in chosen.values())
    assert compared > 10_000
    # What changed is compared with a version that this connection does not see.
    faults = [
        fault
        for path, page in chosen.items()
        if path.name != "changes.html"
        for fault in checks.numbers(path, page, query, site)
    ]
    assert faults == []


def test_bars_are_as_long_as_their_figures(parsed: dict[Path, Any]) -> None:
    marks = sum(len(page.xpath("//path[@data-value]")) for page in parsed.values())
    assert marks > 5_000
    assert [fault for path, page in parsed.items() for fault in checks.bars(path, page)] == []


def test_every_code_has_words_in_both_languages(parsed: dict[Path, Any]) -> None:
    assert sum(len(page.xpath("//*[@data-code]")) for page in parsed.values()) > 5_000
    assert [fault for path, page in parsed.items() for fault in checks.words(path, page)] == []
    own = yaml.safe_load(site_build.PAGES.read_text(encoding="utf-8"))["codes"]
    assert [
        said for codes in own.values() for said in codes.values() if not all(said.values())
    ] == []


def test_the_effects_of_a_waterfall_make_its_last_level(query: checks.Query) -> None:
    text = (site_build.HERE / "queries" / "drivers.sql").read_text(encoding="utf-8")
    names, rows = query(text)
    found = [dict(zip(names, row, strict=True)) for row in rows]
    kinds = {(row["province_code"], row["identity"]) for row in found if row["is_level"]}
    assert kinds
    for kind in kinds:
        own = [row for row in found if (row["province_code"], row["identity"]) == kind]
        level = {row["effect"]: row["effect_co2_t"] for row in own if row["is_level"]}
        effects = sum(row["effect_co2_t"] for row in own if not row["is_level"])
        assert level["level_from"] + effects == pytest.approx(level["level_to"], rel=1e-9)


def test_reconstructed_figures_carry_a_banner(parsed: dict[Path, Any], query: checks.Query) -> None:
    _, parks = query("select park_id from model.parks")
    model = {park_id for (park_id,) in parks}
    assert model
    for path, page in parsed.items():
        if path.parent.name == "park":
            has_banner = bool(page.xpath("//p[@class='banner']"))
            assert has_banner is (path.stem in model), path


def test_what_is_vendored_is_what_the_packages_hold() -> None:
    """Files of npm echarts, unchanged: name, version, licence and hash stand beside them."""
    with (ASSETS / "assets.csv").open(encoding="utf-8", newline="") as handle:
        rows = list(csv.DictReader(handle))
    assert {row["licence"] for row in rows} == {"Apache-2.0"}
    for row in rows:
        assert hashlib.sha256((ASSETS / row["file"]).read_bytes()).hexdigest() == row["sha256"]
    listed = {row["file"] for row in rows} | {search.SCRIPT}
    assert {path.relative_to(ASSETS).as_posix() for path in ASSETS.rglob("*.js*")} == listed


def test_the_same_version_gives_the_same_bytes(
    published_home: Home, site: Path, tmp_path: Path
) -> None:
    """Also where nothing was drawn before. What changed depends on the version before."""
    site_build.build(source(published_home), tmp_path, lineage=site / site_build.LINEAGE)
    for path in sorted(site.rglob("*")):
        name = path.relative_to(site)
        if path.is_file() and "changes" not in str(name):
            assert (tmp_path / name).read_bytes() == path.read_bytes(), name


def test_the_entity_picture_has_every_key(parsed: dict[Path, Any], query: checks.Query) -> None:
    """A line for each key of a view of which a table says what it means; twins are not drawn."""
    _, rows = query(
        """
        select count(distinct (k.keys, d.column_name)) from reference.bi_views as v
        inner join reference.data_dictionary as d
            on d.schema_name = 'bi' and d.table_name = v.bi_view and d.is_key_column
        inner join (
            select table_name, list(column_name order by column_name) as keys
            from reference.data_dictionary where schema_name = 'bi' and is_key_column
            group by table_name
        ) as k on v.bi_view = k.table_name
        where not v.has_model and d.column_name in (
            select any_value(column_name) from reference.data_dictionary
            where schema_name = 'reference' and is_key_column
            group by table_name having count(*) = 1
        )
        """
    )
    ((expected,),) = rows
    assert expected > 20
    for path, page in parsed.items():
        if path.name == "tables.html":
            assert len(page.xpath("//svg//path[@data-key]")) == expected
            said = " ".join(page.xpath("//svg//text/text()"))
            assert "bi.province_year" in said and "reference.regions" in said


def test_a_report_says_which_of_its_figures_a_section_draws(
    parsed: dict[Path, Any], query: checks.Query
) -> None:
    """By the rows of the report, in its own words: none is in the text of the site."""
    pages = site_build.PAGES.read_text(encoding="utf-8")
    assert not re.search(r"\bFig \d|图 ?\d", pages)
    _, rows = query(
        "select table_or_figure, site_query from reference.report_tables "
        "where site_query is not null order by all"
    )
    assert len(rows) > 5
    headings = {path.parts[-3]: "" for path in parsed if path.parent.parent.name in ("zh", "en")}
    for path, page in parsed.items():
        for heading in page.xpath("//section/h2"):
            for lang in headings:
                if lang in path.parts:
                    headings[lang] += heading.text_content()
    for figure, _ in rows:
        assert figure in headings["en"]
        chinese = figure.replace("Fig", "图").replace("Table", "表")
        assert chinese in headings["zh"]


def test_the_report_on_paper_has_the_figures(
    published_home: Home, query: checks.Query, tmp_path: Path
) -> None:
    """All of it as one PDF with its own font, in the numbers of SQL.

    The report of a year has the figures until that year, and none of a later one.
    """
    database = source(published_home)
    _, rows = query("select year, co2_t from indicators.province_year where co2_t > 1e7")
    assert len(rows) > 5
    chosen = sorted(year for year, _ in rows)[len(rows) // 2]
    for last in (None, chosen):
        data = paper.pdf(database, "zh", year=last)
        (tmp_path / "report.pdf").write_bytes(data)
        reader = PdfReader(tmp_path / "report.pdf")
        text = "".join(page.extract_text() for page in reader.pages)
        for year, co2_t in rows:
            is_of_report = last is None or year <= last
            assert (f"{Decimal(repr(co2_t)) / 10**4:,.1f}" in text) is is_of_report, year
        assert len(reader.pages) > 15
        # What Typst is given is the same for the same version, and so is what it makes of it.
        assert b"/CreationDate" not in data and b"/ModDate" not in data
    with pytest.raises(GreenparkError, match="years are"):
        paper.pdf(database, "zh", year=1950)


# --- in a browser --------------------------------------------------------------------------------


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


class Tab:
    """A tab that may open files of one folder alone, and remembers all that went wrong."""

    def __init__(self, browser: Any, folder: Path, size: dict[str, int]) -> None:
        self.folder, self.faults = folder, []
        self.page = browser.new_page(viewport=size)
        self.page.route("**/*", self._route)
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))
        self.page.on("requestfailed", lambda request: self.faults.append(f"failed {request.url}"))
        self.page.on(
            "console",
            lambda said: said.type in ("error", "warning") and self.faults.append(said.text),
        )

    def _route(self, route: Any) -> None:
        place = urlparse(route.request.url)
        path = Path(unquote(place.path))
        is_own = place.scheme == "file" and path.is_relative_to(self.folder) and path.is_file()
        if is_own or place.scheme == "data":
            route.continue_()
        else:
            self.faults.append(f"refused {route.request.url}")
            route.abort()

    def open(self, path: Path) -> list[str]:
        """Open a page; gives what went wrong with it."""
        self.faults.clear()
        self.page.goto(path.as_uri())
        wide = self.page.evaluate("document.documentElement.scrollWidth")
        if wide > self.page.viewport_size["width"]:
            self.faults.append(f"scrolls sideways: {wide} px")
        self.faults += [f"breaks over lines: {text}" for text in self.page.evaluate(BROKEN)]
        self.faults += [f"runs into others: {text}" for text in self.page.evaluate(RUN_OVER)]
        return [f"{path.name}: {fault}" for fault in self.faults]


def test_every_page_opens_on_a_phone(browser: Any, parsed: dict[Path, Any], site: Path) -> None:
    tab = Tab(browser, site, PHONE)
    assert [fault for path in parsed for fault in tab.open(path)] == []
    # As wide as cards are narrowest beside each other.
    tab.page.set_viewport_size({"width": 600, "height": 900})
    assert [fault for lang in ("zh", "en") for fault in tab.open(site / lang / "index.html")] == []
    tab.page.close()


def test_a_reader_finds_the_way(browser: Any, site: Path, tmp_path: Path) -> None:
    """The language switch keeps the page, keys reach the content, a filter needs no script."""
    tab = Tab(browser, site, {"width": 1280, "height": 900})
    page = tab.page
    assert tab.open(next(iter(sorted((site / "zh" / "park").glob("*.html"))))) == []
    here = page.url
    page.click("a.lang")
    assert page.url == here.replace("/zh/", "/en/")
    assert page.locator("html").get_attribute("lang") == "en"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"

    tab.open(site / "en" / "reconciliation.html")
    rows = page.locator("tbody tr")
    assert rows.count() == len(rows.filter(visible=True).all())
    page.locator(".filter input.f1").check()
    shown = page.locator("tbody tr:visible")
    assert shown.count() == page.locator("tbody tr.f1").count() > 0

    for path in (site / "zh").glob("*/compare.html"):
        tab.open(path)
        boxes = page.locator("tbody input[type=checkbox]")
        boxes.nth(0).check()
        boxes.nth(2).check()
        page.locator(".only input").check()
        assert page.locator("tbody tr:visible").count() == 2
    # On paper: no navigation, the wide drawing, and a table is not cut off.
    page.emulate_media(media="print")
    assert page.locator("nav.pages:visible").count() == 0
    tab.page.close()


def test_pages_are_for_everybody(browser: Any, parsed: dict[Path, Any], site: Path) -> None:
    """axe-core finds nothing on one page of each kind, Chinese and English in turn."""
    import axe_playwright_python

    axe = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
    kinds: dict[str, Path] = {}
    for path in parsed:
        name = path.parent.name if path.parent.name in ("park", "city") else path.name
        kinds.setdefault(name, path)
    chosen = [
        Path(str(path).replace("/en/", "/zh/")) if place % 2 else path
        for place, path in enumerate(kinds.values())
    ][:KINDS_ASKED]
    assert len(chosen) > 15
    tab = Tab(browser, site, {"width": 1280, "height": 900})
    faults = []
    for path in chosen:
        tab.open(path)
        tab.page.evaluate(LESS)
        tab.page.evaluate(axe)
        found = tab.page.evaluate("axe.run({resultTypes: ['violations']})")
        faults += [
            f"{path.name}: {rule['id']}: {rule['nodes'][0]['html'][:120]}"
            for rule in found["violations"]
        ]
    tab.page.close()
    assert faults == []


def test_pictures_are_kept(
    browser: Any, site: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Pictures of some pages for a person to look at: GREENPARK_PICTURES, or with the test run."""
    folder = Path(os.environ.get("GREENPARK_PICTURES", tmp_path_factory.getbasetemp() / "pictures"))
    folder.mkdir(parents=True, exist_ok=True)
    for width in (375, 1280):
        tab = Tab(browser, site, {"width": width, "height": 900})
        for lang in ("zh", "en"):
            for name in LOOKED_AT:
                tab.open(next(iter(sorted((site / lang).glob(name)))))
                said = name.replace("/*", "").strip("*/").removesuffix(".html")
                picture = folder / f"{said}_{lang}_{width}.png"
                tab.page.screenshot(path=str(picture))
                assert picture.stat().st_size > 20_000
        tab.page.close()


@pytest.mark.parametrize(("word", "lang"), [("coal", "en"), ("\u7164\u70ad", "zh")])
def test_search_finds_pages_and_asks_nobody_else(
    browser: Any, searched: str, word: str, lang: str
) -> None:
    page = browser.new_page(viewport=PHONE)
    faults: list[str] = []
    page.on("request", lambda r: r.url.startswith((searched, "data:")) or faults.append(r.url))
    page.on("console", lambda said: said.type == "error" and faults.append(said.text))
    page.goto(f"{searched}/{lang}/search.html")
    page.locator("#search input[type=text]").fill(word)
    page.wait_for_selector(".pagefind-ui__result-link", timeout=20_000)
    links = page.locator(".pagefind-ui__result-link")
    assert f"/{lang}/" in (links.first.get_attribute("href") or "")
    assert faults == []
    page.close()


@pytest.fixture(scope="module")
def searched(published_home: Home, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A site with search, without its parks and cities, on a web server of this machine."""
    folder = tmp_path_factory.mktemp("searched")
    spec = yaml.safe_load(site_build.PAGES.read_text(encoding="utf-8"))
    spec["pages"] = [page for page in spec["pages"] if page["scope"] == "province"]
    with pytest.MonkeyPatch.context() as patch:
        pages = folder / "pages.yml"
        pages.write_text(yaml.safe_dump(spec, allow_unicode=True), encoding="utf-8")
        patch.setattr(site_build, "PAGES", pages)
        drawings = published_home.kept / "drawings"
        kept = Path(shutil.copytree(drawings, folder / "drawings")) if drawings.exists() else None
        site_build.build(source(published_home), folder / "site", kept, with_search=True)
    handler = functools.partial(Quiet, directory=str(folder / "site"))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


class Quiet(http.server.SimpleHTTPRequestHandler):
    """Says nothing of each request."""

    def log_message(self, *said: Any) -> None:
        """Nothing."""


# --- what must fail ------------------------------------------------------------------------------


@pytest.fixture
def tampered(site: Path, tmp_path: Path) -> tuple[Path, Path]:
    """A copy of the site without its parks, and a page of it to tamper with."""
    folder = tmp_path / "site"
    shutil.copytree(site, folder, ignore=shutil.ignore_patterns("park", "city"))
    (page,) = (folder / "zh").glob("*/coal.html")
    page.chmod(0o644)
    return folder, page


def replaced(page: Path, pattern: str, new: str) -> None:
    text = page.read_text(encoding="utf-8")
    changed = re.sub(pattern, new, text, count=1)
    assert changed != text
    page.write_text(changed, encoding="utf-8")


def test_a_script_of_elsewhere_is_found(tampered: tuple[Path, Path], browser: Any) -> None:
    folder, page = tampered
    tab = Tab(browser, folder, PHONE)
    assert tab.open(page) == []
    replaced(page, "</head>", '<script src="https://cdn.example.org/echarts.js"></script></head>')
    assert tab.open(page) != []
    tab.page.close()
    assert any("script" in fault for fault in checks.links(folder, page, checks.parsed(page)))


def test_one_digit_of_one_figure_is_found(tampered: tuple[Path, Path], query: checks.Query) -> None:
    folder, page = tampered
    assert checks.numbers(page, checks.parsed(page), query, folder) == []
    text = page.read_text(encoding="utf-8")
    replaced(page, r'(data-col="coal_t" data-value="[^"]*">)(\d)', r"\g<1>9\2")
    assert checks.numbers(page, checks.parsed(page), query, folder) != []
    page.write_text(text, encoding="utf-8")
    replaced(page, r'(data-col="coal_t" data-value=")(\d)', r"\g<1>9\2")
    assert checks.numbers(page, checks.parsed(page), query, folder) != []


def test_one_digit_of_a_sentence_is_found(site: Path, query: checks.Query) -> None:
    path = site / "en" / "index.html"
    page = checks.parsed(path)
    said = page.xpath("//p[@class='said']//b[@data-value]")
    assert said and checks.numbers(path, page, query, site) == []
    said[-1].text = f"9{said[-1].text}"
    assert checks.numbers(path, page, query, site) != []


def test_the_height_of_one_bar_is_found(tampered: tuple[Path, Path]) -> None:
    _, page = tampered
    assert checks.bars(page, checks.parsed(page)) == []

    def lower(match: re.Match[str]) -> str:
        return f"{match[1]}{float(match[2]) * 0.9:.1f}{match[3]}"

    text = page.read_text(encoding="utf-8")
    changed = re.sub(
        r'(<path d="M\S+ \S+ ?l\S+ 0l0 )(-?[\d.]+)([^>]*data-value)', lower, text, count=1
    )
    assert changed != text
    page.write_text(changed, encoding="utf-8")
    assert checks.bars(page, checks.parsed(page)) != []


def test_the_end_of_one_interval_is_found(site: Path) -> None:
    (path,) = (site / "zh").glob("*/futures.html")
    page = checks.parsed(path)
    assert checks.bars(path, page) == []
    longest = max(
        page.xpath("//svg//path[@data-low]"),
        key=lambda line: float(line.get("data-high")) - float(line.get("data-low")),
    )
    drawn = longest.get("d")
    longest.set("d", re.sub(r"H\S+?M\S+", "H1M1", drawn))
    assert checks.bars(path, page) != []
    longest.set("d", drawn)
    longest.set("data-high", "1.5")
    assert checks.bars(path, page) != []


def test_a_code_without_words_is_found(
    published_home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A row of the words is taken away, and the page that needs it is built again."""
    spec = yaml.safe_load(site_build.PAGES.read_text(encoding="utf-8"))
    spec["pages"] = [page for page in spec["pages"] if page["page"] == "index"]
    pages = tmp_path / "pages.yml"
    pages.write_text(yaml.safe_dump(spec, allow_unicode=True), encoding="utf-8")
    monkeypatch.setattr(site_build, "PAGES", pages)
    monkeypatch.setattr("orchestration.site.facts.CODES", f"{CODES} where code <> 'derived'")
    site_build.build(source(published_home), tmp_path / "out", with_map=False)
    page = tmp_path / "out" / "zh" / "index.html"
    found = checks.words(page, checks.parsed(page))
    assert found and all("derived" in fault for fault in found)


def test_the_cookbook_is_shown_with_its_answers(
    published_home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = {"en": "How many provinces?", "zh": "\u6709\u51e0\u4e2a\u7701\uff1f"}
    sql = "select count(*) as provinces\nfrom reference.regions\nwhere level = 'province';"
    (tmp_path / "01_provinces.sql").write_text(
        f"-- {asked['en']}\n-- {asked['zh']}\n{sql}\n", encoding="utf-8"
    )
    (tmp_path / "01_provinces.txt").write_text("provinces\n31\n", encoding="utf-8")
    spec = yaml.safe_load(site_build.PAGES.read_text(encoding="utf-8"))
    spec["pages"] = [page for page in spec["pages"] if page["page"] == "cookbook"]
    pages = tmp_path / "pages.yml"
    pages.write_text(yaml.safe_dump(spec, allow_unicode=True), encoding="utf-8")
    monkeypatch.setattr(site_build, "PAGES", pages)
    monkeypatch.setattr(site_build, "COOKBOOK", tmp_path)
    site_build.build(source(published_home), tmp_path / "out", with_map=False)
    for lang, question in asked.items():
        (section,) = checks.parsed(tmp_path / "out" / lang / "cookbook.html").xpath("//section")
        assert section.findtext("h2") == question
        assert section.findtext("pre[@class='sql']") == sql
        assert section.findtext("pre[@class='answer']") == "provinces\n31"


# --- parts ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("unit", "form", "values", "lang", "shown", "said"),
    [
        ("t", "#,##0", [911_444_000.0], "zh", "91,144.4", "万吨"),
        ("t", "#,##0", [911_444_000.0], "en", "911.44", "Mt"),
        ("t", "#,##0", [1_530_000.2, 80_000.2], "en", "1,530.0", "kt"),
        ("t", "#,##0", [812.4], "zh", "812", "吨"),
        ("1", "0.0%", [-0.0495], "en", "\N{MINUS SIGN}5.0%", "%"),
        ("1", "0.0%", [-0.0001], "en", "0.0%", "%"),
        (None, "0", [2020], "zh", "2020", ""),
        ("see unit", "#,##0.###", [57505.26], "en", "57,505.26", ""),
        ("t_per_10k_cny", "#,##0.000", [0.8822], "zh", "0.882", "吨/万元"),
    ],
)
def test_a_number_is_shown_in_the_unit_a_reader_expects(
    unit: str | None, form: str, values: list[float], lang: str, shown: str, said: str
) -> None:
    scale = scale_of(unit, form, values, lang)
    assert (scale.text(values[0]), scale.unit) == (shown, said)


def test_a_page_stands_while_all_that_it_reads_does(
    published_home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What readers see is the same as of a build from nothing, whatever has changed."""
    spec = yaml.safe_load(site_build.PAGES.read_text(encoding="utf-8"))
    wanted = ("drivers", "futures", "quality")
    spec["pages"] = [page for page in spec["pages"] if page["page"] in wanted]
    pages = tmp_path / "pages.yml"
    pages.write_text(yaml.safe_dump(spec, allow_unicode=True), encoding="utf-8")
    monkeypatch.setattr(site_build, "PAGES", pages)
    file = tmp_path / DATABASE_NAME
    shutil.copyfile(source(published_home), file)
    made: list[str] = []
    make = site_build.Site._made
    monkeypatch.setattr(
        site_build.Site,
        "_made",
        lambda own, page, subject: made.append(page["page"]) or make(own, page, subject),
    )

    def built(name: str, kept: Path | None = None) -> dict[str, bytes]:
        made.clear()
        folder = tmp_path / name
        site_build.build(file, folder, kept, with_map=False)
        return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*.*")}

    kept = tmp_path / "kept"
    first = built("first", kept)
    assert {*made} == {*wanted}
    assert built("again", kept) == first
    assert {*made} == {"quality"}, "it tells of the run itself, which has no content"
    with duckdb.connect(str(file)) as connection:
        connection.execute("update quality.published_version set version = 'another'")
        connection.execute("update all_levels.scenarios set co2_median_t = co2_median_t * 2")
        connection.execute(
            "update quality.table_hashes set content_hash = '1' where table_name = 'scenarios'"
        )
    changed = built("changed", kept)
    assert {*made} == {"quality", "futures"}
    assert changed == built("from nothing")
    (drivers,) = (name for name in first if re.fullmatch(r"en/.*drivers\.html", name))
    assert b"<code>another</code>" in changed[drivers]


def test_a_drawing_is_kept_and_one_that_is_not_used_goes(tmp_path: Path) -> None:
    option = {"xAxis": {"type": "category", "data": ["a"]}, "yAxis": {}, "animation": False}
    first = Charts(tmp_path)
    bars = option | {"series": [{"type": "bar", "data": [2.0]}]}
    svg = first.svg(bars, [[(2.0, "a: 2 < 3")]], (300, 200))
    assert 'data-value="2.0"' in svg and "<title>a: 2 &lt; 3</title>" in svg
    assert not re.search(r"<style|class=|style=|ecmeta", svg)
    again = Charts(tmp_path)
    assert again.svg(bars, [[(2.0, "a: 2 < 3")]], (300, 200)) == svg and again.drawn == 0
    other = Charts(tmp_path)
    other.svg(bars, [[(2.0, "other")]], (300, 200))
    other.forget_unused()
    assert len(list(tmp_path.glob("*.svg"))) == 1


def test_a_crash_of_what_draws_ends_the_site_and_not_the_run(tmp_path: Path) -> None:
    """V8 is native: killed as a crash would, the next drawing is an error like any other."""
    charts = Charts(tmp_path)
    option = {"xAxis": {"type": "category", "data": ["a"]}, "yAxis": {}, "animation": False}
    charts.svg(option | {"series": [{"type": "bar", "data": [2.0]}]}, [[(2.0, "a")]], (300, 200))
    drawer = charts._drawer
    drawer.send_signal(signal.SIGSEGV)
    with pytest.raises(RuntimeError, match="the drawing process ended with -11"):
        charts.svg(option | {"series": []}, [], (300, 200))
    with pytest.raises(RuntimeError, match="a chart cannot be drawn"):
        Charts(None).svg(option | {"series": 3, "xAxis": "none"}, [], (300, 200), "no geometry")
    other = Charts(None)
    pid = other._drawer.pid
    del other
    assert not Path(f"/proc/{pid}").exists()


def test_the_command_says_where_the_site_is(
    published_home: Home, site: Path, tmp_path: Path
) -> None:
    from click.testing import CliRunner

    home = ["--home", str(published_home.root)]
    told = CliRunner().invoke(main, ["site", *home])
    assert Path(told.stdout.strip()).resolve() == site / "index.html"
    (tmp_path / "kept.txt").touch()
    refused = CliRunner().invoke(main, ["site", *home, "--output", str(tmp_path)])
    assert refused.exit_code == 1 and "not empty" in refused.output
