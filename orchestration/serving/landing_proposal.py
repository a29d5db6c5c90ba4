"""A proposed mapping for people: what was found, how the first rows would land, what is left."""

from __future__ import annotations

from pathlib import Path

from expectations.rules import load_rules
from orchestration.landing.read.formats import TEXTS
from orchestration.proposing.proposal import NO_NUMBER, Proposal
from orchestration.proposing.unread import Unread, cells_unread
from orchestration.serving import output

UNKNOWN_SHOWN = 20
PLACES_SHOWN = 3
RANKED_SHOWN = 8
WORDS = {
    "en": {
        "found": "Found",
        "file": "file",
        "dataset": "dataset",
        "format": "format",
        "region": "region",
        "year": "year",
        "item": "item",
        "fuel": "fuel",
        "indicator": "indicator",
        "blank": "blank",
        "heading": "heading rows",
        "labels": "labels down",
        "across": "labels across",
        "unit": "unit",
        "years": "years",
        "constants": "for the whole table",
        "marks": "missing marks",
        "sub_items": "marks of sub-items",
        "footnotes": "footnote marks",
        "sheets": "sheets left out",
        "totals": "totals",
        "blocks": "continuations",
        "assumed": "assumed",
        "note": "note",
        "unread": "left out",
        "fault": "quarantined",
        "read": "{left} printed cells are left out, as named above",
        "unread_column": "column {number} {name}: {cells} cells",
        "unread_row": "row {number} {name}: {cells} cells",
        "unread_sheet": "sheet {name}: {cells} cells",
        "no_number": "{cells} values are no number; --mark says what a mark means ({places})",
        "fault_place": "{cells}: {statement}: {remedy} ({places})",
        "preview": "The first values as they would land",
        "unknown": "In no table",
        "missing": "Left to say",
        "matched": "{cells} values, {matched} known by every label; labels in no table: {unknown}",
        "columns": "{cells} columns, {matched} known; in no catalogue: {unknown}",
        "cut": "counted over the first {cells} values",
        "more": "and {number} more; --json has all",
        "delimiter": "delimiter",
        "leave": "--leave-out leaves these rows and columns out; else they are quarantined",
        "suggest": "perhaps {suggestion} ({why})",
        "add": "Add to {table}:",
        "override": "or say in the sidecar what is meant, such as",
        "option": "or say it with an option, such as",
        "printed": "printed",
        "where": "where",
        "nearest": "nearest known",
        "row": "row",
        "column": "column",
        "value": "printed value",
        "number": "number",
        "status": "status",
        "known": "labels known",
        "of": "of",
        "rank": "The datasets that fit, best first; choose one with --as",
        "ask_leave_out": "Leave out what is in no table?",
        "ask_write": "Write {name}?",
        "none": "no dataset knows a label of this table",
    },
    "zh": {
        "found": "识别结果",
        "file": "文件",
        "dataset": "数据集",
        "format": "格式",
        "region": "地区",
        "year": "年份",
        "item": "项目",
        "fuel": "能源品种",
        "indicator": "指标",
        "blank": "空白",
        "heading": "表头行",
        "labels": "纵向标签",
        "across": "横向标签",
        "unit": "单位",
        "years": "年份",
        "constants": "全表适用",
        "marks": "缺失符号",
        "sub_items": "其中项符号",
        "footnotes": "脚注符号",
        "sheets": "不读的工作表",
        "totals": "合计",
        "blocks": "续表",
        "assumed": "推定",
        "note": "说明",
        "unread": "不读",
        "fault": "将被隔离",
        "read": "另有 {left} 个印出的单元格不读，见上",
        "unread_column": "第 {number} 列 {name}：{cells} 个单元格",
        "unread_row": "第 {number} 行 {name}：{cells} 个单元格",
        "unread_sheet": "工作表 {name}：{cells} 个单元格",
        "no_number": "{cells} 个数值不是数字；用 --mark 说明符号的含义（{places}）",
        "fault_place": "{cells} 个：{statement}：{remedy}（{places}）",
        "preview": "前几个数值将这样入库",
        "unknown": "对照表中没有的标签",
        "missing": "尚待说明",
        "matched": "{cells} 个数值，{matched} 个全部标签可识别；{unknown} 个标签不在对照表中",
        "columns": "{cells} 列，其中 {matched} 列可识别，{unknown} 列不在目录中",
        "cut": "只统计了前 {cells} 个数值",
        "more": "另有 {number} 个；--json 列出全部",
        "delimiter": "分隔符",
        "leave": "--leave-out 将这些行、列排除在外；否则会被隔离",
        "suggest": "也许是 {suggestion}（{why}）",
        "add": "在 {table} 中添加：",
        "override": "或在旁注（sidecar）中写明含义，例如",
        "option": "或用选项说明，例如",
        "printed": "印刷文字",
        "where": "位置",
        "nearest": "最接近的已知标签",
        "row": "行",
        "column": "列",
        "value": "印刷数值",
        "number": "数",
        "status": "状态",
        "known": "可识别的标签",
        "of": "/",
        "rank": "合适的数据集，按符合程度排列；用 --as 选定",
        "ask_leave_out": "将对照表中没有的标签排除在外？",
        "ask_write": "写入 {name}？",
        "none": "没有数据集认识此表的标签",
    },
}


