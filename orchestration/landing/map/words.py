"""What a layout says of the words in its table: its own labels, marks and constants."""

from __future__ import annotations

from collections.abc import Iterable

from orchestration.landing.map.labels import BLANKS, clean_label
from orchestration.landing.map.marks import Marks
from orchestration.landing.map.vocabulary import Meaning, Vocabulary
from orchestration.landing.read.sidecar import Concept, Layout

# What tables are stacked by in a file, if it is not one of the two sides of a table itself.
STACKED_BY = ("region", "year")
# Which table of its file a value is of: the codes by which its tables are stacked.
TableKey = tuple[tuple[str, str], ...]


class Words:
    """The words of one part of a layout."""

    def __init__(self, layout: Layout, vocabulary: Vocabulary) -> None:
        self.layout = layout
        self.vocabulary = vocabulary
        self.marks = Marks(layout)
        self.overrides = {str(concept): layout.words_of(concept) for concept in layout.labels}
        self.skip_labels = {clean_label(label) for label in layout.skip_labels}
        self.constants: dict[str, Meaning] = {
            concept: self.find(concept, [value]) for concept, value in layout.constants.items()
        }

    def find(self, concept: str, parts: Iterable[str], printed: str = "") -> Meaning:
        """What a label means, printed in `parts`."""
        return self.vocabulary.meaning(concept, parts, self.own(concept), printed)

    def own(self, concept: str) -> dict[str, str]:
        """What the sidecar itself says that labels of a concept mean."""
        return self.overrides.get(concept, {})

    def unmarked(self, text: str) -> tuple[str, bool]:
        """A label without the mark that makes it part of the one above, and if it had one."""
        for mark in self.layout.sub_item_marks:
            if text.lower().startswith(mark.lower()) and len(text) > len(mark):
                return text[len(mark) :].strip(BLANKS + ":："), True
        return text, False


def stacked(labels: dict[int, Concept]) -> tuple[str, ...]:
    """The concepts by which tables are stacked: those outside the innermost labels of a side."""
    outer = list(dict.fromkeys(labels[place] for place in sorted(labels)))[:-1]
    return tuple(concept for concept in outer if concept in STACKED_BY)


def table_key(meanings: dict[str, Meaning], stacked_by: tuple[str, ...]) -> TableKey:
    """Which table of its file is meant: the codes of the concepts that tables are stacked by."""
    return tuple(
        (concept, meanings[concept].code or meanings[concept].label)
        for concept in stacked_by
        if concept in meanings
    )
