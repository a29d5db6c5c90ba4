"""The main job from end to end, as a user runs it."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import duckdb
import homes
import pytest
from faulty import (
    MARKS,
    MISTYPED,
    REFUSED,
    TO_MEND,
    WHOLE,
    balance,
    write_to_mend,
    write_with_sidecar,
)

from orchestration import words
from orchestration.publishing import integrity
from orchestration.publishing.opening import open_reader
from orchestration.settings import DATABASE_NAME, Home

Run = Callable[..., subprocess.CompletedProcess[str]]
HASHES = "select schema_name, table_name, content_hash from quality.table_hashes order by all"


def rows(home: Home, sql: str) -> list[tuple]:
    with open_reader(home) as reader:
        return reader.execute(sql).fetchall()


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


def published_with_another_figure(home: Home) -> None:
    """As if the code had been another when the current version was made."""
    release = home.current.resolve()
    for path in (release, release / DATABASE_NAME, release / integrity.VERSION_FILE):
        path.chmod(0o755 if path.is_dir() else 0o644)
    with duckdb.connect(str(release / DATABASE_NAME)) as connection:
        connection.execute(
            "update all_levels.region_year set co2_t = co2_t + 1 "
            "where region_code = '320000' and year = 2020 and method = 'ceads'; "
            "update quality.table_hashes set content_hash = '0' where table_name = 'region_year'"
        )
    integrity.record(release, integrity.sequence(release))


def test_refreshing_again_gives_the_same_content(
    home: Home, published_home: Home, run_greenpark: Run
) -> None:
    """The figure that the version before had otherwise is named, with why it moved."""
    published_with_another_figure(home)
    reason = "the tonne too many"
    done = run_greenpark("refresh", "--home", home.root, "--full", "--because", reason)
    assert done.returncode == 0, done.stderr
    said = integrity.read(home.current)
    assert (said["because"], said["moved"]) == (reason, ["all_levels.region_year"])
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
    foreign_home: Home, foreign_log: str, published_home: Home
) -> None:
    co2 = "select sum(co2_t) from all_levels.region_co2 where year = 2020 and method = 'ceads'"
    ((anhui,),) = rows(foreign_home, f"{co2} and region_code = '{WHOLE}'")
    ((jiangsu,),) = rows(foreign_home, f"{co2} and region_code = '320000'")
    assert anhui == pytest.approx(0.5 * jiangsu, rel=1e-12)
    own = "select * from all_levels.region_co2 where region_code = '320000' order by all"
    assert rows(foreign_home, own) == rows(published_home, own)
    quarantined = rows(
        foreign_home, "select file_name, rule, count(*) from quality.quarantine group by all"
    )
    own_files = {name for name, _ in REFUSED}
    found = {(name, rule): count for name, rule, count in quarantined if name in own_files}
    assert found == REFUSED
    assert "hubei_2020.csv row 55 column 原煤" in foreign_log
    # The rest closes without the row in doubt: it is kept, and what lacks says so.
    complete = "select region_code, bool_and(is_complete) from all_levels.region_year "
    complete += f"where region_code in ('{MISTYPED}', '{WHOLE}') group by all order by all"
    assert rows(foreign_home, complete) == [(WHOLE, True), (MISTYPED, False)]
    assert "nearest known: Coking" in foreign_log
    assert "add a row to the alias table" in foreign_log
    log = "select rows_read = rows_accepted + rows_quarantined from quality.landing_log"
    assert set(rows(foreign_home, log)) == {(True,)}


QUARANTINE_HISTORY = (
    "select file_name, rule, count(*), count(closed_at), count(distinct closed_by) "
    "from quality.quarantine_history group by all order by all"
)


def test_marks_reach_the_mart_and_refused_rows_are_listed(
    foreign_home: Home, run_greenpark: Run
) -> None:
    found = rows(
        foreign_home,
        "select fuels.name_zh, value_status, quantity from all_levels.region_energy "
        "inner join reference.fuels using (fuel_code) "
        f"where region_code = '{TO_MEND}' and balance_item = 'industrial_use_above_size'",
    )
    assert {name: (status, quantity) for name, status, quantity in found} == {
        name: (status, quantity) for name, (_, status, quantity) in MARKS.items()
    }
    listed = run_greenpark("status", "--home", foreign_home.root, "--quarantine")
    assert "hunan_2018.csv" in listed.stdout and "alias table" in listed.stdout
    listed_zh = run_greenpark("status", "--home", foreign_home.root, "--quarantine", "--lang", "zh")
    assert "标签不在任何别名表中" in listed_zh.stdout


def test_a_broken_file_publishes_nothing_and_refused_rows_close_in_a_past_edition(
    foreign_home: Home, tmp_path: Path, run_greenpark: Run
) -> None:
    home = homes.published(foreign_home, tmp_path / "home")
    data = tmp_path / "data"
    first, hashes = rows(home, QUARANTINE_HISTORY), rows(home, HASHES)
    open_before = {row[0]: row for row in first}
    assert open_before["hunan_2018.csv"] == ("hunan_2018.csv", "label_unknown", 20, 0, 0)

    # Mended, but another file is changed without a new edition: what is published stays, and still
    # lists the old entries.
    write_to_mend(data, is_mended=True)
    broken = data / "energy_yearbook"
    text, sidecar = balance(2020)
    write_with_sidecar(broken, "energy_balance_320000_2020", text, sidecar)
    path = broken / "energy_balance_320000_2020.csv"
    path.write_text(text.replace("万吨", "万 吨", 1), encoding="utf-8")
    done = run_greenpark("refresh", "--home", home.root, "--data", data)
    assert done.returncode == 1
    assert "energy_yearbook/energy_balance_320000_2020.csv" in done.stderr
    assert "sha256" in done.stderr and "edition_year" in done.stderr
    assert home.current.resolve().name == foreign_home.current.resolve().name
    assert rows(home, HASHES) == hashes
    assert rows(home, QUARANTINE_HISTORY) == first

    # The build of a past edition lands everything too, so the entries close; its marts know no
    # later edition.
    shutil.rmtree(broken)
    done = run_greenpark("refresh", "--home", home.root, "--data", data, "--as-of-vintage", "2019")
    assert done.returncode == 0, done.stderr
    assert rows(home, "from quality.quarantine") == []
    assert rows(home, QUARANTINE_HISTORY) == [(*row[:3], row[2], 1) for row in first]
    (load_id,) = rows(
        home, "select load_id from quality.landing_log where file_name = 'hunan_2018.csv'"
    )[0]
    closed = rows(home, "select distinct file_name, closed_by from quality.quarantine_history")
    assert dict(closed) == {
        row[0]: load_id if row[0] == "hunan_2018.csv" else "file taken away" for row in first
    }
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
