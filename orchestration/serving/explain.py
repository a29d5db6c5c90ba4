"""From one emission row to the printed cells and the factor it was made of."""

from __future__ import annotations

from itertools import groupby
from typing import Any

import duckdb

from orchestration.errors import GreenparkError
from orchestration.serving import output, query

ROW = ("account", "balance_item", "industry_code", "fuel_code", "scope")
FACTOR = (
    "factor_id",
    "co2_t_per_unit",
    "factor_unit",
    "factor_origin",
    "factor_source_id",
    "factor_source_en",
    "factor_citation",
    "factor_note",
)
TEXTS = {
    "en": {
        "inputs": ["input", "file", "row", "column", "printed", "unit", "source"],
        "factor": "factor",
        "from": "from",
        "no_factor": "no factor in this row",
        "total": "{rows} rows of the {account} account: {co2_t} t CO2",
        "files": "Files are below seeds/raw, or below the folder given with --data.",
    },
    "zh": {
        "inputs": ["输入", "文件", "行", "列", "印刷值", "单位", "来源"],
        "factor": "因子",
        "from": "来源",
        "no_factor": "此行没有因子",
        "total": "{account} 账户共 {rows} 行：{co2_t} t CO2",
        "files": "文件在 seeds/raw 下，或在 --data 指定的目录下。",
    },
}
ROLES = {
    "zh": {"activity": "活动水平", "deduction": "扣减", "allocation_key": "分摊依据"},
    "en": {"allocation_key": "allocation key"},
}


def select(connection: duckdb.DuckDBPyConnection, **filters: Any) -> list[dict[str, Any]]:
    """The rows of `quality.explain` that fit all filters (column=value; None is no filter).

    Raises GreenparkError where nothing fits, saying which values there are instead.
    """
    query.need_table(connection, "quality", "explain")
    asked = {column: value for column, value in filters.items() if value is not None}
    rows = query.records(
        connection,
        f"""
        select * from quality.explain {_where(list(asked))}
        order by {", ".join(ROW)}, factor_id, input_role, file_name, sheet_name, row_number,
            column_number
        """,
        list(asked.values()),
    )
    if not rows:
        raise _nothing(connection, asked)
    return rows


def _where(columns: list[str]) -> str:
    return "where " + " and ".join(f"{column} = ?" for column in columns) if columns else ""


def _nothing(connection: duckdb.DuckDBPyConnection, asked: dict[str, Any]) -> GreenparkError:
    """Name the first filter that leaves nothing, and what it could have been."""
    before: dict[str, Any] = {}
    for column, value in asked.items():
        there_are = [
            str(row[0])
            for row in connection.execute(
                f"select distinct {column} from quality.explain {_where(list(before))} order by 1",
                list(before.values()),
            ).fetchall()
            if row[0] is not None
        ]
        if str(value) not in there_are:
            so_far = ", ".join(f"{name} {given}" for name, given in before.items())
            return GreenparkError(
                f"nothing to explain for {column} {value}" + (f" with {so_far}" if so_far else ""),
                f"there is {column}: {', '.join(there_are) or 'none'}",
            )
        before[column] = value
    return GreenparkError("nothing to explain", "leave a filter out")


def render(rows: list[dict[str, Any]], lang: str, width: int | None) -> str:
    """One block for each emission row: what it is, its cells, its factor; then totals."""
    words = TEXTS[lang]
    blocks = []
    totals: dict[str, list[float]] = {}
    # Two rows that differ only in their factor (a factor change) are two blocks.
    for _, group in groupby(rows, key=lambda row: [row[name] for name in (*ROW, "factor_id")]):
        cells = list(group)
        row = cells[0]
        totals.setdefault(row["account"], []).append(row["co2_t"] or 0.0)
        name = " / ".join(str(row[part]) for part in ROW if row[part] is not None)
        factor = row["co2_t_per_unit"]
        made_of = f"{output.number(row['quantity'])} {row['unit']}"
        if factor is not None:
            made_of += f" × {output.number(factor)} t CO2/{row['factor_unit']}"
        lines = [
            f"{row['region_code']} {row['year']} {row['method']}: {name}",
            f"  {output.number(row['co2_t'])} t CO2 = {made_of}  ({row['origin']})",
        ]
        if row["factor_id"] is None:
            lines.append(f"  {words['no_factor']}")
        else:
            source = row["factor_source_en"] or row["factor_source_id"] or ""
            lines.append(
                f"  {words['factor']} {row['factor_id']}, {row['factor_origin']}, "
                f"{words['from']} {source}"
            )
            lines += [
                f"    {row[part]}" for part in ("factor_citation", "factor_note") if row[part]
            ]
        printed = [
            [
                ROLES[lang].get(cell["input_role"], cell["input_role"]),
                f"{cell['file_name']} {cell['sheet_name']}".rstrip(),
                cell["row_number"],
                f"{cell['column_number']} {cell['column_name'] or ''}".rstrip(),
                cell["value_text"],
                cell["unit_label"],
                cell[f"activity_source_{lang}"] or cell["activity_source_id"],
            ]
            for cell in cells
        ]
        lines.append(output.table(words["inputs"], printed, width).rstrip("\n"))
        blocks.append("\n".join(lines) + "\n")
    closing = [
        words["total"].format(rows=len(values), account=account, co2_t=output.number(sum(values)))
        for account, values in totals.items()
    ]
    return "\n".join(blocks) + "\n" + "\n".join([*closing, words["files"]]) + "\n"
