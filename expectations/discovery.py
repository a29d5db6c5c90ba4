"""Finds the suites of a package and checks them against the index of rules."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import ModuleType
from typing import TYPE_CHECKING

from expectations.rules import GATES, Rule, RuleError

if TYPE_CHECKING:
    from great_expectations.expectations import Expectation

SUITES = "expectations.suites"


@dataclass(frozen=True)
class SuiteContext:
    """What a suite may know about the run when it builds its expectations.

    `previous_columns` maps each table of the version before to its columns (views left out, see
    `expectations.suites`). `as_of_vintage` is the edition the build stops at. `everything` pretends
    that every table and column was there, so that all rules of a suite can be listed.
    """

    has_previous: bool = False
    previous_columns: Mapping[str, frozenset[str]] = field(default_factory=dict)
    as_of_vintage: int | None = None
    everything: bool = False

    @classmethod
    def complete(cls) -> SuiteContext:
        """Return the context in which a suite gives all its rules."""
        return cls(has_previous=True, everything=True)

    def in_previous(self, table: str, *columns: str) -> bool:
        """Return whether the version before has this table (`schema.table`) with these columns."""
        if self.everything:
            return True
        return table in self.previous_columns and self.previous_columns[table].issuperset(columns)


@dataclass(frozen=True)
class Suite:
    """One suite module: its name is the module's, `schema__table`."""

    gate: str
    name: str
    table: str
    key: tuple[str, ...] | None
    module: ModuleType

    def expectations(self, context: SuiteContext) -> list[tuple[str, Expectation]]:
        """Return the suite's (rule id, expectation) pairs; whatever the suite raises passes."""
        return list(self.module.expectations(context))


def find_suites(gate: str, package: str = SUITES) -> list[Suite]:
    """Import and return the suites of a gate by name; none if the package has no such gate.

    Importing a suite imports great_expectations. Raises ValueError for an unknown gate, RuleError
    for a module that lacks `TABLE` or `expectations`, or is not named after its table.
    """
    if gate not in GATES:
        raise ValueError(f"gate {gate!r} is not one of {GATES}")
    if gate not in {module.name for module in _modules(package)}:
        return []
    suites = []
    for name in sorted(module.name for module in _modules(f"{package}.{gate}")):
        module = importlib.import_module(f"{package}.{gate}.{name}")
        table = getattr(module, "TABLE", None)
        if not isinstance(table, str) or not callable(getattr(module, "expectations", None)):
            raise RuleError(f"{module.__name__}: a suite defines TABLE and expectations(context)")
        if name != table.replace(".", "__"):
            raise RuleError(f"{module.__name__}: TABLE is {table}, the file must be named after it")
        key = getattr(module, "KEY", None)
        suites.append(Suite(gate, name, table, tuple(key) if key else None, module))
    return suites


def check_pairs(suite: Suite, rule_ids: Iterable[str], rules: Mapping[str, Rule]) -> list[str]:
    """Return what is wrong with the rule ids of one suite: unknown, misplaced or repeated."""
    problems = []
    seen: set[str] = set()
    for rule_id in rule_ids:
        where = f"{suite.gate}/{suite.name}: {rule_id}"
        rule = rules.get(rule_id)
        if rule is None:
            problems.append(f"{where} is not in rules.csv")
        elif (rule.gate, rule.table_name) != (suite.gate, suite.table):
            problems.append(f"{where} is in rules.csv for {rule.gate}, {rule.table_name}")
        if rule_id in seen:
            problems.append(f"{where} is used twice")
        seen.add(rule_id)
    return problems


def check_index(rules: Mapping[str, Rule], package: str = SUITES) -> list[str]:
    """Return every disagreement between the index and the suites; empty when one-to-one.

    Same ids, each once, same gate, table and column, no folder that is not a gate. Rules of a gate
    without suites (landing) are left to their owner.
    """
    problems = [
        f"{package}.{module.name} is not a gate"
        for module in _modules(package)
        if module.name not in GATES
    ]
    used: set[str] = set()
    for gate in GATES:
        for suite in find_suites(gate, package):
            pairs = suite.expectations(SuiteContext.complete())
            problems += check_pairs(suite, [rule_id for rule_id, _ in pairs], rules)
            for rule_id, expectation in pairs:
                used.add(rule_id)
                column = getattr(expectation, "column", None)
                if column and rule_id in rules and rules[rule_id].column_name != column:
                    problems.append(
                        f"{gate}/{suite.name}: {rule_id} is about column {column}, "
                        f"rules.csv says {rules[rule_id].column_name!r}"
                    )
    problems += [
        f"rules.csv: {rule_id} is in no suite"
        for rule_id, rule in rules.items()
        if rule.gate in GATES and rule_id not in used
    ]
    return problems


def _modules(package: str) -> list[pkgutil.ModuleInfo]:
    """Return the direct children of a package, without importing them."""
    return list(pkgutil.iter_modules(importlib.import_module(package).__path__))
