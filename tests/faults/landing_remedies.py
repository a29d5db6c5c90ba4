"""Every remedy of the landing, followed as it is printed.

A remedy is tried on a small file that its rule refuses. What a person would do is done to the file,
to its sidecar, to a table or to the corrections, and nothing else; the file is then landed again.
The words of each rule's remedy are divided among its entries so that none is left untried.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from landing_cases import (
    CASES,
    Case,
    Where,
    append,
    fact,
    layout,
    nothing,
    put,
    scale,
    several,
    sheet,
    used,
)
from landing_formats import SUFFIXES, describe, save, write
from landing_tables import (
    GDP,
    Place,
    Table,
    balance,
    captioned_product,
    enterprises,
    fuel_use,
    park_facts,
    regional_product,
)

from orchestration.forms.templates import code_entries

BY_ID = {case.id: case for case in CASES}
Answers = dict[str, Any]


@dataclass
class Hands:
    """What somebody has at hand who follows a remedy: the file, its sidecar, the tables."""

    case: Case
    place: Place
    table: Table
    kind: str
    damage: Callable[[bytes], bytes]
    sidecar: Callable[[dict[str, Any]], dict[str, Any] | str | None]
    file_name: str
    suffix: str = ""
    is_there: bool = True  # the file itself
    stated: bytes | None = None  # what the sidecar's sha256 is of, if not of the file
    companions: list[tuple[str, Table]] = field(default_factory=list)
    rows: dict[str, list[str]] = field(default_factory=dict)  # added to tables of the reference
    corrections: list[dict[str, str]] = field(default_factory=list)

    @property
    def sound(self) -> Table:
        """The table as the publisher printed it."""
        return self.case.base(self.place, self.case.edition)

    def deliver(self, root: Path, folder: str) -> str:
        """Write all of it below `root`; returns the name of the file."""
        data = self.damage(write(self.table, self.kind))
        described = describe(self.table, self.stated or data, folder)
        name = f"{folder}/{self.file_name}{self.suffix or SUFFIXES[self.kind]}"
        save(root, name, data, self.sidecar(described))
        if not self.is_there:
            (root / name).unlink()
        for companion, table in self.companions:
            own = write(table, "csv")
            save(root, f"{folder}/{companion}", own, describe(table, own, folder))
        for correction in self.corrections:
            correction["file_name"] = name
            if not correction["row_number"]:
                correction["expected_text"] = described["sha256"]
        return name


Step = Callable[[Hands], None]


@dataclass(frozen=True)
class Followed:
    """A remedy, or a part of one, that is followed.

    `says` are the words of the remedy that are done. `lands` says what has to land afterwards: the
    values of the sound table, those printed in the file, or nothing of it. `but` are places
    that the remedy itself leaves out or changes, with what is kept there: a number and a status.
    """

    rule: str
    says: str
    case: Case
    follow: Step
    lands: Literal["sound", "printed", "nothing"] = "sound"
    but: dict[tuple[int, int], tuple[float | None, str]] = field(default_factory=dict)

    @property
    def id(self) -> str:
        return f"{self.rule}: {self.says}"

    def hands(self, number: int) -> Hands:
        """The faulty file, before anything is done."""
        case, place = self.case, Place(number)
        table = case.base(place, case.edition)
        table.encoding = case.encoding
        case.fault(table, place)
        companions = [(f"edition_{n}.csv", case.base(place, n)) for n in case.peers]
        companions += case.companions(place)
        hands = Hands(
            case, place, table, case.kind, case.damage, case.sidecar, case.file_name,
            companions=companions,
        )  # fmt: skip
        if case.id in PREPARED:
            PREPARED[case.id](hands)
        return hands


# --- what people do ------------------------------------------------------------------------------


def do(*steps: Step) -> Step:
    def follow(hands: Hands) -> None:
        for step in steps:
            step(hands)

    return follow


def correct(hands: Hands) -> None:
    """Key what the publisher printed."""
    own = hands.table.layout
    hands.table = hands.sound
    hands.table.encoding = hands.case.encoding
    hands.table.layout = {**own, **hands.table.layout}


def key(row: int, column: int, text: str) -> Step:
    return lambda hands: hands.table.put(row, column, text)


def remove_row(row: int) -> Step:
    return lambda hands: hands.table.rows.__delitem__(row - 1)


def say(**keys: Any) -> Step:
    """Write keys of `layout` into the sidecar."""
    return lambda hands: hands.table.layout.update(keys)


def say_constant(concept: str, value: Callable[[Place], str]) -> Step:
    return lambda hands: hands.table.layout["constants"].update({concept: value(hands.place)})


def write_sidecar(**keys: Any) -> Step:
    """Write the sidecar as it should be, with these fields."""

    def step(hands: Hands) -> None:
        hands.sidecar = lambda sidecar: sidecar | keys

    return step


def save_as(kind: str, **also: Any) -> Step:
    def step(hands: Hands) -> None:
        hands.kind, hands.suffix, hands.damage = kind, "", also.get("damage", lambda data: data)

    return step


def get_again(hands: Hands) -> None:
    """The file whole, as the publisher or the sender has it."""
    hands.damage = lambda data: data


def add_row(table: str, row: str) -> Step:
    """Add a row to a table of the reference."""
    return lambda hands: hands.rows.setdefault(table, []).append(row)


def accept(rule: str) -> Step:
    """Accept what a rule found, in the corrections table, for the whole file."""
    return lambda hands: hands.corrections.append(correction(rule=rule, action="accept"))


def correction(**keys: str) -> dict[str, str]:
    empty = dict.fromkeys(
        ("file_name", "sheet_name", "row_number", "column_number", "column_name", "rule"), ""
    )
    decided = {
        "correction_id": "",
        "reason_zh": "已核对",
        "reason_en": "compared",
        "decided_by": "tests",
        "decided_on": "2026-01-01",
        "expires_on": "2099-01-01",
        "source_id": "",
        "expected_text": "",
        "replacement_text": "",
    }
    return {**decided, **empty, **keys}


def with_stored_results(data: bytes) -> bytes:
    """A workbook that was opened and saved in Excel: every formula has its result beside it."""
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(packed, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            if name.startswith("xl/worksheets/"):
                content = re.sub(
                    rb"(<f>F\d+\*1\.05</f>)<v\s*/>|(<f>F\d+\*1\.05</f>)<v></v>",
                    rb"\1\2<v>61.5</v>",
                    content,
                )
            target.writestr(name, content)
    return packed.getvalue()


def put_in_two_sheets(hands: Hands) -> None:
    """The rows from the sixth on stand in a second sheet below the same heading."""
    rows = hands.table.rows
    hands.table.other_sheets = [("续表", False, [rows[0], *rows[5:]])]
    hands.table.rows = rows[:5]


def edition_of_its_own(hands: Hands) -> None:
    """The old file as it was; the new edition beside it, with a sidecar of its own."""
    correct(hands)
    new = hands.case.base(hands.place, hands.case.edition)
    new.put(2, 3, f"{float(new.at(2, 3)) + 0.01:.2f}")
    new.edition += 1
    hands.companions.append(("new_edition.csv", new))


# --- cases that only remedies need ----------------------------------------------------------------


def index_of_product(place: Place, edition: int = 0) -> Table:
    """Years down, the index of product and of its parts across, the year before as 100."""
    table = captioned_product(place, edition)
    table.dataset = "provincial_bulletins_gdp_index"
    table.rows = [
        ["地区生产总值指数", *[""] * 4],
        ["年份", *GDP],
        *([row[0], "106.1", "102.2", "107.3", "106.9"] for row in table.rows[2:]),
    ]
    del table.layout["totals"]
    table.layout |= {"unit": "上年=100", "labels": {"indicator": INDEX_OF}}
    return table


INDEX_OF = {name: f"{name}{'' if name == GDP[0] else '增加值'}指数" for name in GDP}


def edited(hands: Hands) -> None:
    """A figure was changed after the sidecar was written."""
    hands.stated = write(hands.table, hands.kind)
    hands.table.put(2, 3, f"{float(hands.table.at(2, 3)) + 0.01:.2f}")


def rejected(hands: Hands) -> None:
    hands.corrections = [
        correction(
            action="reject",
            row_number="2",
            column_number="3",
            expected_text=hands.table.at(2, 3),
        )
    ]


def case(
    name: str,
    base: Callable[..., Table],
    fault: Callable[[Table, Place], None],
    where: Where,
    rule: str,
    **more: Any,
) -> Case:
    return Case(name, name, base, fault, {where: rule}, **more)


def without_its_heading(table: Table, place: Place) -> None:
    """Nothing says which sign inputs have, and there is no plant to show it."""
    del table.layout["transformation_inputs"]
    table.rows[17][0] = "加工转换"
    table.rows[18:] = []
    table.rows.append(["Petroleum Refineries", *table.rows[17][1:]])


def turned_heading(table: Table, place: Place) -> None:
    """A heading that says the other sign than the figures of its plants have."""
    del table.layout["transformation_inputs"]
    table.rows[17][0] = "加工转换投入(-)产出(+)量"


def mixed_signs(table: Table, place: Place) -> None:
    fuels = len(table.rows[0]) - 1
    figures = [f"-{n}.5" for n in range(1, fuels + 1)]
    table.rows.insert(2, ["本省(区、市)调出量(-)", *figures])
    table.rows[2][2] = "2.5"


def with_outflow(place: Place, edition: int = 0) -> Table:
    table = balance(place, edition)
    mixed_signs(table, place)
    table.rows[2][2] = "-2.5"
    return table


def more_power(table: Table, place: Place) -> None:
    """A thousand times the power from the same fuel, with its total made to fit."""
    more = float(table.at(19, 11)) * 999
    for row in (18, 19):
        table.put(row, 11, f"{float(table.at(row, 11)) + more:.2f}")


def binary_workbook() -> bytes:
    """What a workbook saved as .xlsb is inside, whatever it is named."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as package:
        package.writestr("[Content_Types].xml", "<Types/>")
        package.writestr("xl/workbook.bin", b"\x83\x01\x00")
    return content.getvalue()


