"""Raw files as assets: one per dataset, with what was read, accepted and quarantined."""

from collections.abc import Iterator

import dagster as dg

from orchestration.landing.map.catalogue import read_datasets
from orchestration.landing.row_folders import KINDS
from orchestration.session import Session

WRITER_POOL = "duckdb_writer"
LOGS = ("landing_log", "quarantine", "quarantine_history", "corrections")


def landing_assets() -> dg.AssetsDefinition:
    """The landing step: every raw table of the catalogue, the united tables of the methods
    and of the reports, the landing log and the quarantine."""
    datasets = read_datasets()
    tables = [("raw", name) for name in (*datasets, "sidecars")]
    specs = [dg.AssetSpec([*table], group_name="raw") for table in tables]
    specs += [
        dg.AssetSpec([kind.schema, name], group_name=kind.schema)
        for kind in KINDS
        for name in kind.table_names
    ]
    specs += [dg.AssetSpec(["quality", name], group_name="quality") for name in LOGS]

    @dg.multi_asset(
        specs=specs,
        pool=WRITER_POOL,
        retry_policy=dg.RetryPolicy(max_retries=2, delay=1),
    )
    def landed_files(session: dg.ResourceParam[Session]) -> Iterator[dg.MaterializeResult]:
        """Read every raw file by its sidecar into text tables with provenance."""
        report = session.land()
        for spec in specs:
            files = [file for file in report.files if file.dataset == spec.key.path[-1]]
            yield dg.MaterializeResult(
                spec.key,
                metadata={
                    "rows_read": sum(file.rows_read for file in files),
                    "rows_accepted": sum(file.rows_accepted for file in files),
                    "rows_quarantined": sum(file.rows_quarantined for file in files),
                    "files": dg.MetadataValue.table(
                        [
                            dg.TableRecord(
                                {
                                    "file": file.file_name,
                                    "edition": file.vintage or 0,
                                    "sha256": file.sha256,
                                    "bytes": file.bytes_read,
                                    "encoding": file.encoding or "",
                                    "rows_read": file.rows_read,
                                    "rows_accepted": file.rows_accepted,
                                    "rows_quarantined": file.rows_quarantined,
                                }
                            )
                            for file in files
                        ],
                        schema=FILE_SCHEMA,
                    ),
                },
            )

    return landed_files


FILE_SCHEMA = dg.TableSchema(
    [dg.TableColumn(name) for name in ("file", "sha256", "encoding")]
    + [
        dg.TableColumn(name, "int")
        for name in ("edition", "bytes", "rows_read", "rows_accepted", "rows_quarantined")
    ]
)
