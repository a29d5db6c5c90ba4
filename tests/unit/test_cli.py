"""The command line on a toy release: what it prints, where, and the exit code."""

from __future__ import annotations

import ast
import csv
import dataclasses
import io
import json
import math
import os
import re
import shutil
import socket
import sqlite3
import subprocess
import sys
import types
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path

import click
import duckdb
import pytest
import yaml
from click.testing import CliRunner, Result
from pyarrow import parquet

from orchestration import cli, stopping, words
from orchestration.errors import GreenparkError
from orchestration.publishing import releases
from orchestration.publishing.opening import open_reader
from orchestration.serving import evidence, output, query, ui, workbook
from orchestration.serving.codes import Codes
from orchestration.settings import DATABASE_NAME, PROJECT_ROOT, Home

OLD, NEW = "20261121T000000Z-run1", "20261122T000000Z-run2"
COMMANDS = sorted(cli.main.commands)
MODULES = [name.replace("-", "_") for name in COMMANDS]
WORDS = PROJECT_ROOT / "seeds/reference/codes/code_words.csv"
HOMELESS = {"new-dataset", "sign-off"}  # read nothing of the warehouse and write nothing to it
SAME_KEY = ["explain", "--region", "320000", "--year", "2020", "--method", "ceads"]

TABLES = """
create schema raw; create schema reference; create schema emissions; create schema quality;
create table raw.toy as select 1 as _row_number, '甲' as label;
create table reference.regions as
    select * from (values ('320500', '苏州', 'Suzhou'), ('320000', '江苏', 'Jiangsu'))
    as t (region_code, name_zh, name_en);
comment on table reference.regions is '地区编码\nRegion codes\nGB/T 2260';
create table emissions.province_co2 as
    select * from (values
        ('320000', 2021, 0.1::double + 0.2::double, true, null),
        ('320000', 2020, 1e-7, false, 'a "quoted", text'),
        ('320500', 2020, 123456789.125, null, '逗号，')
    ) as t (region_code, year, co2_t, is_high, note);
create table quality.published_version as select
    '{version}' as version, timestamp '2026-11-22 00:00:00' as built_at, 'abc' as git_commit,
    'def' as input_sha256, '1.11' as dbt_version, '1.5.5' as duckdb_version;
create table quality.landing_log as
    select * from (values
        ('l1', 'china_yearbook_gdp', 'c/gdp_2020.csv', 2020, 10, 9, 1),
        ('l2', 'china_yearbook_gdp', 'c/gdp_2021.csv', 2021, 10, 10, 0),
        ('l3', 'toy', 't/toy.csv', null, 5, 5, 0)
    ) as t (load_id, dataset, file_name, vintage, rows_read, rows_accepted, rows_quarantined),
    (select timestamp '2026-11-22 00:00:00' as loaded_at);
create table quality.quarantine as select
    'l1' as load_id, 'china_yearbook_gdp' as dataset, 'c/gdp_2020.csv' as file_name,
    'Sheet2' as sheet_name, 3 as row_number, 2 as column_number, '2020年' as column_name,
    '1O6' as raw_value,
    'value_not_a_number' as rule, 'not a number' as message, '不是数字' as message_zh;
create table quality.quarantine_history as select
    'c/gdp_2019.csv' as file_name, 'label_unknown' as rule,
    timestamp '2026-11-21 00:00:00' as first_seen_at, timestamp '2026-11-22 00:00:00' as closed_at;
create table quality.audit_results as
    select * from (values
        ('raw', 'critical', true), ('marts', 'warning', true), ('marts', 'warning', false)
    ) as t (gate, severity, success);
create table quality.reconciliation as
    select
        'r1' as report_id, *, '320000' as region_code, 2020 as year, 'm' as indicator_id,
        'report_2023' as method,
        0.5 as tolerance, 's' as source_id, 'derived' as origin
    from (values
        ('A-10', '2.2', 'Table 2-1', '江苏', '耗煤量', 2.5, '2.5', 2.5, '亿t', 0.0, 0.0,
            'predicted', 'exact', null, null),
        ('A-9', '2.2', 'Table 2-1', '江苏', '碳排放量', 7.0, '7', 7.07, '亿t', 0.07, 0.01,
            'calibrated', 'explained', 'edition', '版次不同'),
        ('A-11', '2.10', 'text', '苏州', '占比', 0.4, '40%', 0.5, '', 0.1, 0.25,
            'constraint', 'mismatch', null, null),
        ('A-12', '2.10', 'text', '苏州', '园区数', 25.0, '25', null, '个', null, null,
            null, 'not_derivable', 'no data', '无数据')
    ) as t (figure_id, section, table_or_figure, entity, indicator, published_value,
        published_text, computed_value, unit, difference, relative_difference, evidence, status,
        explanation_en, explanation_zh);
create table quality.list_agreement as select
    'r1' as report_id, 'key' as list_id, 'A-1' as figure_prefix, '重点园区' as label_zh,
    'key parks' as label_en,
    4 as listed, 8 as found, 3 as agreed, 5 as false_positives, 1 as missed,
    0.375 as precision_share, 0.75 as recall_share, 'constraint' as evidence;
create view quality.explain as
    select
        account, '320000' as region_code, park_id, enterprise_id, 2020 as year, 'ceads' as method,
        balance_item, industry_code, 'raw_coal' as fuel_code,
        'scope_1' as scope, co2_t, co2_t + 1.0 as co2e_t, 1000.0 as quantity, 't' as unit,
        'derived' as origin, input_role, 1.0 as weight, outside_share, 'raw.x' as raw_table,
        'energy_yearbook/b.csv' as file_name, '' as sheet_name, row_number, 4 as column_number,
        '原煤' as column_name, '0.1' as value_text, '万吨' as unit_label, 10000.0 as to_unit_factor,
        's1' as activity_source_id, '能源年鉴' as activity_source_zh,
        'Energy yearbook' as activity_source_en, 'f1' as factor_id, 2.0 as co2_t_per_unit,
        't' as factor_unit, 'observed' as factor_origin, null as factor_note,
        's2' as factor_source_id, 'CEADs' as factor_source_en,
        'CEADs 清单' as factor_source_zh, 'Shan 2018' as factor_citation
    from (values
        ('territorial', null, null, 'final_consumption', '06', 12, 2000.0, 'activity', null),
        ('territorial', null, null, 'final_consumption', '06', 13, 2000.0, 'activity', null),
        ('territorial', null, null, 'final_consumption', '25', 20, 2000.0, 'activity', null),
        ('end_use', null, null, 'final_consumption', '25', 20, 2000.0, 'activity', null),
        ('park', 'P1', 'E1', null, '31', 30, 2000.0, 'activity', 0.25),
        ('park', 'P1', 'E2', null, '44', 31, null, 'not_counted', null)
    ) as t (
        account, park_id, enterprise_id, balance_item, industry_code, row_number, co2_t,
        input_role, outside_share
    );
create table reference.codes as
    select code_list as column_name, code, label_zh, label_en from '{words}'
    where code_list in ('evidence', 'status');
create table quality.return_lineage as
    select
        'P1' as park_id, 2020 as year, 'raw_coal' as fuel_code, flow, quantity, 't' as unit
    from (values ('purchase', 400.0), ('sales', 300.0)) as t (flow, quantity);
create table quality.energy_lineage as
    select
        '320000' as region_code, 2020 as year, 'raw_coal' as fuel_code,
        'c/balance_2020.csv' as file_name, '' as sheet_name, 5 as row_number, 2 as column_number;
"""


