"""When the landing is kept: what it reads is in its key, and what it does not read is not."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from orchestration.keeping import inputs, landed
from orchestration.keeping.store import Store
from orchestration.settings import PROJECT_ROOT, Home


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder with a file and its sidecar; reference tables and rules that may be changed."""
    monkeypatch.setattr(inputs, "REFERENCE", tmp_path / "reference")
    monkeypatch.setattr(inputs, "RULES", tmp_path / "rules.csv")
    shutil.copytree(PROJECT_ROOT / "seeds/reference", tmp_path / "reference")
    shutil.copyfile(PROJECT_ROOT / "expectations/rules.csv", tmp_path / "rules.csv")
    folder = tmp_path / "data"
    folder.mkdir()
    (folder / "balance.csv").write_text("a,b\n1,2\n")
    (folder / "balance.yml").write_text("title_zh: 平衡表\n")
    return folder


def replaced(name: str, old: str, new: str) -> Callable[[Path], None]:
    def change(folder: Path) -> None:
        path = folder / name
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")

    return change


THRESHOLDS = "reference/thresholds/thresholds.csv"
DECIDED = "c,reject,balance.csv,,1,1,,,1,,原因,reason,me,2020-01-01,{},\n"


def corrections(expires_on: str) -> Callable[[Path], None]:
    def change(folder: Path) -> None:
        heading = (PROJECT_ROOT / "seeds/reference/corrections/corrections.csv").read_text()
        text = heading.splitlines()[0] + "\n" + DECIDED.format(expires_on)
        (folder / "data/corrections.csv").write_text(text)

    return change


@pytest.mark.parametrize(
    ("change", "is_read"),
    [
        (replaced("data/balance.csv", "1,2", "1,3"), True),
        (replaced("data/balance.yml", "平衡表", "能源平衡表"), True),
        (lambda folder: (folder / "data/balance.yml").unlink(), True),
        (lambda folder: (folder / "data/balance.csv").rename(folder / "data/other.csv"), True),
        (corrections("9999-12-31"), True),
        (replaced(THRESHOLDS, "jump_ratio_max,10,", "jump_ratio_max,11,"), True),
        (replaced(THRESHOLDS, "reconciliation_within,0.01", "reconciliation_within,0.02"), False),
        # A column of a mart has its name.
        (replaced(THRESHOLDS, "warning_gap_rate,0.05", "warning_gap_rate,0.06"), False),
        (replaced("reference/mappings/fuel_aliases.csv", "Raw coal,", "Rawest coal,"), True),
        (replaced("reference/scenarios/plan_values.csv", "-0.135", "-0.136"), False),
        (replaced("rules.csv", "the label stands in no", "this label stands in no"), True),
        (lambda folder: (folder / "data/readme.md").write_text("words"), False),
    ],
)
def test_the_key_of_the_landing_is_of_what_it_reads(
    data: Path, change: Callable[[Path], None], is_read: bool
) -> None:
    before = inputs.keys([data], ()).raw
    assert inputs.keys([data], ()).raw == before
    change(data.parent)
    assert (inputs.keys([data], ()).raw != before) == is_read


def test_words_of_a_rule_of_the_marts_land_nothing_again(data: Path) -> None:
    before = inputs.keys([data], ()).raw
    lines = inputs.RULES.read_text(encoding="utf-8").splitlines()
    number = next(n for n, line in enumerate(lines) if ",marts," in line)
    lines[number] = lines[number].replace(",marts,", ",marts,x", 1)
    inputs.RULES.write_text("\n".join(lines) + "\n", encoding="utf-8")
    assert inputs.keys([data], ()).raw == before


def test_a_correction_that_expires_is_another_landing(data: Path) -> None:
    corrections("2999-12-31")(data.parent)
    assert inputs._expired([data]) == []
    corrections("2020-12-31")(data.parent)
    assert inputs._expired([data]) == ["c"]


def test_what_is_left_out_is_another_landing(data: Path) -> None:
    assert inputs.keys([data], ["reconstructed"]).raw != inputs.keys([data], []).raw


def test_options_and_files_are_in_the_key_of_the_whole(data: Path) -> None:
    before = inputs.whole_key([data], {"engine": "duckdb"})
    assert inputs.whole_key([data], {"engine": "spark"}) != before
    (data / "more.csv").write_text("1\n")
    assert inputs.whole_key([data], {"engine": "duckdb"}) != before


def test_only_tables_of_another_content_are_taken_over(tmp_path: Path) -> None:
    store = Store(Home.resolve(tmp_path / "home").ensure())
    store.open()

    def land(**tables: str) -> dict[str, bool]:
        """Take tables over; whether each is the one that stood before, which a comment tells."""
        draft = tmp_path / "draft.duckdb"
        draft.unlink(missing_ok=True)
        with duckdb.connect(str(draft)) as connection:
            connection.execute("create schema raw")
            for name, sql in tables.items():
                connection.execute(f"create table raw.{name} as {sql}")
        landed._take_over(store, draft, ["raw"])
        with duckdb.connect(str(store.database)) as connection:
            found = connection.execute(
                "select table_name, comment is not null from duckdb_tables() "
                "where schema_name = 'raw'"
            ).fetchall()
            for name, _ in found:
                connection.execute(f"comment on table raw.{name} is 'stood before'")
        return dict(found)

    land(same="select 1 as n", other="select 1 as n", gone="select 1 as n")
    assert land(same="select 1 as n", other="select 2 as n") == {"same": True, "other": False}
    assert store.contents().keys() == {"raw.same", "raw.other"}
    assert land(same="select 1 as m", other="select 2 as n") == {"same": False, "other": True}
