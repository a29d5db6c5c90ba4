"""The gates of Great Expectations as asset checks; a critical one that fails blocks publishing."""

from collections.abc import Iterator

import dagster as dg

from expectations.rules import load_rules
from orchestration.session import Session


def gate_checks(gate: str) -> dg.AssetChecksDefinition:
    """All rules of one gate, as one step with a check each."""
    rules = {rule.rule_id: rule for rule in load_rules().values() if rule.gate == gate}
    specs = [
        dg.AssetCheckSpec(
            name=rule.rule_id,
            asset=dg.AssetKey(rule.table_name.split(".")),
            description=f"{rule.statement_zh} / {rule.statement_en}",
            blocking=rule.severity == "critical",
        )
        for rule in rules.values()
    ]

    @dg.multi_asset_check(name=f"gate_{gate}", specs=specs)
    def checks(session: dg.ResourceParam[Session]) -> Iterator[dg.AssetCheckResult]:
        # The worker says of every rule what came of it; Dagster fails where a check has none.
        for result in session.run_gate(gate):
            told = {"observed": result.observed_value, "details": result.details}
            if not result.ran:
                told = {"not_run": "no previous version to compare with"}
            yield dg.AssetCheckResult(
                asset_key=dg.AssetKey(result.table_name.split(".")),
                check_name=result.rule_id,
                passed=result.success,
                severity=_severity(result.severity),
                metadata=told,
            )

    return checks


def _severity(severity: str) -> dg.AssetCheckSeverity:
    is_critical = severity == "critical"
    return dg.AssetCheckSeverity.ERROR if is_critical else dg.AssetCheckSeverity.WARN
