"""dbt's own documentation of the published version as one page: lineage, SQL, columns.

Made of the manifest that the last refresh kept and of the catalogue of the published file; dbt is
not run. The page is dbt's, with both put into it, and asks nobody for anything.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import defaultdict
from importlib.metadata import version as dbt_version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import duckdb

from orchestration.errors import GreenparkError
from orchestration.settings import Home

MANIFEST = "manifest.json"
# As `dbt docs generate --static` fills it in.
PLACES = {"manifest": '"MANIFEST.JSON INLINE DATA"', "catalog": '"CATALOG.JSON INLINE DATA"'}
# What differs from run to run and says nothing of the warehouse.
OF_THE_RUN = (
    "generated_at", "invocation_id", "invocation_started_at", "run_started_at", "user_id", "env",
)  # fmt: skip
# What the page does not show: when and where on a machine it was, and what repeats the rest.
NOT_SHOWN = ("created_at", "root_path", "checksum", "unrendered_config")
# The page runs scripts of its own; it may ask nobody for anything.
POLICY = (
    "default-src 'none'; script-src 'unsafe-inline' 'unsafe-eval'; style-src 'unsafe-inline'; "
    "img-src data: blob:; font-src data:; base-uri 'none'; form-action 'none'"
)
HEAD = "<head>"
PAGE = "lineage.html"
COLUMNS = """
select schema_name, table_name, column_name, data_type, column_index, comment
from duckdb_columns()
where database_name = current_database() and not internal
order by schema_name, table_name, column_index
"""
COMMENTS = """
select schema_name, table_name, comment, 'table' as kind from duckdb_tables()
where database_name = current_database()
union all
select schema_name, view_name, comment, 'view' from duckdb_views()
where database_name = current_database() and not internal
"""


def page(home: Home, connection: duckdb.DuckDBPyConnection) -> str:
    """The page as HTML; the same for the same version."""
    place = home.target / MANIFEST
    if not place.exists():
        raise GreenparkError("no manifest of dbt is kept", "run make refresh")
    manifest = json.loads(place.read_text(encoding="utf-8"))
    metadata = manifest["metadata"]
    manifest["metadata"] = {k: v for k, v in metadata.items() if k not in OF_THE_RUN}
    manifest["unit_tests"] = {}
    for part in ("nodes", "sources", "macros", "exposures"):
        for node in manifest[part].values():
            for name in NOT_SHOWN:
                node.pop(name, None)
    # dbt's own macros are half of the size, and documented elsewhere.
    own = metadata["project_name"]
    manifest["macros"] = {k: v for k, v in manifest["macros"].items() if v["package_name"] == own}
    text = _template()
    for name, value in (("manifest", manifest), ("catalog", _catalog(manifest, connection))):
        # A text that ends a script would end it here too.
        said = json.dumps(value, ensure_ascii=False, sort_keys=True).replace("</", "<\\/")
        if PLACES[name] not in text:
            raise GreenparkError(
                "the page of dbt is another than expected", "install what requirements.lock names"
            )
        text = text.replace(PLACES[name], said)
    return text


def kept(home: Home, database: Path, folder: Path) -> Path | None:
    """The page of a file as one of `folder`, made anew where what it is made of has changed.

    None where no manifest is kept, as by an engine that writes it elsewhere.
    """
    manifest = home.target / MANIFEST
    if not manifest.exists():
        return None
    with duckdb.connect(str(database), read_only=True) as connection:
        told = [dbt_version("dbt-core"), connection.execute(COLUMNS).fetchall()]
        made_of = hashlib.sha256(repr(told).encode())
        for path in (manifest, Path(__file__)):
            made_of.update(path.read_bytes())
        place = folder / f"{made_of.hexdigest()[:32]}-{PAGE}"
        if not place.exists():
            folder.mkdir(parents=True, exist_ok=True)
            for before in folder.glob(f"*-{PAGE}"):
                before.unlink()
            draft = folder / PAGE
            draft.write_text(page(home, connection), encoding="utf-8")
            draft.replace(place)
    return place


def _template() -> str:
    found = find_spec("dbt.task.docs")
    assert found is not None and found.submodule_search_locations
    folder = Path(found.submodule_search_locations[0])
    text = (folder / "index.html").read_text(encoding="utf-8")
    text = re.sub(r'href="[^"]*favicon[^"]*"', 'href="data:,"', text)  # it was never put in place
    policy = f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
    return text.replace(HEAD, HEAD + policy, 1)


def _catalog(manifest: dict[str, Any], connection: duckdb.DuckDBPyConnection) -> dict[str, Any]:
    """What the published file has, in the form of dbt's catalog."""
    columns: dict[tuple[str, str], dict[str, Any]] = defaultdict(dict)
    for schema, table, name, type_, index, comment in connection.execute(COLUMNS).fetchall():
        columns[schema, table][name] = {
            "name": name, "type": type_, "index": index, "comment": comment
        }  # fmt: skip
    kinds = {
        (schema, table): (comment, kind)
        for schema, table, comment, kind in connection.execute(COMMENTS).fetchall()
    }
    entries: dict[str, dict[str, Any]] = {"nodes": {}, "sources": {}}
    for part, entry in entries.items():
        for unique_id, node in manifest[part].items():
            place = (node["schema"], node.get("alias") or node.get("identifier") or node["name"])
            if place not in kinds:
                continue
            comment, kind = kinds[place]
            entry[unique_id] = {
                "unique_id": unique_id,
                "metadata": {
                    "type": kind,
                    "schema": place[0],
                    "name": place[1],
                    "database": node["database"],
                    "comment": comment,
                    "owner": None,
                },
                "columns": columns[place],
                "stats": {},
            }
    return {"metadata": {}, "errors": None} | entries
