"""`greenpark refresh`: the Dagster job, run in this process without a daemon."""

from __future__ import annotations

import json
import os
import sys
import threading
import time
from pathlib import Path

from orchestration import words
from orchestration.database import disk_full_of
from orchestration.keeping import inputs
from orchestration.landing import row_folders
from orchestration.publishing.sound import last_sound
from orchestration.session import Engine, Session, open_session
from orchestration.settings import Home, data_roots, excluded_origins

REFRESHED = "refreshed.json"  # of the folder of what is kept: what the current version was made of


def refresh(
    home: Home,
    extra_data: list[Path],
    as_of_vintage: int | None = None,
    strict: bool = False,
    allow_shrink: bool = False,
    engine: Engine = "duckdb",
    without: tuple[str, ...] = (),
    full: bool = False,
    because: str = "",
) -> int:
    """Land, build, audit and publish what has changed; print the summary. Returns the exit code.

    0: a new version is published, or there is nothing new. 1: nothing was published, or `strict`
    and rows were refused. `because` is why figures move though no file did. `full` builds all of it
    anew and publishes it in any case. Raises GreenparkError when the run could not start, or a
    method or a report is not complete.
    """
    start = time.perf_counter()
    roots = data_roots(extra_data)
    key = inputs.whole_key(
        roots,
        {
            "as_of_vintage": as_of_vintage,
            "engine": engine,
            "without": sorted(excluded_origins(without)),
        },
    )
    refused = None if full else _refused_before(home, key)
    # The files are hashed only where nothing else is done; a run looks at them itself.
    if refused is not None and not last_sound(home)[1]:
        return _nothing_new(home, start, strict and refused)
    with open_session(
        home, extra_data, as_of_vintage, allow_shrink, engine, without, _say, full, because
    ) as session:
        row_folders.check(session.roots)
        _ = session.unsigned  # before anything is parsed
        succeeded = _run_job(session)
        seconds = time.perf_counter() - start
        if succeeded and session.landing is not None:
            _remember(session, key)
    timings = session.seconds | {"total": seconds}
    (home.logs / "timings.json").write_text(json.dumps(timings, indent=2) + "\n", encoding="utf-8")
    if not succeeded or session.published is None or session.landing is None:
        _say(f"nothing published after {seconds:.1f} s; readers keep the version they had")
        return 1
    if not session.is_new:
        return _nothing_new(home, start, strict and session.landing.rows_refused)
    _print_summary(home, start)
    return 1 if strict and session.landing.rows_refused else 0


def _nothing_new(home: Home, start: float, refused: int) -> int:
    version = home.current.resolve().name
    _say(f"nothing new to publish: version {version} is of the same content")
    _print_summary(home, start)
    return 1 if refused else 0


def _print_summary(home: Home, start: float) -> None:
    from orchestration.serving.summary import print_summary

    print_summary(home, time.perf_counter() - start)


def _refused_before(home: Home, key: str) -> int | None:
    """How many rows were refused when the current version was made; None if of anything else."""
    try:
        said = json.loads((home.kept / REFRESHED).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    is_current = home.database.exists() and home.current.resolve().name == said.get("version")
    return int(said["refused"]) if is_current and said.get("key") == key else None


def _remember(session: Session, key: str) -> None:
    """Keep what the version that is current now was made of."""
    if session.landing is not None and session.home.kept.is_dir():
        version = session.home.current.resolve().name
        said = {"key": key, "version": version, "refused": session.landing.rows_refused}
        (session.home.kept / REFRESHED).write_text(json.dumps(said) + "\n", encoding="utf-8")


def _say(line: str) -> None:
    print(words.say(line), file=sys.stderr, flush=True)


def _run_job(session: Session) -> bool:
    os.environ["DAGSTER_DISABLE_TELEMETRY"] = "1"
    # The adapter is needed right after the parse; loading it beside Dagster saves a second.
    threading.Thread(target=_import_dbt, daemon=True).start()
    with session.timed("imports"):
        import dagster as dg

        from orchestration.defs.build import build_definitions
        from orchestration.defs.instance import instance_of_one_run
        from orchestration.defs.publish import JOB_NAME
        from orchestration.transform.dbt import parse

    with session.timed("parse"):
        session.parsed = parse(session.home)
    with session.timed("definitions"):
        job = build_definitions(session.parsed.path).resolve_job_def(JOB_NAME)
    result = job.execute_in_process(
        resources={"session": dg.ResourceDefinition.hardcoded_resource(session)},
        run_config={"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}},
        instance=instance_of_one_run(),
        raise_on_error=False,
    )
    for event in result.all_events:
        if event.is_step_failure and session.refusal is not None:
            _say(session.refusal.told())
        elif event.is_step_failure and session.published is None:
            error = event.step_failure_data.error
            cause = error.cause or error if error else None
            message = cause.message.strip() if cause else ""
            message = str(disk_full_of(message, session.home.root) or message)
            _say(f"step {event.step_key} failed: {message}")
    return result.success


def _import_dbt() -> None:
    import dbt.cli.main  # noqa: F401
