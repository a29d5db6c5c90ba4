"""What the README says is tried, sentence by sentence, from the page itself and in both languages.

A command, a name or a number that nothing here knows how to try fails its test: add what tries it.
GREENPARK_SNAPSHOT=write rewrites the two printed results.
"""

from __future__ import annotations

import fnmatch
import os
import re
import subprocess
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import duckdb
import pytest
from click.testing import CliRunner
from documents import (
    NUMBER,
    blocks,
    check_command,
    check_test_exists,
    commands,
    exists,
    links,
    page,
    prose,
    spans,
    table_rows,
)
from rich.console import Console

from orchestration.cli import main
from orchestration.publishing.opening import open_reader
from orchestration.serving import export, summary
from orchestration.settings import PROJECT_ROOT, Home

PAGES = ("README.md", "README.zh-CN.md")
Run = Callable[..., subprocess.CompletedProcess[str]]

# Commands that other tests run, since they build something or need a file of one's own.
ELSEWHERE = {
    "make refresh": "tests/e2e/test_refresh.py::test_refreshing_again_gives_the_same_content",
    "make test": "tests/e2e/test_readme_promises.py::test_make_does_what_the_page_says",
    "greenpark refresh --full": "tests/e2e/test_refresh.py::"
    "test_refreshing_again_gives_the_same_content",
    'greenpark refresh --because "REASON"': "tests/e2e/test_refresh.py::"
    "test_refreshing_again_gives_the_same_content",
    "greenpark refresh --data DIR": "tests/e2e/test_provinces.py::"
    "test_every_cell_of_the_co2_is_the_oracles",
    "greenpark refresh --without reconstructed": "tests/e2e/test_without_reconstructed.py::"
    "test_there_is_no_invented_park_or_city",
    "greenpark refresh --engine spark": "tests/e2e/test_readme_promises.py::"
    "test_spark_is_built_and_compared_by_a_target_of_its_own",
    "greenpark export": "tests/e2e/test_readme_promises.py::test_every_table_is_exported",
    "greenpark describe FILE --as DATASET": "tests/unit/test_landing_propose.py::"
    "test_the_walkthrough_shows_what_the_command_prints",
    "greenpark check --data DIR": "tests/unit/test_cli.py::test_check_fails_on_refused_rows",
    "greenpark frontier": "tests/integration/test_scorecard.py::test_the_frontier_is_served",
    "greenpark path": "tests/integration/test_budgets_and_paths.py::"
    "test_a_path_comes_back_as_it_was_found",
    "greenpark scorecard": "tests/integration/test_scorecard.py::"
    "test_it_is_one_page_in_either_language",
    "greenpark site": "tests/integration/test_site.py::test_the_command_says_where_the_site_is",
    "greenpark ui": "tests/unit/test_cli.py::test_ui_starts_dagster_on_loopback_without_telemetry",
    "make reconstruct": "tests/unit/test_city_reconstruction.py::"
    "test_the_script_writes_the_same_bytes_again",
    "greenpark restatement": "tests/unit/test_restatement.py::"
    "test_the_command_compares_the_current_version_with_the_one_before",
    "greenpark lineage": "tests/integration/test_lineage.py::"
    "test_the_page_opens_with_all_else_refused",
    "greenpark serve": "tests/integration/test_serve.py::test_python_reads_the_published_numbers",
    "greenpark sign-off": "tests/unit/test_sign_offs.py::test_the_command_lists_and_signs_all",
    "greenpark site --as public --output DIR": "tests/integration/test_disclosure.py::"
    "test_the_public_file_names_no_enterprise",
    "make bi": "tests/integration/test_bi_dashboards.py::"
    "test_the_command_writes_a_bundle_and_says_how_to_install",
    "greenpark versions": "tests/unit/test_cli.py::test_versions_table_and_json",
    "greenpark query": "tests/e2e/test_readme_promises.py::"
    "test_the_question_has_the_printed_answer",
}
RUN_HERE = re.compile(r"greenpark (explain|inventory|report|status|template)\b")


def cloned(line: str) -> bool:
    return line.startswith("git clone ")


ALL_COMMANDS = sorted({line for name in PAGES for line in commands(page(name))})


@pytest.mark.parametrize("line", ALL_COMMANDS)
def test_every_command_works(
    line: str,
    published_home: Home,
    warehouse: duckdb.DuckDBPyConnection,
    run_greenpark: Run,
    tmp_path: Path,
) -> None:
    if cloned(line):
        assert line.endswith("greenpark && cd greenpark")
        return
    check_command(line)
    if line in ELSEWHERE:
        check_test_exists(ELSEWHERE[line])
        return
    assert RUN_HERE.match(line), f"{line}: say what runs it"
    home = () if line == "greenpark template" else ("--home", published_home.root)
    writes = re.match(r"greenpark (inventory|template --missing)\b", line)
    aside = ("--output", tmp_path / "out") if writes else ()
    (asked,) = warehouse.execute(
        "select min(park_id) from quality.data_requests where status = 'missing'"
    ).fetchall()
    done = run_greenpark(*line.replace("PARK", asked[0]).split()[1:], *home, *aside)
    assert done.returncode == 0, done.stderr
    assert len(done.stdout.splitlines()) > 3


