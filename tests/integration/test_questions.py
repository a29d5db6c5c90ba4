"""docs/questions.md: each question is one SELECT that an analyst types first, and its answer.

GREENPARK_SNAPSHOT=write rewrites the answers from the shipped data; look at what changed.
"""

from __future__ import annotations

import os
import re

import duckdb
import pytest
from answers import printed

from orchestration.settings import PROJECT_ROOT

PAGE = PROJECT_ROOT / "docs" / "questions.md"
QUESTION = re.compile(
    r"^## (?P<number>\d+)\. (?P<title>[^\n]+)\n(?P<head>.*?)"
    r"```sql\n(?P<sql>.*?)```\n\n```text\n(?P<answer>.*?)```",
    re.DOTALL | re.MULTILINE,
)
CHINESE = re.compile(r"[\u4e00-\u9fff]")
MOST_FILTERS = 3


def questions() -> list[re.Match[str]]:
    return list(QUESTION.finditer(PAGE.read_text(encoding="utf-8")))


def test_there_are_25_questions_in_both_languages() -> None:
    asked = questions()
    assert [int(question["number"]) for question in asked] == list(range(1, 26))
    for question in asked:
        lines = question["title"].split(" · ")
        assert len(lines) == 2 and CHINESE.search(lines[1]), question["title"]
        assert not CHINESE.search(lines[0]), question["title"]


def test_each_question_is_one_select_with_three_filters_at_most() -> None:
    for question in questions():
        sql = question["sql"].lower()
        assert len(re.findall(r"\bselect\b", sql)) == 1, question["title"]
        where = re.split(r"\b(?:group by|order by|limit)\b", sql.partition("where")[2])[0]
        assert " or " not in where
        filters = len(re.findall(r"\band\b", where)) + bool(where.strip())
        filters -= len(re.findall(r"\bbetween\b", where))
        assert filters <= MOST_FILTERS, question["title"]


def test_each_question_reads_what_an_analyst_types_first() -> None:
    """No level, method or edition has to be known to leave out."""
    for question in questions():
        assert not re.search(r"\b(all_levels|v1|v2|raw)\.", question["sql"]), question["title"]


def test_the_answers_are_those_printed(warehouse: duckdb.DuckDBPyConnection) -> None:
    page = PAGE.read_text(encoding="utf-8")
    if os.environ.get("GREENPARK_SNAPSHOT") == "write":

        def answered(question: re.Match[str]) -> str:
            head = question[0][: question.start("answer") - question.start()]
            return f"{head}{printed(warehouse, question['sql'])}```"

        page = QUESTION.sub(answered, page)
        PAGE.write_text(page, encoding="utf-8")
    wrong = [
        (question["number"], answer)
        for question in QUESTION.finditer(page)
        if (answer := printed(warehouse, question["sql"])) != question["answer"]
    ]
    assert wrong == []


@pytest.mark.parametrize(
    ("number", "word"),
    [
        (2, "target_not_sourced"),
        (6, "quantity_not_held"),
        (9, "quantity_not_held"),
        (10, "split_frozen"),
        (11, "not_held"),
        (25, "not_listed"),
    ],
)
def test_what_is_refused_says_why(number: int, word: str) -> None:
    (question,) = [question for question in questions() if int(question["number"]) == number]
    assert word in question["answer"]
