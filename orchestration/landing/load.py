"""Load what the reader found: accepted values to `raw`, refused ones to `quality.quarantine`.

The reader only reads. Every judgement on a value is a rule: a file below `rules/`, named by its
id, for matrices; a condition of `records.py` for lists. Rows read = accepted + quarantined.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

import duckdb
import pyarrow as pa

from orchestration import run_tables
from orchestration.database import connect
from orchestration.errors import GreenparkError
from orchestration.landing import corrections, records
from orchestration.landing.catalogue import (
    CONCEPTS,
    REFERENCE,
    Dataset,
    Vocabulary,
    clean_label,
    read_datasets,
    read_vocabulary,
)
from orchestration.landing.formats import Unreadable
from orchestration.landing.mapping import Cell
from orchestration.landing.reader import (
    FileContent,
    find_files,
    open_file,
    read_cells,
    read_records,
    refused_lines,
)
from orchestration.settings import PROJECT_ROOT

RULES = Path(__file__).with_name("rules")
RULES_INDEX = PROJECT_ROOT / "expectations" / "rules.csv"
NUMBER = r"[+-]?(\d{1,3}(,\d{3})+|\d+)(\.\d+)?([eE][+-]?\d+)?"
# The standard-coal coefficients by which figures of several fuels are weighed against each other.
TCE_SET = "nbs_balance"
BATCH_CELLS = 50_000
# A value is refused by the first rule that fits: is it one, is it ours, is it believable. The
# rules on cells name cells, those on files refuse a table whole.
CELL_RULES = (
    "rejected_by_correction",
    "label_unknown",
    "year_invalid",
    "unit_unknown",
    "unit_mismatch",
    "value_is_formula",
    "value_is_error",
    "value_not_a_number",
    "value_negative",
    "duplicate_key",
)
# Then tables are compared with each other.
TABLE_RULES = (
    ("files", "content_region_mismatch"),
    ("files", "content_year_mismatch"),
    ("files", "content_copied"),
    ("files", "region_exceeds_parent"),
    ("files", "rows_shifted"),
    ("files", "columns_shifted"),
    ("cells", "unit_scale"),
    ("files", "region_too_large"),
    ("files", "total_mismatch"),
    ("files", "rows_missing"),
    ("cells", "value_jump"),
    # Last: only a value that is kept takes the place of another.
    ("cells", "superseded"),
)
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
    """What a landing did: its files, and one message for each refused file or first bad cell."""

    files: list[LandedFile]
    messages: list[str]
    messages_zh: list[str]
    rows_superseded: int

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
) -> LandingReport:
    """Land every raw file below `roots` into `database`.

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
        _prepare(connection, datasets)
        vocabulary = read_vocabulary()
        for number, file in enumerate(files):
            _stage(connection, number, open_file(file), datasets, vocabulary)
            on_file(file.name, number + 1, len(files))
        corrections.match(connection, decided)
        _judge_cells(connection)
        corrections.replace_in_records(connection)
        records.judge(connection, [d for d in datasets.values() if d.kind == "records"])
        _write(connection, datasets, previous)
        run_tables.create(connection)
        return _report(connection)


