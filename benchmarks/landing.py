"""Landing against DuckDB's own reader on the same file, every row accounted for.

    python -m benchmarks.landing land FOLDER        # all of `greenpark land` on FOLDER/data
    python -m benchmarks.landing read FOLDER        # read_csv or read_parquet, no questions

Made-up files: a list of enterprise returns (rows), as CSV and as Parquet, and a matrix of balances
(cells). Nothing in them is random, and nothing is wrong with them: what was landed must be every
row. Prints seconds of wall and processor, without imports, and exits 1 if a row is missing.
"""

from __future__ import annotations

import csv
import hashlib
import json
import sys
import tempfile
import time
from pathlib import Path

import duckdb
import yaml

from orchestration.landing.land import land
from orchestration.settings import PROJECT_ROOT

REFERENCE = PROJECT_ROOT / "seeds" / "reference"
BALANCES, RETURNS_AS_PARQUET = "balances", "returns as Parquet"
KINDS = ("returns", RETURNS_AS_PARQUET, BALANCES)
CHUNK_BYTES = 1 << 20
ENERGY = "park_returns_enterprise_energy"
BALANCE = "energy_yearbook_energy_balance"
FIRST_YEAR, YEARS = 1980, 45
# 64-bit arithmetic only, as in benchmarks.generate: the same size is the same file everywhere.
RETURNS = """
    with numbered as (
        select n, 1 + ((n * 2654435761) % 4294967296) // 2 % 100000 as milli
        from range({rows}) as numbers (n)
    )
    select
        'P' || lpad((n // 72 % 2500)::varchar, 5, '0') as park_id,
        'E' || lpad((n // 72)::varchar, 9, '0') as enterprise_id,
        2024 as year,
        n % 12 + 1 as month,
        ['raw_coal', 'coke', 'natural_gas', 'diesel', 'fuel_oil', 'lpg'][n // 12 % 6 + 1]
            as fuel_code,
        case n // 12 % 6 when 2 then '立方米' else '吨' end as unit,
        (2 * milli // 1000)::varchar || '.' || lpad((2 * milli % 1000)::varchar, 3, '0')
            as purchase_quantity,
        (milli // 1000)::varchar || '.' || lpad((milli % 1000)::varchar, 3, '0')
            as consumption_quantity,
        (milli // 4000)::varchar as feedstock_quantity,
        case when n % 50 = 0 then '已核' end as note
    from numbered
"""


def generate(folder: Path, kind: str, rows: int) -> Path:
    """Write a file of `KINDS` and of a size, with its sidecar; returns the data file."""
    data = folder / "data"
    data.mkdir(parents=True, exist_ok=True)
    path = data / ("returns.parquet" if kind == RETURNS_AS_PARQUET else f"{kind}.csv")
    if kind != BALANCES:
        with duckdb.connect() as connection:
            query = RETURNS.format(rows=rows)
            connection.execute(f"copy ({query}) to '{path}' (format {path.suffix[1:]})")
        dataset, layout = ENERGY, {"kind": "records"}
    else:
        rows = _write_balances(path, rows)
        dataset = BALANCE
        layout = {
            "kind": "matrix",
            "header_rows": 1,
            "row_labels": {1: "region", 2: "year", 3: "item"},
            "column_labels": "fuel",
            "unit": "万吨",
            "thousands": ",",
        }
    describe(path, dataset, layout, "benchmarks/landing.py")
    (folder / "expected.json").write_text(json.dumps({"rows": rows}), encoding="utf-8")
    return path


def _write_balances(path: Path, cells: int) -> int:
    """Provinces x years x industries down, solid and liquid fuels across."""
    regions = [
        r["region_code"] for r in _reference("codes/region_codes.csv") if r["level"] == "province"
    ]
    fuels = [r["name_zh"] for r in _reference("codes/fuel_codes.csv") if r["unit"] == "t"]
    names: dict[str, str] = {}  # one for each code: a second name would be a second value
    # Divisions alone: a total beside its parts would have to be their sum.
    divisions = {
        row["industry_code"]
        for row in _reference("codes/industry_codes.csv")
        if row["level"] == "division"
    }
    for row in _reference("mappings/industry_aliases.csv"):
        if row["industry_code"] in divisions:
            names.setdefault(row["industry_code"], row["alias"])
    written = 0
    with path.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.writer(handle, lineterminator="\n")
        writer.writerow(["地区", "年份", "项目", *fuels])
        for region_number, region in enumerate(regions):
            for item_number, item in enumerate(names.values()):
                for year in range(YEARS):
                    if written >= cells:
                        return written
                    base = 1 + (item_number * 7919 + region_number * 131) % 1000
                    figures = [
                        f"{(base + 10 * n) * (100 + year) / 1e4:.4f}" for n in range(len(fuels))
                    ]
                    writer.writerow([region, FIRST_YEAR + year, item, *figures])
                    written += len(fuels)
    raise ValueError(f"there are {written} cells at most")


def _reference(path: str) -> list[dict[str, str]]:
    with (REFERENCE / path).open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def describe(path: Path, dataset: str, layout: dict, citation: str, **said: object) -> None:
    """Write the sidecar of a made-up file; `said` takes the place of its usual words."""
    digest = hashlib.sha256()
    with path.open("rb") as handle:
        while chunk := handle.read(CHUNK_BYTES):
            digest.update(chunk)
    sidecar = {
        "dataset": dataset,
        "source_id": "benchmark",
        "publisher": "benchmark",
        "title_zh": "测试",
        "title_en": "Benchmark",
        "edition_year": 2025,
        "sha256": digest.hexdigest(),
        "licence": "made up",
        "origin": "reconstructed",
        "url_or_citation": citation,
        "layout": layout,
    } | said
    path.with_name(path.name + ".yml").write_text(
        yaml.safe_dump(sidecar, allow_unicode=True), encoding="utf-8"
    )


def landed(folder: Path) -> tuple[float, list[str]]:
    """Land the file; seconds, and what is wrong with the result."""
    expected = json.loads((folder / "expected.json").read_text(encoding="utf-8"))["rows"]
    with tempfile.TemporaryDirectory(dir=folder) as work:
        start = time.perf_counter()
        report = land(Path(work, "landed.duckdb"), [folder / "data"])
        seconds = time.perf_counter() - start
    faults = list(report.messages)
    if report.rows_accepted != expected:
        faults.append(f"{report.rows_accepted} rows accepted, {expected} written")
    return seconds, faults


def read(folder: Path) -> tuple[float, list[str]]:
    """Read the same file with DuckDB's own reader, CSV as text."""
    (path,) = (path for path in (folder / "data").iterdir() if path.suffix != ".yml")
    reader = (
        f"read_parquet('{path}')"
        if path.suffix == ".parquet"
        else f"read_csv('{path}', all_varchar = true)"
    )
    with (
        tempfile.TemporaryDirectory(dir=folder) as work,
        duckdb.connect(str(Path(work, "read.duckdb"))) as connection,
    ):
        start = time.perf_counter()
        connection.execute(f"create table landed as select * from {reader}")
        seconds = time.perf_counter() - start
        rows = connection.execute("select count(*) from landed").fetchone()[0]
    return seconds, [] if rows else ["nothing was read"]


def main() -> int:
    how, folder = sys.argv[1], Path(sys.argv[2])
    processor = time.process_time()
    seconds, faults = (landed if how == "land" else read)(folder)
    processor = time.process_time() - processor
    for fault in faults:
        print(fault, file=sys.stderr)
    print(f"{seconds:.3f} {processor:.3f}")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
