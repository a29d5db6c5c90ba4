"""A landing into a database that is thrown away, to see what would be refused and why."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import duckdb

from orchestration.landing.load import LandedFile, land
from orchestration.serving import output
from orchestration.settings import Home, data_roots

HARMLESS = "superseded"  # a row replaced by a later data folder is no fault
COLUMNS = {
    "en": ["file", "vintage", "read", "accepted", "quarantined"],
    "zh": ["文件", "版次", "读入", "接收", "隔离"],
}


@dataclass(frozen=True)
class Check:
    """What the landing would do."""

    files: list[LandedFile]
    messages: list[str]
    refused: int  # quarantined rows, other than superseded ones

    @property
    def rows_accepted(self) -> int:
        return sum(file.rows_accepted for file in self.files)

    @property
    def empty(self) -> list[str]:
        """The files of which nothing was read, so that nothing could be refused either."""
        return [file.file_name for file in self.files if file.rows_read == 0]

    @property
    def superseded(self) -> int:
        return sum(file.rows_quarantined for file in self.files) - self.refused


def check(
    home: Home,
    extra: list[Path],
    lang: str,
    on_file: Callable[[str, int, int], None] = lambda name, done, total: None,
) -> Check:
    """Land the shipped, environment's and `extra` folders aside and report; nothing is kept."""
    roots = data_roots(extra)
    home.ensure()
    with tempfile.TemporaryDirectory(prefix="land-", dir=home.tmp) as folder:
        database = Path(folder, "check.duckdb")
        report = land(database, roots, on_file)
        with duckdb.connect(str(database), read_only=True) as connection:
            refused = connection.execute(
                "select count(*) from quality.quarantine where rule <> ?", [HARMLESS]
            ).fetchone()[0]
            messages = report.messages if lang == "en" else _chinese(connection)
    return Check(report.files, messages, refused)


def _chinese(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """One message for each file and rule, as in the landing's own report."""
    rows = connection.execute(
        """
        select
            arg_min(message_zh, (row_number, column_number))
            || case when count(*) > 1 then '（另有 ' || count(*) - 1 || ' 处相同）' else '' end
        from quality.quarantine
        group by file_name, rule
        order by file_name, rule
        """
    ).fetchall()
    return [row[0] for row in rows]


def render(found: Check, lang: str, width: int | None) -> str:
    """The files for people, with one line of totals."""
    rows = [
        [
            file.file_name,
            file.vintage,
            output.number(file.rows_read),
            output.number(file.rows_accepted),
            output.number(file.rows_quarantined),
        ]
        for file in found.files
    ]
    if lang == "zh":
        total = (
            f"{len(found.files)} 个文件，接收 {found.rows_accepted:,} 行，"
            f"隔离 {found.refused:,} 行，被后加目录取代 {found.superseded:,} 行"
        )
    else:
        total = (
            f"{len(found.files)} files, {found.rows_accepted:,} rows accepted, "
            f"{found.refused:,} quarantined, {found.superseded:,} superseded"
        )
    return f"{output.table(COLUMNS[lang], rows, width)}{total}\n"
