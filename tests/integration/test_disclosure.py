"""What the public may see gives no enterprise away: the rules, and attacks on what is published."""

from __future__ import annotations

import base64
import hashlib
import itertools
import random
import shutil
import stat
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest
from compiled import Models
from scipy.optimize import linprog

from orchestration.database import connect
from orchestration.publishing import fresh
from orchestration.publishing.audiences import audience, file_of
from orchestration.publishing.fresh import copy_published
from orchestration.settings import DATABASE_NAME, Home
from orchestration.site import build as site_build
from orchestration.site.release import DRAWINGS

CONTRIBUTIONS = "intermediate.int_disclosure__contributions_united"
COLUMNS = (
    "park_id varchar, year integer, industry_code varchar, enterprise_id varchar, "
    "fuel_code varchar, energy_tce double, co2_t double, origin_rank integer"
)
MODELS = ("int_disclosure__cells_judged", "int_disclosure__fuels_bounded")
# The rules as they ship; independent of the SQL and its reference rows.
FEWEST, LARGEST_SHARE, P = 3, 0.85, 0.1
TOLERANCE = 1e-9


@pytest.fixture(scope="module")
def models(published_home: Home) -> Models:
    found = Models(published_home)
    found.seed("thresholds")
    return found


def rules(models: Models, fewest: float, largest_share: float, p: float) -> None:
    """Set the three rules."""
    models.seed("thresholds")
    for name, value in (
        ("contributors_min", fewest),
        ("largest_share_max", largest_share),
        ("p_min", p),
    ):
        models.connection.execute(
            "update greenpark.seed.thresholds set value = $1 where threshold_id = $2",
            [value, f"disclosure_{name}"],
        )


def row(
    park: str, industry: str, enterprise: str, fuel: str, tce: float, co2: float, year: int = 2020
) -> dict:
    names = [column.split()[0] for column in COLUMNS.split(", ")]
    values = (park, year, industry, enterprise, fuel, tce, co2, 2)
    return dict(zip(names, values, strict=True))


Judged = dict[tuple[str, str | None], tuple[bool, str]]


def judged_by_year(models: Models, rows: list[dict]) -> dict[int, Judged]:
    """Whether each cell of energy is sensitive, and how it is suppressed."""
    models.give(CONTRIBUTIONS, COLUMNS, rows)
    models.build(MODELS[:1])
    found: dict[int, Judged] = {}
    for year, park, industry, is_sensitive, how in models.rows(
        "select year, park_id, industry_code, is_sensitive, suppression "
        f"from greenpark.intermediate.{MODELS[0]} where indicator = 'energy_tce'"
    ):
        found.setdefault(year, {})[park, industry] = is_sensitive, how
    return found


def judged(models: Models, rows: list[dict]) -> Judged:
    """The same of the one year that there is."""
    (found,) = judged_by_year(models, rows).values()
    return found


# --- the rules -----------------------------------------------------------------------------------


def test_the_examples_of_the_handbook(models: Models) -> None:
    """Handbook on Statistical Disclosure Control, section 4.2, examples 1 and 2."""
    cells = {"example_1": (50_000.0, 49_000.0, 1_000.0), "example_2": (52_000.0, 50_000.0, 8_000.0)}
    rows = [
        row(name, "13", f"e{place}", "raw_coal", value, 0.0)
        for name, values in cells.items()
        for place, value in enumerate(values)
    ]
    rules(models, FEWEST, 0.9, 0)
    assert judged(models, rows)["example_1", None][0] is False
    rules(models, FEWEST, 0.9, 0.1)
    found = judged(models, rows)
    assert found["example_1", None][0] is True
    assert found["example_2", None][0] is False


