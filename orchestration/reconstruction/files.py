"""A table and its sidecar, as the landing reads them: the same content gives the same bytes."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import yaml

SIDECAR_ORDER = (
    *("dataset", "source_id", "publisher", "title_zh", "title_en", "edition_year"),
    *("table_number", "unit_as_printed", "notes_as_printed", "encoding", "sha256"),
    *("licence", "origin", "url_or_citation", "layout"),
)
Row = Sequence[object]


def write_table(
    folder: Path, name: str, rows: Iterable[Row], sidecar: Mapping[str, object]
) -> None:
    """Write `name`.csv and `name`.yml into a folder; the sidecar gets the hash of the table."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    content = text.getvalue().encode("utf-8")
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.csv").write_bytes(content)
    said = {
        "publisher": "greenpark (orchestration/reconstruction)",
        "table_number": None,
        "encoding": "utf-8",
        "sha256": hashlib.sha256(content).hexdigest(),
        "licence": "Apache-2.0",
        "origin": "reconstructed",
        **sidecar,
    }
    (folder / f"{name}.yml").write_text(
        yaml.safe_dump(
            {key: said[key] for key in SIDECAR_ORDER},
            allow_unicode=True,
            sort_keys=False,
            width=1000,
        ),
        encoding="utf-8",
    )
