"""Builds the site: for every page its sections, for every section chart, table, SQL and CSV."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import duckdb
import yaml

from orchestration.database import literal
from orchestration.serving.output import write_csv
from orchestration.site.charts import ASSETS, Charts
from orchestration.site.facts import (
    AS_IT_STANDS,
    CODE,
    LANGUAGES,
    NAMELESS,
    Facts,
    Row,
    Words,
)
from orchestration.site.options import drawing

HERE = Path(__file__).parent
PAGES = HERE / "pages.yml"
TEMPLATES = HERE / "templates"
STATIC = ("site.css",)
SHORT = 14  # signs that a cell keeps on one line
COOKBOOK = Path(__file__).parents[2] / "docs" / "cookbook"
# For each kind of page the query that lists its subjects, and the column that says which is whose.
SCOPES = {"site": (None, None), "province": ("provinces", "province_code"),
          "city": ("cities", "city_code"), "park": ("parks", "park_id")}


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
                return f"{page}/{_safe(self.code)}.html"
            case _:
                return f"{page}.html"


def _safe(code: str) -> str:
    """A code as a file name: what a path cannot hold is written as its number."""
    return re.sub(r"[^\w.-]|^\.", lambda match: f"~{ord(match[0]):x}", code)


class Site:
    """One build of the site from one published file."""

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        folder: Path,
        kept: Path | None = None,
        has_previous: bool = False,
        with_map: bool = True,
    ) -> None:
        self.facts = Facts(connection)
        self.has_previous = has_previous
        self.folder = folder
        self.charts = Charts(kept)
        self.with_map = with_map
        self.spec = yaml.safe_load(PAGES.read_text(encoding="utf-8"))
        self.words = {
            lang: Words(self.facts, lang, self.spec["labels"]) for lang in LANGUAGES
        }
        self.pages = 0
        self._written: set[Path] = set()

    def build(self) -> int:
        """Write every page in both languages; returns how many files a reader can open."""
        (self.folder / "assets").mkdir(parents=True)
        for name in STATIC:
            shutil.copyfile(ASSETS / name, self.folder / "assets" / name)
        for page in self.spec["pages"]:
            for subject in self.subjects(page["scope"]):
                self._page(page, subject)
        first = self._template("start.html.j2", languages=LANGUAGES)
        (self.folder / "index.html").write_text(first, encoding="utf-8")
        self.charts.forget_unused()
        return self.pages

    def subjects(self, scope: str) -> list[Subject]:
        """All that has pages of a kind."""
        query = SCOPES[scope][0]
        return [Subject(scope, row) for row in self.facts.rows(query)] if query else [Subject(scope)]

    @cached_property
    def _places(self) -> dict[tuple[str, str], str]:
        """Where the page of a city or park lies: cells that name one lead to it."""
        return {
            (subject.scope, subject.code): subject.path(page["page"])
            for page in self.spec["pages"]
            if page["scope"] in ("city", "park")
            for subject in self.subjects(page["scope"])
        }

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
        path = subject.path(page["page"])
        found = [entry for section in page["sections"] for entry in self._parts(section, subject)]
        for lang in LANGUAGES:
            words = self.words[lang]
            up = "../" * (path.count("/") + 1)
            sections = [
                self._section(section, rows, conditions, words, path, up)
                for section, rows, conditions in found
            ]
            content = self._template(
                "page.html.j2",
                lang=lang,
                other=next(other for other in LANGUAGES if other != lang),
                t=lambda pair, lang=lang: pair[lang],
                ui={key: pair[lang] for key, pair in self.spec["ui"].items()},
                up=up,
                path=path,
                title=self._filled(page["title"], subject, lang),
                lead=self._filled(page.get("lead"), subject, lang),
                is_model=any(section["is_model"] for section in sections)
                or bool(subject.row.get("is_model")),
                sections=sections,
                recipes=_recipes() if page.get("cookbook") else [],
                formulas=page.get("formulas", []),
                nav=self._nav(subject, lang, page["page"]),
                siblings=self._siblings(page, subject, lang),
                version=self.facts.rows("version")[0],
            )
            target = self.folder / lang / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(content, encoding="utf-8")
            self.pages += 1

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

    # --- a section -------------------------------------------------------------------------------

    def _parts(
        self, section: dict[str, Any], subject: Subject
    ) -> Iterator[tuple[dict[str, Any], list[Row], dict[str, Any]]]:
        """The section with its rows; one for each value of the column that it is split by."""
        rows = self._rows(section["query"], subject)
        conditions = {subject.key: subject.code} if subject.key else {}
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

    def _section(
        self,
        section: dict[str, Any],
        rows: list[Row],
        conditions: dict[str, Any],
        words: Words,
        path: str,
        up: str,
    ) -> dict[str, Any]:
        part = section.get("part")
        name = section.get("id", section["query"]) + (f"-{_safe(str(part[1]))}" if part else "")
        title = section["title"][words.lang]
        if part:
            title = title.replace("{part}", words.word(*part))
        columns = [column.replace("{lang}", words.lang) for column in section.get("columns", [])]
        cards = [column.replace("{lang}", words.lang) for column in section.get("cards", [])]
        data = Path("data", path).with_suffix("") / f"{name}.csv"
        if rows and data not in self._written:
            self._written.add(data)
            target = self.folder / data
            target.parent.mkdir(parents=True, exist_ok=True)
            shown = [key for key in rows[0] if key != "is_model"]
            with target.open("w", encoding="utf-8", newline="") as sink:
                write_csv(sink, shown, ([row[key] for key in shown] for row in rows))
        return {
            "id": name,
            "title": title,
            "text": section.get("text", {}).get(words.lang, ""),
            "is_model": any(row.get("is_model") for row in rows),
            "chart": self._chart(section, rows, words),
            "table": self._table(section, columns, rows, words, up) if rows and columns else None,
            "cards": [
                [self._cell(column, row, words, words.scale(column, [row]), up) for column in cards]
                for row in rows
            ]
            if cards
            else [],
            "csv": up + data.as_posix() if rows else "",
            "sql": self.facts.sql(section["query"], conditions),
            "is_empty": not rows,
        }

    def _chart(
        self, section: dict[str, Any], rows: list[Row], words: Words
    ) -> dict[str, Any] | None:
        spec = section.get("chart")
        if spec is None:
            return None
        drawn = [row for row in rows if all(row.get(k) == v for k, v in spec.get("where", {}).items())]
        drawn = drawn[: spec.get("top", len(drawn))]
        columns = spec["y"] if isinstance(spec["y"], list) else [spec["y"]]
        if not any(row[column] is not None for row in drawn for column in columns):
            return None
        geometry = self._geometry(drawn) if spec["kind"] == "map" else ""
        if spec["kind"] == "map" and not geometry:
            return None
        sizes = []
        for is_wide in (True, False):
            made = drawing(spec, drawn, words, is_wide, geometry)
            sizes.append(self.charts.svg(made.option, made.tips, made.size, made.geometry))
        caption = spec.get("caption", {}).get(words.lang, "")
        labels = ", ".join(dict.fromkeys(words.label(column) for column in columns))
        return {"wide": sizes[0], "narrow": sizes[1], "caption": caption, "label": labels,
                "is_map": bool(geometry), "kind": spec["kind"]}

    def _geometry(self, rows: list[Row]) -> str:
        """The map of the province that the areas lie in, its areas known by their codes."""
        path = ASSETS / "maps" / f"{rows[0]['province_code']}.json"
        if not self.with_map or not path.exists():
            return ""
        areas = json.loads(path.read_text(encoding="utf-8"))
        for feature in areas["features"]:
            feature["properties"]["code"] = str(feature.get("id"))
        return json.dumps(areas, ensure_ascii=False, sort_keys=True)

    def _table(
        self,
        section: dict[str, Any],
        columns: list[str],
        rows: list[Row],
        words: Words,
        up: str,
    ) -> dict[str, Any]:
        scales = {column: words.scale(column, rows) for column in columns}
        heads = [
            {
                "column": column,
                "label": words.label(column),
                "unit": "" if scales[column].unit == "%" else scales[column].unit,
                "is_number": any(_is_number(row[column]) for row in rows),
            }
            for column in columns
        ]
        wanted = section.get("filter")
        values = list(dict.fromkeys(row[wanted] for row in rows)) if wanted else []
        return {
            "heads": heads,
            "rows": [
                {
                    "anchor": str(row.get(section.get("anchor", ""), "")),
                    "class": f"f{values.index(row[wanted])}" if wanted else "",
                    "cells": [
                        self._cell(column, row, words, scales[column], up) for column in columns
                    ],
                }
                for row in rows
            ],
            "filters": [
                {
                    "text": words.word(wanted, value),
                    "count": sum(row[wanted] == value for row in rows),
                }
                for value in values
            ]
            if wanted
            else [],
            "is_choice": bool(section.get("choice")),
        }

    def _cell(
        self, column: str, row: Row, words: Words, scale: Any, up: str
    ) -> dict[str, Any]:
        value = row[column]
        cell = {
            "column": column,
            "label": words.label(column),
            "value": None,
            "code": "",
            "href": "",
            "unit": "",
            "is_id": False,
            "is_short": True,
        }
        if _is_number(value):
            unit = "" if scale.unit == "%" else scale.unit
            return cell | {"text": scale.text(value), "value": repr(value), "unit": unit}
        text = words.word(column, value)
        scope = {"park_id": "park", "region_code": "city", "city_code": "city"}.get(column, "")
        if place := self._places.get((scope, str(value))):
            cell["href"] = f"{up}{words.lang}/{place}"
        is_id = text == str(value) and (column.endswith("_id") or column in NAMELESS)
        is_known = value is not None and not is_id
        if is_known and column not in AS_IT_STANDS and CODE.fullmatch(str(value).lower()):
            cell["code"] = str(value).lower()
        return cell | {"text": text, "is_id": is_id, "is_short": len(text) <= SHORT}


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _recipes() -> list[dict[str, str]]:
    """The questions of the cookbook: each a file of SQL whose first comments are the question."""
    recipes = []
    for path in sorted(COOKBOOK.glob("*.sql")):
        text = path.read_text(encoding="utf-8").strip()
        lead = [line.removeprefix("--").strip() for line in text.splitlines() if line[:2] == "--"]
        recipes.append({"name": path.stem, "question": " ".join(lead[:2]) or path.stem, "sql": text})
    return recipes


def build(
    database: Path,
    folder: Path,
    kept: Path | None = None,
    previous: Path | None = None,
    with_map: bool = True,
) -> int:
    """Build the site of a published file in a folder that is made for it; returns its pages.

    `kept` holds drawings of builds before: what is drawn already is not drawn again. `previous` is
    the version that readers saw before, for the page of what changed.
    """
    with duckdb.connect(str(database), read_only=True) as connection:
        connection.execute("set threads = 2")
        has_previous = previous is not None and _attach(connection, previous)
        return Site(connection, folder, kept, has_previous, with_map).build()


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
