"""Read one raw file by its sidecar into cells: one record per printed value, all of it text."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from orchestration.landing.sidecar import Layout, Sidecar, read_sidecar

SKIPPED_FOLDERS = {"reference", "reconstruction"}


@dataclass(frozen=True)
class RawFile:
    """A file found below a data root; `name` is its path as the warehouse knows it."""

    path: Path
    name: str
    root_rank: int


@dataclass
class Cell:
    """One record: a value with the labels that say what it is. Everything is as printed."""

    row_number: int
    column_number: int
    column_name: str
    value_text: str
    unit_label: str = ""
    value_status: str = ""
    labels: dict[str, str] = field(default_factory=dict)
    fault: str = ""
    fault_detail: str = ""


@dataclass
class FileContent:
    """What reading a file gave: its cells, or the one fault that refuses the whole file."""

    file: RawFile
    sha256: str
    bytes_read: int
    sidecar: Sidecar | None
    cells: list[Cell]
    fault: str = ""
    fault_detail: str = ""


def find_files(roots: list[Path]) -> list[RawFile]:
    """All CSV files below the data roots, in a fixed order.

    A file of a later root takes the place of the file of the same name in an earlier one.
    """
    found: dict[str, RawFile] = {}
    for rank, root in enumerate(roots):
        for path in sorted(root.rglob("*.csv")):
            parts = path.relative_to(root).parts
            if parts[0] in SKIPPED_FOLDERS:
                continue
            name = "/".join(parts[1:] if parts[0] == "raw" else parts)
            found[name] = RawFile(path, name, rank)
    return [found[name] for name in sorted(found)]


def read_file(file: RawFile) -> FileContent:
    """Read one file. Never raises for a bad file: the fault is in the result."""
    data = file.path.read_bytes()
    digest = hashlib.sha256(data).hexdigest()
    sidecar_path = file.path.with_suffix(".yml")

    def refuse(rule: str, detail: str, sidecar: Sidecar | None = None) -> FileContent:
        # Nothing is lost: every line of a refused file goes to quarantine as it stands.
        encoding = sidecar.encoding if sidecar else "utf-8"
        lines = data.decode(encoding, errors="backslashreplace").splitlines()
        cells = [Cell(number, 0, "", line) for number, line in enumerate(lines or [""], start=1)]
        return FileContent(file, digest, len(data), sidecar, cells, rule, detail)

    if not sidecar_path.exists():
        return refuse("sidecar_missing", sidecar_path.name)
    try:
        sidecar = read_sidecar(sidecar_path)
    except ValueError as error:
        return refuse("sidecar_invalid", str(error))
    if digest != sidecar.sha256:
        return refuse("file_hash_changed", f"{digest} is not {sidecar.sha256}", sidecar)
    try:
        text = data.decode(sidecar.encoding)
    except UnicodeDecodeError as error:
        return refuse("file_undecodable", str(error), sidecar)
    rows = list(csv.reader(io.StringIO(text, newline="")))
    if len(rows) < sidecar.layout.first_data_row:
        detail = f"{len(rows)} lines, first data row is {sidecar.layout.first_data_row}"
        return refuse("layout_mismatch", detail, sidecar)
    read = _matrix_cells if sidecar.layout.kind == "matrix" else _record_cells
    return FileContent(file, digest, len(data), sidecar, list(read(rows, sidecar.layout)))


def _label(text: str) -> str:
    return " ".join(text.split())


def _matrix_cells(rows: list[list[str]], layout: Layout) -> Iterator[Cell]:
    header = [_label(text) for text in rows[layout.header_row - 1]]
    units = rows[layout.unit_row - 1] if layout.unit_row else []
    constants = {concept: str(value) for concept, value in layout.constants.items()}
    label_columns = set(layout.row_labels) | {layout.unit_column}
    value_columns = [n for n in range(1, len(header) + 1) if n not in label_columns]
    for row_number, row in enumerate(rows[layout.first_data_row - 1 :], layout.first_data_row):
        if not any(text.strip() for text in row):
            continue
        ragged = len(row) != len(header)
        for column in value_columns:
            value = row[column - 1].strip() if column <= len(row) else ""
            labels = dict(constants)
            for position, concept in layout.row_labels.items():
                labels[concept] = _label(row[position - 1]) if position <= len(row) else ""
            labels[layout.column_labels] = header[column - 1]
            if layout.unit_column:
                unit = row[layout.unit_column - 1]
            else:
                unit = units[column - 1] if column <= len(units) else layout.unit or ""
            cell = Cell(row_number, column, header[column - 1], value, _label(unit))
            cell.value_status = layout.missing_marks.get(value, "")
            cell.labels = labels
            if ragged:
                cell.fault = "row_ragged"
                cell.fault_detail = f"{len(row)} cells, the header has {len(header)}"
            yield cell


def _record_cells(rows: list[list[str]], layout: Layout) -> Iterator[Cell]:
    header = [_label(text) for text in rows[layout.header_row - 1]]
    for row_number, row in enumerate(rows[layout.first_data_row - 1 :], layout.first_data_row):
        if not any(text.strip() for text in row):
            continue
        cell = Cell(row_number, 0, "", "\t".join(row), value_status="reported")
        cell.labels = dict(zip(header, row, strict=False))
        if len(row) != len(header):
            cell.fault = "row_ragged"
            cell.fault_detail = f"{len(row)} cells, the header has {len(header)}"
        yield cell
