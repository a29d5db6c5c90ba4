"""Which column of a dataset each printed heading of a list is."""

from __future__ import annotations

from orchestration.landing.map.catalogue import Dataset, read_rows
from orchestration.landing.map.labels import clean_label
from orchestration.landing.read.sheet import Unreadable
from orchestration.landing.read.sidecar import Layout

COLUMN_ALIASES = "mappings/dataset_column_aliases.csv"  # what other forms call a column of a list


def column_names(dataset: Dataset) -> dict[str, str]:
    """What a column may be called, folded, to its name: its name, its labels, its aliases."""
    names: dict[str, str] = {}
    for column in dataset.columns:
        zh, en = clean_label(column.label_zh), clean_label(column.label_en)
        for text in (column.name, zh, en, f"{zh} {en}", f"{zh}{en}"):
            names.setdefault(text.casefold(), column.name)
    for row in read_rows(COLUMN_ALIASES):
        if row["dataset"] == dataset.name:
            names.setdefault(clean_label(row["alias"]).casefold(), row["column_name"])
    return names


def match_columns(header: list[str], layout: Layout, dataset: Dataset) -> dict[str, int]:
    """Column name of the dataset to column number of the file, from 1.

    A header cell is matched whole or by one of its lines. Raises Unreadable, naming what is
    missing or in no catalogue.
    """
    names = column_names(dataset)
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
        name = name or next((names[text] for text in tries if text in names), None)
        if name is None:
            strangers.append(clean_label(printed))
        elif name in found:
            raise Unreadable("layout_mismatch", f"two columns are {name}", f"有两列都是 {name}")
        else:
            found[name] = number
    if strangers:
        named = ", ".join(strangers)
        detail_zh = f"{named}；{dataset.name} 没有这样的列"
        raise Unreadable("column_unknown", f"{named}; {dataset.name} has no such", detail_zh)
    required = {column.name for column in dataset.columns if column.is_required}
    missing = required - set(found) - set(layout.field_values)
    if missing:
        named = ", ".join(sorted(missing))
        raise Unreadable("layout_mismatch", f"no column {named}", f"缺少列 {named}")
    return found
