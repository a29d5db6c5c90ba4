"""What suites build their rules with."""

from __future__ import annotations

import great_expectations.expectations as gxe

from expectations.thresholds import fill

Pair = tuple[str, gxe.Expectation]


def no_rows(rule_id: str, sql: str, **texts: str) -> Pair:
    """Return the rule that a query for bad rows finds none.

    In the query `batch` is the table under test and `$name` a threshold, or one of `texts`. GX
    would format the query and alias its `{batch}` depending on the word JOIN; here it is a CTE.
    """
    query = fill(sql, **texts).strip().replace("{", "{{").replace("}", "}}")
    first = "with batch as (select * from {batch})"
    query = f"{first}, {query[5:]}" if query.startswith("with ") else f"{first}\n{query}"
    return rule_id, gxe.UnexpectedRowsExpectation(unexpected_rows_query=query)


def has_rows(rule_id: str) -> Pair:
    """Return the rule that the table is not empty."""
    return rule_id, gxe.ExpectTableRowCountToBeBetween(min_value=1)


def between(rule_id: str, column: str, low: float | None, high: float | None) -> Pair:
    """Return the rule that every value of a column that is given lies between two numbers."""
    return rule_id, gxe.ExpectColumnValuesToBeBetween(column=column, min_value=low, max_value=high)


def given(rule_id: str, *columns: str, key: str) -> Pair:
    """Return the rule that no row has a blank in one of the text columns; `key` names the row."""
    blank = "\n    or ".join(f"trim(coalesce({column}, '')) = ''" for column in columns)
    return no_rows(rule_id, f"select {key}, {', '.join(columns)} from batch where {blank}")