# R package GaussSuppression, vignette "Magnitude table suppression": contributions (table 1), and
# which cells are primary by few contributors (table 2, maxN = 1) and by dominance (table 3, n = 1,
# k = 80).
MAGNITUDE = {
    ("Iceland", "Entertainment"): ((16.8,), True, True),
    ("Iceland", "Industry"): ((9.6, 8.8, 1.9), False, False),
    ("Portugal", "Agriculture"): ((75.9, 24.5), False, False),
    ("Portugal", "Entertainment"): ((7.1, 2.3), False, False),
    ("Portugal", "Governmental"): ((21.6, 2.0), False, True),
    ("Portugal", "Industry"): ((25.7, 3.4), False, True),
    ("Spain", "Agriculture"): ((96.6, 43.2), False, False),
    ("Spain", "Entertainment"): ((77.4, 11.5, 16.4), False, False),
    ("Spain", "Governmental"): ((6.5, 2.7), False, False),
    ("Spain", "Industry"): ((8.4,), True, True),
}


@pytest.mark.parametrize(("rule", "fewest", "share"), [(1, 2, 1), (2, 1, 0.8)])
def test_primary_cells_are_those_of_gauss_suppression(
    models: Models, rule: int, fewest: int, share: float
) -> None:
    rules(models, fewest, share, 0)
    rows = [
        row(country, sector, f"{sector}{place}", "raw_coal", value, 0.0)
        for (country, sector), (values, *_) in MAGNITUDE.items()
        for place, value in enumerate(values)
    ]
    found = judged(models, rows)
    assert {cell for cell in MAGNITUDE if found[cell][0]} == {
        cell for cell, expected in MAGNITUDE.items() if expected[rule]
    }
    assert not any(found[country, None][0] for country in ("Iceland", "Portugal", "Spain"))
    # In one dimension each single suppressed cell takes the smallest other with it.
    assert {cell for cell in MAGNITUDE if found[cell][1] == "complementary"} == {
        ("Iceland", "Industry"),
        ("Spain", "Governmental"),
    }


# R package sdcTable, data `microdata1` by region and gender: contributors, total, the two largest.
MICRODATA = {
    ("A", "female"): (2, 20, 11, 9),
    ("A", "male"): (18, 178, 18, 15),
    ("B", "female"): (19, 204, 18, 16),
    ("B", "male"): (14, 140, 15, 14),
    ("C", "female"): (10, 106, 19, 12),
    ("C", "male"): (12, 118, 18, 12),
    ("D", "female"): (14, 152, 18, 16),
    ("D", "male"): (11, 366, 280, 11),
}


@pytest.mark.parametrize(
    ("fewest", "p", "expected"),
    [(3, 0.0, {("A", "female")}), (1, 0.7, {("A", "female"), ("D", "male")})],
)
def test_primary_cells_are_those_of_sdc_table(
    models: Models, fewest: int, p: float, expected: set[tuple[str, str]]
) -> None:
    """Its own tests: frequency (maxN = 2) gives the cell 6, the p % rule (p = 70) 6 and 14."""
    rules(models, fewest, 1, p)
    rows = []
    for (region, gender), (count, total, *largest) in MICRODATA.items():
        rest = [(total - sum(largest)) / (count - 2)] * (count - 2) if count > 2 else []
        for place, value in enumerate([*largest, *rest]):
            rows.append(row(region, gender, f"{gender}{place}", "raw_coal", value, 0.0))
    found = judged(models, rows)
    assert {cell for cell, (is_sensitive, _) in found.items() if is_sensitive} == expected


def sensitive(values: list[float]) -> bool:
    """The three rules, written a second time."""
    sizes = [*sorted((abs(value) for value in values if value), reverse=True), 0.0, 0.0]
    total, first, second = sum(sizes), *sizes[:2]
    return (
        len(sizes) - 2 < FEWEST
        or first > LARGEST_SHARE * total * (1 + TOLERANCE)
        or total - first - second < P * first - TOLERANCE * total
    )


