"""What a rule found: Great Expectations' result of one expectation, turned into ours."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from expectations.discovery import Suite
from expectations.findings import Judged
from expectations.rules import Rule

if TYPE_CHECKING:
    from great_expectations.core import ExpectationValidationResult
    from great_expectations.expectations.expectation_configuration import ExpectationConfiguration

ROW_LIMIT = 20
TEXT_LIMIT = 200
DOUBT = "rows_are_doubtful"
"""Key in the meta of an expectation whose unexpected rows are published as doubtful."""
EXCEPTION_LIMIT = 2000
NOT_RUN = "not run"


@dataclass(frozen=True)
class Result:
    """The outcome of one expectation; with a run id, a row of `quality.audit_results`.

    An expectation that raised has `success` false too, but it says nothing about the data: its
    `details` hold `exception`, and `status` is "error".
    """

    gate: str
    suite: str
    rule_id: str
    expectation: str
    table_name: str
    column_name: str
    success: bool
    severity: str
    observed_value: str
    details: str
    doubtful_query: str = ""
    """The query for the rows that are doubtful, where the rule marks rows and found some."""
    known: Mapping[str, int] = field(default_factory=dict)
    """The rows that are known, counted by finding; see `expectations.findings`."""

    @classmethod
    def of(
        cls,
        suite: Suite,
        rule: Rule,
        expectation: str,
        *,
        success: bool,
        observed_value: str,
        details: str,
        doubtful_query: str = "",
    ) -> Result:
        """Return what was found, with what the suite and the rule say of it."""
        return cls(
            gate=suite.gate,
            suite=suite.name,
            rule_id=rule.rule_id,
            expectation=expectation,
            table_name=suite.table,
            column_name=rule.column_name,
            success=success,
            severity=rule.severity,
            observed_value=observed_value,
            details=details,
            doubtful_query=doubtful_query,
        )

    @property
    def ran(self) -> bool:
        """Return whether the rule was judged; one that compares needs a version to compare with."""
        return self.observed_value != NOT_RUN

    @property
    def status(self) -> str:
        """Return "pass", "fail" (bad data) or "error" (the expectation itself raised)."""
        if self.success:
            return "pass"
        return "error" if "exception" in json.loads(self.details) else "fail"

    @property
    def blocks(self) -> bool:
        """Return whether this result forbids publishing: critical, and not passed."""
        return self.severity == "critical" and not self.success


def blocking(results: Iterable[Result]) -> list[Result]:
    """Return the results that forbid publishing: critical ones that failed or raised."""
    return [result for result in results if result.blocks]


def not_evaluated(suite: Suite, rule: Rule, expectation: str, message: str) -> Result:
    """Return the result of a rule that could not be evaluated."""
    details = json.dumps({"exception": message[:EXCEPTION_LIMIT]}, ensure_ascii=False)
    return Result.of(
        suite, rule, expectation, success=False, observed_value="not evaluated", details=details
    )


def not_run(suite: Suite, rule: Rule) -> Result:
    """Return what is said of a rule that has no version before to compare with."""
    return Result.of(suite, rule, "", success=True, observed_value=NOT_RUN, details=json.dumps({}))


def result_of(
    suite: Suite, rule: Rule, outcome: ExpectationValidationResult, key: tuple[str, ...] | None
) -> Result:
    """Turn GX's result of one expectation into ours."""
    configuration = configuration_of(outcome)
    expectation = configuration.type
    if message := exception_of(outcome):
        return not_evaluated(suite, rule, expectation, message)
    doubtful_query = ""
    if (configuration.meta or {}).get(DOUBT) and not outcome.success:
        query = configuration.kwargs["unexpected_rows_query"]
        doubtful_query = query.format(batch=suite.table)
    return Result.of(
        suite,
        rule,
        expectation,
        success=bool(outcome.success),
        observed_value=_observed(outcome.result),
        details=json.dumps(_details(outcome.result, key), ensure_ascii=False, allow_nan=False),
        doubtful_query=doubtful_query,
    )


