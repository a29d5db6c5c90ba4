"""Enterprise energy returns of a whole country, made up, with the answer known beforehand.

    python -m benchmarks.generate --rows 1000000 --format parquet FOLDER

Provinces x 2,500 parks x enterprises x fuels x months. Nothing is random: every value comes from a
hash of its row number, so the same size gives the same file on every machine. Sizes are skewed as
real returns are (a few enterprises burn most of the fuel), 2 % of the quantities are blank. Each
quantity is a whole number of kilograms or of a thousandth of the fuel's unit, so that the sum of a
group is exact in integers: `answers.parquet` holds it, by province and fuel, computed apart from
any engine's floating point.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import duckdb

from orchestration.settings import PROJECT_ROOT

REFERENCE = PROJECT_ROOT / "seeds" / "reference"
PARKS = 2500
FUELS = ("raw_coal", "coke", "natural_gas", "diesel", "fuel_oil", "lpg")
MONTHS = 12
BLANK_PER_MILLE = 20

# Knuth's multiplicative hash of a number, folded to 31 bits. 64-bit arithmetic only: the sequence
# must be the same in every version of every engine.
KNUTH_HASH = "((({}) * 2654435761) % 4294967296) // 2"
RETURNS = """
    with numbered as (
        select
            n,
            {hash} as h,
            n // {per_park} % {parks} as park_number,
            n // ({fuels} * {months}) as enterprise_number,
            n // {months} % {fuels} as fuel_number,
            n % {months} + 1 as month
        from range({rows}) as numbers (n)
    ),
    placed as (
        select
            *,
            (park_number * 7919) % {provinces} as province_number,
            -- A heavy tail: one enterprise in a thousand is ten thousand times the smallest.
            case
                when enterprise_number % 1000 = 0 then 10000
                when enterprise_number % 100 = 0 then 1000
                when enterprise_number % 10 = 0 then 100
                else 1
            end as size
        from numbered
    )
    select
        provinces.region_code,
        'P' || lpad(park_number::varchar, 5, '0') as park_id,
        'E' || lpad(enterprise_number::varchar, 9, '0') as enterprise_id,
        2024 as year,
        month,
        fuels.fuel_code,
        case when h % 1000 >= {blank} then (1 + h % 100000) * size end as quantity_milli
    from placed
    join provinces using (province_number)
    join fuels using (fuel_number)
"""


def generate(folder: Path, rows: int, file_format: str) -> Path:
    """Write `returns.<format>` and `answers.parquet` below `folder`; return the former."""
    folder.mkdir(parents=True, exist_ok=True)
    returns = folder / f"returns.{file_format}"
    with duckdb.connect() as connection:
        connection.execute(
            f"""
            create table provinces as
            select row_number() over (order by region_code) - 1 as province_number, region_code
            from read_csv('{REFERENCE / "codes" / "region_codes.csv"}', all_varchar = true)
            where level = 'province'
            """
        )
        connection.execute("create table fuels (fuel_number bigint, fuel_code varchar)")
        connection.executemany("insert into fuels values (?, ?)", list(enumerate(FUELS)))
        provinces = connection.execute("select count(*) from provinces").fetchone()[0]
        query = RETURNS.format(
            hash=KNUTH_HASH.format("n"),
            rows=rows,
            parks=PARKS,
            per_park=max(1, rows // PARKS),
            fuels=len(FUELS),
            months=MONTHS,
            provinces=provinces,
            blank=BLANK_PER_MILLE,
        )
        printed = f"""
            select * exclude (quantity_milli),
                case when quantity_milli is not null
                    then (quantity_milli // 1000)::varchar || '.'
                        || lpad((quantity_milli % 1000)::varchar, 3, '0') end as quantity
            from ({query})
        """
        options = "format csv, header" if file_format == "csv" else "format parquet"
        connection.execute(f"copy ({printed}) to '{returns}' ({options})")
        connection.execute(
            f"""
            copy (
                select region_code, fuel_code, count(*) as row_count,
                    count(quantity_milli) as reported, sum(quantity_milli)::bigint as milli
                from ({query}) group by all order by all
            ) to '{folder / "answers.parquet"}' (format parquet)
            """
        )
    return returns


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--format", choices=("csv", "parquet"), default="parquet")
    arguments = parser.parse_args()
    print(generate(arguments.folder, arguments.rows, arguments.format))


if __name__ == "__main__":
    main()
