"""Land raw files: read them, map their labels to codes, judge each value, write what is accepted
to `raw` and what is refused to `quality.quarantine`.

Reading only reads, and mapping turns labels into codes. Every judgement on a value is a rule
(`judge/judging.py`). Rows read = accepted + quarantined.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from orchestration import run_tables
from orchestration.database import OWN_STORAGE, connect
from orchestration.errors import GreenparkError, Note
from orchestration.landing import folders, row_folders
from orchestration.landing.judge import corrections
from orchestration.landing.judge.judging import Judge
from orchestration.landing.map.catalogue import read_datasets
from orchestration.landing.map.vocabulary import read_vocabulary
from orchestration.landing.read.files import find_files, open_file
from orchestration.landing.write.report import LandingReport, read_report, shown_notes
from orchestration.landing.write.results import write_results
from orchestration.landing.write.stage import stage_whole
from orchestration.landing.write.tables import make_tables


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
    folders.refuse_links(row_folders.KINDS, roots)
    decided = corrections.read(roots)
    datasets = read_datasets()
    with connect(database, **OWN_STORAGE) as connection:
        row_folders.load(connection, roots)
        make_tables(connection, datasets)
        vocabulary = read_vocabulary()
        notes: list[Note] = []
        left_out = 0
        for number, file in enumerate(files):
            content = open_file(file)
            if content.sidecar and content.sidecar.origin in without:
                left_out += 1
            else:
                stage_whole(connection, number, content, datasets, vocabulary)
            notes += [Note(*(f"{file.name}: {text}" for text in note)) for note in content.notes]
            on_file(file.name, number + 1, len(files))
        corrections.match(connection, decided)
        corrections.replace_in_records(connection)
        Judge(connection, datasets.values()).run()
        write_results(connection, datasets, previous)
        run_tables.create(connection)
        notes += shown_notes(connection)
        return replace(read_report(connection), notes=notes, files_left_out=left_out)
