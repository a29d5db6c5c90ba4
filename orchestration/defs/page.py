"""Dagster's page behind its door: `python -m orchestration.defs.page PORT`, for `greenpark ui`."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import uvicorn
import yaml
from dagster import DagsterInstance
from dagster._cli.proxy_server_manager import ProxyServerManager
from dagster._core.workspace.context import WorkspaceProcessContext
from dagster._core.workspace.load_target import ModuleTarget, WorkspaceFileTarget
from dagster_shared.ipc import get_ipc_shutdown_pipe, send_ipc_shutdown_message
from dagster_webserver.webserver import DagsterWebserver
from starlette.middleware import Middleware

from orchestration.serving.door import Door
from orchestration.serving.ui import ADDRESS, TOKEN

DEFINITIONS = "orchestration.definitions"
WAIT_SECONDS = 4  # for the daemon to end by itself; a user who stops it waits no longer than 5


class GuardedWebserver(DagsterWebserver):
    """Dagster's web server with the door before everything it serves."""

    def __init__(self, context: WorkspaceProcessContext, port: int, token: str) -> None:
        super().__init__(context)
        self._door = Middleware(Door, port=port, token=token)

    def build_middleware(self) -> list[Middleware]:
        return [self._door, *super().build_middleware()]


@contextmanager
def _workspace(instance: DagsterInstance) -> Iterator[str]:
    """A file that names one code server for page and daemon: dbt's project is read once."""
    target = ModuleTarget(DEFINITIONS, None, os.getcwd(), None)
    with (
        ProxyServerManager(instance, target, "WARNING") as servers,
        tempfile.TemporaryDirectory() as folder,
    ):
        file = Path(folder, "workspace.yaml")
        file.write_text(yaml.safe_dump({"load_from": servers.get_code_server_specs()}), "utf-8")
        yield str(file)


@contextmanager
def _daemon(workspace: str) -> Iterator[None]:
    """The process behind sensors and schedules; it ends with the page."""
    read_end, write_end = get_ipc_shutdown_pipe()
    command = [sys.executable, "-m", "dagster._daemon", "run", "--log-level", "warning"]
    command += ["--workspace", workspace, "--shutdown-pipe", str(read_end)]
    process = subprocess.Popen(command, pass_fds=[read_end], start_new_session=True)
    os.close(read_end)
    try:
        yield
    finally:
        with suppress(BrokenPipeError):
            send_ipc_shutdown_message(write_end)
        try:
            process.wait(WAIT_SECONDS)
        except subprocess.TimeoutExpired:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _stop(number: int, frame: object) -> None:
    raise SystemExit(128 + number)


def serve(port: int, token: str) -> None:
    """Serve the page until the process is interrupted or told to end."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _stop)
    with (
        DagsterInstance.get() as instance,
        _workspace(instance) as workspace,
        _daemon(workspace),
        WorkspaceProcessContext(instance, WorkspaceFileTarget([workspace])) as context,
    ):
        app = GuardedWebserver(context, port, token).create_asgi_app()
        uvicorn.run(app, host=ADDRESS, port=port, log_level="warning")


if __name__ == "__main__":
    serve(int(sys.argv[1]), os.environ.pop(TOKEN))
