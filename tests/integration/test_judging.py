"""The tables that judge, on the shipped data: computed again, and explained by their parts."""

from __future__ import annotations

from collections import defaultdict

import duckdb
import pytest

GRADES = {0.8: "green", 1.2: "blue", 2.0: "yellow", float("inf"): "red"}


def test_the_code_of_every_park_is_computed_again(warehouse: duckdb.DuckDBPyConnection) -> None:
    rows = warehouse.execute(
        """
        select park_id, year, structure, above_size_co2_t, industrial_value_added_10k_cny
        from all_levels.park_year_by_method
        inner join all_levels.park_types using (park_id, year)
        where method = 'report_2023'
        """
    ).fetchall()
    sums: dict[tuple[int, str], list[float]] = defaultdict(lambda: [0.0, 0.0])
    for _, year, structure, co2, added in rows:
        sums[year, structure][0] += co2
        sums[year, structure][1] += added
    expected = {}
    for park, year, structure, co2, added in rows:
        of_peers = sums[year, structure][0] / sums[year, structure][1]
        ratio = (co2 / added) / of_peers
        expected[park, year] = (ratio, next(c for top, c in GRADES.items() if ratio <= top))
    found = {
        (park, year): (ratio, colour)
        for park, year, ratio, colour in warehouse.execute(
            "select park_id, year, efficiency_ratio, colour from all_levels.park_carbon_codes"
        ).fetchall()
    }
    assert found.keys() == expected.keys()
    assert len(found) > 100
    for key, (ratio, colour) in expected.items():
        assert found[key][0] == pytest.approx(ratio, rel=1e-9)
        assert found[key][1] == colour


def test_the_gap_of_every_park_is_made_of_its_parts(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    rows = warehouse.execute(
        """
        select parks.set_id, parks.weighting, parks.park_id, parks.year, parks.score, best.score,
            sum(parts.gap_contribution), sum(parts.weighted_value)
        from all_levels.park_evaluation as parks
        inner join all_levels.park_evaluation as best
            on parks.best_park_id = best.park_id
            and parks.set_id = best.set_id
            and parks.weighting = best.weighting
            and parks.year = best.year
        inner join all_levels.park_evaluation_indicators as parts
            on parks.park_id = parts.park_id
            and parks.set_id = parts.set_id
            and parks.weighting = parts.weighting
            and parks.year = parts.year
        where parks.score is not null
        group by all
        """
    ).fetchall()
    assert len(rows) > 100
    for *_, score, best, gap, points in rows:
        assert gap == pytest.approx(best - score, abs=1e-9)
        assert points == pytest.approx(score, abs=1e-9)


def test_the_draws_of_a_park_are_all_counted(warehouse: duckdb.DuckDBPyConnection) -> None:
    rows = warehouse.execute(
        """
        select sum(draw_share), min(draw_count), max(draw_count)
        from all_levels.park_evaluation_stability group by set_id, park_id, year
        """
    ).fetchall()
    assert rows
    (draws,) = warehouse.execute(
        "select value from reference.threshold_values where threshold_id = 'evaluation_draws'"
    ).fetchone()
    for share, fewest, most in rows:
        assert share == pytest.approx(1)
        assert fewest == most == draws


@pytest.mark.parametrize(
    "table",
    [
        "enterprise_carbon_codes",
        "park_carbon_codes",
        "park_evaluation",
        "park_evaluation_indicators",
        "park_management",
        "park_management_criteria",
        "carbon_assessment",
        "carbon_assessment_items",
    ],
)
def test_every_row_names_its_clause_and_the_state_of_it(
    warehouse: duckdb.DuckDBPyConnection, table: str
) -> None:
    """What is judged rests on a clause; what is refused may rest on none."""
    rows, without, other = warehouse.execute(
        f"""
        select
            count(*),
            count(*) filter (where clause_id is null and ($refusable is null)),
            count(*) filter (where judged.clause_status <> standards.clause_status)
        from all_levels.{table} as judged
        left join reference.standards as standards using (clause_id)
        """,
        {"refusable": "yes" if table == "park_management" else None},
    ).fetchone()
    assert rows > 0
    assert (without, other) == (0, 0)
