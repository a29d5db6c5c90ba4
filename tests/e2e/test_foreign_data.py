"""Other people's data beside the shipped: what is doubtful is marked, all else is published."""

from __future__ import annotations

import duckdb
import faulty
import own_park
import pytest
from foreign import COAL_PROVINCE, ENTERPRISES, NET_SELLER, WITH_A_HOLE

# Trends of four years of the shipped, made-up cities, carried on for ten.
# Cities of the shipped model: some sell power, some burn hardly any coal, some grow fast.
CITIES_IN_DOUBT = {"320100", "320200", "320300", "320400", "320500", "321100", "321300"}


def test_everything_landed_but_the_number_nobody_can_read(
    reader: duckdb.DuckDBPyConnection,
) -> None:
    """Beside what is refused of the files that are made to be."""
    refused = "select region_code, year, fuel_code, rule, raw_value from quality.quarantine "
    made_to_be = {name for name, _ in (*faulty.REFUSED, *own_park.REFUSED)}
    others = f"where file_name not in ({', '.join(map(repr, sorted(made_to_be)))})"
    assert reader.execute(refused + others).fetchall() == [
        (WITH_A_HOLE, 2020, "raw_coal", "value_not_a_number", "see note")
    ]


def test_nothing_critical_failed(reader: duckdb.DuckDBPyConnection) -> None:
    failed = "select rule_id from quality.audit_results where severity = 'critical' and not success"
    assert reader.execute(failed).fetchall() == []


def test_the_doubtful_method_of_the_coal_province_is_marked_and_no_other(
    reader: duckdb.DuckDBPyConnection,
) -> None:
    doubts = reader.execute(
        """
        select distinct region_code, year, method from quality.doubtful_rows
        where rule_id = 'region_co2_size_of_a_province' and region_code = ?
        order by all
        """,
        [COAL_PROVINCE],
    ).fetchall()
    assert doubts == [(COAL_PROVINCE, 2016, "report_2023"), (COAL_PROVINCE, 2020, "report_2023")]
    marked = dict(
        reader.execute(
            """
            select method, is_doubtful from all_levels.region_year
            where region_code = ? and year = 2020
            """,
            [COAL_PROVINCE],
        ).fetchall()
    )
    assert marked == {
        "report_2023": True,
        "ceads": False,
        "ceads_without_recovered_gas": False,
        "ipcc_2006": False,
        "provincial_guideline_2011": False,
    }
    ((largest,),) = reader.execute(
        "select max(co2_t) from all_levels.region_year where region_code = ?", [COAL_PROVINCE]
    ).fetchall()
    assert largest > 2e9


def test_nobody_else_is_in_doubt(reader: duckdb.DuckDBPyConnection) -> None:
    for table in ("all_levels.region_year", "all_levels.kaya_factors", "all_levels.scenarios"):
        others = f"select distinct region_code from {table} where is_doubtful"
        # Shanxi washes most of its coal and Sichuan has little thermal power: both are so.
        assert {code for (code,) in reader.execute(others).fetchall()} <= {
            COAL_PROVINCE,
            NET_SELLER,
            "140000",
            "510000",
            *CITIES_IN_DOUBT,
        }
    shipped = "select count(*) from all_levels.region_year where region_code = '320000'"
    assert reader.execute(shipped).fetchone() > (0,)


def test_who_sells_more_power_than_industry_uses_has_no_scenario_and_a_reason(
    reader: duckdb.DuckDBPyConnection,
) -> None:
    """Energy of industry is one number, so no method projects it."""
    ((share,),) = reader.execute(
        "select distinct round(other_share, 9) from all_levels.kaya_factors "
        "where region_code = ? and year = 2020",
        [NET_SELLER],
    ).fetchall()
    assert share < 0
    coverage = reader.execute(
        """
        select distinct has_scenario, refusal, refusal_zh is not null and refusal_en is not null
        from quality.scenario_coverage where region_code = ?
        """,
        [NET_SELLER],
    ).fetchall()
    assert coverage == [(False, "sells_energy", True)]
    projected = reader.execute(
        "select distinct method from all_levels.scenarios where region_code = ?", [NET_SELLER]
    ).fetchall()
    assert projected == []
    start = reader.execute(
        """
        select
            count(*),
            max(
                abs(
                    scenarios.direct_and_purchased_co2_t
                    / factors.direct_and_purchased_co2_t - 1
                )
            ) < 1e-9
        from all_levels.scenarios
        join all_levels.kaya_factors as factors using (region_code, year, method)
        where scenarios.year = scenarios.base_year
        """
    ).fetchone()
    assert start[0] > 0 and start[1]


@pytest.mark.parametrize("count", ENTERPRISES)
def test_a_park_of_few_enterprises_is_published(
    reader: duckdb.DuckDBPyConnection, count: int
) -> None:
    rows = reader.execute(
        """
        select year, top10_enterprise_share from all_levels.park_year_by_method
        where park_id = ? and method = 'report_2023' order by year
        """,
        [f"E{count:02}_00000"],
    ).fetchall()
    assert [year for year, _ in rows] == [2016, 2017, 2018, 2019, 2020]
    for _, share in rows:
        if count <= 10:
            assert share == pytest.approx(1, rel=1e-12)
        else:
            assert 0 < share < 1


def test_any_two_parks_are_compared_by_the_macro(reader: duckdb.DuckDBPyConnection) -> None:
    compared = reader.execute(
        "select indicator, other_value from indicators.compare_parks("
        "'E10_00000', 'E11_00000', points := 'all_levels.park_points') "
        "where method = 'report_2023' order by sort"
    ).fetchall()
    own = reader.execute(
        "select indicator, value from all_levels.park_points "
        "where park_id = 'E11_00000' and method = 'report_2023' order by sort"
    ).fetchall()
    assert compared == own and len(own) == 15
    listed = reader.execute(
        """
        select * from indicators.compare_parks('P03', 'P15', points := 'all_levels.park_points')
        except
        select * from all_levels.park_comparison
        """
    ).fetchall()
    assert listed == []
    ((parks,),) = reader.execute(
        "select count(distinct park_id) from all_levels.park_comparison"
    ).fetchall()
    assert parks == 33
