"""Load what the reader found: accepted values to `raw`, refused ones to `quality.quarantine`.

The reader only reads, and the mapping turns labels into codes. Every judgement on a value is a rule
(`judging.py`). Rows read = accepted + quarantined.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from expectations.rules import RULES_CSV
from orchestration import run_tables
from orchestration.database import connect
from orchestration.errors import GreenparkError, Note
from orchestration.landing import corrections, methods, records, reports
from orchestration.landing.catalogue import (
    CODES,
    CONCEPTS,
    REFERENCE,
    Dataset,
    Meaning,
    Vocabulary,
    clean_label,
    read_datasets,
    read_vocabulary,
)
from orchestration.landing.formats import Unreadable
from orchestration.landing.judging import CODE_NAMES, SHARED, Judge
from orchestration.landing.list_words import ListWords, code_names
from orchestration.landing.mapping import Cell
from orchestration.landing.reader import (
    FileContent,
    find_files,
    open_file,
    read_cells,
    read_records,
    refused_lines,
)

NUMBER = r"[+-]?(\d{1,3}(,\d{3})+|\d+)(\.\d+)?([eE][+-]?\d+)?"
# The standard-coal coefficients by which figures of several fuels are weighed against each other.
TCE_SET = "nbs_balance"
BATCH_CELLS = 50_000
TABLES_TOLD = 5  # of a file, with a message each; the last one counts the rest
PROVENANCE = {
    "_load_id": "load_id",
    "_file_name": "file_name",
    "_sheet_name": "sheet_name",
    "_row_number": "row_number",
    "_column_number": "column_number",
    "_column_name": "column_name",
    "_vintage": "vintage",
    "_source_id": "source_id",
    "_origin": "origin",
}


@dataclass(frozen=True)
class LandedFile:
    """One line of the landing log."""

    dataset: str
    file_name: str
    vintage: int | None
    sha256: str
    bytes_read: int
    encoding: str | None
    rows_read: int
    rows_accepted: int
    rows_quarantined: int


@dataclass(frozen=True)
class LandingReport:
    """What a landing did: its files; a message for the first bad cell of each rule and table.

    Notes are what was read as it stands but should be known.
    """

    files: list[LandedFile]
    messages: list[str]
    messages_zh: list[str]
    rows_superseded: int
    files_left_out: int = 0
    notes: list[Note] = field(default_factory=list)  # what is no fault and yet worth knowing

    @property
    def rows_refused(self) -> int:
        """Rows quarantined because something is wrong with them."""
        return self.rows_quarantined - self.rows_superseded

    @property
    def rows_accepted(self) -> int:
        return sum(file.rows_accepted for file in self.files)

    @property
    def rows_quarantined(self) -> int:
        return sum(file.rows_quarantined for file in self.files)


def land(
    database: Path,
    roots: list[Path],
    on_file: Callable[[str, int, int], None] = lambda name, done, total: None,
    previous: Path | None = None,
    without: frozenset[str] = frozenset(),
) -> LandingReport:
    """Land every raw file below `roots` into `database`, but those whose origin is in `without`.

    `on_file(name, done, total)` is called after each file is read. A bad file or cell never
    stops the landing; it is quarantined. `previous` is the published database whose quarantine
    history goes on. Raises GreenparkError if there is nothing to land or a correction is unclear.
    """
    files = find_files(roots)
    if not files:
        raise GreenparkError(
            f"no raw file below {', '.join(str(root) for root in roots)}",
            "put raw files with their sidecars there, or leave out --data",
        )
    decided = corrections.read(roots)
    datasets = read_datasets()
    with connect(database) as connection:
        methods.load(connection, roots)
        reports.load(connection, roots)
        _prepare(connection, datasets)
        vocabulary = read_vocabulary()
        notes: list[Note] = []
        left_out = 0
        for number, file in enumerate(files):
            content = open_file(file)
            if content.sidecar and content.sidecar.origin in without:
                left_out += 1
            else:
                _stage(connection, number, content, datasets, vocabulary)
            notes += [Note(*(f"{file.name}: {text}" for text in note)) for note in content.notes]
            on_file(file.name, number + 1, len(files))
        corrections.match(connection, decided)
        corrections.replace_in_records(connection)
        Judge(connection, datasets.values()).run()
        _write(connection, datasets, previous)
        run_tables.create(connection)
        notes += _shown(connection)
        return replace(_report(connection), notes=notes, files_left_out=left_out)


def _prepare(connection: duckdb.DuckDBPyConnection, datasets: dict[str, Dataset]) -> None:
    """Make the tables of the landing and read the reference tables."""
    connection.execute("set variable reference = ?", [str(REFERENCE)])
    connection.execute("set variable number_pattern = ?", [NUMBER])
    connection.execute("set variable tce_set = ?", [TCE_SET])
    _append_names(connection, datasets)
    connection.execute((SHARED / "reference.sql").read_text(encoding="utf-8"))
    labels = ", ".join(f"{concept}_label varchar" for concept in CONCEPTS)
    codes = ", ".join(f"{name} {'integer' if name == 'year' else 'varchar'}" for name in CODE_NAMES)
    connection.execute(
        f"""
        create schema raw;
        create schema quality;
        create sequence row_ids;
        create temp table files (
            file_number integer, dataset varchar, file_name varchar, load_id varchar,
            root_rank integer, file_sha256 varchar, bytes_read bigint, encoding varchar,
            vintage bigint, source_id varchar, origin varchar, captions varchar,
            caption_lines varchar[], sole_year integer, rows_read bigint, sidecar varchar
        );
        create temp table notes (file_number integer, note varchar, note_zh varchar);
        create temp table units_contradicted (load_id varchar, unit_label varchar);
        create temp table tables (table_id bigint, file_number integer, series_key varchar);
        create temp table cells (
            row_id bigint default nextval('row_ids'), file_number integer, table_id bigint,
            sheet_name varchar, row_number bigint, column_number bigint, column_name varchar,
            value_text varchar, number_text varchar, unit_label varchar, unit varchar,
            to_unit_factor double, value_status varchar, item_code varchar, item_part varchar,
            is_sign_unstated boolean,
            {labels}, {codes}
        );
        create temp table refused (
            file_number integer, sheet_name varchar, row_number bigint, column_number bigint,
            column_name varchar, raw_value varchar, rule varchar, detail varchar,
            detail_zh varchar, table_id bigint, {codes}
        );
        create temp table declared_totals (
            file_number integer, total_number integer, concept varchar, total varchar,
            parts integer, is_total boolean, code varchar, part varchar
        );
        """
    )
    for dataset in datasets.values():
        if dataset.kind == "records":
            records.create(connection, dataset)


def _append_names(connection: duckdb.DuckDBPyConnection, datasets: dict[str, Dataset]) -> None:
    """The names of the codes that lists take their values from, for remedies."""
    lists = {column.code_list for dataset in datasets.values() for column in dataset.columns}
    named = [(each, *pair) for each in sorted(lists - {""}) for pair in code_names(each)]
    columns = zip(("code_list", "code", "name"), zip(*named, strict=True), strict=True)
    names = pa.table(dict(columns))  # noqa: F841, DuckDB finds it by its name
    connection.execute("create temp table code_names as from names")


# --- reading -------------------------------------------------------------------------------------


def _stage(
    connection: duckdb.DuckDBPyConnection,
    number: int,
    content: FileContent,
    datasets: dict[str, Dataset],
    vocabulary: Vocabulary,
) -> None:
    """Put one file into the tables: its values, or every line of it with the fault."""
    sidecar = content.sidecar
    dataset = datasets.get(sidecar.dataset) if sidecar else None
    if not content.fault:
        content.refuse(*_dataset_fault(content, dataset, datasets))
    _add_file(connection, number, content)
    if not content.fault:
        try:
            if dataset.kind == "matrix":
                cells = read_cells(content, vocabulary)
                table_number = content.sidecar.table_number or ""
                rows_read = _stage_cells(connection, number, table_number, cells)
            else:
                words = ListWords(dataset, content.sidecar.layout, vocabulary)
                rows_read = records.stage(
                    connection,
                    number,
                    words,
                    read_records(content, dataset),
                    _refuse,
                    content.scales,
                )
                _note_units(connection, number, content)
        except Unreadable as error:
            content.refuse(error.rule, error.detail, error.detail_zh)
            connection.execute("delete from cells where file_number = ?", [number])
            connection.execute("delete from tables where file_number = ?", [number])
            connection.execute("delete from refused where file_number = ?", [number])
            if dataset.kind == "records":
                records.drop_file(connection, number, dataset)
    if content.fault:
        rows_read = 0
        for lines in _chunks(refused_lines(content)):
            for line in lines:
                line.fault, line.fault_detail = content.fault, content.fault_detail
                line.fault_detail_zh = content.fault_detail_zh
            rows_read += _refuse(connection, number, lines)
    connection.execute(
        "update files set rows_read = ?, captions = ?, caption_lines = ? where file_number = ?",
        [rows_read, " ".join(content.captions), content.captions, number],
    )
    if sidecar and not content.fault:
        _declare_totals(connection, number, content, vocabulary)


def _note_units(connection: duckdb.DuckDBPyConnection, number: int, content: FileContent) -> None:
    """The units that a row of a list cannot be in, because a heading prints another."""
    for heading in sorted(set(content.headed_units.values())):
        connection.execute(
            """
            insert into units_contradicted
            select files.load_id, units.unit_label
            from files
            cross join units
            left join units as headed on headed.unit_label = $heading
            where
                files.file_number = $number
                and (units.unit, units.to_unit_factor)
                is distinct from (headed.unit, headed.to_unit_factor)
            """,
            {"heading": heading, "number": number},
        )


def _add_file(connection: duckdb.DuckDBPyConnection, number: int, content: FileContent) -> None:
    sidecar = content.sidecar
    years = sidecar.layout.constants.get("year", "") if sidecar else ""
    connection.execute(
        """
        insert into files by name
        select
            $number as file_number,
            $dataset as dataset,
            $file_name as file_name,
            substr(sha256($dataset || '/' || $file_name || '/' || $sha256), 1, 16) as load_id,
            $root_rank as root_rank,
            $sha256 as file_sha256,
            $bytes_read as bytes_read,
            $encoding as encoding,
            $vintage as vintage,
            $source_id as source_id,
            $origin as origin,
            try_cast(substr($year, 1, 4) as integer) as sole_year,
            $sidecar as sidecar
        """,
        {
            "number": number,
            "dataset": sidecar.dataset if sidecar else "unknown",
            "file_name": content.file.name,
            "root_rank": content.file.root_rank,
            "sha256": content.sha256,
            "bytes_read": content.bytes_read,
            "encoding": sidecar.encoding if sidecar else None,
            "vintage": sidecar.edition_year if sidecar else None,
            "source_id": sidecar.source_id if sidecar else None,
            "origin": sidecar.origin if sidecar else None,
            "year": years,
            "sidecar": sidecar.model_dump_json(exclude={"layout"}) if sidecar else "{}",
        },
    )


def _dataset_fault(
    content: FileContent, dataset: Dataset | None, datasets: dict[str, Dataset]
) -> tuple[str, str, str]:
    """Does the file's layout fit the dataset its sidecar names? Rule and details, or nothing."""
    sidecar = content.sidecar
    if dataset is None:
        known = ", ".join(sorted(datasets))
        return (
            "dataset_unknown",
            f"{sidecar.dataset}; known: {known}",
            f"{sidecar.dataset}；已有：{known}",
        )
    layout = sidecar.layout
    if layout.kind != dataset.kind:
        return (
            "layout_mismatch",
            f"{dataset.name} is of kind {dataset.kind}, not {layout.kind}",
            f"{dataset.name} 的 kind 是 {dataset.kind}，不是 {layout.kind}",
        )
    if dataset.kind == "records":
        return "", "", ""
    for part in layout.parts():
        across = part.column_labels
        given = {*part.row_labels.values(), *part.constants}
        given |= set(across.values()) if isinstance(across, dict) else {across} - {None}
        for column in part.columns.values():
            given |= set(column.labels)
        if given != set(dataset.concepts):
            return (
                "layout_mismatch",
                f"labels for {', '.join(sorted(given))}; "
                f"{dataset.name} needs {', '.join(sorted(dataset.concepts))}",
                f"标签有 {', '.join(sorted(given))}；"
                f"{dataset.name} 需要 {', '.join(sorted(dataset.concepts))}",
            )
    return "", "", ""