def drawn(seed: int, parks: int, years: int = 1) -> list[dict]:
    """Parks at random, many of their industries with few or dominating enterprises.

    From year to year they grow a little, and now and then one is not there.
    """
    draw = random.Random(seed)
    rows = []
    for park, industry in itertools.product(range(parks), range(draw.randint(2, 6))):
        for enterprise in range(draw.randint(1, 6)):
            for fuel in draw.sample(range(5), draw.randint(1, 3)):
                tce = round(draw.paretovariate(0.9) * 100, 3)
                ratio = (2.66, 1.63, 2.1, 0.0, 4.5)[fuel]
                name = f"i{industry}e{enterprise}"
                for year in range(2020, 2020 + years):
                    if year > 2020 and draw.random() < 0.1:
                        continue
                    key = f"p{park}", f"{industry}", name, f"f{fuel}"
                    rows.append(row(*key, tce, tce * ratio, year))
                    tce = round(tce * draw.uniform(0.9, 1.1), 3)
    return rows


@pytest.mark.parametrize(("seed", "years"), [(0, 1), (1, 1), (2, 3), (3, 4)])
def test_what_differences_give_is_not_sensitive(models: Models, seed: int, years: int) -> None:
    """By a second implementation: each published cell, and each total less the published cells.

    An industry, and a total, is published in every year or in none.
    """
    rules(models, FEWEST, LARGEST_SHARE, P)
    rows = drawn(seed, 60, years)
    found = judged_by_year(models, rows)
    assert len(found) == years
    of: dict[tuple[str, int], dict[str, dict[str, float]]] = {}
    for entry in rows:
        park = of.setdefault((entry["park_id"], entry["year"]), {})
        cell = park.setdefault(entry["industry_code"], {})
        name = entry["enterprise_id"]
        cell[name] = cell.get(name, 0) + entry["energy_tce"]
    sizes = {
        (park, year): {code: [*values.values()] for code, values in cells.items()}
        | {None: [value for values in cells.values() for value in values.values()]}
        for (park, year), cells in of.items()
    }
    ever = {
        (park, code)
        for (park, _), cells in sizes.items()
        for code, values in cells.items()
        if sensitive(values)
    }
    seen: Counter[str] = Counter()
    shown: dict[tuple[str, str | None], set[bool]] = {}
    for (park, year), cells in sizes.items():
        hidden = []
        for code, values in cells.items():
            is_sensitive, how = found[year][park, code]
            assert is_sensitive is sensitive(values)
            assert (how == "primary") is is_sensitive
            assert (how in ("primary", "other_year")) is ((park, code) in ever)
            seen[how] += 1
            shown.setdefault((park, code), set()).add(how == "none")
            if code is not None and how != "none":
                hidden += values
        if hidden and (park, None) not in ever:
            assert not sensitive(hidden)
    assert {len(ways) for ways in shown.values()} == {1}
    assert seen["complementary"] > 10
    assert (seen["other_year"] > 10) is (years > 1)


def test_the_range_of_a_fuel_is_that_of_a_solver(models: Models) -> None:
    """HiGHS asked for the least and the most of each fuel, all that is published given."""
    rules(models, FEWEST, LARGEST_SHARE, P)
    rows = drawn(7, 25)
    judged(models, rows)
    models.build(MODELS[1:])
    found = models.rows(
        "select park_id, system_code, industry_code, fuel_code, energy_tce, co2_t_per_tce, "
        f"least_tce, most_tce from greenpark.intermediate.{MODELS[1]} "
        "where is_bounded order by all"
    )
    compared = narrow = 0
    for _, group in itertools.groupby(found, key=lambda entry: entry[0]):
        cells = [*group]
        systems = sorted({cell[1] for cell in cells})
        left = [[float(cell[1] == system) for cell in cells] for system in systems]
        right = [sum(cell[4] for cell in cells if cell[1] == system) for system in systems]
        left.append([cell[5] for cell in cells])
        right.append(sum(cell[4] * cell[5] for cell in cells))
        scale = sum(cell[4] for cell in cells)
        for place, cell in enumerate(cells):
            for sign, told in ((1, cell[6]), (-1, cell[7])):
                aim = [0.0] * len(cells)
                aim[place] = sign
                solved = linprog(aim, A_eq=left, b_eq=right, method="highs")
                assert solved.status == 0
                assert sign * solved.fun == pytest.approx(told, abs=1e-6 * scale)
            compared += 1
            narrow += cell[7] < 0.9 * right[systems.index(cell[1])]
    assert compared > 100
    assert narrow > 10  # not only the bound that energy alone gives


