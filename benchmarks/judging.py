"""What judging many parks costs: each model that judges, on made-up parks, seconds by model.

    python -m benchmarks.judging HOME [--parks 2500] [--years 10]

HOME is a home that was refreshed: the SQL is what dbt compiled there, the rules are its reference
tables. The parks, their product and value added are those of `benchmarks.parks`; what the accounts
would give of them (energy, CO2, type) and what further forms would hold (land, water, pollutants,
measures) is made from the number of the park here, so that judging alone is measured. Nothing is
random.
"""

from __future__ import annotations

import argparse
import re
import tempfile
import time
from itertools import islice
from pathlib import Path

import duckdb

from benchmarks import parks
from benchmarks.case import machine_line
from orchestration.publishing.model_schema import WHOLE
from orchestration.serving import frontier
from orchestration.settings import Home

# In the order they are built in.
JUDGES = (
    "indicators.park_carbon_codes",
    "indicators.park_evaluation_values",
    "indicators.park_evaluation_indicators",
    "indicators.park_evaluation_stability",
    "indicators.park_evaluation",
    "indicators.park_management_criteria",
    "indicators.park_management",
    "intermediate.int_park__resources_returned",
    "indicators.resource_intensity",
    "indicators.park_coupling",
    "indicators.pollution_carbon_synergy",
)
FRONTIER_PARKS = 100  # of one year, each against all parks of its type
RELATION = re.compile(r'"greenpark"\."(\w+)"\."(\w+)"')
# table: its rows, of the generator's tables `parks`, `years` and `facts`; a column that is not
# named is null.
GIVEN = {
    "reference.parks": """
        select
            park_id, 'park ' || parks.n as name_zh, region_code,
            'economic_development' as park_type, false as is_sample, 'derived' as origin
        from parks inner join regions on regions.n = parks.n % (select count(*) from regions)
    """,
    "indicators.park_year": """
        select
            park_id, year, 'report_2023' as default_method, false as is_sample,
            industrial_value_added_10k_cny, industrial_output_10k_cny, gdp_10k_cny,
            1e4 * (5 + h % 97) as energy_tce, 1e4 * (9 + h % 301 + n2) as above_size_co2_t,
            1e4 * (11 + h % 401 + n2) as co2_t, 'whole_zone' as co2_boundary,
            1e4 * (5 + h % 97) / industrial_value_added_10k_cny as energy_tce_per_industrial_va,
            (h % 83) / 83e0 as coal_share_of_energy, (h % 41) / 41e0 as two_high_output_share,
            1e4 * (11 + h % 401) / industrial_value_added_10k_cny as co2_t_per_gdp,
            'derived' as origin
        from facts
    """,
    "indicators.park_types": """
        select
            park_id, year, false as is_sample, (h % 37) / 37e0 as electricity_heat_share,
            case when h % 2 = 0 then 'industry_type' else 'comprehensive' end as structure,
            'derived' as origin
        from facts
    """,
    "indicators.park_measures": """
        select
            park_id, measure, year, 'derived' as origin,
            case when (h + place * 7) % 3 = 0 then 'yes' else 'no' end as answer
        from facts cross join (
            select distinct indicator as measure, slot as place
            from built.seed.evaluation_indicators
            inner join built.seed.code_list_entries
                on code_list = 'measure' and code = indicator
        ) as asked
    """,
    "indicators.park_peak_plans": """
        select
            park_id, false as is_sample, 'yes' as plan_answer, 2025 + h % 6 as peak_year,
            'derived' as origin
        from parks
    """,
    "indicators.early_warnings": "",
    "staging.stg_park_returns__park_facts": """
        select
            park_id, year, 'above_size_industry' as boundary, 1000 + h % 9973 as employees,
            2024 as vintage, 'observed' as origin
        from facts
    """,
    "staging.stg_park_returns__land": """
        select
            park_id, year, 50e0 + h % 499 as industrial_area_ha, 90e0 + h % 499 as built_area_ha,
            2024 as vintage, 'observed' as origin
        from facts
    """,
    "staging.stg_park_returns__water": """
        select
            park_id, year, 'above_size_industry' as boundary, 1e5 + h % 99991 as fresh_water_m3,
            1e5 + h % 99991 as industrial_fresh_water_m3, 3e4 + h % 99991 as wastewater_m3,
            9e4 + h % 99991 as reused_water_m3, 2024 as vintage, 'observed' as origin
        from facts
    """,
    "staging.stg_park_returns__pollutants": """
        select
            park_id, year, 'above_size_industry' as boundary, pollutant,
            1e0 + (h + place * 7 + n2) % 997 as emission_t, 2024 as vintage, 'observed' as origin
        from facts
        cross join (values ('so2', 1), ('nox', 2), ('vocs', 3)) as listed (pollutant, place)
    """,
    "intermediate.int_co2__emissions_calculated": "",
    "staging.stg_park_returns__allowances": "",
    "staging.stg_park_returns__sinks": "",
}  # fmt: skip
FACTS = """
    create table facts as
    select parks.n, parks.h, returned.*, years.n as n2
    from ({returned}) as returned
    inner join parks on returned.park_id = parks.park_id
    inner join years on returned.year = years.year
    where boundary = 'above_size_industry'
"""