def _stage_cells(
    connection: duckdb.DuckDBPyConnection, number: int, table_number: str, cells: Iterator[Cell]
) -> int:
    """Put the cells of one file into the table, some at a time; returns how many there were."""
    names = ("sheet_name", "row_number", "column_number", "column_name", "value_text")
    names += ("number_text", "value_status", "is_sign_unstated")
    (first,) = connection.execute("select coalesce(max(table_id) + 1, 0) from tables").fetchone()
    tables: dict[tuple[tuple[str, str], ...], int] = {}
    count = 0
    for chunk in _chunks(cells):
        count += len(chunk)
        _refuse(connection, number, [cell for cell in chunk if cell.fault])
        good = [cell for cell in chunk if not cell.fault]
        columns: dict[str, Any] = {name: [getattr(cell, name) for cell in good] for name in names}
        columns["table_id"] = pa.array(
            [tables.setdefault(cell.table, first + len(tables)) for cell in good], pa.int64()
        )
        units = [cell.unit for cell in good]
        columns["unit_label"] = [unit.printed for unit in units]
        columns["unit"] = pa.array([unit.code for unit in units], pa.string())
        columns["to_unit_factor"] = pa.array([unit.factor for unit in units], pa.float64())
        for concept in CONCEPTS:
            found = [cell.meanings.get(concept) for cell in good]
            columns[f"{concept}_label"] = _texts(found, "printed")
            columns |= _codes(concept, found)
            if concept == "item":
                columns["item_code"] = _texts(found, "code")
                columns["item_part"] = _texts(found, "part")
        _append(connection, "cells", number, pa.table(columns))
    series = [
        # What makes two tables editions of one: all that the layout holds constant, years aside.
        "|".join([table_number, *(f"{name}={code}" for name, code in table if name != "year")])
        for table in tables
    ]
    _append(
        connection,
        "tables",
        number,
        pa.table({"table_id": pa.array(tables.values(), pa.int64()), "series_key": series}),
    )
    return count


