"""The corrections table: what people decided about printed values, until when, and why.

`replace` puts another text in the place of a printed one, `reject` refuses it, `accept` lets pass
what a rule found. Each says what it expects to find: the printed text, or for a whole file its
sha256. One that finds something else, or nothing, or has expired, is not applied and fails the
build. The shipped table and each data folder's own `corrections.csv` are read; a row that says
nothing clear stops the landing before anything is read.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal

import duckdb
from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PositiveInt,
    ValidationError,
    model_validator,
)

from expectations.rules import landing_rules
from orchestration.errors import GreenparkError
from orchestration.landing.map.catalogue import REFERENCE
from orchestration.landing.read.files import CORRECTIONS

SHIPPED = REFERENCE / "corrections" / "corrections.csv"


@cache
def acceptable() -> frozenset[str]:
    """The rules that judge whether a value is believable.

    What the others refuse cannot be used as it is, whatever people decide; it can be replaced.
    """
    return frozenset(rule.rule_id for rule in landing_rules() if rule.is_acceptable == "true")


def _none_if_blank(value: Any) -> Any:
    return None if value == "" else value


Number = Annotated[PositiveInt | None, BeforeValidator(_none_if_blank)]
Given = Annotated[str, Field(min_length=1)]


class Correction(BaseModel):
    """One row; the fields are the columns, in order."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    correction_id: Given
    action: Literal["replace", "reject", "accept"]
    file_name: Given
    sheet_name: str
    row_number: Number
    column_number: Number
    column_name: str
    rule: str
    expected_text: str
    replacement_text: str
    reason_zh: Given
    reason_en: Given
    decided_by: Given
    decided_on: date
    expires_on: date
    source_id: str

    @model_validator(mode="after")
    def _says_one_thing(self) -> Correction:
        if self.expires_on < self.decided_on:
            raise ValueError("expires_on lies before decided_on")
        if (self.rule != "") != (self.action == "accept"):
            raise ValueError("rule is given for accept, and for nothing else")
        if self.rule and self.rule not in acceptable():
            raise ValueError(
                f"rule {self.rule} cannot be accepted; it can be: {', '.join(sorted(acceptable()))}"
            )
        if (self.replacement_text != "") != (self.action == "replace"):
            raise ValueError("replacement_text is given for replace, and for nothing else")
        one_column = (self.column_number is None) != (self.column_name == "")
        if self.row_number is None:
            if self.action != "accept" or self.column_number or self.column_name:
                raise ValueError("row_number is empty only where accept is for a whole file")
            if not self.expected_text:
                raise ValueError("expected_text of an accept for a whole file is its sha256")
        elif not one_column:
            raise ValueError("give column_number for a matrix or column_name for a list")
        return self

    @property
    def place(self) -> tuple[Any, ...]:
        """What it is about."""
        return (
            self.file_name,
            self.sheet_name,
            self.row_number,
            self.column_number,
            self.column_name,
            self.rule,
        )


COLUMNS = tuple(Correction.model_fields)


def read(roots: list[Path]) -> list[Correction]:
    """The shipped corrections and those of the data folders.

    Raises GreenparkError that names file, line and column of all that is wrong.
    """
    paths = [SHIPPED, *(path for root in roots if (path := root / CORRECTIONS).exists())]
    found: list[Correction] = []
    faults: list[str] = []
    met: dict[tuple[str, Any], str] = {}  # what has to differ, and its value, to where it stands
    for path in paths:
        for line, row in _lines(path):
            try:
                correction = Correction.model_validate(row)
            except ValidationError as error:
                faults += [f"{path} line {line}{_place(fault)}" for fault in error.errors()]
                continue
            for key in (
                ("correction_id", correction.correction_id),
                ("place", correction.place),
            ):
                if key in met:
                    faults.append(f"{path} line {line}: the same {key[0]} as {met[key]}")
                met[key] = f"{path.name} line {line}"
            found.append(correction)
    if faults:
        raise GreenparkError(
            "the corrections say nothing clear: " + "; ".join(faults),
            "correct these rows, or take them out; CONTRIBUTING.md describes the columns",
        )
    return found


