"""From one emission to the printed cells and the factor it was made of, and what was refused."""

from __future__ import annotations

from itertools import groupby
from typing import Any

import duckdb

from orchestration import words
from orchestration.errors import GreenparkError
from orchestration.serving import output, query
from orchestration.serving.codes import Codes

BLOCK = (
    "account",
    "enterprise_id",
    "balance_item",
    "industry_code",
    "fuel_code",
    "scope",
    "factor_id",
)
NAMED = ("account", "balance_item", "industry_code", "fuel_code", "scope")
# What a region is explained by unless an account is named: the others overlap with these.
REGION_ACCOUNTS = ("territorial", "industrial")


def select(
    connection: duckdb.DuckDBPyConnection, lang: str = "en", **filters: Any
) -> list[dict[str, Any]]:
    """The rows of `quality.explain` that fit all filters (column=value; None is no filter).

    A tuple fits any of its values. Raises GreenparkError where nothing fits, saying which values
    there are instead, and what was refused that might have fitted.
    """
    query.need_table(connection, "quality", "explain")
    asked = {column: value for column, value in filters.items() if value is not None}
    rows = query.records(
        connection,
        f"""
        select * from quality.explain {_where(asked)}
        order by {", ".join(BLOCK)}, input_role, file_name, sheet_name, row_number,
            column_number, column_name
        """,
        _values(asked),
    )
    if not rows:
        raise _nothing(connection, asked, lang)
    return rows


def _where(asked: dict[str, Any]) -> str:
    conditions = [
        f"{column} in ({', '.join('?' * len(value))})"
        if isinstance(value, tuple)
        else f"{column} = ?"
        for column, value in asked.items()
    ]
    return "where " + " and ".join(conditions) if conditions else ""


def _values(asked: dict[str, Any]) -> list[Any]:
    return [
        part
        for value in asked.values()
        for part in (value if isinstance(value, tuple) else [value])
    ]


def _nothing(
    connection: duckdb.DuckDBPyConnection, asked: dict[str, Any], lang: str
) -> GreenparkError:
    """Name the first filter that leaves nothing, what it could have been, and what was refused."""
    say = words.Speaker(lang)
    before: dict[str, Any] = {}
    for column, value in asked.items():
        there_are = [
            str(row[0])
            for row in connection.execute(
                f"select distinct {column} from quality.explain {_where(before)} order by 1",
                _values(before),
            ).fetchall()
            if row[0] is not None
        ]
        wanted = value if isinstance(value, tuple) else (value,)
        if not {str(part) for part in wanted} & set(there_are):
            named = ", ".join(f"{name} {_named(given)}" for name, given in before.items())
            message = say("nothing to explain for {column} {value}").format(
                column=column, value=_named(value)
            )
            if named:
                message += say(" with {named}").format(named=named)
            found = refused(connection, asked)
            if found:
                message += "\n" + render_refused(found, lang, None).rstrip("\n")
            return GreenparkError(
                message,
                say("there is {column}: {values}").format(
                    column=column, values=", ".join(there_are) or say("none")
                ),
            )
        before[column] = value
    return GreenparkError(
        say("nothing to explain"),
        say("leave a filter out"),
    )


def _named(value: Any) -> str:
    return "/".join(map(str, value)) if isinstance(value, tuple) else str(value)


def refused(connection: duckdb.DuckDBPyConnection, asked: dict[str, Any]) -> list[dict[str, Any]]:
    """The quarantined cells that belong to what is asked for.

    A quarantine that names codes is asked by them. One that does not is searched in the files that
    hold the region and year, in the columns that hold the fuel.
    """
    if not query.has_table(connection, "quality", "quarantine"):
        return []
    columns = {
        row[0] for row in connection.execute("select * from quality.quarantine limit 0").description
    }
    keys = [key for key in ("region_code", "park_id", "enterprise_id", "year") if key in asked]
    known = {key: asked[key] for key in (*keys, "fuel_code") if key in columns and key in asked}
    if set(keys) <= set(known):
        where, values = _where(known), _values(known)
    elif {"region_code", "year"} <= set(asked) and query.has_table(
        connection, "quality", "energy_lineage"
    ):
        where = """
            where (file_name, sheet_name, column_number) in (
                select (file_name, sheet_name, column_number) from quality.energy_lineage
                where
                    fuel_code = ?
                    and file_name in (
                        select file_name from quality.energy_lineage
                        where region_code = ? and year = ?
                    )
            )
        """
        values = [asked.get("fuel_code"), asked["region_code"], asked["year"]]
    else:
        return []
    return query.records(
        connection,
        f"""
        select file_name, sheet_name, row_number, column_number, column_name, raw_value, rule,
            message, message_zh
        from quality.quarantine {where} and rule <> 'superseded'
        order by all
        """,
        values,
    )


def render_refused(rows: list[dict[str, Any]], lang: str, width: int | None) -> str:
    """The refused cells as a table."""
    say = words.Speaker(lang)
    cells = [
        [
            f"{row['file_name']} {row['sheet_name'] or ''}".rstrip(),
            row["row_number"],
            row["column_name"] or row["column_number"],
            row["raw_value"],
            row["rule"],
        ]
        for row in rows
    ]
    columns = say.each("file", "row", "column", "printed", "rule")
    return f"{say('Refused, and so no part of it:')}\n{output.table(columns, cells, width)}"