def publish(home: Home, version: str, sql: str = TABLES) -> None:
    with releases.run_lock(home):
        database = releases.new_build(home, version)
        with duckdb.connect(str(database)) as connection:
            connection.execute(sql.replace("{version}", version).replace("{words}", str(WORDS)))
        (database.parent / "version.json").write_text("{}")
        releases.seal(database)
        releases.publish(home, database.parent, version)


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home with two versions, that no test changes."""
    home = Home.resolve(tmp_path_factory.mktemp("cli") / "home").ensure()
    publish(home, OLD, "create table fact as select 1 as number")
    publish(home, NEW)
    return home


@pytest.fixture
def home(published: Home, monkeypatch: pytest.MonkeyPatch) -> Home:
    for name in ("GREENPARK_KEEP", "GREENPARK_DATA", "LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", "C.UTF-8")
    # Else the width is that of the terminal that pytest, or a worker of it, was started from.
    monkeypatch.setenv("COLUMNS", "120")
    monkeypatch.setenv("GREENPARK_HOME", str(published.root))
    return published


@pytest.fixture
def own_home(home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """An empty home that a test may change."""
    monkeypatch.setenv("GREENPARK_HOME", str(tmp_path / "own"))
    return Home.resolve()


def run(*arguments: object, given: str | bytes | None = None) -> Result:
    return CliRunner().invoke(cli.main, [str(argument) for argument in arguments], input=given)


def good(*arguments: object, given: str | bytes | None = None) -> str:
    result = run(*arguments, given=given)
    assert result.exit_code == 0, result.output
    return result.stdout


def bad(*arguments: object, code: int = 1) -> str:
    """Run what has to fail and return stderr; nothing may be on stdout."""
    result = run(*arguments)
    assert result.exit_code == code, result.output
    assert result.stdout == ""
    assert "Traceback" not in result.stderr
    if code == 1:
        assert result.stderr.startswith(("error: ", "错误："))
        assert "What to do: " in result.stderr or "处理办法：" in result.stderr
    return result.stderr


def read_csv(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


# --- all commands --------------------------------------------------------------------------------


@pytest.mark.parametrize("command", COMMANDS)
def test_help_names_home_and_an_example(command: str) -> None:
    text = good(command, "--help")
    assert ("--home DIR" in text) != (command in HOMELESS)
    assert f"greenpark {command}" in text.split("Example:")[1]


def test_help_lists_each_command_once_below_a_heading_and_cuts_no_sentence() -> None:
    text = good("--help")
    listed = re.findall(r"(?m)^  ([a-z][a-z-]+) {2,}\S", text.split("Options:")[1])
    assert sorted(listed) == sorted(COMMANDS) and "..." not in text.split("Options:")[1]
    headings = re.findall(r"(?m)^(\S.*):$", text.split("Options:")[1])
    assert headings == list(cli.SECTIONS)


HEAVY = ("dagster", "dbt", "duckdb", "great_expectations", "numpy", "pandas", "pyarrow", "rich")


@pytest.mark.parametrize(
    ("command", "allowed"),
    [
        (["--help"], set()),
        (["query", "select 1 as one", "--format", "csv"], {"duckdb"}),
        (["status", "--json"], {"duckdb"}),
        ([*SAME_KEY, "--fuel", "raw_coal", "--json"], {"duckdb"}),
    ],
    ids=lambda value: value[0] if isinstance(value, list) else "",
)
def test_what_people_type_imports_nothing_heavy(
    command: list[str], allowed: set[str], home: Home
) -> None:
    code = (
        "import sys; from orchestration.cli import main;"
        f"main({command!r}, standalone_mode=False);"
        f"print([m for m in {HEAVY!r} if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert set(ast.literal_eval(done.stdout.splitlines()[-1])) <= allowed


@pytest.mark.parametrize("name", ["query", "status", "explain"])
def test_a_command_imports_no_other(name: str, home: Home) -> None:
    command = {
        "query": ["query", "select 1"],
        "status": ["status"],
        "explain": [*SAME_KEY, "--fuel", "raw_coal"],
    }[name]
    code = (
        "import sys; from orchestration.cli import main;"
        f"main({command!r}, standalone_mode=False);"
        "print([m for m in sys.modules if m.startswith('orchestration.')])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    imported = ast.literal_eval(done.stdout.splitlines()[-1])
    assert [m for m in imported if m.removeprefix("orchestration.cli.") in MODULES] == [
        f"orchestration.cli.{name}"
    ]
    assert len(imported) <= 24  # of some 200


@pytest.mark.parametrize(
    "command",
    [
        ["status"],
        ["query", "select 1"],
        ["export"],
        ["report"],
        [*SAME_KEY, "--fuel", "raw_coal"],
        ["rollback"],
    ],
    ids=lambda command: command[0],
)
def test_without_a_published_version_says_how_to_get_one(
    command: list[str], own_home: Home
) -> None:
    assert "make refresh" in bad(*command)


@pytest.mark.parametrize(
    ("command", "missing"),
    [
        (["report"], "quality.reconciliation"),
        (["status", "--quarantine"], "quality.quarantine"),
        ([*SAME_KEY, "--fuel", "raw_coal"], "quality.explain"),
    ],
    ids=["report", "status", "explain"],
)
def test_an_incomplete_version_is_an_error_not_a_traceback(
    command: list[str], missing: str, own_home: Home
) -> None:
    publish(own_home, OLD, "create table fact as select 1 as number")
    assert f"no {missing}" in bad(*command)


def test_home_option_overrides_the_environment(home: Home, tmp_path: Path) -> None:
    assert "no published version" in bad("status", "--home", tmp_path)


def test_debug_shows_the_traceback_on_stderr(own_home: Home) -> None:
    result = run("--debug", "status")
    assert result.exit_code == 1
    assert result.stdout == ""
    assert "Traceback" in result.stderr
    assert "error: no published version" in result.stderr


def test_an_unexpected_error_is_short_too(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(releases, "versions", lambda home: 1 / 0)
    message = bad("versions")
    assert "ZeroDivisionError" in message
    assert "greenpark --debug versions" in message


@pytest.mark.parametrize(
    ("variables", "language"),
    [
        ({}, "en"),
        ({"LANG": "zh_CN.UTF-8"}, "zh"),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": "C"}, "en"),
        ({"LANG": "en_US.UTF-8", "LC_ALL": "zh_TW"}, "zh"),
    ],
)
def test_language_comes_from_the_locale(
    variables: dict[str, str], language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("LANG", "LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert words.locale_language() == language


def test_a_locale_without_chinese_prints_question_marks(home: Home) -> None:
    environment = os.environ | {"PYTHONIOENCODING": "latin-1"}
    done = subprocess.run(
        [sys.executable, "-m", "orchestration.cli", "status", "--lang", "zh"],
        capture_output=True,
        env=environment,
        check=True,
    )
    assert b"?" in done.stdout
    assert done.stderr == b""


# --- refresh, land, ui ---------------------------------------------------------------------------


@pytest.mark.parametrize("code", [0, 3])
def test_refresh_hands_its_options_on_and_returns_the_exit_code(
    code: int, own_home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = []
    fake = types.ModuleType("orchestration.refresh")
    fake.refresh = lambda *arguments: calls.append(arguments) or code
    monkeypatch.setitem(sys.modules, "orchestration.refresh", fake)
    data = ("--data", tmp_path, "--data", "b")
    left_out = ("--without", "reconstructed")
    said = ("--because", "another factor")
    result = run("refresh", *data, "--as-of-vintage", 2021, "--strict", "--full", *left_out, *said)
    assert result.exit_code == code
    asked = ([tmp_path, Path("b")], 2021, True, False, "duckdb", ("reconstructed",), True)
    assert calls == [(own_home, *asked, "another factor")]


def test_an_origin_that_cannot_be_left_out_is_named(
    own_home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "observed" in bad("refresh", "--without", "observed", code=2)
    monkeypatch.setenv("GREENPARK_WITHOUT", "invented")
    said = run("refresh")
    assert said.exit_code == 1
    assert "GREENPARK_WITHOUT is 'invented'" in said.stderr and "reconstructed" in said.stderr


def test_check_takes_the_shipped_files_and_keeps_nothing(own_home: Home) -> None:
    result = run("check")
    assert result.exit_code == 0
    assert "china_yearbook/gdp_2020.csv" in result.stdout
    assert " 0 quarantined" in result.stdout
    assert result.stderr == ""
    assert not list(own_home.tmp.iterdir())
    assert not own_home.workbench.exists()


@pytest.fixture
def stray(own_home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An input folder that stands alone, with a file nobody described and an empty one."""
    monkeypatch.setattr("orchestration.serving.landing_check.data_roots", lambda extra: extra)
    (tmp_path / "data" / "raw").mkdir(parents=True)
    (tmp_path / "data" / "raw" / "stray.csv").write_text("a,b\n1,2\n")
    (tmp_path / "data" / "raw" / "empty.csv").touch()
    return tmp_path / "data"