def _lines(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    """Line number and cells of each row. Raises GreenparkError if the file is no such table."""
    remedy = f"save it as UTF-8 CSV with the columns {','.join(COLUMNS)}"
    try:
        with path.open(encoding="utf-8-sig", newline="") as handle:
            reader = csv.DictReader(handle, strict=True, restkey="", restval=None)
            if tuple(reader.fieldnames or ()) != COLUMNS:
                raise GreenparkError(f"{path} line 1: the columns are not those needed", remedy)
            for row in reader:
                if "" in row or None in row.values():
                    message = f"{path} line {reader.line_num}: not as many cells as the header has"
                    raise GreenparkError(message, remedy)
                yield reader.line_num, row
    except UnicodeDecodeError as error:
        raise GreenparkError(f"{path} is not UTF-8: {error}", remedy) from error
    except csv.Error as error:
        raise GreenparkError(f"{path}: {error}", remedy) from error


def _place(fault: Any) -> str:
    """Where in a row a fault is, and what."""
    column = f" column {fault['loc'][0]}" if fault["loc"] else ""
    return f"{column}: {fault['msg'].removeprefix('Value error, ')}"


def match(connection: duckdb.DuckDBPyConnection, given: list[Correction]) -> None:
    """Find what each correction is about; fills the temporary table `corrections`.

    Has to run after the files are read and before anything is judged.
    """
    connection.execute(
        """
        create temp table corrections (
            correction_id varchar, action varchar, file_name varchar, sheet_name varchar,
            row_number bigint, column_number bigint, column_name varchar, rule varchar,
            expected_text varchar, replacement_text varchar, reason_zh varchar, reason_en varchar,
            decided_by varchar, decided_on date, expires_on date, source_id varchar,
            found_text varchar, state varchar
        )
        """
    )
    if given:
        marks = ", ".join("?" for _ in COLUMNS)
        connection.executemany(
            f"insert into corrections values ({marks}, null, null)",
            [list(correction.model_dump().values()) for correction in given],
        )
    connection.execute(
        """
        update corrections set found_text = files.file_sha256
        from files
        where corrections.file_name = files.file_name and corrections.row_number is null;
        update corrections set found_text = cells.value_text
        from cells inner join files using (file_number)
        where
            corrections.file_name = files.file_name
            and corrections.sheet_name = cells.sheet_name
            and corrections.row_number = cells.row_number
            and corrections.column_number = cells.column_number;
        """
    )
    if any(correction.column_name for correction in given):
        _find_in_lists(connection)
    connection.execute(
        """
        update corrections
        set state = case
            when expires_on < current_date then 'expired'
            when file_name not in (select file_name from files) then 'file_not_landed'
            when found_text is null then 'value_not_found'
            when found_text <> expected_text then 'expectation_failed'
            else 'applied'
        end
        """
    )


def _find_in_lists(connection: duckdb.DuckDBPyConnection) -> None:
    # The name of a column is part of the statement, so it is taken from the table itself.
    for correction_id, dataset, column in connection.execute(
        """
        select corrections.correction_id, files.dataset, columns.column_name
        from corrections inner join files using (file_name)
        inner join duckdb_columns() as columns
            on
                columns.database_name = current_database()
                and columns.schema_name = 'raw'
                and files.dataset = columns.table_name
                and corrections.column_name = columns.column_name
        where not starts_with(columns.column_name, '_')
        """
    ).fetchall():
        connection.execute(
            f"""
            update corrections set found_text = coalesce(raw."{column}", '')
            from raw.{dataset} as raw
            where
                correction_id = $1
                and corrections.file_name = raw._file_name
                and corrections.sheet_name = raw._sheet_name
                and corrections.row_number = raw._row_number
            """,
            [correction_id],
        )


def replace_in_records(connection: duckdb.DuckDBPyConnection) -> None:
    """Put the replacing values into the lists they are for."""
    for dataset, column, file_name, sheet, row, text in connection.execute(
        """
        select files.dataset, column_name, file_name, corrections.sheet_name, row_number,
            replacement_text
        from corrections inner join files using (file_name)
        where action = 'replace' and state = 'applied' and column_name <> ''
        """
    ).fetchall():
        connection.execute(
            f"""
            update raw.{dataset} set "{column}" = $1
            where _file_name = $2 and _sheet_name = $3 and _row_number = $4
            """,
            [text, file_name, sheet, row],
        )


def write(connection: duckdb.DuckDBPyConnection) -> None:
    """Fill `quality.corrections`: every correction and what became of it."""
    connection.execute(
        """
        create table quality.corrections as
        select
            correction_id, action, file_name, sheet_name, row_number, column_number, column_name,
            rule, expected_text, found_text, replacement_text, state, reason_zh, reason_en,
            decided_by, decided_on, expires_on, source_id
        from corrections
        order by correction_id
        """
    )
