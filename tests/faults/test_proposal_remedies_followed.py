"""What a proposal prints as a remedy is done, in each way it offers, and the table lands whole."""

from __future__ import annotations

import shlex
import shutil
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb
import pytest
import yaml

from orchestration.errors import GreenparkError
from orchestration.landing.land import land
from orchestration.landing.map import catalogue, list_units
from orchestration.landing.map.catalogue import read_datasets
from orchestration.landing.map.vocabulary import read_vocabulary
from orchestration.landing.write import tables
from orchestration.proposing import propose
from orchestration.proposing.proposal import Answers, Proposal, Unknown

SOURCE = {
    "source_id": "own",
    "publisher": "P",
    "title_zh": "题",
    "title_en": "T",
    "edition_year": "2024",
    "licence": "own",
    "url_or_citation": "own",
}


@dataclass(frozen=True)
class Strange:
    """A file with one label that no table has: what it means, and the words that say so."""

    dataset: str
    lines: tuple[str, ...]
    known: str  # stands for KNOWN, UNIT or COLUMN in what is printed
    code: str  # stands for CODE, or for what follows the unit in its table
    lands: dict[tuple[str, ...], float]  # codes that tell the values apart, and what is kept
    told: dict[str, Any] = field(default_factory=dict)


KEYS = {
    "jiangsu_yearbook_city_electricity": "region_code, year",
    "jiangsu_yearbook_industrial_fuel_use": "fuel_code, year",
    "energy_yearbook_energy_balance": "balance_item, industry_code, fuel_code",
    "china_yearbook_gdp": "indicator, year",
    "park_returns_enterprises": "enterprise_id, industry_code",
}
STRANGE = {
    "region": Strange(
        "jiangsu_yearbook_city_electricity",
        ("城市,2022年,2023年", "南京市,1.5,2.5", "东郊城,3.5,4.5"),
        "苏州市",
        "320500",
        {("320100", "2022"): 1.5, ("320100", "2023"): 2.5,
         ("320500", "2022"): 3.5, ("320500", "2023"): 4.5},
        {"unit": "兆瓦时"},
    ),
    "fuel": Strange(
        "jiangsu_yearbook_industrial_fuel_use",
        ("江苏省规模以上工业能源消费量", "能源品种,单位,2022年", "原煤,吨,10", "白色酒精,吨,20"),
        "汽油",
        "gasoline",
        {("raw_coal", "2022"): 10.0, ("gasoline", "2022"): 20.0},
        {"constants": {"region": "江苏省", "item": "规模以上工业能源消费量"}},
    ),
    "item": Strange(
        "energy_yearbook_energy_balance",
        ("项目,原煤,焦炭", ",吨,吨", "煤炭开采和洗选业,10,20", "黑色金属乱炼业,30,40"),
        "黑色金属冶炼和压延加工业",
        "31",
        {("final_consumption", "06", "raw_coal"): 10.0,
         ("final_consumption", "06", "coke"): 20.0,
         ("final_consumption", "31", "raw_coal"): 30.0,
         ("final_consumption", "31", "coke"): 40.0},
        {"constants": {"region": "420000", "year": "2020"}},
    ),
    "indicator": Strange(
        "china_yearbook_gdp",
        ("单位：万元,,", "指标,2022年,2023年", "地区生产总值,10,20", "第零产业,3,4"),
        "第一产业",
        "primary_value_added",
        {("gdp", "2022"): 10.0, ("gdp", "2023"): 20.0,
         ("primary_value_added", "2022"): 3.0, ("primary_value_added", "2023"): 4.0},
        {"constants": {"region": "420000"}},
    ),
    "unit": Strange(
        "jiangsu_yearbook_industrial_fuel_use",
        ("江苏省规模以上工业能源消费量", "能源品种,单位,2022年", "原煤,吨,20", "焦炭,千担,10"),
        "",
        "t,50,mass",
        {("raw_coal", "2022"): 20.0, ("coke", "2022"): 500.0},
        {"constants": {"region": "江苏省", "item": "规模以上工业能源消费量"}},
    ),
    "column": Strange(
        "park_returns_enterprises",
        (
            "园区编码,企业编码,企业名称,行业代码,是否规模以上工业企业,厂址",
            "P1,E1,甲厂,26,true,城东",
        ),
        "note",
        "",
        {("E1", "26"): 1.0},
    ),
}  # fmt: skip


