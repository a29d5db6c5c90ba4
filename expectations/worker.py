"""Runs gates in a side process, so that importing great_expectations overlaps other work.

Parent: `with Worker.start() as worker: ...; worker.run_gate(database, "marts").result(timeout)`.
Child: `python -m expectations.worker`. One JSON object per line each way: requests on its stdin,
answers on its stdout; whatever libraries print goes to stderr. The child closes the database
before it answers, so the parent may then open the file read-write.
"""

from __future__ import annotations

import contextlib
import dataclasses
import itertools
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
import traceback
from collections.abc import Mapping
from concurrent.futures import Future
from pathlib import Path
from typing import IO, Any, Self

from expectations.discovery import SUITES, find_suites
from expectations.outcomes import Result
from expectations.rules import GATES, RULES_CSV
from expectations.runner import gx_context, run_gate, silent_rules

STDERR_TAIL = 4000


class WorkerError(RuntimeError):
    """The child died, or could not run the gate; the message holds what it said."""


class Worker:
    """The parent's end. Start it early: the import runs while the parent does something else."""

    def __init__(self, process: subprocess.Popen[str], stderr: IO[bytes]) -> None:
        """Take over a started child; use `Worker.start`."""
        self.ready_seconds: float | None = None
        self._process = process
        self._stderr = stderr
        if process.stdin is None or process.stdout is None:
            raise ValueError("the child has to be started with pipes")
        self._requests, self._answers = process.stdin, process.stdout
        self._numbers = itertools.count(1)
        self._lock = threading.Lock()
        self._pending: dict[int, Future[list[Result]]] = {}
        self._dead = False
        self._reader = threading.Thread(target=self._read, name="expectations", daemon=True)
        self._reader.start()

    @classmethod
    def start(cls, package: str = SUITES) -> Worker:
        """Start the child, which imports GX and the suites at once; returns without waiting.

        It sees the same modules as this process. Raises OSError if no process can be started.
        """
        environment = {
            **os.environ,
            "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
            "GX_ANALYTICS_ENABLED": "false",
            "DO_NOT_TRACK": "1",
            "TQDM_DISABLE": "1",
        }
        stderr = tempfile.TemporaryFile()  # noqa: SIM115 (closed by close)
        process = subprocess.Popen(
            [sys.executable, "-P", "-m", "expectations.worker", package],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=stderr,
            env=environment,
            encoding="utf-8",
        )
        return cls(process, stderr)

    def run_gate(
        self,
        database: Path,
        gate: str,
        previous: Path | None = None,
        docs_dir: Path | None = None,
        *,
        as_of_vintage: int | None = None,
        memory_limit: str | None = None,
        kept: Path | None = None,
        contents: Mapping[str, str] | None = None,
        package: str = SUITES,
        rules_csv: Path = RULES_CSV,
    ) -> Future[list[Result]]:
        """Ask for a gate, with the arguments of `runner.run_gate`; gates run one after another.

        There is a result of every rule, also of those that did not run.

        The future's `result(timeout)` raises TimeoutError, or WorkerError if the gate could not
        run or the child died. The database must not be open for writing until it is done.
        """
        future: Future[list[Result]] = Future()
        future.set_running_or_notify_cancel()  # the child cannot be told to skip a gate
        number = next(self._numbers)
        request = {
            "id": number,
            "database": str(database.absolute()),
            "gate": gate,
            "previous": previous and str(previous.absolute()),
            "docs_dir": docs_dir and str(docs_dir.absolute()),
            "as_of_vintage": as_of_vintage,
            "memory_limit": memory_limit,
            "kept": kept and str(kept.absolute()),
            "contents": contents and dict(contents),
            "package": package,
            "rules_csv": str(rules_csv.absolute()),
        }
        with self._lock:
            if self._dead:
                future.set_exception(self._death())
                return future
            self._pending[number] = future
            try:
                self._requests.write(json.dumps(request) + "\n")
                self._requests.flush()
            except OSError:
                pass  # the child is gone: the reader finds the end of its output and says so
        return future

    def close(self) -> None:
        """Kill the child and wait for its end; gates under way fail with WorkerError."""
        if self._process.poll() is None:
            self._process.kill()
        self._process.wait()
        self._reader.join()
        with contextlib.suppress(OSError):
            self._requests.close()
        self._answers.close()
        self._stderr.close()

    def __enter__(self) -> Self:
        """Return the worker itself."""
        return self

    def __exit__(self, *exc_info: object) -> None:
        """Close it."""
        self.close()

    def _read(self) -> None:
        """Hand each answer to its future until the child's output ends, then fail the rest."""
        for line in self._answers:
            answer = json.loads(line)
            if "ready" in answer:
                self.ready_seconds = answer["ready"]
                continue
            with self._lock:
                future = self._pending.pop(answer["id"])
            if "error" in answer:
                future.set_exception(WorkerError(answer["error"]))
            else:
                future.set_result([Result(**result) for result in answer["results"]])
        self._process.wait()
        with self._lock:
            self._dead = True
            pending = list(self._pending.values())
            self._pending.clear()
            error = self._death() if pending else None
        for future in pending:
            future.set_exception(error)

    def _death(self) -> WorkerError:
        """Return the error for a dead child, with the end of what it wrote to stderr."""
        tail = ""
        if not self._stderr.closed:
            size = self._stderr.seek(0, os.SEEK_END)
            self._stderr.seek(max(0, size - STDERR_TAIL))
            tail = self._stderr.read().decode("utf-8", "replace").strip()
        return WorkerError(
            f"the expectations worker ended with code {self._process.returncode}; its stderr ends:"
            f"\n{tail or '(nothing)'}"
        )


def _serve(package: str) -> None:
    """Import everything, then answer requests until stdin ends."""
    started = time.perf_counter()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, which ends this one
    requests = os.fdopen(os.dup(0), encoding="utf-8")
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    with open(os.devnull) as nothing:
        os.dup2(nothing.fileno(), 0)
    os.dup2(2, 1)

    def answer(message: dict[str, Any]) -> None:
        answers.write(json.dumps(message) + "\n")
        answers.flush()

    gx_context()
    import duckdb_sqlalchemy  # noqa: F401  (else imported during the first gate)

    import expectations.data_docs  # noqa: F401

    for gate in GATES:
        try:
            find_suites(gate, package)
        except Exception:
            traceback.print_exc()
    answer({"ready": time.perf_counter() - started})
    for line in requests:
        request = json.loads(line)
        number = request.pop("id")
        for name in ("database", "previous", "docs_dir", "kept", "rules_csv"):
            request[name] = request[name] and Path(request[name])
        try:
            gate = request.pop("gate")
            results = run_gate(request.pop("database"), gate, **request)
            asked = {name: request[name] for name in ("as_of_vintage", "package", "rules_csv")}
            results += silent_rules(gate, {result.rule_id for result in results}, **asked)
        except Exception as error:
            traceback.print_exc()
            answer({"id": number, "error": f"{type(error).__name__}: {error}"})
        else:
            answer({"id": number, "results": [dataclasses.asdict(result) for result in results]})


if __name__ == "__main__":
    _serve(sys.argv[1] if len(sys.argv) > 1 else SUITES)
    os._exit(0)  # interpreter teardown takes half a second and there is nothing to save
