"""Superset's settings; Superset reads this file inside its own environment (SUPERSET_CONFIG_PATH).

It opens the published file of one home, read-only and locked down, and answers this machine alone.
"""

import copy
import os
import runpy
import threading
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy import create_engine
from superset.config import TALISMAN_CONFIG as _SHIPPED

HOME = Path(os.environ["GREENPARK_HOME"])
FOLDER = Path(os.environ["GREENPARK_BI_FOLDER"])
MEMORY = os.environ["GREENPARK_MEMORY"]
DATABASE = "greenpark"
# What a query may take, as of `greenpark serve`; rows are those of Superset, 100,000.
SECONDS, THREADS, SPILL = 60, 2, "10GB"

SQLALCHEMY_DATABASE_URI = f"sqlite:///{FOLDER / 'superset.db'}"
SECRET_KEY = (FOLDER / "secret_key").read_text(encoding="utf-8")
# Browsers keep cookies by host and not by port.
SESSION_COOKIE_NAME = f"greenpark_bi_{os.environ['GREENPARK_BI_PORT']}"
SESSION_COOKIE_SAMESITE = "Strict"

APP_NAME = "greenpark"
BABEL_DEFAULT_LOCALE = os.environ["GREENPARK_BI_LANG"]
_WORDS = yaml.safe_load(Path(__file__).with_name("words.yml").read_text(encoding="utf-8"))
LANGUAGES = {
    "zh": {"flag": "cn", "name": _WORDS["languages"]["zh"]},
    "en": {"flag": "us", "name": _WORDS["languages"]["en"]},
}
D3_FORMAT = {"decimal": ".", "thousands": ",", "grouping": [3], "currency": ["", ""]}
D3_TIME_FORMAT = {
    "dateTime": "%Y-%m-%d %H:%M:%S",
    "date": "%Y-%m-%d",
    "time": "%H:%M:%S",
    "periods": ["AM", "PM"],
    "days": ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"],
    "shortDays": ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"],
    "months": [f"{month:02d}" for month in range(1, 13)],
    "shortMonths": [f"{month:02d}" for month in range(1, 13)],
}

# Results are kept nowhere: the next question is answered by the version that is then published.
CACHE_CONFIG = {"CACHE_TYPE": "NullCache"}
DATA_CACHE_CONFIG = {"CACHE_TYPE": "NullCache"}
FEATURE_FLAGS = {"DASHBOARD_RBAC": False, "ALERT_REPORTS": False, "THUMBNAILS": False}
FAB_ADD_SECURITY_API = False
AUTH_USER_REGISTRATION = False

# Nothing outside this machine: no map tiles, no fonts, no pixel that counts users (Scarf).
TALISMAN_ENABLED = True
TALISMAN_CONFIG = copy.deepcopy(_SHIPPED)
TALISMAN_CONFIG["content_security_policy"] |= {
    "img-src": ["'self'", "blob:", "data:"],
    "connect-src": ["'self'"],
    "style-src": ["'self'", "'unsafe-inline'"],
    "font-src": ["'self'"],
    "frame-ancestors": ["'none'"],
    "form-action": ["'self'"],
    # Templates of Handlebars, which draw the map, are compiled in the browser.
    "script-src": ["'self'", "'strict-dynamic'", "'unsafe-eval'"],
}

# A map is drawn as SVG inside the page; scripts and links stay out.
_DRAWN = ["svg", "g", "path", "text", "title"]
HTML_SANITIZATION_SCHEMA_EXTENSIONS = {
    "tagNames": _DRAWN,
    "attributes": {
        "svg": ["viewBox", "role", "width", "height"],
        "g": ["textAnchor", "paintOrder", "stroke", "strokeWidth", "fill"],
        "path": ["d", "fill", "stroke", "strokeWidth"],
        "text": ["x", "y", "fontSize"],
    },
}

# A file that is open once in a process opens again at once; else each query reads its catalogue.
_opened: dict[str, Any] = {}
_opening = threading.Lock()


def DB_CONNECTION_MUTATOR(
    uri: Any, params: dict[str, Any], username: str, security_manager: Any, source: Any
) -> tuple[Any, dict[str, Any]]:
    """Open the version that is published now, read-only and locked down.

    Superset makes an engine for each query and pools nothing. The link is followed here, because
    DuckDB takes two paths of the same name for one file.
    """
    if not (uri.drivername.startswith("duckdb") and uri.database == f"{DATABASE}.duckdb"):
        return uri, params
    arguments = params.setdefault("connect_args", {})
    arguments["read_only"] = True
    # In this order: what locks the settings comes last.
    arguments["config"] = {
        "enable_external_access": False,
        "memory_limit": MEMORY,
        "threads": THREADS,
        "max_temp_directory_size": SPILL,
        "temp_directory": str(HOME / "tmp" / "superset"),
        "lock_configuration": True,
    }
    current = str((HOME / "current" / f"{DATABASE}.duckdb").resolve())
    uri = uri.set(database=current)
    with _opening:
        if current not in _opened:
            before = [_opened.pop(path) for path in list(_opened)]
            _opened[current] = create_engine(uri, **params).connect()
            for connection in before:
                connection.close()
    # A connection is for one query. Superset's own limit is a signal, which threads do not get.
    params["pool_events"] = [(_start_clock, "connect"), (_stop_clock, "close")]
    return uri, params


def _start_clock(connection: Any, record: Any) -> None:
    clock = record.info["clock"] = threading.Timer(SECONDS, connection.interrupt)
    clock.daemon = True
    clock.start()


def _stop_clock(connection: Any, record: Any) -> None:
    record.info["clock"].cancel()


_forbidden = runpy.run_path(str(Path(__file__).parents[1] / "serving" / "forbidden.py"))


def SQL_QUERY_MUTATOR(sql: str, **_: Any) -> str:
    """Refuse what the lock of the settings does not."""
    from superset.exceptions import SupersetDisallowedSQLFunctionException

    if name := _forbidden["forbidden"](sql):
        raise SupersetDisallowedSQLFunctionException({name})
    return sql


def FLASK_APP_MUTATOR(app: Any) -> None:
    """Store no colours: a browser that opens a dashboard wants to, and a viewer may not."""
    from flask import jsonify, request

    @app.before_request
    def _keep_colours() -> Any:
        path = request.path
        is_colours = path.startswith("/api/v1/dashboard/") and path.endswith("/colors")
        return jsonify({"result": []}) if is_colours and request.method == "PUT" else None
