"""Returns of many parks, made up, through the whole job within a memory limit.

    python -m benchmarks.parks --rows 1000000 10000000 [--format parquet] [--memory 4GB]
        [--parks 2500] [--years 5] [--last-year 2020] [--folder FOLDER]

Writes the returns with their sidecars, with power and heat by kind and processes for the
account of every park, runs `greenpark refresh --data` on them and prints
the time, the processor's time and the peak memory of all its processes, step by step. A size in
rows is met by the number of enterprises of each park (`--enterprises` gives it); the parks lie in
all provinces in turn. Nothing is random: every value is made from the
number of its row, so the same size is the same data on every machine. With --folder the data and
the home stay there. The returns say `observed`, as those of real parks do: what is reconstructed
would add up with the parks of the model, and both with their city.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

import duckdb
import psutil

from benchmarks.case import BIN, Case, machine_line
from benchmarks.generate import KNUTH_HASH
from benchmarks.landing import describe
from orchestration.settings import PROJECT_ROOT

REGIONS = PROJECT_ROOT / "seeds" / "reference" / "codes" / "region_codes.csv"
LAST_YEAR = 2020
MADE_UP = "benchmarks/parks.py"

NUMBERED = f"""
    create table parks as
    select n, '$prefix' || lpad(n::varchar, 5, '0') as park_id, {KNUTH_HASH.format("n + 1")} as h
    from range($parks) as numbers (n);

    create table years as select $last_year - n as year, n from range($years) as numbers (n);

    create table regions as
    -- a municipality is its own prefecture
    select region_code, row_number() over (order by level = 'province', region_code) - 1 as n
    from read_csv('$regions', all_varchar = true) as places
    where
        level = 'prefecture'
        or level = 'province' and region_code not in (
            select parent_code from read_csv('$regions', all_varchar = true)
            where level = 'prefecture'
        );

    create table enterprises as
    select
        parks.*,
        e.n as number,
        park_id || '-' || e.n as enterprise_id,
        ['26', '31', '30', '17', '39', '44'][1 + (parks.n + e.n) % 6] as industry_code,
        {KNUTH_HASH.format("parks.n * 1000 + e.n + 7")} as size_hash
    from parks cross join range($enterprises) as e (n);

    create table fuels (fuel_code varchar, unit varchar, number bigint, scale bigint);
    insert into fuels values
        ('raw_coal', '吨', 0, 100),
        ('natural_gas', '万立方米', 1, 1),
        ('electricity', '万千瓦时', 2, 20);
