"""One change of a text of SQL with Jinja: an operator, literal, join, condition or column.

The places are found among the tokens of sqlglot. Jinja is hidden from it by blanks and names of the
same length, so that a place in the tokens is the place in the file.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

from sqlglot import tokenize
from sqlglot.tokens import Token, TokenType

JINJA = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", re.DOTALL)
SWAPPED = {"+": "-", "-": "+", "*": "/", "/": "*", "<": "<=", ">": ">=", "<=": "<", ">=": ">"}
EQUALS = {"=": "<>", "<>": "="}
AGGREGATES = {"sum": "max", "max": "min", "min": "max", "avg": "sum", "median": "avg"}
OPERANDS = (TokenType.VAR, TokenType.NUMBER, TokenType.R_PAREN, TokenType.STRING)
# What a condition ends at, on its own level.
ENDS = {"and", "or", "then", "when", "else", "end", "group", "order", "having", "qualify", "select"}
ENDS |= {"union", "left", "inner", "cross", "join", "where", "on", "limit", "window", "as", ","}
CLAUSES = {"on", "where", "select", "when", "having", "qualify", "by", "then"}


class Change(NamedTuple):
    """What is put in the place of a part of a text."""

    kind: str
    start: int
    end: int  # exclusive
    text: str


def hide_jinja(text: str) -> str:
    """The text with Jinja's expressions as names and its statements as blanks, none longer."""

    def hidden(found: re.Match[str]) -> str:
        part = found[0]
        if part.startswith("{{"):
            return "j" * len(part)
        return re.sub(r"[^\n]", " ", part)

    return JINJA.sub(hidden, text)


def changes(text: str) -> list[Change]:
    """Every change that can be made, in the order of the text."""
    tokens = tokenize(hide_jinja(text), read="duckdb")
    found = [
        *_operators(tokens),
        *_literals(text, tokens),
        *_joins(tokens),
        *_conditions(text, tokens),
        *_negations(tokens),
        *_aggregates(tokens),
        *_columns(tokens),
        *_orders(tokens),
    ]
    return sorted(change for change in found if change.text != text[change.start : change.end])


def apply(text: str, change: Change) -> str:
    return text[: change.start] + change.text + text[change.end :]


def _change(kind: str, first: Token, last: Token, text: str) -> Change:
    return Change(kind, first.start, last.end + 1, text)


def _word(token: Token) -> str:
    return token.text.lower()


def _clause(tokens: list[Token], place: int) -> str:
    """The word that begins what a token stands in."""
    depth = 0
    for token in reversed(tokens[:place]):
        depth += (token.token_type == TokenType.R_PAREN) - (token.token_type == TokenType.L_PAREN)
        if depth <= 0 and _word(token) in CLAUSES:
            return _word(token)
    return ""


def _operators(tokens: list[Token]) -> Iterator[Change]:
    for place, token in enumerate(tokens[1:-1], 1):
        before, after = tokens[place - 1], tokens[place + 1]
        is_binary = before.token_type in OPERANDS and after.token_type in (
            *OPERANDS[:2],
            TokenType.L_PAREN,
        )
        is_named = before.token_type == TokenType.VAR and _word(before) in ENDS | CLAUSES
        if token.text in SWAPPED and is_binary and not is_named:
            kind = "arithmetic" if token.text in "+-*/" else "comparison"
            yield _change(kind, token, token, SWAPPED[token.text])
        # Rows joined by what they do not share would be more than anybody can wait for.
        elif token.text in EQUALS and _clause(tokens, place) != "on":
            yield _change("comparison", token, token, EQUALS[token.text])
        elif _is_and_or(tokens, place):
            yield _change("and_or", token, token, "or" if _word(token) == "and" else "and")


def _is_and_or(tokens: list[Token], place: int) -> bool:
    is_word = _word(tokens[place]) in ("and", "or")
    return is_word and not _is_of_between(tokens, place) and _clause(tokens, place) != "on"