def _texts(found: list[Meaning | None], name: str) -> pa.Array:
    return pa.array([meaning and getattr(meaning, name) for meaning in found], pa.string())


def _codes(concept: str, found: list[Meaning | None]) -> dict[str, pa.Array]:
    """The columns of codes of one concept."""
    type_ = pa.int32() if concept == "year" else pa.string()
    # One and the same meaning stands in many cells.
    known = {id(meaning): meaning.codes(concept) for meaning in found if meaning}
    nothing = (None,) * len(CODES[concept])
    codes = [known.get(id(meaning), nothing) for meaning in found]
    return {
        name: pa.array([code[place] for code in codes], type_)
        for place, name in enumerate(CODES[concept])
    }


def _refuse(connection: duckdb.DuckDBPyConnection, number: int, cells: list[Cell]) -> int:
    """Put cells with a fault aside; returns how many."""
    if cells:
        columns = {
            "sheet_name": [cell.sheet_name for cell in cells],
            "row_number": [cell.row_number for cell in cells],
            "column_number": [cell.column_number for cell in cells],
            "column_name": [cell.column_name for cell in cells],
            "raw_value": [cell.value_text for cell in cells],
            "rule": [cell.fault for cell in cells],
            "detail": [cell.fault_detail for cell in cells],
            "detail_zh": [cell.fault_detail_zh or cell.fault_detail for cell in cells],
        }
        for concept in CONCEPTS:
            columns |= _codes(concept, [cell.meanings.get(concept) for cell in cells])
        _append(connection, "refused", number, pa.table(columns))
    return len(cells)


