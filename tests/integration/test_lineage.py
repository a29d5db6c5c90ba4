"""`greenpark lineage`: dbt's documentation as one page that asks nobody for anything."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from orchestration.cli import main
from orchestration.settings import Home


@pytest.fixture(scope="module")
def page(published_home: Home, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page, written twice: the same bytes."""
    folder = tmp_path_factory.mktemp("lineage")
    for name in ("first.html", "lineage.html"):
        command = ["lineage", "--home", str(published_home.root), "--output", str(folder / name)]
        told = CliRunner().invoke(main, command)
        assert told.exit_code == 0, told.output
    assert (folder / "first.html").read_bytes() == (folder / "lineage.html").read_bytes()
    return folder / "lineage.html"


def test_the_page_opens_with_all_else_refused(page: Path) -> None:
    """A table, its bilingual description, its columns and its lineage; no request but the file."""
    from playwright.sync_api import sync_playwright

    chromium = shutil.which("chromium")
    assert chromium, "Chromium is not installed: make chromium"
    refused: list[str] = []

    def route(asked: Any) -> None:
        if asked.request.url.startswith((page.as_uri(), "data:", "blob:")):
            asked.continue_()
        else:
            refused.append(asked.request.url)
            asked.abort()

    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        tab = opened.new_page(viewport={"width": 1280, "height": 900})
        tab.route("**/*", route)
        faults: list[str] = []
        tab.on("pageerror", lambda error: faults.append(str(error)))
        tab.goto(f"{page.as_uri()}#!/model/model.greenpark.province_year")
        tab.wait_for_selector("text=Indicators of provinces by year", timeout=60_000)
        said = tab.inner_text("body")
        opened.close()
    assert "\u7701\u7ea7\u5e74\u5ea6\u6307\u6807" in said
    assert "co2_t_per_gdp" in said
    assert refused == []
    assert faults == []


def test_every_mart_is_in_the_page_with_its_columns(page: Path, manifest: dict[str, Any]) -> None:
    text = page.read_text(encoding="utf-8")
    start = text.index('{"errors": null, "metadata": {}, "nodes"')
    catalog, _ = json.JSONDecoder().raw_decode(text[start:].replace("<\\/", "</"))
    marts = {
        unique_id: node
        for unique_id, node in manifest["nodes"].items()
        if node["resource_type"] == "model" and node["fqn"][1] == "marts"
    }
    assert len(marts) > 100
    assert marts.keys() <= catalog["nodes"].keys()
    for unique_id, node in marts.items():
        assert catalog["nodes"][unique_id]["columns"].keys() >= node["columns"].keys(), unique_id