def _prepare(connection: duckdb.DuckDBPyConnection, datasets: dict[str, Dataset]) -> None:
    """Make the tables of the landing and read the reference tables."""
    connection.execute("set variable reference = ?", [str(REFERENCE)])
    connection.execute("set variable number_pattern = ?", [NUMBER])
    connection.execute("set variable tce_set = ?", [TCE_SET])
    connection.execute((RULES / "reference.sql").read_text(encoding="utf-8"))
    labels = ", ".join(f"{concept}_label varchar" for concept in CONCEPTS)
    connection.execute(
        f"""
        create schema raw;
        create schema quality;
        create sequence cell_ids;
        create temp table files (
            file_number integer, dataset varchar, file_name varchar, load_id varchar,
            root_rank integer, file_sha256 varchar, bytes_read bigint, encoding varchar,
            vintage bigint, source_id varchar, origin varchar, captions varchar,
            sole_year integer, table_key varchar, has_many_regions boolean, rows_read bigint,
            sidecar varchar
        );
        create temp table cells (
            cell_id bigint default nextval('cell_ids'), file_number integer, sheet_name varchar,
            row_number bigint, column_number bigint, column_name varchar, value_text varchar,
            number_text varchar, unit_label varchar, value_status varchar, {labels}
        );
        create temp table refused (
            file_number integer, sheet_name varchar, row_number bigint, column_number bigint,
            column_name varchar, raw_value varchar, rule varchar, detail varchar
        );
        create temp table declared_totals (
            file_number integer, total_number integer, concept varchar, total varchar,
            parts integer, label varchar
        );
        """
    )
    for dataset in datasets.values():
        if dataset.kind == "records":
            records.create(connection, dataset)


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
        content.fault, content.fault_detail = _dataset_fault(content, dataset, datasets)
    _add_file(connection, number, content)
    if not content.fault:
        try:
            if dataset.kind == "matrix":
                rows_read = _stage_cells(connection, number, read_cells(content, vocabulary))
            else:
                rows_read = records.stage(
                    connection, number, dataset, read_records(content, dataset), _refuse
                )
        except Unreadable as error:
            content.fault, content.fault_detail = error.rule, error.detail
            connection.execute("delete from cells where file_number = ?", [number])
            connection.execute("delete from refused where file_number = ?", [number])
            if dataset.kind == "records":
                records.drop_file(connection, number, dataset)
    if content.fault:
        rows_read = 0
        for lines in _chunks(refused_lines(content)):
            for line in lines:
                line.fault, line.fault_detail = content.fault, content.fault_detail
            rows_read += _refuse(connection, number, lines)
    connection.execute(
        "update files set rows_read = ?, captions = ? where file_number = ?",
        [rows_read, " ".join(content.captions), number],
    )
    if sidecar and not content.fault:
        _declare_totals(connection, number, content, vocabulary)


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
            $table_key as table_key,
            $has_many_regions as has_many_regions,
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
            # What makes two files editions of one table: all that the layout holds constant,
            # years aside.
            "table_key": _table_key(content),
            "has_many_regions": bool(sidecar and "region" not in sidecar.layout.constants),
            "sidecar": sidecar.model_dump_json(exclude={"layout"}) if sidecar else "{}",
        },
    )


def _table_key(content: FileContent) -> str:
    if content.sidecar is None:
        return content.file.name
    layout = content.sidecar.layout
    constants = [f"{key}={value}" for key, value in layout.constants.items() if key != "year"]
    return "|".join([content.sidecar.table_number or "", *sorted(constants)])


def _dataset_fault(
    content: FileContent, dataset: Dataset | None, datasets: dict[str, Dataset]
) -> tuple[str, str]:
    """Does the file's layout fit the dataset its sidecar names? ('', '') if it does."""
    sidecar = content.sidecar
    if dataset is None:
        return "dataset_unknown", f"{sidecar.dataset}; known: {', '.join(sorted(datasets))}"
    layout = sidecar.layout
    if layout.kind != dataset.kind:
        return "layout_mismatch", f"{dataset.name} is of kind {dataset.kind}, not {layout.kind}"
    if dataset.kind == "records":
        return "", ""
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
            )
    return "", ""


def _stage_cells(connection: duckdb.DuckDBPyConnection, number: int, cells: Iterator[Cell]) -> int:
    """Put the cells of one file into the table, some at a time; returns how many there were."""
    names = ("sheet_name", "row_number", "column_number", "column_name", "value_text")
    names += ("number_text", "unit_label", "value_status")
    count = 0
    for chunk in _chunks(cells):
        count += len(chunk)
        _refuse(connection, number, [cell for cell in chunk if cell.fault])
        good = [cell for cell in chunk if not cell.fault]
        columns = {name: [getattr(cell, name) for cell in good] for name in names}
        for concept in CONCEPTS:
            labels = [cell.labels.get(concept) for cell in good]
            columns[f"{concept}_label"] = pa.array(labels, pa.string())
        _append(connection, "cells", number, pa.table(columns))
    return count