def _append(connection: duckdb.DuckDBPyConnection, table: str, number: int, rows: pa.Table) -> None:
    connection.register("batch", rows)
    connection.execute(f"insert into {table} by name select {number} as file_number, * from batch")
    connection.unregister("batch")


def _chunks(cells: Iterable[Cell]) -> Iterator[list[Cell]]:
    iterator = iter(cells)
    while chunk := list(islice(iterator, BATCH_CELLS)):
        yield chunk


def _declare_totals(
    connection: duckdb.DuckDBPyConnection,
    number: int,
    content: FileContent,
    vocabulary: Vocabulary,
) -> None:
    """The totals that the sidecar says the table prints, label by label."""
    layout = content.sidecar.layout
    for position, total in enumerate(layout.totals):
        words = layout.labels.get(total.concept, {})
        overrides = {clean_label(printed): meant for printed, meant in words.items()}
        known = [
            vocabulary.meaning(total.concept, [label], overrides)
            for label in (total.total, *total.parts)
        ]
        connection.executemany(
            "insert into declared_totals values (?, ?, ?, ?, ?, ?, ?, ?)",
            [
                [
                    *(number, position, total.concept, known[0].label, len(total.parts)),
                    *(meaning is known[0], meaning.code, meaning.part),
                ]
                for meaning in known
            ],
        )


