"""A method is one folder: found, superseded whole, and told which file lacks which row."""

from __future__ import annotations

import shutil
from pathlib import Path

import duckdb
import pytest
import yaml

from orchestration.defs.publish import fingerprint
from orchestration.errors import GreenparkError
from orchestration.landing import methods, row_folders
from orchestration.landing.map.catalogue import REFERENCE, read_rows
from orchestration.settings import PROJECT_ROOT

SHIPPED = REFERENCE / "methods"
SECTOR_CLASSES = sorted({row["sector_class"] for row in read_rows("codes/industry_codes.csv")})


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of a shipped method in a data folder, under a new name."""
    return Path(shutil.copytree(SHIPPED / "report_2023", tmp_path / "methods" / "m5"))


def without(path: Path, start: str) -> None:
    """Take the rows that begin so out of a file."""
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    kept = [line for line in lines if not line.startswith(start)]
    assert len(kept) < len(lines)
    path.write_text("".join(kept), encoding="utf-8")


def replaced(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def faults(root: Path) -> str:
    with pytest.raises(GreenparkError) as caught:
        row_folders.check([root])
    return caught.value.message


def test_the_shipped_methods_are_complete() -> None:
    row_folders.check([])
    assert [*methods.find_folders([])] == [
        "ceads",
        "ceads_without_recovered_gas",
        "ipcc_2006",
        "provincial_guideline_2011",
        "report_2023",
    ]


def test_every_folder_of_the_reference_is_a_seed_path_but_that_of_the_methods() -> None:
    project = yaml.safe_load((PROJECT_ROOT / "dbt_project/dbt_project.yml").read_text("utf-8"))
    assert project["seed-paths"] == sorted(
        f"../seeds/reference/{path.name}"
        for path in REFERENCE.iterdir()
        if path.is_dir() and path.name not in ("methods", "park_methods")
    )


def test_a_copied_folder_is_a_method(folder: Path) -> None:
    with duckdb.connect() as connection:
        methods.load(connection, [folder.parents[1]])
        for table in methods.TABLES:
            own, other = (
                connection.execute(
                    f"select * exclude (method) from methods.{table.name} where method = ? "
                    "order by all",
                    [method],
                ).fetchall()
                for method in ("m5", "report_2023")
            )
            assert own == other
        assert connection.execute(
            "select count(*) from methods.method_co2_factors where method = 'm5'"
        ).fetchone() == (16,)


def test_a_folder_of_the_same_name_supersedes_whole(tmp_path: Path) -> None:
    own = Path(shutil.copytree(SHIPPED / "ceads", tmp_path / "methods" / "ceads"))
    (own / "park_counting_rules.csv").unlink()
    replaced(own / "co2_factors.csv", "1.626814", "1.7")
    with duckdb.connect() as connection:
        methods.load(connection, [tmp_path])
        assert connection.execute(
            "select count(*) from methods.method_park_counting_rules where method = 'ceads'"
        ).fetchone() == (0,)
        assert connection.execute(
            "select co2_t_per_unit from methods.method_co2_factors "
            "where method = 'ceads' and fuel_code = 'raw_coal' and industry_code is null"
        ).fetchone() == (1.7,)
        assert {
            name.startswith(str(own))
            for (name,) in connection.execute(
                "select file_name from methods.method_files where method = 'ceads'"
            ).fetchall()
        } == {True}


def test_a_variant_holds_what_differs_and_takes_the_rest(tmp_path: Path) -> None:
    """Of `ceads` without recovered gas: its own fuels, the factors and rules of `ceads`."""
    variant = Path(shutil.copytree(SHIPPED / "ceads_without_recovered_gas", tmp_path / "variant"))
    assert {path.name for path in variant.iterdir()} == {"method.csv", "fuels.csv"}
    with duckdb.connect() as connection:
        methods.load(connection, [])
        for table in methods.TABLES:
            own, base = (
                connection.execute(
                    f"select * exclude (method) from methods.{table.name} where method = ? "
                    "order by all",
                    [method],
                ).fetchall()
                for method in ("ceads_without_recovered_gas", "ceads")
            )
            assert (own == base) == (table.file not in ("method.csv", "fuels.csv")), table.file
        counted = "select fuel_code from methods.method_fuels where is_counted and method = '{}'"
        assert connection.execute(
            counted.format("ceads") + " except " + counted.format("ceads_without_recovered_gas")
        ).fetchall() == [("other_gas",)]


def test_a_variant_follows_its_method_of_a_data_folder(tmp_path: Path) -> None:
    own = Path(shutil.copytree(SHIPPED / "ceads", tmp_path / "methods" / "ceads"))
    replaced(own / "co2_factors.csv", "1.626814", "1.7")
    with duckdb.connect() as connection:
        methods.load(connection, [tmp_path])
        assert connection.execute(
            "select co2_t_per_unit from methods.method_co2_factors where fuel_code = 'raw_coal' "
            "and method = 'ceads_without_recovered_gas' and industry_code is null"
        ).fetchone() == (1.7,)


def test_a_variant_of_no_method_is_named(folder: Path) -> None:
    path = folder / "method.csv"
    replaced(path, path.read_text("utf-8").rstrip("\n").splitlines()[-1] + "\n", "")
    with path.open("a", encoding="utf-8") as handle:
        handle.write("甲,A,,,balance_divisions,ipcc_2006,ceads_without_recovered_gas\n")
    message = faults(folder.parents[1])
    assert f"{path}: variant_of ceads_without_recovered_gas is no method, or a variant" in message
    assert f"{path}：variant_of 的 ceads_without_recovered_gas 不是方法" in message


def test_a_method_may_leave_out_what_it_is_a_variant_of(folder: Path) -> None:
    replaced(folder / "method.csv", ",variant_of", "")
    text = (folder / "method.csv").read_text(encoding="utf-8").rstrip("\n")
    (folder / "method.csv").write_text(text.removesuffix(",") + "\n", encoding="utf-8")
    row_folders.check([folder.parents[1]])


@pytest.mark.parametrize(
    ("file", "start", "english", "chinese"),
    [
        (
            "co2_factors.csv",
            "diesel,",
            "co2_factors.csv lacks a row for fuel diesel, which the method counts",
            "co2_factors.csv 缺少能源品种 diesel 的一行",
        ),
        (
            "co2_factors.csv",
            "heat,",
            "co2_factors.csv lacks a row for fuel heat, which the method counts as bought",
            "co2_factors.csv 缺少能源品种 heat 的一行，该方法计入此外购品种",
        ),
        (
            "grid_rules.csv",
            "grid_region,",
            "grid_rules.csv lacks a row: fuel electricity is counted as bought",
            "grid_rules.csv 缺少一行：品种 electricity 按外购计入",
        ),
        ("fuels.csv", "lng,", "fuels.csv lacks a row for fuel lng", "fuels.csv 缺少能源品种 lng"),
        ("method.csv", "报告2023方法", "method.csv has no row", "method.csv 没有数据行"),
    ],
)
def test_a_row_that_is_wanted_is_named(
    folder: Path, file: str, start: str, english: str, chinese: str
) -> None:
    without(folder / file, start)
    message = faults(folder.parents[1])
    assert f"{folder}/{english}" in message
    assert f"{folder}/{chinese}" in message
    assert len([line for line in message.splitlines() if str(folder) in line]) == 2


@pytest.mark.parametrize(
    ("file", "old", "new", "english"),
    [
        ("co2_factors.csv", "1.981", "high", "co2_factors.csv: co2_t_per_unit is high, no double"),
        ("co2_factors.csv", "diesel,", "dieso,", "fuel_code dieso stands in no row of seeds"),
        ("co2_factors.csv", ",t,42.652", ",m3,42.652", "diesel is counted in t and its factor"),
        ("counting_rules.csv", ",all,", ",some,", "take is some, not one of all, inputs_only"),
        ("counting_rules.csv", "loss,", "losses,", "balance_item losses stands in no row"),
        ("fuels.csv", "kerosene,true", "diesel,true", "fuels.csv has 2 rows for diesel"),
        ("fuels.csv", ",is_coal,", ",coal,", "fuels.csv row 1: the columns are not fuel_code,"),
        ("grid_rules.csv", "2012", "1812", "grid_factors.csv lacks rows for year 1812"),
        ("method.csv", "industrial_use_above_size", "guess", "industrial_basis is guess"),
        ("park_counting_rules.csv", "burnt_input", "burnt", "flow is burnt, not one of"),
    ],
)
def test_a_row_that_does_not_fit_is_named(
    folder: Path, file: str, old: str, new: str, english: str
) -> None:
    replaced(folder / file, old, new)
    assert english in faults(folder.parents[1])


def test_a_missing_file_and_a_bad_name_are_named(folder: Path) -> None:
    (folder / "counting_rules.csv").unlink()
    bad = folder.with_name("Fifth Method")
    folder.rename(bad)
    message = faults(bad.parents[1])
    assert f"{bad}/counting_rules.csv is missing" in message
    assert f"缺少文件 {bad}/counting_rules.csv" in message
    assert f"{bad}: the folder's name is the method's id" in message


def test_a_carrier_without_gases_or_standard_coal_is_named(folder: Path) -> None:
    """`other_energy` counted: the shared table has no CH4 and N2O of it."""
    with (folder / "co2_factors.csv").open("a", encoding="utf-8") as handle:
        handle.write("other_energy,,1990,,tce,,,,2.5,derived,ipcc_2006,,\n")
    path = folder / "fuels.csv"
    without(path, "other_energy,")
    with path.open("a", encoding="utf-8") as handle:
        handle.write("other_energy,true,false,\n")
    message = faults(folder.parents[1])
    for sector_class in SECTOR_CLASSES:
        wanted = f"{folder}/ch4_n2o_factors.csv lacks a row for fuel other_energy, {sector_class}"
        assert wanted in message
    (folder / "ch4_n2o_factors.csv").write_text(
        "fuel_code,sector_class,ch4_kg_per_gj,n2o_kg_per_gj,origin,source_id\n"
        + "".join(
            f"other_energy,{sector_class},0.03,0.004,reconstructed,ipcc_2006\n"
            for sector_class in SECTOR_CLASSES
        ),
        encoding="utf-8",
    )
    row_folders.check([folder.parents[1]])


def test_a_changed_method_is_a_changed_input(folder: Path) -> None:
    root = folder.parents[1]
    before = fingerprint([root])
    replaced(folder / "co2_factors.csv", "1.981", "1.9815")
    assert fingerprint([root]) != before
