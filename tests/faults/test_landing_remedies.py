"""What the landing and the proposal tell people to do can be done, and helps."""

from __future__ import annotations

import csv
import io
import re
import shlex
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner
from landing_formats import deliver, describe, save, write
from landing_tables import Place, Table, enterprise_energy

from expectations.rules import load_rules
from orchestration import cli
from orchestration.cli.describe import pairs
from orchestration.landing.land import land
from orchestration.landing.map.catalogue import Dataset, read_datasets
from orchestration.landing.map.vocabulary import read_vocabulary
from orchestration.landing.read.sidecar import Layout, Sidecar
from orchestration.landing.write.report import LandingReport
from orchestration.proposing import propose
from orchestration.proposing.proposal import Answers, Candidate, Proposal, Unknown
from orchestration.settings import PROJECT_ROOT

# Labels that YAML or CSV would take for something else.
ODD_LABELS = [
    "2022-01-01",
    "yes",
    "煤, 其他",
    "煤：焦炭",
    "煤: 焦炭",
    '"原煤"',
    "# 原煤",
    "{原煤}",
    "- 原煤",
    "1e5",
    "原煤\n洗煤",
    "null",
    "'",
]
KEYS = {*Layout.model_fields, *Sidecar.model_fields}


@pytest.mark.parametrize("label", ODD_LABELS)
@pytest.mark.parametrize("concept", ["fuel", "region", "item", "indicator", "year"])
def test_the_line_for_the_sidecar_says_the_label_again(concept: str, label: str) -> None:
    known = Candidate("原煤", "raw_coal", 0.5)
    entry = Unknown(concept, label, 1, [known])
    said = yaml.safe_load(entry.override)["labels"][concept]
    read = Layout.model_validate(
        {"kind": "matrix", "row_labels": {1: "fuel"}, "column_labels": "year", "unit": "吨"}
        | {"labels": {concept: said}}
    )
    assert list(read.labels[concept]) == [entry.short]
    if entry.table:
        (row,) = csv.reader(io.StringIO(entry.row, newline=""))
        path = PROJECT_ROOT / entry.table
        header = next(csv.reader(path.open(encoding="utf-8", newline="")))
        assert row[0] == entry.short
        assert len(row) <= len(header)


@pytest.mark.parametrize("label", ODD_LABELS)
def test_the_option_says_the_label_again(label: str) -> None:
    entry = Unknown("fuel", label, 1, [])
    _, said = shlex.split(entry.option)
    assert pairs("--label", (said,)) == {entry.short: "KNOWN"}


@pytest.mark.parametrize("label", ODD_LABELS)
def test_the_line_for_a_column_says_the_heading_again(label: str) -> None:
    entry = Unknown("column", label, 1, [])
    said = yaml.safe_load(entry.override)["fields"]
    assert [str(key) for key in said] == [label]


def test_remedies_name_keys_options_and_files_that_there_are() -> None:
    options = {option for command in cli.main.commands.values() for p in command.params
               for option in p.opts}  # fmt: skip
    for rule in load_rules().values():
        for text in (rule.remedy_en, rule.remedy_zh):
            for option in re.findall(r"--[a-z-]+", text):
                assert option in options, (rule.rule_id, option)
            for path in re.findall(r"seeds/[\w/]+\.csv|[\w]+/[\w]+\.csv", text):
                assert (PROJECT_ROOT / path).exists(), (rule.rule_id, path)
            if rule.gate == "landing":
                named = re.findall(r"\b[a-z]+(?:_[a-z]+)+\b", re.sub(r"\S*/\S*", "", text))
                strange = {name for name in named if name not in KEYS}
                assert strange <= {"seeds_reference"}, (rule.rule_id, strange)


def landed(root: Path) -> LandingReport:
    return land(root.parent / f"{root.name}.duckdb", [root])


def marked_list(place: Place) -> Table:
    table = enterprise_energy(place)
    table.put(2, 7, "-")
    return table


def test_a_mark_in_a_list_is_named_in_the_sidecar(tmp_path: Path) -> None:
    """As in a table, whose remedy `test_landing_remedies_followed.py` follows with all others."""
    remedy = load_rules()["value_not_a_number"].remedy_en
    deliver(tmp_path / "before", "table.csv", marked_list(Place(4)))
    before = landed(tmp_path / "before")
    assert before.rows_refused
    assert any(remedy in message for message in before.messages)
    table = marked_list(Place(4))
    table.layout |= {"missing_marks": {"-": "not_available"}}
    data = write(table, "csv")
    save(tmp_path / "after", "table.csv", data, describe(table, data, "table"))
    after = landed(tmp_path / "after")
    assert (after.rows_refused, after.messages) == (0, [])


@pytest.mark.parametrize("answer", ["否", "NO", "FALSE", "false"])
def test_no_remedy_turns_an_answer_round(answer: str, tmp_path: Path) -> None:
    text = f"园区编码,企业编码,企业名称,行业代码,是否规模以上工业企业\nP1,E1,甲厂,26,{answer}\n"
    (tmp_path / "answers.csv").write_text(text, encoding="utf-8")
    arguments = ["--source-id", "own", "--publisher", "P", "--title-zh", "T", "--title-en", "T"]
    arguments += ["--edition", "2024", "--licence", "own", "--citation", "own", "--yes"]
    arguments += ["--home", str(tmp_path / "home")]
    done = CliRunner().invoke(
        cli.main,
        ["describe", str(tmp_path / "answers.csv"), "--as", "park_returns_enterprises", *arguments],
    )
    assert done.exit_code == 0, done.output


def proposal_of(path: Path, dataset: Dataset, **answers: Any) -> Proposal:
    return propose.propose(path, dataset, read_vocabulary(), Answers(**answers))


def test_each_unknown_label_of_a_proposal_can_be_named(tmp_path: Path) -> None:
    rows = ["城市,2022年,2023年", "南 京 市,1,2", '"东, 郊",3,4', "2020-01-01,5,6", "无锡市,7,8"]
    (tmp_path / "cities.csv").write_text("\n".join(rows), encoding="utf-8")
    dataset = read_datasets()["jiangsu_yearbook_city_electricity"]
    found = proposal_of(tmp_path / "cities.csv", dataset, unit="亿千瓦时")
    assert {entry.printed for entry in found.unknown} == {"东, 郊", "2020-01-01"}
    said = {entry.short: "苏州市" for entry in found.unknown[:1]}
    said |= {entry.short: "常州市" for entry in found.unknown[1:]}
    again = proposal_of(tmp_path / "cities.csv", dataset, unit="亿千瓦时", labels=said)
    assert (again.unknown, again.matched) == ([], 8)
