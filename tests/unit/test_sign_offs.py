"""Tables of factors are built as somebody signed them off, or not at all."""

from __future__ import annotations

import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from orchestration import sign_offs
from orchestration.cli import main
from orchestration.errors import GreenparkError
from orchestration.settings import PROJECT_ROOT

SHIPPED = PROJECT_ROOT / "seeds" / "reference"
GWP = "factors/gwp_values.csv"
NOW = datetime(2030, 1, 1, 12, tzinfo=UTC)


@pytest.fixture
def reference(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the reference tables that a test may change, kept by git as it is signed."""
    copy = tmp_path / "reference"
    shutil.copytree(SHIPPED, copy)
    monkeypatch.setattr(sign_offs, "REFERENCE", copy)
    monkeypatch.setattr(sign_offs, "SHIPPED", copy / "corrections" / "sign_offs.csv")
    monkeypatch.setattr(sign_offs, "TABLES_TO_SIGN", copy / "catalog" / "tables_to_sign.csv")
    return copy


def change(path: Path, before: str, after: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert before in text, (path, before)
    path.write_text(text.replace(before, after, 1), encoding="utf-8")


def refused(reference: Path, *roots: Path) -> GreenparkError:
    with pytest.raises(GreenparkError) as found:
        sign_offs.check(roots)
    return found.value


def sign(names: list[str], *roots: Path) -> list[sign_offs.SignOff]:
    chosen = sign_offs.choose(sign_offs.states(roots), names)
    return sign_offs.sign(chosen, "L. Chen", "AR6 read", "ipcc_ar6", NOW)


def test_what_ships_is_signed_off() -> None:
    """Whoever changed a table: greenpark sign-off --all --by NAME --why REASON --source SOURCE."""
    assert sign_offs.check([]) == []


def test_the_factors_are_among_them() -> None:
    names = {state.name for state in sign_offs.states([])}
    assert {GWP, "factors/tce_factors.csv", "factors/grid_factors.csv"} <= names
    assert {"methods/ceads/co2_factors.csv", "thresholds/thresholds.csv"} <= names
    assert "park_methods/park_ghg/process_factors.csv" in names
    assert not any(name.endswith("_aliases.csv") for name in names)


def test_a_changed_factor_stops_and_names_row_cell_and_remedy(reference: Path) -> None:
    # git keeps what was signed, so that the change can be told
    git = ["git", "-C", str(reference), "-c", "user.name=t", "-c", "user.email=t@t"]
    for said in (["init", "-q"], ["add", "."], ["commit", "-q", "-m", "signed"]):
        subprocess.run([*git, *said], check=True)
    path = reference / GWP
    row = path.read_text(encoding="utf-8").splitlines()[1]
    cells = row.split(",")
    at = next(i for i, cell in enumerate(cells) if cell.replace(".", "").isdecimal())
    changed = [*cells[:at], "4711", *cells[at + 1 :]]
    change(path, row, ",".join(changed))
    error = refused(reference)
    assert f"{path}: " in error.message and f"'{cells[at]}' -> '4711'" in error.message
    assert f"greenpark sign-off {GWP} --by NAME" in error.remedy
    assert "签核" in error.message_zh and f"'{cells[at]}' -> '4711'" in error.message_zh
    (row_written,) = sign([GWP])
    assert (row_written.signed_by, row_written.signed_at) == ("L. Chen", "2030-01-01T12:00:00Z")
    assert sign_offs.check([]) == []


@pytest.mark.parametrize(
    ("before", "after", "is_another"),
    [("a,b\n1,2\n3,4\n", "a,b\n3,4\n1,2\n", False), ("a,b\n1,2\n", "b,a\n2,1\n", False),
     ("a,b\n1,2\n", "\ufeffa,b\r\n1,2\r\n", False), ("a,b\n1,2\n", "a,b\n1,2.0\n", True),
     ("a,b\n1,2\n1,2\n", "a,b\n1,2\n", True), ("a,b\n1,2\n", "a,c\n1,2\n", True)],
)  # fmt: skip
def test_the_hash_is_that_of_the_cells(before: str, after: str, is_another: bool) -> None:
    hashes = [sign_offs.content_of(text.removeprefix("\ufeff"))[0] for text in (before, after)]
    assert (hashes[0] != hashes[1]) == is_another


def test_a_removed_row_a_new_table_and_a_lost_one_stop(reference: Path) -> None:
    lines = (reference / GWP).read_text(encoding="utf-8").splitlines(keepends=True)
    (reference / GWP).write_text("".join(lines[:-1]), encoding="utf-8")
    assert f"{len(lines) - 2} rows, not those that" in refused(reference).message
    (reference / GWP).write_text("".join(lines), encoding="utf-8")
    shutil.copytree(reference / "methods" / "ceads", reference / "methods" / "m5")
    assert "methods/m5/co2_factors.csv: nobody has signed it off" in refused(reference).message
    assert len(sign(["methods/m5"])) == len([*(reference / "methods" / "m5").glob("*.csv")])
    assert sign_offs.check([]) == []
    shutil.rmtree(reference / "methods" / "m5")
    assert "methods/m5/co2_factors.csv: gone" in refused(reference).message
    sign(["methods/m5"])
    assert sign_offs.check([]) == []


def test_a_sign_off_says_who_and_why(reference: Path) -> None:
    said = CliRunner().invoke(main, ["sign-off", GWP, "--by", " ", "--why", "x"])
    assert said.exit_code == 2 and "who and why" in said.output
    path = reference / "corrections" / "sign_offs.csv"
    nobody = f"{GWP},abc,1,,2026-01-01T00:00:00Z,x,y\n"
    path.write_text(path.read_text(encoding="utf-8") + nobody, "utf-8")
    assert "is no sign-off" in refused(reference).message


def test_the_last_sign_off_counts_whatever_the_order_of_the_rows(reference: Path) -> None:
    change(reference / GWP, "\n", "\n\n")  # the same cells
    assert sign_offs.check([]) == []
    path = reference / "corrections" / "sign_offs.csv"
    path.write_text(
        path.read_text(encoding="utf-8") + f"{GWP},0,1,old,2020-01-01T00:00:00Z,x,y\n", "utf-8"
    )
    assert sign_offs.check([]) == []
    path.write_text(
        path.read_text(encoding="utf-8") + f"{GWP},0,1,new,2099-01-01T00:00:00Z,x,y\n", "utf-8"
    )
    assert "new signed off on 2099-01-01" in refused(reference).message


def test_own_methods_are_signed_by_choice_and_then_held_to_it(tmp_path: Path) -> None:
    own = tmp_path / "methods" / "m5"
    shutil.copytree(SHIPPED / "methods" / "ceads", own)
    told = sign_offs.check([tmp_path])
    assert len(told) == len([*own.glob("*.csv")])
    assert "is not signed off" in told[0].en and "尚未签核" in told[0].zh
    sign(["methods/m5"], tmp_path)
    assert (tmp_path / "sign_offs.csv").is_file()
    assert sign_offs.check([tmp_path]) == []
    path = own / "co2_factors.csv"
    change(path, "1.626814", "1.7")
    error = refused(tmp_path, tmp_path)
    assert str(path) in error.message and f"--data {tmp_path}" in error.remedy


def test_an_own_folder_in_the_place_of_a_shipped_one_must_be_signed(tmp_path: Path) -> None:
    shutil.copytree(SHIPPED / "methods" / "ceads", tmp_path / "methods" / "ceads")
    assert "nobody has signed it off" in refused(tmp_path, tmp_path).message


def test_the_command_lists_and_signs_all(reference: Path) -> None:
    change(reference / "factors/tce_factors.csv", "nbs_balance", "nbs_balances")
    said = CliRunner().invoke(main, ["sign-off"])
    assert said.exit_code == 1 and "changed" in said.output
    said = CliRunner().invoke(main, ["sign-off", "--all", "--by", "L. Chen", "--why", "merged"])
    assert said.exit_code == 0 and "signed off: 1 tables" in said.output
    assert CliRunner().invoke(main, ["sign-off"]).exit_code == 0
    assert (
        CliRunner().invoke(main, ["sign-off", "nothing.csv", "--by", "a", "--why", "b"]).exit_code
    )