def measure(home: Home, park_count: int, year_count: int) -> dict[str, tuple[int, float, float]]:
    """Build each model that judges; its rows, seconds and seconds of the processor."""
    compiled = {
        path.stem: path.read_text(encoding="utf-8")
        for path in (home.target / "compiled").rglob("models/**/*.sql")
        if ".yml/" not in path.as_posix()  # the models that unit tests make
    }
    with tempfile.TemporaryDirectory() as folder:
        connection = duckdb.connect(str(Path(folder, "greenpark.duckdb")))
        connection.execute(f"attach '{home.kept / 'greenpark.duckdb'}' as built (read_only)")
        parks.number(connection, park_count, year_count, 1)
        # What a staging view reads of the home that is open, which is this one.
        for (table,) in connection.execute(
            "select table_name from duckdb_tables()"
            " where database_name = 'built' and schema_name = 'raw'"
        ).fetchall():
            _make(connection, "raw.")
            connection.execute(f"create table raw.{table} as from built.raw.{table} limit 0")
        connection.execute(FACTS.format(returned=parks.TABLES["park_returns_park_facts"]))
        for table, rows in GIVEN.items():
            _make(connection, table)
            connection.execute(f"create table {table} as from built.{table} limit 0")
            if rows:
                connection.execute(f"insert into {table} by name {rows}")
        found = {}
        for table in JUDGES:
            sql = compiled[table.split(".")[1]]
            for schema, name in RELATION.findall(sql):
                _take(connection, schema, name)
            _make(connection, table)
            wall, processor = time.perf_counter(), time.process_time()
            connection.execute(f"create or replace table {table} as {sql}")
            used = time.perf_counter() - wall, time.process_time() - processor
            found[table] = (connection.table(table).shape[0], *used)
        # What is computed when it is asked for reads the published names.
        connection.execute(f"create schema {WHOLE}")
        connection.execute(
            f"create view {WHOLE}.{frontier.TABLE} as from indicators.{frontier.TABLE}"
        )
        wall, processor = time.perf_counter(), time.process_time()
        places = list(islice(frontier.places(connection, None, None), FRONTIER_PARKS))
        used = time.perf_counter() - wall, time.process_time() - processor
        found["greenpark frontier"] = (len(places), *used)
        connection.close()
    return found


def _take(connection: duckdb.DuckDBPyConnection, schema: str, name: str) -> None:
    """Let a model read a table of the home that is not made up."""
    _make(connection, f"{schema}.{name}")
    there = connection.execute(
        "select 1 from information_schema.tables where table_catalog = 'greenpark'"
        " and table_schema = $1 and table_name = $2",
        [schema, name],
    ).fetchone()
    if there is None:
        connection.execute(f"create table {schema}.{name} as from built.{schema}.{name}")


def _make(connection: duckdb.DuckDBPyConnection, table: str) -> None:
    connection.execute(f"create schema if not exists {table.split('.')[0]}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("home", type=Path)
    parser.add_argument("--parks", type=int, default=2500)
    parser.add_argument("--years", type=int, default=10)
    arguments = parser.parse_args()
    found = measure(Home.resolve(arguments.home), arguments.parks, arguments.years)
    print(f"{machine_line()}\n\n| table | rows | seconds | of the processor |")
    print("| --- | --- | --- | --- |")
    for table, (rows, wall, processor) in found.items():
        print(f"| {table} | {rows:,} | {wall:.1f} | {processor:.1f} |")
    built = [row for table, row in found.items() if table in JUDGES]
    wall, processor = (sum(row[place] for row in built) for place in (1, 2))
    print(f"| all tables | | {wall:.1f} | {processor:.1f} |")


if __name__ == "__main__":
    main()
