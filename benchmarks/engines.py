"""CO2 of enterprise returns by every method: the SQL of the marts beside polars and pandas.

    python -m benchmarks.engines --home HOME [--rows 10000000] [--memory 4GB]

HOME holds a published version and what dbt compiled for it; the rules and factors are its own. The
returns are made up, from the number of a row, so the same size is the same data on every machine:
flows of a year, standardised, as `int_park__flows_standardised` has them. Each way reads them from
Parquet, applies the rules of every method (what is counted, what is bought from outside the park,
the factor of the industry before the general one, the grid factor of the year) and writes CO2 by
enterprise, year, fuel, industry, method and scope to Parquet. The sums are compared to 1e-9.
polars and pandas say the same rules their own way, written from the text of the rules.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import duckdb

from benchmarks.case import Case, figures, machine_line
from benchmarks.generate import KNUTH_HASH
from orchestration.database import OWN_STORAGE
from orchestration.keeping.store import Store
from orchestration.settings import DATABASE_NAME, PROJECT_ROOT, Home

TOLERANCE = 1e-9
WAYS = ("duckdb", "polars", "pandas")
KEY = ("method", "scope", "park_id", "enterprise_id", "year", "fuel_code", "industry_code")
# The chain of the park account, in its order.
MODELS = (
    "park/account/int_park__carriers_balanced",
    "co2/int_co2__grid_factors_placed",
    "co2/int_co2__return_inputs_counted",
    "co2/int_co2__activities_counted",
    "co2/int_co2__emissions_calculated",
)
GRID_FACTORS = MODELS[1]
RULES = ("park_counting_rules", "method_fuels", "fuels")
RELATION = re.compile(r'"greenpark"\."(\w+)"\."(\w+)"')
FLOWS = """
    with numbered as (
        select n, {hash} as h, n // {flows} as enterprise_year, n % {flows} as flow_number
        from range({rows}) as numbers (n)
    ),
    placed as (
        select
            *,
            enterprise_year % {enterprises} as enterprise_number,
            2016 + enterprise_year // {enterprises} % {years} as year
        from numbered
    )
    select
        'B' || lpad((enterprise_number % {parks})::varchar, 5, '0') as park_id,
        'E' || lpad(enterprise_number::varchar, 8, '0') as enterprise_id,
        park_id as list_park_id,
        enterprise_id as list_enterprise_id,
        1e0 as member_share,
        year,
        fuel_code,
        flow,
        ['26', '31', '30', '17', '39', '44'][1 + enterprise_number % 6] as industry_code,
        false as is_aggregate,
        'whole_zone' as narrowest_boundary,
        unit,
        (1 + h % 100000) * scale as quantity,
        (1 + h % 100000) * scale * tce as energy_tce,
        (1 + h % 100000) * scale * tce * 29.3076 as energy_gj,
        1 as origin_rank,
        'benchmarks' as source_id,
        year as vintage
    from placed
    inner join kinds using (flow_number)
    order by park_id, enterprise_id, year, fuel_code, flow
