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
SUBJECTS = ("matrix", "records")
"""What a rule of the landing is about: tables with labels down and across, or lists."""
JUDGES = ("value", "row", "table")
"""What a rule of the landing refuses; see `orchestration.landing.judge.judging`."""
RULES_CSV = Path(__file__).with_name("rules.csv")


class RuleError(ValueError):
    """`rules.csv` is malformed, or it and the suites disagree."""


@dataclass(frozen=True)
class Rule:
    """One row of `rules.csv`; the only place where a severity is set.

    `column_name` is empty for a rule about a whole table; `basis` cites where the rule is from.
    The remedies say what to do when it fails; they may be empty, and the columns may be absent.

    Rules of the landing have their place in the order of judging, what they are about, what they
    refuse, and whether a correction may accept what they find. A fault that is met while a file is
    read has no place in that order.
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
    position: str = ""
    subject: str = ""
    judges: str = ""
    is_acceptable: str = ""

    @property
    def is_judged(self) -> bool:
        """Is it one file of SQL below `orchestration/landing/judge/rules`?"""
        return self.position != ""

    @property
    def subjects(self) -> tuple[str, ...]:
        return tuple(self.subject.split("|"))


OPTIONAL = ("remedy_zh", "remedy_en", "position", "subject", "judges", "is_acceptable")


def landing_rules(path: Path = RULES_CSV) -> list[Rule]:
    """The rules that judge what was read, in their order."""
    rules = [rule for rule in load_rules(path).values() if rule.is_judged]
    return sorted(rules, key=lambda rule: int(rule.position))


def load_rules(path: Path = RULES_CSV) -> dict[str, Rule]:
    """Read the index, keyed by rule id in file order.

    Raises RuleError, naming every bad line, when the header differs, an id is repeated or not
    snake_case, the gate or severity is unknown, the table is not `schema.table` (`schema.*` for
    landing, whose rules hold for every table), a statement or basis is empty, or what only a rule
    of the landing has is given for another or is not what it can be.
    """
    rules: dict[str, Rule] = {}
    positions: dict[str, str] = {}
    problems: list[str] = []
    allowed = {field.name for field in fields(Rule)}
    required = allowed - set(OPTIONAL)
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
            problems += [f"{where}: {fault}" for fault in _landing_faults(rule, positions)]
            rules[rule.rule_id] = rule
    if problems:
        raise RuleError("\n".join(problems))
    return rules


def _landing_faults(rule: Rule, positions: dict[str, str]) -> list[str]:
    """What is wrong with the columns that only rules of the landing have."""
    given = (rule.position, rule.subject, rule.judges)
    faults = []
    if rule.gate != "landing":
        return ["only a rule of the landing has a position"] if any(given) else []
    if rule.is_acceptable not in ("true", "false", ""):
        faults.append(f"is_acceptable {rule.is_acceptable!r} is neither true nor false")
    if not any(given):
        if rule.is_acceptable == "true":
            faults.append("what is met while reading cannot be accepted")
        return faults
    if not rule.position.isdecimal():
        faults.append(f"position {rule.position!r} is no number")
    elif positions.setdefault(rule.position, rule.rule_id) != rule.rule_id:
        faults.append(f"position {rule.position} is that of {positions[rule.position]}")
    if not set(rule.subjects) <= set(SUBJECTS):
        faults.append(f"subject {rule.subject!r} is not of {SUBJECTS}")
    if rule.judges not in JUDGES:
        faults.append(f"judges {rule.judges!r} is not one of {JUDGES}")
    return faults
