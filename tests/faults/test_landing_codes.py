"""Labels land as codes: in whatever words a table is printed, the rules compare what they mean."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest
from landing_formats import describe, save, write
from landing_tables import (
    FUELS,
    PROVINCES,
    SECTORS,
    Place,
    Table,
    balance,
    chinese,
    fuel_use,
)

from orchestration.landing.land import land

BALANCE = "energy_yearbook_energy_balance"
Land = Callable[..., duckdb.DuckDBPyConnection]
PLACE = Place(3)


def scaled(table: Table, factor: str) -> Table:
    printed = table.copy()
    for row in range(3, len(printed.rows) + 1):
        for column in range(2, len(FUELS) + 2):
            printed.scale(row, column, factor)
    return printed


@pytest.fixture
def landed(tmp_path: Path) -> Land:
    """Return a function that lands tables, one folder of data after the other."""

    def run(*folders: dict[str, Table]) -> duckdb.DuckDBPyConnection:
        roots = []
        for number, tables in enumerate(folders):
            roots.append(tmp_path / str(number))
            for name, table in tables.items():
                data = write(table, "csv")
                save(roots[-1], name, data, describe(table, data, "table 1"))
        report = land(tmp_path / "x.duckdb", roots)
        for file in report.files:
            assert file.rows_read == file.rows_accepted + file.rows_quarantined
        return duckdb.connect(str(tmp_path / "x.duckdb"))

    return run


def refused(connection: duckdb.DuckDBPyConnection) -> list[tuple]:
    return connection.execute(
        "select file_name, rule, count(*) from quality.quarantine group by all order by all"
    ).fetchall()


def test_the_next_edition_in_another_language_lands_whole(landed: Land) -> None:
    connection = landed({"a.csv": balance(PLACE), "b.csv": chinese(balance(PLACE, 1))})
    assert refused(connection) == []
    both = f"""
        select balance_item, industry_code, fuel_code, count(distinct item_label)
        from raw.{BALANCE} group by all
    """
    found = connection.execute(both).fetchall()
    assert {labels for *_, labels in found} == {2}
    assert all(item and industry and fuel for item, industry, fuel, _ in found)


def test_the_next_edition_in_another_language_is_compared(landed: Land) -> None:
    wrong = scaled(chinese(balance(PLACE, 1)), "0.1")
    connection = landed({"a.csv": balance(PLACE), "b.csv": wrong})
    assert refused(connection) == [("b.csv", "unit_scale", 180)]


def test_last_years_figures_in_another_language_are_a_copy(landed: Land) -> None:
    copy, figures = chinese(balance(PLACE, 1)), chinese(balance(PLACE))
    copy.rows = figures.rows
    connection = landed({"a.csv": balance(PLACE), "b.csv": copy})
    assert refused(connection) == [("b.csv", "content_copied", 180)]


def test_an_edition_that_is_cut_off_is_so_in_any_language(landed: Land) -> None:
    short = chinese(balance(PLACE, 1))
    del short.rows[4:12]
    short.rows[2][1:] = [""] * len(FUELS)
    connection = landed({"a.csv": balance(PLACE), "b.csv": short})
    assert {rule for _, rule, _ in refused(connection)} == {"rows_missing"}


def test_the_same_edition_in_another_language_supersedes_by_code(landed: Land) -> None:
    own = scaled(chinese(balance(PLACE)), "1.1")
    own.rows = [*own.rows[:2], own.rows[18], own.rows[4]]
    connection = landed({"a.csv": balance(PLACE)}, {"own.csv": own})
    assert refused(connection) == [("a.csv", "superseded", 20)]
    keys = f"""
        select region_code, year, balance_item, industry_code, fuel_code
        from raw.{BALANCE} group by all having count(*) > 1
    """
    assert connection.execute(keys).fetchall() == []


def test_a_part_of_a_table_in_a_later_folder_is_not_one_cut_off(landed: Land) -> None:
    own = balance(PLACE, 1)
    own.rows = [*own.rows[:2], own.rows[18]]
    shipped = {"a.csv": balance(PLACE), "b.csv": balance(PLACE, 1)}
    assert refused(landed(shipped, {"own.csv": own})) == [("b.csv", "superseded", 10)]


def test_two_names_of_one_code_are_one_value(landed: Land) -> None:
    twice = balance(PLACE)
    twice.rows.append(["火力发电", *twice.rows[18][1:]])
    assert refused(landed({"a.csv": twice})) == [("a.csv", "duplicate_key", 10)]


def with_sectors(*names: str) -> Table:
    """A balance with more sectors, which are no part of what its total adds up."""
    table = balance(PLACE)
    del table.rows[2]
    table.rows += [[name, *(["7.5"] * len(FUELS))] for name in names]
    return table


@pytest.mark.parametrize(
    ("names", "kept"),
    [
        (("Rubber Products", "Plastic Products"), ["Plastic Products", "Rubber Products"]),
        (("橡胶制品业", "Plastic Products"), ["Plastic Products", "橡胶制品业"]),
        (("Rubber Products", "橡胶制品业"), ["Rubber Products"]),
        (("橡胶和塑料制品业", "Rubber Products"), ["橡胶和塑料制品业"]),
        (("Rubber Products", "塑料制品业", "橡胶和塑料制品业"), ["橡胶和塑料制品业"]),
        (("橡胶和塑料制品业", "橡胶和塑料制品业"), ["橡胶和塑料制品业"]),
    ],
)
def test_printed_parts_of_a_code_add_up_where_the_mapping_says_so(
    landed: Land, names: tuple[str, ...], kept: list[str]
) -> None:
    connection = landed({"a.csv": with_sectors(*names)})
    held = connection.execute(
        f"select item_label from raw.{BALANCE} where industry_code = '29' "
        "and fuel_code = 'raw_coal' order by all"
    ).fetchall()
    assert [label for (label,) in held] == kept
    expected = 10 * (len(names) - len(kept))
    assert refused(connection) == ([("a.csv", "duplicate_key", expected)] if expected else [])


def test_parts_of_a_code_never_add_up_over_files(landed: Land) -> None:
    own = with_sectors("Plastic Products")
    own.rows = [*own.rows[:2], own.rows[-1]]
    shipped = with_sectors("Rubber Products")
    connection = landed({"a.csv": shipped}, {"own.csv": own})
    assert refused(connection) == [("a.csv", "superseded", 10)]


def test_a_country_under_a_province_s_name_is_known_by_its_balance(landed: Land) -> None:
    """Case mart-04: the label of the total is another than that of the balance."""
    own = balance(PLACE)
    own.rows.append(["Total Consumption", *own.rows[2][1:]])
    country = fuel_use(PLACE)
    country.dataset = BALANCE
    country.layout["constants"]["item"] = "消费量合计"
    country.rows = [
        country.rows[0],
        *(
            [fuel, unit, *[str(100 * float(figure))] * 5]
            for fuel, unit, figure in zip(FUELS, own.rows[1][1:], own.rows[-1][1:], strict=True)
        ),
    ]
    country.edition = own.edition + 1
    found = refused(landed({"a.csv": own, "country.csv": country}))
    assert {(name, rule) for name, rule, _ in found} <= {
        ("country.csv", "unit_scale"),
        ("country.csv", "value_jump"),
        ("country.csv", "region_too_large"),
    }
    assert sum(count for *_, count in found) >= 10


@pytest.mark.parametrize(("coal_10k_t", "is_too_large"), [("300000", True), ("40000", False)])
def test_a_country_alone_under_a_province_s_name_is_too_large(
    landed: Land, coal_10k_t: str, is_too_large: bool
) -> None:
    """The sum of all coal has no coefficient of its own; it counts by those of its group."""
    country = fuel_use(PLACE)
    country.dataset = BALANCE
    country.layout["constants"]["item"] = "消费量合计"
    country.rows = [country.rows[0], ["煤合计", "万吨", *[coal_10k_t] * 5]]
    expected = [("country.csv", "region_too_large", 5)] if is_too_large else []
    assert refused(landed({"country.csv": country})) == expected


def test_a_split_that_grows_tenfold_is_no_other_unit(landed: Land) -> None:
    """Most figures of a column are tenfold, most of what it amounts to is not (case mart-06)."""
    column = 2 + FUELS.index("燃料油")
    tables = {}
    for number, size in enumerate((1, 1.04, 8.5)):
        table = balance(PLACE, number)
        split = [round(size * (7 + 3 * place % 11) / 10, 4) for place in range(len(SECTORS))]
        for row, figure in enumerate([sum(split), *split, 5300, 5300, 0], start=3):
            table.put(row, column, f"{figure:.4f}")
        tables[f"{number}.csv"] = table
    assert refused(landed(tables)) == []


def test_the_quarantine_says_by_codes_what_was_refused(landed: Land) -> None:
    table = balance(PLACE)
    table.put(19, 2, "12..5")
    connection = landed({"a.csv": table})
    codes = "region_code, year, balance_item, industry_code, fuel_code, indicator"
    assert connection.execute(f"select {codes} from quality.quarantine").fetchall() == [
        (PLACE.region, PLACE.year, "thermal_power", "44", "raw_coal", None)
    ]


def test_what_is_printed_lands_as_printed(landed: Land) -> None:
    table = balance(PLACE)
    name = PROVINCES[PLACE.region]
    table.layout["constants"]["region"] = name[0] + "　" + name[1:]
    table.rows[18][0] = "  1. 火 力 发 电"
    connection = landed({"a.csv": table})
    assert refused(connection) == []
    assert connection.execute(
        f"select distinct region_label, region_code, item_label, balance_item from raw.{BALANCE} "
        "where balance_item = 'thermal_power'"
    ).fetchall() == [(name[0] + "　" + name[1:], PLACE.region, "1. 火 力 发 电", "thermal_power")]
