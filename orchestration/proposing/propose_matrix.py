"""Propose how to read labels down and across: which are what, the unit, the marks."""

from __future__ import annotations

from typing import Any

from orchestration.errors import GreenparkError
from orchestration.proposing.leave_out import leave_out
from orchestration.proposing.matrix_marks import say_marks
from orchestration.proposing.matrix_parts import find_parts
from orchestration.proposing.matrix_task import MatrixTask
from orchestration.proposing.trial import try_out


def propose_matrix(task: MatrixTask) -> None:
    """Make a proposal of labels down and across. Raises GreenparkError if there is no table."""
    proposal = task.proposal
    proposal.layout = _layout(task, find_parts(task))
    years = try_out(task)
    _check_unit(task)
    if task.answers.leave_out and proposal.unknown:
        leave_out(task)
        if gone := sorted(years - try_out(task)):
            task.note(
                f"nothing is left of {', '.join(gone)}",
                f"{'、'.join(gone)} 已无任何数值",
            )


def _layout(task: MatrixTask, parts: list[dict[str, Any]]) -> dict[str, Any]:
    """The layout: the first part, and in what the others differ from it."""
    if not parts:
        raise GreenparkError(
            f"{task.proposal.path.name}: no table found: no rows of labels and numbers",
            "name the sheet of the table with --sheet, or describe it by hand (CONTRIBUTING.md)"
            if len(task.grids) > 1
            else "check the file, or describe it by hand (CONTRIBUTING.md)",
        )
    layout = {"kind": "matrix", **task.base, **parts[0]}
    for part in parts[1:]:
        # What a continuation does not have must not come down to it from the first part.
        nothing: dict[str, Any] = {"columns": {}, "ignore_columns": [], "value_columns": []}
        part |= {k: v for k, v in nothing.items() if k in layout and k not in part}
        own = {key: value for key, value in part.items() if layout.get(key) != value}
        layout.setdefault("blocks", []).append(own)
    say_marks(task, layout)
    return layout


def _check_unit(task: MatrixTask) -> None:
    """Raise where `--unit` says another unit than the file prints everywhere."""
    said = task.vocabulary.unit_meaning(task.answers.unit or "")
    printed = {cell.unit.label: cell.unit for cell in task.proposal.preview}
    differing = [
        label
        for label, unit in printed.items()
        if (unit.code, unit.factor) != (said.code, said.factor)
    ]
    if task.answers.unit and not task.is_unit_used and differing:
        raise GreenparkError(
            f"--unit {task.answers.unit}: the file prints {', '.join(differing)}",
            "leave out --unit, or correct the unit in the file",
        )
