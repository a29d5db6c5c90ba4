"""Builds the site: every page of every subject, in both languages."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import duckdb
import yaml

from orchestration.database import literal
from orchestration.settings import memory_limit
from orchestration.site import entities, search
from orchestration.site.charts import ASSETS, Charts
from orchestration.site.facts import LANGUAGES, WORDS, Facts, Row, Words
from orchestration.site.keeping import VERSION, Pages
from orchestration.site.recipes import recipes
from orchestration.site.sections import Sections, safe

HERE = Path(__file__).parent
PAGES = HERE / "pages.yml"
TEMPLATES = HERE / "templates"
STATIC = ("site.css",)
LINEAGE = "lineage.html"  # beside the pages, for both languages
COOKBOOK = Path(__file__).parents[2] / "docs" / "cookbook"
# For each kind of page the query that lists its subjects, and the column that says which is whose.
SCOPES = {
    "site": (None, None),
    "province": ("provinces", "province_code"),
    "city": ("cities", "city_code"),
    "park": ("parks", "park_id"),
}


@dataclass(frozen=True)
class Subject:
    """What a page is about: the whole version, a province, a city or a park."""

    scope: str
    row: Row = field(default_factory=dict)

    @property
    def key(self) -> str | None:
        return SCOPES[self.scope][1]

    @property
    def code(self) -> str:
        return str(self.row[self.key]) if self.key else ""

    @property
    def province(self) -> str:
        return str(self.row.get("province_code") or "")

    def path(self, page: str) -> str:
        """Where a page about it lies, below the folder of the language."""
        match self.scope:
            case "province":
                return f"{self.code}/{page}.html"
            case "city" | "park":
                return f"{page}/{safe(self.code)}.html"
            case _:
                return f"{page}.html"


class Site:
    """One build of the site from one published file."""

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        folder: Path,
        kept: Path | None = None,
        has_previous: bool = False,
        with_map: bool = True,
        with_search: bool = False,
        lineage: Path | None = None,
    ) -> None:
        self.facts = Facts(connection)
        self._connection = connection
        self.with_search = with_search
        self.lineage = lineage
        self.has_previous = has_previous
        self.folder = folder
        self.charts = Charts(kept)
        # The loader in C where there is one: the other takes half a second.
        loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        self.spec = yaml.load(PAGES.read_text(encoding="utf-8"), loader)
        self._sections = Sections(self.facts, self.charts, folder, with_map, self.spec["ui"])
        self.words = {
            lang: Words(self.facts, lang, self.spec["labels"], self.spec["codes"])
            for lang in LANGUAGES
        }
        self.pages = 0
        self._version = self.facts.rows("version")[0]
        told = [self.spec, with_map, with_search, has_previous, lineage is not None]
        told += [self._version[name] for name in ("as_of_vintage", "without_origins")]
        told += [self.facts.rows(query) for query, _ in SCOPES.values() if query]
        self._kept = Pages(kept / "pages", connection, told) if kept else None

    def build(self) -> int:
        """Write every page in both languages; returns how many files a reader can open."""
        (self.folder / "assets").mkdir(parents=True)
        for name in STATIC:
            shutil.copyfile(ASSETS / name, self.folder / "assets" / name)
        for page in self.spec["pages"]:
            if page["scope"] in ("city", "park"):
                for subject in self.subjects(page["scope"]):
                    place = subject.path(page["page"])
                    self._sections.places[subject.scope, subject.code] = place
        for page in self.spec["pages"]:
            for subject in self.subjects(page["scope"]):
                self._page(page, subject)
        first = self._template("start.html.j2", languages=LANGUAGES)
        (self.folder / "index.html").write_text(first, encoding="utf-8")
        if self.lineage:
            shutil.copyfile(self.lineage, self.folder / LINEAGE)
        if self.with_search:
            for lang in LANGUAGES:
                page = self._template("search.html.j2", **self._frame(lang))
                (self.folder / lang / search.PAGE).write_text(page, encoding="utf-8")
            search.index(self.folder)
        self.charts.forget_unused()
        if self._kept:
            self._kept.finish()
        return self.pages

    def subjects(self, scope: str) -> list[Subject]:
        """All that has pages of a kind."""
        query = SCOPES[scope][0]
        return (
            [Subject(scope, row) for row in self.facts.rows(query)] if query else [Subject(scope)]
        )

    @cached_property
    def _environment(self) -> Any:
        from jinja2 import Environment, FileSystemLoader, StrictUndefined

        return Environment(
            loader=FileSystemLoader(TEMPLATES),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )

    def _template(self, file: str, **context: Any) -> str:
        return str(self._environment.get_template(file).render(context))

    # --- a page ----------------------------------------------------------------------------------

    def _page(self, page: dict[str, Any], subject: Subject) -> None:
        """Write a page in both languages and its data: as it is kept, or made."""
        path = subject.path(page["page"])
        key = self._key(page, subject)
        made = self._kept.page(key) if self._kept and key else None
        if made is None:
            made = self._made(page, subject)
            if self._kept:
                self._kept.keep(key, made)
        else:
            for name, text in made["data"].items():
                (self.folder / name).parent.mkdir(parents=True, exist_ok=True)
                (self.folder / name).write_text(text, encoding="utf-8", newline="")
        self.charts.used.update(made["drawings"])
        for lang in LANGUAGES:
            target = self.folder / lang / path
            target.parent.mkdir(parents=True, exist_ok=True)
            content = made[lang].replace(VERSION, self._version["version"])
            target.write_text(content, encoding="utf-8")
            self.pages += 1

    def _key(self, page: dict[str, Any], subject: Subject) -> str | None:
        """What the page hangs on, but for what every page does."""
        if self._kept is None or page.get("cookbook"):  # asks what no file of the site lists
            return None
        queries = [self.facts.text(section["query"]) for section in page["sections"]]
        queries = [text for text in queries if self.has_previous or "previous." not in text]
        queries += [*WORDS, *((entities.VIEWS, entities.ENTITIES) if page.get("entities") else ())]
        return self._kept.key(queries, [page["page"], subject.scope, subject.code])

    def _made(self, page: dict[str, Any], subject: Subject) -> dict[str, Any]:
        """The page in each language, its data by file, and the names of its drawings."""
        path = subject.path(page["page"])
        before, self.charts.used = self.charts.used, set()
        found = [entry for section in page["sections"] for entry in self._parts(section, subject)]
        answered = recipes(COOKBOOK, self._connection, LANGUAGES) if page.get("cookbook") else {}
        made: dict[str, Any] = {}
        data: dict[str, str] = {}
        for lang in LANGUAGES:
            words = self.words[lang]
            up = "../" * (path.count("/") + 1)
            sections = [
                self._sections.section(section, rows, conditions, words, path, up)
                for section, rows, conditions in found
            ]
            for section in sections:
                if section["csv"]:
                    name = section["csv"].removeprefix(up)
                    if name not in data:
                        with (self.folder / name).open(encoding="utf-8", newline="") as file:
                            data[name] = file.read()
            made[lang] = self._template(
                "page.html.j2",
                **self._frame(lang),
                t=lambda pair, lang=lang: pair[lang],
                up=up,
                path=path,
                title=self._filled(page["title"], subject, lang),
                lead=self._filled(page.get("lead"), subject, lang),
                is_model=any(section["is_model"] for section in sections)
                or bool(subject.row.get("is_model")),
                sections=sections,
                recipes=answered.get(lang, []),
                formulas=page.get("formulas", []),
                entities=entities.drawing(self.facts, words) if page.get("entities") else "",
                lineage=LINEAGE if self.lineage and page.get("lineage") else "",
                nav=self._nav(subject, lang, page["page"]),
                siblings=self._siblings(page, subject, lang),
                version=self._version | {"version": VERSION},
            )
        drawings, self.charts.used = sorted(self.charts.used), self.charts.used | before
        return made | {"data": data, "drawings": drawings}

    def _frame(self, lang: str) -> dict[str, Any]:
        """What every page is told: its language, the other one, and its own words."""
        return {
            "lang": lang,
            "other": next(other for other in LANGUAGES if other != lang),
            "ui": {key: pair[lang] for key, pair in self.spec["ui"].items()},
        }

    def _filled(self, pair: dict[str, str] | None, subject: Subject, lang: str) -> str:
        if pair is None:
            return ""
        name = self.words[lang].word(subject.key, subject.code) if subject.key else ""
        return pair[lang].replace("{name}", name)

    def _nav(self, subject: Subject, lang: str, current: str) -> list[dict[str, Any]]:
        """The pages in the order of use: those of the province that the reader is in."""
        provinces = self.subjects("province")
        home = next((p for p in provinces if p.code == subject.province), None)
        home = home or next(iter(provinces), None)
        entries = []
        for page in self.spec["pages"]:
            at = {"site": Subject("site"), "province": home}.get(page["scope"])
            if at is not None:
                entries.append(
                    {
                        "href": at.path(page["page"]),
                        "text": page["nav"][lang],
                        "is_here": page["page"] == current,
                    }
                )
        if self.with_search:
            said = self.spec["ui"]["search"][lang]
            entries.append({"href": search.PAGE, "text": said, "is_here": False})
        return entries

    def _siblings(self, page: dict[str, Any], subject: Subject, lang: str) -> list[dict[str, Any]]:
        """The same page of the other provinces, or of the other cities of the province."""
        if page["scope"] not in ("province", "city"):
            return []
        others = [
            other
            for other in self.subjects(page["scope"])
            if page["scope"] == "province" or other.province == subject.province
        ]
        words = self.words[lang]
        entries = [
            {
                "href": other.path(page["page"]),
                "text": words.word(other.key or "", other.code),
                "is_here": other == subject,
            }
            for other in others
        ]
        return entries if len(entries) > 1 else []

    # --- on paper --------------------------------------------------------------------------------

    def chapters(self, lang: str) -> Iterator[dict[str, Any]]:
        """The pages that a report on paper has: all but those of single cities and parks."""
        words = self.words[lang]
        for page in self.spec["pages"]:
            if page["scope"] not in ("site", "province") or page.get("off_paper"):
                continue
            for subject in self.subjects(page["scope"]):
                parts = [
                    self._sections.on_paper(section, rows, conditions, words)
                    for entry in page["sections"]
                    for section, rows, conditions in self._parts(entry, subject)
                    if rows
                ]
                yield {
                    "title": self._filled(page["title"], subject, lang),
                    "lead": self._filled(page.get("lead"), subject, lang),
                    "sections": parts,
                }

    # --- the rows of a section -------------------------------------------------------------------

    def _parts(
        self, section: dict[str, Any], subject: Subject
    ) -> Iterator[tuple[dict[str, Any], list[Row], dict[str, Any]]]:
        """The section with its rows; one for each value of the column that it is split by."""
        wanted = section.get("where", {})
        rows = self._rows(section["query"], subject)
        rows = [row for row in rows if all(row[key] == value for key, value in wanted.items())]
        conditions = ({subject.key: subject.code} if subject.key else {}) | wanted
        split = section.get("split")
        if split is None:
            yield section, rows, conditions
            return
        parts: dict[Any, list[Row]] = {}
        for row in rows:
            parts.setdefault(row[split], []).append(row)
        if not parts:
            yield section, rows, conditions
        for value, own in parts.items():
            yield section | {"part": (split, value)}, own, conditions | {split: value}

    def _rows(self, query: str, subject: Subject) -> list[Row]:
        """The rows of a page; none of what compares with a version that there is not."""
        if "previous." in self.facts.text(query) and not self.has_previous:
            return []
        return self.facts.of(query, subject.key, subject.code or None)


def build(
    database: Path,
    folder: Path,
    kept: Path | None = None,
    previous: Path | None = None,
    with_map: bool = True,
    with_search: bool = False,
    memory: str | None = None,
    lineage: Path | None = None,
) -> int:
    """Build the site of a published file in a folder that is made for it; returns its pages.

    `kept` holds drawings of builds before: what is drawn already is not drawn again. `previous` is
    the version that readers saw before, for the page of what changed. `memory` is what DuckDB may
    take, else the limit of the job. `lineage` is the page of lineage, which is copied and linked.
    """
    with duckdb.connect(str(database), read_only=True) as connection:
        # Else it takes four fifths of the machine, whatever the job may.
        connection.execute(f"set memory_limit = {literal(memory or memory_limit())}")
        connection.execute("set threads = 2")
        has_previous = previous is not None and _attach(connection, previous)
        options = (with_map, with_search, lineage)
        return Site(connection, folder, kept, has_previous, *options).build()


def _attach(connection: duckdb.DuckDBPyConnection, previous: Path) -> bool:
    """Attach the version before, if it has what is compared."""
    if not previous.exists():
        return False
    connection.execute(f"attach {literal(previous)} as previous (read_only)")
    found = connection.execute(
        "select count(*) from duckdb_tables() where database_name = 'previous' "
        "and schema_name = 'quality' and table_name in ('table_hashes', 'reconciliation')"
    ).fetchone()
    return found == (2,)