def proposed(path: Path, strange: Strange, **answers: Any) -> Proposal:
    dataset = read_datasets()[strange.dataset]
    told = Answers(sidecar=dict(SOURCE), **{**strange.told, **answers})
    return propose.propose(path, dataset, read_vocabulary(), told)


def write(folder: Path, strange: Strange) -> Path:
    path = folder / "data" / "table.csv"
    path.parent.mkdir(parents=True)
    path.write_text("\n".join(strange.lines) + "\n", encoding="utf-8")
    return path


def unknown_of(path: Path, strange: Strange, concept: str) -> Unknown:
    found = proposed(path, strange)
    assert [entry.concept for entry in found.unknown] == [concept]
    assert found.missing == []
    return found.unknown[0]


def lands(path: Path, strange: Strange, sidecar: str) -> None:
    """Write the sidecar and land the file: nothing is refused, and the values are right."""
    path.with_name("table.csv.yml").write_text(sidecar, encoding="utf-8")
    database = path.parents[1] / "landed.duckdb"
    report = land(database, [path.parent])
    assert (report.rows_refused, report.messages) == (0, [])
    value = "number_text::double * to_unit_factor"
    if strange.dataset.startswith("park_returns"):
        value = "1.0"
    with duckdb.connect(str(database), read_only=True) as connection:
        rows = connection.execute(
            f"select {KEYS[strange.dataset]}, {value} from raw.{strange.dataset}"
        ).fetchall()
    assert {tuple(map(str, row[:-1])): row[-1] for row in rows} == strange.lands


@pytest.mark.parametrize("concept", [c for c in STRANGE if c != "unit"])
def test_the_option_printed_for_a_label_is_given(concept: str, tmp_path: Path) -> None:
    strange = STRANGE[concept]
    path = write(tmp_path, strange)
    option = unknown_of(path, strange, concept).option
    name, said = shlex.split(option.replace("KNOWN", strange.known)
                             .replace("COLUMN", strange.known))  # fmt: skip
    assert name == "--label"
    printed, _, meant = said.partition("=")
    again = proposed(path, strange, labels={printed: meant})
    assert again.unknown == []
    lands(path, strange, propose.sidecar_text(again))


@pytest.mark.parametrize("concept", [c for c in STRANGE if c != "unit"])
def test_the_line_printed_for_the_sidecar_is_written_into_it(concept: str, tmp_path: Path) -> None:
    strange = STRANGE[concept]
    path = write(tmp_path, strange)
    found = proposed(path, strange)
    line = found.unknown[0].override.replace("KNOWN", strange.known)
    document = yaml.safe_load(propose.sidecar_text(found))
    document["layout"] |= yaml.safe_load(line)
    lands(path, strange, yaml.safe_dump(document, allow_unicode=True))


