"""docs/mutants.md: how many mutants of each kind were caught, by what, and which survived."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from orchestration.settings import PROJECT_ROOT

PAGE = PROJECT_ROOT / "docs" / "mutants.md"
TABLE = PROJECT_ROOT / "benchmarks" / "mutants.csv"
REASONS = PROJECT_ROOT / "benchmarks" / "mutant_reasons.csv"
BEGIN, END = "<!-- mutants -->\n", "<!-- end -->\n"
SIGNED, MOVED = "sign-off", "figures that move though no file did"
FEW = 50  # below it a share says nothing
OUTCOMES = ("caught", "survived", "equal", "not_compiled", "no_end", "error")
Row = dict[str, str]


def gate_of(row: Row) -> str:
    """What caught it, in a word or two."""
    by = row["by"]
    if by.startswith("start:"):
        return SIGNED if "signed off" in by else "completeness of methods and reports"
    if by.startswith("gate "):
        return by.partition(":")[0]
    if by.startswith("figures moved:"):
        return MOVED
    if "test_" in by:
        return "unit test"
    return "data test" if by.startswith("test ") else "contract or run of a model"


def reasons() -> dict[tuple[str, str, str, str], str]:
    """Why a survivor is not caught, by file, kind, what stood there and what stands there."""
    if not REASONS.is_file():
        return {}
    with REASONS.open(encoding="utf-8", newline="") as handle:
        return {
            (row["path"], row["kind"], row["before"], row["after"]): row["reason"]
            for row in csv.DictReader(handle)
        }


def render(rows: list[Row], seed: int) -> str:
    """The part of the page that is counted."""
    counts = Counter(row["outcome"] for row in rows)
    judged = counts["caught"] + counts["survived"]
    share = f"{counts['caught'] / judged:.0%}" if judged >= FEW else "too few for a share"
    asked = Counter(gate_of(row) for row in rows if row["outcome"] == "caught")
    known = counts["caught"] - asked[SIGNED] - asked[MOVED]
    lines = [
        f"Seed {seed}, mutants 1 to {max(int(row['number']) for row in rows)}, {len(rows)} tried: "
        f"{judged} were caught or published another cell; {counts['caught']} of these were caught "
        f"before publishing ({share}; goal 98 %), {known} by "
        f"what knows that the number is wrong, {asked[SIGNED]} by a signature and "
        f"{asked[MOVED]} since figures moved and no file did: these two say that it is another.",
        "",
        f"| what was changed | {' | '.join(OUTCOMES)} |",
        f"| --- | {' | '.join('---' for _ in OUTCOMES)} |",
    ]
    for subject in sorted({row["subject"] for row in rows}):
        of = Counter(row["outcome"] for row in rows if row["subject"] == subject)
        lines.append(f"| {subject} | {' | '.join(str(of[name]) for name in OUTCOMES)} |")
    lines += ["", "| kind of change | " + " | ".join(OUTCOMES) + " |"]
    lines += ["| --- | " + " | ".join("---" for _ in OUTCOMES) + " |"]
    for kind in sorted({row["kind"] for row in rows}):
        of = Counter(row["outcome"] for row in rows if row["kind"] == kind)
        lines.append(f"| {kind} | {' | '.join(str(of[name]) for name in OUTCOMES)} |")
    lines += ["", "| caught by | mutants |", "| --- | --- |"]
    lines += [f"| {gate} | {count} |" for gate, count in asked.most_common()]
    lines += ["", *_survivors(rows)]
    return "\n".join(lines) + "\n"


def _survivors(rows: list[Row]) -> list[str]:
    known = reasons()
    lines = [
        "| survivor | change | tables with another content | why no gate sees it |",
        "| --- | --- | --- | --- |",
    ]
    for row in rows:
        if row["outcome"] == "survived":
            why = known.get(
                (row["path"], row["kind"], row["before"], row["after"]), "not looked into"
            )
            change = f"{row['before']} → {row['after'] or 'nothing'}".replace("|", "\\|")
            tables = row["changed"].split()
            shown = ", ".join(f"`{name}`" for name in tables[:4])
            more = f" and {len(tables) - 4} more" if len(tables) > 4 else ""
            place = f"`{Path(row['path']).name}:{row['line']}`, {row['kind']}"
            lines.append(f"| {row['number']}: {place} | `{change}` | {shown}{more} | {why} |")
    return lines if len(lines) > 2 else ["None survived."]


def write_page(rows: Iterable[Row], seed: int, whole: bool) -> str:
    """Write table and page, if all mutants of the seed were tried; returns what is counted."""
    told = [{name: str(cell) for name, cell in row.items()} for row in rows]
    counted = render(told, seed)
    if whole:
        with TABLE.open("w", encoding="utf-8", newline="") as handle:
            writer = csv.DictWriter(handle, [*told[0]], lineterminator="\n")
            writer.writeheader()
            writer.writerows(told)
        head, _, rest = PAGE.read_text(encoding="utf-8").partition(BEGIN)
        tail = rest.partition(END)[2]
        PAGE.write_text(head + BEGIN + "\n" + counted + "\n" + END + tail, encoding="utf-8")
    return counted
