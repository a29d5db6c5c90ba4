"""The printed balance through the whole job: published, with the CO2 of the other arrangement."""

from __future__ import annotations

from typing import Any

import duckdb
import pytest
from printed import FORM, PRINTED, PRINTED_WITHOUT_DIVISIONS


def test_everything_printed_lands(reader: duckdb.DuckDBPyConnection) -> None:
    refused = "select file_name, rule, message from quality.quarantine "
    own_files = "where file_name like 'yearbooks/%'"
    assert reader.execute(refused + own_files).fetchall() == []
    landed = f"select count(*), sum(rows_quarantined) from quality.landing_log {own_files}"
    assert reader.execute(landed).fetchone() == (8, 0)


CO2 = """
    select balance_item, industry_code, fuel_code, scope, round(sum(co2_t), 3) as co2_t
    from all_levels.region_co2
    where region_code = ? and year = 2022 and method = 'ceads'
    group by all having sum(co2_t) <> 0 order by all
"""


def test_the_printed_balance_gives_the_same_co2(reader: duckdb.DuckDBPyConnection) -> None:
    """Row by row: by sector, fuel and row of the balance, to the kilogram."""
    arranged = reader.execute(CO2, ["320000"]).fetchall()
    assert len(arranged) > 200
    assert reader.execute(CO2, [PRINTED]).fetchall() == arranged


def test_without_divisions_only_the_factors_of_industry_differ(
    reader: duckdb.DuckDBPyConnection,
) -> None:
    """One row of industry has one factor and one feedstock; all that is no industry is the same.

    CEADs has an oxidation rate for each division, so the one row of industry is a few per cent off.
    """

    def rest(region: str) -> list[tuple[Any, ...]]:
        return reader.execute(
            CO2.replace("group by all having", """
                and industry_code not in (
                    select industry_code from reference.industries
                    where is_industrial and industry_code <> '44'
                )
                and balance_item <> 'final_consumption' or (
                    region_code = $1 and year = 2022 and method = 'ceads'
                    and industry_code in ('A', 'E', 'G', 'FH', 'IS', 'RES_U', 'RES_R')
                )
                group by all having"""),
            [region],
        ).fetchall()  # fmt: skip

    def burnt(region: str) -> list[tuple[Any, ...]]:
        return reader.execute(
            """
            select fuel_code, round(sum(quantity), 3) from all_levels.region_energy
            where
                region_code = ? and year = 2022 and balance_item = 'final_consumption'
                and is_latest_vintage and not is_aggregate and quantity <> 0
            group by all order by all
            """,
            [region],
        ).fetchall()

    assert rest(PRINTED_WITHOUT_DIVISIONS) == rest("320000") != []
    assert burnt(PRINTED_WITHOUT_DIVISIONS) == burnt("320000") != []
    totals = dict(
        reader.execute(
            "select region_code, co2_t from all_levels.region_year "
            "where year = 2022 and method = 'ceads'"
        ).fetchall()
    )
    assert totals[PRINTED] == pytest.approx(totals["320000"], rel=1e-12)
    assert totals[PRINTED_WITHOUT_DIVISIONS] == pytest.approx(totals["320000"], rel=0.05)


def test_region_balance_has_the_printed_form_in_standard_coal(
    reader: duckdb.DuckDBPyConnection,
) -> None:
    """Raw coal at 0.7143: mined 800.0, supply 3350.0, net inflow 2600.4 + 150.0 - 210.6 - 12.3."""
    found = reader.execute(
        """
        select primary_production_tce, supply_tce, net_inflow_tce, stock_change_tce,
            net_transformation_input_tce, difference_tce, self_sufficiency_rate
        from all_levels.region_balance
        where region_code = ? and year = 2021 and fuel_code = 'raw_coal'
        """,
        [FORM],
    ).fetchone()
    expected = [800.0, 3350.0, 2527.5, 22.5, 2525.2, 14.8]
    assert found[:6] == pytest.approx([n * 1e4 * 0.7143 for n in expected])
    assert found[6] == pytest.approx(800.0 / 3350.0)
    total = reader.execute(
        """
        select
            supply_tce - net_transformation_input_tce - loss_tce - final_consumption_tce
            - difference_tce,
            supply_tce, transformation_output_tce < transformation_input_tce
        from all_levels.region_balance
        where region_code = ? and year = 2021 and fuel_code = 'energy_total'
        """,
        [FORM],
    ).fetchone()
    assert total[0] == pytest.approx(0, abs=1e-9 * total[1]) and total[2]


def test_the_supply_side_is_in_region_energy(reader: duckdb.DuckDBPyConnection) -> None:
    found = reader.execute(
        """
        select balance_item, quantity from all_levels.region_energy
        where
            region_code = ? and year = 2021 and fuel_code = 'diesel'
            and balance_item in (
                select balance_item from reference.balance_items
                where block in ('supply', 'bunkers')
            )
            and quantity is not null
        order by all
        """,
        [FORM],
    ).fetchall()
    assert dict(found) == {
        "supply_total": 325000.0, "opening_stock": 120000.0, "inflow": 1400000.0,
        "bunkers_chinese_abroad": 30000.0, "outflow": -900000.0, "exports": -200000.0,
        "bunkers_foreign_in_china": -15000.0, "closing_stock": -110000.0,
    }  # fmt: skip


def test_the_sister_tables_are_published(reader: duckdb.DuckDBPyConnection) -> None:
    found = {
        name
        for (name,) in reader.execute(
            "select distinct table_name from all_levels.region_energy_published"
        ).fetchall()
    }
    assert found == {
        "standard_balance", "fuel_balance", "comprehensive_balance", "industry_energy",
        "industry_fuel_use",
    }  # fmt: skip
    equal = reader.execute(
        """
        select max(abs(standard.energy_tce - physical.energy_tce) / 1e4)
        from all_levels.region_energy_published as standard
        inner join all_levels.region_energy as physical
            using (region_code, year, balance_item, industry_code, fuel_code)
        where
            standard.table_name = 'standard_balance' and fuel_code = 'raw_coal'
            and standard.balance_item <> 'total_consumption'
        """
    ).fetchone()
    assert equal[0] < 0.05  # rounding of the standard quantity to 0.01, some rows of it added
