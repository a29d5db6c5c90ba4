"""Are the marts that Spark built the marts that DuckDB built, cell by cell?

    python tests/spark/compare.py                     refresh with both engines, then compare
    python tests/spark/compare.py --marts-alone       the same, dbt's checks on DuckDB alone
    python tests/spark/compare.py LEFT RIGHT          compare two databases that exist

Rows are paired in the order of their exact columns (text, whole numbers, truth values). Numbers may
differ by 1e-9 relative to the larger of the two, or, where they are the difference of two nearly
equal numbers, relative to those; everything else must be equal, and so must the columns, their
order, types and comments. One line per mart; exit 1 on any difference.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import duckdb

from orchestration.engines.spark import MARTS_ALONE
from orchestration.publishing.fresh import MART_SCHEMAS, RUN_TABLES
from orchestration.settings import Home

TOLERANCE = 1e-9
INEXACT = ("DOUBLE", "FLOAT")
# What is left when nearly equal numbers are subtracted is as exact as they were, not as itself:
# column -> the size of what was subtracted (shares and ratios are of the order of 1); with the mart
# where the name means something else in others.
SUBTRACTED = {
    "difference": "published_value",
    "quality.model_validation.difference": "series_value",
    "quality.model_validation_summary.mean_difference": "1",
    "relative_difference": "1",
    "share_change_from_previous_year": "1",
    "swing_t": "value_t",
    "total_difference": "park_total",
    # An effect is as exact as the change it is part of.
    "all_levels.lmdi_effects.value": "change",
    # Coal burnt less coal used as feedstock, beside the CO2 of what was burnt.
    "all_levels.city_key_industries.coal_t": "end_use_co2_t",
}


@dataclass(frozen=True)
class Comparison:
    """What was found for one mart."""

    mart: str
    rows: int
    columns: int
    faults: list[str]
    largest_difference: float

    def __str__(self) -> str:
        if self.faults:
            return f"FAIL  {self.mart}: " + "; ".join(self.faults)
        return (
            f"pass  {self.mart}: {self.rows} rows x {self.columns} columns, "
            f"largest relative difference {self.largest_difference:.1e}"
        )


def compare(left: Path, right: Path) -> list[Comparison]:
    """Compare every mart of the two databases, of which neither is changed."""
    with duckdb.connect() as connection:
        for alias, path in (("lhs", left), ("rhs", right)):
            connection.execute(f"attach '{path}' as {alias} (read_only)")
        marts = connection.execute(
            """
            select distinct schema_name, table_name from duckdb_tables()
            where database_name in ('lhs', 'rhs')
                and list_contains($1, schema_name) and not list_contains($2, table_name)
            order by all
            """,
            [list(MART_SCHEMAS), list(RUN_TABLES)],
        ).fetchall()
        return [_compare_mart(connection, schema, table) for schema, table in marts]


def _compare_mart(connection: duckdb.DuckDBPyConnection, schema: str, table: str) -> Comparison:
    shapes = {alias: _shape(connection, alias, schema, table) for alias in ("lhs", "rhs")}
    mart, columns = f"{schema}.{table}", shapes["lhs"]
    if shapes["lhs"] != shapes["rhs"]:
        different = set(shapes["lhs"]) ^ set(shapes["rhs"])
        names = ", ".join(sorted({name for name, _, _ in different})) or "their order"
        return Comparison(mart, 0, len(columns), [f"the columns differ: {names}"], 0.0)
    rows = [
        connection.execute(f"select count(*) from {alias}.{mart}").fetchone()[0]
        for alias in ("lhs", "rhs")
    ]
    if rows[0] != rows[1]:
        return Comparison(mart, rows[0], len(columns), [f"{rows[0]} rows against {rows[1]}"], 0.0)
    names = [name for name, _, _ in columns if name]
    inexact = {name for name, kind, _ in columns if kind in INEXACT}
    order = ", ".join([name for name in names if name not in inexact] + sorted(inexact))
    numbered = "select *, row_number() over (order by {order}) as pair from {alias}.{mart}"
    measures = []
    for name in names:
        a, b = f"l.{name}", f"r.{name}"
        operand = SUBTRACTED.get(f"{mart}.{name}", SUBTRACTED.get(name, "0"))
        operand = f"abs(l.{operand})" if operand in names else operand
        distance = f"abs({a} - {b}) / nullif(greatest(abs({a}), abs({b}), {operand}), 0)"
        fault = f"{a} is distinct from {b}"
        if name in inexact:
            fault = f"({a} is null) <> ({b} is null) or coalesce({distance}, 0) > {TOLERANCE}"
        else:
            distance = "0"
        measures.append(f"count(*) filter (where {fault}), coalesce(max({distance}), 0)")
    found = connection.execute(
        f"""
        select {", ".join(measures)}
        from ({numbered.format(order=order, alias="lhs", mart=mart)}) as l
        join ({numbered.format(order=order, alias="rhs", mart=mart)}) as r using (pair)
        """
    ).fetchone()
    faults = [
        f"{count} cells of {name} differ (by up to {largest:.1e})"
        for name, count, largest in zip(names, found[::2], found[1::2], strict=True)
        if count
    ]
    return Comparison(mart, rows[0], len(columns), faults, max(found[1::2]))


def _shape(
    connection: duckdb.DuckDBPyConnection, alias: str, schema: str, table: str
) -> list[tuple[str, str, str | None]]:
    """Name, type and comment of each column in order."""
    return connection.execute(
        """
        select column_name, data_type, comment from duckdb_columns()
        where database_name = $1 and schema_name = $2 and table_name = $3
        order by column_index
        """,
        [alias, schema, table],
    ).fetchall()


def refresh(engine: str, folder: Path) -> Path:
    """Refresh a home of its own from the shipped data; return its published database."""
    home = Home.resolve(folder / engine)
    greenpark = Path(sys.executable).with_name("greenpark")
    start = time.perf_counter()
    command = [greenpark, "refresh", "--engine", engine, "--home", home.root]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        sys.exit(f"refresh with {engine} failed:\n{done.stdout}{done.stderr}")
    print(f"refreshed with {engine} in {time.perf_counter() - start:.0f} s", flush=True)
    return home.database


def main(arguments: list[str]) -> int:
    with tempfile.TemporaryDirectory(prefix="greenpark-engines-") as folder:
        if arguments == ["--marts-alone"]:
            os.environ[MARTS_ALONE] = "yes"
            arguments = []
        if arguments:
            left, right = map(Path, arguments)
        else:
            left, right = (refresh(engine, Path(folder)) for engine in ("duckdb", "spark"))
        comparisons = compare(left, right)
    for comparison in comparisons:
        print(comparison)
    failed = sum(1 for comparison in comparisons if comparison.faults)
    print(f"{len(comparisons) - failed} passed, {failed} failed")
    return 1 if failed or not comparisons else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
