"""One year of enterprise returns to CO2 by province and fuel, on one engine, answers checked.

    python -m benchmarks.returns duckdb FOLDER     # reads FOLDER/returns.parquet or .csv
    python -m benchmarks.returns spark FOLDER      # the same SQL, in the Spark environment

The SQL is one string for both engines. What it sums is compared with the answers that
`benchmarks.generate` wrote in whole numbers: counts must be equal, sums equal to 1e-9. Prints the
seconds of the query, without the engine's start; exits 1 if an answer is wrong.
"""

from __future__ import annotations

import csv
import sys
import time
from pathlib import Path
from typing import Any

from orchestration.settings import PROJECT_ROOT

FACTORS = PROJECT_ROOT / "seeds/reference/methods/report_2023/co2_factors.csv"
TOLERANCE = 1e-9
SQL = """
    with measured as (
        select
            returns.region_code,
            returns.park_id,
            returns.enterprise_id,
            returns.fuel_code,
            cast(returns.quantity as double) as quantity,
            cast(returns.quantity as double) * factors.co2_t_per_unit as co2_t
        from returns
        inner join factors on returns.fuel_code = factors.fuel_code
    ),
    enterprises as (
        select
            region_code,
            park_id,
            enterprise_id,
            fuel_code,
            count(*) as row_count,
            count(quantity) as reported,
            sum(quantity) as quantity,
            sum(co2_t) as co2_t
        from measured
        group by region_code, park_id, enterprise_id, fuel_code
    )
    select
        region_code,
        fuel_code,
        sum(row_count) as row_count,
        sum(reported) as reported,
        sum(quantity) as quantity,
        sum(co2_t) as co2_t
    from enterprises
    group by region_code, fuel_code
    order by region_code, fuel_code
"""


def factors() -> list[tuple[str, float]]:
    """The factors of method report_2023, fuel by fuel."""
    with FACTORS.open(encoding="utf-8") as handle:
        return [(row["fuel_code"], float(row["co2_t_per_unit"])) for row in csv.DictReader(handle)]


def on_duckdb(returns: Path) -> tuple[float, list[Any]]:
    import duckdb

    with duckdb.connect() as connection:
        connection.execute("create table factors (fuel_code varchar, co2_t_per_unit double)")
        connection.executemany("insert into factors values (?, ?)", factors())
        reader = "read_parquet" if returns.suffix == ".parquet" else "read_csv"
        options = "" if returns.suffix == ".parquet" else ", all_varchar = true"
        connection.execute(f"create view returns as select * from {reader}('{returns}'{options})")
        start = time.perf_counter()
        rows = connection.execute(SQL).fetchall()
        return time.perf_counter() - start, rows


def on_spark(returns: Path) -> tuple[float, list[Any]]:
    from pyspark.sql import SparkSession

    spark = (
        SparkSession.builder.master("local[2]")
        .config("spark.ui.enabled", "false")
        .config("spark.sql.shuffle.partitions", "8")
        .config("spark.driver.memory", "4g")
        .getOrCreate()
    )
    try:
        spark.createDataFrame(factors(), "fuel_code string, co2_t_per_unit double").createTempView(
            "factors"
        )
        reader = spark.read.option("header", True)
        frame = (
            reader.parquet(str(returns))
            if returns.suffix == ".parquet"
            else reader.csv(str(returns))
        )
        frame.createTempView("returns")
        start = time.perf_counter()
        rows = [tuple(row) for row in spark.sql(SQL).collect()]
        return time.perf_counter() - start, rows
    finally:
        spark.stop()


def wrong_answers(rows: list[Any], answers: Path) -> list[str]:
    """What differs from the answers, group by group; empty if nothing does."""
    import duckdb

    with duckdb.connect() as connection:
        expected = {
            (region, fuel): (count, reported, int(milli) / 1000)
            for region, fuel, count, reported, milli in connection.execute(
                f"select region_code, fuel_code, row_count, reported, milli "
                f"from read_parquet('{answers}')"
            ).fetchall()
        }
    by_factor = dict(factors())
    faults = [f"{len(rows)} groups, not {len(expected)}"] if len(rows) != len(expected) else []
    for region, fuel, count, reported, quantity, co2 in rows:
        want = expected.get((region, fuel))
        if want is None or (count, reported) != want[:2]:
            faults.append(f"{region} {fuel}: {count} rows, {reported} reported, not {want}")
        elif abs(quantity - want[2]) > TOLERANCE * want[2]:
            faults.append(f"{region} {fuel}: {quantity} is not {want[2]}")
        elif abs(co2 - want[2] * by_factor[fuel]) > TOLERANCE * co2:
            faults.append(f"{region} {fuel}: CO2 {co2} is not {want[2] * by_factor[fuel]}")
    return faults


def main() -> int:
    engine, folder = sys.argv[1], Path(sys.argv[2])
    returns = next(path for path in sorted(folder.glob("returns.*")))
    seconds, rows = (on_duckdb if engine == "duckdb" else on_spark)(returns)
    faults = wrong_answers(rows, folder / "answers.parquet")
    for fault in faults:
        print(fault, file=sys.stderr)
    print(f"{seconds:.3f}")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
