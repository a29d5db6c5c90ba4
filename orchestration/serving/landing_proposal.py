"""A proposed mapping for people: what was found, how the first rows would land, what is left."""

from __future__ import annotations

from pathlib import Path

from expectations.rules import load_rules
from orchestration import words
from orchestration.landing.read.formats import TEXTS
from orchestration.proposing.proposal import NO_NUMBER, Proposal
from orchestration.proposing.unread import Unread, cells_unread
from orchestration.serving import output

UNKNOWN_SHOWN = 20
PLACES_SHOWN = 3
RANKED_SHOWN = 8
UNREAD = {
    "column": "column {number} {name}: {cells} cells",
    "row": "row {number} {name}: {cells} cells",
    "sheet": "sheet {name}: {cells} cells",
}
NO_NUMBER_TEXT = "{cells} values are no number; --mark says what a mark means ({places})"


def render(proposal: Proposal, lang: str, width: int | None) -> str:
    """The proposal as text: findings, preview, counts, unknown labels, what is missing."""
    say = words.Speaker(lang)
    parts = [_findings(proposal, say, lang, width), _preview(proposal, say, width)]
    is_list = proposal.dataset.kind == "records"
    counts = say(
        "{cells} columns, {matched} known; in no catalogue: {unknown}"
        if is_list
        else "{cells} values, {matched} known by every label; labels in no table: {unknown}"
    ).format(cells=proposal.cells, matched=proposal.matched, unknown=len(proposal.unknown))
    if not proposal.is_counted_whole:
        counts += f" ({say('counted over the first {cells} values').format(cells=proposal.cells)})"
    if left := cells_unread(proposal.unread):
        left_out = say("{left} printed cells are left out, as named above").format(left=left)
        counts += say("; ") + left_out
    parts.append(counts + "\n")
    parts += [_unknown(proposal, say, width), _missing(proposal, say)]
    return "\n".join(part for part in parts if part)


def render_ranking(proposals: list[Proposal], lang: str, width: int | None) -> str:
    """The datasets a file fits, best first."""
    say = words.Speaker(lang)
    if not proposals:
        return say("no dataset knows a label of this table") + "\n"
    rows = [
        [
            proposal.dataset.name,
            proposal.dataset.label_zh if lang == "zh" else proposal.dataset.label_en,
            say("{known} of {labels}").format(known=proposal.labels_known, labels=proposal.labels),
        ]
        for proposal in proposals[:RANKED_SHOWN]
    ]
    columns = [say("dataset"), "", say("labels known")]
    heading = say("The datasets that fit, best first; choose one with --as")
    return f"{heading}\n{output.table(columns, rows, width)}"


def _findings(proposal: Proposal, say: words.Speaker, lang: str, width: int | None) -> str:
    layout = proposal.layout
    form = [
        proposal.format,
        proposal.encoding if proposal.format in TEXTS else "",
    ]
    if "delimiter" in layout:
        form.append(f"{say('delimiter')} {layout['delimiter']!r}")
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
        across = ", ".join(f"{say('row')} {row}: {say(concept)}" for row, concept in across.items())
    years = proposal.years
    rows = [
        ("file", proposal.path.name),
        ("dataset", f"{proposal.dataset.name}  {proposal.dataset.label_zh}"),
        ("format", ", ".join(part for part in form if part)),
        ("heading rows", ", ".join(map(str, layout.get("header_rows", [])))),
        (
            "labels down",
            ", ".join(
                f"{say('column')} {c}: {say(k)}" for c, k in layout.get("row_labels", {}).items()
            ),
        ),
        ("labels across", say(across)),
        ("unit", unit),
        ("years", f"{years[0]}-{years[-1]} ({len(years)})" if len(years) > 1 else "".join(years)),
        (
            "for the whole table",
            ", ".join(f"{say(k)} = {v}" for k, v in layout.get("constants", {}).items()),
        ),
        (
            "missing marks",
            ", ".join(
                f"{mark or say('blank')} = {meaning} ({proposal.marks.get(mark or 'blank', 0)})"
                for mark, meaning in layout.get("missing_marks", {}).items()
            ),
        ),
        (
            "marks of sub-items",
            ", ".join(f"{mark} ({n})" for mark, n in proposal.sub_items.items()),
        ),
        ("footnote marks", " ".join(layout.get("footnote_marks", []))),
        (
            "totals",
            "; ".join(f"{t['total']} = {' + '.join(t['parts'])}" for t in layout.get("totals", [])),
        ),
        ("continuations", str(len(layout["blocks"])) if layout.get("blocks") else ""),
        ("sheets left out", ", ".join(layout.get("ignore_sheets", []))),
        *(("assumed", getattr(note, lang)) for note in proposal.assumed),
        *(("note", getattr(note, lang)) for note in proposal.notes),
        *(("left out", _unread(entry, say)) for entry in proposal.unread),
        *(("to be quarantined", line) for line in _faults(proposal, say, lang)),
    ]
    shown = [[say(name), text] for name, text in rows if text]
    return output.table([say("Found"), ""], shown, width)


