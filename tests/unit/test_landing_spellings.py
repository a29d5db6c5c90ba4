"""Labels as other publishers spell them: each means one code, and none that of a neighbour."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

import pytest

from orchestration.landing.map.catalogue import Dataset, read_datasets
from orchestration.landing.map.columns import ColumnNames
from orchestration.landing.map.labels import ALIASES, by_spelling, known_labels, spelling
from orchestration.landing.map.list_words import code_names
from orchestration.landing.map.vocabulary import Vocabulary, read_vocabulary

CODE_LISTS = sorted(
    {column.code_list for dataset in read_datasets().values() for column in dataset.columns}
    - {"", "unit_labels"}
)


@pytest.fixture(scope="module")
def vocabulary() -> Vocabulary:
    return read_vocabulary()


@pytest.mark.parametrize(
    ("concept", "printed", "code"),
    [
        ("item", "石油,煤炭及其它燃料加工业", "25"),
        ("item", "石油加工、炼焦与核燃料加工业", "25"),
        ("item", "黑色金属冶炼与压延加工", "31"),
        ("item", "皮革、毛皮、羽毛（绒）及其制品业", "19"),
        ("item", "皮革、毛皮、羽毛绒及其制品", "19"),
        ("item", "计算机、通信与其它电子设备制造业", "39"),
        ("item", "电力、热力的生产与供应业", "44"),
        ("item", "水生产和供应", "46"),
        ("item", "批发零售业、住宿餐饮业", "FH"),
        ("item", "Smelting & Pressing of Nonferrous Metals", "32"),
        ("item", "外省（区，市）调入量", "inflow"),
        ("item", "加工转换投入（—）产出（+）量", "transformation_total"),
        ("fuel", "其它石油制品", "other_petroleum"),
        ("region", "巴音郭楞 蒙古自治州", "652800"),
    ],
)
def test_spellings_of_other_publishers(
    vocabulary: Vocabulary, concept: str, printed: str, code: str
) -> None:
    assert vocabulary.meaning(concept, [printed], {}).code == code


@pytest.mark.parametrize(
    "printed", ["工", "制造", "建筑", "石油", "非金属", "其他金属制品", "和", ""]
)
def test_a_part_of_a_name_is_no_name(vocabulary: Vocabulary, printed: str) -> None:
    assert vocabulary.meaning("item", [printed], {}).code is None


@pytest.mark.parametrize("concept", ALIASES)
def test_no_two_codes_have_one_spelling(concept: str) -> None:
    """Over all labels of a concept; of an industry also without 业."""
    meant = _codes_by_spelling(
        (k.label, f"{k.code} {k.row.get('part') or ''}", k.code_column == "industry_code")
        for k in known_labels(concept)
    )
    assert meant and not {text: codes for text, codes in meant.items() if len(codes) > 1}


@pytest.mark.parametrize("code_list", CODE_LISTS)
def test_no_two_codes_of_a_list_have_one_spelling(code_list: str) -> None:
    meant = _codes_by_spelling(
        (name, code, code_list == "industries") for code, name in code_names(code_list)
    )
    assert meant and not {text: codes for text, codes in meant.items() if len(codes) > 1}


@pytest.mark.parametrize(
    "dataset", [d for d in read_datasets().values() if d.columns], ids=lambda dataset: dataset.name
)
def test_no_two_columns_of_a_list_have_one_spelling(dataset: Dataset) -> None:
    names = ColumnNames(dataset).names
    meant = _codes_by_spelling((text, name, False) for text, name in names.items())
    assert meant and not {text: codes for text, codes in meant.items() if len(codes) > 1}


def test_a_spelling_of_two_codes_means_neither() -> None:
    found = by_spelling([("煤及油", "1", False), ("煤和油", "2", False), ("气", "3", False)])
    assert found == {"气": "气"}


def _codes_by_spelling(names: Iterable[tuple[str, str, bool]]) -> dict[str, set[str]]:
    meant = defaultdict(set)
    for name, code, is_industry in names:
        texts = {spelling(name)}
        texts |= {text.removesuffix("业") for text in texts} if is_industry else set()
        for text in texts - {""}:
            meant[text].add(code.strip())
    return meant