"""
# The largest enterprises are a hundred times the smallest; a year adds two per cent, more or less.
TABLES = {
    "park_returns_parks": """
        select
            park_id, '测试园区' || parks.n as name_zh, 'national' as level, region_code,
            'economic_development' as park_type, false as is_sample, false as is_key,
            'whole_zone' as returns_boundary, '26' as leading_industry_code_1
        from parks
        join regions on regions.n = parks.n % (select count(*) from regions)
        order by park_id
    """,
    "park_returns_enterprises": """
        select
            park_id, enterprise_id, '企业' || enterprise_id as name_zh, industry_code,
            true as is_above_size
        from enterprises order by enterprise_id
    """,
    "park_returns_enterprise_energy": """
        select
            park_id, enterprise_id, year, fuel_code, unit,
            ((1000 + size_hash % 1000 + (h + years.n * 37) % 100)
                * (case when enterprises.number = 0 then 100 else 1 + size_hash % 10 end)
                * (100 - 2 * years.n) * fuels.scale) / 10000e0 as consumption_quantity
        from enterprises cross join years cross join fuels
        where (size_hash + fuels.number) % 4 > 0 or fuels.number = 2
        order by enterprise_id, year, fuel_code
    """,
    "park_returns_park_facts": """
        select
            park_id, year, boundary, 'current' as price_basis,
            case when boundary = 'whole_zone'
                then (50 + h % 100) * 100000 * (100 - 3 * n2) // 100 end as gdp_10k_cny,
            (20 + h % 50) * 100000 * (100 - 3 * n2) // 100 as industrial_value_added_10k_cny,
            case when boundary <> 'whole_zone'
                then (80 + h % 100) * 100000 * (100 - 3 * n2) // 100
            end as industrial_output_10k_cny,
            case when boundary <> 'whole_zone'
                then (h % 40) * 100000 * (100 - 3 * n2) // 100
            end as two_high_output_10k_cny
        from parks
        cross join (select year, n as n2 from years)
        cross join (values ('whole_zone'), ('above_size_industry')) as boundaries (boundary)
        order by park_id, year, boundary
    """,
    "park_returns_peak_plans": """
        select
            park_id, true as has_plan, 2021 as plan_year, 'whole_zone' as boundary,
            2025 + h % 6 as peak_year, (100 + h % 100) * 10000 as peak_co2_t
        from parks order by park_id
    """,
}
# What the account of the ledger takes beside them.
ACCOUNT_TABLES = {
    "park_returns_energy_exchange": """
        select
            park_id, enterprise_id, year, carrier, direction, unit, supply_kind,
            ((1000 + size_hash % 1000 + (h + years.n * 37) % 100)
                * (case when enterprises.number = 0 then 100 else 1 + size_hash % 10 end)
                * (100 - 2 * years.n) * scale) / 10000e0 as quantity
        from enterprises cross join years
        cross join (
            values
                (0, 'electricity', 'purchased', '万千瓦时', 'grid', 15),
                (0, 'electricity', 'purchased', '万千瓦时', 'direct_non_fossil', 5),
                (3, 'electricity', 'sold', '万千瓦时', 'grid', 2),
                (1, 'heat', 'purchased', '吉焦', 'fossil_heat', 30)
        ) as kinds (every, carrier, direction, unit, supply_kind, scale)
        where every = 0 or (size_hash + every) % 4 = 0
        order by enterprise_id, year, carrier, direction, supply_kind
    """,
    "park_returns_process": """
        select
            park_id, enterprise_id, year, 'limestone' as process_product,
            (1 + size_hash % 1000) * (100 - 2 * years.n) as process_quantity_t
        from enterprises cross join years
        where industry_code in ('30', '31')
        order by enterprise_id, year
    """,
}
FORMS = TABLES | ACCOUNT_TABLES
# What a refresh says at the end of each of its steps.
ENDS_OF_STEPS = {
    "start and landing": "landed ",
    "gate raw": "gate raw:",
    "dbt": "built ",
    "gate marts": "gate marts:",
}
LAST_STEP = "publishing"


def number(
    connection: duckdb.DuckDBPyConnection,
    parks: int,
    years: int,
    enterprises: int,
    prefix: str = "B",
    last_year: int = LAST_YEAR,
) -> None:
    """Make the tables that all values are made from: parks, years, regions, enterprises, fuels."""
    settings = {
        "$parks": parks,
        "$years": years,
        "$enterprises": enterprises,
        "$last_year": last_year,
        "$regions": REGIONS,
        "$prefix": prefix,
    }
    script = NUMBERED
    for name, value in settings.items():
        script = script.replace(name, str(value))
    connection.execute(script)


def generate(
    folder: Path,
    parks: int,
    years: int,
    enterprises: int,
    prefix: str = "B",
    last_year: int = LAST_YEAR,
    forms: dict[str, str] = TABLES,
    form: str = "csv",
) -> dict[str, int]:
    """Write the returns and their sidecars below `folder`; the rows of each form.

    The codes of the parks begin with `prefix`.
    """
    folder.mkdir(parents=True, exist_ok=True)
    rows = {}
    with duckdb.connect() as connection:
        number(connection, parks, years, enterprises, prefix, last_year)
        for dataset, query in forms.items():
            path = folder / f"many_{dataset}.{form}"
            (rows[dataset],) = connection.execute(
                f"copy ({query}) to '{path}' (format {form})"
            ).fetchone()
            describe(path, dataset, {"kind": "records"}, MADE_UP, origin="observed")
    return rows


@dataclass
class Step:
    """What one step of a refresh took, by what is sampled from outside."""

    name: str
    seconds: float = 0.0
    processor: float = 0.0
    memory: int = 0


@dataclass
class Refresh(Case):
    """A refresh whose steps are told apart by what it says when each ends."""

    every_s: float = 0.5
    steps: list[Step] = field(default_factory=list)
    _started: float = field(default_factory=time.perf_counter)
    _used: float = 0.0

    def look(self, tree: psutil.Process, log: Path) -> int:
        """Add what was used since the last look to the step that is under way."""
        memory = super().look(tree, log)
        ended = sum(
            any(line.startswith(said) for line in log.read_text(encoding="utf-8").splitlines())
            for said in ENDS_OF_STEPS.values()
        )
        name = [*ENDS_OF_STEPS, LAST_STEP][ended]
        if not self.steps or self.steps[-1].name != name:
            self.steps.append(Step(name))
        now, used = time.perf_counter(), max(self._used, _processor(tree))
        step = self.steps[-1]
        step.seconds += now - self._started
        step.processor += used - self._used
        step.memory = max(step.memory, memory)
        self._started, self._used = now, used
        return memory


def _processor(tree: psutil.Process) -> float:
    """Seconds of the processor of a process and all below it, those that have ended too."""
    used = 0.0
    try:
        for process in (tree, *tree.children(recursive=True)):
            times = process.cpu_times()
            used += times.user + times.system + times.children_user + times.children_system
    except psutil.NoSuchProcess:
        pass
    return used


def enterprises_for(rows: int, parks: int, years: int) -> int:
    """How many enterprises a park needs so that about so many rows are returned."""
    sample = 12
    with duckdb.connect() as connection:
        number(connection, parks, years, sample)
        (made,) = connection.execute(
            "select " + " + ".join(f"(select count(*) from ({query}))" for query in FORMS.values())
        ).fetchone()
    return max(1, round(rows * sample / made))


def measure(arguments: argparse.Namespace, enterprises: int, folder: Path) -> list[str]:
    """Generate returns of a size and refresh on them; the rows of the table of its steps."""
    data, home = folder / "data", folder / "home"
    asked = arguments.parks, arguments.years, enterprises
    forms = generate(
        data, *asked, last_year=arguments.last_year, forms=FORMS, form=arguments.format
    )
    rows = sum(forms.values())
    case = Refresh(
        "refresh",
        [str(BIN / "greenpark"), "refresh", "--home", str(home), "--data", str(data)],
        {"GREENPARK_MEMORY": arguments.memory, "LC_ALL": "C.UTF-8"},
    )
    print(f"{rows:,} rows, {enterprises:,} enterprises in each park", file=sys.stderr)
    try:
        case.run()
    finally:  # what was measured, if the refresh failed too
        print(*case.steps, sep="\n", file=sys.stderr)
    whole = Step("whole", case.seconds[0], case.processor[0], case.memory[0])
    return [
        f"| {rows:,} | {arguments.format} | {arguments.parks:,} | {arguments.years} "
        f"| {arguments.parks * enterprises:,} | {arguments.memory} | {step.name} "
        f"| {step.processor:.0f} | {step.seconds:.0f} | {step.processor / rows * 1e6:.0f} "
        f"| {step.memory / 2**20:,.0f} |"
        for step in (*case.steps, whole)
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, nargs="+", help="rows returned, about")
    parser.add_argument("--format", choices=("csv", "parquet"), default="csv")
    parser.add_argument("--parks", type=int, default=2500)
    parser.add_argument("--years", type=int, default=5)
    parser.add_argument("--last-year", type=int, default=LAST_YEAR)
    parser.add_argument("--enterprises", type=int, default=10, help="per park, without --rows")
    parser.add_argument("--memory", default="2GB", help="GREENPARK_MEMORY")
    parser.add_argument("--folder", type=Path, help="where data and home stay")
    arguments = parser.parse_args()
    sizes = [
        enterprises_for(rows, arguments.parks, arguments.years) for rows in arguments.rows or ()
    ] or [arguments.enterprises]
    lines = []
    for enterprises in sizes:
        with tempfile.TemporaryDirectory() as temporary:
            folder = arguments.folder or Path(temporary)
            lines += measure(arguments, enterprises, folder / str(enterprises))
    print(
        f"{machine_line()}\n\n"
        "| rows returned | form | parks | years | enterprises | GREENPARK_MEMORY | step | CPU s "
        "| seconds | CPU us a row | peak of all processes, MiB |\n"
        "| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |"
    )
    print("\n".join(lines))


if __name__ == "__main__":
    main()
