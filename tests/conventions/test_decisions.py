"""Every decision has a number, a day, a state and the tables it touches; links to it arrive."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "DECISIONS.md").read_text(encoding="utf-8")
HEADING = re.compile(r"^## (.*)\n\n(.*)\n", re.MULTILINE)
DECISIONS = [(match[1], match[2]) for match in HEADING.finditer(TEXT)]
IDS = [heading.split()[0] for heading, _ in DECISIONS]
LINE = re.compile(
    r"(?P<day>\d{4}-\d\d-\d\d) · (?P<state>in force|superseded by (?P<by>D\d\d+)|withdrawn) · "
    r"touches (?P<touches>every mart|no mart|`\w+\.\w+`(?:, `\w+\.\w+`)*)"
)
LINK = re.compile(r"DECISIONS\.md#([\w-]+)")


def _tables() -> set[str]:
    """The marts, by schema and name, and the tables of `quality` that dbt reads as sources."""
    models = ROOT / "dbt_project" / "models"
    marts = {f"{path.parent.name}.{path.stem}" for path in (models / "marts").glob("*/*.sql")}
    sources = yaml.safe_load((models / "sources.yml").read_text(encoding="utf-8"))["sources"]
    landed = {
        f"{source['name']}.{table['name']}" for source in sources for table in source["tables"]
    }
    return marts | landed


def _anchor(heading: str) -> str:
    """The anchor that GitHub gives a heading."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def test_ids_are_unique_and_ascend() -> None:
    assert len(IDS) == TEXT.count("\n## ")
    assert [number for number in IDS if not re.fullmatch(r"D\d\d+", number)] == []
    numbers = [int(number[1:]) for number in IDS]
    assert numbers == sorted(set(numbers))


@pytest.mark.parametrize(("heading", "line"), DECISIONS, ids=IDS)
def test_each_has_a_day_a_state_and_tables_that_exist(heading: str, line: str) -> None:
    found = LINE.fullmatch(line)
    assert found, f"{heading}: {line}"
    date.fromisoformat(found["day"])
    assert found["by"] is None or found["by"] in IDS
    assert set(re.findall(r"`(.*?)`", found["touches"])) - _tables() == set()


def test_links_to_a_decision_arrive() -> None:
    anchors = {_anchor(heading) for heading, _ in DECISIONS}
    pages = [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")]
    targets = [
        (page.name, target)
        for page in pages
        for target in LINK.findall(page.read_text(encoding="utf-8"))
    ]
    assert targets
    assert [(name, target) for name, target in targets if target not in anchors] == []
