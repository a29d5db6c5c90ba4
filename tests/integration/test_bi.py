"""Schema `bi`, the names of codes and the macros of the published file: what tools rely on."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

import duckdb
import pytest
import yaml
from plans import comparing_joins

from orchestration.serving import export
from orchestration.settings import PROJECT_ROOT, Home

MT = 1e6
# What a naive sum of 2020 gives, in Mt or Mtce: known totals of the report's method.
KNOWN_TOTALS = {
    "province_year": ("co2_t", 906.19),
    "province_co2": ("co2_t", 906.19),
    "province_energy": ("energy_tce", 292.20),
    # The model spreads the province over its cities.
    "city_year_with_model": ("co2_t", 906.19),
    "city_co2_with_model": ("co2_t", 906.19),
    "park_year_with_model": ("co2_t", 162.01),
    "park_latest_with_model": ("co2_t", 162.01),
    "park_co2_with_model": ("co2_t", 162.01),
    "enterprise_co2_with_model": ("co2_t", 162.01),
}
# Printed words, free text, or codes of other publishers: no code of ours.
TEXT = {
    *(
        # An enterprise, an industry or a part of a region or park.
        ("entity", f"{schema}.{table}")
        for schema in ("indicators", "all_levels")
        for table in ("decoupling", "lmdi_effects", "peak_series", "peak_trends")
    ),
    ("reason", "reference.method_fuels"),
    ("unit", "reference.published_figures"),
    ("unit", "quality.reconciliation"),
    ("unit", "reference.factors"),
    ("unit", "reference.emission_factors"),
    ("unit", "reference.threshold_values"),
    ("unit", "quality.factor_physics"),
}
SCHEMAS = ("reference", "emissions", "indicators", "quality", "all_levels")

Warehouse = duckdb.DuckDBPyConnection


def views(warehouse: Warehouse) -> list[tuple[str, str, str, str, bool]]:
    found = warehouse.execute(
        "select bi_view, name_zh, schema_name, table_name, has_model from reference.bi_views"
        " order by all"
    ).fetchall()
    assert len(found) > 25
    return found


def columns_of(warehouse: Warehouse, table: str) -> list[str]:
    return [name for (name, *_) in warehouse.execute(f"describe {table}").fetchall()]


@pytest.mark.parametrize("view", KNOWN_TOTALS)
def test_a_naive_sum_is_the_known_total(view: str, warehouse: Warehouse) -> None:
    column, expected = KNOWN_TOTALS[view]
    (total,) = warehouse.execute(
        f"select sum({column}) from bi.{view} where year = 2020"
    ).fetchone()
    assert total / MT == pytest.approx(expected, abs=0.01)


def test_every_sum_of_every_view_is_that_of_its_table(warehouse: Warehouse) -> None:
    """No name of a code doubles a row, no row is lost; a filter takes what it says."""
    summed = set()
    for view, _, schema, table, has_model in views(warehouse):
        measures = [
            name
            for (name,) in warehouse.execute(
                "select column_name from reference.data_dictionary where schema_name = 'bi'"
                " and table_name = $1 and aggregation = 'sum' order by all",
                [view],
            ).fetchall()
        ]
        filters, level = warehouse.execute(
            "select filters, region_level from reference.bi_views where bi_view = $1", [view]
        ).fetchone()
        method = "(select method from reference.methods where is_default)"
        wanted = [pair.split("=") for pair in (filters or "").split("|") if pair]
        where = " and ".join(
            f"{name}::varchar = {method if value == '{default_method}' else repr(value)}"
            for name, value in wanted
        )
        if level:
            where += " and region_code like '__0000'"
        sums = ", ".join(["count(*)", *(f"sum({name})" for name in measures)])
        whole = f"(from {schema}.{table}" + (
            f" union all from model.{table})" if has_model else ")"
        )
        asked, there = (
            [value or 0 for value in warehouse.execute(f"select {sums} from {rows}").fetchone()]
            for rows in (f"bi.{view}", f"{whole} where {where or 'true'}")
        )
        assert asked == pytest.approx(there, rel=1e-9), view
        if any(asked[1:]):
            summed.add(view)
    assert len(summed) >= 15


def test_rows_of_the_model_are_marked_and_nowhere_unmarked(warehouse: Warehouse) -> None:
    for view, name_zh, _, table, has_model in views(warehouse):
        columns = columns_of(warehouse, f"bi.{view}")
        assert ("is_model" in columns) == has_model == view.endswith("_with_model")
        assert ("含模型" in name_zh) == has_model
        if has_model:
            (marked,) = warehouse.execute(
                f"select count(*) from bi.{view} where is_model"
            ).fetchone()
            assert marked > 0 or table in ("target_status",), view
    # The plain ones of parks are empty while nobody has returned any.
    assert warehouse.execute("select count(*) from bi.park_year").fetchone() == (0,)


def test_the_chinese_twin_is_in_chinese_and_has_the_same_numbers(warehouse: Warehouse) -> None:
    for _, name_zh, *_ in views(warehouse):
        headings = columns_of(warehouse, f'bi."{name_zh}"')
        assert max(Counter(headings).values()) == 1
        assert [name for name in headings if not re.search("[\u4e00-\u9fff]", name)] == []
    (total,) = warehouse.execute(
        'select sum("二氧化碳排放量（吨）") from bi."园区年度（含模型）" where 年份 = 2020'
    ).fetchone()
    assert total / MT == pytest.approx(162.01, abs=0.01)


def test_a_workbook_of_a_twin_has_english_headings_and_formats(warehouse: Warehouse) -> None:
    """As one of the view that it is the twin of: its own names say only the Chinese."""
    for (twin,) in warehouse.execute("select name_zh from reference.bi_views").fetchall():
        names = [row[0] for row in warehouse.execute(f'describe bi."{twin}"').fetchall()]
        said = export.dictionary(warehouse, f"bi.{twin}")
        assert set(names) <= said.keys(), twin
        assert all(said[name]["heading_en"].isascii() for name in names if name.endswith("（吨）"))
    said = export.dictionary(warehouse, "bi.城市年度")
    assert said["二氧化碳排放量（吨）"]["format"] == "#,##0"
    assert said["默认核算方法"]["heading_en"] == "Default method"


def test_the_file_works_under_any_alias(published_home: Home) -> None:
    with duckdb.connect() as connection:
        connection.execute(f"attach '{published_home.database.resolve()}' as other (read_only)")
        (total,) = connection.execute(
            "select sum(co2_t) from other.bi.province_year where year = 2020"
        ).fetchone()
        assert total / MT == pytest.approx(906.19, abs=0.01)
        connection.execute("use other")
        assert connection.execute("select convert(1, 't', 'kg')").fetchone() == (1000,)


@pytest.mark.parametrize(
    "statement",
    [
        "delete from reference.units",
        "update reference.units set to_unit_factor = 2",
        "create table reference.another (number int)",
        "create or replace view bi.province_year as select 1 as co2_t",
        "drop macro convert",
        "comment on table reference.units is 'another'",
    ],
)
def test_who_opens_it_read_only_writes_nothing(statement: str, published_home: Home) -> None:
    """Also as root, whom the mode of the file does not stop: read-only is of the connection."""
    file = published_home.database.resolve()
    before = file.stat()
    assert not before.st_mode & 0o222
    with duckdb.connect() as connection:
        connection.execute(f"attach '{file}' as other (read_only); use other")
        with pytest.raises(duckdb.Error, match="read-only mode"):
            connection.execute(statement)
    with (
        duckdb.connect(str(file), read_only=True) as connection,
        pytest.raises(duckdb.Error, match="read-only mode"),
    ):
        connection.execute(statement)
    assert (file.stat().st_mtime_ns, file.stat().st_size) == (before.st_mtime_ns, before.st_size)


def test_the_dictionary_and_the_comments_are_of_every_column(warehouse: Warehouse) -> None:
    found = warehouse.execute(
        """
        select columns.table_name, columns.column_name, columns.comment, said.heading_zh,
            said.heading_en
        from duckdb_columns() as columns
        left join reference.data_dictionary as said
            on said.schema_name = 'bi' and said.table_name = columns.table_name
                and said.column_name = columns.column_name
        where columns.schema_name = 'bi'
            and columns.table_name in (select bi_view from reference.bi_views)
        """
    ).fetchall()
    assert len(found) > 500
    assert [
        (table, column)
        for table, column, comment, zh, en in found
        if not zh or not (comment or "").startswith(f"{zh}：") or f"\n{en}: " not in comment
    ] == []
    (comment,) = warehouse.execute(
        "select comment from duckdb_columns() where schema_name = 'indicators'"
        " and table_name = 'province_year' and column_name = 'co2_t'"
    ).fetchone()
    assert comment.startswith("二氧化碳排放量（吨）：") and "\nCO2 emissions (t): " in comment


# Codes ------------------------------------------------------------------------------------------


def unnamed(warehouse: Warehouse) -> set[tuple[str, str]]:
    """Codes of the published tables without words; views have no other rows."""
    named: dict[str, set[str]] = {}
    for column, code in warehouse.execute(
        "select column_name, code from reference.codes"
    ).fetchall():
        named.setdefault(column, set()).add(code)
    assert len(named) > 150
    columns: dict[str, list[str]] = {}
    for table, column in warehouse.execute(
        """
        select schema_name || '.' || table_name, column_name
        from duckdb_columns() semi join duckdb_tables() using (schema_name, table_name)
        where list_contains($1, schema_name)
        """,
        [[*SCHEMAS]],
    ).fetchall():
        if column in named and (column, table) not in TEXT and table != "reference.codes":
            columns.setdefault(table, []).append(column)
    assert len(columns) > 80
    found: set[tuple[str, str]] = set()
    for table, asked in columns.items():
        lists = ", ".join(f'list(distinct "{column}"::varchar)' for column in asked)
        row = warehouse.execute(f"select {lists} from {table}").fetchone()
        for column, codes in zip(asked, row, strict=True):
            found |= {(column, code) for code in codes or [] if code not in {None, *named[column]}}
    return {(column, code) for column, code in found if not re.fullmatch(r"(19|20)\d\d", code)}


def test_every_code_has_words_in_both_languages(warehouse: Warehouse) -> None:
    assert unnamed(warehouse) == set()
    assert (
        warehouse.execute(
            "select column_name, code from reference.codes"
            " where trim(label_zh) = '' or regexp_matches(label_en, '[\u4e00-\u9fff]')"
            " and code_list not in ('park', 'source') and not (code_list = 'entity' and code in"
            " (select park_id from reference.parks union all select park_id from model.parks))"
        ).fetchall()
        == []
    )


def test_every_column_of_codes_is_known_as_one(warehouse: Warehouse) -> None:
    """A column of facts whose few values are all words in small letters holds codes."""
    known = {
        c
        for (c,) in warehouse.execute("select distinct column_name from reference.codes").fetchall()
    }
    columns: dict[str, list[str]] = {}
    for table, column in warehouse.execute(
        """
        select schema_name || '.' || table_name, column_name
        from duckdb_columns() semi join duckdb_tables() using (schema_name, table_name)
        where schema_name in ('emissions', 'indicators', 'all_levels') and data_type = 'VARCHAR'
        """
    ).fetchall():
        if column not in known:
            columns.setdefault(table, []).append(column)
    others = set()
    for table, asked in columns.items():
        lists = ", ".join(f'list(distinct "{column}")' for column in asked)
        row = warehouse.execute(f"select {lists} from {table}").fetchone()
        for column, values in zip(asked, row, strict=True):
            given = [value for value in values or [] if value is not None]
            if 0 < len(given) < 40 and all(re.fullmatch("[a-z][a-z0-9_]*", v) for v in given):
                others.add(column)
    assert others <= {
        "plan_id",
        "path_id",
        "path_measure_id",
        "price_id",
        "scheme_id",
        "series_key",
    }


def allowed_codes() -> Iterator[tuple[str, str]]:
    """Each column and each code that the YAML of a mart allows it."""
    for path in sorted((PROJECT_ROOT / "dbt_project" / "models" / "marts").rglob("*.yml")):
        document = yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader)
        for model in document.get("models", []):
            for check in model.get("data_tests", []):
                values = (
                    check["is_sound"]["arguments"].get("values", {}) if "is_sound" in check else {}
                )
                for column, codes in values.items():
                    yield from ((column, str(code)) for code in codes)


def test_every_code_that_may_come_has_words(warehouse: Warehouse) -> None:
    """The shipped data have few of them; other data may have any."""
    named = set(warehouse.execute("select column_name, code from reference.codes").fetchall())
    allowed = set(allowed_codes())
    assert len(allowed) > 200
    assert {column for column, code in allowed - named} <= {"quartile", "sign", "sums_up"}


# Macros -----------------------------------------------------------------------------------------

RATIO = "co2_per_energy('P01', 2020, 'zero_carbon_park_2025'"


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("convert(1, '万吨标准煤', 'TJ')", 293.07),  # 29307 kJ a kilogram, GB/T 2589
        ("convert(1, '亿千瓦时', 'tce')", 12284),  # 0.1229 kgce a kWh at its heat: 12290 rounded
        ("convert(90619, '万吨', 'Mt')", 906.19),
        ("convert(1, 'mwh', 'gj')", 3.6),  # by the codes that columns have
        ("convert(2, '亿元', '10k_cny')", 20000),
        ("convert(5, 'GWh', 'mwh')", 5000),
        ("co2('raw_coal', 100, 'report_2023', 2020)", 198.1),
        ("co2('天然气', 10000, 'report_2023', 2020)", 21.622),  # the factor is per 10^4 m3
        ("convert(null, 't', 'kg')", None),
        ("co2_per_energy('P01', 2020, 'zero_carbon_park_2025')", 2.754),
        ("co2_per_energy(null, 2020, 'zero_carbon_park_2025')", None),
    ],
)
def test_a_macro_computes(sql: str, expected: float | None, warehouse: Warehouse) -> None:
    (value,) = warehouse.execute(f"select {sql}").fetchone()
    assert value == (None if expected is None else pytest.approx(expected, rel=1e-3))


@pytest.mark.parametrize(
    ("sql", "message"),
    [
        ("convert(1, '万吨', 'TJ')", "different quantities"),
        ("convert(1, 'cup', 't')", "no such unit: cup"),
        ("co2('peat', 1, 'report_2023', 2020)", "no such fuel"),
        ("co2('electricity', 1, 'report_2023', 2020)", "has no factor"),
        (f"{RATIO}, convention := 'calorific')", "convention_differs.*折标方式不同"),
        (f"{RATIO}, energy_of := 'P02')", "boundary_differs: CO2 is of P01, energy of P02"),
        (f"{RATIO}, energy_of := 'whole_zone')", "boundary_differs"),
        (f"{RATIO}, view := 'residual')", "another_view.*fossil_only"),
        ("co2_per_energy('P01', 2020, 'park_ghg')", "no_view_factor"),
        ("co2_per_energy('P01', 1990, 'park_ghg')", "no such account"),
    ],
)
def test_a_macro_says_what_it_cannot(sql: str, message: str, warehouse: Warehouse) -> None:
    with pytest.raises(duckdb.Error, match=message):
        warehouse.execute(f"select {sql}").fetchone()


def test_two_parks_of_the_model_are_compared_and_marked(warehouse: Warehouse) -> None:
    rows = warehouse.execute(
        "select distinct park_id, other_park_id, is_model, other_is_model"
        " from compare_parks('P01', 'P02')"
    ).fetchall()
    assert rows == [("P01", "P02", True, True)]


def test_a_number_leads_to_its_cells(warehouse: Warehouse) -> None:
    """The cells of an account give its CO2 again."""
    territory, cells = warehouse.execute(
        """
        select
            (select sum(co2_t) from emissions.province_co2_by_method
             where year = 2020 and method = 'ceads' and fuel_code = 'raw_coal'),
            (select sum(co2_t) from (
                select distinct balance_item, industry_code, scope, co2_t
                from explain_value('320000', 2020, 'ceads', fuel := 'raw_coal')
                where account = 'territorial'
            ))
        """
    ).fetchone()
    assert cells == pytest.approx(territory, rel=1e-9)


def test_no_name_is_looked_up_row_against_row(warehouse: Warehouse) -> None:
    for view, *_ in views(warehouse):
        assert comparing_joins(warehouse, f"from bi.{view}") == [], view
