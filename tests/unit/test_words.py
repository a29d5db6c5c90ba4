"""With Chinese chosen nothing is English: help, errors, the details of the landing."""

from __future__ import annotations

import ast
import csv
import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner
from rich.cells import cell_len

from expectations.rules import load_rules
from orchestration import cli, words
from orchestration.errors import GreenparkError
from orchestration.landing.read.sidecar import SidecarError, read_sidecar
from orchestration.settings import PROJECT_ROOT

CODE = PROJECT_ROOT / "orchestration"
RULES = CODE / "landing" / "judge" / "rules"
COMMANDS = sorted(cli.main.commands)
# What is no English: options, values, names of files, columns and programs, shouted metavars.
NAMES = re.compile(
    r"--?[\w-]+|\d+[KMGT]i?B|[\w./~-]*[_./=][\w./~=-]*|`[^`]*`|\[[^\]]*\]|\b[A-Z][A-Z0-9=-]*\b"
    r"|\b(greenpark|refresh|land|check|describe|status|DuckDB|Spark|Dagster|Excel|staging|matrix|records|parquet|table|csv"
    r"|seeds|schema|reference|emissions|indicators|quality|zh|en|observed|zero|suppressed|ceads"
    r"|territorial|industrial|dbt|kind|make|setup|region|year|indicator|query|select|from|rollback"
    r"|spark|dagster|webserver|pip|install|site|dashboards|Superset|bi)\b"
)
WORD = re.compile(r"[A-Za-z]{2,}")


def english(text: str) -> list[str]:
    return WORD.findall(NAMES.sub(" ", text))


