"""The process that parses files for `aside`: it limits itself, reads one file and serves its rows.

It imports little, since it is started while a landing waits for it.
"""

from __future__ import annotations

import json
import os
import resource
import signal
import sys
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import Any

from orchestration.landing.read import limits as limits_
from orchestration.landing.read.aside import out_of_memory
from orchestration.landing.read.formats import parse_whole
from orchestration.landing.read.limits import Limits
from orchestration.landing.read.sheet import Sheet, Unreadable

CHUNK_CELLS = 100_000
KIB = 1024 if sys.platform != "darwin" else 1


def serve() -> None:
    """Answer questions until stdin ends; what libraries print goes nowhere."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, which ends this one
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    _limit(resource.RLIMIT_CORE, 0)
    sheets: list[Sheet] = []
    for line in sys.stdin.buffer:
        request = json.loads(line)
        try:
            if "asked" in request:
                answer = {"found": _asked(request), "peak_bytes": _peak()}
            elif "path" in request:
                sheets.clear()
                sheets += _open(request)
                answer = {"sheets": [_told(sheet) for sheet in sheets], "peak_bytes": _peak()}
            else:
                answer = {"rows": _some(sheets[request["rows_of"]]), "peak_bytes": _peak()}
        except Unreadable as error:
            answer = {"fault": [error.rule, error.detail, error.detail_zh]}
        except MemoryError:
            sheets.clear()
            told = out_of_memory(limits_.current())
            answer = {"fault": [told.rule, told.detail, told.detail_zh]}
        except Exception as failure:
            kind = type(failure).__name__
            detail = f"{kind}: {' '.join(str(failure).split())}"
            answer = {"fault": ["file_unreadable", detail, f"读取出错：{kind}"]}
        answers.write(json.dumps(answer).encode() + b"\n")
        answers.flush()


def _open(request: dict[str, Any]) -> list[Sheet]:
    _fit(request)
    path, kind, encoding = Path(request["path"]), request["kind"], request["encoding"]
    return parse_whole(path, kind, encoding, request["keys"])


def _asked(request: dict[str, Any]) -> Any:
    """What a function of the project says of the text of a file."""
    _fit(request)
    module, _, name = request["asked"].partition(":")
    text = Path(request["path"]).read_text(encoding=request["encoding"])
    return getattr(import_module(module), name)(text)


def _fit(request: dict[str, Any]) -> None:
    """Take the limits that a file has."""
    limits = Limits(**request["limits"])
    limits_.fits(limits)
    used = resource.getrusage(resource.RUSAGE_SELF)
    _limit(resource.RLIMIT_CPU, int(used.ru_utime + used.ru_stime) + 1 + limits.seconds)
    _limit(resource.RLIMIT_AS, limits.memory_bytes)


def _limit(which: int, value: int) -> None:
    """Set a limit as far as the system lets; the hard one stays, so that the next may be higher."""
    _, hard = resource.getrlimit(which)
    with suppress(ValueError, OSError):  # a system without this limit
        resource.setrlimit(which, (value if hard < 0 else min(value, hard), hard))


def _peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * KIB


def _told(sheet: Sheet) -> dict[str, Any]:
    """A sheet without its rows, as JSON can say it."""
    return {
        "name": sheet.name,
        "is_hidden": sheet.is_hidden,
        "size": sheet.size,
        "merged": sheet.merged,
        "faults": [[*place, *fault] for place, fault in sheet.faults.items()],
        "hidden_rows": sheet.hidden_rows,
        "hidden_columns": sheet.hidden_columns,
        "formulas": sheet.formulas,
    }


def _some(sheet: Sheet) -> list[list[str]]:
    """The next rows of a sheet, at least one; none after the last."""
    rows: list[list[str]] = []
    cells = 0
    while cells < CHUNK_CELLS and (row := next(sheet.rows, None)) is not None:
        rows.append(row)
        cells += len(row) + 1
    return rows


if __name__ == "__main__":
    serve()
