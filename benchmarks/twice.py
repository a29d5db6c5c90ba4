"""Is a refresh that keeps what has not changed equal to one that builds all? Over kinds of change.

    python -m benchmarks.twice HOME [--only NAME ...] [--full-every N]

Copies the project and HOME (a published home with its work folder), makes one small change after
the other, lands and builds what each asks for, and now and then compares every table, view and
test with a build from nothing of the same project. Gates and publishing are left out: they read
what is compared.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import io
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from benchmarks.project import copy_project
from orchestration.keeping.store import OF_RUNS

RAW = "seeds/raw/energy_yearbook"
REFERENCE = "seeds/reference"
Options = dict[str, Any]


@dataclass(frozen=True)
class Change:
    """One kind of change: what it does to the project, to its data folder and to the options."""

    name: str
    make: Callable[[Path, Path, Options], None]


# --- making changes ------------------------------------------------------------------------------


def replaced(file: str, old: str, new: str) -> Callable[[Path, Path, Options], None]:
    """Another text in the place of one that is there."""

    def make(project: Path, data: Path, options: Options) -> None:
        path = project / file
        text = path.read_text(encoding="utf-8")
        if old not in text:
            raise ValueError(f"{file} has no {old!r}")
        path.write_text(text.replace(old, new, 1), encoding="utf-8")

    return make


def row_changed(file: str, number: int, column: str, value: str) -> Callable[..., None]:
    """Another value in one cell of a reference table; rows are counted from 0."""

    def make(project: Path, data: Path, options: Options) -> None:
        path = project / REFERENCE / file
        rows = list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8"))))
        rows[number][column] = value
        out = io.StringIO()
        writer = csv.DictWriter(out, rows[0].keys(), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
        path.write_text(out.getvalue(), encoding="utf-8")

    return make


def appended(file: str, line: str) -> Callable[[Path, Path, Options], None]:
    def make(project: Path, data: Path, options: Options) -> None:
        with (project / file).open("a", encoding="utf-8") as handle:
            handle.write(line + "\n")

    return make


def asked(**said: Any) -> Callable[[Path, Path, Options], None]:
    def make(project: Path, data: Path, options: Options) -> None:
        options.update(said)

    return make


def province(
    region: str, factor: float, edition: int = 0, fault: bool = False, name: str = "province_2020"
) -> Callable[[Path, Path, Options], None]:
    """The shipped balance of 2020 as that of another province, every figure times a factor."""

    def make(project: Path, data: Path, options: Options) -> None:
        rows = list(csv.reader((project / RAW / "energy_balance_320000_2020.csv").open()))
        for row in rows[2:]:
            row[1:] = [f"{float(cell) * factor:.6f}" if cell else "" for cell in row[1:]]
        out = io.StringIO()
        csv.writer(out, lineterminator="\n").writerows(rows)
        text = out.getvalue()
        if fault:
            text = text.replace("\nCoking,", "\nCokeing,")
        sidecar = yaml.safe_load((project / RAW / "energy_balance_320000_2020.yml").read_text())
        sidecar["layout"]["constants"]["region"] = region
        sidecar |= {"title_zh": f"能源平衡表 {region}", "sha256": _sha256(text)}
        sidecar["edition_year"] += edition
        data.mkdir(exist_ok=True)
        (data / f"{name}.csv").write_text(text, encoding="utf-8")
        (data / f"{name}.yml").write_text(yaml.safe_dump(sidecar, allow_unicode=True))

    return make


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def removed(name: str) -> Callable[[Path, Path, Options], None]:
    def make(project: Path, data: Path, options: Options) -> None:
        for path in data.glob(f"{name}*"):
            path.unlink()

    return make


def method_added(project: Path, data: Path, options: Options) -> None:
    folder = project / REFERENCE / "methods"
    shutil.copytree(folder / "ceads_without_recovered_gas", folder / "ceads_again")


def method_taken_away(project: Path, data: Path, options: Options) -> None:
    shutil.rmtree(project / REFERENCE / "methods" / "ceads_again")


def model_taken_away(project: Path, data: Path, options: Options) -> None:
    folder = project / "dbt_project/models/marts/quality"
    for ending in ("sql", "yml"):
        (folder / f"scenario_coverage.{ending}").unlink()


QUALITY = "dbt_project/models/marts/quality"
VARIABLES = "dbt_project/dbt_project.yml"
CHANGES = (
    Change("threshold", row_changed("thresholds/thresholds.csv", 1, "value", "0.02")),
    Change(
        "threshold of the landing",
        replaced(
            f"{REFERENCE}/thresholds/thresholds.csv", "jump_ratio_max,10,", "jump_ratio_max,11,"
        ),
    ),
    Change("file added", province("340000", 0.5)),
    Change("alias", appended(f"{REFERENCE}/mappings/region_aliases.csv", "Anhui area,340000")),
    Change("factor", row_changed("factors/grid_factors.csv", 0, "co2_t_per_mwh", "0.8844")),
    Change("plan", row_changed("scenarios/plan_values.csv", 0, "value", "-0.136")),
    Change("file superseded", province("340000", 0.51, edition=1)),
    Change("quarantine opened", province("330000", 0.6, fault=True, name="faulty_2020")),
    Change(
        "words of a rule",
        replaced("expectations/rules.csv", "the label stands in no", "this label stands in no"),
    ),
    Change("quarantine closed", province("330000", 0.6, name="faulty_2020")),
    Change("file deleted", removed("province_2020")),
    Change(
        "words of a column",
        replaced(f"{REFERENCE}/catalog/columns.csv", "Gross product of the", "Product of the"),
    ),
    Change(
        "words of a report",
        replaced("seeds/report/report_2023/explanations.csv", "supposedly", "it seems"),
    ),
    Change("method added", method_added),
    Change(
        "model",
        replaced(f"{QUALITY}/scenario_coverage.sql", "'derived' as origin", "'observed' as origin"),
    ),
    Change(
        "comment of a model",
        replaced(f"{QUALITY}/revisions.sql", "with ", "-- Nothing else.\nwith "),
    ),
    Change(
        "words of a table",
        replaced(f"{QUALITY}/scenario_coverage.yml", "Which regions", "What regions"),
    ),
    Change(
        "words of a column of one table",
        replaced(f"{QUALITY}/scenario_coverage.yml", "Code of the reason why", "Code of why"),
    ),
    Change(
        "contract",
        replaced(
            f"{QUALITY}/scenario_coverage.yml",
            "{name: origin, data_type: varchar}",
            "{name: origin, data_type: varchar, constraints: [{type: not_null}]}",
        ),
    ),
    Change(
        "test",
        replaced(
            f"{QUALITY}/scenario_coverage.yml",
            "given: [scenario, region_code, method, has_scenario]",
            "given: [scenario, region_code, method, has_scenario, origin]",
        ),
    ),
    Change(
        "macro",
        replaced("dbt_project/macros/answer_of.sql", "'not_returned'", "'not' || '_returned'"),
    ),
    Change(
        "table to view",
        replaced(f"{QUALITY}/list_items.sql", "", "{{ config(materialized='view') }}\n"),
    ),
    Change(
        "default method",
        replaced(VARIABLES, "default_method: report_2023", "default_method: ceads"),
    ),
    Change("seed of draws", replaced(VARIABLES, "scenario_seed: 1", "scenario_seed: 2")),
    Change("past edition", asked(as_of_vintage=2021)),
    Change("latest edition", asked(as_of_vintage=None)),
    Change("method taken away", method_taken_away),
    Change("without reconstructed", asked(without=["reconstructed"])),
    Change("with reconstructed", asked(without=[])),
    Change("model taken away", model_taken_away),
)


# --- building ------------------------------------------------------------------------------------


def build_here(home_root: str, data: str, options: Options, full: bool) -> Options:
    """Land and build in this process; the content of every node, and what it took."""
    from orchestration.keeping import landed, nodes
    from orchestration.keeping.store import Store
    from orchestration.publishing import releases
    from orchestration.settings import Home, data_roots
    from orchestration.transform import dbt

    home = Home.resolve(home_root).ensure()
    as_of = options.get("as_of_vintage")
    variables = {} if as_of is None else {"as_of_vintage": as_of}
    store, start = Store(home), time.process_time()
    with releases.run_lock(home):
        store.open(anew=full)
        parsed = dbt.parse(home)
        extra = [Path(data)] if Path(data).is_dir() else []
        without = frozenset(options.get("without", []))
        landed.land_kept(home, store, data_roots(extra), without, None)
        results = nodes.build(home, store, variables, parsed, lambda unique_id, status: None)
    failed = {result.unique_id: result.message for result in results if result.failed}
    built = sum(not result.is_kept for result in results)
    contents = {node: content for node, content in store.contents().items() if node not in OF_RUNS}
    tests = {r.unique_id: [r.status, r.message] for r in results if r.is_test}
    return {
        "contents": contents,
        "tests": tests,
        "failed": failed,
        "built": built,
        "kept": len(results) - built,
        "cpu": time.process_time() - start,
    }


@dataclass
class Trial:
    """A copy of the project with a home that keeps, and one that is built from nothing."""

    folder: Path

    @property
    def project(self) -> Path:
        return self.folder / "project"

    @property
    def data(self) -> Path:
        return self.folder / "data"

    def start(self, home: Path) -> None:
        """Copy the project, and of a published home what its next refresh keeps."""
        copy_project(self.project)
        shutil.copytree(home / "kept", self.folder / "home" / "kept")

    def run(self, home: str, options: Options, full: bool) -> Options:
        """Land and build in a process of its own: modules keep what they read of the project."""
        said = json.dumps([str(self.folder / home), str(self.data), options, full])
        code = (
            "import json, sys; from benchmarks.twice import build_here;"
            f"print(json.dumps(build_here(*json.loads({said!r}))))"
        )
        done = subprocess.run(
            [sys.executable, "-c", code], cwd=self.project, capture_output=True, text=True,
            env=os.environ | {"PYTHONPATH": str(self.project)}, check=False,
        )  # fmt: skip
        if done.returncode:
            raise RuntimeError(done.stderr)
        return dict(json.loads(done.stdout.splitlines()[-1]))

    def differing(self, options: Options, kept: Options) -> list[str]:
        """What is not as a build from nothing makes it."""
        whole = self.run("whole", options, full=True)
        found = []
        for part in ("contents", "tests", "failed"):
            names = whole[part].keys() | kept[part].keys()
            found += [n for n in sorted(names) if whole[part].get(n) != kept[part].get(n)]
        return found


def main() -> int:
    """Make the changes, say what each built, and stop where the two differ."""
    import tempfile

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("home", type=Path)
    parser.add_argument("--only", nargs="*", default=[])
    parser.add_argument("--full-every", type=int, default=6)
    said = parser.parse_args()
    changes = [change for change in CHANGES if not said.only or change.name in said.only]
    options: Options = {}
    print("| change | built | kept | CPU seconds | equal to a build from nothing |")
    print("| --- | --- | --- | --- | --- |")
    with tempfile.TemporaryDirectory() as folder:
        trial = Trial(Path(folder))
        trial.start(said.home)
        trial.run("home", options, full=False)
        for number, change in enumerate(changes, start=1):
            change.make(trial.project, trial.data, options)
            kept = trial.run("home", options, full=False)
            equal = ""
            if number % said.full_every == 0 or number == len(changes):
                differing = trial.differing(options, kept)
                equal = f"no: {', '.join(differing)}" if differing else "yes"
            told = [change.name, kept["built"], kept["kept"], f"{kept['cpu']:.1f}", equal]
            print(f"| {' | '.join(map(str, told))} |", flush=True)
            if kept["failed"]:
                print(kept["failed"])
            if equal.startswith("no"):
                return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
