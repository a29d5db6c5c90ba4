"""A report as a workbook whose formulas lead from the returned cells to the net account.

A sheet for each form holds the cells as they were returned. Activities add those cells up, lines
multiply an activity by a factor, results add up lines: an auditor can change a cell and see what
follows. What a formula gives is stored beside it, for readers that do not calculate.
"""

from __future__ import annotations

import datetime
import io
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from orchestration.inventory import labels
from orchestration.inventory.document import Document, Table
from orchestration.inventory.facts import Facts, Row
from orchestration.inventory.labels import Namer
from orchestration.inventory.sheet import Sheet, cell, new_book, reference

# Of every sheet: a title, a blank row, a heading; the first row of data is below them.
FIRST = 3
ALL_VIEWS = "*"  # what stands in the column of views for a line that is part of each
# Sections of the document that are sheets as they stand; the others have formulas of their own.
PLAIN = ("boundary", "gaps", "change", "methods", "energy", "application", "trace", "sources")


def xlsx(facts: Facts, document: Document) -> bytes:
    """The workbook in the language of the document."""
    written = io.BytesIO()
    # Nothing of the day it is written on: the same facts are the same bytes.
    book = new_book(written, document.title, datetime.datetime(2000, 1, 1))
    namer = Namer(document.lang, facts["names"])
    maker = _Maker(facts, namer, book)
    sections = {section.key: section for section in document.sections}

    cover = Sheet(book, sections["summary"].title, document.title)
    forms = maker.forms()
    activities = Sheet(book, sections["activities"].title)
    factors = Sheet(book, sections["factors"].title)
    lines = Sheet(book, namer.say("Lines"))
    maker.activities(activities, lines, forms)
    maker.factors(factors, lines)
    maker.lines(lines, activities, factors)
    totals = maker.results(Sheet(book, sections["results"].title), lines)
    ranges = maker.uncertainty(
        Sheet(book, sections["uncertainty"].title), activities, factors, totals
    )
    maker.cover(cover, document, totals, ranges)
    uncertainty = sections["uncertainty"]
    plain = [(section.title, section.paragraphs, section.tables)
             for key in PLAIN if (section := sections.get(key))]  # fmt: skip
    plain.append((namer.say("Ranges"), uncertainty.paragraphs[:1], uncertainty.tables[-1:]))
    for title, paragraphs, tables in plain:
        _plain(Sheet(book, title), paragraphs, tables)
    book.close()
    return written.getvalue()


def _plain(sheet: Sheet, paragraphs: Sequence[str], tables: Sequence[Table]) -> None:
    """A section as it stands; a total of a column of numbers is a sum."""
    row = 2
    for text in paragraphs:
        sheet.text(row, 0, text)
        row += 1
    for table in tables:
        row += 1
        if table.caption:
            sheet.text(row, 0, table.caption, "bold")
            row += 1
        sheet.headings(row, [column.title for column in table.columns])
        first = row + 1
        body = len(table.rows) - table.totals
        for place, values in enumerate(table.rows):
            row += 1
            for number, (value, column) in enumerate(zip(values, table.columns, strict=True)):
                above = [line[number] or 0.0 for line in table.rows[:body]] if place >= body else []
                if value is not None and column.is_number and above and _is_sum(value, above):
                    cells = reference("", first, number, first + body - 1, number)
                    sheet.formula(row, number, f"=SUM({cells})", value, column.kind)
                else:
                    sheet.value(row, number, value, column.kind)
        row += 1
    sheet.widths([24, 18, 16, 16, 16, 16, 16, 16, 16, 16])


def _is_sum(value: float, parts: Sequence[float]) -> bool:
    return math.isclose(value, math.fsum(parts), rel_tol=1e-9, abs_tol=1e-9)


@dataclass
class _Form:
    """The sheet of a form, and where on it the cells of each activity stand."""

    sheet: Sheet
    rows: dict[int, tuple[int, int]] = field(default_factory=dict)


