"""What a landing did, to be said to people."""

from __future__ import annotations

from dataclasses import dataclass, field

import duckdb

from orchestration.errors import Note

TABLES_TOLD = 5  # of a file, with a message each; the last one counts the rest


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


def shown_notes(connection: duckdb.DuckDBPyConnection) -> list[Note]:
    """What the figures themselves showed and no file says."""
    rows = connection.execute(
        """
        select file_name || ': ' || note, file_name || ': ' || note_zh
        from notes inner join files using (file_number)
        order by all
        """
    ).fetchall()
    return [Note(*row) for row in rows]


def read_report(connection: duckdb.DuckDBPyConnection) -> LandingReport:
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
    ((superseded,),) = connection.execute(
        "select count(*) from quality.quarantine where rule = 'superseded'"
    ).fetchall()
    return LandingReport(
        files=[LandedFile(*row) for row in files],
        messages=[english for english, _ in messages],
        messages_zh=[chinese for _, chinese in messages],
        rows_superseded=superseded,
    )