# --- writing -------------------------------------------------------------------------------------


def _write(
    connection: duckdb.DuckDBPyConnection, datasets: dict[str, Dataset], previous: Path | None
) -> None:
    """Fill `raw`, `quality.landing_log` and `quality.quarantine`."""
    loaded_at = datetime.now(UTC).replace(tzinfo=None, microsecond=0)
    provenance = ", ".join(f"{source} as {name}" for name, source in PROVENANCE.items())
    for dataset in datasets.values():
        if dataset.kind == "records":
            continue
        # The printed text as it stands, and beside it what the mapping made of it.
        labels = ", ".join(f"{concept}_label" for concept in dataset.concepts)
        connection.execute(
            f"""
            create table raw.{dataset.name} as
            select
                {provenance},
                {labels},
                {", ".join(dataset.codes)},
                unit_label,
                unit,
                to_unit_factor,
                value_text,
                case when is_number then clean_number end as number_text,
                case
                    when value_status <> '' and correction_id is null then value_status
                    when number = 0 then 'zero'
                    else 'reported'
                end as value_status,
                correction_id as _correction_id
            from (
                select open_cells.*, source_id, origin
                from open_cells inner join files using (file_number)
            )
            where dataset = $1
            order by file_name, sheet_name, row_number, column_number
            """,
            [dataset.name],
        )
    connection.execute(
        """
        create table raw.sidecars as
        select
            load_id as _load_id,
            dataset,
            file_name,
            source_id,
            vintage,
            sidecar ->> '$.publisher' as publisher,
            sidecar ->> '$.title_zh' as title_zh,
            sidecar ->> '$.title_en' as title_en,
            sidecar ->> '$.table_number' as table_number,
            sidecar ->> '$.unit_as_printed' as unit_as_printed,
            sidecar ->> '$.notes_as_printed' as notes_as_printed,
            sidecar ->> '$.licence' as licence,
            origin,
            sidecar ->> '$.url_or_citation' as url_or_citation,
            encoding,
            file_sha256
        from files where source_id is not null
        order by file_name
        """
    )
    codes = ", ".join(f"refused.{name}" for name in CODE_NAMES)
    connection.execute(
        f"""
        create temp table quarantined as
        select
            files.load_id,
            files.dataset,
            files.file_name,
            refused.sheet_name,
            refused.row_number,
            refused.column_number,
            refused.column_name,
            refused.raw_value,
            refused.rule,
            {codes},
            refused.table_id,
            concat_ws(' ', files.file_name, nullif(refused.sheet_name, ''),
                'row ' || refused.row_number,
                'column ' || coalesce(nullif(refused.column_name, ''),
                    nullif(refused.column_number, 0)::varchar)
            ) || ': ' || rules.statement_en || ': ' || coalesce(refused.detail, '') || '. '
                || rules.remedy_en as message,
            concat_ws(' ', files.file_name, nullif(refused.sheet_name, ''),
                '第' || refused.row_number || '行',
                coalesce(nullif(refused.column_name, ''),
                    nullif(refused.column_number, 0)::varchar) || '列'
            ) || '：' || rules.statement_zh || '：'
                || coalesce(refused.detail_zh, refused.detail, '') || '。'
                || rules.remedy_zh as message_zh
        from refused
        inner join files using (file_number)
        left join read_csv($1, all_varchar = true) as rules
            on rules.gate = 'landing' and refused.rule = rules.rule_id
        """,
        [str(RULES_CSV)],
    )
    connection.execute(
        """
        create table quality.quarantine as
        select * exclude (table_id)
        from quarantined
        order by file_name, sheet_name, row_number, column_number
        """
    )
    counts = " union all ".join(
        f"select _load_id as load_id, count(*) as accepted from raw.{name} group by _load_id"
        for name in datasets
    )
    connection.execute(
        f"""
        create table quality.landing_log as
        with accepted as ({counts}),
        quarantined as (
            select load_id, count(*) as quarantined from quality.quarantine group by load_id
        )
        select
            load_id,
            dataset,
            file_name,
            file_sha256,
            bytes_read,
            encoding,
            vintage,
            source_id,
            rows_read,
            coalesce(accepted.accepted, 0)::bigint as rows_accepted,
            coalesce(quarantined.quarantined, 0)::bigint as rows_quarantined,
            $1 as loaded_at
        from files
        left join accepted using (load_id)
        left join quarantined using (load_id)
        order by file_name
        """,
        [loaded_at],
    )
    corrections.write(connection)
    _write_history(connection, previous, loaded_at)


