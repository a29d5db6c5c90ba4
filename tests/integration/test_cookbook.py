"""docs/cookbook: each file is a question in two languages, and its answer is kept beside it.

GREENPARK_SNAPSHOT=write rewrites the answers from the shipped data; look at what changed.
"""

from __future__ import annotations

import os
import re

import duckdb
import pytest
from answers import printed

from orchestration.settings import PROJECT_ROOT

FOLDER = PROJECT_ROOT / "docs" / "cookbook"
RECIPES = sorted(FOLDER.glob("*.sql"))
CHINESE = re.compile(r"[\u4e00-\u9fff]")


def test_they_are_numbered_and_each_has_an_answer() -> None:
    assert [int(path.name[:2]) for path in RECIPES] == list(range(1, len(RECIPES) + 1))
    assert len(RECIPES) == 42
    assert {path.stem for path in FOLDER.glob("*.txt")} == {path.stem for path in RECIPES}


@pytest.mark.parametrize("name", [path.stem for path in RECIPES])
def test_the_answer_is_the_one_kept(name: str, warehouse: duckdb.DuckDBPyConnection) -> None:
    sql = (FOLDER / f"{name}.sql").read_text(encoding="utf-8")
    english, chinese, *query = sql.splitlines()
    assert english.startswith("-- ") and english.endswith("?") and not CHINESE.search(english)
    assert chinese.startswith("-- ") and chinese.endswith("？") and CHINESE.search(chinese)
    assert not re.search(r"\b(v1|v2|raw)\.", sql)
    answer = printed(warehouse, "\n".join(query))
    assert len(answer.splitlines()) > 1, "no rows"
    kept = FOLDER / f"{name}.txt"
    if os.environ.get("GREENPARK_SNAPSHOT") == "write":
        kept.write_text(answer, encoding="utf-8")
    assert kept.read_text(encoding="utf-8") == answer
