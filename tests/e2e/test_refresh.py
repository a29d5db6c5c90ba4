"""The main job from end to end, as a user runs it."""

from __future__ import annotations

import csv
import hashlib
import io
import shutil
import subprocess
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import duckdb
import homes
import pytest
import yaml

from orchestration import words
from orchestration.publishing.releases import open_reader
from orchestration.settings import PROJECT_ROOT, Home

Run = Callable[..., subprocess.CompletedProcess[str]]
BALANCES = PROJECT_ROOT / "seeds" / "raw" / "energy_yearbook"
HASHES = "select schema_name, table_name, content_hash from quality.table_hashes order by all"


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


def sized(text: str, factor: str) -> str:
    """A balance with every figure times a factor: no two provinces have the same figures."""
    rows = list(csv.reader(text.splitlines()))
    for row in rows[2:]:
        row[1:] = [f"{Decimal(cell) * Decimal(factor):f}" if cell else "" for cell in row[1:]]
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue()


def as_province(sidecar: dict, region: str) -> dict:
    layout = sidecar["layout"] | {"constants": sidecar["layout"]["constants"] | {"region": region}}
    return sidecar | {"layout": layout, "title_zh": f"能源平衡表 {region}"}


@pytest.fixture
def home(tmp_path: Path, published_home: Home) -> Home:
    """A home of the test's own, with the version of the session in it."""
    return homes.published(published_home, tmp_path / "home")


def test_the_published_file_opens_read_only_in_any_client(published_home: Home) -> None:
    with duckdb.connect(str(published_home.database), read_only=True) as connection:
        assert connection.execute("select current_database()").fetchone() == ("greenpark",)
        schemas = connection.execute(
            "select distinct schema_name from duckdb_tables() order by all"
        ).fetchall()
    assert [name for (name,) in schemas] == ["all_levels", "quality", "raw", "reference"]


def test_refreshing_again_gives_the_same_content(
    home: Home, published_home: Home, run_greenpark: Run
) -> None:
    done = run_greenpark("refresh", "--home", home.root, "--full")
    assert done.returncode == 0, done.stderr
    assert home.current.resolve().name != published_home.current.resolve().name
    assert rows(home, HASHES) == rows(published_home, HASHES)
    assert len(rows(home, HASHES)) > 20
    for word in ("landed", "built", "audited", "reconciled", "published"):
        assert word in done.stdout


def test_what_is_published_already_is_not_published_again(home: Home, run_greenpark: Run) -> None:
    before = home.current.resolve()
    done = run_greenpark("refresh", "--home", home.root)
    assert done.returncode == 0, done.stderr
    said = f"nothing new to publish: version {before.name} is of the same content"
    assert done.stderr.strip() == said
    assert words.in_chinese(said) == f"没有新内容可发布：版本 {before.name} 内容相同"
    assert home.current.resolve() == before
    assert [path.name for path in home.releases.iterdir()] == [before.name]


def test_another_province_flows_to_co2_and_bad_files_are_quarantined(
    home: Home, published_home: Home, tmp_path: Path, run_greenpark: Run
) -> None:
    data = tmp_path / "data"
    text, sidecar = balance(2020)
    write_with_sidecar(data, "anhui_2020", sized(text, "0.5"), as_province(sidecar, "安徽"))
    typing_error = sized(text, "0.6").replace("\nCoking,", "\nCokeing,")
    write_with_sidecar(data, "zhejiang_2020", typing_error, as_province(sidecar, "浙江省"))
    wrong_unit = sized(text, "0.7").replace("亿千瓦时", "亿千瓦日")
    write_with_sidecar(data, "shandong_2020", wrong_unit, as_province(sidecar, "370000"))
    lines = sized(text, "0.8").splitlines()
    total = next(n for n, line in enumerate(lines) if line.startswith("Total Final Consumption"))
    label, raw_coal, rest = lines[total].split(",", 2)
    lines[total] = f"{label},{float(raw_coal) * 2},{rest}"
    broken_total = "\n".join(lines) + "\n"
    write_with_sidecar(data, "fujian_2020", broken_total, as_province(sidecar, "Fujian"))
    (data / "nobody_knows.csv").write_text("a,b\n1,2\n", encoding="utf-8")

    done = run_greenpark("refresh", "--home", home.root, "--data", data)

    assert done.returncode == 0, done.stderr
    co2 = "select sum(co2_t) from all_levels.region_co2 where year = 2020 and method = 'ceads'"
    ((anhui,),) = rows(home, f"{co2} and region_code = '340000'")
    ((jiangsu,),) = rows(home, f"{co2} and region_code = '320000'")
    assert anhui == pytest.approx(0.5 * jiangsu, rel=1e-12)
    own = "select * from all_levels.region_co2 where region_code = '320000' order by all"
    assert rows(home, own) == rows(published_home, own)
    quarantined = rows(
        home, "select file_name, rule, count(*) from quality.quarantine group by all"
    )
    assert sorted(quarantined) == [
        ("fujian_2020.csv", "total_mismatch", 1260),
        ("nobody_knows.csv", "sidecar_missing", 2),
        ("shandong_2020.csv", "unit_unknown", 63),
        ("zhejiang_2020.csv", "label_unknown", 20),
    ]
    assert "zhejiang_2020.csv row 55 column 原煤" in done.stderr
    # The rest closes without the row in doubt: it is kept, and what lacks says so.
    complete = "select region_code, bool_and(is_complete) from all_levels.region_year "
    complete += "where region_code in ('330000', '340000') group by all order by all"
    assert rows(home, complete) == [("330000", False), ("340000", True)]
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


