"""The scorecard of a park: output by land, carbon by output, output by carbon, on one page.

Everything is of the published version but the frontier, which is computed when the page is made.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from orchestration.errors import GreenparkError
from orchestration.inventory import pages
from orchestration.inventory.document import Bar, Column, Document, Section, Table
from orchestration.inventory.facts import canonical, content_hash
from orchestration.inventory.labels import Namer
from orchestration.inventory.write import save
from orchestration.likeness import near
from orchestration.publishing.model_schema import WHOLE
from orchestration.serving import frontier, query
from orchestration.serving.output import plain

if TYPE_CHECKING:
    import duckdb

SCHEMA = "greenpark.scorecard/1"
FORMATS = ("html", "pdf", "json")
SQL = Path(__file__).with_suffix(".sql")
Facts = dict[str, Any]

# The bars of the page, from the top.
RESOURCES = ("land", "water", "energy", "carbon", "air_pollutants")
UNITS = {
    "land": "10⁴ CNY per ha",
    "water": "10⁴ CNY per m3",
    "energy": "10⁴ CNY per tce",
    "carbon": "10⁴ CNY per t",
    "air_pollutants": "10⁴ CNY per equivalent",
}
RETURNS = {"constant": "right size", "increasing": "too small", "decreasing": "too large"}
# What is said by codes is worded by reference.codes, as everywhere; the rest is of this page alone.
CODE_LISTS = (
    "clause_status", "colour", "coupling_set", "coupling_state", "evaluation_set", "gap_item",
    "gap_result", "pollutant", "refusal", "resource", "synergy_state",
)  # fmt: skip
WHOLE_LISTS = ("gap_item", "resource")  # what the page names without a row of it
ALL = (UNITS, RETURNS)
# The scores whose way to the landed cells stands at the foot of the page.
EXPLAINED = (
    "resource_intensity", "coupling", "synergy", "zero_carbon_gap", "park_carbon_code",
    "evaluation", "management",
)  # fmt: skip


def gather(connection: duckdb.DuckDBPyConnection, park_id: str, year: int) -> Facts:
    """All that the scorecard of this park and year says.

    Raises GreenparkError, with the nearest ids, for a park or year that is not held.
    """
    query.need_table(connection, WHOLE, frontier.TABLE)
    held = query.records(
        connection, f"select distinct park_id, year from {WHOLE}.{frontier.TABLE} order by all"
    )
    years = [row["year"] for row in held if row["park_id"] == park_id]
    if not years:
        close = near(park_id, {row["park_id"] for row in held})
        raise GreenparkError(
            f"there are no figures of park {park_id}",
            f"did you mean {' or '.join(close)}?"
            if close
            else "the parks are in all_levels.resource_intensity",
        )
    if year not in years:
        raise GreenparkError(
            f"there are no figures of park {park_id} for {year}",
            f"there are some for {', '.join(map(str, years))}",
        )
    facts: Facts = {"schema": SCHEMA, "park_id": park_id, "year": year}
    for statement in SQL.read_text(encoding="utf-8").split("-- :")[1:]:
        name, _, sql = statement.partition("\n")
        facts[name.strip()] = query.records(
            connection, sql.strip().rstrip(";"), [park_id, year][: sql.count("?")]
        )
    try:
        places = list(frontier.places(connection, year, park_id))
    except GreenparkError:  # an input was not returned; the page says so
        places = []
    facts["frontier"] = [asdict(place) for place in places]
    facts["words"] = _words(connection, facts)
    return plain(facts)


def _words(connection: duckdb.DuckDBPyConnection, facts: Facts) -> list[Facts]:
    """What reference.codes calls the codes of the page, in both languages."""
    said = {
        value
        for rows in facts.values()
        if isinstance(rows, list)
        for row in rows
        for value in row.values()
        if isinstance(value, str)
    }
    rows = query.records(
        connection,
        f"""
        select distinct code_list as kind, code, label_zh as name_zh, label_en as name_en
        from reference.codes
        where code_list in ({", ".join("?" * len(CODE_LISTS))})
        order by all
        """,
        CODE_LISTS,
    )
    return [row for row in rows if row["code"] in said or row["kind"] in WHOLE_LISTS]


def compose(facts: Facts, lang: str) -> Document:
    """The scorecard in one language."""
    namer = Namer(lang, facts["words"])
    say = namer.say
    park = facts["park"][0]
    origins = {row["origin"] for row in facts["resources"]}
    banner = say(
        "Reconstructed: figures of this page were made up to fit printed totals or assumed, and"
        " returned by nobody. It shows the form of a scorecard and is no evidence about any park."
    )
    return Document(
        lang=lang,
        title=say("Scorecard of a park"),
        subtitle=say("{name} ({code}), {year}").format(
            name=namer.of(park), code=facts["park_id"], year=facts["year"]
        ),
        signature=content_hash(facts),
        signed=say("Signature (SHA-256 of the content, the same in every format and language)"),
        banner=banner if "reconstructed" in origins else "",
        sections=[
            _triad(facts, namer),
            _against_peers(facts, namer),
            _synergy(facts, namer),
            _standing(facts, namer),
            _cells(facts, namer),
        ],
    )


def _triad(facts: Facts, namer: Namer) -> Section:
    """Output by land, carbon by output, output by carbon."""
    say = namer.say
    held = {row["resource"]: row for row in facts["resources"]}
    land, carbon = held["land"], held["carbon"]
    rows = [
        ["Output by land", land["industrial_va_per_quantity"], land["previous_va_per_quantity"],
         UNITS["land"], land],
        ["Carbon by output", carbon["quantity_per_industrial_va"],
         carbon["previous_per_industrial_va"], "t per 10⁴ CNY", carbon],
        ["Output by carbon", carbon["industrial_va_per_quantity"],
         carbon["previous_va_per_quantity"], UNITS["carbon"], carbon],
    ]  # fmt: skip
    columns = [
        Column(say("Score")),
        Column(say("Figure"), "quantity"),
        Column(say("Year before"), "quantity"),
        Column(say("Unit")),
        Column(say("Ratio to the best"), "share"),
        Column(say("Best of the type"), "code"),
        Column(say("Parks of the type"), "whole"),
    ]
    cells = [
        [say(name), value, before, say(unit), row["share_of_best"], row["best_resource_park_id"],
         row["resource_peer_count"]]
        for name, value, before, unit, row in rows
    ]  # fmt: skip
    return Section("triad", say("Land, output, carbon"), tables=[Table(columns, cells)])


def _against_peers(facts: Facts, namer: Namer) -> Section:
    """Each resource beside the best of the type, how they keep step, and the frontier."""
    say = namer.say
    bars, told = [], []
    for resource in RESOURCES:
        (row,) = [row for row in facts["resources"] if row["resource"] == resource]
        share = row["share_of_best"]
        text = f"{share:.0%}" if share is not None else namer.name("refusal", row["refusal"])
        bars.append(Bar(namer.name("resource", resource), share or 0.0, text))
    for row in facts["coupling"]:
        name = namer.name("coupling_set", row["coupling_set"])
        if row["coordination_degree"] is None:
            why = (("resource", row["refused_resource"]), ("refusal", row["refusal"]))
            text = namer.joined(*(namer.name(*part) for part in why))
        else:
            text = say("coupling {coupling}, coordination {coordination}: {state}").format(
                coupling=f"{row['coupling_degree']:.3f}",
                coordination=f"{row['coordination_degree']:.3f}",
                state=namer.name("coupling_state", row["coupling_state"]),
            )
        told.append(say("{name}: {text}").format(name=name, text=text))
    for place in facts["frontier"]:
        text = say(
            "Frontier of {count} parks, land, water, energy and carbon as inputs: {ccr} at any size"
            " (CCR), {bcc} at its own size (BCC), {scale}; peers: {peers}."
        )
        told.append(
            text.format(
                count=place["peer_count"],
                ccr=f"{place['ccr_efficiency']:.3f}",
                bcc=f"{place['bcc_efficiency']:.3f}",
                scale=say(RETURNS[place["returns_to_scale"]]),
                peers=namer.joined(*(f"{k} {v:.2f}" for k, v in place["peers"].items())),
            )
        )
        if place["is_sample_small"]:
            told.append(say("So few parks are compared that most of them lie on the frontier."))
    title = say("Value added by each resource, of that of the best park of the type")
    return Section("peers", title, paragraphs=told, bars=bars)


def _synergy(facts: Facts, namer: Namer) -> Section:
    """Whether pollution and carbon fell together since the year before that was returned."""
    say = namer.say
    columns = [
        Column(say("Pollutant")),
        Column(say("From"), "code"),
        Column(say("Fall of pollution"), "share"),
        Column(say("Fall of CO2"), "share"),
        Column(say("Cross elasticity"), "quantity"),
        Column(say("Quadrant")),
    ]
    rows = [
        [
            namer.name("pollutant", row["pollutant"]),
            row["year_from"],
            row["pollution_reduction_rate"],
            row["co2_reduction_rate"],
            row["cross_elasticity"],
            namer.name("synergy_state", row["synergy_state"])
            or namer.name("refusal", row["refusal"]),
        ]
        for row in facts["synergy"]
    ]
    told = [] if rows else [say("Pollutants of two years were not returned.")]
    tables = [Table(columns, rows)] if rows else []
    return Section("synergy", say("Pollution and carbon"), paragraphs=told, tables=tables)


def _standing(facts: Facts, namer: Namer) -> Section:
    """Code, evaluation and condition, as the tables that judge have them."""
    say = namer.say
    judged = [
        *((namer.name("gap_item", "core_ratio"), _gap(row, namer), row) for row in facts["gap"]),
        *(
            (say("Carbon-efficiency code"), namer.name("colour", row["colour"]), row)
            for row in facts["codes"]
        ),
        *(
            (
                namer.name("evaluation_set", row["set_id"]),
                say("place {place} of {count}").format(
                    place=row["score_rank"], count=row["scored"]
                ),
                row,
            )
            for row in facts["evaluation"]
        ),
        *(
            (say("Action by condition"), row[f"action_{namer.lang}"], row)
            for row in facts["management"]
        ),
    ]
    rows: list[list[Any]] = [
        [
            name,
            result,
            row[f"citation_{namer.lang}"],
            namer.name("clause_status", row["clause_status"]),
        ]
        for name, result, row in judged
    ]
    columns = [
        Column(say("Judged")),
        Column(say("Result")),
        Column(say("Clause")),
        Column(say("State of the clause")),
    ]
    told = [] if rows else [say("Nothing of this park and year is judged.")]
    tables = [Table(columns, rows)] if rows else []
    return Section("standing", say("Where it stands"), paragraphs=told, tables=tables)


def _gap(row: dict[str, Any], namer: Namer) -> str:
    """The core ratio beside its bound, or why there is none."""
    result = namer.name("gap_result", row["gap_result"])
    if row["bound_value"] is None or row["item_value"] is None:
        held = row["item_value"]
        why = namer.name("refusal", row["gap_reason"]) if row["gap_reason"] else ""
        return namer.joined(
            "" if held is None else namer.say("{value} t CO2/tce").format(value=f"{held:.3f}"),
            result,
            why,
        )
    return namer.say("{value} t CO2/tce, bound {bound}: {result}").format(
        value=f"{row['item_value']:.3f}", bound=row["bound_value"], result=result
    )


def _cells(facts: Facts, namer: Namer) -> Section:
    """The query that leads from each score to the cells it was made of."""
    query = f"from explain_score(kind, '{facts['park_id']}', {facts['year']})"
    told = f"{query}; kind: {', '.join(map(repr, EXPLAINED))}"
    return Section("cells", namer.say("Down to the cells"), paragraphs=[told])


def write(facts: Facts, lang: str, formats: Sequence[str], folder: Path) -> Iterator[Path]:
    """Write the files to `folder`, made if missing; a file of the name is replaced as a whole."""
    document = compose(facts, lang)
    made = {
        "html": lambda: pages.html(document),
        "pdf": lambda: pages.one_page(document),
        "json": lambda: canonical(facts),
    }
    stem = re.sub(r"[^\w.-]", "_", f"{facts['park_id']}_{facts['year']}_scorecard")
    files = (
        (f"{stem}.json" if name == "json" else f"{stem}.{lang}.{name}", made[name]())
        for name in formats
    )
    return save(files, folder)