"""
KINDS = [
    ("raw_coal", "consumption", "t", 10.0, 0.7143),
    ("raw_coal", "transformation_input", "t", 4.0, 0.7143),
    ("coke", "consumption", "t", 1.0, 0.9714),
    ("natural_gas", "consumption", "10k_m3", 0.1, 13.3),
    ("natural_gas", "feedstock", "10k_m3", 0.02, 13.3),
    ("diesel", "consumption", "t", 0.01, 1.4571),
    ("electricity", "purchase", "mwh", 2.0, 0.1229),
    ("electricity", "sales", "mwh", 0.5, 0.1229),
    ("heat", "purchase", "gj", 3.0, 0.03412),
]
PARKS, YEARS = 2500, 5


def generate(folder: Path, rows: int, home: Home) -> None:
    """Write `flows.parquet` and the rules of the published version below `folder`."""
    enterprises = max(PARKS, rows // (len(KINDS) * YEARS))
    with duckdb.connect() as connection:
        connection.execute(
            "create table kinds (flow_number bigint, fuel_code varchar, flow varchar, "
            "unit varchar, scale double, tce double)"
        )
        connection.executemany(
            "insert into kinds values (?, ?, ?, ?, ?, ?)",
            [(number, *kind) for number, kind in enumerate(KINDS)],
        )
        query = FLOWS.format(
            hash=KNUTH_HASH.format("n"),
            rows=rows,
            flows=len(KINDS),
            enterprises=enterprises,
            years=YEARS,
            parks=PARKS,
        )
        connection.execute(f"copy ({query}) to '{folder / 'flows.parquet'}' (format parquet)")
    compiled = home.target / "compiled" / "greenpark" / "models" / "intermediate"
    placed = (compiled / f"{GRID_FACTORS}.sql").read_text(encoding="utf-8")
    tables = {name: f"select * from reference.{name}" for name in RULES}
    tables |= {
        "factors": """
            select
                method, fuel_code, industry_code, year_from, year_to,
                co2_t_per_unit / to_unit_factor as factor
            from reference.emission_factors as factors
            inner join unit_labels on factors.unit = unit_label
        """,
        "grid": f"""
            select
                method, region_code, year_from, year_to, co2_t_per_mwh as grid,
                'electricity' as fuel_code, 'mwh' as unit, '2' as scope
            from ({placed})
        """,
        # As many parks as are made up, in the provinces in turn.
        "parks": f"""
            with provinces as (
                select region_code, row_number() over (order by region_code) - 1 as number
                from reference.regions where level = 'province'
            )
            select 'B' || lpad(n::varchar, 5, '0') as park_id, region_code
            from range({PARKS}) as numbers (n)
            inner join provinces on n % (select count(*) from provinces) = number
        """,
    }
    with duckdb.connect(str(home.database), read_only=True) as reader:
        labels = PROJECT_ROOT / "seeds" / "reference" / "units" / "unit_labels.csv"
        reader.execute(f"create temp view unit_labels as from read_csv('{labels}')")
        for name, query in tables.items():
            reader.execute(f"copy ({query}) to '{folder / name}.parquet' (format parquet)")


def views_of(home: Home) -> set[str]:
    """The models that dbt makes a view of."""
    manifest = json.loads((home.target / "manifest.json").read_text(encoding="utf-8"))
    return {
        node["name"]
        for node in manifest["nodes"].values()
        if node["config"].get("materialized") == "view"
    }


def on_duckdb(folder: Path, home: Home, memory: str) -> None:
    """What dbt compiled for the park account, over the made-up flows; no region is counted."""
    compiled = home.target / "compiled" / "greenpark" / "models" / "intermediate"
    texts = {Path(name).name: (compiled / f"{name}.sql").read_text("utf-8") for name in MODELS}
    needed = {pair for text in texts.values() for pair in RELATION.findall(text)}
    made_up = {"int_park__flows_standardised": "flows", "parks": "parks"}
    with tempfile.TemporaryDirectory() as work:
        config = {"threads": 2, "memory_limit": memory, "preserve_insertion_order": False}
        database = str(Path(work, DATABASE_NAME))
        with duckdb.connect(database, config=config | OWN_STORAGE) as connection:
            connection.execute(f"attach '{Store(home).database}' as kept (read_only)")
            for schema, name in sorted(needed - {("intermediate", model) for model in texts}):
                connection.execute(f"create schema if not exists {schema}")
                source = f"kept.{schema}.{name}"
                if name in made_up:
                    source = f"read_parquet('{folder / made_up[name]}.parquet')"
                elif schema == "intermediate":
                    source += " where false"
                connection.execute(f"create view {schema}.{name} as select * from {source}")
            views = views_of(home)
            for name, text in texts.items():
                kind = "view" if name in views else "table"
                connection.execute(f"create {kind} intermediate.{name} as {text}")
            connection.execute(
                f"copy (select {', '.join(KEY)}, sum(co2_t) as co2_t "
                f"from intermediate.{MODELS[-1].rsplit('/', 1)[-1]} group by all) "
                f"to '{folder / 'duckdb.parquet'}' (format parquet)"
            )


def on_polars(folder: Path) -> None:
    """The rules in polars, lazily, streaming where polars can."""
    import polars as pl

    rules, method_fuels, fuels, factors, parks = (
        pl.read_parquet(folder / f"{name}.parquet") for name in (*RULES, "factors", "parks")
    )
    grid = pl.read_parquet(folder / "grid.parquet")
    flows = pl.scan_parquet(folder / "flows.parquet").join(
        fuels.lazy().select("fuel_code", "fuel_group"), on="fuel_code"
    )
    place = ["park_id", "enterprise_id", "year", "fuel_code"]
    inputs = (
        flows.filter(pl.col("flow").is_in(["transformation_input", "power_input", "heat_input"]))
        .group_by(place)
        .agg(pl.col("flow").is_in(["power_input", "heat_input"]).any().alias("has_detail"))
    )
    detail = pl.col("has_detail") & pl.col("flow").is_in(["power_input", "heat_input"])
    whole = ~pl.col("has_detail") & (pl.col("flow") == "transformation_input")
    burnt = (
        flows.join(inputs, on=place)
        .filter(detail | (whole & (pl.col("industry_code") == "44")))
        .with_columns(rule_flow=pl.lit("burnt_input"))
        .drop("has_detail")
    )
    plain = flows.filter(
        pl.col("flow").is_in(["consumption", "feedstock", "transformation_input", "purchase"])
    ).with_columns(rule_flow=pl.col("flow"))
    carriers = (
        flows.filter(pl.col("fuel_group").is_in(["electricity", "heat"]))
        .group_by("park_id", "year", "fuel_code")
        .agg(
            bought=pl.col("quantity").filter(pl.col("flow") == "purchase").sum(),
            sold=pl.col("quantity").filter(pl.col("flow") == "sales").sum(),
        )
        .with_columns(
            outside=pl.max_horizontal(pl.col("bought") - pl.col("sold"), 0) / pl.col("bought")
        )
        .select("park_id", "year", "fuel_code", "outside")
    )
    named = rules.filter(pl.col("fuel_code").is_not_null()).lazy()
    general = rules.filter(pl.col("fuel_code").is_null()).drop("fuel_code").lazy()
    countable = pl.concat([plain, burnt])
    kept = ["method", "scope", "weight", "is_from_outside"]
    by_name = countable.join(
        named.select(*kept, "flow", "fuel_code"),
        left_on=["rule_flow", "fuel_code"],
        right_on=["flow", "fuel_code"],
    )
    by_method = (
        countable.filter(~pl.col("fuel_group").is_in(["electricity", "heat"]))
        .join(general.select(*kept, "flow"), left_on="rule_flow", right_on="flow")
        .join(
            method_fuels.lazy().filter(pl.col("is_counted")).select("method", "fuel_code"),
            on=["method", "fuel_code"],
        )
    )
    shared = pl.when(pl.col("is_from_outside")).then(pl.col("outside")).otherwise(1.0)
    activities = (
        pl.concat([by_name, by_method])
        .join(carriers, on=["park_id", "year", "fuel_code"], how="left")
        .with_columns(quantity=pl.col("quantity") * pl.col("weight") * shared)
        .group_by(*KEY, "unit")
        .agg(pl.col("quantity").sum())
    )
    in_force = pl.col("year").is_between(pl.col("year_from"), pl.col("year_to"))
    years = pl.DataFrame({"year": [2016 + n for n in range(YEARS)]}).lazy()
    of_years = factors.lazy().join(years, how="cross").filter(in_force)
    fuel = ["method", "fuel_code", "year"]
    own = of_years.filter(pl.col("industry_code").is_not_null()).select(
        *fuel, "industry_code", own="factor"
    )
    other = of_years.filter(pl.col("industry_code").is_null()).select(*fuel, other="factor")
    bought = grid.lazy().join(years, how="cross").filter(in_force)
    (
        activities.join(own, on=[*fuel, "industry_code"], how="left")
        .join(other, on=fuel, how="left")
        .join(parks.lazy(), on="park_id")
        .join(
            bought.select("method", "region_code", "year", "fuel_code", "unit", "scope", "grid"),
            on=["method", "region_code", "year", "fuel_code", "unit", "scope"],
            how="left",
        )
        .select(
            *KEY,
            (pl.col("quantity") * pl.coalesce("own", "other", "grid")).alias("co2_t"),
        )
        .sink_parquet(folder / "polars.parquet")
    )


def on_pandas(folder: Path) -> None:
    """The rules in pandas, with categories for text."""
    import pandas as pd

    rules, method_fuels, fuels, factors, parks = (
        pd.read_parquet(folder / f"{name}.parquet") for name in (*RULES, "factors", "parks")
    )
    grid = pd.read_parquet(folder / "grid.parquet")
    wanted = ["park_id", "enterprise_id", "year", "fuel_code", "flow", "industry_code", "unit"]
    flows = pd.read_parquet(folder / "flows.parquet", columns=[*wanted, "quantity"])
    flows = flows.merge(fuels[["fuel_code", "fuel_group"]], on="fuel_code")
    place = ["park_id", "enterprise_id", "year", "fuel_code"]
    put_in = flows[flows.flow.isin(["transformation_input", "power_input", "heat_input"])]
    is_detail = put_in.flow.isin(["power_input", "heat_input"])
    inputs = put_in.assign(has_detail=is_detail).groupby(place)["has_detail"].any().reset_index()
    burnt = flows.merge(inputs, on=place)
    detail = burnt.has_detail & burnt.flow.isin(["power_input", "heat_input"])
    whole = ~burnt.has_detail & (burnt.flow == "transformation_input")
    burnt = burnt[detail | (whole & (burnt.industry_code == "44"))]
    burnt = burnt.drop(columns="has_detail").assign(rule_flow="burnt_input")
    counted = ["consumption", "feedstock", "transformation_input", "purchase"]
    plain = flows[flows.flow.isin(counted)]
    countable = pd.concat([plain.assign(rule_flow=plain.flow), burnt], ignore_index=True)
    carriers = flows[flows.fuel_group.isin(["electricity", "heat"])]
    carriers = carriers.assign(
        bought=carriers.quantity.where(carriers.flow == "purchase", 0.0),
        sold=carriers.quantity.where(carriers.flow == "sales", 0.0),
    )
    carriers = carriers.groupby(["park_id", "year", "fuel_code"])[["bought", "sold"]].sum()
    outside = ((carriers.bought - carriers.sold).clip(lower=0) / carriers.bought).rename("outside")
    rules = rules[["method", "flow", "fuel_code", "scope", "weight", "is_from_outside"]]
    rules = rules.rename(columns={"flow": "rule_flow"})
    by_name = countable.merge(rules[rules.fuel_code.notna()], on=["rule_flow", "fuel_code"])
    general = rules[rules.fuel_code.isna()].drop(columns="fuel_code")
    burnable = countable[~countable.fuel_group.isin(["electricity", "heat"])]
    known = method_fuels.loc[method_fuels.is_counted, ["method", "fuel_code"]]
    by_method = burnable.merge(general, on="rule_flow").merge(known, on=["method", "fuel_code"])
    matched = pd.concat([by_name, by_method], ignore_index=True)
    matched = matched.merge(outside.reset_index(), on=["park_id", "year", "fuel_code"], how="left")
    share = matched.outside.where(matched.is_from_outside, 1.0)
    matched["quantity"] = matched.quantity * matched.weight * share
    activities = matched.groupby([*KEY, "unit"], as_index=False)["quantity"].sum()
    years = pd.DataFrame({"year": [2016 + n for n in range(YEARS)]})

    def in_force(rows: pd.DataFrame) -> pd.DataFrame:
        every = rows.merge(years, how="cross")
        return every[(every.year >= every.year_from) & (every.year <= every.year_to)]

    fuel = ["method", "fuel_code", "year"]
    of_years = in_force(factors)
    own = of_years[of_years.industry_code.notna()].rename(columns={"factor": "own"})
    other = of_years[of_years.industry_code.isna()].rename(columns={"factor": "other"})
    bought = ["method", "region_code", "year", "fuel_code", "unit", "scope"]
    result = activities.merge(
        own[[*fuel, "industry_code", "own"]], on=[*fuel, "industry_code"], how="left"
    )
    result = result.merge(other[[*fuel, "other"]], on=fuel, how="left").merge(parks, on="park_id")
    result = result.merge(in_force(grid)[[*bought, "grid"]], on=bought, how="left")
    result["co2_t"] = result.quantity * result.own.fillna(result.other).fillna(result.grid)
    result[[*KEY, "co2_t"]].to_parquet(folder / "pandas.parquet")


def largest_difference(folder: Path, other: str) -> tuple[int, float]:
    """Rows that stand on one side alone, and the largest relative difference of the rest."""
    with duckdb.connect() as connection:
        keys = ", ".join(KEY)
        alone, difference = connection.execute(
            f"""
            select
                count(*) filter (a.co2_t is null or b.co2_t is null),
                max(abs(a.co2_t - b.co2_t) / greatest(abs(a.co2_t), abs(b.co2_t), 1e-300))
            from read_parquet('{folder / "duckdb.parquet"}') as a
            full join read_parquet('{folder / f"{other}.parquet"}') as b using ({keys})
            """
        ).fetchone() or (0, 0.0)
    return int(alone), float(difference)


def measure(home: Home, rows: int, memory: str, ways: Sequence[str], folder: Path) -> list[Case]:
    """Each way on the same files; exits if an answer differs from the first way's."""
    generate(folder, rows, home)
    cases = []
    for way in ways:
        command = [sys.executable, "-m", "benchmarks.engines", "--run", way]
        command += ["--folder", str(folder), "--home", str(home.root), "--memory", memory]
        case = Case(f"park account in {way}, {rows:,} rows", command, {})
        case.run()
        alone, difference = largest_difference(folder, way)
        if alone or difference > TOLERANCE:
            sys.exit(f"{way}: {alone} rows on one side alone, difference {difference:.1e}")
        cases.append(case)
    return cases


