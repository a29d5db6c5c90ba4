"""Which column of a list a printed heading is, more freely than the landing reads it."""

from __future__ import annotations

from orchestration.errors import GreenparkError
from orchestration.landing.map.catalogue import Dataset
from orchestration.landing.map.columns import ColumnNames
from orchestration.landing.map.labels import clean_label, split_unit
from orchestration.landing.map.list_units import column_of_unit
from orchestration.proposing.proposal import Answers


class ListNames:
    """The names of the columns of a dataset, those that the user gives among them."""

    def __init__(self, dataset: Dataset, answers: Answers, stated: str) -> None:
        """`stated` is the unit that a line above the list states. Raises GreenparkError."""
        self.dataset = dataset
        self.unit = answers.unit or stated
        self.names = ColumnNames(dataset)
        self.own = {clean_label(text).casefold(): name for text, name in answers.labels.items()}
        self._met: dict[tuple[str, ...], str] = {}
        columns = [column.name for column in dataset.columns]
        for printed, meant in answers.labels.items():
            if meant not in columns:
                raise GreenparkError(
                    f"--label {printed}={meant}: {dataset.name} has no column {meant}",
                    f"its columns are {', '.join(columns)}",
                )

    def meaning(self, texts: list[str]) -> str:
        """The column that the cells of a heading name; '' if none."""
        key = tuple(texts)
        if key not in self._met:
            self._met[key] = self._meaning(texts)
        return self._met[key]

    def _meaning(self, texts: list[str]) -> str:
        lines = [clean_label(line) for text in texts for line in (text, *text.splitlines())]
        lines += [clean_label(" ".join(texts))]
        lines += [split_unit(line)[0] for line in lines]
        tries = _tries(lines)
        return (
            next((self.own[t] for t in tries if t in self.own), "")
            or self.names.find(tries)
            or column_of_unit(self.dataset, "\n".join(texts), self.unit)
        )

    def is_without_data(self, texts: list[str]) -> bool:
        """Is it a column that officers add for themselves: number of the row, who filled it in?"""
        lines = [clean_label(text) for text in (" ".join(texts), *texts)]
        return any(text in self.names.without_data for text in _tries(lines))

    def is_found_by_landing(self, texts: list[str], name: str) -> bool:
        """Does the landing know a heading by itself, so that the sidecar need not say it?"""
        joined = "\n".join(texts)
        lines = [clean_label(text) for text in (joined, *joined.splitlines())]
        return self.names.find(_tries(lines)) == name


def _tries(lines: list[str]) -> list[str]:
    """Each line as it is compared, also without the star of what is required."""
    return [t for line in lines for t in (line.casefold(), line.casefold().rstrip("* "))]
