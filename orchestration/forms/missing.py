"""The forms of what a park is asked for: the rows that have a gap, with what is held of them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from orchestration.errors import GreenparkError
from orchestration.forms import templates
from orchestration.publishing.model_schema import WHOLE
from orchestration.serving import query

if TYPE_CHECKING:
    import duckdb

    from orchestration.landing.map.catalogue import Column, Dataset

GAPS = """
    select distinct
        gaps.dataset,
        gaps.column_name,
        coalesce(gaps.list_park_id, gaps.park_id) as park_id,
        gaps.list_enterprise_id as enterprise_id,
        gaps.year,
        gaps.fuel_code
    from quality.data_gaps as gaps
    inner join quality.data_requests as requests
        on
            gaps.park_id = requests.park_id
            and gaps.dataset = requests.dataset
            and gaps.column_name = requests.column_name
    where gaps.park_id = ? and requests.method = ?
    union
    select
        dataset,
        column_name,
        case when contains(enterprise_id, '/') then split_part(enterprise_id, '/', 1) else park_id
        end,
        split_part(enterprise_id, '/', -1),
        year,
        case when column_name = 'coal_kind' then line_item end
    from quality.core_ratio_gaps
    where park_id = ? and method = ? and status = 'missing'
    order by all
"""
REQUESTS = """
    select
        dataset, column_name, owning_department_zh, owning_department_en, missing_count,
        co2_least_t, co2_most_t
    from quality.data_requests
    where park_id = ? and method = ? and status = 'missing'
    order by request_rank
"""


def write_forms(
    connection: duckdb.DuckDBPyConnection,
    park_id: str,
    method: str | None,
    folder: Path,
    force: bool = False,
) -> list[Path]:
    """Write FORM_PARK.csv and .xlsx for each form that lacks something; return their paths.

    A return replaces the older one of its enterprise and year, so a row with a gap comes with the
    other rows of them. Raises GreenparkError if the park is not in the list.
    """
    query.need_table(connection, "quality", "data_requests")
    method = method or query.default_method(connection)
    known = query.records(
        connection, f"select park_id from {WHOLE}.parks where park_id = ?", [park_id]
    )
    if not known:
        raise GreenparkError(
            f"no park {park_id} in the published version",
            "name one that `all_levels.parks` lists",
        )
    requests = query.records(connection, REQUESTS, [park_id, method])
    gaps = query.records(connection, GAPS, [park_id, method, park_id, method])
    contents: dict[Path, bytes] = {}
    for name in sorted({request["dataset"] for request in requests}):
        dataset = templates.form_of(name)
        asked_for = [request for request in requests if request["dataset"] == name]
        form, filling = _filled(
            connection, dataset, park_id, [gap for gap in gaps if gap["dataset"] == name], asked_for
        )
        path = folder / f"{name}_{park_id}"
        contents[path.with_name(f"{path.name}.csv")] = templates.csv_form(form, filling)
        contents[path.with_name(f"{path.name}.xlsx")] = templates.xlsx_form(form, filling)
    return templates.write_files(folder, contents, force)


def _filled(
    connection: duckdb.DuckDBPyConnection,
    dataset: Dataset,
    park_id: str,
    gaps: list[dict[str, Any]],
    requests: list[dict[str, Any]],
) -> tuple[Dataset, templates.Filling]:
    """The form of the columns that matter, with the rows that are held and what they lack."""
    whose = [n for n in ("park_id", "enterprise_id", "year") if _column(dataset, n)]
    subjects = list(dict.fromkeys(tuple(str(gap[n]) for n in whose) for gap in gaps))
    rows: list[dict[str, str]] = []
    asked: set[tuple[int, str]] = set()
    for subject in subjects:
        of_subject = [gap for gap in gaps if tuple(str(gap[n]) for n in whose) == subject]
        key = dict(zip(whose, subject, strict=True))
        for row in _held(connection, dataset, key) or [key]:
            asked |= {
                (len(rows), gap["column_name"])
                for gap in of_subject
                if not row.get(gap["column_name"])
                and gap["fuel_code"] in (None, row.get("fuel_code"))
            }
            rows.append(row)
    if not gaps:
        rows = [{"park_id": park_id}]
        asked = {(0, request["column_name"]) for request in requests}
    wanted = {request["column_name"] for request in requests}
    columns = tuple(
        column
        for column in dataset.columns
        if column.is_key
        or column.is_required
        or column.name in wanted
        or any(row.get(column.name) for row in rows)
    )
    lines = [_line(dataset, request) for request in requests]
    return replace(dataset, columns=columns), templates.Filling(rows, frozenset(asked), lines)


def _held(
    connection: duckdb.DuckDBPyConnection, dataset: Dataset, key: dict[str, str]
) -> list[dict[str, str]]:
    """The rows of the newest edition of what the key says, as text."""
    names = [column.name for column in dataset.columns]
    texts = ", ".join(f"cast({name} as varchar) as {name}" for name in names)
    same = " and ".join(f"cast({name} as varchar) = ?" for name in key)
    found = query.records(
        connection,
        f"select {texts} from raw.{dataset.name} where {same} "
        "qualify _vintage = max(_vintage) over () order by _file_name, _row_number",
        list(key.values()),
    )
    return [{name: text for name, text in row.items() if text is not None} for row in found]


def _line(dataset: Dataset, request: dict[str, Any]) -> list[object]:
    column = _column(dataset, request["column_name"])
    label = f"{column.label_zh} {column.label_en}" if column else request["column_name"]
    owner = f"{request['owning_department_zh']} {request['owning_department_en']}"
    return [label, owner, request["missing_count"], request["co2_least_t"], request["co2_most_t"]]


def _column(dataset: Dataset, name: str) -> Column | None:
    return next((column for column in dataset.columns if column.name == name), None)