def _write_history(
    connection: duckdb.DuckDBPyConnection, previous: Path | None, loaded_at: datetime
) -> None:
    """Every quarantined row since the first version: when it was seen first, when it was fixed."""
    connection.execute(
        """
        create table quality.quarantine_history (
            dataset varchar, file_name varchar, sheet_name varchar, row_number bigint,
            column_number bigint, column_name varchar, raw_value varchar, rule varchar,
            first_seen_at timestamp, closed_at timestamp, closed_by varchar
        )
        """
    )
    if previous is not None:
        connection.execute(
            f"attach '{str(previous).replace(chr(39), chr(39) * 2)}' as previous (read_only)"
        )
        known = connection.execute(
            "select 1 from duckdb_tables() where database_name = 'previous' "
            "and schema_name = 'quality' and table_name = 'quarantine_history'"
        ).fetchone()
        if known:
            connection.execute(
                "insert into quality.quarantine_history "
                "select * from previous.quality.quarantine_history"
            )
        connection.execute("detach previous")
    key = ("file_name", "sheet_name", "row_number", "column_number", "raw_value", "rule")
    same = " and ".join(f"history.{name} is not distinct from still.{name}" for name in key)
    connection.execute(
        f"""
        update quality.quarantine_history as history
        set
            closed_at = $1,
            closed_by = coalesce(
                (
                    select any_value(files.load_id) from files
                    where files.file_name = history.file_name
                ),
                'file taken away'
            )
        where closed_at is null and not exists (
            select 1 from quality.quarantine as still where {same}
        )
        """,
        [loaded_at],
    )
    connection.execute(
        f"""
        insert into quality.quarantine_history
        select
            dataset, file_name, sheet_name, row_number, column_number, column_name, raw_value,
            rule, $1, null, null
        from quality.quarantine as still
        where rule <> 'superseded' and not exists (
            select 1 from quality.quarantine_history as history
            where history.closed_at is null and {same}
        )
        """,
        [loaded_at],
    )


def _shown(connection: duckdb.DuckDBPyConnection) -> list[Note]:
    """What the figures themselves showed and no file says."""
    rows = connection.execute(
        """
        select file_name || ': ' || note, file_name || ': ' || note_zh
        from notes inner join files using (file_number)
        order by all
        """
    ).fetchall()
    return [Note(*row) for row in rows]


def _report(connection: duckdb.DuckDBPyConnection) -> LandingReport:
    files = connection.execute(
        """
        select dataset, file_name, vintage, file_sha256, bytes_read, encoding, rows_read,
            rows_accepted, rows_quarantined
        from quality.landing_log order by file_name
        """
    ).fetchall()
    messages = connection.execute(
        f"""
        with placed as (
            select *, (sheet_name, row_number, column_number) as place from quarantined
        ),

        numbered as (
            select *, least(dense_rank() over (
                partition by file_name, rule order by table_id
            ), {TABLES_TOLD}) as told
            from placed
        )

        select
            arg_min(message, place)
            || case when count(*) > 1 then ' (and ' || count(*) - 1 || ' more like it)' else '' end,
            arg_min(message_zh, place)
            || case when count(*) > 1 then '（另有 ' || count(*) - 1 || ' 处相同）' else '' end
        from numbered
        group by file_name, rule, told
        order by file_name, rule, min(place)
        """
    ).fetchall()
    superseded = connection.execute(
        "select count(*) from quality.quarantine where rule = 'superseded'"
    ).fetchone()[0]
    return LandingReport(
        files=[LandedFile(*row) for row in files],
        messages=[english for english, _ in messages],
        messages_zh=[chinese for _, chinese in messages],
        rows_superseded=superseded,
    )
