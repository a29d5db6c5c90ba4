"""Which known names are like one that is not known: "did you mean"."""

from __future__ import annotations

from collections.abc import Iterable

OFFERED = 3
LIKENESS_PERCENT = 60  # as rapidfuzz counts: edits against the length of both names


def near(name: str, known: Iterable[str]) -> list[str]:
    """The known names most like `name`, best first; at most OFFERED, perhaps none."""
    from rapidfuzz import fuzz, process  # only a name that is wrong has to wait for this

    found = process.extract(
        name, list(known), scorer=fuzz.ratio, limit=OFFERED, score_cutoff=LIKENESS_PERCENT
    )
    return [text for text, _, _ in found]