def _unread(entry: Unread, say: words.Speaker) -> str:
    text = say(UNREAD[entry.kind]).format(number=entry.number, name=entry.name, cells=entry.cells)
    return text if entry.kind == "sheet" or not entry.sheet else f"{entry.sheet} {text}"


def _faults(proposal: Proposal, say: words.Speaker, lang: str) -> list[str]:
    """What is met while the file is read, with its remedy, a line for each kind."""
    rules = load_rules()
    return [
        say(
            NO_NUMBER_TEXT if rule == NO_NUMBER else "{cells}: {statement}: {remedy} ({places})"
        ).format(
            cells=len(places),
            statement=getattr(rules.get(rule), f"statement_{lang}", ""),
            remedy=getattr(rules.get(rule), f"remedy_{lang}", ""),
            places=", ".join(_place(place, say) for place in places[:PLACES_SHOWN]),
        )
        for rule, places in proposal.faults.items()
    ]


def _place(place: str, say: words.Speaker) -> str:
    return " ".join(say(part) for part in place.split(" "))


def _preview(proposal: Proposal, say: words.Speaker, width: int | None) -> str:
    if not proposal.preview:
        return ""
    heading = say("The first values as they would land")
    if proposal.dataset.kind == "records":
        names = [
            name
            for name in proposal.preview[0].labels
            if any(cell.labels.get(name) for cell in proposal.preview)
        ][:6]
        rows = [[c.row_number, *(c.labels.get(n, "") for n in names)] for c in proposal.preview]
        return f"{heading}\n{output.table([say('row'), *names], rows, width)}"
    concepts = list(proposal.dataset.concepts)
    columns = [say("row"), say("column"), *(say(concept) for concept in concepts)]
    columns += [say("unit"), say("printed value"), say("number"), say("status")]
    rows = [
        [cell.row_number, cell.column_number, *(cell.labels.get(c, "") for c in concepts),
         cell.unit_label, cell.value_text, cell.number_text, cell.value_status]
        for cell in proposal.preview
    ]  # fmt: skip
    return f"{heading}\n{output.table(columns, rows, width)}"


def _unknown(proposal: Proposal, say: words.Speaker, width: int | None) -> str:
    if not proposal.unknown:
        return ""
    shown = proposal.unknown[:UNKNOWN_SHOWN]
    rows = [
        [
            say(entry.concept),
            entry.printed,
            _place(entry.where, say),
            ", ".join(f"{c.alias} ({c.code})" for c in entry.nearest),
        ]
        for entry in shown
    ]
    columns = ["", say("printed"), say("where"), say("nearest known")]
    text = f"{say('In no table')}\n{output.table(columns, rows, width)}"
    for table in dict.fromkeys(entry.table for entry in shown if entry.table):
        text += say("Add to {table}:").format(table=table) + "\n"
        text += "".join(f"  {entry.row}\n" for entry in shown if entry.table == table)
    overrides = [entry.override for entry in shown if entry.override]
    if overrides:
        text += f"{say('or say in the sidecar what is meant, such as')}\n  {overrides[0]}\n"
    if option := next((entry.option for entry in shown if entry.option), ""):
        text += f"{say('or say it with an option, such as')}\n  {option}\n"
    if (more := len(proposal.unknown) - UNKNOWN_SHOWN) > 0:
        text += say("and {number} more; --json has all").format(number=more) + "\n"
    if not proposal.is_left_out_whole:
        leave = "--leave-out leaves these rows and columns out; else they are quarantined"
        text += say(leave) + "\n"
    return text


def _missing(proposal: Proposal, say: words.Speaker) -> str:
    if not proposal.missing:
        return ""
    lines = [say("Left to say")]
    for entry in proposal.missing:
        hint = ""
        if entry.suggestion:
            hint = say("perhaps {suggestion} ({why})").format(
                suggestion=entry.suggestion, why=say(entry.why)
            )
        lines.append(f"  {entry.name:<16} {entry.option:<16} {hint}".rstrip())
    return "\n".join(lines) + "\n"


def sidecar_note(path: Path, lang: str) -> str:
    """What was written."""
    return words.Speaker(lang)(f"wrote {path}")


def ask_leave_out(lang: str) -> str:
    """The question whether to leave out what no table knows."""
    return words.Speaker(lang)("Leave out what is in no table?")


def ask_write(name: str, lang: str) -> str:
    """The question whether to write the sidecar."""
    return words.Speaker(lang)("Write {name}?").format(name=name)
