"""LMDI on generated category-years: one pass in SQL against numpy on the same numbers.

python -m benchmarks.lmdi [CATEGORY_YEARS]     # 1000000 by default

The numbers are random, from a fixed seed, 5 factors each. Both sides give the effects of every
entity and year; the difference is the largest, relative to the total of its entity and year.
"""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass

import duckdb
import numpy as np
import polars as pl

from orchestration.publishing.table_macros import create_table_macros

FACTORS = 5
CATEGORIES = 100
SEED = 20230901


@dataclass(frozen=True)
class Comparison:
    """Seconds of both ways and the largest relative difference between their effects."""

    category_years: int
    sql_s: float
    numpy_s: float
    difference: float


def in_numpy(start: np.ndarray, end: np.ndarray) -> np.ndarray:
    """Effects by key and factor from arrays of keys x categories x factors, all above zero."""
    v0, v1 = start.prod(axis=2), end.prod(axis=2)
    weight = np.where(v0 == v1, v0, (v1 - v0) / np.log(v1 / v0))
    return (weight[:, :, None] * np.log(end / start)).sum(axis=1)


def in_sql(connection: duckdb.DuckDBPyConnection) -> np.ndarray:
    """The same effects from the long table `factors`."""
    found = connection.execute(
        "select additive from indicators.lmdi('factors') where effect not in ('total')"
        " order by entity, effect"
    ).fetchnumpy()
    return np.asarray(found["additive"]).reshape(-1, FACTORS)


def compare(category_years: int, threads: int = 1) -> Comparison:
    """Generate, run both, compare."""
    keys = category_years // CATEGORIES
    random = np.random.default_rng(SEED)
    start, end = random.uniform(0.5, 1.5, (2, keys, CATEGORIES, FACTORS))
    key, category, factor = (axis.ravel() for axis in np.indices(start.shape))
    table = pl.DataFrame(
        {
            "entity": key,
            "period": np.zeros_like(key),
            "category": category,
            "factor": pl.Series(factor).cast(pl.String),
            "value_start": start.ravel(),
            "value_end": end.ravel(),
        }
    )
    with duckdb.connect() as connection:
        connection.execute(f"set threads = {threads}")
        connection.execute("create schema indicators")
        create_table_macros(connection)
        connection.register("generated", table.to_arrow())
        connection.execute("create table factors as from generated")
        before = time.perf_counter()
        sql = in_sql(connection)
        sql_s = time.perf_counter() - before
    before = time.perf_counter()
    expected = in_numpy(start, end)
    numpy_s = time.perf_counter() - before
    scale = end.prod(axis=2).sum(axis=1)[:, None]
    return Comparison(category_years, sql_s, numpy_s, float(np.abs((sql - expected) / scale).max()))


if __name__ == "__main__":
    size = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    found = compare(size)
    print(
        f"{found.category_years} category-years x {FACTORS} factors: SQL {found.sql_s:.2f} s, "
        f"numpy {found.numpy_s:.2f} s, largest relative difference {found.difference:.1e}"
    )