def render(proposal: Proposal, lang: str, width: int | None) -> str:
    """The proposal as text: findings, preview, counts, unknown labels, what is missing."""
    words = WORDS[lang]
    parts = [_findings(proposal, words, lang, width), _preview(proposal, words, width)]
    is_list = proposal.dataset.kind == "records"
    counts = words["columns" if is_list else "matched"].format(
        cells=proposal.cells, matched=proposal.matched, unknown=len(proposal.unknown)
    )
    if not proposal.is_counted_whole:
        counts += f" ({words['cut'].format(cells=proposal.cells)})"
    if left := cells_unread(proposal.unread):
        counts += f"{'；' if lang == 'zh' else '; '}{words['read'].format(left=left)}"
    parts.append(counts + "\n")
    parts += [_unknown(proposal, words, width), _missing(proposal, words)]
    return "\n".join(part for part in parts if part)


def render_ranking(proposals: list[Proposal], lang: str, width: int | None) -> str:
    """The datasets a file fits, best first."""
    words = WORDS[lang]
    if not proposals:
        return words["none"] + "\n"
    rows = [
        [
            proposal.dataset.name,
            proposal.dataset.label_zh if lang == "zh" else proposal.dataset.label_en,
            f"{proposal.labels_known} {words['of']} {proposal.labels}",
        ]
        for proposal in proposals[:RANKED_SHOWN]
    ]
    columns = [words["dataset"], "", words["known"]]
    return f"{words['rank']}\n{output.table(columns, rows, width)}"


def _findings(proposal: Proposal, words: dict[str, str], lang: str, width: int | None) -> str:
    layout = proposal.layout
    form = [
        proposal.format,
        proposal.encoding if proposal.format in TEXTS else "",
    ]
    if "delimiter" in layout:
        form.append(f"{words['delimiter']} {layout['delimiter']!r}")
    if "json_rows" in layout:
        form.append(layout["json_rows"])
    places = ("unit_row", "unit_column", "unit_cell", "unit_in")
    place = next((f" ({key}: {layout[key]})" for key in places if key in layout), "")
    units = dict.fromkeys(cell.unit_label for cell in proposal.preview if cell.unit_label != "?")
    unit = ", ".join(units) + place
    across = layout.get("column_labels", "")
    if not across and layout.get("columns"):
        across = "; ".join(
            " ".join([f"{column}:", *entry.get("labels", {}).values(), entry.get("unit", "")])
            for column, entry in layout["columns"].items()
        )
    if isinstance(across, dict):
        across = ", ".join(
            f"{words['row']} {row}: {words[concept]}" for row, concept in across.items()
        )
    years = proposal.years
    rows = [
        ("file", proposal.path.name),
        ("dataset", f"{proposal.dataset.name}  {proposal.dataset.label_zh}"),
        ("format", ", ".join(part for part in form if part)),
        ("heading", ", ".join(map(str, layout.get("header_rows", [])))),
        (
            "labels",
            ", ".join(
                f"{words['column']} {c}: {words[k]}"
                for c, k in layout.get("row_labels", {}).items()
            ),
        ),
        ("across", words.get(across, across)),
        ("unit", unit),
        ("years", f"{years[0]}-{years[-1]} ({len(years)})" if len(years) > 1 else "".join(years)),
        (
            "constants",
            ", ".join(f"{words[k]} = {v}" for k, v in layout.get("constants", {}).items()),
        ),
        (
            "marks",
            ", ".join(
                f"{mark or words['blank']} = {meaning} ({proposal.marks.get(mark or 'blank', 0)})"
                for mark, meaning in layout.get("missing_marks", {}).items()
            ),
        ),
        ("sub_items", ", ".join(f"{mark} ({n})" for mark, n in proposal.sub_items.items())),
        ("footnotes", " ".join(layout.get("footnote_marks", []))),
        (
            "totals",
            "; ".join(f"{t['total']} = {' + '.join(t['parts'])}" for t in layout.get("totals", [])),
        ),
        ("blocks", str(len(layout["blocks"])) if layout.get("blocks") else ""),
        ("sheets", ", ".join(layout.get("ignore_sheets", []))),
        *(("assumed", getattr(note, lang)) for note in proposal.assumed),
        *(("note", getattr(note, lang)) for note in proposal.notes),
        *(("unread", _unread(entry, words)) for entry in proposal.unread),
        *(("fault", line) for line in _faults(proposal, words, lang)),
    ]
    shown = [[words[name], text] for name, text in rows if text]
    return output.table([words["found"], ""], shown, width)