def _template(node: ast.expr) -> str | None:
    """A text of the code with {} for what differs; None if it is no text."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(
            str(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values
        )
    return None


def _branches(node: ast.expr) -> list[ast.expr]:
    """What an expression may give: both sides of an `if else`."""
    if isinstance(node, ast.IfExp):
        return [*_branches(node.body), *_branches(node.orelse)]
    return [node]


def _returned(function: ast.FunctionDef) -> Iterator[str]:
    """The texts that a function gives back as they stand."""
    for node in ast.walk(function):
        if isinstance(node, ast.Return) and node.value and (text := _template(node.value)):
            yield text


def texts() -> Iterator[tuple[str, str]]:
    """Every text that the code says to a person: errors, wrong usage, help, what `say` is given."""
    for path in sorted(CODE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef) and "remedy" in node.name:
                yield from ((path.name, text) for text in _returned(node))
            if not isinstance(node, ast.Call):
                continue
            called = node.func
            name = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
            given: list[ast.expr] = []
            if name == "GreenparkError":
                given = node.args[:2] if len(node.args) < 4 else []
            elif name in ("usage", "say"):
                given = node.args[:1]
            elif name == "each":
                given = node.args
            elif name == "option":
                given = [keyword.value for keyword in node.keywords if keyword.arg == "help"]
            for argument in given:
                for text in map(_template, _branches(argument)):
                    if text and text.strip("{} :"):
                        yield path.name, text


@pytest.mark.parametrize(("where", "text"), sorted(set(texts())))
def test_every_text_has_its_words(where: str, text: str) -> None:
    if re.search("[\u4e00-\u9fff]", text):
        return  # says it in both languages itself
    told = words.in_chinese(text)
    assert told != text, f"{where}: add a row to orchestration/words_zh.csv"
    assert english(re.sub(r"\{[^}]*\}", "", told)) == []


# What is landed, or made to be landed, is in Chinese: these folders hold words nobody is told.
READS_CHINESE = {"landing", "proposing", "forms", "reconstruction"}
# Both languages stand beside each other, whatever is spoken: the names of a form, the comments of
# the published file.
TWO_LANGUAGES = {
    "cli/template.py",
    "sign_offs.py",
    "publishing/names.py",
    "publishing/model_schema.py",
}


def test_no_module_keeps_chinese_words_of_its_own() -> None:
    found = {}
    for path in CODE.rglob("*.py"):
        name = path.relative_to(CODE)
        if name.parts[0] in READS_CHINESE or str(name) in TWO_LANGUAGES:
            continue
        tree = ast.parse(path.read_text(encoding="utf-8"))
        told = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
        constants = [
            node.value
            for node in ast.walk(tree)
            if isinstance(node, ast.Constant) and isinstance(node.value, str)
            if id(node) not in told and re.search("[\u4e00-\u9fff]", node.value)
        ]
        if constants:
            found[str(name)] = constants
    assert found == {}, "their place is orchestration/words_zh.csv"


@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_help_is_chinese(command: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    arguments = [command, "--help"] if command else ["--help"]
    said = CliRunner().invoke(cli.main, arguments, terminal_width=300).output
    assert "用法" in said
    body = re.sub(r"用法[:：].*\n", "", re.sub(r"示例：\n(    .*\n)+", "", said))
    body = re.sub(r"(?m)^  [\w-]+  ", "", body)  # the names of commands
    assert english(" ".join(body.split())) == []
    monkeypatch.setenv("LC_ALL", "C")
    assert "Usage:" in CliRunner().invoke(cli.main, arguments, terminal_width=300).output


@pytest.mark.parametrize(
    "arguments",
    [
        ["describe", "nofile.csv", "--lang", "zh"],
        ["land", "--as", "x", "--lang=zh"],
        ["describe", "--strange", "--lang", "zh"],
        ["status", "--lang", "zh", "--home", "nowhere"],
    ],
)
def test_errors_are_chinese(
    arguments: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(cli.main, arguments)
    assert done.exit_code
    said = re.sub(r"用法.*\n", "", done.stderr).replace(str(tmp_path), "")
    assert english(said) == [] or set(english(said)) <= {"nofile", "nowhere", "main", "strange"}


def test_words_with_gaps_keep_what_fills_them() -> None:
    error = GreenparkError("no dataset 甲", "the datasets are a, b")
    with words.spoken([click.Command("x")], "zh"):
        assert error.told() == "错误：没有数据集 甲\n处理办法：已有数据集：a, b"
    assert error.told() == "error: no dataset 甲\nWhat to do: the datasets are a, b"


def test_each_row_of_the_words_has_the_same_gaps() -> None:
    for en, zh in words._known().items():
        assert en.count("{}") == zh.count("{}"), en
        assert sorted(re.findall(r"\{\w+[^}]*\}", en)) == sorted(re.findall(r"\{\w+[^}]*\}", zh)), (
            en
        )


def test_statements_and_remedies_of_all_gates_are_chinese() -> None:
    for rule in load_rules().values():
        assert re.search("[\u4e00-\u9fff]", rule.statement_zh), rule.rule_id
        assert not rule.remedy_en or re.search("[\u4e00-\u9fff]", rule.remedy_zh), rule.rule_id


@pytest.mark.parametrize("path", sorted(RULES.glob("*.sql")), ids=lambda path: path.stem)
def test_a_detail_with_english_words_has_a_chinese_one(path: Path) -> None:
    text = re.sub(r"--.*", "", path.read_text(encoding="utf-8"))
    pieces = re.findall(r"set detail =(.*)%}|set detail %}([^%]*)", text)
    pieces += [(line, "") for line in re.findall(r"(.*) as detail\b(?!_zh)", text)]
    literals = [text for piece in pieces for text in re.findall(r"'([^']*)'", " ".join(piece))]
    said = [
        text
        for text in literals
        if WORD.search(text) and not re.fullmatch(r"[a-z_]+|.*\{\{.*", text)
    ]
    assert not said or "detail_zh" in text, said


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("dataset: x\ndataset: y\n", "键 dataset 出现两次"),
        ("dataset: [\n", "不是有效的 YAML"),
        ("dataset: x\n", "source_id：缺少"),
        ("strange: x\n", "strange：没有这个键"),
    ],
)
def test_a_wrong_sidecar_is_explained_in_chinese(tmp_path: Path, text: str, says: str) -> None:
    path = tmp_path / "x.yml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SidecarError) as caught:
        read_sidecar(path)
    assert says in caught.value.in_chinese
    assert (
        english(caught.value.in_chinese.replace("layout", "").replace("edition", ""))
        in (
            [],
            *[[word] for word in ("dataset", "strange", "YAML")],
        )
        or "缺少" in caught.value.in_chinese
    )


def test_what_is_said_of_factors_has_its_words() -> None:
    """`explain` prints note and citation of a factor: sentences, unless they are Chinese."""
    reference = PROJECT_ROOT / "seeds/reference"

    def read(path: Path) -> list[dict[str, str]]:
        with path.open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    factors = [row for path in reference.glob("methods/*/co2_factors.csv") for row in read(path)]
    sources = {row["source_id"] for row in factors}
    told = {row["note"] for row in factors if row["note"]} | {
        row["url_or_citation"]
        for row in read(reference / "catalog/publications.csv")
        if row["source_id"] in sources
    }
    assert len(told) > 20
    assert [
        text for text in sorted(told) if not re.search("[\u4e00-\u9fff]", words.in_chinese(text))
    ] == []


@pytest.mark.parametrize("command", ["", *COMMANDS])
@pytest.mark.parametrize("locale", ["C", "zh_CN.UTF-8"])
def test_help_fits_a_terminal(command: str, locale: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """In eighty columns, of which a Chinese sign takes two; no word is torn."""
    monkeypatch.setenv("LC_ALL", locale)
    arguments = [command, "--help"] if command else ["--help"]
    said = CliRunner().invoke(cli.main, arguments, terminal_width=80).output
    assert [line for line in said.splitlines() if cell_len(line) > 80] == []
    wide = CliRunner().invoke(cli.main, arguments, terminal_width=300).output
    words_of = re.compile(r"[A-Za-z0-9_./-]{4,}")
    assert {*words_of.findall(wide)} <= {*words_of.findall(said)}
