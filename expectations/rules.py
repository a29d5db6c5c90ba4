"""The index of rules, `rules.csv`: what each rule says, where it stands and whether it blocks."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass, fields
from pathlib import Path

GATES = ("raw", "marts")
"""Gates that suites implement."""
INDEX_GATES = ("landing", *GATES)
"""Gates of the index: `landing` is checked by `orchestration.landing`, row by row, not by GX."""
SEVERITIES = ("critical", "warning")
RULES_CSV = Path(__file__).with_name("rules.csv")


class RuleError(ValueError):
    """`rules.csv` is malformed, or it and the suites disagree."""


@dataclass(frozen=True)
class Rule:
    """One row of `rules.csv`; the only place where a severity is set.

    `column_name` is empty for a rule about a whole table; `basis` cites where the rule is from.
    The remedies say what to do when it fails; they may be empty, and the columns may be absent.
    """

    rule_id: str
    gate: str
    table_name: str
    column_name: str
    severity: str
    statement_zh: str
    statement_en: str
    basis: str
    remedy_zh: str = ""
    remedy_en: str = ""


def load_rules(path: Path = RULES_CSV) -> dict[str, Rule]:
    """Read the index, keyed by rule id in file order.

    Raises RuleError, naming every bad line, when the header differs, an id is repeated or not
    snake_case, the gate or severity is unknown, the table is not `schema.table` (`schema.*` for
    landing, whose rules hold for every table), or a statement or basis is empty.
    """
    rules: dict[str, Rule] = {}
    problems: list[str] = []
    allowed = {field.name for field in fields(Rule)}
    required = allowed - {"remedy_zh", "remedy_en"}
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file, strict=True)
        header = list(reader.fieldnames or [])
        if len(set(header)) != len(header) or not required <= set(header) <= allowed:
            raise RuleError(f"{path}: header is {header}, required are {sorted(required)}")
        for row in reader:
            where = f"{path.name}:{reader.line_num} {row['rule_id']}"
            if None in row or None in row.values():
                problems.append(f"{where}: expected {len(header)} fields")
                continue
            rule = Rule(**row)
            if rule.rule_id in rules:
                problems.append(f"{where}: rule id repeated")
            if not re.fullmatch(r"[a-z][a-z0-9_]*", rule.rule_id):
                problems.append(f"{where}: rule id is not snake_case")
            if rule.gate not in INDEX_GATES:
                problems.append(f"{where}: gate {rule.gate!r} is not one of {INDEX_GATES}")
            if rule.severity not in SEVERITIES:
                problems.append(f"{where}: severity {rule.severity!r} is not one of {SEVERITIES}")
            table = r"[a-z0-9_]+\.\*" if rule.gate == "landing" else r"[a-z0-9_]+\.[a-z0-9_]+"
            if not re.fullmatch(table, rule.table_name):
                problems.append(f"{where}: table {rule.table_name!r} is not schema.table")
            for name in ("statement_zh", "statement_en", "basis"):
                if not getattr(rule, name).strip():
                    problems.append(f"{where}: {name} is empty")
            rules[rule.rule_id] = rule
    if problems:
        raise RuleError("\n".join(problems))
    return rules
