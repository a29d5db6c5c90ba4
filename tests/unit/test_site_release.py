"""The site of a version: built beside it, left out if asked, never in the way of the data."""

from __future__ import annotations

from pathlib import Path

import pytest

from orchestration.errors import GreenparkError
from orchestration.settings import Home, site_setting
from orchestration.site import build as site_build
from orchestration.site.release import build_into


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home.resolve(tmp_path / "home").ensure()


def test_a_site_that_fails_is_removed_and_told(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(database: Path, folder: Path, *rest: object, **more: object) -> int:
        (folder / "half.html").touch()
        raise ValueError("no such column")

    monkeypatch.delenv("GREENPARK_SITE", raising=False)
    monkeypatch.setattr(site_build, "build", fail)
    said: list[str] = []
    build_into(home.build, home, None, said.append)
    assert said == ["the site was not built: ValueError: no such column"]
    assert list(home.build.iterdir()) == []


@pytest.mark.parametrize(("setting", "with_map"), [("", True), ("without_map", False)])
def test_a_setting_leaves_out_maps(
    home: Home, monkeypatch: pytest.MonkeyPatch, setting: str, with_map: bool
) -> None:
    asked: list[object] = []
    monkeypatch.setenv("GREENPARK_SITE", setting)
    monkeypatch.setattr(site_build, "build", lambda *given, **rest: asked.extend(given) or 3)
    build_into(home.build, home, None, lambda line: None)
    assert asked[-1] is with_map


def test_off_builds_nothing_and_another_word_is_refused(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GREENPARK_SITE", "off")
    build_into(home.build, home, None, pytest.fail)
    assert list(home.build.iterdir()) == []
    monkeypatch.setenv("GREENPARK_SITE", "maybe")
    with pytest.raises(GreenparkError, match="maybe"):
        site_setting()
