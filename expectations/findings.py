"""What warnings are known to find, and why: `corrections/known_findings.csv` of the reference.

A warning whose rows are all known is met. It fails when it finds another row: of another key, more
rows of a key than are known, or rows of a key whose data are no longer of the origin the finding is
about.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from expectations.rules import Rule, RuleError
from expectations.thresholds import REFERENCE

SUBJECT_ORIGINS = "quality.subject_origins"
FINDINGS_CSV = REFERENCE / "corrections" / "known_findings.csv"
Query = Callable[[str], list[tuple[Any, ...]]]


@dataclass(frozen=True)
class Finding:
    """One row of `known_findings.csv`.

    `keys` are values of `key_columns` of the rows that the rule finds, columns joined by `/`, keys
    by `|`. `origin`, if given, is that of the data of the row's region (`quality.subject_origins`).
    """

    finding_id: str
    rule_id: str
    key_columns: str
    keys: str
    row_count: int
    origin: str
    since: str
    reason_zh: str
    reason_en: str

    def condition(self) -> str:
        """SQL that is true of a row, `found`, that the finding is about."""
        columns = self.key_columns.split("/")
        key = " || '/' || ".join(f"cast(found.{column} as varchar)" for column in columns)
        keys = ", ".join(_literal(value) for value in self.keys.split("|"))
        condition = f"{key} in ({keys})"
        if self.origin:
            condition += (
                f" and exists (select 1 from {SUBJECT_ORIGINS} as held"
                " where held.subject_code = found.region_code"
                f" and held.origin = {_literal(self.origin)})"
            )
        return condition


@dataclass(frozen=True)
class Judged:
    """The rows of a rule that are known, by finding, and those that are not."""

    known: dict[str, int]
    new: int
    new_rows: list[dict[str, Any]]


def load_findings(rules: Mapping[str, Rule], path: Path = FINDINGS_CSV) -> list[Finding]:
    """Read the findings about the rules given.

    Raises RuleError, naming every bad row, where a column is blank that may not be, an id is
    repeated, or the rule blocks: what must not be published is never known.
    """
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    findings: list[Finding] = []
    problems: list[str] = []
    for row in rows:
        try:
            count = int(row.pop("row_count"))
            finding = Finding(row_count=count, **row)
        except (TypeError, ValueError) as error:
            raise RuleError(f"{path.name}: {row}: {error}") from error
        blank = [
            field.name
            for field in fields(finding)
            if field.name != "origin" and not getattr(finding, field.name)
        ]
        if blank:
            problems.append(f"{finding.finding_id}: {', '.join(blank)} is blank")
        if finding.finding_id in {other.finding_id for other in findings}:
            problems.append(f"{finding.finding_id}: the id is repeated")
        rule = rules.get(finding.rule_id)
        if rule is not None and rule.severity == "critical":
            problems.append(f"{finding.finding_id}: {rule.rule_id} blocks, so nothing is known")
        findings.append(finding)
    if problems:
        raise RuleError("\n".join(f"{path.name}: {problem}" for problem in problems))
    return [finding for finding in findings if finding.rule_id in rules]


def judge(query: Query, sql: str, findings: Sequence[Finding], limit: int) -> Judged:
    """Tell the rows of a rule that are known from those that are new, of which `limit` are told."""
    found = f"with found as ({sql})"
    cases = [
        f"when {finding.condition()} then {_literal(finding.finding_id)}" for finding in findings
    ]
    case = f"case {' '.join(cases)} end"
    counts: dict[str | None, int] = dict(
        query(f"{found} select {case}, count(*) from found group by 1")
    )
    new = counts.pop(None, 0)
    applied = {
        finding.finding_id: counts[finding.finding_id]
        for finding in findings
        if 0 < counts.get(finding.finding_id, 0) <= finding.row_count
    }
    new += sum(number for name, number in counts.items() if name not in applied)
    names = ", ".join(map(_literal, applied)) or "''"
    rows = query(
        f"{found} select cast(to_json(found) as varchar) from found"
        f" where coalesce({case} not in ({names}), true) limit {limit}"
    )
    return Judged(applied, new, [json.loads(row) for (row,) in rows])


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
