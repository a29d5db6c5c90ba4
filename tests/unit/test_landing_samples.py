"""Tables of statistics offices as they publish them, landed by a mapping alone.

The files are not the project's to give away. They are looked for in GREENPARK_SAMPLES, else in
`shared/data/yearbook_samples` beside the checkout; without them these tests are skipped.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from pathlib import Path
from typing import Any

import duckdb
import pytest
import yaml

from orchestration.landing.land import land
from orchestration.landing.map import catalogue
from orchestration.landing.map.vocabulary import read_vocabulary
from orchestration.landing.write import tables
from orchestration.proposing import propose
from orchestration.proposing.proposal import Answers
from orchestration.settings import PROJECT_ROOT

PLACES = [
    Path(os.environ.get("GREENPARK_SAMPLES", "/nonexistent")),
    *(parent / "shared" / "data" / "yearbook_samples" for parent in PROJECT_ROOT.parents),
]
SAMPLES = next((place for place in PLACES if place.is_dir()), None)
pytestmark = pytest.mark.skipif(
    SAMPLES is None,
    reason="no folder shared/data/yearbook_samples beside the checkout, nor GREENPARK_SAMPLES",
)

# What a user adds to seeds/reference for tables and labels that the warehouse does not know yet.
NEW_ROWS = {
    "catalog/datasets.csv": [
        "energy_indicators,能源指标,Energy indicators,matrix,region|year|indicator,false,,",
        "industry_energy,分行业能耗,Industries,matrix,region|year|item|indicator,false,,",
    ],
    "mappings/indicator_aliases.csv": [
        "能源消费总量,energy_consumption",
        "占能源消费总量的比重_煤品燃料,coal_share",
        "占能源消费总量的比重_油品燃料,oil_share",
        "占能源消费总量的比重_天然气,gas_share",
        "占能源消费总量的比重_一次电力,primary_electricity_share",
        '"占能源消费总量的比重_电力净调入(+)、调出(-)量",net_import_share',
        "占能源消费总量的比重_其它能源,other_share",
        "一次能源消费量,primary_energy",
        "终端能源消费量,final_energy",
        "一次能源构成/原煤,primary_coal_share",
        "一次能源构成/天然气,primary_gas_share",
        "综合能耗,comprehensive_energy",
        "人均地区生产总值,gdp_per_capita",
    ],
    "mappings/region_aliases.csv": ["辛集市,130181"],
}
# Net import is a share that may well be below nothing: the user says so, with a reason.
CORRECTIONS = """\
correction_id,action,file_name,sheet_name,row_number,column_number,column_name,rule,expected_text,\
replacement_text,reason_zh,reason_en,decided_by,decided_on,expires_on,source_id
nm1,accept,offices/neimenggu_easyquery.xlsx,,,,,value_negative,{sha256},,调出为负,exports,test,\
2026-01-01,9999-12-31,
"""
GDP_TABLE = {
    "row_labels": {1: "region"},
    "column_labels": "indicator",
    "ignore_columns": [2, 7],
    "constants": {"year": 2016},
}
SECTORS = [3, 4, 5, 6, 7, 8]  # of the continuation, which the warehouse keeps none of
MAPPINGS: dict[str, tuple[str, dict[str, Any]]] = {
    "fujian_2010_5-8_industrial_energy_by_industry.txt": (
        "industry_energy",
        {
            "delimiter": "whitespace",
            "header_rows": [3, 4, 5],
            "first_data_row": 7,
            "row_labels": {1: "item"},
            "columns": {2: {"labels": {"indicator": "综合能耗"}, "unit": "吨标准煤"}},
            "ignore_columns": [3],
            "constants": {"region": "福建", "year": 2009},
            "labels": {"item": {"全部工业企业": "工业"}},
            "skip_labels": ["轻工业", "重工业", "采矿业", "制造业"],
            "end_marks": ["[EXCERPT"],
        },
    ),
    "guangdong_7-3.xls": (
        "energy_indicators",
        {
            "header_rows": [4, 5, 6, 7, 8, 9, 10, 11],
            "row_labels": {1: "year"},
            "columns": {
                2: {"labels": {"indicator": "一次能源消费量"}, "unit": "万吨标准煤"},
                3: {"labels": {"indicator": "一次能源构成/原煤"}, "unit": "%"},
                5: {"labels": {"indicator": "一次能源构成/天然气"}, "unit": "%"},
                7: {"labels": {"indicator": "终端能源消费量"}, "unit": "万吨标准煤"},
            },
            "constants": {"region": "广东"},
        },
    ),
    "hebei_2025_t8-8_city_electricity.json": (
        "jiangsu_yearbook_city_electricity",
        {
            "json_rows": "/rows",
            "json_columns": "/years",
            "row_labels": {1: "region"},
            "column_labels": "year",
            "unit": "亿千瓦时",
            "constants": {"item": "全社会用电量", "fuel": "电力"},
            "skip_labels": [
                "石家庄市①", "秦皇岛市", "邯郸市", "邢台市", "保定市", "保定市①", "张家口市",
                "承德市", "沧州市", "廊坊市", "衡水市", "定州市",
            ],
        },
    ),
    "hubei_6-2_2018edition.xls": (
        "jiangsu_yearbook_industrial_fuel_use",
        {
            "header_rows": 3,
            "row_labels": {1: "fuel"},
            "unit_column": 2,
            "ignore_columns": [3, 4],
            "column_labels": "year",
            "constants": {"region": "湖北", "item": "规模以上工业能源消费量"},
            "labels": {"fuel": {"其他燃料": "其他能源"}},
            "skip_labels": ["能源消费量合计"],
        },
    ),
    "nbs_gdp_2016_encrypted.xls": (
        "china_yearbook_gdp",
        {
            **GDP_TABLE,
            "sheet": "1-2",
            "header_rows": [7, 8, 9],
            "unit_cell": [5, 1],
            "ignore_sheets": ["3", "CNKI"],
            "blocks": [
                {
                    "header_rows": [46, 47, 48],
                    "ignore_columns": [2, *SECTORS],
                    "columns": {9: {"unit": "元"}},
                    "unit_cell": [44, 1],
                }
            ],
        },
    ),
    "neimenggu_easyquery.xlsx": (
        "energy_indicators",
        {
            "header_rows": 4,
            "row_labels": {1: "indicator"},
            "column_labels": "year",
            "unit_in": "row_label",
            "constants": {"region": "内蒙古"},
        },
    ),
}  # fmt: skip
# sample: rows accepted; one cell as (file row, file column, labels..., unit, printed)
# By the names that are known; what stands in the file is what the landing has to make them of.
KNOWN: dict[str, tuple[int, list[tuple[Any, ...]]]] = {
    "fujian_2010_5-8_industrial_energy_by_industry.txt": (
        35,
        [
            (7, "福建", "2009", "工业", "综合能耗", "吨标准煤", "48862489"),
            (32, "福建", "2009", "石油加工、炼焦及核燃料加工业", "综合能耗", "吨标准煤", "2634361"),
            (13, "福建", "2009", "石油和天然气开采业", "综合能耗", "吨标准煤", ""),
        ],
    ),
    "guangdong_7-3.xls": (
        108,
        [
            (13, "广东", "1990", "一次能源消费量", "万吨标准煤", "3690.25"),
            (13, "广东", "1990", "一次能源构成/天然气", "%", ""),
            (39, "广东", "2024", "终端能源消费量", "万吨标准煤", "42036.02"),
        ],
    ),
    "hebei_2025_t8-8_city_electricity.json": (
        18,
        [
            (2, "石家庄市", "2015", "全社会用电量", "电力", "亿千瓦时", "443.12"),
            (4, "唐山市", "2024", "全社会用电量", "电力", "亿千瓦时", "959.95"),
        ],
    ),
    "hubei_6-2_2018edition.xls": (
        126,
        [
            (5, "湖北", "2019", "规模以上工业能源消费量", "原煤", "万吨", "8718.65"),
            (23, "湖北", "2024", "规模以上工业能源消费量", "热力", "万百万千焦", "16490.035528"),
        ],
    ),
    "nbs_gdp_2016_encrypted.xls": (
        217,
        [
            (19, "江苏", "2016", "地区生产总值", "亿元", "77388.28"),
            (19, "江苏", "2016", "工业", "亿元", "30455.15"),
            (58, "江苏", "2016", "人均地区生产总值", "元", "96887"),
        ],
    ),
    "neimenggu_easyquery.xlsx": (
        21,
        [
            (5, "内蒙古", "2024年", "能源消费总量", "万吨标准煤", "32161.04"),
            (
                10,
                "内蒙古",
                "2022年",
                "占能源消费总量的比重_电力净调入(+)、调出(-)量",
                "%",
                "-24.73",
            ),
        ],
    ),
}


@pytest.fixture
def reference(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The reference tables with the rows that a user would add."""
    copy = tmp_path / "reference"
    shutil.copytree(catalogue.REFERENCE, copy)
    for name, rows in NEW_ROWS.items():
        with (copy / name).open("a", encoding="utf-8") as file:
            file.writelines(f"{row}\n" for row in rows)
    for module in (catalogue, tables):
        monkeypatch.setattr(module, "REFERENCE", copy)
    return copy


