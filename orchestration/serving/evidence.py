"""What the agreement with the report is worth, in one line: evidence first, never a bare count."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

STATUS_LABELS = {
    "exact": "一致",
    "within_1pct": "相差不超过1%",
    "explained": "差异已说明",
    "conjectured": "原因属推测",
    "open": "未决",
    "inconsistent": "报告自相矛盾",
    "contradicted": "与实际数据矛盾",
    "mismatch": "不符",
    "not_derivable": "无法推算",
}
EVIDENCE_LABELS = {
    "predicted": "独立预测",
    "bound": "只核对界限",
    "calibrated": "因子拟合于报告",
    "constraint": "按报告构造",
    "definition": "定义或算术",
    "read_back": "读回报告原文",
}
# Evidence that would agree whatever the truth is.
BUILT_IN = ("constraint", "definition", "read_back")
AGREES = "exact"
WORDS = {
    "en": {
        "agree": "agree",
        "differ": "differ",
        "built_in": "built in",
        "unknown": "without evidence",
        "none": "no figures",
        "of": "{count} {label}",
        "list": ", ",
        "part": "; ",
        "brackets": " ({0})",
        "after": ": ",
    },
    "zh": {
        "agree": "一致",
        "differ": "不一致",
        "built_in": "内置",
        "unknown": "证据不明",
        "none": "没有数字",
        "of": "{label} {count}",
        "list": "，",
        "part": "；",
        "brackets": "（{0}）",
        "after": "：",
    },
}


def status_label(status: str, lang: str) -> str:
    """The reconciliation status in the language; in English it is its own name."""
    return STATUS_LABELS.get(status, status) if lang == "zh" else status


def evidence_label(evidence: str | None, lang: str) -> str:
    """The evidence in the language; in English it is its own name, and empty if there is none."""
    return EVIDENCE_LABELS.get(evidence or "", evidence or "") if lang == "zh" else evidence or ""


def count(rows: Iterable[Mapping[str, Any]]) -> Counter[tuple[str | None, str]]:
    """How many figures have each pair of evidence and status; versions of old have no evidence."""
    return Counter((row.get("evidence"), row["status"]) for row in rows)


def line(counts: Mapping[tuple[str | None, str], int], lang: str) -> str:
    """What agrees, by what that is worth, then what differs and what nothing is computed for."""
    words = WORDS[lang]

    def listed(named: Mapping[str, int]) -> str:
        return words["list"].join(
            words["of"].format(count=number, label=label)
            for label, number in named.items()
            if number
        )

    agreeing: Counter[str | None] = Counter()
    by_status: Counter[str] = Counter()
    for (evidence, status), number in counts.items():
        by_status[status] += number
        if status == AGREES:
            agreeing[evidence] += number
    earned = {
        evidence_label(name, lang): agreeing[name]
        for name in EVIDENCE_LABELS
        if name not in BUILT_IN
    }
    built_in = {evidence_label(name, lang): agreeing[name] for name in BUILT_IN}
    known = sum(earned.values()) + sum(built_in.values())
    groups = [listed(earned | {words["built_in"]: sum(built_in.values())})]
    if inside := listed(built_in):
        groups[0] += words["brackets"].format(inside)
    groups.append(listed({words["unknown"]: agreeing.total() - known}))
    agree = words["list"].join(group for group in groups if group)
    order = [*STATUS_LABELS, *sorted(set(by_status) - set(STATUS_LABELS))]
    differ = listed(
        {
            status_label(name, lang): by_status[name]
            for name in order
            if name not in (AGREES, "not_derivable")
        }
    )
    parts = [
        agree and words["agree"] + words["after"] + agree,
        differ and words["differ"] + words["after"] + differ,
        listed({status_label("not_derivable", lang): by_status["not_derivable"]}),
    ]
    return words["part"].join(part for part in parts if part) or words["none"]
