"""The sections of a report, made of its facts in one language."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from orchestration.inventory import labels
from orchestration.inventory.document import Column, Document, Section, Table
from orchestration.inventory.facts import Facts, Row, content_hash
from orchestration.inventory.labels import Namer
from orchestration.inventory.sections_of_inputs import activities, factors, gaps, sources, trace
from orchestration.inventory.sections_of_years import application, change, energy, methods

MOST_ROWS = 25  # of a breakdown on a page; the rest is one row, and all of it is in the workbook


def compose(facts: Facts, lang: str) -> Document:
    """The report in one language."""
    namer = Namer(lang, facts["names"])
    say = namer.say
    park = namer.of(facts["park"]) or facts["park_id"]
    sections: list[Callable[[Facts, Namer], Section | None]] = [
        summary,
        boundary,
        results,
        activities,
        gaps,
        factors,
        uncertainties,
        change,
        methods,
        energy,
        application,
        trace,
        sources,
    ]
    made = [section(facts, namer) for section in sections]
    return Document(
        lang=lang,
        title=say("Greenhouse gas inventory of a park"),
        subtitle=f"{park} ({facts['park_id']}), {facts['year']}, {namer.of(facts['method_row'])}",
        signature=content_hash(facts),
        signed=say("Signature (SHA-256 of the content, the same in every format and language)"),
        banner=_banner(facts, namer),
        sections=[section for section in made if section is not None],
    )


def _banner(facts: Facts, namer: Namer) -> str:
    told = []
    if causes := sorted({row["refusal"] for row in facts["account"] if row["refusal"]}):
        text = namer.say("No net account: {causes}. The lines at fault are among the missing data.")
        named = namer.joined(*(namer.code(labels.REASONS, cause) for cause in causes))
        told.append(text.format(causes=named))
    if "reconstructed" in {row["status"] for row in facts["activities"]}:
        told.append(
            namer.say(
                "Reconstructed: activity data of this report were made to fit printed totals and"
                " returned by nobody. It shows the form of a report and is no evidence about any"
                " park."
            )
        )
    return " ".join(told)


def summary(facts: Facts, namer: Namer) -> Section:
    """What it comes to, on one page."""
    say = namer.say
    park, method = facts["park"], facts["method_row"]
    facts_of_park: list[list[Any]] = [
        [say("Park"), f"{namer.of(park)} ({facts['park_id']})"],
        [say("Region"), f"{park.get(f'region_{namer.lang}')} ({park.get('region_code')})"],
        [say("Year"), str(facts["year"])],
        [say("Method"), f"{namer.of(method)} ({facts['method']})"],
        [say("Weakest origin"), namer.code(labels.ORIGINS, weakest_origin(facts["lines"]))],
    ]
    rows = [
        [
            namer.code(labels.VIEWS, row["view"]),
            row["co2e_t"],
            row["half_range_t"],
            row["relative_half_range"],
        ]
        for row in facts["uncertainty"]["views"]
    ]
    columns = [
        Column(say("Electricity")),
        Column(say("Net account, t CO2e"), "tonnes"),
        Column(say("± t (95 %)"), "tonnes"),
        Column(say("± share"), "share"),
    ]
    return Section(
        "summary",
        say("Summary"),
        [],
        [
            Table([Column(say("Fact")), Column(say("Value"))], facts_of_park),
            Table(columns, rows, say("Net account by view of electricity")),
        ],
    )


def weakest_origin(rows: Sequence[Row]) -> str:
    """The weakest origin of the rows."""
    found = {row["origin"] for row in rows}
    return next((o for o in ("reconstructed", "derived", "observed") if o in found), "")


def boundary(facts: Facts, namer: Namer) -> Section:
    """Whom the account covers, and what it leaves out."""
    say = namer.say
    gases = {row["gas"] for row in facts["lines"]}
    scopes = sorted({row["scope"] for row in facts["lines"] if row["scope"]})
    paragraphs = [
        say(
            "The account covers one calendar year inside the boundary of the park: scopes {scopes};"
            " gases {gases}."
        ).format(
            scopes=namer.joined(*scopes),
            gases=namer.joined(*(namer.code(labels.GASES, gas) for gas in sorted(gases))),
        ),
        say(
            "What units of the park give each other cancels: electricity and heat count by what"
            " comes from outside."
        ),
    ]
    yes_no = {True: say("yes"), False: say("no"), None: ""}
    rows = [
        [
            namer.of(row) or row["boundary"] or say("Park as a whole"),
            row["enterprise_count"],
            yes_no[row["includes_below_size"]],
            yes_no[row["includes_households"]],
            row["co2e_t"],
        ]
        for row in facts["boundaries"]
    ]
    columns = [
        Column(say("Narrowest boundary of the units")),
        Column(say("Units"), "whole"),
        Column(say("Below size")),
        Column(say("Households")),
        Column(say("t CO2e"), "tonnes"),
    ]
    tables = [Table(columns, rows)]
    if facts["stated_boundaries"]:
        stated = [
            [
                row["park_id"],
                namer.name("code", row["boundary_kind"]),
                namer.name("code", row["statistical_boundary"]),
                row["parent_park_id"],
                "–".join(str(row[name] or "") for name in ("year_from", "year_to")),
            ]
            for row in facts["stated_boundaries"]
        ]
        columns = [
            Column(say("Park"), "code"),
            Column(say("Kind")),
            Column(say("Territory")),
            Column(say("Part of"), "code"),
            Column(say("Years")),
        ]
        tables.append(Table(columns, stated, say("As the park states it")))
    return Section("boundary", say("Boundary"), paragraphs, tables)


# --- results -------------------------------------------------------------------------------------


def results(facts: Facts, namer: Namer) -> Section:
    """The account by entry, scope, gas, fuel or product, and industry, in every view."""
    say = namer.say
    entries = [row for row in facts["by_entry"] if row["year"] == facts["year"]]
    memo = _pivoted(
        [{**row, "key": row["entry"]} for row in entries if not row["is_in_net"]],
        facts["views"],
        lambda code: namer.code(labels.ENTRIES, code),
    )
    tables = [
        _by_view(
            facts,
            namer,
            [{**row, "key": row["entry"]} for row in entries if row["is_in_net"]],
            say("Entry"),
            lambda code: namer.code(labels.ENTRIES, code),
        ),
        _by_view(
            facts, namer, facts["by_scope"], say("Scope"), lambda code: code or say("no scope")
        ),
        _by_view(
            facts, namer, facts["by_gas"], say("Gas"), lambda code: namer.code(labels.GASES, code)
        ),
        _by_view(
            facts,
            namer,
            facts["by_item"],
            say("Fuel or product"),
            lambda code: namer.name("item", code),
        ),
        _by_view(
            facts,
            namer,
            facts["by_industry"],
            say("Industry"),
            lambda code: f"{code or ''} {namer.name('industry', code)}".strip(),
        ),
    ]
    if memo:
        columns = [Column(say("Beside the account")), *_view_columns(facts, namer)]
        tables.insert(1, Table(columns, memo))
    return Section("results", say("Results"), [say("Tonnes of CO2 equivalent.")], tables)


def _view_columns(facts: Facts, namer: Namer) -> list[Column]:
    return [Column(namer.code(labels.VIEWS, view), "tonnes") for view in facts["views"]]


def _by_view(
    facts: Facts, namer: Namer, rows: list[Row], heading: str, name: Callable[[str | None], str]
) -> Table:
    pivoted = _pivoted(rows, facts["views"], name)
    if len(pivoted) > MOST_ROWS:
        kept, rest = pivoted[:MOST_ROWS], pivoted[MOST_ROWS:]
        others = namer.say("{count} others").format(count=len(rest))
        pivoted = [*kept, [others, *map(sum, list(zip(*rest, strict=True))[1:])]]
    total = [namer.total(facts), *facts["net_co2e_t"].values()]
    columns = [Column(heading), *_view_columns(facts, namer)]
    return Table(columns, [*pivoted, total], totals=1)


def _pivoted(
    rows: list[Row], views: list[str | None], name: Callable[[str | None], str]
) -> list[list[Any]]:
    """A row for each key and a column for each view, the largest first."""
    keys = list(dict.fromkeys(row["key"] for row in rows))
    pivoted = [
        [
            name(key),
            *(
                sum(
                    row["co2e_t"]
                    for row in rows
                    if row["key"] == key and row["view"] in (None, view)
                )
                for view in views
            ),
        ]
        for key in keys
    ]
    return sorted(pivoted, key=lambda row: (-abs(row[1]), row[0]))


def uncertainties(facts: Facts, namer: Namer) -> Section:
    """How wide the account is, by two ways, and by what ranges."""
    say = namer.say
    found = facts["uncertainty"]
    paragraphs = [
        say(
            "Half of the 95 % interval. Error propagation adds what shares an activity or a factor"
            " and takes the rest as independent; Monte Carlo draws the same account {draws} times"
            " from a seed that is made of the lines."
        ).format(draws=f"{found['draws']:,d}")
    ]
    columns = [
        Column(say("Entry")),
        Column(say("t CO2e"), "tonnes"),
        Column(say("± t by propagation"), "tonnes"),
        Column(say("± t by Monte Carlo"), "tonnes"),
        Column(say("± share"), "share"),
    ]
    tables = []
    for view in found["views"]:
        rows = [
            [
                namer.code(labels.ENTRIES, row["entry"]),
                row["co2e_t"],
                row["half_range_t"],
                row["monte_carlo_half_range_t"],
                row["half_range_t"] / abs(row["co2e_t"]) if row["co2e_t"] else None,
            ]
            for row in view["entries"]
        ]
        rows.append(
            [
                namer.total(facts),
                view["co2e_t"],
                view["half_range_t"],
                view["monte_carlo_half_range_t"],
                view["relative_half_range"],
            ]
        )
        tables.append(Table(columns, rows, namer.code(labels.VIEWS, view["view"]), totals=1))
        text = (
            say(
                "{view}: the two differ by {difference} (bound {bound}); 95 % of the draws lie"
                " between {low} and {high} t."
            )
            if view["agrees"]
            else say(
                "{view}: THE TWO DO NOT AGREE, they differ by {difference} (bound {bound}); 95 %"
                " of the draws lie between {low} and {high} t."
            )
        )
        paragraphs.append(
            text.format(
                view=namer.code(labels.VIEWS, view["view"]),
                difference=f"{view['difference']:.2%}",
                bound=f"{found['agreement_bound']:.0%}",
                low=f"{view['monte_carlo_low_t']:,.0f}",
                high=f"{view['monte_carlo_high_t']:,.0f}",
            )
        )
    tables.append(_ranges(facts, namer))
    return Section("uncertainty", say("Uncertainty"), paragraphs, tables)


def _ranges(facts: Facts, namer: Namer) -> Table:
    say = namer.say
    used = {row["range_id"] for row in (*facts["activities"], *facts["lines"])}
    rows = [
        [
            namer.code(labels.RANGES, row["range_of"]),
            namer.joined(
                namer.code(labels.ENTRIES, row["entry"]), namer.code(labels.GASES, row["gas"])
            ),
            namer.code(labels.BASES, row["range_basis"]),
            row["relative_half_range"],
            namer.code(labels.CONFIDENCES, row["confidence"]),
            row["source_id"],
            row[f"note_{namer.lang}"],
        ]
        for row in facts["ranges"]
        if row["range_id"] in used
    ]
    columns = [
        Column(say("Range of")),
        Column(say("Entry or gas")),
        Column(say("Basis")),
        Column(say("± share"), "share"),
        Column(say("Confidence")),
        Column(say("Source"), "code"),
        Column(say("Note")),
    ]
    return Table(columns, rows, say("Ranges used"))