def _is_of_between(tokens: list[Token], place: int) -> bool:
    """Whether an `and` closes the range of a `between`."""
    depth = 0
    for token in reversed(tokens[:place]):
        depth += (token.token_type == TokenType.R_PAREN) - (token.token_type == TokenType.L_PAREN)
        if depth < 0 or (depth == 0 and _word(token) in {"and", "or", "where", "on", "select"}):
            return False
        if depth == 0 and _word(token) == "between":
            return True
    return False


def _literals(text: str, tokens: list[Token]) -> Iterator[Change]:
    strings = sorted(
        {text[t.start : t.end + 1] for t in tokens if t.token_type == TokenType.STRING}
    )
    for token in tokens:
        said = text[token.start : token.end + 1]
        if token.token_type == TokenType.NUMBER and re.fullmatch(r"\d+(\.\d+)?", said):
            is_whole = "." not in said
            other = str(int(said) + 1) if is_whole else f"{float(said) * 1.1:.6g}"
            yield _change("number", token, token, other)
        elif token.token_type == TokenType.STRING and said.startswith("'") and len(strings) > 1:
            other = strings[(strings.index(said) + 1) % len(strings)]
            yield _change("string", token, token, other)


def _joins(tokens: list[Token]) -> Iterator[Change]:
    for token, after in pairwise(tokens):
        if _word(token) in ("left", "inner") and _word(after) == "join":
            yield _change("join", token, token, "inner" if _word(token) == "left" else "left")


def _conditions(text: str, tokens: list[Token]) -> Iterator[Change]:
    """One of several conditions dropped."""
    for place, token in enumerate(tokens):
        if _word(token) != "and" or _is_of_between(tokens, place):
            continue
        depth, last = 0, token
        for other in tokens[place + 1 :]:
            depth += other.token_type == TokenType.L_PAREN
            depth -= other.token_type == TokenType.R_PAREN
            if depth < 0 or (depth == 0 and _word(other) in ENDS):
                break
            last = other
        dropped = text[token.start : last.end + 1]
        if last is not token and "{%" not in dropped and "between" not in dropped:
            yield _change("condition_dropped", token, last, "")


def _negations(tokens: list[Token]) -> Iterator[Change]:
    for token, after in pairwise(tokens):
        if _word(token) == "is" and _word(after) == "null":
            yield _change("negation", token, after, "is not null")
        elif _word(token) == "not" and _word(after) not in ("null", "distinct"):
            yield Change("negation", token.start, after.start, "")


def _aggregates(tokens: list[Token]) -> Iterator[Change]:
    for token, after in pairwise(tokens):
        if after.token_type == TokenType.L_PAREN and _word(token) in AGGREGATES:
            yield _change("aggregate", token, token, AGGREGATES[_word(token)])


def _columns(tokens: list[Token]) -> Iterator[Change]:
    """A column of a table, another column of the same table in its place."""
    found: dict[str, dict[str, None]] = defaultdict(dict)
    places = []
    for table, dot, column in zip(tokens, tokens[1:], tokens[2:], strict=False):
        is_column = dot.token_type == TokenType.DOT and table.token_type == TokenType.VAR
        if is_column and re.fullmatch(r"[a-z_][a-z0-9_]*", column.text):
            found[table.text][column.text] = None
            places.append((table.text, column))
    for name, column in places:
        columns = sorted(found[name])
        # Of the same unit or kind, where there is one: another would not compile.
        ending = column.text.rsplit("_", 1)[-1]
        alike = [text for text in columns if text.rsplit("_", 1)[-1] == ending]
        columns = alike if len(alike) > 1 else columns
        if len(columns) > 1:
            other = columns[(columns.index(column.text) + 1) % len(columns)]
            yield _change("column", column, column, other)


def _orders(tokens: list[Token]) -> Iterator[Change]:
    for token in tokens:
        if _word(token) == "desc":
            yield _change("order", token, token, "asc")
