"""What a region is called: names in force, names of before, and what two regions share."""

from __future__ import annotations

from itertools import pairwise

import duckdb
import pytest

from orchestration.landing.map.catalogue import REFERENCE, read_rows
from orchestration.landing.map.labels import OPEN, is_named, known_labels
from orchestration.landing.map.vocabulary import read_vocabulary

RULES = (
    REFERENCE.parents[1]
    / "orchestration"
    / "landing"
    / "judge"
    / "rules"
    / "shared"
    / "reference.sql"
)


@pytest.fixture(scope="module")
def labels() -> dict[str, str]:
    return {known.label: known.code for known in known_labels("region")}


@pytest.mark.parametrize(
    ("label", "code"),
    [
        ("山西", "140000"),
        ("山西省", "140000"),
        ("140000", "140000"),
        ("大同市", "140200"),
        ("大同", "140200"),
        ("Datong", "140200"),
        ("黔东南", "522600"),
        ("黔东南苗族侗族自治州", "522600"),
        ("中国", "100000"),
        ("思茅市", "530800"),  # until 2006, now 普洱市
        ("Xiangfan", "420600"),
        ("榆林地区", "610800"),
        ("612700", "610800"),  # its code until 1998
        ("巢湖市", "341400"),  # abolished: a region of its own
        ("邯郸地区", "132100"),  # stood beside 邯郸市
        ("仙桃市", "429004"),  # directly under the province
    ],
)
def test_a_name_is_known(labels: dict[str, str], label: str, code: str) -> None:
    assert labels[label] == code


@pytest.mark.parametrize(("label", "code"), [("吉林", "220000"), ("海南", "460000")])
def test_a_province_goes_before_its_city(labels: dict[str, str], label: str, code: str) -> None:
    assert labels[label] == code


@pytest.mark.parametrize("label", ["Suzhou", "Taizhou", "Fuzhou", "Yichun", "Yulin"])
def test_what_two_cities_are_called_means_neither(labels: dict[str, str], label: str) -> None:
    assert label not in labels


def test_a_name_in_force_goes_before_one_of_before(labels: dict[str, str]) -> None:
    """重庆市 was a prefecture of Sichuan (510200) until 1996."""
    assert labels["重庆市"] == "500000"
    assert labels["510200"] == "510200"
    assert labels["海口市"] == "460100"


def test_the_sidecar_may_say_which_city_is_meant() -> None:
    vocabulary = read_vocabulary()
    assert vocabulary.meaning("region", ["Suzhou"], {}).code is None
    assert vocabulary.meaning("region", ["Suzhou"], {"Suzhou": "341300"}).code == "341300"


def test_the_rules_know_the_same_labels(labels: dict[str, str]) -> None:
    with duckdb.connect() as connection:
        connection.execute(f"set variable reference = '{REFERENCE}'")
        connection.execute(RULES.read_text(encoding="utf-8").split("create temp table fuels")[0])
        rows = connection.execute("select alias, region_code from region_aliases").fetchall()
    assert len(rows) > 2000
    assert dict(rows) == labels
    assert len(rows) == len(labels)


def test_no_fact_stands_twice() -> None:
    aliases = {row["alias"] for row in read_rows("mappings/region_aliases.csv")}
    names = set()
    for row in read_rows("codes/region_codes.csv"):
        names |= {row["region_code"], row["name_zh"], row["short_name_zh"], row["name_en"]}
    for row in read_rows("codes/former_region_names.csv"):
        names |= {row["former_code"], row["name_zh"], row["name_en"]}
    assert not aliases & names


def test_a_region_has_one_name_at_a_time() -> None:
    regions = {row["region_code"]: row for row in read_rows("codes/region_codes.csv")}
    assert len(regions) == len(read_rows("codes/region_codes.csv"))
    spans: dict[str, list[tuple[int, int]]] = {}
    for row in read_rows("codes/former_region_names.csv"):
        region = regions[row["region_code"]]
        assert int(row["year_from"]) <= int(row["year_to"]) < int(region["year_to"])
        spans.setdefault(row["region_code"], []).append(
            (int(row["year_from"]), int(row["year_to"]))
        )
    for code, years in spans.items():
        for (_, earlier), (later, _) in pairwise(sorted(years)):
            assert earlier < later, code
    in_force = [row for row in regions.values() if row["year_to"] == OPEN]
    assert sum(row["level"] == "prefecture" for row in in_force) == 333
    for row in regions.values():
        assert row["parent_code"] in regions or row["level"] == "country"


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("第三明细表", False),
        ("2020年三明能源平衡表", True),
        ("福建省三明市", True),
        ("三明", True),
        ("各地 三明 龙岩", True),
    ],
)
def test_two_signs_may_be_part_of_other_words(text: str, named: bool) -> None:
    assert is_named("三明", text) is named
