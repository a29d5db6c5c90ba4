"""The site as one report on paper: the same sections, set by Typst."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

import duckdb

from orchestration.inventory.pages import font_folder
from orchestration.site.build import TEMPLATES, Site


def pdf(database: Path, lang: str, with_map: bool = True) -> bytes:
    """The report of a published file in one language, as PDF; the same bytes on any machine."""
    import typst

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with duckdb.connect(str(database), read_only=True) as connection:
            site = Site(connection, folder, with_map=with_map)
            chapters = list(site.chapters(lang))
            version = site.facts.rows("version")[0]["version"]
        charts = 0
        for chapter in chapters:
            for section in chapter["sections"]:
                if section["chart"]:
                    charts += 1
                    drawing = folder / f"{charts}.svg"
                    drawing.write_text(section["chart"], encoding="utf-8")
                    section["chart"] = drawing.name
        said = {key: pair[lang] for key, pair in site.spec["ui"].items()}
        report = {"lang": lang, "version": version, "ui": said, "chapters": chapters}
        (folder / "report.json").write_text(json.dumps(report, ensure_ascii=False), "utf-8")
        page = folder / "paper.typ"
        page.write_bytes((TEMPLATES / "paper.typ").read_bytes())
        compiled: bytes = typst.compile(
            page, root=folder, font_paths=[font_folder()], ignore_system_fonts=True
        )
    return compiled