# --- attacks on the published file ---------------------------------------------------------------


@pytest.fixture(scope="module")
def whole(published_home: Home) -> Iterator[duckdb.DuckDBPyConnection]:
    """All three files, under their names."""
    with duckdb.connect() as connection:
        for name in ("admin", "analyst", "public"):
            path = file_of(published_home.current.resolve(), name)
            connection.execute(f"attach '{path}' as {name} (read_only)")
        yield connection


def tables_of(connection: duckdb.DuckDBPyConnection, file: str) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for schema, table, column, kind in connection.execute(
        "select schema_name, table_name, column_name, data_type from duckdb_columns() "
        "inner join duckdb_tables() using (database_name, schema_name, table_name) "
        "where database_name = $1 order by all",
        [file],
    ).fetchall():
        found.setdefault(f"{schema}.{table}", {})[column] = kind
    return found


def texts(connection: duckdb.DuckDBPyConnection, file: str) -> set[str]:
    """Every text of every table of a file, once."""
    queries = [
        f'select distinct "{column}" from {file}.{table}'
        for table, columns in tables_of(connection, file).items()
        for column, kind in columns.items()
        if kind == "VARCHAR"
    ]
    return {
        text
        for (text,) in connection.execute(" union ".join(queries)).fetchall()
        if text is not None
    }


def identities(connection: duckdb.DuckDBPyConnection, *columns: str) -> set[str]:
    """What the returns call enterprises."""
    queries = [f"select {column} from admin.raw.park_returns_enterprises" for column in columns]
    return {text for (text,) in connection.execute(" union ".join(queries)).fetchall() if text}


