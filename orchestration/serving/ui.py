"""Dagster's web page on this machine only. Dagster itself is started, never imported."""

from __future__ import annotations

import os
import secrets
import socket
import sys
from importlib.util import find_spec

from orchestration.errors import GreenparkError
from orchestration.settings import Home

ADDRESS = "127.0.0.1"
TOKEN = "GREENPARK_UI_TOKEN"  # not by an argument, which all users see
PAGE = "/asset-groups"  # the graph of all assets, each with the checks of its last run
QUIET = {
    "DAGSTER_DISABLE_TELEMETRY": "1",
    "DO_NOT_TRACK": "1",
    "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
    "GX_ANALYTICS_ENABLED": "false",
}


# No telemetry, no dialog to sign up with the community, and one writer at a time: the limit of each
# pool is 1. On a busy machine dbt's project is not read within the 180 s that Dagster waits.
SETTINGS = """\
telemetry:
  enabled: false
nux:
  enabled: false
concurrency:
  pools:
    default_limit: 1
code_servers:
  local_startup_timeout: 900
"""
# As versions before wrote them.
OLDER = SETTINGS.replace("code_servers:\n  local_startup_timeout: 900\n", "")
BEFORE = (OLDER, OLDER.replace("nux:\n  enabled: false\n", ""))


def prepare(home: Home, port: int) -> tuple[str, list[str], dict[str, str]]:
    """Return the page's address, and the command and environment that start it.

    Makes Dagster's home. The address carries a token of this start: who has it may start runs.
    Raises GreenparkError when the web server is not installed or the port is taken.
    """
    if find_spec("dagster_webserver") is None:
        raise GreenparkError(
            "dagster-webserver is not installed", "install it: pip install 'greenpark[ui]'"
        )
    need_port(port)
    folder = home.ensure().root / "dagster"
    folder.mkdir(exist_ok=True)
    settings = folder / "dagster.yaml"
    if not settings.exists() or settings.read_text(encoding="utf-8") in BEFORE:
        settings.write_text(SETTINGS, encoding="utf-8")
    environment = os.environ | QUIET
    environment |= {"DAGSTER_HOME": str(folder), "GREENPARK_HOME": str(home.root)}
    token = secrets.token_urlsafe()
    command = [sys.executable, "-m", "orchestration.defs.page", str(port)]
    return f"http://{ADDRESS}:{port}/?token={token}", command, environment | {TOKEN: token}


def need_port(port: int) -> None:
    """Raise GreenparkError if the port is taken, or is not for us."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((ADDRESS, port))
        except OSError as error:
            raise GreenparkError(
                f"port {port} on {ADDRESS} cannot be used: {error.strerror}",
                "choose another with --port",
            ) from error
