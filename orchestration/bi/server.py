"""Superset on this machine only: its folder in the home, its passwords, its import, its start.

Superset lives in an environment of its own (`make bi`), and is started, never imported.
"""

from __future__ import annotations

import json
import os
import secrets
import subprocess
from pathlib import Path

from orchestration.bi.bundle import Bundle
from orchestration.errors import GreenparkError
from orchestration.publishing.opening import open_reader
from orchestration.serving.ui import ADDRESS
from orchestration.settings import PROJECT_ROOT, Home

USERS = ("admin", "analyst", "viewer")
ENVIRONMENT = PROJECT_ROOT / ".venv-superset"
HERE = Path(__file__).parent
THREADS = 8  # queries at a time
MEMORY = "2GB"  # what DuckDB may take inside Superset


def bi_folder(home: Home) -> Path:
    """Where Superset keeps what it knows; only its owner may look."""
    return home.root / "superset"


def passwords_file(home: Home) -> Path:
    """The users and their passwords."""
    return bi_folder(home) / "passwords.json"


def prepare(home: Home) -> None:
    """Make the folder, the key and the passwords, which are kept from then on."""
    folder = bi_folder(home.ensure())
    folder.mkdir(mode=0o700, exist_ok=True)
    folder.chmod(0o700)
    (home.tmp / "superset").mkdir(exist_ok=True)
    _secret(folder / "secret_key", secrets.token_urlsafe(48))
    words = {user: secrets.token_urlsafe(18) for user in USERS}
    _secret(passwords_file(home), json.dumps(words, indent=2) + "\n")


def _secret(path: Path, text: str) -> None:
    """Write what nobody else may read, unless it is there."""
    if not path.exists():
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(text)
    path.chmod(0o600)


def write_bundle(home: Home, path: Path, with_map: bool = True) -> None:
    """Write the bundle of the published version. Raises GreenparkError when there is none."""
    connection = open_reader(home)
    try:
        Bundle(connection, with_map=with_map).zip(path)
    finally:
        connection.close()


def environment(home: Home, port: int, lang: str) -> dict[str, str]:
    """What Superset is told; no secret is among it."""
    return os.environ | {
        "SUPERSET_CONFIG_PATH": str(HERE / "superset_config.py"),
        "GREENPARK_HOME": str(home.root),
        "GREENPARK_BI_FOLDER": str(bi_folder(home)),
        "GREENPARK_BI_PORT": str(port),
        "GREENPARK_BI_LANG": lang,
        "GREENPARK_MEMORY": os.environ.get("GREENPARK_MEMORY", MEMORY),
        "SUPERSET_HOME": str(bi_folder(home)),
        "FLASK_APP": "superset.app:create_app()",
        "SCARF_ANALYTICS": "false",
        "DO_NOT_TRACK": "1",
    }


def python() -> Path:
    """The Python of Superset. Raises GreenparkError when it is not installed."""
    found = ENVIRONMENT / "bin" / "python"
    if not found.exists():
        raise GreenparkError("Superset is not installed", "install it: make bi")
    return found


def import_bundle(home: Home, bundle: Path, port: int, lang: str) -> str:
    """Set Superset up and import a bundle; returns what it says of it.

    Raises GreenparkError with the end of Superset's own words where it could not.
    """
    command = [str(python()), str(HERE / "superset_import.py"), str(bundle)]
    done = subprocess.run(
        [*command, str(passwords_file(home))],
        env=environment(home, port, lang),
        capture_output=True,
        text=True,
        check=False,
    )
    (bi_folder(home) / "import.log").write_text(done.stdout + done.stderr, encoding="utf-8")
    if done.returncode:
        last = (done.stderr.strip().splitlines() or [""])[-1]
        raise GreenparkError(
            f"Superset could not import the bundle: {last}",
            f"read {bi_folder(home) / 'import.log'}",
        )
    return done.stdout.strip().splitlines()[-1]


def command(port: int) -> list[str]:
    """What serves Superset: one process, which answers several readers at a time."""
    gunicorn = [str(python()), "-m", "gunicorn", "--workers", "1", "--worker-class", "gthread"]
    return [
        *gunicorn,
        *("--threads", str(THREADS), "--timeout", "120"),
        *("--bind", f"{ADDRESS}:{port}", "superset.app:create_app()"),
    ]