def test_the_public_file_names_no_enterprise(
    whole: duckdb.DuckDBPyConnection, published_home: Home, tmp_path: Path
) -> None:
    wanted = identities(whole, "enterprise_id", "name_zh", "unified_social_credit_code")
    names = identities(whole, "name_zh", "unified_social_credit_code")
    assert len(wanted) > 1000
    public = texts(whole, "public")
    assert not wanted & public
    assert names & texts(whole, "admin")
    assert not names & texts(whole, "analyst")
    # Within longer texts, and in the bytes of the file and of the site.
    said = "\n".join(public)
    assert [name for name in sorted(wanted)[::20] if name in said] == []
    folder, few = published_home.current.resolve(), sorted(names)[:: len(names) // 20]
    seen = file_of(folder, "admin").read_bytes()
    assert any(name.encode() in seen for name in few)
    site_build.build(file_of(folder, "public"), tmp_path / "site", published_home.kept / DRAWINGS)
    for path in [file_of(folder, "public"), *sorted((tmp_path / "site").rglob("*.*"))]:
        if path.is_file():
            content = path.read_bytes()
            assert [name for name in few if name.encode() in content] == [], path


def disguises(texts_: set[str]) -> set[str]:
    """Texts as themselves and as what is made of them to hide them: whoever has a list of all
    enterprises, or tries all codes there can be, finds them again by a hash."""
    found = set(texts_)
    for text in texts_:
        for way in (hashlib.md5, hashlib.sha1, hashlib.sha256):
            digest = way(text.encode()).digest()
            hexed = digest.hex()
            found |= {hexed, hexed.upper(), hexed[:16], hexed[:8], hexed[:12]}
            found.add(base64.b64encode(digest).decode())
    return found


def test_credit_codes_and_hashes_of_them_are_nowhere_in_the_public_file(
    observed_home: Home,
) -> None:
    """Parks whose enterprises have one; the same search finds them in the admin's file."""
    folder = observed_home.current.resolve()
    with duckdb.connect() as connection:
        for name in ("admin", "public"):
            path = file_of(folder, name)
            connection.execute(f"attach '{path}' as {name} (read_only)")
        codes = identities(connection, "unified_social_credit_code")
        wanted = disguises(identities(connection, "unified_social_credit_code", "name_zh"))
        # DuckDB's own hash, as number and as text.
        hashes = {
            f"{found}"
            for (found,) in connection.execute("select hash(unnest($1))", [[*codes]]).fetchall()
        }
        assert len(codes) > 20
        public, admin = texts(connection, "public"), texts(connection, "admin")
        assert codes <= admin
        assert not (wanted | hashes) & public
        said = "\n".join(public)
        assert [code for code in codes if code in said or code[8:17] in said] == []
    written = file_of(folder, "public").read_bytes()
    assert [
        code for code in codes if code.encode() in written or code[8:17].encode() in written
    ] == []
    whole = file_of(folder, "admin").read_bytes()
    assert any(code[8:].encode() in whole for code in codes)


def test_no_value_of_an_enterprise_or_of_a_suppressed_cell_is_public(
    whole: duckdb.DuckDBPyConnection,
) -> None:
    """Exactly, in any column of doubles of the same park; the same search finds them elsewhere.

    Tables without parks are not searched: whole MWh by the factor of a grid are alike everywhere.
    """
    whole.execute(
        """
        create or replace temp table secret as
        select distinct park_id, value from (
            select park_id, energy_tce as value from admin.all_levels.enterprise_co2_by_method
            union all select park_id, co2_t from admin.all_levels.enterprise_co2_by_method
            union all select park_id, coal_t from admin.all_levels.enterprise_co2_by_method
            union all select park_id, quantity from admin.quality.return_lineage
            union all
            select park_id, co2_t from admin.quality.emission_lineage where account = 'park'
            union all
            select park_id, cell_value from admin.quality.disclosure_tests
            where suppression <> 'none'
        )
        where value <> 0
        """
    )
    assert whole.execute("select count(*) > 50000 from secret").fetchall() == [(True,)]

    def found(file: str, tables: dict[str, dict[str, str]]) -> list[tuple[str, int]]:
        queries = [
            f"select '{table}.{column}', count(*) from {file}.{table} as t "
            f'inner join secret on t.park_id = secret.park_id and t."{column}" = secret.value'
            for table, columns in tables.items()
            for column, kind in columns.items()
            if kind == "DOUBLE" and "park_id" in columns
        ]
        return whole.execute(
            f"from ({' union all '.join(queries)}) as found(place, hits) where hits > 0"
        ).fetchall()

    public = tables_of(whole, "public")
    assert found("public", public) == []
    ledger = "all_levels.park_carbon_ledger"
    assert found("admin", {ledger: public[ledger]}) != []


def test_the_cells_of_the_public_file_are_those_that_passed(
    whole: duckdb.DuckDBPyConnection,
) -> None:
    """Differences from the published numbers themselves, against the contributions in the marts."""
    contributions: dict[tuple[str, int], dict[str, dict[str, float]]] = {}
    for park, year, industry, enterprise, value in whole.execute(
        """
        select park_id, year, industry_code, enterprise_id, sum(energy_tce)
        from admin.all_levels.enterprise_co2_by_method
        where not is_within_park
            and method = (select method from admin.reference.methods where is_default)
        group by all
        """
    ).fetchall():
        cell = contributions.setdefault((park, year), {}).setdefault(industry, {})
        cell[enterprise] = value or 0.0
    cells: dict[tuple[str, int], dict[str, float | None]] = {}
    for park, year, industry, value in whole.execute(
        "select park_id, year, industry_code, energy_tce "
        "from public.all_levels.park_disclosed_industry_year"
    ).fetchall():
        cells.setdefault((park, year), {})[industry] = value
    totals = whole.execute(
        "select park_id, year, energy_tce from public.all_levels.park_disclosed_year"
    ).fetchall()
    assert len(totals) > 100
    attacked = 0
    for park, year, total in totals:
        own = contributions[park, year]
        shown = {code: value for code, value in cells[park, year].items() if value is not None}
        for code, value in shown.items():
            assert value == pytest.approx(sum(own[code].values()), rel=1e-9)
            assert not sensitive([*own[code].values()])
        hidden = [value for code in own.keys() - shown.keys() for value in own[code].values()]
        if total is None or not hidden:
            continue
        scale = sum(map(abs, hidden))
        assert total - sum(shown.values()) == pytest.approx(sum(hidden), abs=1e-9 * scale)
        assert not sensitive(hidden)
        attacked += 1
    assert attacked > 100


# What an attacker makes of the published years of a cell that is not published in one: the year
# before, the year after, the mean of both; the same share of the total of the park.
GUESSES = """
    with known as (
        select park_id, industry_code, year, cell_value, total
        from cells where is_public
    ),

    guesses as (
        select
            hidden.park_id, hidden.industry_code, hidden.year, hidden.cell_value, hidden.total,
            known.cell_value as guess,
            known.cell_value / nullif(known.total, 0) * hidden.total as by_share
        from cells as hidden
        inner join known using (park_id, industry_code)
        where not hidden.is_public
    ),

    three as (
        select park_id, industry_code, year, cell_value, unnest([guess, by_share]) as guess
        from guesses
        union all
        select park_id, industry_code, year, any_value(cell_value), avg(guess)
        from guesses group by all
    )

    select count(*), count(*) filter (abs(guess - cell_value) < $1 * abs(cell_value)) from three
"""


PUBLISHED = {
    "energy_tce": """
        select park_id, industry_code, year, energy_tce as published
        from public.all_levels.park_disclosed_industry_year
        union all
        select park_id, '', year, energy_tce from public.all_levels.park_disclosed_year
    """,
    # By share: by what a unit of energy emits in another year.
    "co2_t": """
        select park_id, '' as industry_code, year, co2_t as published
        from public.all_levels.park_disclosed_year
    """,
}


@pytest.mark.parametrize("indicator", PUBLISHED)
def test_other_years_tell_nothing_of_what_is_suppressed(
    whole: duckdb.DuckDBPyConnection, indicator: str
) -> None:
    """The truth is the admin's, the guesses are made of the public file."""
    whole.execute(
        f"""
        create or replace temp table cells as
        with truth as (
            select * replace (coalesce(industry_code, '') as industry_code)
            from admin.quality.disclosure_tests where indicator = '{indicator}'
        )

        select
            park_id, industry_code, year, truth.cell_value, totals.energy_tce as total,
            shown.published is not null as is_public, truth.suppression = 'primary' as is_primary
        from truth
        inner join ({PUBLISHED[indicator]}) as shown using (park_id, industry_code, year)
        left join public.all_levels.park_disclosed_year as totals using (park_id, year)
        """
    )
    hidden = "select count(*) > 50 from cells where not is_public"
    assert whole.execute(hidden).fetchall() == [(True,)]
    assert whole.execute(GUESSES, [P]).fetchall() == [(0, 0)]
    if indicator == "energy_tce":
        # The same attack on what is suppressed by the rules of its own year alone.
        whole.execute("update cells set is_public = not is_primary")
        ((tried, close),) = whole.execute(GUESSES, [P]).fetchall()
        assert tried > 50
        assert close > 10


def test_published_co2_leaves_every_sensitive_fuel_in_doubt(
    whole: duckdb.DuckDBPyConnection, published_home: Home
) -> None:
    """The ranges that a solver finds from the public file, of the parks whose CO2 it has."""
    fuels: dict[tuple[str, int], dict[tuple[str, str], tuple[float, float]]] = {}
    for park, year, industry, fuel, tce, co2 in whole.execute(
        """
        select energy.park_id, energy.year, energy.industry_code, energy.fuel_code,
            sum(energy.energy_tce), any_value(emitted.co2_t)
        from admin.all_levels.park_energy as energy
        left join (
            select park_id, year, industry_code, fuel_code, sum(co2_t) as co2_t
            from admin.all_levels.park_co2_by_method
            where method = (select method from admin.reference.methods where is_default)
            group by all
        ) as emitted using (park_id, year, industry_code, fuel_code)
        group by all
        """
    ).fetchall():
        fuels.setdefault((park, year), {})[industry, fuel] = (tce or 0.0, co2 or 0.0)
    returned: dict[tuple[str, int, str, str], list[float]] = {}
    for park, year, industry, fuel, co2 in whole.execute(
        """
        select park_id, year, industry_code, fuel_code, sum(co2_t)
        from admin.quality.emission_lineage
        where account = 'park'
            and method = (select method from admin.reference.methods where is_default)
        group by park_id, year, industry_code, fuel_code, enterprise_id
        having sum(co2_t) <> 0
        """
    ).fetchall():
        returned.setdefault((park, year, industry, fuel), []).append(co2)
    public = whole.execute(
        "select park_id, year, co2_t from public.all_levels.park_disclosed_year "
        "where co2_t is not null order by all"
    ).fetchall()
    assert len(public) > 50
    attacked = 0
    for park, year, total in public[:: max(1, len(public) // 8)]:
        cells = {key: value for key, value in fuels[park, year].items() if any(value)}
        assert all(tce > 0 for tce, _ in cells.values())
        assert sum(co2 for _, co2 in cells.values()) == pytest.approx(total, rel=1e-9)
        shown = {
            code
            for (code,) in whole.execute(
                "select industry_code from public.all_levels.park_disclosed_industry_year "
                "where park_id = $1 and year = $2 and energy_tce is not null",
                [park, year],
            ).fetchall()
        }
        systems = sorted({code if code in shown else "" for code, _ in cells})
        keys = [*cells]
        left = [
            [float((code if code in shown else "") == system) for code, _ in keys]
            for system in systems
        ]
        right = [sum(cells[k][0] * on for k, on in zip(keys, line, strict=True)) for line in left]
        left.append([cells[key][1] / cells[key][0] for key in keys])
        right.append(total)
        for place, key in enumerate(keys):
            values = returned.get((park, year, *key), [])
            if not values or not sensitive(values):
                continue
            aim = [0.0] * len(keys)
            aim[place] = 1
            low = linprog(aim, A_eq=left, b_eq=right, method="highs").fun
            aim[place] = -1
            high = -linprog(aim, A_eq=left, b_eq=right, method="highs").fun
            first = max(map(abs, values)) / sum(map(abs, values)) * cells[key][0]
            assert high >= first / LARGEST_SHARE * (1 - 1e-6)
            assert low <= (1 - P) * cells[key][0] * (1 + 1e-6)
            attacked += 1
    assert attacked > 20


def test_hashes_and_descriptions_of_what_is_closed_are_not_public(
    whole: duckdb.DuckDBPyConnection,
) -> None:
    readers = audience("public")
    hashed = whole.execute(
        "select schema_name || '.' || table_name, content_hash from public.quality.table_hashes"
    ).fetchall()
    assert hashed
    assert [name for name, _ in hashed if not readers.has(name)] == []
    parts = {name for name, _ in hashed if not readers.is_whole(name)}
    assert parts
    theirs = dict(
        whole.execute(
            "select schema_name || '.' || table_name, content_hash from admin.quality.table_hashes"
        ).fetchall()
    )
    same = {name for name, found in hashed if name in parts and theirs[name] == found}
    # Parts of these tables are all there is: no park, no plant and no threshold is hidden in them.
    assert same <= {"quality.doubtful_rows", "reference.factors"}
    files = whole.execute(
        "select count(*), count(*) filter (starts_with(dataset, 'park_returns')) "
        "from public.quality.landing_log"
    ).fetchall()
    assert files[0][0] > 20
    assert files[0][1] == 0
    assert whole.execute(
        "select count(input_sha256), count(version) from public.quality.published_version"
    ).fetchall() == [(0, 1)]
    assert whole.execute(
        "select threshold_id from public.reference.threshold_values "
        "where starts_with(threshold_id, 'disclosure_')"
    ).fetchall() == [("disclosure_contributors_min",)]


def test_closed_tables_are_there_and_empty(whole: duckdb.DuckDBPyConnection) -> None:
    """The same names in every file, so that a question runs on each; raw is the admin's alone."""
    admin, analyst, public = (tables_of(whole, name) for name in ("admin", "analyst", "public"))
    raw = {name for name in admin if name.startswith("raw.")}
    assert raw
    assert admin.keys() - raw == analyst.keys() == public.keys()
    assert {name: admin[name] for name in public} == public
    moved = {name.split(".")[1] for name in public if name.startswith("all_levels.")}
    readers = audience("public")
    listed = {name.split(".")[1] for name in readers.tables}
    closed = [name for name in public if name.split(".")[1] not in listed]
    assert len(closed) > 50
    assert moved
    query = " union all ".join(f"select '{name}', count(*) from public.{name}" for name in closed)
    assert [name for name, rows in whole.execute(query).fetchall() if rows] == []
    for table in ("quarantine", "quarantine_history"):
        assert whole.execute(f"select count(*) from analyst.quality.{table}").fetchall() == [(0,)]


def test_modes_are_those_of_the_contract(published_home: Home) -> None:
    folder = published_home.current.resolve()

    def mode(path: Path) -> int:
        return stat.S_IMODE(path.stat().st_mode)

    assert mode(folder) == mode(folder / "public") == 0o755
    assert mode(file_of(folder, "public")) == 0o444
    assert {mode(path) for path in (folder / "site").rglob("*.html")} == {0o440}
    for path in (folder / DATABASE_NAME, file_of(folder, "analyst"), folder / "version.json"):
        assert mode(path) == 0o440
    assert mode(folder / "landing") == mode(folder / "data_docs") == 0o750
    assert {mode(path) for path in (folder / "landing").rglob("*.parquet")} == {0o440}
    assert mode(published_home.kept) == 0o750


def test_what_is_no_longer_public_leaves_no_bytes(
    published_home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A row that was public and is gone is in no byte of the next public file."""
    monkeypatch.setattr(fresh, "_dress", lambda connection, found: None)

    def plain(path: Path, **config: Any) -> duckdb.DuckDBPyConnection:
        connection = connect(path, **config)
        connection.execute("set force_compression = 'uncompressed'")  # so that texts can be read
        return connection

    monkeypatch.setattr(fresh, "connect", plain)
    built, marker = tmp_path / "built.duckdb", "zz_was_public_once_7f3a"
    shutil.copyfile(published_home.kept / DATABASE_NAME, built)

    def run(name: Any, statement: str) -> bytes:
        with duckdb.connect(str(built)) as connection:
            connection.execute(statement)
            connection.execute(
                "update work.built set content = content || '+' "
                "where node = 'model.greenpark.units'"
            )
        database = tmp_path / f"{name}.duckdb"
        carried = tmp_path / f"carried_{name}.duckdb"
        copy_published(built, database, carried, ("reference",), audience(name))
        return database.read_bytes()

    added = (
        "insert into reference.units (unit_label) select repeat(md5(i::varchar), 40) || "
        f"'{marker}' from range(400) as t(i)"
    )
    gone = f"delete from reference.units where contains(unit_label, '{marker}')"
    assert marker.encode() in run("public", added)
    assert marker.encode() not in run("public", gone)