def table(cases: Sequence[Case]) -> str:
    """What each way took, all told of the process: imports, reading, writing."""
    lines = [
        "| case | seconds | CPU s | peak memory, MiB | times the CPU s of DuckDB |",
        "| --- | --- | --- | --- | --- |",
    ]
    first = figures(cases[0]).processor
    for case in cases:
        told = figures(case)
        lines.append(
            f"| {case.name} | {told.seconds:.1f} | {told.processor:.1f} | {told.memory:,.0f} "
            f"| {told.processor / first:.2f} |"
        )
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--rows", type=int, default=10_000_000)
    parser.add_argument("--memory", default="4GB", help="of DuckDB")
    parser.add_argument("--ways", nargs="+", default=list(WAYS))
    parser.add_argument("--run", help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help="where the files stay")
    arguments = parser.parse_args()
    home = Home.resolve(arguments.home)
    if arguments.run == "duckdb":
        on_duckdb(arguments.folder, home, arguments.memory)
        return
    if arguments.run:
        {"polars": on_polars, "pandas": on_pandas}[arguments.run](arguments.folder)
        return
    with tempfile.TemporaryDirectory() as temporary:
        folder = arguments.folder or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        cases = measure(home, arguments.rows, arguments.memory, arguments.ways, folder)
    print(f"{machine_line()}\n\n{table(cases)}")


if __name__ == "__main__":
    main()