@pytest.mark.parametrize("name", MAPPINGS)
def test_a_sample_lands_by_a_mapping_alone(name: str, reference: Path, tmp_path: Path) -> None:
    dataset, layout = MAPPINGS[name]
    path = tmp_path / "data" / "offices" / name
    path.parent.mkdir(parents=True)
    shutil.copyfile(SAMPLES / name, path)
    sidecar = {
        "dataset": dataset,
        "source_id": "sample",
        "publisher": "统计局",
        "title_zh": "样表",
        "title_en": "Sample",
        "edition_year": 2025,
        "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
        "licence": "not stated",
        "origin": "observed",
        "url_or_citation": "as published",
        "layout": {"kind": "matrix", **layout},
    }
    path.with_name(path.name + ".yml").write_text(yaml.safe_dump(sidecar, allow_unicode=True))
    if name in CORRECTIONS:
        decided = CORRECTIONS.format(sha256=sidecar["sha256"])
        (tmp_path / "data" / "corrections.csv").write_text(decided, encoding="utf-8")
    database = tmp_path / "landed.duckdb"
    report = land(database, [tmp_path / "data"])
    count, cells = KNOWN[name]
    assert report.messages == []
    assert report.rows_accepted == count
    read = catalogue.read_datasets()[dataset]
    vocabulary = read_vocabulary()
    with duckdb.connect(str(database), read_only=True) as connection:
        landed = connection.execute(
            f"select _row_number, {', '.join(read.codes)}, unit, to_unit_factor, value_text "
            f"from raw.{dataset}"
        ).fetchall()
    for row, *labels, unit, value in cells:
        codes: list[str | int | None] = []
        for concept, label in zip(read.concepts, labels, strict=True):
            codes += vocabulary.meaning(concept, [label], {}).codes(concept)
        assert None not in codes
        unit_meaning = vocabulary.unit_meaning(unit)
        assert (row, *codes, unit_meaning.code, unit_meaning.factor, value) in landed