def test_every_table_is_exported(
    published_home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first rows of each: all of them are minutes of writing what is written alike."""
    whole = export._sorted
    monkeypatch.setattr(export, "_sorted", lambda table: f"{whole(table)} limit 20")
    said = ["export", "--home", str(published_home.root), "--output", str(tmp_path)]
    done = CliRunner().invoke(main, said)
    assert done.exit_code == 0, done.output
    with open_reader(published_home) as reader:
        tables = export.choose(reader, ())
    assert len(tables) > 200
    assert sorted(done.stdout.splitlines()) == sorted(f"{tmp_path / name}.csv" for name in tables)


@pytest.mark.parametrize(
    ("target", "recipe"), [("refresh", "greenpark refresh"), ("test", "python -m pytest")]
)
def test_make_does_what_the_page_says(target: str, recipe: str) -> None:
    """Each of the two targets sets up everything, then runs its one command."""
    rule = re.search(
        rf"^{target}: setup(?: libreoffice chromium)? ##.*\n\t@\$\(BIN\)/(.*)$",
        page("Makefile"),
        re.MULTILINE,
    )
    assert rule and rule[1].startswith(recipe)


def test_spark_is_built_and_compared_by_a_target_of_its_own() -> None:
    """Spark takes minutes and a Java, so it is built beside the suite: `make test-spark`."""
    assert re.search(r"^test-spark: spark ##.*\n\t.*tests/spark/compare.py", page("Makefile"), re.M)
    assert 'for engine in ("duckdb", "spark")' in page("tests/spark/compare.py")


def test_both_languages_show_the_same_commands_and_results() -> None:
    english, chinese = (
        {line.removesuffix(" --lang zh") for line in commands(page(name)) if not cloned(line)}
        for name in PAGES
    )
    assert english == chinese
    for language in ("sql", "text"):
        assert blocks(page(PAGES[0]), language) == blocks(page(PAGES[1]), language)


# --- the printed results -------------------------------------------------------------------------


def rewrite(old: str, new: str) -> None:
    """Put a result in place of the printed one, in both languages."""
    if os.environ.get("GREENPARK_SNAPSHOT") == "write":
        for name in PAGES:
            (PROJECT_ROOT / name).write_text(page(name).replace(old, new), encoding="utf-8")


def test_the_summary_is_that_of_a_refresh(
    published_home: Home, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(summary, "Console", partial(Console, width=80))
    summary.print_summary(published_home, 1)
    lines = capsys.readouterr().out.replace(str(published_home.root), "warehouse").splitlines()
    kept, take = [], True
    for line in lines:
        if line[:1].strip():
            take = line.split()[0] not in ("published", "time")
        kept += [line.rstrip()] if take else []
    told = "\n".join(kept) + "\n"
    (shown, _) = blocks(page(PAGES[0]), "text")
    rewrite(shown.text, told)
    assert blocks(page(PAGES[0]), "text")[0].text == told


def test_the_question_has_the_printed_answer(published_home: Home, run_greenpark: Run) -> None:
    ((question,), (_, answer)) = (blocks(page(PAGES[0]), kind) for kind in ("sql", "text"))
    done = run_greenpark("query", question.text, "--format", "csv", "--home", published_home.root)
    rows = [line.split(",") for line in done.stdout.splitlines()]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    numbers = {1, 2, 3}
    told = "".join(
        "   ".join(
            cell.rjust(size) if place in numbers else cell.ljust(size)
            for place, (cell, size) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        + "\n"
        for row in rows
    )
    rewrite(answer.text, told)
    assert blocks(page(PAGES[0]), "text")[1].text == told


# --- names ---------------------------------------------------------------------------------------


def is_value(warehouse: duckdb.DuckDBPyConnection, text: str) -> bool:
    """Whether some column of text of a mart has the value."""
    columns = warehouse.execute(
        """
        select schema_name, table_name, column_name from duckdb_columns()
        where data_type = 'VARCHAR' and schema_name in ('reference', 'indicators', 'quality')
            and (column_name in ('method', 'origin', 'status', 'evidence')
                or column_name like '%refusal%' or column_name = 'alert')
        order by all
        """
    ).fetchall()
    return any(
        warehouse.execute(
            f'select 1 from {schema}.{table} where "{column}" = ? limit 1', [text]
        ).fetchone()
        for schema, table, column in columns
    )


@pytest.mark.parametrize(
    ("name", "span"),
    [(n, s) for n in PAGES for s in spans(page(n)) if not re.match(r"(greenpark|make) ", s)],
)
def test_every_name_is_one(
    name: str, span: str, published_home: Home, warehouse: duckdb.DuckDBPyConnection
) -> None:
    """A file, an environment variable, a table, a macro, a column, or a value of a column."""
    if span.startswith("duckdb "):
        span = span.rsplit(" ", 1)[1]
    if span.startswith("GREENPARK_"):
        settings = page("orchestration/settings.py")
        assert f'"{span.partition("=")[0]}"' in settings
        return
    if "/" in span or span == "current":
        path = f"warehouse/{span}" if span == "current" else span
        assert exists(path, published_home.root)
        return
    tables = {
        text
        for schema, table, column in warehouse.execute(
            "select schema_name, table_name, column_name from duckdb_columns()"
        ).fetchall()
        for text in (schema, f"{schema}.{table}", table, column)
    }
    tables |= {
        f"{schema}.{macro}"
        for schema, macro in warehouse.execute(
            "select schema_name, function_name from duckdb_functions() where not internal"
        ).fetchall()
    }
    assert fnmatch.filter(tables, span) or is_value(warehouse, span), f"{span} is in no table"


@pytest.mark.parametrize(("name", "target"), [(n, t) for n in PAGES for t in links(page(n))])
def test_every_link_leads_somewhere(name: str, target: str) -> None:
    assert (PROJECT_ROOT / target).exists()


def test_every_folder_of_the_project_is_explained() -> None:
    for name, header in zip(PAGES, ("| folder |", "| 文件夹 |"), strict=True):
        rows = table_rows(page(name), header)
        explained = {row[0].strip("`").split("/")[0] for row in rows}
        tracked = subprocess.run(
            ["git", "ls-tree", "-d", "--name-only", "HEAD"],
            cwd=PROJECT_ROOT,
            capture_output=True,
            text=True,
            check=True,
        ).stdout.split()
        assert {folder for folder in tracked if not folder.startswith(".")} == explained


# --- numbers -------------------------------------------------------------------------------------


def counted(sql: str) -> Callable[[duckdb.DuckDBPyConnection, list[str]], bool]:
    """The numbers of the sentence are those of a query, in the order of its columns."""

    def check(warehouse: duckdb.DuckDBPyConnection, told: list[str]) -> bool:
        row = warehouse.execute(sql).fetchone()
        assert row is not None
        return [float(number) for number in told] == [float(value) for value in row]

    return check


def sections(warehouse: duckdb.DuckDBPyConnection, told: list[str]) -> bool:
    """The sections are those of the report."""
    rows = warehouse.execute("select distinct section from reference.published_figures").fetchall()
    known = {section for (section,) in rows}
    return all(any(s == t or s.startswith(f"{t}.") for s in known) for t in told)


def recommended(warehouse: duckdb.DuckDBPyConnection, told: list[str]) -> bool:
    """The sections have recommendations of the report that something is judged by."""
    rows = warehouse.execute(
        "select regexp_extract(clause_place_en, '[0-9.]+') from reference.standards"
        " where document_id = 'report_2023_recommendations'"
    ).fetchall()
    known = {section for (section,) in rows}
    return all(any(s == t or s.startswith(f"{t}.") for s in known) for t in told)


def printed_for_2020(warehouse: duckdb.DuckDBPyConnection, told: list[str]) -> bool:
    """What the report prints for the province in 10 kt, here in Mt or in units of 100 Mt."""
    ((figure, unit),) = warehouse.execute(
        "select value, unit from reference.published_figures"
        " where indicator = '二氧化碳排放量' and year = 2020 and region_code = '320000'"
    ).fetchall()
    digits = len(told[0].partition(".")[2])
    scale = 1e2 if float(told[0]) > 100 else 1e4
    return unit == "万吨" and round(figure / scale, digits) == float(told[0])


def same(*numbers: str) -> Callable[[duckdb.DuckDBPyConnection, list[str]], bool]:
    """The numbers are part of a name, such as that of the report, and no claim."""
    return lambda warehouse, told: told == list(numbers)


AGREE = """
    select
        count(*) filter (where evidence = 'predicted'),
        count(*) filter (where evidence = 'calibrated'),
        count(*) filter (where evidence in ('constraint', 'definition', 'read_back'))
    from quality.reconciliation where status = 'exact'
"""
Claim = tuple[str, str, Callable[[duckdb.DuckDBPyConnection, list[str]], Any]]
CLAIMS: list[Claim] = [
    (r"did Jiangsu emit in (2020)\?", r"江苏 (2020) 年排放了多少", same("2020")),
    (
        r"The 2023 report prints ([\d.]+) Mt for that year",
        r"2023 年研究报告公布该年为 ([\d.]+) 亿吨",
        printed_for_2020,
    ),
    (
        r"sets each of the (\d+) figures it prints",
        r"把报告公布的 (\d+) 个数字",
        counted("select count(*) from quality.reconciliation"),
    ),
    (
        r"(\d+) figures are predicted from independent data, (\d+) rest on a factor fitted to the"
        r" same print, (\d+) are built in",
        r"(\d+) 个由独立数据预测，(\d+) 个所用因子拟合于报告本身，(\d+) 个是内置的",
        counted(AGREE),
    ),
    (r"province \((2.1)\)", r"全省煤炭与二氧化碳（(2.1)）", sections),
    (r"industries, parks \((2.2), (2.3)\)", r"行业、园区（(2.2)、(2.3)）", sections),
    (r"sample parks \((3), (4.2)\)", r"样本园区（(3)、(4.2)）", sections),
    (r"evaluation, grades \((4.3), (5.3);", r"评价与分级（(4.3)、(5.3)；", recommended),
    (
        r"\| (2025) and (2030) \((?:4.1)\), peaks",
        r"\| (2025)、(2030) 年情景（(?:4.1)）",
        lambda warehouse, told: (
            warehouse.execute(
                "select count(distinct year) from all_levels.scenarios where year in (?, ?)",
                [int(year) for year in told],
            ).fetchone()
            == (2,)
        ),
    ),
    (
        r"grid factor of (2012) until (2020) and that of the year from (2021) on",
        r"外购电力 (2020) 年及以前用 (2012) 年电网因子，(2021) 年起用当年因子",
        lambda warehouse, told: (
            warehouse.execute(
                """
            select
                bool_and(grid_factor_year = 2012) filter (where year <= 2020),
                bool_and(grid_factor_year = year) filter (where year >= 2021)
            from all_levels.region_year
            where method = 'report_2023' and region_code = '320000'
                and grid_factor_year is not null
            """
            ).fetchone()
            == (True, True)
        ),
    ),
    (
        r"frozen in the source over (\d+)-(\d+)",
        r"在源数据中 (\d+)-(\d+) 年冻结",
        counted(
            "select min(year), max(year) from quality.industry_split"
            " where is_split_frozen and region_code = '320000'"
        ),
    ),
    (
        r"EDGAR left out: correlation ([\d.]+), error (\d+) %",
        r"不用 EDGAR 时相关系数 ([\d.]+)、误差 (\d+) %",
        counted(
            "select round(correlation, 2), round(100 * mean_absolute_relative_difference)"
            " from quality.model_validation_summary where run = 'without_edgar'"
            " and series = 'edgar' and indicator = 'territorial_co2_t'"
        ),
    ),
    (
        r"The (\d+) sample parks are invented",
        r"(\d+)家样本园区是按公布的合计虚构的",
        counted("select count(*) from all_levels.parks where is_sample"),
    ),
    (r"Licence: Apache-(2.0)", r"许可：Apache-(2.0)", same("2.0")),
]


def claimed(name: str) -> list[tuple[str, list[str], Callable[..., Any]]]:
    found = []
    for english, chinese, check in CLAIMS:
        match = re.search(chinese if "zh" in name else english, prose(page(name)))
        assert match, f"{name} no longer says {english}"
        found.append((match[0], list(match.groups()), check))
    return found


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("place", range(len(CLAIMS)), ids=lambda place: CLAIMS[place][0][:40])
def test_every_claim_holds(name: str, place: int, warehouse: duckdb.DuckDBPyConnection) -> None:
    text, told, check = claimed(name)[place]
    assert check(warehouse, told), text


@pytest.mark.parametrize("name", PAGES)
def test_no_number_is_without_a_claim(name: str) -> None:
    rest = prose(page(name))
    for text, _, _ in claimed(name):
        rest = rest.replace(text, " ")
    rest = re.sub(r"\bCO2\b", " ", rest)
    assert NUMBER.findall(rest) == []


def test_there_are_as_many_methods_as_the_page_says() -> None:
    folders = list((PROJECT_ROOT / "seeds/reference/methods").iterdir())
    assert len(folders) == 5
    for name, said in zip(PAGES, ("five sets of rules", "五套规则"), strict=True):
        assert said in prose(page(name))


@pytest.mark.parametrize("name", PAGES)
def test_the_versions_of_python_are_those_of_the_package(name: str) -> None:
    first, last = re.search(r"Python 3\.(\d+)-3\.(\d+)", page(name)).groups()
    assert f'requires-python = ">=3.{first},<3.{int(last) + 1}"' in page("pyproject.toml")
