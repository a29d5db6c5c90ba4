"""What holds for a whole table: said by the user, its captions or its dataset."""

from __future__ import annotations

import re
from typing import Any

from orchestration.landing.map.captions import part_of_year, unexplained
from orchestration.landing.map.catalogue import CONCEPTS_ZH
from orchestration.landing.map.labels import YEAR, clean_label, is_named, plain_line
from orchestration.proposing.matrix_task import MatrixTask, Table
from orchestration.proposing.proposal import Note

CAPTION_ROWS = 12  # above a table, which are looked at


def find_constants(
    task: MatrixTask, table: Table, floor: int, given: set[str], headings: list[str]
) -> dict[str, Any]:
    """The concepts that no label of a table gives, for the layout.

    `headings` are those over values that are no labels: they say what the values are.
    """
    grid = table.grid
    lines = [
        table.text(row, column)
        for row in range(max(table.top - CAPTION_ROWS, floor), table.top)
        for column in grid.printed(row)
    ]
    if not task.proposal.captions:
        task.proposal.captions = lines
    lines = [*lines, *headings]
    constants: dict[str, Any] = {}
    for concept in task.concepts:
        if concept in given:
            continue
        said = task.answers.constants.get(concept)
        if said:
            constants[concept] = said
        elif concept == "year":
            _year(task, lines, grid.sheet.name, constants)
        else:
            _other(task, concept, lines, constants)
    return constants


def _year(task: MatrixTask, lines: list[str], sheet: str, constants: dict[str, Any]) -> None:
    """The year that captions name, else that of the part above; else ask for it."""
    years = _years_in(task, [*lines, sheet])
    if len(years) == 1:
        constants["year"] = int(years[0])
    elif "year" in task.constants and not any(map(part_of_year, lines)):
        constants["year"] = task.constants["year"]
    elif any(map(part_of_year, [*lines, sheet])):
        task.miss("year", "--set year=", "", "")
    else:
        near = re.search(r"(?<!\d)(19|20)\d\d(?!\d)", task.proposal.path.stem)
        why = "the file name; it may be the edition's" if near else ""
        task.miss("year", "--set year=", near[0] if near else "", why)


def _years_in(task: MatrixTask, lines: list[str]) -> list[str]:
    """The years that captions name; none where they name a part of one."""
    lines = [plain_line(line) for line in lines]
    periods = [period for line in lines if (period := part_of_year(line))]
    if periods:
        task.note(
            f"{periods[0]} is a part of a year: it does not land as the year",
            f"{periods[0]} 是一年的一部分，不作为全年数装载",
        )
        return []
    dated = re.findall(r"(?<!\d)((?:19|20)\d\d)\s*年(?!鉴)", " ".join(lines))
    bracketed = re.findall(r"[(（]\s*((?:19|20)\d\d)\s*[)）]", " ".join(lines))
    alone = [line for line in lines if YEAR.fullmatch(clean_label(line))]
    return list(dict.fromkeys(dated or bracketed or [line[:4] for line in alone]))


def _other(task: MatrixTask, concept: str, lines: list[str], constants: dict[str, Any]) -> None:
    """What the captions name, else the part above, else the dataset; else ask for it."""
    strange = _unexplained(task, lines) if concept != "region" else ""
    if strange:
        task.note(
            f"the caption says {strange}, which no table knows: {concept} is not taken from "
            "the dataset",
            f"标题中的“{strange}”不在对照表中，{CONCEPTS_ZH[concept]}不据数据集推定",
        )
        task.miss(concept, f"--set {concept}=", "", "")
        return
    named = _named_in(task, concept, " ".join(lines))
    if named or concept in task.constants:
        constants[concept] = named or task.constants[concept]
        return
    sibling = task.sibling(
        lambda layout: next((v for k, v in layout.constants.items() if k == concept), None)
    )
    label = _named_in(task, concept, task.proposal.dataset.label_zh)
    known = sibling if sibling and concept != "region" else label
    if known:
        constants[concept] = known
        by, by_zh = ("other files", "其他文件") if known == sibling else ("name", "名称")
        task.proposal.assumed.append(
            Note(
                f"{concept}: {known} (by the dataset's {by})",
                f"{CONCEPTS_ZH[concept]}：{known}（据数据集的{by_zh}）",
            )
        )
    else:
        near = (sibling or "") if concept != "region" else ""  # another region's is no hint
        why = "as in the other files of this dataset" if near else ""
        task.miss(concept, f"--set {concept}=", near, why)


def _unexplained(task: MatrixTask, lines: list[str]) -> str:
    """The words of captions that are neither known names nor say nothing of a quantity."""
    known = [task.vocabulary.aliases[concept] for concept in task.concepts]
    names = [alias for aliases in known for alias in aliases.values()]
    folded = [name for aliases in known for name in aliases]
    return unexplained(lines, [*names, *folded])


def _named_in(task: MatrixTask, concept: str, text: str) -> str:
    """The one known label of a concept that a text names; '' if none or several."""
    whole = clean_label(text)
    names = [
        alias
        for folded, alias in task.vocabulary.aliases[concept].items()
        if re.search(r"[\u4e00-\u9fff]", folded) and is_named(folded, whole)
    ]
    names = [n for n in names if not any(n != o and n in o for o in names)]
    codes = {_code(task, concept, name) for name in names}
    return max(names, key=len) if len(codes) == 1 else ""


def _code(task: MatrixTask, concept: str, alias: str) -> str:
    known = task.vocabulary.meanings[concept].get(alias)
    return (known and known.code) or alias