# What the proposer has to find in each sample: what it is told, then the keys of the layout.
PROPOSED: dict[str, tuple[Answers, dict[str, Any], int]] = {
    "fujian_2010_5-8_industrial_energy_by_industry.txt": (
        Answers(constants={"region": "福建"}, leave_out=True),
        {
            "delimiter": "whitespace",
            "header_rows": [3, 4, 5],
            "first_data_row": 7,
            "row_labels": {1: "item"},
            "columns": {2: {"labels": {"indicator": "综合能耗"}, "unit": "吨标准煤"}},
            "constants": {"region": "福建", "year": 2009},
        },
        39,
    ),
    "guangdong_7-3.xls": (
        Answers(constants={"region": "广东"}, leave_out=True),
        {
            "header_rows": [4, 5, 6, 7, 8, 9, 10, 11],
            "first_data_row": 13,
            "row_labels": {1: "year"},
            "column_labels": "indicator",
            "ignore_columns": [3, 4, 5, 6, 8, 9, 10, 11],
            "unit_in": "column_label",
        },
        54,
    ),
    "hebei_2025_t8-8_city_electricity.json": (
        Answers(leave_out=True),
        {
            "json_rows": "/rows",
            "json_columns": "/years",
            "header_rows": [1],
            "row_labels": {1: "region"},
            "column_labels": "year",
            "unit": "亿千瓦时",
            "constants": {"item": "全社会用电量", "fuel": "电力"},
        },
        72,
    ),
    "hubei_6-2_2018edition.xls": (
        Answers(constants={"region": "湖北"}, leave_out=True),
        {
            "header_rows": [3],
            "row_labels": {1: "fuel"},
            "column_labels": "year",
            "ignore_columns": [3, 4],
            "unit_column": 2,
            "skip_labels": ["能源消费量合计"],
        },
        126,
    ),
    "nbs_gdp_2016_encrypted.xls": (
        Answers(leave_out=True),
        {
            "ignore_sheets": ["3", "CNKI"],
            "header_rows": [7, 8, 9],
            "row_labels": {1: "region"},
            "column_labels": "indicator",
            "unit_cell": [5, 1],
            "constants": {"year": 2016},
        },
        217,
    ),
    "neimenggu_easyquery.xlsx": (
        Answers(constants={"region": "内蒙古"}),
        {
            "header_rows": [4],
            "row_labels": {1: "indicator"},
            "column_labels": "year",
            "unit_in": "row_label",
        },
        21,
    ),
}


@pytest.mark.parametrize("name", PROPOSED)
def test_the_mapping_of_a_sample_is_proposed(name: str, reference: Path, tmp_path: Path) -> None:
    path = tmp_path / name
    shutil.copyfile(SAMPLES / name, path)
    answers, expected, cells = PROPOSED[name]
    dataset = catalogue.read_datasets()[MAPPINGS[name][0]]
    proposal = propose.propose(path, dataset, read_vocabulary(), answers)
    assert {key: proposal.layout.get(key) for key in expected} == expected
    assert proposal.unknown == []
    assert proposal.cells == proposal.matched == cells
    assert {entry.name for entry in proposal.missing} == {
        "source_id", "publisher", "edition_year", "licence", "url_or_citation",
    }  # fmt: skip
