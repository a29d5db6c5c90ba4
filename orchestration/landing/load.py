"""Load what the reader found: accepted cells to `raw`, refused ones to `quality.quarantine`.

The reader only reads; every judgement on a cell is one of the rules below, in SQL, against the
alias and unit tables that the models use too. Rows read = rows accepted + rows quarantined.
"""

from __future__ import annotations

import csv
import json
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb

from orchestration import run_tables
from orchestration.errors import GreenparkError
from orchestration.landing.reader import Cell, FileContent, RawFile, find_files, read_file
from orchestration.settings import PROJECT_ROOT

REFERENCE = PROJECT_ROOT / "seeds" / "reference"
RULES = PROJECT_ROOT / "expectations" / "rules.csv"
CONCEPTS = ("region", "year", "item", "fuel", "indicator")
# The tables in which a label must stand, by concept.
ALIASES = {
    "region": ["mappings/region_aliases.csv"],
    "item": ["mappings/balance_item_aliases.csv", "mappings/industry_aliases.csv"],
    "fuel": ["mappings/fuel_aliases.csv"],
    "indicator": ["mappings/indicator_aliases.csv"],
}
NUMBER = r"[+-]?(\d{1,3}(,\d{3})+|\d+)(\.\d+)?([eE][+-]?\d+)?"
FILE_COLUMNS = {
    **dict.fromkeys(("file_number", "root_rank", "bytes_read", "vintage"), "BIGINT"),
    **dict.fromkeys(("dataset", "file_name", "sha256", "encoding", "source_id"), "VARCHAR"),
    **dict.fromkeys(("origin", "fault", "fault_detail", "sidecar"), "VARCHAR"),
}
CELL_COLUMNS = {
    **dict.fromkeys(("file_number", "row_number", "column_number"), "BIGINT"),
    **dict.fromkeys(("column_name", "value_text", "unit_label", "value_status"), "VARCHAR"),
    **dict.fromkeys(("cell_fault", "cell_detail", "record"), "VARCHAR"),
    **{f"{concept}_label": "VARCHAR" for concept in CONCEPTS},
}
PROVENANCE = {
    "_load_id": "load_id",
    "_file_name": "file_name",
    "_row_number": "row_number",
    "_column_number": "column_number",
    "_column_name": "column_name",
    "_vintage": "vintage",
    "_source_id": "source_id",
    "_origin": "origin",
}


@dataclass(frozen=True)
class Dataset:
    """One row of `seeds/reference/catalog/datasets.csv`: a raw table and what its rows hold."""

    name: str
    kind: str
    concepts: tuple[str, ...]
    columns: tuple[str, ...]

    @property
    def raw_columns(self) -> tuple[str, ...]:
        """The columns of the raw table beside the provenance, in order."""
        if self.kind == "records":
            return self.columns
        labels = tuple(f"{concept}_label" for concept in self.concepts)
        return (*labels, "unit_label", "value_text", "value_status")


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


def read_datasets() -> dict[str, Dataset]:
    """The datasets the warehouse knows, by name."""
    with (REFERENCE / "catalog" / "datasets.csv").open(encoding="utf-8") as handle:
        return {
            row["dataset"]: Dataset(
                row["dataset"],
                row["kind"],
                tuple(part for part in row["concepts"].split("|") if part),
                tuple(part for part in row["columns"].split("|") if part),
            )
            for row in csv.DictReader(handle)
        }


def land(
    database: Path,
    roots: list[Path],
    on_file: Callable[[str, int, int], None] = lambda name, done, total: None,
) -> LandingReport:
    """Land every raw file below `roots` into `database`.

    `on_file(name, done, total)` is called after each file is read. A bad file or cell never
    stops the landing; it is quarantined. Raises GreenparkError if there is nothing to land.
    """
    files = find_files(roots)
    if not files:
        raise GreenparkError(
            f"no CSV file below {', '.join(str(root) for root in roots)}",
            "put raw files with their sidecars there, or leave out --data",
        )
    datasets = read_datasets()
    with duckdb.connect(str(database)) as connection:
        _stage_cells(connection, files, datasets, on_file)
        _stage_reference(connection)
        _judge(connection)
        _check_totals(connection)
        _write(connection, datasets)
        run_tables.create(connection)
        return _report(connection)


