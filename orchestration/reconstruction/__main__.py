"""Write every reconstructed table below `seeds/raw`, or below another folder.

    python -m orchestration.reconstruction [FOLDER]

`make reconstruct` runs it; the same inputs give the same bytes.
"""

from __future__ import annotations

import sys
from pathlib import Path

from orchestration.reconstruction import city_model
from orchestration.reconstruction.city_tables import write_city_tables
from orchestration.reconstruction.inputs import SEEDS, YEARS, read_balance
from orchestration.reconstruction.park_energy import build
from orchestration.reconstruction.park_facts import Factors, read_parks, settle_totals
from orchestration.reconstruction.park_room import Room
from orchestration.reconstruction.park_tables import write_budgets, write_park_tables
from orchestration.reconstruction.validation_runs import write_runs


def main(folder: Path) -> None:
    """Cities, the runs that judge them, parks."""
    balances = {year: read_balance(year) for year in YEARS}
    evidence = city_model.uncontradicted(balances)
    panels = city_model.solve(balances, evidence)
    write_city_tables(balances, panels, folder / "city_yearbooks")
    write_runs(balances, panels, evidence, folder / "city_model")
    factors, parks = Factors(), read_parks()
    settle_totals(parks, factors)
    write_park_tables(parks, build(factors, parks, Room(panels)), folder / "park_returns")
    write_budgets(panels, folder / "government_bulletins")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else SEEDS / "raw")
