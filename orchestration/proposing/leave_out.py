"""Leave out of a layout what no table knows: rows by their label, columns by their number."""

from __future__ import annotations

from typing import Any

from orchestration.errors import GreenparkError
from orchestration.landing.map.labels import BLANKS
from orchestration.landing.read.sidecar import Layout
from orchestration.proposing.anatomy import Block
from orchestration.proposing.matrix_task import UNSAID, MatrixTask, across, bare


def leave_out(task: MatrixTask) -> None:
    """Change the layout so that it reads nothing unknown. Raises GreenparkError if that is all."""
    layout = task.proposal.layout
    for part in [layout, *layout.get("blocks", [])]:
        gone = _unknown_columns(task, part)
        if not gone:
            continue
        block = _block_of(task, part)
        if block and set(block.values) <= gone:
            _leave_out_part(task, part, block)
        else:
            _leave_out_columns(layout, part, gone)
    rows = {
        entry.printed
        for entry in task.proposal.unknown
        if entry.concept in task.concepts and entry.where.startswith("row ")
    }
    if rows:
        layout["skip_labels"] = sorted({*layout.get("skip_labels", []), *rows})


def _leave_out_columns(layout: dict[str, Any], part: dict[str, Any], gone: set[int]) -> None:
    if part.get("value_columns") or layout.get("value_columns"):
        values: list[int] = part.get("value_columns", layout.get("value_columns", []))
        part["value_columns"] = [column for column in values if column not in gone]
    else:
        own = part.get("ignore_columns", layout.get("ignore_columns", []))
        part["ignore_columns"] = sorted({*own, *gone})
    if part.get("columns"):
        part["columns"] = {c: v for c, v in part["columns"].items() if c not in gone}


def _block_of(task: MatrixTask, part: dict[str, Any]) -> Block | None:
    blocks = task.blocks(task.grid_of(part))
    header = part.get("header_rows", task.proposal.layout["header_rows"])
    return next((b for b in blocks if set(header) <= set(b.header)), None)


def _leave_out_part(task: MatrixTask, part: dict[str, Any], block: Block) -> None:
    """Take a continuation of which nothing is known out of the layout, and say so in it."""
    layout = task.proposal.layout
    if part is layout:
        raise GreenparkError(
            f"{task.proposal.path.name}: with what is unknown left out, nothing is left",
            "name another dataset with --as, or say what a label means with --label",
        )
    layout["blocks"] = [other for other in layout["blocks"] if other is not part]
    if not layout["blocks"]:
        del layout["blocks"]
    grid = task.grid_of(part)
    if grid is not task.grid_of(layout):
        layout.setdefault("ignore_sheets", []).append(grid.sheet.name)
    else:
        layout.setdefault("skip_rows", []).append([min(block.header), block.last])


def _unknown_columns(task: MatrixTask, part: dict[str, Any]) -> set[int]:
    """The value columns of a part whose headings are in no table."""
    unknown = {(entry.concept, entry.printed) for entry in task.proposal.unknown}
    whole = {k: v for k, v in task.proposal.layout.items() if k != "blocks"}
    read = Layout.model_validate(
        {**whole, **part, "unit": UNSAID, "constants": {}}
        | dict.fromkeys(("unit_row", "unit_column", "unit_cell", "unit_in"))
    )
    grid = task.grid_of(part)
    gone = set()
    for concept in across(read.model_dump()):
        for column in range(1, grid.width + 1):
            printed = [grid.merged(row, column).strip(BLANKS) for row in read.header_rows]
            own = read.columns.get(column)
            said = {str(c): text for c, text in own.labels.items()} if own else {}
            printed = [said[concept]] if concept in said else printed
            printed = [text for text in dict.fromkeys(printed) if text]
            label = task.vocabulary.find(concept, printed, {})
            plain = task.vocabulary.find(concept, [bare(text) for text in printed], {})
            is_unknown = {(concept, label), (concept, plain)} & unknown
            if is_unknown and column not in read.row_labels:
                gone.add(column)
    return gone
