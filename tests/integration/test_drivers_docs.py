"""The numbers in docs/drivers.md are those of the marts.

GREENPARK_SNAPSHOT=write rewrites them.
"""

from __future__ import annotations

import os
import re

import duckdb
import pytest

from orchestration.settings import PROJECT_ROOT

PAGE = PROJECT_ROOT / "docs" / "drivers.md"
TABLES = {
    "provincial decomposition": (
        "| method | chaining | activity | intensity | mix | fuels | factor | change |",
        """
        select
            method, chaining,
            max(value) filter (effect = 'activity') / 1e6,
            max(value) filter (effect = 'energy_intensity') / 1e6,
            max(value) filter (effect = 'energy_mix') / 1e6,
            max(value) filter (effect = 'fuel_mix') / 1e6,
            max(value) filter (effect = 'emission_factor') / 1e6,
            max(change) / 1e6
        from all_levels.lmdi_effects
        where
            entity = '320000' and year_from = 2016 and year_to = 2020
            and form = 'additive'
        group by method, chaining
        order by method, chaining desc
        """,
    ),
    "potential": (
        "| region | baseline | low carbon | potential | 90 % interval | growth | efficiency"
        " | structure |",
        """
        select
            regions.name_en,
            reference_co2_t / 1e4,
            direct_and_purchased_co2_t / 1e4,
            reduction_t / 1e4,
            printf('%.0f to %.0f', reduction_low_t / 1e4, reduction_high_t / 1e4),
            growth_effect_t / 1e4,
            efficiency_effect_t / 1e4,
            structure_effect_t / 1e4
        from all_levels.scenario_potential as potential
        join reference.regions as regions on potential.region_code = regions.region_code
        where
            year = 2025 and method = 'report_2023' and scenario = 'low_carbon'
        order by reduction_t desc, regions.region_code
        """,
    ),
}


def table(header: str, rows: list[tuple]) -> str:
    def cell(value: object) -> str:
        return f"{value:.1f}".replace("-0.0", "0.0") if isinstance(value, float) else str(value)

    lines = [header, "| --- " * (header.count("|") - 1) + "|"]
    lines += ["| " + " | ".join(map(cell, row)) + " |" for row in rows]
    return "\n".join(lines)


@pytest.mark.parametrize("name", TABLES)
def test_the_page_prints_what_the_mart_has(name: str, warehouse: duckdb.DuckDBPyConnection) -> None:
    header, sql = TABLES[name]
    expected = table(header, warehouse.execute(sql).fetchall())
    block = re.compile(rf"(<!-- {name} -->\n)(.*?)(<!-- end -->)", re.DOTALL)
    page = PAGE.read_text(encoding="utf-8")
    if os.environ.get("GREENPARK_SNAPSHOT") == "write":
        page = block.sub(lambda found: f"{found[1]}\n{expected}\n\n{found[3]}", page)
        PAGE.write_text(page, encoding="utf-8")
    assert block.search(page)[2].strip() == expected
