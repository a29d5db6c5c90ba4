"""One printed value and what is known of it."""

from __future__ import annotations

from dataclasses import dataclass, field

from orchestration.landing.map.vocabulary import Meaning

NO_UNIT = Meaning("", "")


@dataclass
class Cell:
    """One printed value with the labels that say what it is.

    `value_text` is as printed, `number_text` what is left of it as a number ('' if missing).
    `table` says which table of its file it is of: what the layout holds constant for it, and the
    region and year that tables are stacked by. `is_sign_unstated`: nothing printed says which sign
    the inputs of transformation have.
    """

    row_number: int
    column_number: int
    column_name: str
    value_text: str
    number_text: str = ""
    unit: Meaning = NO_UNIT
    value_status: str = ""
    sheet_name: str = ""
    meanings: dict[str, Meaning] = field(default_factory=dict)
    table: tuple[tuple[str, str], ...] = ()
    is_sign_unstated: bool = False
    fault: str = ""
    fault_detail: str = ""
    fault_detail_zh: str = ""

    @property
    def labels(self) -> dict[str, str]:
        """What each label is known as."""
        return {concept: meaning.label for concept, meaning in self.meanings.items()}

    @property
    def unit_label(self) -> str:
        return self.unit.label
