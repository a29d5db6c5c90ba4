"""What the agreement with the report is worth, in one line: evidence first, never a bare count."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from orchestration import words
from orchestration.serving.codes import Codes

STATUSES = (
    "exact",
    "within_1pct",
    "explained",
    "conjectured",
    "open",
    "inconsistent",
    "contradicted",
    "mismatch",
    "not_derivable",
)
# Evidence that would agree whatever the truth is.
BUILT_IN = ("constraint", "definition", "read_back")
EVIDENCE = ("predicted", "bound", "calibrated", *BUILT_IN)
AGREES = "exact"
NO_FIGURE = "not_derivable"


def said(codes: Codes, column: str, code: str) -> str:
    """A state or an evidence in words, as they stand within a sentence."""
    label = codes(column, code)
    return label[:1].lower() + label[1:]


def count(rows: Iterable[Mapping[str, Any]]) -> Counter[tuple[str | None, str]]:
    """How many figures have each pair of evidence and status; versions of old have no evidence."""
    return Counter((row.get("evidence"), row["status"]) for row in rows)


def line(counts: Mapping[tuple[str | None, str], int], codes: Codes) -> str:
    """What agrees, by what that is worth, then what differs and what nothing is computed for."""
    say = words.Speaker(codes.lang)

    def listed(named: Mapping[str, int], column: str = "evidence") -> str:
        return say(", ").join(
            say("{count} {label}").format(count=number, label=said(codes, column, label))
            for label, number in named.items()
            if number
        )

    agreeing: Counter[str | None] = Counter()
    by_status: Counter[str] = Counter()
    for (evidence, status), number in counts.items():
        by_status[status] += number
        if status == AGREES:
            agreeing[evidence] += number
    earned = {name: agreeing[name] for name in EVIDENCE if name not in BUILT_IN}
    built_in = {name: agreeing[name] for name in BUILT_IN}
    known = sum(earned.values()) + sum(built_in.values())
    groups = [listed(earned | {say("built in"): sum(built_in.values())})]
    if inside := listed(built_in):
        groups[0] += say(" ({inside})").format(inside=inside)
    groups.append(listed({say("without evidence"): agreeing.total() - known}))
    agree = say(", ").join(group for group in groups if group)
    order = [*STATUSES, *sorted(set(by_status) - set(STATUSES))]
    differ = listed({n: by_status[n] for n in order if n not in (AGREES, NO_FIGURE)}, "status")
    parts = [
        agree and say("agree: {what}").format(what=agree),
        differ and say("differ: {what}").format(what=differ),
        listed({NO_FIGURE: by_status[NO_FIGURE]}, "status"),
    ]
    return say("; ").join(part for part in parts if part) or say("no figures")