def _unread(entry: Unread, words: dict[str, str]) -> str:
    text = words[f"unread_{entry.kind}"].format(
        number=entry.number, name=entry.name, cells=entry.cells
    )
    return text if entry.kind == "sheet" or not entry.sheet else f"{entry.sheet} {text}"


def _faults(proposal: Proposal, words: dict[str, str], lang: str) -> list[str]:
    """What is met while the file is read, with its remedy, a line for each kind."""
    rules = load_rules()
    return [
        words["no_number" if rule == NO_NUMBER else "fault_place"].format(
            cells=len(places),
            statement=getattr(rules.get(rule), f"statement_{lang}", ""),
            remedy=getattr(rules.get(rule), f"remedy_{lang}", ""),
            places=", ".join(_place(place, words) for place in places[:PLACES_SHOWN]),
        )
        for rule, places in proposal.faults.items()
    ]


def _place(place: str, words: dict[str, str]) -> str:
    return " ".join(words.get(part, part) for part in place.split(" "))


def _preview(proposal: Proposal, words: dict[str, str], width: int | None) -> str:
    if not proposal.preview:
        return ""
    if proposal.dataset.kind == "records":
        names = [
            name
            for name in proposal.preview[0].labels
            if any(cell.labels.get(name) for cell in proposal.preview)
        ][:6]
        rows = [[c.row_number, *(c.labels.get(n, "") for n in names)] for c in proposal.preview]
        return f"{words['preview']}\n{output.table([words['row'], *names], rows, width)}"
    concepts = list(proposal.dataset.concepts)
    columns = [words["row"], words["column"], *(words[concept] for concept in concepts)]
    columns += [words["unit"], words["value"], words["number"], words["status"]]
    rows = [
        [cell.row_number, cell.column_number, *(cell.labels.get(c, "") for c in concepts),
         cell.unit_label, cell.value_text, cell.number_text, cell.value_status]
        for cell in proposal.preview
    ]  # fmt: skip
    return f"{words['preview']}\n{output.table(columns, rows, width)}"


def _unknown(proposal: Proposal, words: dict[str, str], width: int | None) -> str:
    if not proposal.unknown:
        return ""
    shown = proposal.unknown[:UNKNOWN_SHOWN]
    rows = [
        [
            words.get(entry.concept, entry.concept),
            entry.printed,
            _place(entry.where, words),
            ", ".join(f"{c.alias} ({c.code})" for c in entry.nearest),
        ]
        for entry in shown
    ]
    columns = ["", words["printed"], words["where"], words["nearest"]]
    text = f"{words['unknown']}\n{output.table(columns, rows, width)}"
    for table in dict.fromkeys(entry.table for entry in shown if entry.table):
        text += words["add"].format(table=table) + "\n"
        text += "".join(f"  {entry.row}\n" for entry in shown if entry.table == table)
    overrides = [entry.override for entry in shown if entry.override]
    if overrides:
        text += f"{words['override']}\n  {overrides[0]}\n"
    if option := next((entry.option for entry in shown if entry.option), ""):
        text += f"{words['option']}\n  {option}\n"
    if len(proposal.unknown) > UNKNOWN_SHOWN:
        text += words["more"].format(number=len(proposal.unknown) - UNKNOWN_SHOWN) + "\n"
    return text if proposal.is_left_out_whole else text + words["leave"] + "\n"


def _missing(proposal: Proposal, words: dict[str, str]) -> str:
    if not proposal.missing:
        return ""
    lines = [words["missing"]]
    for entry in proposal.missing:
        hint = ""
        if entry.suggestion:
            hint = words["suggest"].format(suggestion=entry.suggestion, why=entry.why)
        lines.append(f"  {entry.name:<16} {entry.option:<16} {hint}".rstrip())
    return "\n".join(lines) + "\n"


def sidecar_note(path: Path, lang: str) -> str:
    """What was written."""
    return f"已写入 {path}" if lang == "zh" else f"wrote {path}"