BINARY = binary_workbook()
OWN = [
    case("file_edited", fuel_use, nothing, "lines", "file_hash_changed"),
    case("correction_rejects", fuel_use, nothing, (2, 3), "rejected_by_correction"),
    case(
        "binary_workbook", fuel_use, nothing, "lines", "file_kind_unread",
        damage=lambda data: BINARY,
    ),
    case("text_of_no_data", fuel_use, nothing, "lines", "file_kind_unread"),
    case("sidecar_alone", fuel_use, nothing, "lines", "sidecar_without_file"),
    case("gas_in_tonnes", fuel_use, put(2, 1, "天然气"), 2, "unit_mismatch"),
    case(
        "index_in_yuan",
        regional_product,
        several(put(1, 3, "第一产业增加值指数"), layout(totals=[])),
        ("column", 3),
        "unit_mismatch",
    ),
    case(
        "index_called_product",
        index_of_product,
        layout(unit="亿元", labels={}),
        "file",
        "content_quantity_mismatch",
        sidecar=lambda sidecar: sidecar | {"dataset": "china_yearbook_gdp"},
    ),
    case(
        "dash_of_the_office", fuel_use, put(4, 6, "——"), (4, 6), "value_not_a_number"
    ),
    case(
        "co2_in_hundreds",
        park_facts,
        several(
            BY_ID["list_heading_in_a_unit_nobody_knows"].fault,
            *(scale(row, fact("co2_t"), "0.01") for row in (2, 3, 4, 5)),
        ),
        "lines",
        "heading_unit_mismatch",
    ),
    case("column_misnamed", enterprises, put(1, 4, "行业门类"), "lines", "column_unknown"),
    case("unit_of_a_clerk", fuel_use, put(2, 2, "万顿"), 2, "unit_unknown"),
    case(
        "second_sheet_goes_on", fuel_use, nothing, ("续表", 1), "sheet_unread", kind="xlsx"
    ),
    case(
        "working_sheet", fuel_use, sheet("草稿", False, ["x", "1"]), ("草稿", 1), "sheet_unread",
        kind="xlsx",
    ),
    case(
        "note_of_the_office",
        fuel_use,
        several(append("说明：本表为规模以上。", "", "", "", "", "", ""),
                append("合计", "万吨", "1", "2", "3", "4", "5"), layout(last_data_row=11)),
        ("line", 13),
        "row_outside_layout",
    ),
    case("sign_nobody_says", balance, without_its_heading, 19, "sign_unstated"),
    case("sign_of_the_heading", balance, turned_heading, "file", "sign_of_inputs"),
    case("signs_mixed", with_outflow, put(3, 3, "2.5"), 3, "sign_mixed"),
    case(
        "power_from_nothing",
        balance,
        more_power,
        "file",
        "transformation_gains",
    ),
    case(
        "park_in_minus", fuel_use, put(2, 3, "-25.3"), (2, 3), "value_negative"
    ),
]  # fmt: skip
BY_ID |= {own.id: own for own in OWN}


