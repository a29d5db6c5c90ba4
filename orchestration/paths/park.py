"""The path of one park: read from the marts, solved, and told year by year."""

from __future__ import annotations

from pathlib import Path as File
from typing import Any

import duckdb

from orchestration.database import one
from orchestration.errors import GreenparkError
from orchestration.forms import templates
from orchestration.likeness import near
from orchestration.paths.least_cost import Bound, Measure, Path, Start, cheapest
from orchestration.publishing.model_schema import WHOLE
from orchestration.serving import query

FORM = "park_returns_path_steps"
LEAST_COST = "least_cost"
NEEDED = ("park_path_bases", "park_path_measures")

Row = dict[str, Any]


def find(
    connection: duckdb.DuckDBPyConnection, park_id: str, target_year: int, method: str | None
) -> dict[str, Any]:
    """The cheapest path of a park to its bound by a year: facts for people, JSON and the form.

    Without a method, by the one that bounds the park. Raises GreenparkError for a park without an
    account that a path could start from, and where several methods bound it and none is named.
    """
    for table in NEEDED:
        query.need_table(connection, WHOLE, table)
    method = method or _only_method(connection, park_id)
    bases = query.records(
        connection,
        f"select * from {WHOLE}.park_path_bases where park_id = ? and method = ? order by entry",
        [park_id, method],
    )
    if method is None or not bases:
        raise _no_base(connection, park_id, method)
    base = bases[0]
    if target_year <= base["base_year"]:
        raise GreenparkError(
            f"a path to {target_year} cannot start from the account of {base['base_year']}",
            f"name a year after {base['base_year']}",
        )
    measures = query.records(
        connection,
        f"select * from {WHOLE}.park_path_measures where park_id = ? and method = ?"
        " order by path_measure_id",
        [park_id, method],
    )
    bounds = query.records(
        connection,
        "select * from reference.core_ratio_bounds where method = ?"
        " and bound_co2_t_per_tce is not null order by class_from_tce",
        [method],
    )
    (rate,) = one(
        connection.execute(
            "select value from reference.threshold_values where threshold_id = 'path_discount_rate'"
        )
    )
    start = Start(
        base["base_year"],
        base["net_co2_t"],
        base["basis_energy_tce"],
        {row["entry"]: row["entry_co2_t"] for row in bases},
    )
    path = cheapest(
        start, [_measure(row) for row in measures], [_bound(row) for row in bounds],
        target_year, rate,
    )  # fmt: skip
    return _told(park_id, method, target_year, rate, base, measures, path)


def write(found: dict[str, Any], folder: File, force: bool) -> list[File]:
    """Write the path as the form that a park returns its paths by; return the files."""
    form = templates.form_of(FORM)
    rows = [
        {
            "park_id": found["park_id"],
            "path_id": LEAST_COST,
            "path_measure_id": step["path_measure_id"],
            "year": str(step["year"]),
            "planned_share": repr(step["planned_share"]),
        }
        for step in found["steps"]
    ]
    filling = templates.Filling(rows)
    path = folder / f"{FORM}_{found['park_id']}"
    return templates.write_files(
        folder,
        {
            path.with_name(f"{path.name}.csv"): templates.csv_form(form, filling),
            path.with_name(f"{path.name}.xlsx"): templates.xlsx_form(form, filling),
        },
        force,
    )


def _told(
    park_id: str,
    method: str,
    target_year: int,
    rate: float,
    base: Row,
    measures: list[Row],
    path: Path,
) -> dict[str, Any]:
    years = range(base["base_year"] + 1, target_year + 1) if path.status == "reached" else range(0)
    by_id = {row["path_measure_id"]: row for row in measures}
    steps = [
        {"path_measure_id": name, "year": year, "planned_share": share}
        for (name, year), share in sorted(path.used.items())
        if share > 0
    ]
    return {
        "park_id": park_id,
        "method": method,
        "base_year": base["base_year"],
        "target_year": target_year,
        "discount_rate": rate,
        "base_ratio": base["core_co2_t_per_tce"],
        "status": path.status,
        "energy_class": path.bound.energy_class if path.bound else None,
        "bound_co2_t_per_tce": path.bound.bound_co2_t_per_tce if path.bound else None,
        "clause_id": base["clause_id"],
        "measure_basis": sorted({row["measure_basis"] for row in measures}),
        "cost_10k_cny": path.cost_10k_cny,
        "one_more_tonne_10k_cny": path.one_more_tonne_10k_cny,
        "shortfall_t": path.shortfall_t,
        "steps": steps,
        "years": [_year(base, by_id, path, year) for year in years],
        "binding": path.binding,
    }


def _year(base: Row, measures: dict[str, Row], path: Path, year: int) -> Row:
    """What is left of CO2 and energy in a year, and what it costs, not discounted."""
    co2, energy, cost = base["net_co2_t"], base["basis_energy_tce"], 0.0
    for name, row in measures.items():
        used, built = path.used[name, year], path.built[name, year]
        co2 -= used * (row["cut_co2_t"] - (row["added_co2_t"] or 0.0))
        energy += used * (row["energy_change_tce"] or 0.0)
        cost += built * (row["annuity_10k_cny"] or 0.0) + used * row["yearly_cost_10k_cny"]
    return {
        "year": year,
        "path_co2_t": co2,
        "path_energy_tce": energy,
        "path_co2_t_per_tce": co2 / energy if energy else None,
        "path_cost_10k_cny": cost,
    }


def _measure(row: Row) -> Measure:
    return Measure(
        measure_id=row["path_measure_id"],
        cut_entry=row["cut_entry"],
        cut_co2_t=row["cut_co2_t"],
        yearly_cost_10k_cny=row["yearly_cost_10k_cny"],
        annuity_10k_cny=row["annuity_10k_cny"] or 0.0,
        added_entry=row["added_entry"],
        added_co2_t=row["added_co2_t"] or 0.0,
        energy_change_tce=row["energy_change_tce"] or 0.0,
        lead_years=row["lead_years"],
    )


def _bound(row: Row) -> Bound:
    return Bound(
        row["energy_class"],
        row["class_from_tce"],
        row["class_to_tce"],
        row["bound_co2_t_per_tce"],
    )


def _only_method(connection: duckdb.DuckDBPyConnection, park_id: str) -> str | None:
    """The method with bounds that the park has a start by: none, or one."""
    held = query.records(
        connection,
        f"select distinct method from {WHOLE}.park_path_bases as bases"
        " where park_id = ? and method in (select method from reference.core_ratio_bounds)"
        " order by method",
        [park_id],
    )
    methods = [str(row["method"]) for row in held]
    if len(methods) > 1:
        raise GreenparkError(
            f"several methods bound park {park_id}", f"name one of {', '.join(methods)}"
        )
    return methods[0] if methods else None


def _no_base(
    connection: duckdb.DuckDBPyConnection, park_id: str, method: str | None
) -> GreenparkError:
    held = query.records(
        connection, f"select distinct park_id, method from {WHOLE}.park_path_bases"
    )
    parks = sorted({row["park_id"] for row in held})
    methods = sorted({row["method"] for row in held})
    if park_id not in parks or method is None:
        return GreenparkError(
            f"park {park_id} has no account with a ratio that a path could start from",
            f"the nearest parks with one are {', '.join((near(park_id, parks) or parks)[:5])}",
        )
    return GreenparkError(
        f"park {park_id} has no ratio by method {method}",
        f"the methods with a bound are {', '.join(methods)}",
    )
