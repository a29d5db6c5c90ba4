"""A method as a new user adds it: a folder; and one with carriers of its own, in standard coal."""

from __future__ import annotations

import shutil
from pathlib import Path

from own_method import CITY, OWN, YEAR
from project_copy import Extended, greenpark, run

from orchestration.publishing.opening import open_reader


def test_a_method_that_lacks_a_row_is_named_before_anything_is_built(
    extended: Extended, tmp_path: Path
) -> None:
    project = extended.project
    shutil.copytree(project / "seeds/reference/methods/ceads", tmp_path / "data/methods/half")
    path = tmp_path / "data/methods/half/co2_factors.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join(line for line in lines if not line.startswith("diesel,")) + "\n")
    home = tmp_path / "home"
    done = run(project, "refresh", "--home", home, "--data", tmp_path / "data")
    assert done.returncode == 1
    assert f"{path} lacks a row for fuel diesel" in done.stderr
    assert f"{path} 缺少能源品种 diesel 的一行" in done.stderr
    assert not (home / "current").exists()


def test_a_copied_folder_and_a_method_in_standard_coal_are_published(extended: Extended) -> None:
    assert "published" in extended.said
    with open_reader(extended.home) as reader:

        def rows(sql: str) -> list[tuple]:
            return reader.execute(sql).fetchall()

        assert rows(
            "select region_code, year, fuel_code, scope, quantity, unit, co2_t, factor_id "
            f"from all_levels.region_co2 where method = '{OWN}' order by region_code, fuel_code"
        ) == [
            (CITY, YEAR, "c_coal", "1", 1e6, "tce", 2.5e6, "m5.c_coal.A"),
            (CITY, YEAR, "c_power", "2", 1e5, "tce", 0.5e6, "m5.c_power.A"),
            ("320400", YEAR, "c_coal", "1", 6e5, "tce", 1.5e6, "m5.c_coal.A"),
            ("320400", YEAR, "c_power", "2", 5e4, "tce", 0.25e6, "m5.c_power.A"),
        ]
        assert rows(
            "select region_code, co2_t, coal_t from all_levels.region_year "
            f"where method = '{OWN}' order by region_code"
        ) == [(CITY, 3e6, 1e6), ("320400", 1.75e6, 6e5)]
        # No rules for parks: no rows of parks.
        for table in (
            "all_levels.park_co2_by_method",
            "all_levels.enterprise_co2_by_method",
            "all_levels.park_year_by_method",
        ):
            assert rows(f"select count(*) from {table} where method = '{OWN}'") == [(0,)], table
        # The copy is the method again, in every account and for the parks.
        for table in (
            "all_levels.region_co2",
            "all_levels.industry_co2",
            "all_levels.park_co2_by_method",
            "all_levels.enterprise_co2_by_method",
        ):
            columns = [
                name
                for (name, *_) in rows(f"describe {table}")
                if name not in ("method", "factor_id")
            ]
            sides = [
                f"select {', '.join(columns)} from {table} where method = '{method}'"
                for method in ("ceads", "ceads_again")
            ]
            assert rows(f"select count(*) > 0 from ({sides[0]})") == [(True,)]
            assert rows(f"({sides[0]}) except all ({sides[1]})") == [], table
            assert rows(f"({sides[1]}) except all ({sides[0]})") == [], table
    said = greenpark(
        extended.project,
        *("explain", "--home", str(extended.home.root), "--region", CITY, "--year", str(YEAR)),
        *("--method", OWN, "--fuel", "c_power"),
    )
    assert "500,000 t CO2 = 100,000 tce × 5 t CO2/tce" in said
    assert "city_groups.csv" in said
