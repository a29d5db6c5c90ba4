"""One file put into the tables: its values, or every line of it with the fault."""

from __future__ import annotations

import errno

import duckdb

from orchestration.errors import GreenparkError
from orchestration.landing.map.catalogue import Dataset
from orchestration.landing.map.labels import clean_label, han_half, plain_line
from orchestration.landing.map.list_words import ListWords
from orchestration.landing.map.lists import read_records
from orchestration.landing.map.tables import read_cells
from orchestration.landing.map.vocabulary import Vocabulary
from orchestration.landing.read.files import FileContent
from orchestration.landing.read.sheet import Unreadable
from orchestration.landing.read.sidecar import Layout
from orchestration.landing.write import records
from orchestration.landing.write.batches import chunks, refuse
from orchestration.landing.write.cells import stage_cells
from orchestration.landing.write.refused import refused_lines

# Errors of the system that are no fault of a file.
MACHINE = (errno.ENOSPC, errno.EDQUOT, errno.EMFILE, errno.ENFILE, errno.ENOMEM)


def stage_file(
    connection: duckdb.DuckDBPyConnection,
    number: int,
    content: FileContent,
    datasets: dict[str, Dataset],
    vocabulary: Vocabulary | None,
) -> None:
    """Put one file into the tables: its values, or every line of it with the fault.

    One that is refused already needs no vocabulary.
    """
    dataset = datasets.get(content.sidecar.dataset) if content.sidecar else None
    if not content.fault:
        content.refuse(*_dataset_fault(content, dataset, datasets))
    _add_file(connection, number, content)
    rows_read = 0
    if dataset and vocabulary and not content.fault:
        try:
            rows_read = _stage_values(connection, number, content, dataset, vocabulary)
        except Unreadable as error:
            content.refuse(error.rule, error.detail, error.detail_zh)
            _take_back(connection, number, dataset)
    if content.fault:
        rows_read = _stage_lines(connection, number, content)
    captions = [plain_line(line) for line in content.captions]
    connection.execute(
        "update files set rows_read = ?, captions = ?, caption_lines = ? where file_number = ?",
        [rows_read, " ".join(captions), captions, number],
    )
    if vocabulary and not content.fault:
        _declare_totals(connection, number, content.described.layout, vocabulary)


def stage_whole(
    connection: duckdb.DuckDBPyConnection,
    number: int,
    content: FileContent,
    datasets: dict[str, Dataset],
    vocabulary: Vocabulary,
) -> None:
    """Do what `stage_file` does; a file that nobody foresaw is refused as unreadable, by name.

    What is wrong with the machine or the database is no fault of a file.
    """
    try:
        stage_file(connection, number, content, datasets, vocabulary)
    except (duckdb.DataError, duckdb.InvalidInputException, OSError) as error:
        if isinstance(error, OSError) and error.errno in MACHINE:
            raise
        _refuse_after(connection, number, content, datasets, error)
    except (GreenparkError, duckdb.Error, MemoryError):
        raise
    except Exception as error:
        _refuse_after(connection, number, content, datasets, error)


def _refuse_after(
    connection: duckdb.DuckDBPyConnection,
    number: int,
    content: FileContent,
    datasets: dict[str, Dataset],
    error: Exception,
) -> None:
    """Take back what was staged of a file, and refuse it."""
    if content.sidecar and (dataset := datasets.get(content.sidecar.dataset)):
        _take_back(connection, number, dataset)
    connection.execute("delete from files where file_number = ?", [number])
    kind = type(error).__name__
    content.refuse(
        "file_unreadable", f"{kind}: {' '.join(str(error).split())}", f"读取出错：{kind}"
    )
    content.sidecar = None
    stage_file(connection, number, content, datasets, vocabulary=None)


def _stage_values(
    connection: duckdb.DuckDBPyConnection,
    number: int,
    content: FileContent,
    dataset: Dataset,
    vocabulary: Vocabulary,
) -> int:
    """Put the values of a file into the tables; returns how many. Raises Unreadable."""
    sidecar = content.described
    if dataset.kind == "matrix":
        cells = read_cells(content, vocabulary)
        return stage_cells(connection, number, sidecar.table_number or "", cells)
    words = ListWords(dataset, sidecar.layout, vocabulary)
    rows = read_records(content, dataset)
    count = records.stage(connection, number, words, rows, refuse, content.scales)
    _note_units(connection, number, content)
    _name_columns(connection, number, dataset, content.headings)
    return count


def _take_back(connection: duckdb.DuckDBPyConnection, number: int, dataset: Dataset) -> None:
    """Take out what was put into the tables of a file that turned out to be unreadable."""
    for table in ("cells", "tables", "refused"):
        connection.execute(f"delete from {table} where file_number = ?", [number])
    if dataset.kind == "records":
        records.drop_file(connection, number, dataset)


def _stage_lines(connection: duckdb.DuckDBPyConnection, number: int, content: FileContent) -> int:
    """Refuse every line of a file with the fault of the whole; returns how many."""
    count = 0
    for lines in chunks(refused_lines(content)):
        for line in lines:
            line.fault, line.fault_detail = content.fault, content.fault_detail
            line.fault_detail_zh = content.fault_detail_zh
        count += refuse(connection, number, lines)
    return count


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


def _name_columns(
    connection: duckdb.DuckDBPyConnection, number: int, dataset: Dataset, headings: dict[str, str]
) -> None:
    """What a Chinese message calls the columns of a list: as the file prints them, if it does."""
    named = {
        column.name: han_half(clean_label(headings.get(column.name, ""))).rstrip("*")
        or column.label_zh
        for column in dataset.columns
    }
    connection.execute(
        "insert into headings select load_id, unnest($names), unnest($headings) from files "
        "where file_number = $number",
        {"names": list(named), "headings": list(named.values()), "number": number},
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
    sidecar = content.described
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
        given = part.concepts
        if given != set(dataset.concepts):
            return (
                "layout_mismatch",
                f"labels for {', '.join(sorted(given))}; "
                f"{dataset.name} needs {', '.join(sorted(dataset.concepts))}",
                f"标签有 {', '.join(sorted(given))}；"
                f"{dataset.name} 需要 {', '.join(sorted(dataset.concepts))}",
            )
    return "", "", ""


def _declare_totals(
    connection: duckdb.DuckDBPyConnection,
    number: int,
    layout: Layout,
    vocabulary: Vocabulary,
) -> None:
    """The totals that the sidecar says the table prints, label by label."""
    for position, total in enumerate(layout.totals):
        own = layout.words_of(total.concept)
        known = [
            vocabulary.meaning(total.concept, [label], own) for label in (total.total, *total.parts)
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