def bought_and_sold(
    connection: duckdb.DuckDBPyConnection, rows: list[dict[str, Any]]
) -> dict[tuple[str, int, str], dict[str, Any]]:
    """What a park bought and sold of the carriers in `rows`, by park, year and fuel."""
    wanted = {
        (row["park_id"], row["year"], row["fuel_code"])
        for row in rows
        if row["outside_share"] is not None
    }
    return {
        key: query.records(
            connection,
            """
            select
                coalesce(sum(quantity) filter (where flow = 'purchase'), 0) as bought,
                coalesce(sum(quantity) filter (where flow = 'sales'), 0) as sold,
                min(unit) as unit,
                count(*) as cells
            from quality.return_lineage
            where
                park_id = ? and year = ? and fuel_code = ? and flow in ('purchase', 'sales')
            """,
            key,
        )[0]
        for key in sorted(wanted)
    }


def render(
    rows: list[dict[str, Any]],
    lang: str,
    width: int | None,
    codes: Codes,
    shares: dict[tuple[str, int, str], dict[str, Any]] | None = None,
) -> str:
    """One block for each emission: what it is, its cells, its factor; then totals."""
    say = words.Speaker(lang)
    blocks = []
    totals: dict[str, list[float]] = {}
    # Two emissions that differ only in their factor (a factor change) are two blocks.
    for _, group in groupby(rows, key=lambda row: [row[name] for name in BLOCK]):
        cells = list(group)
        row = cells[0]
        subject = f"{row['region_code']} {codes('region_code', row['region_code'])}"
        if row["park_id"] is not None:
            subject = f"{row['park_id']} {row['enterprise_id']}"
        name = " / ".join(_called(part, row[part], codes) for part in NAMED if row[part])
        heading = f"{subject} {row['year']} {row['method']}: {name}"
        lines = output.fold_indented(heading, width)
        if row["co2_t"] is None:
            lines.append(f"  {say('no CO2: the method counts nothing of these cells')}")
        else:
            totals.setdefault(row["account"], []).append(row["co2_t"])
            for line in _made_of(row, lang, codes, shares or {}):
                lines += output.fold_indented(line, width)
        # A file above its cells: as a column it would be chopped where a terminal is narrow.
        for file, held in groupby(
            cells, key=lambda cell: f"{cell['file_name']} {cell['sheet_name']}".rstrip()
        ):
            lines += [f"  {file}", _cells(list(held), lang, width, codes)]
        blocks.append("\n".join(lines) + "\n")
    closing = [
        say("{rows} rows of the {account} account: {co2_t} t CO2").format(
            rows=len(values),
            account=codes("account", account),
            co2_t=output.number(sum(values)),
        )
        for account, values in totals.items()
    ]
    return (
        "\n".join(blocks)
        + "\n"
        + "\n".join(
            [*closing, say("Files are below seeds/raw, or below the folder given with --data.")]
        )
        + "\n"
    )


def _cells(cells: list[dict[str, Any]], lang: str, width: int | None, codes: Codes) -> str:
    """The cells of one file as a table."""
    printed = [
        [
            codes("input_role", cell["input_role"]),
            cell["row_number"],
            " ".join(str(cell[n]) for n in ("column_number", "column_name") if cell[n]),
            cell["value_text"],
            cell["unit_label"],
            output.number(cell["weight"]),
            cell[f"activity_source_{lang}"] or cell["activity_source_id"],
        ]
        for cell in cells
    ]
    columns = words.Speaker(lang).each(
        "input", "row", "column", "printed", "unit", "weight", "source"
    )
    return output.table(columns, printed, width).rstrip("\n")


def _called(column: str, code: str, codes: Codes) -> str:
    """A code in words; of an industry with the code, which is what --industry asks for."""
    name = codes(column, code)
    return f"{code} {name}" if column == "industry_code" and name != code else name


def _made_of(
    row: dict[str, Any], lang: str, codes: Codes, shares: dict[Any, dict[str, Any]]
) -> list[str]:
    """Quantity times factor, and where the factor and a share are from."""
    say = words.Speaker(lang)
    made_of = f"{output.number(row['quantity'])} {row['unit']}"
    if row["co2_t_per_unit"] is not None:
        made_of += f" × {output.number(row['co2_t_per_unit'])} t CO2/{row['factor_unit']}"
    lines = [
        f"  {output.number(row['co2_t'])} t CO2 = {made_of}  ({codes('origin', row['origin'])})"
    ]
    if share := shares.get((row["park_id"], row["year"], row["fuel_code"])):
        numbers = {key: output.number(share[key]) for key in ("bought", "sold")}
        lines.append(
            "  "
            + say(
                "only the share {share} of what the park bought came from outside it: "
                "{bought} {unit} bought, {sold} sold, {cells} cells (quality.return_lineage)"
            ).format(
                share=output.number(row["outside_share"]),
                unit=share["unit"],
                cells=share["cells"],
                **numbers,
            )
        )
    if row["factor_id"] is None:
        return [*lines, f"  {say('no factor in this row')}"]
    source = row[f"factor_source_{lang}"] or row["factor_source_id"] or ""
    origin = codes("factor_origin", row["factor_origin"])
    lines.append(f"  {say('factor')} {row['factor_id']}, {origin}, {say('from')} {source}")
    told = [row[part] for part in ("factor_citation", "factor_note") if row[part]]
    return lines + [f"    {say(text)}" for text in told]