QUARANTINE_HISTORY = (
    "select file_name, rule, count(*), count(closed_at), count(distinct closed_by) "
    "from quality.quarantine_history group by all order by all"
)
MARKS = {
    "原煤": ("12.5", "reported", 125000.0),
    "焦炭": ("7", "reported", 70000.0),
    "原油": ("-", "zero", 0.0),
    "汽油": ("…", "below_unit", None),
    "柴油": ("", "not_available", None),
    "燃料油": ("*", "suppressed", None),
    "液化石油气": ("3.5e", "imputed", 35000.0),
}


def test_refused_rows_close_when_mended_marks_reach_the_mart_and_a_past_edition_is_rebuilt(
    home: Home, tmp_path: Path, run_greenpark: Run
) -> None:
    data = tmp_path / "data"
    text, sidecar = balance(2018)
    text, sidecar = sized(text, "0.6"), as_province(sidecar, "浙江省")
    faulty = text.replace("\nUrban,", "\nUrbam,")
    write_with_sidecar(data, "zhejiang_2018", faulty, sidecar)
    marks = yaml.safe_load(
        (PROJECT_ROOT / "seeds/raw/jiangsu_yearbook/industrial_fuel_use_2018.yml").read_text(
            "utf-8"
        )
    )
    marks["layout"]["constants"]["region"] = "330000"
    marks["layout"]["missing_marks"] = {
        "": "not_available",
        "-": "zero",
        "…": "below_unit",
        "*": "suppressed",
    }
    marks["layout"]["value_marks"] = {"e": "imputed"}
    lines = [f"{fuel},万吨,{mark}" for fuel, (mark, _, _) in MARKS.items()]
    write_with_sidecar(
        data, "marks", "\n".join(["能源品种,单位,2016", *lines, ""]), marks | {"encoding": "utf-8"}
    )

    done = run_greenpark("refresh", "--home", home.root, "--data", data)

    assert done.returncode == 0, done.stderr
    found = rows(
        home,
        "select fuels.name_zh, value_status, quantity from all_levels.region_energy "
        "inner join reference.fuels using (fuel_code) "
        "where region_code = '330000' and balance_item = 'industrial_use_above_size'",
    )
    assert {name: (status, quantity) for name, status, quantity in found} == {
        name: (status, quantity) for name, (_, status, quantity) in MARKS.items()
    }
    listed = run_greenpark("status", "--home", home.root, "--quarantine")
    assert "zhejiang_2018.csv" in listed.stdout and "alias table" in listed.stdout
    listed_zh = run_greenpark("status", "--home", home.root, "--quarantine", "--lang", "zh")
    assert "标签不在任何别名表中" in listed_zh.stdout
    quarantined = rows(home, "select rule, count(*) from quality.quarantine group by all")
    assert quarantined == [("label_unknown", 20)]
    first = rows(home, QUARANTINE_HISTORY)
    assert [(row[0], row[3]) for row in first] == [("zhejiang_2018.csv", 0)]

    # Mended, but another file breaks the build: what is published still lists the old entries.
    write_with_sidecar(data, "zhejiang_2018", text, sidecar)
    broken = data / "energy_yearbook"
    own_text, own_sidecar = balance(2020)
    write_with_sidecar(broken, "energy_balance_320000_2020", own_text, own_sidecar)
    (broken / "energy_balance_320000_2020.csv").write_text(own_text + "\n", encoding="utf-8")
    done = run_greenpark("refresh", "--home", home.root, "--data", data)
    assert done.returncode == 1
    assert rows(home, QUARANTINE_HISTORY) == first

    # The build of a past edition lands everything too, so the entries close; its marts know no
    # later edition.
    shutil.rmtree(broken)
    done = run_greenpark("refresh", "--home", home.root, "--data", data, "--as-of-vintage", "2019")
    assert done.returncode == 0, done.stderr
    assert rows(home, "from quality.quarantine") == []
    assert rows(home, QUARANTINE_HISTORY) == [(*row[:3], row[2], 1) for row in first]
    (load_id,) = rows(
        home, "select load_id from quality.landing_log where file_name = 'zhejiang_2018.csv'"
    )[0]
    assert rows(home, "select distinct closed_by from quality.quarantine_history") == [(load_id,)]
    years = "select max(year) from all_levels.region_co2 where region_code = '320000'"
    assert rows(home, years) == [(2018,)]
    with_vintage = rows(
        home,
        "select distinct schema_name || '.' || table_name from duckdb_columns() "
        "where column_name = 'vintage' "
        "and schema_name in ('all_levels', 'emissions', 'indicators') order by all",
    )
    assert ("all_levels.region_energy",) in with_vintage
    later = [
        table
        for (table,) in with_vintage
        if (rows(home, f"select max(vintage) from {table}")[0][0] or 0) > 2019
    ]
    assert later == []