class _Maker:
    """Writes the sheets that have formulas; remembers where everything stands."""

    def __init__(self, facts: Facts, namer: Namer, book: Any) -> None:
        self.facts, self.namer, self.say, self.book = facts, namer, namer.say, book
        self.views = [view or "" for view in facts["views"]]
        self.activity_rows = {
            row["activity_no"]: FIRST + place for place, row in enumerate(facts["activities"])
        }
        self.factor_rows = {
            row["factor_key"]: FIRST + place for place, row in enumerate(facts["factors"])
        }
        self.line_rows: dict[int, tuple[int, int]] = {}
        for place, line in enumerate(facts["lines"], start=FIRST):
            first, _ = self.line_rows.get(line["activity_no"], (place, place))
            self.line_rows[line["activity_no"]] = (first, place)
        self.last_line = FIRST + len(facts["lines"]) - 1

    # --- what went in ----------------------------------------------------------------------------

    def forms(self) -> list[_Form]:
        """A sheet for each form, with the cells that the account counts."""
        made = []
        for table in dict.fromkeys(row["raw_table"] for row in self.facts["cells"]):
            cells = [row for row in self.facts["cells"] if row["raw_table"] == table]
            form = _Form(Sheet(self.book, table.split(".", 1)[-1]))
            sheet = form.sheet
            sheet.headings(
                FIRST - 1,
                self.say.each(
                    "Activity", "File", "Sheet", "Row", "Column", "Printed", "Unit",
                    "Units per printed unit", "Weight", "Counted",
                ),
            )  # fmt: skip
            for place, row in enumerate(cells, start=FIRST):
                first, _ = form.rows.get(row["activity_no"], (place, place))
                form.rows[row["activity_no"]] = (first, place)
                factor, weight = row["to_unit_factor"], row["weight"]
                printed = _printed(row)
                sheet.row(
                    place,
                    [
                        (row["activity_no"], "whole"),
                        (row["file_name"], "text"),
                        (row["sheet_name"], "text"),
                        (row["row_number"], "whole"),
                        (row["column_name"], "text"),
                        (printed, "quantity"),
                        (row["unit_label"], "text"),
                        (factor, "factor"),
                        (weight, "factor"),
                    ],
                )
                product = "*".join(cell(place, column) for column in (5, 7, 8))
                sheet.formula(place, 9, f"={product}", printed * factor * weight, "quantity")
            sheet.widths([9, 44, 12, 8, 28, 16, 12, 12, 10, 18])
            made.append(form)
        return made

    def activities(self, sheet: Sheet, lines: Sheet, forms: list[_Form]) -> None:
        """Activity data: each the sum of its cells; and its part of the error, by view."""
        columns = [
            "No.", "Entry", "Enterprise", "Fuel or product", "Quantity", "Unit", "Status",
            "± share",
        ]  # fmt: skip
        errors = [self._error_heading(view) for view in self.views]
        sheet.headings(FIRST - 1, [*self.say.each(*columns), *errors])
        made = {row["activity_no"] for row in self.facts["cells"] if row["makes_quantity"]}
        for row in self.facts["activities"]:
            place = self.activity_rows[row["activity_no"]]
            sheet.row(
                place,
                [
                    (row["activity_no"], "whole"),
                    (self.namer.code(labels.ENTRIES, row["entry"]), "text"),
                    (self.namer.name("enterprise", row["enterprise_id"]), "text"),
                    (self.namer.item(row), "text"),
                    (None, "quantity"),
                    (self.namer.name("unit", row["unit"]), "text"),
                    (self.namer.code(labels.STATUSES, row["status"]), "text"),
                    (row["relative_half_range"], "share"),
                ],
            )
            parts = [
                reference(form.sheet.name, first, 9, last, 9)
                for form in forms
                if row["activity_no"] in form.rows and row["activity_no"] in made
                for first, last in [form.rows[row["activity_no"]]]
            ]
            if parts:
                sheet.formula(place, 4, f"=SUM({','.join(parts)})", row["quantity"], "quantity")
            else:
                sheet.value(place, 4, row["quantity"], "quantity")
            if row["activity_no"] in self.line_rows:
                first, last = self.line_rows[row["activity_no"]]
                mine = self.facts["lines"][first - FIRST : last - FIRST + 1]
                self._errors(
                    sheet, place, 8, lines, (first, last), "TRUE", mine,
                    cell(place, 7), row["relative_half_range"],
                )  # fmt: skip
        sheet.widths([7, 22, 26, 22, 18, 10, 22, 10, *[16] * len(self.views)])

    def factors(self, sheet: Sheet, lines: Sheet) -> None:
        """Factors with what they are made of; and each one's part of the error, by view."""
        columns = [
            "No.", "Factor", "Fuel or product", "Gas", "t CO2e per unit", "Unit",
            "GJ per printed unit", "t C per GJ", "Oxidation", "Origin", "Source", "± share",
        ]  # fmt: skip
        errors = [self._error_heading(view) for view in self.views]
        sheet.headings(FIRST - 1, [*self.say.each(*columns), *errors])
        for number, row in enumerate(self.facts["factors"], start=1):
            place = self.factor_rows[row["factor_key"]]
            mine = [line for line in self.facts["lines"] if line["factor_key"] == row["factor_key"]]
            half_range = mine[0]["relative_half_range"] if mine else None
            sheet.row(
                place,
                [
                    (number, "whole"),
                    (row["factor_id"], "text"),
                    (self.namer.name("item", row["item_code"]), "text"),
                    (self.namer.code(labels.GASES, row["gas"]), "text"),
                    (row["factor_value"], "factor"),
                    (self.namer.name("unit", row["unit"]), "text"),
                    (row["ncv_gj_per_unit"], "factor"),
                    (row["carbon_content_tc_per_gj"], "factor"),
                    (row["oxidation_rate"], "factor"),
                    (self.namer.code(labels.ORIGINS, row["origin"]), "text"),
                    (row["source_id"], "text"),
                    (half_range, "share"),
                ],
            )
            if mine:
                numbers = reference(lines.name, FIRST, 11, self.last_line, 11, fixed=True)
                self._errors(
                    sheet, place, 12, lines, (FIRST, self.last_line),
                    f"{numbers}={cell(place, 0)}", mine, cell(place, 11), half_range,
                )  # fmt: skip
        sheet.widths([7, 34, 22, 14, 16, 10, 14, 12, 12, 14, 26, 10, *[16] * len(self.views)])

    def lines(self, sheet: Sheet, activities: Sheet, factors: Sheet) -> None:
        """Every line: an activity times a factor."""
        columns = [
            "Line", "Activity", "Entry", "View", "Scope", "Gas", "Enterprise", "Industry",
            "Fuel or product", "Quantity", "Unit", "Factor no.", "t CO2e per unit", "t CO2e",
            "Part of the net account", "Origin", "Clause",
        ]  # fmt: skip
        sheet.headings(FIRST - 1, self.say.each(*columns))
        quantities = {row["activity_no"]: row["quantity"] for row in self.facts["activities"]}
        for place, line in enumerate(self.facts["lines"], start=FIRST):
            activity = self.activity_rows[line["activity_no"]]
            factor = self.factor_rows[line["factor_key"]]
            sheet.row(
                place,
                [
                    (line["line_no"], "whole"),
                    (line["activity_no"], "whole"),
                    (self._entry(line["entry"]), "text"),
                    (self._view(line["view"]), "text"),
                    (self._scope(line["scope"]), "text"),
                    (self._gas(line["gas"]), "text"),
                    (self.namer.name("enterprise", line["enterprise_id"]), "text"),
                    (self._industry(line["industry_code"]), "text"),
                    (self._item(line["item_code"]), "text"),
                ],
            )
            quantity = reference(activities.name, activity, 4)
            sheet.formula(place, 9, f"={quantity}", quantities[line["activity_no"]], "quantity")
            sheet.value(place, 10, self.namer.name("unit", line["unit"]))
            number = reference(factors.name, factor, 0)
            sheet.formula(place, 11, f"={number}", factor - FIRST + 1, "whole")
            value = reference(factors.name, factor, 4)
            sheet.formula(place, 12, f"={value}", line["factor_value"], "factor")
            product = f"={'-' if line['sign'] < 0 else ''}{cell(place, 9)}*{cell(place, 12)}"
            sheet.formula(place, 13, product, line["co2e_t"], "tonnes")
            sheet.value(place, 14, int(line["is_in_net"]), "whole")
            sheet.value(place, 15, self.namer.code(labels.ORIGINS, line["origin"]))
            sheet.value(place, 16, line["clause_id"])
        sheet.widths([7, 9, 22, 22, 9, 14, 26, 34, 22, 18, 10, 10, 16, 18, 12, 14, 28])

    # --- what comes of it ------------------------------------------------------------------------

    def results(self, sheet: Sheet, lines: Sheet) -> dict[str, str]:
        """The account by entry, scope, gas, item and industry; the cell of each view's total."""
        facts = self.facts
        entries = [
            {**row, "key": row["entry"]}
            for row in facts["by_entry"]
            if row["year"] == facts["year"] and row["is_in_net"]
        ]
        breakdowns: list[tuple[str, int, list[Row], Callable[[str | None], str]]] = [
            (self.say("Entry"), 2, entries, self._entry),
            (self.say("Scope"), 4, facts["by_scope"], self._scope),
            (self.say("Gas"), 5, facts["by_gas"], self._gas),
            (self.say("Fuel or product"), 8, facts["by_item"], self._item),
            (self.say("Industry"), 7, facts["by_industry"], self._industry),
        ]
        totals: dict[str, str] = {}
        row = 1
        for heading, column, rows, name in breakdowns:
            row += 1
            sheet.headings(row, [heading, *map(self._view_name, self.views)])
            first = row + 1
            for key in sorted(dict.fromkeys(r["key"] for r in rows), key=lambda k: k or ""):
                row += 1
                sheet.value(row, 0, name(key))
                for place, view in enumerate(self.views, start=1):
                    known = math.fsum(
                        r["co2e_t"] for r in rows
                        if r["key"] == key and (r["view"] or "") in ("", view)
                    )  # fmt: skip
                    same = f"{self._column(lines, column)}={cell(row, 0, fixed=True)}"
                    sheet.formula(row, place, self._sum(lines, same, view), known, "tonnes")
            row += 1
            sheet.value(row, 0, self.namer.total(facts), "bold")
            for place, view in enumerate(self.views, start=1):
                total = facts["net_co2e_t"][view]
                summed = reference("", first, place, row - 1, place)
                sheet.formula(row, place, f"=SUM({summed})", total, "tonnes")
                totals.setdefault(view, reference(sheet.name, row, place))
            row += 1
        sheet.widths([44, *[22] * len(self.views)])
        return totals

    def uncertainty(
        self, sheet: Sheet, activities: Sheet, factors: Sheet, totals: dict[str, str]
    ) -> dict[str, str]:
        """Error propagation in formulas, what was drawn beside it; the cell of each range."""
        columns = [
            "Electricity", "Net account, t CO2e", "± t by propagation", "± share",
            "± t by Monte Carlo", "2.5 %, t", "97.5 %, t", "Difference",
        ]  # fmt: skip
        sheet.headings(FIRST - 1, self.say.each(*columns))
        cells = {}
        last_activity = FIRST + len(self.facts["activities"]) - 1
        last_factor = FIRST + len(self.facts["factors"]) - 1
        for number, found in enumerate(self.facts["uncertainty"]["views"]):
            view, place = found["view"] or "", FIRST + number
            sheet.value(place, 0, self._view_name(view))
            sheet.formula(place, 1, f"={totals[view]}", found["co2e_t"], "tonnes")
            errors = ",".join(
                [
                    reference(activities.name, FIRST, 8 + number, last_activity, 8 + number),
                    reference(factors.name, FIRST, 12 + number, last_factor, 12 + number),
                ]
            )
            half_range = found["half_range_t"]
            sheet.formula(place, 2, f"=SQRT(SUMSQ({errors}))", half_range, "tonnes")
            ratio = f"=IF({cell(place, 1)}=0,0,{cell(place, 2)}/ABS({cell(place, 1)}))"
            sheet.formula(place, 3, ratio, found["relative_half_range"] or 0.0, "share")
            sheet.value(place, 4, found["monte_carlo_half_range_t"], "tonnes")
            sheet.value(place, 5, found["monte_carlo_low_t"], "tonnes")
            sheet.value(place, 6, found["monte_carlo_high_t"], "tonnes")
            difference = f"=IF({cell(place, 2)}=0,0,ABS({cell(place, 4)}/{cell(place, 2)}-1))"
            sheet.formula(place, 7, difference, found["difference"], "share")
            cells[view] = reference(sheet.name, place, 2)
        sheet.widths([30, *[20] * 7])
        return cells

    def cover(
        self, sheet: Sheet, document: Document, totals: dict[str, str], ranges: dict[str, str]
    ) -> None:
        """Title, warning, what it comes to, signature."""
        sheet.text(1, 0, document.subtitle)
        row = 2
        if document.banner:
            sheet.text(row, 0, document.banner, "warning")
            row += 1
        for name, value in document.sections[0].tables[0].rows:
            row += 1
            sheet.value(row, 0, name)
            sheet.value(row, 1, value)
        row += 2
        sheet.headings(row, self.say.each("Electricity", "Net account, t CO2e", "± t (95 %)"))
        for found in self.facts["uncertainty"]["views"]:
            row += 1
            view = found["view"] or ""
            sheet.value(row, 0, self._view_name(view))
            sheet.formula(row, 1, f"={totals[view]}", found["co2e_t"], "tonnes")
            sheet.formula(row, 2, f"={ranges[view]}", found["half_range_t"], "tonnes")
        row += 2
        sheet.value(row, 0, document.signed)
        sheet.value(row + 1, 0, document.signature)
        sheet.widths([44, 40, 20])

    # --- names and parts of formulas -------------------------------------------------------------

    def _entry(self, code: str | None) -> str:
        return self.namer.code(labels.ENTRIES, code) or "-"

    def _gas(self, code: str | None) -> str:
        return self.namer.code(labels.GASES, code) or "-"

    def _item(self, code: str | None) -> str:
        return self.namer.name("item", code) or "-"

    def _industry(self, code: str | None) -> str:
        return f"{code or '-'} {self.namer.name('industry', code)}".strip()

    def _scope(self, code: str | None) -> str:
        return f"{self.say('Scope')} {code or '-'}"

    def _view(self, code: str | None) -> str:
        return self.namer.code(labels.VIEWS, code) if code else ALL_VIEWS

    def _view_name(self, view: str) -> str:
        return self.namer.code(labels.VIEWS, view)

    def _error_heading(self, view: str) -> str:
        return f"{self.say('Error, t')}: {self._view_name(view)}"

    def _column(self, lines: Sheet, column: int) -> str:
        return reference(lines.name, FIRST, column, self.last_line, column, fixed=True)

    def _sum(self, lines: Sheet, condition: str, view: str) -> str:
        """Lines of the net account in a view; compared as they are, without wildcards."""
        rows = (FIRST, self.last_line)
        return f"={self._product(lines, rows, condition, view)}"

    def _product(self, lines: Sheet, rows: tuple[int, int], condition: str, view: str) -> str:
        first, last = rows
        views, is_in_net, tonnes = (
            reference(lines.name, first, column, last, column, fixed=True) for column in (3, 14, 13)
        )
        name = self._view_name(view).replace('"', '""')
        of_view = f'(({views}="{ALL_VIEWS}")+({views}="{name}")>0)'
        return f"SUMPRODUCT(({condition})*{of_view}*{is_in_net}*{tonnes})"

    def _errors(
        self, sheet: Sheet, place: int, column: int, lines: Sheet, rows: tuple[int, int],
        condition: str, mine: Sequence[Row], range_cell: str, half_range: float | None,
    ) -> None:  # fmt: skip
        for number, view in enumerate(self.views):
            known = math.fsum(
                line["co2e_t"] for line in mine
                if line["is_in_net"] and (line["view"] or "") in ("", view)
            )  # fmt: skip
            formula = f"={self._product(lines, rows, condition, view)}*{range_cell}"
            sheet.formula(place, column + number, formula, known * (half_range or 0.0), "tonnes")


def _printed(row: Row) -> float:
    """The number that a cell prints; of a corrected one, what stands in its place."""
    counted: float = row["cell_quantity"] / row["to_unit_factor"]
    try:
        printed = float(str(row["value_text"]).replace(",", ""))
    except ValueError:
        return counted
    return printed if math.isclose(printed, counted, rel_tol=1e-12) else counted