def rows_query(outcome: ExpectationValidationResult, suite: Suite) -> str | None:
    """Return the query of an expectation that looks for rows and found some, else nothing."""
    query = configuration_of(outcome).kwargs.get("unexpected_rows_query")
    if outcome.success or query is None or exception_of(outcome):
        return None
    return str(query.format(batch=suite.table))


def with_known(result: Result, judged: Judged) -> Result:
    """Return a failed result without the rows that are known: met, if there is no other."""
    if not judged.known:
        return result
    counted = f"{sum(judged.known.values())} known rows"
    details = json.loads(result.details) | {"known_rows": judged.known}
    if judged.new:
        counted = f"{judged.new} unexpected rows beside {counted}"
        details |= {"unexpected_count": judged.new, "unexpected_rows": _plain(judged.new_rows)}
    return replace(
        result,
        success=judged.new == 0,
        observed_value=counted,
        details=json.dumps(details, ensure_ascii=False, allow_nan=False),
        known=judged.known,
    )


def exception_of(outcome: ExpectationValidationResult) -> str:
    """Return what an expectation raised, or nothing; GX reports one, or one per metric."""
    info = outcome.exception_info or {}
    items = [info] if "raised_exception" in info else list(info.values())
    messages = {
        str(item["exception_message"]).split("\n(Background on this error")[0]
        for item in items
        if item.get("raised_exception")
    }
    return "\n".join(sorted(messages))


def _observed(result: Mapping[str, Any]) -> str:
    """Return in short what was observed: rows for a row-wise expectation, else the value."""
    if "unexpected_rows" in (result.get("details") or {}):
        return f"{result['observed_value']} unexpected rows"
    if "element_count" in result:
        return f"{result['unexpected_count']} unexpected of {result['element_count']} rows"
    value = _plain(result.get("observed_value"))
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= TEXT_LIMIT else text[: TEXT_LIMIT - 1] + "…"


def _details(result: Mapping[str, Any], key: tuple[str, ...] | None) -> dict[str, Any]:
    """Return the unexpected rows (at most ROW_LIMIT) and whatever else explains a failure."""
    details = dict(result.get("details") or {})
    count = result.get("unexpected_count")
    rows = details.pop("unexpected_rows", None)
    if rows is not None:
        count = result["observed_value"]
    elif count:
        rows = result.get("partial_unexpected_index_list")
        if rows is None:
            rows = [
                row if isinstance(row, Mapping) else {"value": row}
                for row in result.get("partial_unexpected_list") or []
            ]
        elif key:
            details["key"] = list(key)
    if count:
        details |= {"unexpected_count": count, "unexpected_rows": list(rows or [])[:ROW_LIMIT]}
    if missing := result.get("partial_missing_list"):
        details["missing_values"] = missing[:ROW_LIMIT]
    return _plain(details)


def _plain(value: Any) -> Any:
    """Return a value as valid JSON has it; NaN and infinities, dates and the rest as text."""
    if value is None or isinstance(value, (bool, int, str)):
        return value
    if isinstance(value, Decimal):
        value = float(value)
    if isinstance(value, float):
        return value if math.isfinite(value) else str(value)
    if isinstance(value, Mapping):
        return {str(name): _plain(item) for name, item in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [_plain(item) for item in value]
    return str(value)


def configuration_of(outcome: ExpectationValidationResult) -> ExpectationConfiguration:
    """Return the expectation that an outcome is of, which GX leaves open in its types."""
    configuration = outcome.expectation_config
    if configuration is None:
        raise ValueError("a result of GX without its expectation")
    return configuration


def rule_of(outcome: ExpectationValidationResult) -> str:
    """Return the id of the rule that an outcome is of; `_validate` put it into the meta."""
    return str((configuration_of(outcome).meta or {})["rule_id"])