def _set(name: str, value: Any) -> Step:
    return lambda hands: setattr(hands, name, value)


# What stands around a file before anything is done.
PREPARED: dict[str, Step] = {
    "file_edited": edited,
    "correction_rejects": rejected,
    "binary_workbook": _set("suffix", ".xlsx"),
    "text_of_no_data": _set("suffix", ".docx"),
    "sidecar_alone": _set("is_there", False),
    "second_sheet_goes_on": put_in_two_sheets,
}


def followed(rule: str, says: str, case_id: str, follow: Step, **more: Any) -> Followed:
    return Followed(rule, says, BY_ID[case_id], follow, **more)


TCE_OF = used("energy_tce")
FOLLOWED = [
    followed(
        "sidecar_missing",
        "write a sidecar of the same name with .yml: publisher, edition, unit, encoding, sha256, "
        "layout; greenpark describe FILE does it",
        "sidecar_missing",
        write_sidecar(),
    ),
    followed(
        "sidecar_invalid", "correct the fields named", "sidecar_without_licence", write_sidecar()
    ),
    followed("file_hash_changed", "restore the file", "file_edited", correct),
    followed(
        "file_hash_changed",
        "for a new edition save it as a new file with its own edition_year",
        "file_edited",
        edition_of_its_own,
    ),
    followed(
        "file_hash_changed",
        "for a corrected keying error update sha256 in the sidecar and say so in the CHANGELOG",
        "file_edited",
        _set("stated", None),
        lands="printed",
    ),
    followed(
        "file_undecodable",
        "correct encoding in the sidecar (utf-8, utf-8-sig, utf-16, gb18030)",
        "encoding_is_another",
        write_sidecar(encoding="gb18030"),
    ),
    followed(
        "dataset_unknown",
        "use a name of seeds/reference/catalog/datasets.csv",
        "dataset_nobody_knows",
        write_sidecar(dataset="jiangsu_yearbook_industrial_fuel_use"),
    ),
    followed(
        "layout_mismatch", "correct layout in the sidecar", "layout_no_such_sheet",
        say(sheet="Sheet1"),
    ),
    followed("row_ragged", "check quotes", "list_ragged", correct),
    followed("row_ragged", "separators", "row_lost_a_cell_bar", correct),
    followed("row_ragged", "missing cells", "row_lost_a_cell", correct),
    followed("label_unknown", "correct its spelling", "label_misspelt", key(2, 1, "原煤")),
    followed(
        "label_unknown",
        "add a row to the alias table in seeds/reference/mappings",
        "label_misspelt_html",
        add_row("mappings/fuel_aliases.csv", "焦,coke,tests"),
    ),
    followed("year_invalid", "correct the year", "year_with_the_letter_o", correct),
    followed("unit_unknown", "correct the unit", "unit_misspelt_html", key(6, 2, "万吨")),
    followed(
        "unit_unknown",
        "add a row to seeds/reference/units/unit_labels.csv",
        "unit_of_a_clerk",
        add_row("units/unit_labels.csv", "万顿,t,10000,mass"),
    ),
    followed("unit_mismatch", "correct the unit", "unit_of_another_kind", key(2, 2, "万吨")),
    followed("unit_mismatch", "the fuel", "gas_in_tonnes", key(2, 1, "原煤")),
    followed("unit_mismatch", "the indicator", "index_in_yuan", key(1, 3, "第一产业")),
    followed("value_not_a_number", "correct the value", "value_two_points", correct),
    followed(
        "value_not_a_number",
        "say in missing_marks of the sidecar what the mark means",
        "dash_of_the_office",
        say(missing_marks={"": "not_available", "——": "below_unit"}),
        but={(4, 6): (None, "below_unit")},
    ),
    followed(
        "total_mismatch",
        "look for a missing or shifted row or column; correct it and update sha256 in the sidecar",
        "total_of_a_balance",
        correct,
    ),
    followed("duplicate_key", "remove one of the two", "row_copied_below", remove_row(12)),
    followed(
        "duplicate_key",
        "a revised figure belongs in the file of its own edition, with that edition_year in its "
        "sidecar",
        "row_copied_below",
        edition_of_its_own,
    ),
    followed("file_unreadable", "download it again", "workbook_cut_off", get_again),
    followed("file_unreadable", "ask the sender to export it again", "quote_not_closed", get_again),
    followed(
        "file_encrypted",
        "save it without a password in Excel",
        "workbook_with_a_password",
        save_as("xlsx"),
    ),
    followed(
        "file_too_large",
        "save it as CSV, which is read in blocks and may have any size",
        "json_too_large",
        save_as("csv", damage=lambda data: data + b",,,,,,\r\n" * 40_000),
    ),
    followed("column_unknown", "correct its name", "column_misnamed", key(1, 4, "行业代码")),
    followed(
        "column_unknown",
        "map it by fields in the sidecar",
        "column_misnamed",
        say(fields={"行业门类": "industry_code"}),
    ),
    followed(
        "column_unknown",
        "list it in ignore_columns",
        "list_unknown_column",
        say(ignore_columns=[6]),
    ),
    followed(
        "sheet_hidden",
        "look at the hidden sheet; if it is not needed name it in ignore_sheets of the sidecar",
        "sheet_hidden",
        say(ignore_sheets=["上年"]),
    ),
    followed(
        "sheet_unread",
        "describe it as one of blocks",
        "second_sheet_goes_on",
        say(sheet="Sheet1", blocks=[{"sheet": "续表"}]),
    ),
    followed(
        "sheet_unread", "name it in ignore_sheets", "working_sheet", say(ignore_sheets=["草稿"])
    ),
    followed(
        "row_outside_layout",
        "correct last_data_row",
        "list_below_the_last_row",
        say(last_data_row=6),
        lands="printed",
    ),
    followed(
        "row_outside_layout",
        "end_marks in the sidecar",
        "rows_below_the_note",
        do(say(end_marks=["资料来源"], skip_rows=[12])),
        lands="printed",
    ),
    followed(
        "row_outside_layout", "list the row in skip_rows", "note_of_the_office",
        do(lambda hands: hands.table.layout.pop("last_data_row"), say(skip_rows=[[12, 13]])),
    ),
    followed(
        "rejected_by_correction",
        "nothing to do; remove the correction when it no longer holds",
        "correction_rejects",
        _set("corrections", []),
    ),
    followed(
        "file_kind_unread",
        "save it as .xlsx or .csv",
        "binary_workbook",
        save_as("xlsx"),
    ),
    followed(
        "file_kind_unread",
        "move what is no data out of the folder",
        "text_of_no_data",
        do(_set("is_there", False), lambda hands: setattr(hands, "sidecar", lambda s: None)),
        lands="nothing",
    ),
    followed("sidecar_without_file", "bring the file", "sidecar_alone", _set("is_there", True)),
    followed(
        "sidecar_without_file",
        "remove the sidecar",
        "sidecar_alone",
        lambda hands: setattr(hands, "sidecar", lambda sidecar: None),
        lands="nothing",
    ),
    followed(
        "value_format_differs",
        "enter the number that is meant with the format General",
        "value_shown_in_wan_xlsx",
        lambda hands: hands.table.formats.clear(),
    ),
    followed(
        "value_merged",
        "unmerge the cells, and fill in each of them",
        "list_figure_merged",
        lambda hands: setattr(hands, "damage", lambda data: data),
    ),
    followed(
        "code_is_number",
        "format the column as text and enter the code again",
        "list_enterprise_code_as_number",
        correct,
    ),
    followed(
        "value_is_formula",
        "open and save it in Excel",
        "value_formulas_xlsx",
        lambda hands: setattr(hands, "damage", with_stored_results),
        but={(6, 7): (61.5, ""), (7, 7): (61.5, "")},
    ),
    followed("value_is_formula", "paste it as a value", "value_formula_csv", correct),
    followed(
        "value_is_error",
        "correct what the formula refers to and paste the value",
        "value_division_by_zero",
        correct,
    ),
    followed("value_missing", "fill it in", "list_value_missing", correct),
    followed(
        "value_missing",
        "or take out a row of totals or signatures",
        "list_signed",
        remove_row(6),
    ),
    followed(
        "credit_code_invalid",
        "compare it with the business licence sign by sign",
        "list_credit_code_misread",
        key(3, 6, "91350100M000100Y43"),
        lands="printed",
    ),
    followed(
        "credit_code_invalid", "or leave it empty", "list_credit_code_misread", key(3, 6, "")
    ),
    followed(
        "date_invalid", "write it as 2024-05-06", "list_day_in_words", key(3, 8, "2023-05-06")
    ),
    followed(
        "date_invalid", "or leave it empty", "list_day_in_words", key(3, 8, ""), lands="printed"
    ),
    followed(
        "code_is_total", "write the code", "list_total_of_park", key(3, 2, "E-9"), lands="printed"
    ),
    followed(
        "code_is_total", "or nothing for the park as a whole", "list_total_of_park", key(3, 2, ""),
        lands="printed",
    ),
    followed("code_is_total", "take out rows of totals", "list_subtotal", remove_row(6)),
    followed(
        "caption_year_differs",
        "compare the line above the list with the column of the year and correct the one that is "
        "wrong",
        "list_copied_under_a_new_title",
        key(1, 1, "2020至2023年园区年报"),
        lands="printed",
    ),
    followed(
        "row_ragged", "give a column without a heading one", "list_stray_column",
        key(1, 11, "note"), lands="printed",
    ),
    followed("row_ragged", "or empty it", "list_stray_column", key(3, 11, "")),
    followed("month_invalid", "write 1 to 12", "list_month_thirteen", key(5, 4, "4")),
    followed(
        "month_invalid", "or nothing for the whole year", "list_month_thirteen", key(5, 4, ""),
        lands="printed",
    ),
    followed(
        "month_invalid",
        "a date has to be of the year of its row",
        "list_month_of_another_year",
        key(3, 4, "2023-02-01"),
    ),
    followed(
        "value_negative", "check sign, brackets and shifted cells", "park_in_minus",
        correct,
    ),
    followed(
        "value_out_of_range",
        "check the unit and the decimal point",
        "list_share_in_percent",
        key(3, 9, "0.3"),
    ),
    followed("value_jump", "compare with the printed table", "one_figure_a_hundredfold", correct),
    followed(
        "value_jump",
        "if it is right, accept it in the corrections table",
        "one_figure_a_hundredfold",
        accept("value_jump"),
        lands="printed",
    ),
    followed(
        "code_unknown",
        "take a code or name of the list on sheet 代码 of the form",
        "list_code_unknown",
        key(4, 4, next(e.label_zh for e in code_entries("industries") if e.code == "44")),
    ),
    followed(
        "content_region_mismatch",
        "compare the file with region in constants of the sidecar",
        "caption_of_another_province",
        say_constant("region", lambda place: "320000"),
        lands="printed",
    ),
    followed(
        "content_year_mismatch",
        "compare the file with year in constants of the sidecar",
        "caption_of_another_year",
        say_constant("year", lambda place: str(place.year - 2)),
        lands="printed",
    ),
    followed(
        "heading_unit_mismatch",
        "correct the unit of the heading",
        "list_heading_in_standard_coal",
        do(
            lambda hands: hands.table.rows[0].__setitem__(13, "二氧化碳排放量（吨）"),
            say(fields={"二氧化碳排放量（吨）": "co2_t"}),
        ),
    ),
    followed(
        "heading_unit_mismatch",
        "for a unit nobody knows add a row to seeds/reference/units/unit_labels.csv",
        "co2_in_hundreds",
        add_row("units/unit_labels.csv", "百吨,t,100,mass"),
    ),
    followed(
        "content_quantity_mismatch",
        "land the file as what its caption says, or correct the sidecar",
        "index_called_product",
        do(write_sidecar(), say(unit="上年=100", labels={"indicator": INDEX_OF})),
    ),
    followed(
        "content_quantity_mismatch",
        "if it is the same quantity, accept it in the corrections table",
        "caption_of_product_per_head_xls",
        accept("content_quantity_mismatch"),
        lands="printed",
    ),
    followed(
        "content_part_of_year", "give the table of the whole year", "caption_of_half_a_year",
        correct,
    ),
    followed(
        "content_part_of_year",
        "a list that has a column of months takes the month there",
        "list_of_half_a_year",
        lambda hands: [hands.table.put(row, 4, "6") for row in range(3, 13)] and None,
        lands="printed",
    ),
    followed("quantity_missing", "fill in a quantity", "list_row_without_a_quantity", correct),
    followed(
        "quantity_missing", "leave out the row", "list_row_without_a_quantity", remove_row(4),
        lands="printed",
    ),
    followed(
        "content_copied", "replace the file with the right one", "figures_of_last_year", correct
    ),
    followed(
        "region_exceeds_parent",
        "check whether national or provincial figures were taken",
        "national_figures_of_another_edition",
        correct,
    ),
    followed(
        "region_too_large",
        "check for national figures and for the unit",
        "more_energy_than_a_country",
        lambda hands: hands.table.rows.__setitem__(
            1, ["单位 Unit", *["吨"] * 8, "百万千焦", "万千瓦时"]
        ),
    ),
    followed(
        "rows_shifted",
        "compare with the printed table row by row",
        "row_of_figures_lost",
        do(correct, say(last_data_row=20)),
    ),
    followed(
        "columns_shifted",
        "compare with the printed table column by column",
        "column_of_figures_lost",
        correct,
    ),
    followed(
        "unit_scale", "check the unit", "one_fuel_in_another_unit", key(2, 2, "吨")
    ),
    followed(
        "unit_scale",
        "if it is a revision, accept it in the corrections table",
        "whole_table_in_tonnes",
        accept("unit_scale"),
        lands="printed",
    ),
    followed("rows_missing", "get the whole file", "table_cut_off", correct),
    followed(
        "rows_missing",
        "if the table was changed, accept it in the corrections table",
        "table_cut_off",
        accept("rows_missing"),
        lands="printed",
    ),
    followed(
        "sign_unstated",
        "say transformation_inputs: negative or positive in layout of the sidecar",
        "sign_nobody_says",
        say(transformation_inputs="positive"),
        lands="printed",
    ),
    followed("sign_mixed", "check the signs of the row", "signs_mixed", key(3, 3, "-2.5")),
    followed(
        "sign_of_inputs",
        "compare the heading of transformation with its figures; transformation_inputs in layout "
        "of the sidecar (negative or positive) says which sign inputs are printed with, and goes "
        "before the heading",
        "sign_of_the_heading",
        say(transformation_inputs="positive"),
    ),
    followed(
        "transformation_gains",
        "look for a wrong sign, a missing fuel or a wrong unit",
        "power_from_nothing",
        correct,
    ),
    followed(
        "enterprises_exceed_park",
        "compare the return of the park with those of its enterprises",
        "list_enterprises_above_their_park",
        correct,
    ),
    followed(
        "factor_out_of_range",
        "check unit and decimal point, often off by 10 or 10^4",
        "list_gas_in_the_wrong_unit",
        key(4, used("unit"), "立方米"),
        lands="printed",
    ),
]  # fmt: skip