def _stage_cells(
    connection: duckdb.DuckDBPyConnection,
    files: list[RawFile],
    datasets: dict[str, Dataset],
    on_file: Callable[[str, int, int], None],
) -> None:
    """Put files and cells into temporary tables, one file in memory at a time."""
    with tempfile.TemporaryDirectory() as folder:
        file_lines, cell_lines = Path(folder, "files.json"), Path(folder, "cells.json")
        with (
            file_lines.open("w", encoding="utf-8") as file_handle,
            cell_lines.open("w", encoding="utf-8") as cell_handle,
        ):
            for number, file in enumerate(files):
                content = read_file(file)
                dataset = datasets.get(content.sidecar.dataset) if content.sidecar else None
                file_handle.write(_json_line(_file_row(number, content, dataset, datasets)))
                cell_handle.writelines(
                    _json_line(_cell_row(number, cell, dataset)) for cell in content.cells
                )
                on_file(file.name, number + 1, len(files))
        for table, lines, columns in (
            ("files", file_lines, FILE_COLUMNS),
            ("cells", cell_lines, CELL_COLUMNS),
        ):
            connection.execute(
                f"create temp table {table} as select * from read_json($1, "
                f"format = 'newline_delimited', columns = {columns})",
                [str(lines)],
            )
    connection.execute(
        """
        alter table files add column load_id varchar;
        update files
        set load_id = substr(sha256(dataset || '/' || file_name || '/' || sha256), 1, 16);
        """
    )


def _json_line(row: dict[str, Any]) -> str:
    return json.dumps(row, ensure_ascii=False) + "\n"


def _file_row(
    number: int,
    content: FileContent,
    dataset: Dataset | None,
    datasets: dict[str, Dataset],
) -> dict[str, Any]:
    sidecar = content.sidecar
    fault, detail = content.fault, content.fault_detail
    if sidecar and not fault:
        fault, detail = _dataset_fault(content, dataset, datasets)
    return {
        "file_number": number,
        "dataset": sidecar.dataset if sidecar else "unknown",
        "file_name": content.file.name,
        "root_rank": content.file.root_rank,
        "sha256": content.sha256,
        "bytes_read": content.bytes_read,
        "encoding": sidecar.encoding if sidecar else None,
        "vintage": sidecar.edition_year if sidecar else None,
        "source_id": sidecar.source_id if sidecar else None,
        "origin": sidecar.origin if sidecar else None,
        "fault": fault,
        "fault_detail": detail,
        "sidecar": sidecar.model_dump_json(exclude={"layout"}) if sidecar else "{}",
    }


def _cell_row(number: int, cell: Cell, dataset: Dataset | None) -> dict[str, Any]:
    is_record = dataset is not None and dataset.kind == "records"
    row = {
        "file_number": number,
        "row_number": cell.row_number,
        "column_number": cell.column_number,
        "column_name": cell.column_name,
        "value_text": cell.value_text,
        "unit_label": cell.unit_label,
        "value_status": cell.value_status,
        "cell_fault": cell.fault,
        "cell_detail": cell.fault_detail,
        "record": json.dumps(cell.labels, ensure_ascii=False) if is_record else "",
    }
    for concept in CONCEPTS:
        row[f"{concept}_label"] = None if is_record else cell.labels.get(concept)
    return row


def _stage_reference(connection: duckdb.DuckDBPyConnection) -> None:
    """Put the reference tables the rules need into temporary tables."""
    tables = {
        "units": REFERENCE / "units" / "unit_labels.csv",
        "fuels": REFERENCE / "codes" / "fuel_codes.csv",
        "fuel_aliases": REFERENCE / ALIASES["fuel"][0],
    }
    for table, path in tables.items():
        connection.execute(
            f"create temp table {table} as select * from read_csv($1, all_varchar = true)",
            [str(path)],
        )
    connection.execute("create temp table aliases (concept varchar, alias varchar)")
    for concept, paths in ALIASES.items():
        for path in paths:
            connection.execute(
                "insert into aliases select $1, alias from read_csv($2, all_varchar = true)",
                [concept, str(REFERENCE / path)],
            )
    connection.execute(
        """
        create temp table rules as
        select rule_id, statement_en, statement_zh, remedy_en, remedy_zh
        from read_csv($1, all_varchar = true) where gate = 'landing'
        """,
        [str(RULES)],
    )


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
        missing = set(dataset.columns) - set(content.cells[0].labels if content.cells else ())
        return (
            ("layout_mismatch", f"no column {', '.join(sorted(missing))}") if missing else ("", "")
        )
    given = {*layout.row_labels.values(), layout.column_labels, *layout.constants}
    if given != set(dataset.concepts):
        return (
            "layout_mismatch",
            f"labels for {', '.join(sorted(given))}; "
            f"{dataset.name} needs {', '.join(sorted(dataset.concepts))}",
        )
    return "", ""


