"""Propose how to read a table nobody described: a layout, what it matches, what is left to say.

A proposal is made of what the file prints and of what the reference tables know. What neither says
is listed as missing; a guess is given as a suggestion and never taken for an answer.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache
from itertools import islice, pairwise
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from expectations.rules import Rule, load_rules
from orchestration import words
from orchestration.errors import GreenparkError
from orchestration.hashes import file_sha256
from orchestration.landing.map.catalogue import Dataset
from orchestration.landing.map.dimensions import dimensions_named
from orchestration.landing.map.labels import clean_label
from orchestration.landing.map.tables import sheet_notes
from orchestration.landing.map.vocabulary import Vocabulary
from orchestration.landing.read import aside
from orchestration.landing.read.formats import (
    TEXTS,
    check_size,
    detect_format,
    guess_encoding,
    open_sheets,
)
from orchestration.landing.read.sheet import Unreadable
from orchestration.landing.read.sidecar import Layout, Sidecar, find_sidecar, shipped_sidecars
from orchestration.proposing import anatomy
from orchestration.proposing.anatomy import UNIT_LINE, Grid
from orchestration.proposing.matrix_marks import TRANSFORMATION_INPUTS
from orchestration.proposing.matrix_task import MatrixTask
from orchestration.proposing.proposal import Answers, Missing, Proposal
from orchestration.proposing.propose_list import propose_list
from orchestration.proposing.propose_matrix import propose_matrix
from orchestration.proposing.publications import find_publication
from orchestration.proposing.text_forms import json_places, sniff_delimiter

MOST = 0.6  # of the headings of a file: what else there is, its describer is asked about
HEADING_ROWS = 12  # looked at for the words that name quantities


@dataclass(frozen=True)
class Opened:
    """A file as it was read once, for every dataset that is tried on it."""

    format: str
    encoding: str
    base: dict[str, Any]  # what opens it
    unit: str  # that stands outside its table
    grids: list[Grid]


def _open(path: Path, answers: Answers) -> Opened:
    """Read a file. Raises GreenparkError."""
    try:
        found = detect_format(path)
        encoding = guess_encoding(path) if found in TEXTS else "utf-8"
        encoding = answers.sidecar.get("encoding") or encoding
        base, unit = _base_layout(path, found, encoding)
        if answers.sheet is not None:
            base["sheet"] = answers.sheet
        return Opened(found, encoding, base, unit, _read_grids(path, encoding, base))
    except Unreadable as error:
        raise _refused(path, error) from error


def _refused(path: Path, error: Unreadable) -> GreenparkError:
    """The fault of a file in the words of its rule."""
    rule = _rules()[error.rule]
    return GreenparkError(
        f"{path.name}: {rule.statement_en}: {error.detail}",
        rule.remedy_en,
        f"{path.name}：{rule.statement_zh}：{error.detail_zh}",
        rule.remedy_zh,
    )


def propose(
    path: Path,
    dataset: Dataset,
    vocabulary: Vocabulary,
    answers: Answers,
    opened: Opened | None = None,
) -> Proposal:
    """Propose a sidecar for a file. Raises GreenparkError if no table can be made out in it."""
    names = {*dataset.concepts, *(column.name for column in dataset.columns)}
    names |= {TRANSFORMATION_INPUTS} if "item" in dataset.concepts else set()
    strange = sorted(set(answers.constants) - names)
    if strange:
        raise GreenparkError(
            f"--set {strange[0]}=: {dataset.name} has no {strange[0]}",
            f"it has {', '.join(dataset.concepts or sorted(names))}",
        )
    opened = opened or _open(path, answers)
    proposal = Proposal(path, dataset, opened.format, opened.encoding)
    base, grids = dict(opened.base), opened.grids
    try:
        if dataset.kind == "records":
            propose_list(proposal, grids, base, answers)
        else:
            propose_matrix(MatrixTask(proposal, grids, base, vocabulary, answers, opened.unit))
    except Unreadable as error:
        raise _refused(path, error) from error
    _describe(proposal, answers)
    unread = proposal.layout.get("ignore_sheets", [])
    for grid in grids:
        if grid.sheet.name not in unread:
            proposal.notes += sheet_notes(grid.sheet)
    return proposal


@cache
def _rules() -> dict[str, Rule]:
    return load_rules()


def rank(
    path: Path,
    datasets: Iterable[Dataset],
    vocabulary: Vocabulary,
    answers: Answers,
    opened: Opened | None = None,
) -> list[Proposal]:
    """The datasets that a file fits, best first: by known labels, then by what is missing."""
    found = []
    opened = opened or _open(path, answers)
    for dataset in datasets:
        names = {*dataset.concepts, *(column.name for column in dataset.columns)}
        if set(answers.constants) - names:
            continue
        try:
            proposal = propose(path, dataset, vocabulary, answers, opened)
        except GreenparkError:
            continue
        if proposal.labels_known:
            found.append(proposal)
    words = _words(" ".join([path.stem, *(found[0].captions if found else [])]))
    named = _quantities_named(opened.grids)

    def fit(proposal: Proposal) -> tuple[int, float, float, int, float, str]:
        dataset = proposal.dataset
        own = _words(f"{dataset.label_zh} {dataset.label_en} {dataset.name}")
        wanted = {*dataset.concepts, *(column.name for column in dataset.columns)}
        gaps = sum(entry.name in wanted for entry in proposal.missing)
        gaps -= 5 * (_form(proposal.layout) in _known_forms().get(dataset.name, set()))
        shared = len(words & own) / max(len(own), 1)
        kept = _quantities_of(dataset)
        quantity = 1 if not named or named & kept else 0
        return (
            quantity,
            round(proposal.share, 2),
            shared - 0.1 * gaps,
            proposal.matched,
            len(named & kept) / max(len(kept), 1),  # of two alike, that of no other quantity
            dataset.name,
        )

    return sorted(found, key=fit, reverse=True)


def form_of(
    path: Path, forms: Iterable[Dataset], vocabulary: Vocabulary, answers: Answers
) -> Dataset | None:
    """The return form whose columns a file has: all that are required, and most that it has.

    Raises GreenparkError where its sheets are of several forms, since a file is described as one.
    """
    forms = list(forms)
    opened = _open(path, answers)
    fitting = [p for p in rank(path, forms, vocabulary, answers, opened) if _has_required(p)]
    exact = [p for p in fitting if p.share == 1]
    whole = [p for p in exact if p.labels_known == len(p.dataset.columns)]
    most = [p for p in fitting if p.labels_known == max(q.labels_known for q in fitting)]
    chosen = whole or exact or [p for p in most if p.share >= MOST]
    if len(chosen) != 1 or chosen[0].layout.get("ignore_sheets"):
        _refuse_several(path, forms, vocabulary, answers, opened)
    return chosen[0].dataset if len(chosen) == 1 else None


def _has_required(proposal: Proposal) -> bool:
    columns = {column.name for column in proposal.dataset.columns}
    return not any(entry.name in columns for entry in proposal.missing)


def _refuse_several(
    path: Path, forms: list[Dataset], vocabulary: Vocabulary, answers: Answers, opened: Opened
) -> None:
    """Raise GreenparkError if the sheets that are seen are of more than one form."""
    if answers.sheet is not None:
        return
    found: dict[str, Dataset] = {}
    for grid in opened.grids:
        if grid.sheet.is_hidden or not grid.sheet.name or grid.sheet.size:
            continue
        name = grid.sheet.name
        of_sheet = replace(opened, base={**opened.base, "sheet": name})
        own = rank(path, forms, vocabulary, replace(answers, sheet=name), of_sheet)
        best = next((p for p in own if _has_required(p) and p.share >= MOST), None)
        if best:
            found[grid.sheet.name] = best.dataset
    if len({dataset.name for dataset in found.values()}) > 1:
        en = ", ".join(f"{name}: {dataset.label_en}" for name, dataset in found.items())
        zh = "，".join(f"{name}：{dataset.label_zh}" for name, dataset in found.items())
        raise GreenparkError(
            f"{path.name} has several forms: {en}",
            "save each of these sheets as a file of its own, and describe the files together",
            f"{path.name} 含几张填报表：{zh}",
            "把这些工作表各存为一个文件，再一并描述",
        )


def _quantities_named(grids: list[Grid]) -> set[str]:
    """The dimensions of the quantities that captions and headings of a file name."""
    named: set[str] = set()
    for grid in grids:
        for row in grid.rows[:HEADING_ROWS]:
            for text in row:
                if anatomy.kind_of(text, lambda _: False) == "text" and not UNIT_LINE.search(text):
                    named |= dimensions_named(text)
    return named


def _quantities_of(dataset: Dataset) -> set[str]:
    """The dimensions of what a dataset keeps, by its names and those of its quantities."""
    labels = [f"{column.label_zh} {column.label_en}" for column in dataset.columns if column.unit]
    return set().union(*map(dimensions_named, [dataset.label_zh, dataset.label_en, *labels]))


def _form(layout: dict[str, Any]) -> tuple[Any, ...]:
    """What stands down and across, and so what holds for the whole table."""
    across = layout.get("column_labels")
    across = tuple(sorted(across.values())) if isinstance(across, dict) else across
    return (tuple(sorted(layout.get("row_labels", {}).values())), across)


def _known_forms() -> dict[str, set[tuple[Any, ...]]]:
    """The forms of the shipped files, by dataset."""
    forms: dict[str, set[tuple[Any, ...]]] = {}
    for _, sidecar in shipped_sidecars():
        forms.setdefault(sidecar.dataset, set()).add(_form(sidecar.layout.model_dump()))
    return forms


def _words(text: str) -> set[str]:
    han = re.findall(r"[\u4e00-\u9fff]", text)
    pairs = {a + b for a, b in pairwise(han)}
    return pairs | set(re.findall(r"[a-z]{3,}", text.lower()))


def _base_layout(path: Path, found: str, encoding: str) -> tuple[dict[str, Any], str]:
    """What opens the file, and the unit that stands outside its table."""
    if found == "csv":
        delimiter = sniff_delimiter(path, encoding)
        return ({} if delimiter == "," else {"delimiter": delimiter}), ""
    if found == "json":
        check_size(path, found)
        layout, unit = aside.ask(path, encoding, json_places)
        return layout, unit
    return {}, ""


def _read_grids(path: Path, encoding: str, base: dict[str, Any]) -> list[Grid]:
    keys = {key: value for key, value in base.items() if key != "sheet"}
    sheets = open_sheets(path, encoding, Layout(kind="records", **keys))
    if "sheet" in base and base["sheet"] not in [sheet.name for sheet in sheets]:
        names = ", ".join(sheet.name for sheet in sheets)
        detail = f"no sheet {base['sheet']}; there are {names}"
        detail_zh = f"没有工作表 {base['sheet']}；现有 {names}"
        raise Unreadable("layout_mismatch", detail, detail_zh)
    return [Grid(sheet, list(islice(sheet.rows, anatomy.SAMPLED_ROWS))) for sheet in sheets]


def _describe(proposal: Proposal, answers: Answers) -> None:
    """The sidecar's other fields: the user's, the publication's, or those of the captions."""
    said = {key: value for key, value in answers.sidecar.items() if value not in (None, "")}
    published = find_publication(said.get("source_id", ""))
    known: dict[str, Any] = {key: value for key, value in published.items() if value}
    lines = [clean_label(line) for line in proposal.captions]
    titles = [line for line in lines if not UNIT_LINE.search(line)]
    chinese = next((t for t in titles if re.search(r"[\u4e00-\u9fff]", t)), "")
    english = next((t for t in titles if t and not re.search(r"[\u4e00-\u9fff]", t)), "")
    numbered = re.match(r"\s*(?:附?表)?\s*(\d+\s*[-－—–]\s*\d+)\s*", chinese)
    if numbered:
        known["table_number"] = re.sub(r"\s", "", numbered[1])
        chinese = chinese[numbered.end() :]
    known["title_zh"] = clean_label(chinese) or proposal.dataset.label_zh
    known["title_en"] = clean_label(english) or proposal.dataset.label_en
    fields: dict[str, Any] = {"dataset": proposal.dataset.name}
    options = {
        "source_id": "--source-id",
        "publisher": "--publisher",
        "title_zh": "--title-zh",
        "title_en": "--title-en",
        "edition_year": "--edition",
        "licence": "--licence",
        "url_or_citation": "--citation",
    }
    for name, option in options.items():
        value = said.get(name, known.get(name))
        if value is None or value == "":
            proposal.missing.append(Missing(name, option))
        else:
            fields[name] = int(value) if name == "edition_year" else value
    if said.get("table_number") or known.get("table_number"):
        fields["table_number"] = said.get("table_number") or known["table_number"]
    units = {cell.unit_label for cell in proposal.preview if cell.unit_label not in ("", "?")}
    if len(units) == 1:
        fields["unit_as_printed"] = units.pop()
    fields["encoding"] = proposal.encoding
    fields["sha256"] = file_sha256(proposal.path)
    fields["origin"] = said.get("origin") or known.get("origin") or "observed"
    proposal.sidecar = fields


def sidecar_path(path: Path) -> Path:
    """Where the sidecar of a file is or would be."""
    return find_sidecar(path) or path.with_name(path.name + ".yml")


def sidecar_text(proposal: Proposal) -> str:
    """The sidecar as YAML. Raises GreenparkError if something is missing or it is not valid."""
    if proposal.missing:
        names = [entry.name for entry in proposal.missing]
        raise GreenparkError(
            "not said by the file: " + ", ".join(names),
            "give " + " ".join(f"{entry.option}…" for entry in proposal.missing),
            "文件未说明：" + "、".join(map(words.in_chinese, names)),
        )
    document = {**proposal.sidecar, "layout": proposal.layout}
    try:
        Sidecar.model_validate(document)
    except ValidationError as error:
        faults = "; ".join(
            f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}" for fault in error.errors()
        )
        raise GreenparkError(
            f"the sidecar would not be valid: {faults}", "change the options"
        ) from error
    text = yaml.safe_dump(
        document, allow_unicode=True, sort_keys=False, width=100, default_flow_style=None
    )
    return text.replace("? '' : ", "'': ")  # a blank as the key of a mark, as people write it