def _refuse(connection: duckdb.DuckDBPyConnection, number: int, cells: list[Cell]) -> int:
    """Put cells with a fault aside; returns how many."""
    if cells:
        batch = pa.table(
            {
                "sheet_name": [cell.sheet_name for cell in cells],
                "row_number": [cell.row_number for cell in cells],
                "column_number": [cell.column_number for cell in cells],
                "column_name": [cell.column_name for cell in cells],
                "raw_value": [cell.value_text for cell in cells],
                "rule": [cell.fault for cell in cells],
                "detail": [cell.fault_detail for cell in cells],
            }
        )
        _append(connection, "refused", number, batch)
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
            vocabulary.find(total.concept, [label], overrides)
            for label in (total.total, *total.parts)
        ]
        connection.executemany(
            "insert into declared_totals values (?, ?, ?, ?, ?, ?)",
            [[number, position, total.concept, known[0], len(total.parts), name] for name in known],
        )


# --- judging -------------------------------------------------------------------------------------


def _judge_cells(connection: duckdb.DuckDBPyConnection) -> None:
    """Run the rules on the cells of matrices, in order, and put the refused ones aside."""

    def run(name: str) -> None:
        connection.execute((RULES / name).read_text(encoding="utf-8"))

    run("measured.sql")
    for rule in CELL_RULES:
        _apply_rule(connection, "cells", rule)
    run("peers.sql")
    for subject, rule in TABLE_RULES:
        _apply_rule(connection, subject, rule)
    connection.execute(
        """
        insert into refused
        select file_number, sheet_name, row_number, column_number, column_name, value_text, rule,
            verdicts.detail
        from measured inner join verdicts using (cell_id)
        """
    )


def _apply_rule(connection: duckdb.DuckDBPyConnection, subject: str, rule: str) -> None:
    """Give the verdict of one rule, except where a correction accepts what it finds."""
    query = (RULES / subject / f"{rule}.sql").read_text(encoding="utf-8")
    key = "cell_id" if subject == "cells" else "file_number"
    connection.execute(
        f"""
        insert into verdicts
        with found as (
            -- one verdict per cell, whatever the rule found
            select {key}, string_agg(distinct detail, '; ' order by detail) as detail
            from ({query}) group by {key}
        )
        select open_cells.cell_id, '{rule}', found.detail
        from open_cells
        inner join found using ({key})
        where not exists (
            select 1 from corrections
            where
                corrections.action = 'accept'
                and corrections.state = 'applied'
                and corrections.rule = '{rule}'
                and corrections.file_name = open_cells.file_name
                and (
                    corrections.row_number is null
                    or (
                        corrections.sheet_name = open_cells.sheet_name
                        and corrections.row_number = open_cells.row_number
                        and corrections.column_number = open_cells.column_number
                    )
                )
        )
        """
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
        labels = ", ".join(f"{concept}_label" for concept in dataset.concepts)
        connection.execute(
            f"""
            create table raw.{dataset.name} as
            select
                {provenance},
                {labels},
                unit_label,
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
    connection.execute(
        """
        create table quality.quarantine as
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
            ) || '：' || rules.statement_zh || '：' || coalesce(refused.detail, '') || '。'
                || rules.remedy_zh as message_zh
        from refused
        inner join files using (file_number)
        left join read_csv($1, all_varchar = true) as rules
            on rules.gate = 'landing' and refused.rule = rules.rule_id
        order by files.file_name, refused.sheet_name, refused.row_number, refused.column_number
        """,
        [str(RULES_INDEX)],
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


def _report(connection: duckdb.DuckDBPyConnection) -> LandingReport:
    files = connection.execute(
        """
        select dataset, file_name, vintage, file_sha256, bytes_read, encoding, rows_read,
            rows_accepted, rows_quarantined
        from quality.landing_log order by file_name
        """
    ).fetchall()
    messages = connection.execute(
        """
        select
            arg_min(message, (sheet_name, row_number, column_number))
            || case when count(*) > 1 then ' (and ' || count(*) - 1 || ' more like it)' else '' end,
            arg_min(message_zh, (sheet_name, row_number, column_number))
            || case when count(*) > 1 then '（另有 ' || count(*) - 1 || ' 处相同）' else '' end
        from quality.quarantine
        group by file_name, rule
        order by file_name, rule
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
