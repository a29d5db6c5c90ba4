"""Models run on DuckDB and on Spark: they may use only what means the same on both.

What differs is behind a macro of `dbt_project/macros/dialect`. The compiled SQL is read, so that
macros are judged by what they write.
"""

from __future__ import annotations

import csv
import re
from itertools import pairwise
from typing import Any

import pytest
from sqlglot.dialects import DuckDB
from sqlglot.tokens import Token, TokenType

from orchestration.settings import PROJECT_ROOT, Home

DIALECT = PROJECT_ROOT / "dbt_project" / "macros" / "dialect"
# sqlfluff keeps a function's name and its parenthesis together and a keyword's apart, so these
# are the keywords of which it does not.
NOT_FUNCTIONS = {"values"}
# A function that a macro of macros/dialect writes for DuckDB.
DISPATCHED = re.compile(r"macro (?:default|duckdb)__(\w+)")
# How dbt writes a ref.
RELATION = re.compile(r'"\w+"\."\w+"\."\w+"')
NOT_PORTABLE = {
    "//": "integer division: floor(a / b)",
    "::": "cast(x as type)",
    "[": "lists: their index differs",
    "{": "structs",
    '"': "quoted identifiers: snake_case needs none",
    "* exclude": "list the columns",
    "* replace": "list the columns",
    "ilike": "lower(x) like",
    "asof": "join on the greatest key",
}


def _portable() -> set[str]:
    with (DIALECT / "portable_functions.csv").open(encoding="utf-8") as handle:
        return {row["function"] for row in csv.DictReader(handle)}


def _dispatched() -> set[str]:
    text = "".join(path.read_text(encoding="utf-8") for path in DIALECT.glob("*.sql"))
    return set(DISPATCHED.findall(text))


def functions(sql: str) -> set[str]:
    """The names of the functions that `sql` calls."""
    tokens = _tokens(sql)
    return {
        name.text.lower()
        for name, after in pairwise(tokens)
        if after.token_type == TokenType.L_PAREN
        and after.start == name.end + 1
        and re.fullmatch(r"\w+", name.text)
        and name.text.lower() not in NOT_FUNCTIONS
    }


def faults(sql: str) -> set[str]:
    """What `sql` uses besides functions that is not the same on both engines."""
    found = set()
    sql = RELATION.sub("relation", sql)
    for token, after in pairwise([*_tokens(sql), None]):
        text = sql[token.start : token.end + 1].lower()
        if token.token_type == TokenType.STRING:
            continue
        if token.token_type == TokenType.NUMBER and "." in text and "e" not in text:
            found.add(f"{text}: a decimal on Spark, write {text}e0 or an integer")
        if text.startswith('"'):
            found.add(f'": {NOT_PORTABLE[chr(34)]}')
        for key in (text, f"{text} {after.text.lower()}" if after else text):
            if key in NOT_PORTABLE:
                found.add(f"{key}: {NOT_PORTABLE[key]}")
    return found


def _tokens(sql: str) -> list[Token]:
    return DuckDB().tokenize(sql)


@pytest.fixture(scope="module")
def compiled(published_home: Home) -> dict[str, str]:
    """The SQL dbt ran for each model and each test of the project, by file."""
    folder = published_home.target / "compiled" / "greenpark"
    # A unit test's query holds its rows, and is run on DuckDB alone.
    paths = (path for path in folder.rglob("*.sql") if path.parent.suffix != ".yml")
    files = [path for path in paths if path.is_file() and ".yml/models" not in path.as_posix()]
    assert files
    return {str(path.relative_to(folder)): path.read_text(encoding="utf-8") for path in files}


def test_models_call_only_portable_functions(compiled: dict[str, str]) -> None:
    allowed = _portable() | _dispatched()
    assert {
        (name, function)
        for name, sql in compiled.items()
        for function in functions(sql)
        if function not in allowed
    } == set(), "add it to portable_functions.csv if both engines agree, else dispatch it"


def test_models_use_only_portable_syntax(compiled: dict[str, str]) -> None:
    assert {name: faults(sql) for name, sql in compiled.items() if faults(sql)} == {}


def test_engines_are_told_apart_nowhere_else() -> None:
    folder = PROJECT_ROOT / "dbt_project"
    tells = re.compile(r"target\.type|adapter\.(?:dispatch|type)\b|macro (?:duckdb|spark)__")
    assert [
        path.relative_to(folder).as_posix()
        for part in ("models", "macros", "tests")
        for path in sorted((folder / part).rglob("*.sql"))
        if not path.is_relative_to(DIALECT) and tells.search(path.read_text(encoding="utf-8"))
    ] == []


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("select list_sum(a) from t -- arg_max(b)", {"list_sum"}),
        ("select 'sum(' || a from t where a in (1) and exists (select 1)", set()),
        ("with t (a) as (values (1)) select max(a) over (order by b) from t", {"max"}),
    ],
)
def test_functions_are_found(sql: str, expected: Any) -> None:
    assert functions(sql) == expected


@pytest.mark.parametrize(
    "sql",
    [
        "select a // b from t",
        "select a::int from t",
        "select * exclude (a) from t",
        "select 1.0 / a from t",
        "select [1] from t",
        'select "Year" from t',
    ],
)
def test_faults_are_found(sql: str) -> None:
    assert faults(sql)


def test_ordinary_sql_has_no_faults() -> None:
    assert faults("select a / 2, 1e-9, replace(b, '1.0', '[') from t where b like 'a%'") == set()
