"""The mutants of a seed: which file, what is changed in it. The same seed draws the same."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks.mutants import sql, tables
from orchestration.settings import PROJECT_ROOT

# What is changed, and how many of a hundred.
CLASSES = {"model": 50, "macro": 15, "reference": 25, "landing_rule": 10}
# Written by hand for people alone, or about this repository.
LEFT_OUT = ("catalog/columns.csv", "codes/code_words.csv", "corrections/")


@dataclass(frozen=True)
class Mutant:
    """One change of one file."""

    number: int
    subject: str
    kind: str
    path: str  # from the project
    line: int
    before: str
    after: str
    text: str  # the whole file


def files(subject: str) -> list[Path]:
    """The files of a class, in a fixed order."""
    if subject == "model":
        return sorted((PROJECT_ROOT / "dbt_project" / "models").rglob("*.sql"))
    if subject == "macro":
        place = PROJECT_ROOT / "dbt_project" / "macros"
        # Macros of checks and of the other engine make no number here.
        left_out = {"keeping.sql", "landing.sql", "seeds.sql", "comments.sql", "schemas.sql"}
        return sorted(
            path
            for path in place.rglob("*.sql")
            if path.parent.name != "tests" and path.name not in left_out
        )
    if subject == "landing_rule":
        return sorted((PROJECT_ROOT / "orchestration/landing/judge/rules").rglob("*.sql"))
    place = PROJECT_ROOT / "seeds" / "reference"
    return sorted(
        path
        for path in place.rglob("*.csv")
        if not path.relative_to(place).as_posix().startswith(LEFT_OUT)
    )


def draw(seed: int) -> Iterator[Mutant]:
    """Mutants without end."""
    chance = random.Random(seed)
    known = {subject: files(subject) for subject in CLASSES}
    seen: set[tuple[str, str]] = set()
    number = 0
    while True:
        (subject,) = chance.choices([*CLASSES], [*CLASSES.values()])
        path = chance.choice(known[subject])
        mutant = _of_file(number + 1, subject, path, chance)
        if mutant is not None and (mutant.path, mutant.text) not in seen:
            seen.add((mutant.path, mutant.text))
            number += 1
            yield mutant


def _of_file(number: int, subject: str, path: Path, chance: random.Random) -> Mutant | None:
    text = path.read_text(encoding="utf-8")
    name = path.relative_to(PROJECT_ROOT).as_posix()
    if subject == "reference":
        done = tables.change(text, chance)
        if done is None:
            return None
        what = f"{done.column}: " if done.column else ""
        return Mutant(
            number, subject, done.kind, name, done.line, what + done.before, done.after, done.text
        )
    found = sql.changes(text)
    if not found:
        return None
    # Each kind as often: else nearly all would be columns and strings.
    kind = chance.choice(sorted({change.kind for change in found}))
    change = chance.choice([change for change in found if change.kind == kind])
    line = text.count("\n", 0, change.start) + 1
    before = " ".join(text[change.start : change.end].split())
    after = " ".join(change.text.split())
    return Mutant(number, subject, kind, name, line, before, after, sql.apply(text, change))
