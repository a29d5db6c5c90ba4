"""What suites build their rules with."""

from __future__ import annotations

from collections.abc import Callable

import great_expectations.expectations as gxe

from expectations.outcomes import DOUBT
from expectations.thresholds import fill
from expectations.tolerance import render

Pair = tuple[str, gxe.Expectation]


def no_rows(rule_id: str, sql: str, **texts: str) -> Pair:
    """Return the rule that a query for bad rows finds none.

    In the query `batch` is the table under test, `$name` a threshold, or one of `texts`, and
    `{{ is_equal(...) }}` a macro of expectations.tolerance. GX would format the query and alias its
    `{batch}` depending on the word JOIN; here it is a CTE.
    """
    query = fill(render(sql), **texts).strip().replace("{", "{{").replace("}", "}}")
    first = "with batch as (select * from {batch})"
    query = f"{first}, {query[5:]}" if query.startswith("with ") else f"{first}\n{query}"
    return rule_id, gxe.UnexpectedRowsExpectation(unexpected_rows_query=query)


def has_rows(rule_id: str) -> Pair:
    """Return the rule that the table is not empty."""
    return rule_id, gxe.ExpectTableRowCountToBeBetween(min_value=1)


def no_doubtful_rows(rule_id: str, sql: str, **texts: str) -> Pair:
    """Return the rule that a query finds no rows that are possible but hard to believe.

    What it finds never blocks: it stands in `quality.doubtful_rows`, and marts with `is_doubtful`
    mark the rows of the same region or park, year and method. The query returns that key.
    """
    pair = no_rows(rule_id, sql, **texts)
    pair[1].meta = {DOUBT: True}
    return pair


def within(
    rule_id: str,
    column: str,
    low: float,
    high: float,
    *key: str,
    author: Callable[[str, str], Pair] = no_doubtful_rows,
) -> Pair:
    """Return the rule that every number of a column that is given lies between two numbers.

    The last digits are measured by the larger bound. Rows outside are named by `key` and are
    doubtful; where the bounds are a definition, the author is `no_rows`.
    """
    scale = max(abs(low), abs(high))
    bounds = f"is_within('{column}', {low!r}, {high!r}, {scale!r})"
    return author(
        rule_id,
        f"select {', '.join((*key, column))} from batch as bounded where not {{{{ {bounds} }}}}",
    )


def given(rule_id: str, *columns: str, key: str) -> Pair:
    """Return the rule that no row has a blank in one of the text columns; `key` names the row."""
    blank = "\n    or ".join(f"trim(coalesce({column}, '')) = ''" for column in columns)
    return no_rows(rule_id, f"select {key}, {', '.join(columns)} from batch where {blank}")
