"""No module is too long to read in one sitting and no function too tangled to follow."""

from __future__ import annotations

import tomllib

from orchestration.settings import PROJECT_ROOT

MAX_LINES = 450
MAX_COMPLEXITY = 12
# Tests are not limited in length: a table of cases is read a case at a time.
FOLDERS = ("benchmarks", "expectations", "orchestration", "seeds", "reconstruction")
MODULES = sorted(path for folder in FOLDERS for path in (PROJECT_ROOT / folder).rglob("*.py"))
CONFIGURATION = tomllib.loads((PROJECT_ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def test_no_module_is_longer_than_a_sitting() -> None:
    lines = {
        str(path.relative_to(PROJECT_ROOT)): len(path.read_text(encoding="utf-8").splitlines())
        for path in MODULES
    }
    assert len(lines) > 80
    assert {name: count for name, count in lines.items() if count > MAX_LINES} == {}


def test_the_linter_forbids_tangled_functions() -> None:
    """`make lint` counts the paths through each function; nothing may be excused from it."""
    lint = CONFIGURATION["tool"]["ruff"]["lint"]
    assert "C901" in lint["select"]
    assert lint["mccabe"]["max-complexity"] == MAX_COMPLEXITY
    excused = [*lint["ignore"], *(rule for r in lint["per-file-ignores"].values() for rule in r)]
    assert not {"C", "C9", "C90", "C901"} & set(excused)


def test_no_function_excuses_itself() -> None:
    assert [path for path in MODULES if "C901" in path.read_text(encoding="utf-8")] == []


def test_types_are_checked_by_make_lint() -> None:
    types = CONFIGURATION["tool"]["mypy"]
    assert set(types["files"]) == {"expectations", "orchestration"}
    assert types["disallow_untyped_defs"] and types["warn_unused_ignores"]
    recipe = (PROJECT_ROOT / "Makefile").read_text(encoding="utf-8").split("\nlint:")[1]
    assert "$(BIN)/mypy" in recipe.split("\n\n")[0]
