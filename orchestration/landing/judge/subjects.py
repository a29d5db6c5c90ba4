"""What rules are tried on: the cells of all matrices, and the rows of each list."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from orchestration.landing.map.catalogue import Column, code_rows


@dataclass(frozen=True)
class Value:
    """What a rule on values is tried on: pieces of SQL, and what the catalogue says of it."""

    name: str
    text: str
    number: str
    is_given: str
    is_numeric: str
    may_be_negative: str
    column: Column | None = None

    @property
    def is_number(self) -> bool:
        return self.column is None or self.column.is_number

    @property
    def is_whole(self) -> bool:
        return self.column is not None and self.column.type in ("integer", "year", "month")

    @property
    def code_list(self) -> str:
        return self.column.code_list if self.column else ""

    @cached_property
    def codes(self) -> list[str]:
        """The codes of its list."""
        rows, column = code_rows(self.code_list)
        return [row[column] for row in rows]


# A replacing correction stands in the number and not in the text.
CELL = Value(
    name="",
    text="value_text",
    number="number",
    is_given="(value_status = '' or number_text <> '')",
    is_numeric="is_number",
    may_be_negative="may_be_negative",
)


def list_value(column: Column) -> Value:
    """A column of a list, as a rule looks at it."""
    number = f"try_cast({column.name} as double)"
    return Value(
        name=column.name,
        text=column.name,
        number=number,
        is_given=f"{column.name} is not null",
        # The cast knows words and signs that no form has: inf, nan, 1_000.
        is_numeric=f"coalesce(is_figure({number}) and not contains({column.name}, '_'), false)",
        may_be_negative="false" if column.is_non_negative else "true",
        column=column,
    )


@dataclass(frozen=True)
class Subject:
    """What is judged together: the cells of all matrices, or the rows of one list."""

    name: str
    kind: str
    rows: str
    keys: tuple[str, ...]
    values: tuple[Value, ...]
    columns: tuple[Column, ...] = ()

    def column_of(self, code_list: str) -> str:
        """The column that takes its values from a list of codes; '' if there is none."""
        return next((c.name for c in self.columns if c.code_list == code_list), "")