def _judge(connection: duckdb.DuckDBPyConnection) -> None:
    """Give every cell its value status and, where a rule refuses it, the rule and the detail.

    A cell is refused by the first rule that fits, from the file down to the value.
    """
    unknown = " ".join(
        f"""
        when {concept}_label is not null and not exists (
            select 1 from aliases
            where aliases.concept = '{concept}' and aliases.alias = {concept}_label
        ) then '{concept}'
        """
        for concept in ALIASES
    )
    label_of = " ".join(f"when '{concept}' then {concept}_label" for concept in ALIASES)
    connection.execute(
        f"""
        create temp table placed as
        select
            cells.*,
            files.* exclude (file_number),
            case {unknown} end as unknown_concept
        from cells join files using (file_number);

        create temp table measured as
        select
            placed.*,
            regexp_full_match(value_text, '{NUMBER}') as is_number,
            units.unit as unit,
            fuels.unit as fuel_unit,
            case unknown_concept {label_of} end as unknown_label
        from placed
        left join units on units.unit_label = placed.unit_label
        left join fuel_aliases on fuel_aliases.alias = placed.fuel_label
        left join fuels on fuels.fuel_code = fuel_aliases.fuel_code;

        create temp table ruled as
        select
            * replace (
                case
                    when value_status <> '' then value_status
                    when try_cast(replace(value_text, ',', '') as double) = 0 then 'zero'
                    else 'reported'
                end as value_status
            ),
            case
                when fault <> '' then fault
                when cell_fault <> '' then cell_fault
                when record <> '' then null
                when unknown_concept is not null then 'label_unknown'
                when not regexp_full_match(year_label, '(19|20)\\d\\d年?') then 'year_invalid'
                when unit is null then 'unit_unknown'
                when fuel_unit is not null and fuel_unit <> unit then 'unit_mismatch'
                when value_status = '' and not is_number then 'value_not_a_number'
            end as first_rule,
            case
                when fault <> '' then fault_detail
                when cell_fault <> '' then cell_detail
                when unknown_concept is not null then unknown_concept || ' ' || unknown_label
                    || coalesce('; nearest known: ' || (
                        select max_by(alias, jaro_winkler_similarity(alias, unknown_label))
                        from aliases where concept = unknown_concept
                    ), '')
                when not regexp_full_match(year_label, '(19|20)\\d\\d年?') then year_label
                when unit is null then unit_label || coalesce('; nearest known: ' || (
                    select max_by(units.unit_label,
                        jaro_winkler_similarity(units.unit_label, measured.unit_label))
                    from units
                ), '')
                when fuel_unit is not null and fuel_unit <> unit
                    then unit_label || ' is ' || unit || ', ' || fuel_label || ' is kept in '
                        || fuel_unit
                else value_text
            end as first_detail
        from measured;

        create temp table judged as
        with ranked as (
            select
                *,
                count(*) over same_key as copies,
                row_number() over (same_key order by root_rank desc, file_name, row_number,
                    column_number) as copy_number,
                first_value(root_rank) over (same_key order by root_rank desc) as top_rank,
                first_value(file_name || ' row ' || row_number) over (
                    same_key order by root_rank desc, file_name, row_number, column_number
                ) as kept_at
            from ruled
            window same_key as (
                partition by first_rule is null, dataset, vintage, region_label, year_label,
                    item_label, fuel_label, indicator_label,
                    case when record <> '' then record end,
                    case
                        when first_rule is not null
                            then load_id || row_number || '.' || column_number
                    end
            )
        )
        select
            * exclude (copies, copy_number, top_rank, kept_at),
            case
                when first_rule is not null then first_rule
                when copies = 1 or copy_number = 1 then null
                when root_rank < top_rank then 'superseded'
                else 'duplicate_key'
            end as rule,
            case when first_rule is not null then first_detail else kept_at end as detail
        from ranked;
        """
    )


