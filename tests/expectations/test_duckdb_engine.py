"""The workaround for GX on DuckDB: it works, and it is still needed."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

SCRIPT = """
import sys, warnings
warnings.simplefilter("ignore")
import great_expectations as gx
import great_expectations.expectations as gxe
if sys.argv[2] == "fixed":
    from expectations import duckdb_engine
    duckdb_engine.install()
    duckdb_engine.install()
context = gx.get_context(mode="ephemeral")
datasource = context.data_sources.add_sql(
    "toy",
    connection_string="duckdb:///" + sys.argv[1],
    kwargs={"connect_args": {"read_only": True}},
)
asset = datasource.add_table_asset("region", table_name="region", schema_name="toy")
batch = asset.get_batch(asset.build_batch_request())
result = batch.validate(gxe.ExpectColumnValuesToNotBeNull(column="name_zh"))
print("SUCCESS" if result.success else "FAILURE", result.exception_info)
"""


def _run(database: Path, mode: str) -> str:
    """Validate a sound column in a fresh process, with or without the workaround."""
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(database), mode],
        capture_output=True,
        text=True,
        check=True,
        timeout=240,
    )
    return done.stdout


def test_works_with_the_fix(build) -> None:
    assert "SUCCESS" in _run(build(), "fixed")


def test_still_fails_without_the_fix(build) -> None:
    output = _run(build(), "plain")
    assert "FAILURE" in output and "list index out of range" in output, (
        "Great Expectations now works on DuckDB by itself, or fails in another way: if it works, "
        f"delete expectations/duckdb_engine.py and its uses. Output: {output}"
    )
