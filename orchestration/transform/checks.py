"""The checks `is_sound` of all tables, run together after dbt has built them.

They are declared and named as data tests, and `dbt test` runs them as such. A refresh asks dbt for
all their queries at once and runs them here: dbt takes three times as long over the node of a check
as the check itself does. The queries lie in `compiled/checks` of the target folder.
"""

from __future__ import annotations

import json
import time
from collections.abc import Collection, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb

from orchestration.errors import GreenparkError

if TYPE_CHECKING:
    from dbt.contracts.graph.manifest import Manifest

MACRO = "is_sound"
OPERATION = "say_soundness_queries"
SAID = "soundness "
ROWS_TOLD = 5  # of what a failed check found


def soundness_checks(manifest: Manifest) -> list[str]:
    """The checks of all tables, by their ids."""
    from dbt.contracts.graph.nodes import GenericTestNode

    return [
        node_id
        for node_id, node in manifest.nodes.items()
        if isinstance(node, GenericTestNode) and node.test_metadata.name == MACRO
    ]


def queries(
    manifest: Manifest, arguments: list[str], check_ids: Iterable[str], target: Path
) -> dict[str, str]:
    """The query of each check, by its id, as dbt writes it. `arguments` are those of every call.

    Raises GreenparkError when dbt cannot write one.
    """
    from dbt.cli.main import dbtRunner

    found: dict[str, str] = {}

    def listen(event: Any) -> None:
        if event.info.name.startswith("JinjaLog") and event.data.msg.startswith(SAID):
            found.update(json.loads(event.data.msg.removeprefix(SAID)))

    wanted = list(check_ids)
    manifest.build_flat_graph()
    macro = ["run-operation", OPERATION]
    told = ["--args", json.dumps({"unique_ids": wanted}), "--no-write-json"]
    result = dbtRunner(manifest=manifest, callbacks=[listen]).invoke([*macro, *arguments, *told])
    if not result.success or found.keys() != set(wanted):
        raise GreenparkError(
            f"dbt could not write the checks of the tables: {result.exception}",
            "correct the arguments of is_sound in the YAML of the model named",
        )
    folder = target / "compiled" / "checks"
    folder.mkdir(parents=True, exist_ok=True)
    for check_id, query in found.items():
        (folder / f"{manifest.nodes[check_id].name}.sql").write_text(query, encoding="utf-8")
    return found


def run(connection: duckdb.DuckDBPyConnection, query: str) -> tuple[str, str, float, int | None]:
    """Status, message, seconds and number of failing rows of one check."""
    start = time.perf_counter()
    try:
        rows = connection.execute(query).fetchall()
    except duckdb.Error as error:
        return "error", str(error), time.perf_counter() - start, None
    names = [column[0] for column in connection.description or []]
    message = told(names, rows[:ROWS_TOLD], len(rows))
    return "fail" if rows else "pass", message, time.perf_counter() - start, len(rows)


def told(names: Collection[str], rows: list[tuple[Any, ...]], failures: int) -> str:
    """The first rows that a check found, with the names of their columns."""
    text = "; ".join(
        ", ".join(f"{name} {value}" for name, value in zip(names, row, strict=True)) for row in rows
    )
    more = failures - len(rows)
    return text + (f"; and {more} more" if more > 0 else "")