def _check_totals(connection: duckdb.DuckDBPyConnection) -> None:
    """Refuse a balance whose parts are far from its printed totals, with all its cells.

    A small difference is the office's own and is left to a warning after the build; a large one
    means a row or column is missing or shifted, and any total made from the file would be wrong.
    """
    connection.execute(
        f"""
        create temp table printed as
        select
            judged.file_number,
            judged.fuel_label,
            coalesce(items.balance_item, 'final_consumption') as balance_item,
            coalesce(items.block, 'final') as block,
            coalesce(items.is_aggregate = 'true', false) as is_aggregate,
            try_cast(replace(value_text, ',', '') as double) as number
        from judged
        left join (
            select alias, balance_item, block, is_aggregate
            from read_csv('{REFERENCE / ALIASES["item"][0]}', all_varchar = true) as aliases
            join read_csv('{REFERENCE / "codes" / "balance_item_codes.csv"}', all_varchar = true)
                as codes using (balance_item)
        ) as items on items.alias = judged.item_label
        where judged.rule is null and judged.item_label is not null;

        create temp table broken_totals as
        with thresholds as (
            select
                max(case when threshold_id = 'total_difference_share' then value end)::double
                    as share,
                max(case when threshold_id = 'total_difference_minimum' then value end)::double
                    as minimum
            from read_csv('{REFERENCE / "thresholds" / "thresholds.csv"}', all_varchar = true)
        ),
        sums as (
            select
                file_number,
                fuel_label,
                block,
                sum(number) filter (not is_aggregate and balance_item <> 'coke_reinput') as parts,
                max(number) filter (is_aggregate) as total,
                max(abs(number)) as largest
            from printed
            where block in ('final', 'transformation')
            group by all
            having bool_or(is_aggregate)
        )
        select
            file_number,
            string_agg(
                fuel_label || ' ' || block || ': parts ' || round(coalesce(parts, 0), 2)
                    || ', printed total ' || round(coalesce(total, 0), 2), '; '
                order by fuel_label, block
            ) as difference
        from sums, thresholds
        where abs(coalesce(parts, 0) - coalesce(total, 0)) > greatest(share * largest, minimum)
        group by file_number;

        update judged
        set rule = 'total_mismatch', detail = broken_totals.difference
        from broken_totals
        where judged.file_number = broken_totals.file_number and judged.rule is null;
        """
    )


def _write(connection: duckdb.DuckDBPyConnection, datasets: dict[str, Dataset]) -> None:
    """Fill `raw`, `quality.landing_log` and `quality.quarantine`."""
    loaded_at = datetime.now(UTC).replace(tzinfo=None, microsecond=0)
    connection.execute("create schema raw; create schema quality;")
    provenance = ", ".join(f"{source} as {name}" for name, source in PROVENANCE.items())
    for dataset in datasets.values():
        if dataset.kind == "records":
            columns = ", ".join(f"record ->> '$.{name}' as {name}" for name in dataset.columns)
        else:
            columns = ", ".join(dataset.raw_columns)
        connection.execute(
            f"""
            create table raw.{dataset.name} as
            select {provenance}, {columns}
            from judged where dataset = $1 and rule is null
            order by file_name, row_number, column_number
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
            sha256 as file_sha256
        from files where source_id is not null
        order by file_name;

        create table quality.quarantine as
        select
            load_id,
            dataset,
            file_name,
            row_number,
            column_number,
            column_name,
            value_text as raw_value,
            rule,
            file_name || ' row ' || row_number
                || case when column_name <> '' then ' column ' || column_name else '' end
                || ': ' || statement_en || ': ' || coalesce(detail, '') || '. ' || remedy_en
                as message,
            file_name || ' 第' || row_number || '行'
                || case when column_name <> '' then ' ' || column_name || '列' else '' end
                || '：' || statement_zh || '：' || coalesce(detail, '') || '。' || remedy_zh
                as message_zh
        from judged join rules on rules.rule_id = judged.rule
        order by file_name, row_number, column_number;
        """
    )
    connection.execute(
        """
        create table quality.landing_log as
        select
            load_id,
            dataset,
            file_name,
            sha256 as file_sha256,
            bytes_read,
            encoding,
            vintage,
            source_id,
            count(judged.row_number) as rows_read,
            count(judged.row_number) filter (where rule is null) as rows_accepted,
            count(judged.row_number) filter (where rule is not null) as rows_quarantined,
            $1 as loaded_at
        from files left join (select file_number, row_number, rule from judged)
            as judged using (file_number)
        group by all
        order by file_name
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
            arg_min(message, (row_number, column_number))
            || case when count(*) > 1 then ' (and ' || count(*) - 1 || ' more like it)' else '' end,
            arg_min(message_zh, (row_number, column_number))
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
