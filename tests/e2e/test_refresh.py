"""The main job from end to end, as a user runs it."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest
import yaml

from orchestration.publishing.releases import open_reader
from orchestration.settings import PROJECT_ROOT, Home

Run = Callable[..., subprocess.CompletedProcess[str]]
BALANCES = PROJECT_ROOT / "seeds" / "raw" / "energy_yearbook"
HASHES = "select schema_name, table_name, content_sha256 from quality.table_hashes order by all"


def rows(home: Home, sql: str) -> list[tuple]:
    with open_reader(home) as reader:
        return reader.execute(sql).fetchall()


def write_with_sidecar(folder: Path, name: str, text: str, sidecar: dict) -> None:
    """Write a raw file and the sidecar that describes it."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    digest = hashlib.sha256(text.encode()).hexdigest()
    (folder / f"{name}.yml").write_text(
        yaml.safe_dump(sidecar | {"sha256": digest}, allow_unicode=True), encoding="utf-8"
    )


def balance(year: int) -> tuple[str, dict]:
    """The shipped balance of a year: its text and its sidecar."""
    text = (BALANCES / f"energy_balance_320000_{year}.csv").read_text(encoding="utf-8")
    sidecar = (BALANCES / f"energy_balance_320000_{year}.yml").read_text(encoding="utf-8")
    return text, yaml.safe_load(sidecar)


def as_province(sidecar: dict, region: str) -> dict:
    layout = sidecar["layout"] | {"constants": sidecar["layout"]["constants"] | {"region": region}}
    return sidecar | {"layout": layout, "title_zh": f"能源平衡表 {region}"}


@pytest.fixture
def home(tmp_path: Path, published_home: Home) -> Home:
    """A home of the test's own, with the version of the session in it."""
    own = Home.resolve(tmp_path / "home").ensure()
    release = published_home.current.resolve()
    shutil.copytree(release, own.releases / release.name)
    shutil.copytree(published_home.target, own.target, dirs_exist_ok=True)
    own.current.symlink_to(Path("releases") / release.name)
    return own


def test_the_published_file_opens_read_only_in_any_client(published_home: Home) -> None:
    with duckdb.connect(str(published_home.database), read_only=True) as connection:
        assert connection.execute("select current_database()").fetchone() == ("greenpark",)
        schemas = connection.execute(
            "select distinct schema_name from duckdb_tables() order by all"
        ).fetchall()
    assert [name for (name,) in schemas] == [
        "emissions",
        "indicators",
        "quality",
        "raw",
        "reference",
    ]


def test_refreshing_again_gives_the_same_content(
    home: Home, published_home: Home, run_greenpark: Run
) -> None:
    done = run_greenpark("refresh", "--home", home.root)
    assert done.returncode == 0, done.stderr
    assert rows(home, HASHES) == rows(published_home, HASHES)
    assert len(rows(home, HASHES)) > 20
    for word in ("landed", "built", "audited", "reconciled", "published"):
        assert word in done.stdout


def test_another_province_flows_to_co2_and_bad_files_are_quarantined(
    home: Home, published_home: Home, tmp_path: Path, run_greenpark: Run
) -> None:
    data = tmp_path / "data"
    text, sidecar = balance(2020)
    write_with_sidecar(data, "anhui_2020", text, as_province(sidecar, "安徽"))
    typing_error = text.replace("\nCoking,", "\nCokeing,")
    write_with_sidecar(data, "zhejiang_2020", typing_error, as_province(sidecar, "浙江省"))
    wrong_unit = text.replace("亿千瓦时", "亿千瓦日")
    write_with_sidecar(data, "shandong_2020", wrong_unit, as_province(sidecar, "370000"))
    lines = text.splitlines()
    total = next(n for n, line in enumerate(lines) if line.startswith("Total Final Consumption"))
    label, raw_coal, rest = lines[total].split(",", 2)
    lines[total] = f"{label},{float(raw_coal) * 2},{rest}"
    broken_total = "\n".join(lines) + "\n"
    write_with_sidecar(data, "fujian_2020", broken_total, as_province(sidecar, "Fujian"))
    (data / "nobody_knows.csv").write_text("a,b\n1,2\n", encoding="utf-8")

    done = run_greenpark("refresh", "--home", home.root, "--data", data)

    assert done.returncode == 0, done.stderr
    co2 = "select sum(co2_t) from emissions.region_co2 where year = 2020 and method = 'ceads'"
    assert rows(home, f"{co2} and region_code = '340000'") == rows(
        home, f"{co2} and region_code = '320000'"
    )
    own = "select * from emissions.region_co2 where region_code = '320000' order by all"
    assert rows(home, own) == rows(published_home, own)
    quarantined = rows(
        home, "select file_name, rule, count(*) from quality.quarantine group by all"
    )
    assert sorted(quarantined) == [
        ("fujian_2020.csv", "total_mismatch", 1260),
        ("nobody_knows.csv", "sidecar_missing", 2),
        ("shandong_2020.csv", "unit_unknown", 63),
        ("zhejiang_2020.csv", "label_unknown", 20),
        ("zhejiang_2020.csv", "total_mismatch", 1240),
    ]
    assert "zhejiang_2020.csv row 55 column 原煤" in done.stderr
    assert "printed total 5773.7" in done.stderr
    assert "nearest known: Coking" in done.stderr
    assert "add a row to the alias table" in done.stderr
    log = "select rows_read = rows_accepted + rows_quarantined from quality.landing_log"
    assert set(rows(home, log)) == {(True,)}


def test_a_changed_file_without_a_new_edition_is_refused_and_nothing_is_published(
    home: Home, published_home: Home, tmp_path: Path, run_greenpark: Run
) -> None:
    data = tmp_path / "data" / "energy_yearbook"
    text, sidecar = balance(2020)
    write_with_sidecar(data, "energy_balance_320000_2020", text, sidecar)
    path = data / "energy_balance_320000_2020.csv"
    path.write_text(text.replace("万吨", "万 吨", 1), encoding="utf-8")

    done = run_greenpark("refresh", "--home", home.root, "--data", tmp_path / "data")

    assert done.returncode == 1
    assert "energy_yearbook/energy_balance_320000_2020.csv" in done.stderr
    assert "sha256" in done.stderr and "edition_year" in done.stderr
    assert home.current.resolve().name == published_home.current.resolve().name
    assert rows(home, HASHES) == rows(published_home, HASHES)


def test_as_of_vintage_rebuilds_the_marts_as_a_past_edition_saw_them(
    home: Home, run_greenpark: Run
) -> None:
    done = run_greenpark("refresh", "--home", home.root, "--as-of-vintage", "2019")
    assert done.returncode == 0, done.stderr
    years = "select max(year) from emissions.region_co2"
    assert rows(home, years) == [(2018,)]
    vintages = "select max(vintage) from emissions.region_energy"
    assert rows(home, vintages) == [(2019,)]