@pytest.mark.parametrize(("lang", "message"), [("en", "no sidecar"), ("zh", "没有旁注")])
def test_check_fails_on_refused_rows(lang: str, message: str, stray: Path) -> None:
    result = run("check", "--data", stray, "--lang", lang)
    assert result.exit_code == 1
    assert "stray.csv" in result.stdout
    assert message in result.stderr
    assert "empty.csv" in result.stderr  # an empty file is refused like any other


def test_check_takes_superseded_rows_as_they_are_meant(
    own_home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shipped = tmp_path / "shipped" / "raw"
    shipped.mkdir(parents=True)
    for ending in ("csv", "yml"):
        name = f"gdp_2020.{ending}"
        text = (PROJECT_ROOT / "seeds" / "raw" / "china_yearbook" / name).read_bytes()
        (shipped / name).write_bytes(text)
        (tmp_path / "later" / "raw").mkdir(parents=True, exist_ok=True)
        (tmp_path / "later" / "raw" / f"again.{ending}").write_bytes(text)
    monkeypatch.setattr(
        "orchestration.serving.landing_check.data_roots", lambda extra: [shipped.parent, *extra]
    )
    assert "6 rows accepted, 0 quarantined, 6 superseded" in good(
        "check", "--data", tmp_path / "later"
    )


def test_check_names_a_data_folder_that_is_not_there(own_home: Home) -> None:
    assert "no such data folder: nowhere" in bad("check", "--data", "nowhere")


@pytest.fixture
def described(tmp_path: Path) -> Path:
    """One sound file with its sidecar, in a folder of its own."""
    folder = tmp_path / "gdp"
    folder.mkdir()
    for ending in ("csv", "yml"):
        shipped = PROJECT_ROOT / "seeds" / "raw" / "china_yearbook" / f"gdp_2020.{ending}"
        (folder / shipped.name).write_bytes(shipped.read_bytes())
    return folder / "gdp_2020.csv"


def test_check_of_files_sees_each_of_them(own_home: Home, described: Path) -> None:
    other = described.with_name("stray.csv")
    other.write_text("a,b\n1,2\n")
    result = run("check", described, other)
    assert result.exit_code == 1
    assert "gdp/gdp_2020.csv" in result.stdout and "gdp/stray.csv" in result.stdout
    assert "stray.csv: row 1: no sidecar" in result.stderr or "no sidecar" in result.stderr
    assert "are called gdp/stray.csv" in bad("check", other, other)


def test_filled_in_forms_are_described_together_by_their_headings(tmp_path: Path) -> None:
    """Two forms of the account, and a file that is none: it stops before anything is written."""
    names = ("park_returns_parks", "park_returns_process")
    good("template", *names, "--output", tmp_path)
    source = ("--source-id", "own_2024", "--publisher", "Own park", "--edition", "2024")
    source = (*source, "--licence", "own", "--citation", "returns of the park", "--yes")
    rows = {
        "park_returns_parks": "OWN1,自有园区,,省级,青岛市,工业（产业）园区" + "," * 15,
        "park_returns_process": "OWN1,OWN1-1,2023,石灰,,,100,,,",
    }
    files = [tmp_path / f"{name}.csv" for name in names]
    for name, file in zip(names, files, strict=True):
        file.write_text(f"{file.read_text('utf-8-sig').strip()}\n{rows[name]}\n", "utf-8-sig")
    said = good("describe", *files, *source)
    assert "2 files, 2 rows accepted, 0 quarantined" in said
    for name, file in zip(names, files, strict=True):
        assert f"dataset: {name}\n" in file.with_name(f"{file.name}.yml").read_text("utf-8")
    good("template", "park_returns_certificates", "--output", tmp_path)
    claims = tmp_path / "park_returns_certificates.csv"
    claim = "C-1,零碳园区,OWN1,2023,3,10,,2024-01-15,"
    claims.write_text(f"{claims.read_text('utf-8-sig').strip()}\n{claim}\n", "utf-8-sig")
    refused = run("describe", claims, *source, "--lang", "zh").stderr
    assert "零碳园区；最接近的已知代码：emissions_trading (碳排放权交易), " in refused
    stray = tmp_path / "stray.csv"
    stray.write_text("a,b\n1,2\n")
    assert "has not the heading of one return form" in bad("describe", stray, *source)
    assert "several files need --yes" in bad("describe", *files, code=2)


def test_land_keeps_what_it_lands_for_the_models(
    own_home: Home, described: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("orchestration.transform.workbench.data_roots", lambda extra: [])
    result = run("land", described)
    assert result.exit_code == 0
    assert "run greenpark refresh" in result.stderr
    with duckdb.connect(str(own_home.workbench / DATABASE_NAME), read_only=True) as connection:
        landed = connection.execute("select file_name, rows_accepted from quality.landing_log")
        assert landed.fetchall() == [("gdp/gdp_2020.csv", 6)]
    assert not own_home.database.exists()  # readers have nothing of it


@pytest.mark.parametrize(
    ("arguments", "new"),
    [
        (["--check"], "check"),
        (["--check", "{file}"], "check"),
        (["{file}", "--as", "china_yearbook_gdp", "--force", "--yes"], "describe"),
    ],
)
def test_the_old_spelling_of_land_does_as_before_and_names_the_new(
    arguments: list[str],
    new: str,
    own_home: Home,
    described: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(
        "orchestration.serving.landing_check.data_roots", lambda extra: [described.parents[1]]
    )
    asked = [argument.format(file=described) for argument in arguments]
    before, now = run("land", *asked), run(new, *(text for text in asked if text != "--check"))
    assert f"greenpark {new}" in before.stderr
    assert (before.exit_code, before.stdout) == (now.exit_code, now.stdout)


def test_ui_starts_dagster_on_loopback_without_telemetry(
    own_home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    started = []
    monkeypatch.setattr(ui, "find_spec", lambda name: object())
    monkeypatch.setattr(stopping, "run", lambda *args: started.append((args[0][0], *args)) or 0)
    with socket.socket() as probe:
        probe.bind((ui.ADDRESS, 0))
        port = probe.getsockname()[1]
    address = good("ui", "--port", port)
    ((program, command, environment),) = started
    assert program == sys.executable
    assert command[1:] == ["-m", "orchestration.defs.page", str(port)]
    token = environment[ui.TOKEN]
    assert len(token) > 30 and token not in command
    assert address == f"http://127.0.0.1:{port}/?token={token}\n"
    assert environment["GREENPARK_HOME"] == str(own_home.root)
    assert environment["DAGSTER_DISABLE_TELEMETRY"] == "1"
    settings = Path(environment["DAGSTER_HOME"], "dagster.yaml")
    assert yaml.safe_load(settings.read_text()) == {
        "telemetry": {"enabled": False},
        "nux": {"enabled": False},
        "concurrency": {"pools": {"default_limit": 1}},
        "code_servers": {"local_startup_timeout": 900},
    }


def test_ui_says_what_is_missing_or_taken(own_home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as taken:
        taken.bind((ui.ADDRESS, 0))
        taken.listen()
        monkeypatch.setattr(ui, "find_spec", lambda name: object())
        assert "--port" in bad("ui", "--port", taken.getsockname()[1])
    monkeypatch.setattr(ui, "find_spec", lambda name: None)
    assert "dagster-webserver is not installed" in bad("ui")


# --- status --------------------------------------------------------------------------------------


def test_status_shows_every_part(home: Home) -> None:
    text = good("status")
    assert f"Version {NEW}" in text
    for part in ("emissions.province_co2", "Region codes", "25 rows read", "warning", "explained"):
        assert part in text
    assert "raw.toy" not in text
    assert "1O6" not in text
    listed = good("status", "--quarantine")
    assert "c/gdp_2020.csv Sheet2" in listed and "1O6" in listed
    closed = listed.split("Closed with this version")[1]
    assert "c/gdp_2019.csv" in closed and "label_unknown" in closed


def test_status_speaks_chinese(home: Home) -> None:
    text = good("status", "--quarantine", "--lang", "zh")
    for part in ("地区编码", "已说明", "不是数字", "地区生产总值"):
        assert part in text


def test_status_json(home: Home) -> None:
    found = json.loads(good("status", "--quarantine", "--json"))
    assert found["version"]["version"] == NEW
    assert {table["table"]: table["rows"] for table in found["tables"]}["province_co2"] == 3
    assert found["landing"]["rows_quarantined"] == 1
    assert [entry["newest_vintage"] for entry in found["landing"]["datasets"]] == [2021, None]
    assert found["audit"][-1] == {
        "gate": "marts",
        "severity": "warning",
        "passed": 1,
        "failed": 1,
    }
    assert [entry["figures"] for entry in found["reconciliation"]] == [1, 1, 1, 1]
    assert found["quarantine"][0]["message"] == "not a number"


def test_status_of_an_incomplete_version_says_what_is_not_there(own_home: Home) -> None:
    publish(own_home, OLD, "create table fact as select 1 as number")
    assert good("status").count("not in this version") == 3
    assert json.loads(good("status", "--json"))["landing"] is None


# --- query ---------------------------------------------------------------------------------------

FACTS = "select * from emissions.province_co2 order by all"


def test_what_a_version_has_is_known_by_its_name() -> None:
    with duckdb.connect() as connection:
        connection.execute("create schema s; create table s.t as select 1 as a")
        connection.execute("create view s.v as select a as b from s.t")
        assert query.has_table(connection, "s", "t") and query.has_table(connection, "s", "v")
        assert not query.has_table(connection, "s", "u")
        assert not query.has_table(connection, "r", "t")
        assert query.has_column(connection, "s", "v", "b")
        assert not query.has_column(connection, "s", "v", "a")
        assert not query.has_column(connection, "s", "u", "a")


def test_query_prints_a_table(home: Home) -> None:
    lines = good("query", "select name_zh, region_code from reference.regions order by 2")
    assert [line.split() for line in lines.splitlines()] == [
        ["name_zh", "region_code"],
        [lines.splitlines()[1]],
        ["江苏", "320000"],
        ["苏州", "320500"],
    ]


def test_query_reads_stdin_and_files(home: Home, tmp_path: Path) -> None:
    (tmp_path / "q.sql").write_text("select 7 as seven", encoding="utf-8-sig")
    expected = "seven\n7\n"
    assert good("query", "-", "--format", "csv", given="select 7 as seven") == expected
    assert good("query", "--file", tmp_path / "q.sql", "--format", "csv") == expected
    steps = "create temp table t as select 7 as seven; select * from t"
    assert good("query", steps, "--format", "csv") == expected


def test_query_csv_round_trips(home: Home) -> None:
    rows = read_csv(good("query", FACTS, "--format", "csv"))
    assert [float(row["co2_t"]) for row in rows] == [1e-7, 0.1 + 0.2, 123456789.125]
    assert [row["is_high"] for row in rows] == ["false", "true", ""]
    assert [row["note"] for row in rows] == ['a "quoted", text', "", "逗号，"]


def test_query_json_parses_and_has_no_nan(home: Home) -> None:
    rows = json.loads(good("query", FACTS, "--format", "json"))
    assert rows[1] == {
        "region_code": "320000",
        "year": 2021,
        "co2_t": 0.1 + 0.2,
        "is_high": True,
        "note": None,
    }
    odd = "select 'nan'::double as a, 2 as a, [1, null] as l, date '2020-01-02' as d, 1.50 as m"
    assert json.loads(good("query", odd, "--format", "json")) == [
        {"a": None, "a_2": 2, "l": [1, None], "d": "2020-01-02", "m": 1.5}
    ]
    assert json.loads(good("query", f"from ({FACTS}) limit 0", "--format", "json")) == []


def test_query_markdown_escapes_pipes(home: Home) -> None:
    text = good("query", "select 'a|b' as x, 1 as y", "--format", "markdown")
    assert text == "| x | y |\n| --- | --- |\n| a\\|b | 1 |\n"


def test_query_writes_files_by_their_ending(home: Home, tmp_path: Path) -> None:
    for ending in ("csv", "json", "md", "parquet", "txt"):
        result = run("query", FACTS, "--output", tmp_path / f"out.{ending}")
        assert (result.exit_code, result.stdout) == (0, "")
        assert "3 rows written" in result.stderr
    assert parquet.read_table(tmp_path / "out.parquet").to_pylist() == json.loads(
        (tmp_path / "out.json").read_text()
    )
    assert (tmp_path / "out.csv").read_text() == good("query", FACTS, "--format", "csv")
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        f"out.{ending}" for ending in ("csv", "json", "md", "parquet", "txt")
    ]


def test_query_limit_is_said_on_stderr(home: Home, tmp_path: Path) -> None:
    many = "select unnest(range(1001)) as n"
    shown = run("query", many)
    assert len(shown.stdout.splitlines()) == 1002
    assert "first 1000 rows" in shown.stderr
    assert run("query", many, "--limit", 1001).stderr == ""
    assert len(good("query", many, "--format", "csv").splitlines()) == 1002
    assert good("query", many, "--format", "csv", "--limit", 2) == "n\n0\n1\n"
    cut = run("query", many, "--limit", 3, "--output", tmp_path / "n.parquet")
    assert "first 3 rows" in cut.stderr
    assert parquet.read_table(tmp_path / "n.parquet").num_rows == 3


def test_query_error_names_candidates(home: Home) -> None:
    message = bad("query", "select co2 from emissions.province_co2")
    assert 'Candidate bindings: "co2_t"' in message
    assert "information_schema.columns" in message
    assert "syntax error" in bad("query", "selec 1")
    assert "no SQL" in bad("query", " ")


@pytest.mark.parametrize(
    ("sql", "remedy"),
    [
        ("delete from emissions.province_co2", "never changed"),
        ("copy emissions.province_co2 to 'x.csv'", "only the published version"),
        ("select * from read_csv('/etc/passwd')", "only the published version"),
        ("set enable_external_access = true", "only the published version"),
    ],
)
def test_query_is_locked_down(sql: str, remedy: str, home: Home) -> None:
    assert remedy in bad("query", sql)


def test_query_is_stopped_after_its_seconds(home: Home, tmp_path: Path) -> None:
    endless = "select sum(a.range * b.range) as n from range(10000000) a, range(1000000) b"
    for aside in ([], ["--output", tmp_path / "n.parquet"], ["--output", tmp_path / "n.csv"]):
        said = bad("query", endless, "--seconds", "1", *aside)
        assert "more than 1 s" in said and "--seconds" in said
    assert not list(tmp_path.iterdir())
    assert "1" in good("query", "select 1 as n", "--seconds", "60")


def test_a_query_has_so_much_memory_threads_and_disk(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("GREENPARK_MEMORY", raising=False)
    settings = "select current_setting('threads') as n, current_setting('memory_limit') as m"
    assert good("query", settings, "--format", "csv") == "n,m\n2,1.8 GiB\n"
    said = good("query", settings, "--threads", "3", "--memory", "300MB", "--format", "csv")
    assert said == "n,m\n3,286.1 MiB\n"
    spill = "select current_setting('max_temp_directory_size') as n"
    assert good("query", spill, "--format", "csv") == "n\n18.6 GiB\n"
    # A query of more than two seconds had one among the rows on stdout.
    assert "false" in good("query", "select current_setting('enable_progress_bar') as n")
    for name in ("threads", "memory_limit", "max_temp_directory_size", "temp_directory"):
        assert "only the published version" in bad("query", f"set {name} = '1'")
    assert "is no size" in bad("query", "select 1", "--memory", "much")


@pytest.mark.parametrize(
    "sql",
    [
        # in DuckDB: a sort that may not be written to disk
        "select list(range) from range(100000000)",
        # beside it: 2,048 rows of a megabyte at once
        "select repeat(chr(65 + (range % 26)::int), 2000000) as t from range(5000)",
    ],
)
def test_a_query_that_needs_too_much_memory_is_refused(
    sql: str, home: Home, tmp_path: Path
) -> None:
    """In a process of its own, which would be killed, or kill others, before."""
    done = subprocess.run(
        [sys.executable, "-m", "orchestration.cli", "query", sql, "--home", str(home.root),
         "--memory", "200MB", "--output", str(tmp_path / "n.csv")],
        capture_output=True, text=True, timeout=120, check=False,
        env=os.environ | {"PYTHONPATH": str(PROJECT_ROOT)},
    )  # fmt: skip
    assert done.returncode == 1, done.stderr[-1000:]
    assert "more than 200MB of memory" in done.stderr and "--memory" in done.stderr
    assert not list(tmp_path.iterdir())


def test_a_result_that_is_too_long_is_refused_not_cut(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(query, "LIMITS", dataclasses.replace(query.LIMITS, rows=5))
    for ending in ("csv", "parquet", "json"):
        path = tmp_path / f"n.{ending}"
        assert "more than 5 rows" in bad("query", "from range(6)", "--output", path)
        assert not path.exists()
        good("query", "from range(5)", "--output", path)
        good("query", "from range(7)", "--limit", "7", "--output", path)
    whole = run("query", "from range(6)", "--format", "csv")
    assert whole.exit_code == 1 and "more than 5 rows" in whole.stderr


def test_query_starts_no_log(home: Home, tmp_path: Path) -> None:
    """DuckDB would end the process: it refuses the file of the log where nothing can be raised."""
    log = f"call Enable_Logging(storage='file', storage_config={{'path': '{tmp_path}/log'}})"
    assert "enable_logging" in bad("query", f"{log}; select 1")
    assert "enable_logging" in bad("query", log, "--output", tmp_path / "n.parquet")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("sql", "name"),
    [
        ("from query('from enable' || '_logging(storage=''file'', storage_path=''x'')')", "query"),
        ("from QUERY -- a\n('select 1')", "query"),
        ("from \"Query\"/* /* */ */('select 1')", "query"),
        ("prepare a as from main.query($1)", "query"),
        ("from json_execute_serialized_sql('{}')", "json_execute_serialized_sql"),
        ("call enable_profiling(save_location='x')", "enable_profiling"),
    ],
)
def test_query_runs_no_text_that_is_made_up(home: Home, sql: str, name: str) -> None:
    assert f"a query cannot call {name}" in bad("query", sql)


def test_query_may_name_a_column_so(home: Home) -> None:
    said = "select query, 'query(' as é, t.query from (select 1 as query) as t -- query("
    assert "query" in good("query", said)


def test_query_usage_errors(home: Home, tmp_path: Path) -> None:
    assert "either SQL" in bad("query", code=2)
    assert "either SQL" in bad("query", "select 1", "--file", "x", code=2)
    assert "needs --output" in bad("query", "select 1", "--format", "parquet", code=2)
    assert "cannot read" in bad("query", "--file", tmp_path / "none.sql")
    assert "cannot write" in bad("query", "select 1", "--output", tmp_path / "none" / "x.csv")
    assert "cannot write" in bad("query", "select 1", "--output", tmp_path)


def test_a_failing_query_leaves_the_old_file(home: Home, tmp_path: Path) -> None:
    sql = "select if(n = 50000, error('late'), n) from range(60000) t(n)"
    for ending in ("csv", "parquet"):
        target = tmp_path / f"out.{ending}"
        target.write_text("old")
        assert "late" in bad("query", sql, "--output", target)
        assert target.read_text() == "old"
    assert len(list(tmp_path.iterdir())) == 2


def test_query_writes_to_a_device_without_replacing_it(home: Home) -> None:
    good("query", "select 1", "--output", os.devnull, "--format", "csv")
    assert not Path(os.devnull).is_file()


# --- export --------------------------------------------------------------------------------------


def test_export_writes_all_marts_and_prints_them(home: Home, tmp_path: Path) -> None:
    first = run("export", "--output", tmp_path / "a")
    assert first.exit_code == 0
    paths = [Path(line) for line in first.stdout.splitlines()]
    assert [path.name for path in paths] == sorted(path.name for path in paths)
    assert {path.name for path in paths} >= {"reference.regions.csv", "quality.explain.csv"}
    assert "raw.toy.csv" not in {path.name for path in paths}
    assert f"{len(paths)} files" in first.stderr
    good("export", "--output", tmp_path / "b")
    for path in paths:
        assert path.read_bytes() == (tmp_path / "b" / path.name).read_bytes()
    rows = read_csv((tmp_path / "a" / "emissions.province_co2.csv").read_text())
    assert [(row["region_code"], row["year"]) for row in rows] == [
        ("320000", "2020"),
        ("320000", "2021"),
        ("320500", "2020"),
    ]
    assert float(rows[1]["co2_t"]) == 0.1 + 0.2


def test_export_parquet_keeps_types_and_bytes(home: Home, tmp_path: Path) -> None:
    for folder in ("a", "b"):
        good("export", "province_co2", "raw", "--format", "parquet", "--output", tmp_path / folder)
    assert sorted(path.name for path in (tmp_path / "a").iterdir()) == [
        "emissions.province_co2.parquet",
        "raw.toy.parquet",
    ]
    name = "emissions.province_co2.parquet"
    assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()
    assert parquet.read_table(tmp_path / "a" / name).to_pylist() == json.loads(
        good("query", FACTS, "--format", "json")
    )


def test_export_bom_for_excel(home: Home, tmp_path: Path) -> None:
    path = Path(good("export", "regions", "--bom", "--output", tmp_path).strip())
    assert path.read_bytes().startswith(b"\xef\xbb\xbfregion_code")
    assert "--bom" in bad("export", "--bom", "--format", "parquet", code=2)


def test_export_as_workbook_has_no_formulas_and_the_same_bytes(home: Home, tmp_path: Path) -> None:
    from openpyxl import load_workbook

    for folder in ("a", "b"):
        good("export", "province_co2", "--format", "xlsx", "--output", tmp_path / folder)
    path = tmp_path / "a" / "emissions.province_co2.xlsx"
    assert path.read_bytes() == (tmp_path / "b" / path.name).read_bytes()
    sheet = load_workbook(path).active
    rows = [*sheet.iter_rows(values_only=True)]
    assert sheet.freeze_panes == "A4"
    assert rows[2] == ("region_code", "year", "co2_t", "is_high", "note")
    assert [row[:3] for row in rows[3:]] == [
        ("320000", 2020, 1e-7),
        ("320000", 2021, pytest.approx(0.1 + 0.2)),  # Excel keeps 15 digits
        ("320500", 2020, 123456789.125),
    ]


def test_a_workbook_shows_labels_units_and_formats_and_computes_nothing(tmp_path: Path) -> None:
    from openpyxl import load_workbook

    said = {"co2_t": {"heading_zh": "排放量（吨）", "heading_en": "CO2 (t)", "format": "#,##0"}}
    rows = [(1234.5, '=HYPERLINK("http://x")', math.inf), (None, "-", True)]
    path = tmp_path / "a.xlsx"
    assert workbook.write(path, "emissions.x", ["co2_t", "note", "ratio"], rows, said) == 2
    sheet = load_workbook(path).active
    assert [cell.value for cell in sheet["A"]] == ["排放量（吨）", "CO2 (t)", "co2_t", 1234.5, None]
    assert sheet["A4"].number_format == "#,##0"
    assert (sheet["B4"].data_type, sheet["B4"].quotePrefix) == ("s", True)
    assert (sheet["C4"].value, sheet["C5"].value) == (None, True)


def test_a_sheet_that_cannot_hold_the_rows_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workbook, "MOST_ROWS", 5)
    with pytest.raises(GreenparkError, match="more rows than a sheet holds"):
        workbook.write(tmp_path / "a.xlsx", "a.b", ["x"], [(n,) for n in range(3)], {})


def test_export_as_sqlite_is_one_file_with_what_datasette_reads(home: Home, tmp_path: Path) -> None:
    shown = run("export", "province_co2", "regions", "--format", "sqlite", "--output", tmp_path)
    assert shown.stdout.splitlines() == [str(tmp_path / "greenpark.sqlite")]
    with sqlite3.connect(tmp_path / "greenpark.sqlite") as file:
        rows = file.execute("select * from emissions_province_co2").fetchall()
        names = file.execute("select name_zh from reference_regions").fetchall()
    assert rows[0] == ("320000", 2020, 1e-7, 0, 'a "quoted", text')
    assert names == [("江苏",), ("苏州",)]
    told = json.loads((tmp_path / "metadata.json").read_text(encoding="utf-8"))
    assert set(told["databases"]["greenpark"]["tables"]) == {
        "emissions_province_co2",
        "reference_regions",
    }


def test_export_of_an_unknown_table_proposes_one(home: Home, tmp_path: Path) -> None:
    target = tmp_path / "out"
    assert "did you mean emissions.province_co2" in bad(
        "export", "regions", "province_co", "--output", target
    )
    assert not target.exists()
    assert "greenpark status" in bad("export", "zzz", "--output", target)
    (tmp_path / "file").touch()
    assert "cannot create" in bad("export", "--output", tmp_path / "file")


# --- report --------------------------------------------------------------------------------------


def test_report_leads_with_evidence_and_groups_figures_in_order(home: Home) -> None:
    text = good("report")
    positions = [text.index(part) for part in ("2.2 Table 2-1", "A-9", "A-10", "2.10 text")]
    assert positions == sorted(positions)
    assert "A-12" not in text
    assert "edition" in text
    assert "+1.00%" in text
    assert " ".join(text.split("\n\n")[0].split()) == (
        "4 figures. agree: 1 predicted; differ: 1 explained, 1 mismatch; 1 not derivable"
        " (1 without a computed value not shown; --all shows them)"
    )


def test_report_fits_a_page_and_a_terminal(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    from rich.cells import cell_len

    for columns, widest in (("", 120), ("80", 80)):
        monkeypatch.setenv("COLUMNS", columns)
        for lang in ("en", "zh"):
            lines = good("report", "--all", "--lang", lang).splitlines()
            assert max(map(cell_len, lines)) <= widest


def test_report_counts_false_positives_of_lists(home: Home) -> None:
    lists = good("report", "--section", "2").split("Lists of names")[1]
    line = next(line for line in lists.splitlines() if "key parks" in line)
    assert line.split() == ["key", "parks", "constraint", "4", "8", "5", "1", "38%", "75%"]
    assert "名单" in good("report", "--lang", "zh", "--format", "markdown")


def test_report_section_and_all(home: Home) -> None:
    assert good("report", "--section", "2.2").splitlines()[0] == (
        "2 figures. agree: 1 predicted; differ: 1 explained"
    )
    assert "A-12" in good("report", "--section", "2.10", "--all")
    assert "4 figures" in good("report", "--section", "2")
    assert "2.2, 2.10" in bad("report", "--section", "2.1")


def test_report_of_one_of_several(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each is headed by its title; --report shows one alone, with its own lists."""
    own = Path(shutil.copytree(home.root, tmp_path / "own", symlinks=True))
    monkeypatch.setenv("GREENPARK_HOME", str(own))
    home = Home.resolve(own)
    home.database.chmod(0o644)
    with duckdb.connect(str(home.database)) as connection:
        connection.execute(
            """
            create table reference.reports as select * from (values
                ('r1', '报告一', 'Report one'), ('r2', '报告二', 'Report two')
            ) as t (report_id, title_zh, title_en);
            insert into quality.reconciliation
            select * replace ('r2' as report_id, 8.0 as published_value, '8' as published_text)
            from quality.reconciliation where figure_id = 'A-9'
            """
        )
    text = good("report", "--all")
    positions = [text.index(part) for part in ("Report one (r1)", "A-12", "Report two (r2)")]
    assert positions == sorted(positions)
    assert "# 报告二 (r2)" in good("report", "--lang", "zh", "--format", "markdown")
    other = good("report", "--report", "r2")
    assert other.startswith("1 figures.") and "Report" not in other
    assert "Lists of names" not in other and "Lists of names" in good("report", "--report", "r1")
    assert "r1, r2" in bad("report", "--report", "r3")


def test_report_in_chinese_markdown(home: Home) -> None:
    text = good("report", "--format", "markdown", "--lang", "zh")
    assert "## 2.2 Table 2-1" in text
    assert "| 版次不同 |" in text
    assert text.startswith("共 4 个数字。一致：独立推出 1；不一致：已说明 1，不符 1；")


def test_evidence_is_never_a_bare_count(home: Home) -> None:
    counts = {
        ("predicted", "exact"): 14,
        ("calibrated", "exact"): 25,
        ("bound", "exact"): 1,
        ("constraint", "exact"): 260,
        ("read_back", "exact"): 34,
        ("definition", "exact"): 8,
        ("predicted", "conjectured"): 2,
        ("calibrated", "open"): 6,
        ("constraint", "inconsistent"): 1,
        (None, "not_derivable"): 70,
    }
    with open_reader(home) as connection:
        english, chinese = (Codes(connection, lang) for lang in ("en", "zh"))
    assert evidence.line(counts, english) == (
        "agree: 14 predicted, 1 bound, 25 calibrated, 302 built in"
        " (260 constraint, 8 definition, 34 read back);"
        " differ: 2 conjectured, 6 open, 1 inconsistent; 70 not derivable"
    )
    assert evidence.line(counts, chinese) == (
        "一致：独立推出 14，界限 1，经校准 25，内置 302（约束 260，定义 8，读回 34）；"
        "不一致：推测 2，待查 6，自相矛盾 1；无法推出 70"
    )
    # A version published before evidence was derived does not get any by being read.
    assert evidence.line({(None, "exact"): 3}, english) == "agree: 3 without evidence"
    assert evidence.line({}, english) == "no figures"


def test_report_csv_is_only_csv(home: Home) -> None:
    result = run("report", "--format", "csv", "--all")
    rows = read_csv(result.stdout)
    assert [row["figure_id"] for row in rows] == ["A-9", "A-10", "A-11", "A-12"]
    assert float(rows[0]["computed_value"]) == 7.07
    assert "4 figures" in result.stderr


# --- explain -------------------------------------------------------------------------------------


def test_explain_shows_cells_and_factor(home: Home) -> None:
    text = good(*SAME_KEY, "--fuel", "raw_coal")
    assert "2000 t CO2 = 1000 t × 2 t CO2/t" in text
    for part in ("energy_yearbook/b.csv", "4 原煤", "Energy yearbook", "f1", "Shan 2018"):
        assert part in text
    assert "2 rows of the territorial account: 4000 t CO2" in text
    assert "能源年鉴" in good(*SAME_KEY, "--fuel", "raw_coal", "--lang", "zh")


def test_explain_json_and_filters(home: Home) -> None:
    rows = json.loads(good(*SAME_KEY, "--fuel", "raw_coal", "--industry", "06", "--json"))
    assert [row["row_number"] for row in rows] == [12, 13]


def test_explain_shows_one_account_where_it_is_named(home: Home) -> None:
    text = good(*SAME_KEY, "--fuel", "raw_coal", "--account", "end_use")
    assert "1 rows of the end_use account: 2000 t CO2" in text


def test_explain_of_a_park_and_of_an_enterprise(home: Home) -> None:
    key = ("explain", "--park", "P1", "--year", "2020", "--method", "ceads", "--fuel", "raw_coal")
    text = good(*key)
    assert "P1 E1 2020 ceads: park / 31 / raw_coal / scope_1" in text
    assert "only the share 0.25 of what the park bought came from outside it" in text
    assert "400 t bought, 300 sold, 2 cells" in text
    assert "no CO2: the method counts nothing of these cells" in text
    assert "1 rows of the park account: 2000 t CO2" in text
    text = good(*key, "--enterprise", "E2", "--lang", "zh")
    assert "无排放" in text
    assert "E1" not in text
    rows = json.loads(good(*key, "--enterprise", "E1", "--json"))
    assert [(row["enterprise_id"], row["weight"]) for row in rows] == [("E1", 1.0)]


def test_explain_asks_for_one_subject(home: Home) -> None:
    key = ("explain", "--year", "2020", "--method", "ceads", "--fuel", "raw_coal")
    assert "give either --region or --park" in bad(*key, code=2)
    assert "give either --region or --park" in bad(
        *key, "--region", "320000", "--park", "P1", code=2
    )
    message = bad(*key, "--region", "320000", "--enterprise", "E1", code=2)
    assert "--enterprise and --line go with --park" in message


def test_explain_names_what_there_is(home: Home) -> None:
    message = bad(*SAME_KEY, "--fuel", "coal")
    assert "nothing to explain for fuel_code coal" in message
    assert "there is fuel_code: raw_coal" in message
    assert "--fuel" in bad(*SAME_KEY, code=2)
    message = bad(*SAME_KEY, "--fuel", "coal", "--lang", "zh")
    assert "没有可溯源的结果：fuel_code 为 coal" in message
    key = ("explain", "--year", "2020", "--method", "ceads", "--fuel", "raw_coal")
    message = bad(*key, "--park", "P9")
    assert "nothing to explain for park_id P9" in message
    assert "there is park_id: P1" in message


# --- versions, rollback --------------------------------------------------------------------------


def test_versions_table_and_json(home: Home) -> None:
    text = good("versions")
    assert text.index(NEW) < text.index("current") < text.index(OLD)
    found = json.loads(good("versions", "--json"))
    assert [(entry["version"], entry["is_current"]) for entry in found] == [
        (NEW, True),
        (OLD, False),
    ]
    assert datetime.fromisoformat(found[0]["published_at"]).tzinfo
    assert Path(found[0]["path"], DATABASE_NAME).is_file()


def test_versions_of_an_empty_home(own_home: Home) -> None:
    result = run("versions")
    assert (result.exit_code, result.stdout) == (0, "")
    assert "no published version" in result.stderr
    assert json.loads(good("versions", "--json")) == []


def test_rollback_there_and_back(own_home: Home) -> None:
    for number, version in enumerate((OLD, NEW)):
        publish(own_home, version, f"create table fact as select {number} as number")
    number = ("query", "from fact", "--format", "csv")
    assert good(*number) == "number\n1\n"
    assert good("rollback") == f"current is {OLD}\n"
    assert good(*number) == "number\n0\n"
    assert "before the current one" in bad("rollback")
    assert good("rollback", NEW) == f"current is {NEW}\n"
    assert good(*number) == "number\n1\n"
    message = bad("rollback", "20200101T000000Z-none")
    assert OLD in message
    assert NEW in message


# --- output --------------------------------------------------------------------------------------


def test_table_aligns_chinese_and_folds_to_the_terminal() -> None:
    from rich.cells import cell_len

    drawn = output.table(["name", "t"], [["江苏", 1], ["ab", 22]])
    assert len({cell_len(line) for line in drawn.splitlines()}) == 1
    folded = output.table(["name", "note"], [["a", "长" * 40]], width=40)
    assert max(cell_len(line) for line in folded.splitlines()) <= 40
    assert folded.count("长") == 40


def test_a_table_that_fits_is_drawn_as_rich_draws_it() -> None:
    header, cells = (
        ["name", "列", "t"],
        [["江苏", "", "1"], ["a [b]", "长长", "22.5"], ["", "x", ""]],
    )
    given = (header, cells, [5, 4, 4], [False, False, True])
    assert output._one_line_each(*given) == output._folded(*given, None)
    assert output._one_line_each(header, [], [4, 2, 1], [False] * 3) == output._folded(
        header, [], [4, 2, 1], [False] * 3, None
    )


def test_table_too_wide_becomes_records() -> None:
    from rich.cells import cell_len

    columns = [f"column_{n}_long" for n in range(20)]
    drawn = output.table(columns, [range(20)], width=80)
    assert drawn.splitlines()[:2] == ["--- 1 ---", "column_0_long   0"]
    long = output.table(columns, [["长" * 90, *range(19)]], width=80)
    assert max(cell_len(line) for line in long.splitlines()) <= 80
    assert long.count("长") == 90


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("=1+1", "'=1+1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("-cmd|' /C calc'!A0", "'-cmd|' /C calc'!A0"),
        ("+86 25", "'+86 25"),
        ("＝1+1", "'＝1+1"),
        ("＋86 25", "'＋86 25"),
        ("＠SUM（A1）", "'＠SUM（A1）"),
        ("－５．１", "－５．１"),
        ("-0.00336", "-0.00336"),
        ("-3.5%", "-3.5%"),
        ("-", "-"),
        (-5.5, "-5.5"),
        ("煤", "煤"),
    ],
)
def test_a_cell_that_could_be_a_formula_is_escaped(value: object, written: str) -> None:
    sink = io.StringIO()
    output.write_csv(sink, ["x"], [[value]])
    assert [*csv.reader(io.StringIO(sink.getvalue()))][1] == [written]


def test_a_value_is_written_as_its_text_says() -> None:
    """Also one that comes again, and many more texts than are remembered."""
    values = [
        *(None, "", 0, -1, 10**20, 0.1, -0.0, 1e16, 1e-7, math.nan, -math.inf, True, False),
        *(b"\x01", [1, None], {"a": "煤"}, Decimal("1.50"), datetime(2026, 1, 2, 3, 4, 5, 678)),
        *(date(2026, 1, 2), time(3, 4), 'a "b", c', "two\nlines", "'", "煤", "=1", " x", "=" * 300),
    ]
    texts = [[str(number), f"={number}"] for number in range(output.TEXTS_KNOWN // 2 + 10)]
    rows = [*([value, "x", value] for value in values), *texts, *texts[:3]]
    sink, expected = io.StringIO(), io.StringIO()
    assert output.write_csv(sink, ["a", "b"], rows) == len(rows)
    writer = csv.writer(expected, lineterminator="\n")
    writer.writerow(["a", "b"])
    writer.writerows(
        [f"'{value}" if output.is_formula(value) else output.text(value) for value in row]
        for row in rows
    )
    assert sink.getvalue() == expected.getvalue()


def test_table_escapes_what_would_steer_the_terminal() -> None:
    assert "\x1b" not in output.table(["x"], [["\x1b[2J[bold]"]])
    assert "[bold]" in output.table(["x"], [["\x1b[2J[bold]"]])


@pytest.mark.parametrize(
    ("value", "shown"),
    [(None, ""), (0, "0"), (1234567, "1,234,567"), (1234567.8, "1,234,568"), (0.1 + 0.2, "0.3")],
)
def test_number(value: float | None, shown: str) -> None:
    assert output.number(value) == shown


def test_replacing_reports_a_full_disk(tmp_path: Path) -> None:
    with (
        pytest.raises(GreenparkError, match="cannot write"),
        output.replacing(tmp_path / "x"),
    ):
        raise OSError(28, "No space left on device")


def test_every_command_is_listed() -> None:
    expected = (
        "bi check describe explain export frontier inventory land lineage model new-dataset path "
        "query refresh report restatement rollback scorecard serve sign-off site status template "
        "ui verify versions"
    )
    assert expected.split() == COMMANDS
    assert all(isinstance(command, click.Command) for command in cli.main.commands.values())
