"""Which column of a dataset each printed heading of a list is."""

from __future__ import annotations

from collections.abc import Iterable

from orchestration.landing.map.catalogue import Dataset, read_rows
from orchestration.landing.map.labels import by_spelling, clean_label, spelling
from orchestration.landing.read.sheet import Unreadable
from orchestration.landing.read.sidecar import Layout

COLUMN_ALIASES = "mappings/dataset_column_aliases.csv"  # what other forms call a column of a list

EVERY = "*"  # in place of a dataset: every list


class ColumnNames:
    """What each column of a dataset may be called: its name, its labels, its aliases."""

    def __init__(self, dataset: Dataset) -> None:
        names: dict[str, str] = {}
        for column in dataset.columns:
            zh, en = clean_label(column.label_zh), clean_label(column.label_en)
            for text in (column.name, zh, en, f"{zh} {en}", f"{zh}{en}"):
                names.setdefault(text.casefold(), column.name)
        for row in read_rows(COLUMN_ALIASES):
            if row["dataset"] == dataset.name and row["column_name"]:
                names.setdefault(clean_label(row["alias"]).casefold(), row["column_name"])
        names.pop("", None)
        self.names = names
        self.without_data = {
            clean_label(row["alias"]).casefold()
            for row in read_rows(COLUMN_ALIASES)
            if not row["column_name"] and row["dataset"] in (EVERY, dataset.name)
        }
        self.spellings = by_spelling((text, name, False) for text, name in names.items())

    def find(self, texts: Iterable[str]) -> str:
        """The column that the first known of some headings is; '' if none. `texts` are folded."""
        texts = list(texts)
        spelled = (self.spellings.get(spelling(text), "") for text in texts)
        known = (self.names.get(text, "") for text in (*texts, *spelled))
        return next((name for name in known if name), "")


def match_columns(header: list[str], layout: Layout, dataset: Dataset) -> dict[str, int]:
    """Column name of the dataset to column number of the file, from 1.

    A header cell is matched whole or by one of its lines. Raises Unreadable, naming what is
    missing or in no catalogue.
    """
    names = ColumnNames(dataset)
    titles = {column.name: column.label_zh for column in dataset.columns}
    given = {clean_label(printed).casefold(): name for printed, name in layout.fields.items()}
    found: dict[str, int] = {}
    strangers = []
    for number, printed in enumerate(header, start=1):
        label = clean_label(printed).casefold()
        if not label or number in layout.ignore_columns:
            continue
        lines = [clean_label(line).casefold() for line in printed.splitlines()]
        tries = [text for line in (label, *lines) for text in (line, line.rstrip("* "))]
        name = next((given[text] for text in tries if text in given), None)
        name = name or names.find(tries)
        if not name:
            strangers.append(clean_label(printed))
        elif name in found:
            detail_zh = f"有两列都是 {titles[name]}（{name}）"
            raise Unreadable("layout_mismatch", f"two columns are {name}", detail_zh)
        else:
            found[name] = number
    if strangers:
        named = ", ".join(strangers)
        detail_zh = f"{named}；{dataset.label_zh}（{dataset.name}）没有这样的列"
        raise Unreadable("column_unknown", f"{named}; {dataset.name} has no such", detail_zh)
    required = {column.name for column in dataset.columns if column.is_required}
    missing = required - set(found) - set(layout.field_values)
    if missing:
        named = ", ".join(sorted(missing))
        named_zh = "、".join(f"{titles[name]}（{name}）" for name in sorted(missing))
        raise Unreadable("layout_mismatch", f"no column {named}", f"缺少列 {named_zh}")
    return found