@pytest.mark.parametrize("concept", [c for c in STRANGE if c != "column"])
def test_the_row_printed_for_a_table_is_added_to_it(
    concept: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    strange = STRANGE[concept]
    path = write(tmp_path, strange)
    entry = unknown_of(path, strange, concept)
    row = entry.row.replace("UNIT,FACTOR,DIMENSION", strange.code).replace("CODE", strange.code)
    copy = tmp_path / "reference"
    shutil.copytree(catalogue.REFERENCE, copy)
    with (copy / entry.table.removeprefix("seeds/reference/")).open("a", encoding="utf-8") as table:
        table.write(f"{row}\n")
    for module in (catalogue, tables):
        monkeypatch.setattr(module, "REFERENCE", copy)
    list_units._units.cache_clear()
    try:
        again = proposed(path, strange)
        assert again.unknown == []
        lands(path, strange, propose.sidecar_text(again))
    finally:
        list_units._units.cache_clear()


@pytest.mark.parametrize("concept", [c for c in STRANGE if c not in ("unit", "column")])
def test_leaving_out_leaves_out_by_name(concept: str, tmp_path: Path) -> None:
    """`--leave-out` reads all else, and the proposal names what it does not read."""
    strange = STRANGE[concept]
    path = write(tmp_path, strange)
    printed = unknown_of(path, strange, concept).printed
    again = proposed(path, strange, leave_out=True)
    assert again.unknown == []
    assert printed in {entry.name for entry in again.unread}
    kept = {key: value for key, value in strange.lands.items() if strange.code not in key}
    lands(path, Strange(strange.dataset, strange.lines, "", "", kept),
          propose.sidecar_text(again))  # fmt: skip


def test_what_is_asked_for_is_given_by_the_option_named(tmp_path: Path) -> None:
    """Year, unit, region and the source: each with the option that the proposal prints."""
    lines = ("能源品种,消费量", "原煤,10", "焦炭,20")
    dataset = read_datasets()["jiangsu_yearbook_industrial_fuel_use"]
    path = tmp_path / "data" / "table.csv"
    path.parent.mkdir()
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    found = propose.propose(path, dataset, read_vocabulary(), Answers())
    given = {
        "year": "2022",
        "unit": "吨",
        "region": "江苏省",
        "item": "规模以上工业能源消费量",
        **SOURCE,
    }
    asked = {entry.name: entry.option for entry in found.missing}
    assert set(asked) >= {"year", "unit", "source_id", "publisher", "edition_year"}
    constants, sidecar, unit = {}, {}, None
    for name, option in asked.items():
        if option.startswith("--set "):
            assert option == f"--set {name}="
            constants[name] = given[name]
        elif option == "--unit":
            unit = given[name]
        else:
            sidecar[name] = given[name]
    again = propose.propose(
        path, dataset, read_vocabulary(), Answers(sidecar=sidecar, constants=constants, unit=unit)
    )
    assert (again.missing, again.unknown) == ([], [])
    strange = Strange(dataset.name, lines, "", "",
                      {("raw_coal", "2022"): 10.0, ("coke", "2022"): 20.0})  # fmt: skip
    lands(path, strange, propose.sidecar_text(again))


def test_a_printed_unit_is_overruled_by_nothing(tmp_path: Path) -> None:
    """Where a column or a caption prints a unit that no table knows, the proposal names it."""
    strange = STRANGE["unit"]
    path = write(tmp_path, strange)
    with pytest.raises(GreenparkError, match="the file prints 吨, 千担"):
        proposed(path, strange, unit="万吨")
    path.write_text("单位：千担,\n能源品种,2022年\n原煤,10\n", encoding="utf-8")
    found = proposed(path, strange)
    assert [entry.name for entry in found.missing] == ["unit"]
    assert any("the unit is 千担, which no table knows" in note.en for note in found.notes)


def test_a_column_of_offices_is_no_column_of_units(tmp_path: Path) -> None:
    """单位 is the word for a unit and for an office."""
    strange = STRANGE["region"]
    path = tmp_path / "data" / "table.csv"
    path.parent.mkdir()
    path.write_text("序号,单位,2022年\n一,南京市,1.5\n二,苏州市,3.5\n", encoding="utf-8")
    found = proposed(path, strange)
    assert found.layout["row_labels"] == {2: "region"} and found.unknown == []


def test_a_code_that_is_none_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    copy = tmp_path / "reference"
    shutil.copytree(catalogue.REFERENCE, copy)
    with (copy / "mappings/balance_item_aliases.csv").open("a", encoding="utf-8") as table:
        table.write("暗行,no_such_item\n")
    monkeypatch.setattr(catalogue, "REFERENCE", copy)
    with pytest.raises(GreenparkError, match="暗行 means no_such_item"):
        read_vocabulary()


def test_a_mark_is_given_the_meaning_of_the_option_named(tmp_path: Path) -> None:
    strange = STRANGE["region"]
    path = tmp_path / "data" / "table.csv"
    path.parent.mkdir()
    path.write_text("城市,2022年,2023年\n南京市,1.5,-\n苏州市,3.5,4.5\n", encoding="utf-8")
    found = proposed(path, strange)
    (note,) = (note.en for note in found.notes if "--mark" in note.en)
    _, said = shlex.split(note.partition("if it is nothing, ")[2])
    mark, _, meaning = said.partition("=")
    again = proposed(path, strange, marks={mark: meaning})
    values = {**strange.lands, ("320100", "2023"): 0.0}
    lands(path, Strange(strange.dataset, (), "", "", values), propose.sidecar_text(again))
